import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { unavailable } from '#kernel/errors.ts';
import { makeEventQueue } from './event-queue.ts';
import { slowConsumer } from './slow-consumer.ts';

export interface SocketOperation {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  /** The request id, and who this operation's principal is: one socket carries many principals. */
  extensions: Record<string, unknown>;
  signal?: AbortSignal;
}

/** One graphql-ws connection to a peer, shared by all subscriptions; opened by the first, closed after the last. */
export interface GraphSocketClient {
  subscribe(operation: SocketOperation): AsyncIterableIterator<ExecutionResult>;
  stop(): Promise<void>;
}

const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

export function makeGraphSocketClient({ url, peer, connectWithinMs, maxQueued = 1000 }: { url: string; peer: string; connectWithinMs: number; maxQueued?: number }): GraphSocketClient {
  let client: Client | undefined;

  /** The library makes the socket itself and knows no limit for the handshake: a peer that hangs would never be given up. */
  class ImpatientWebSocket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { handshakeTimeout: connectWithinMs });
    }
  }

  const connect = (): Client => {
    let pongTimer: NodeJS.Timeout | undefined;
    const made = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: ImpatientWebSocket,
      lazyCloseTimeout: 5_000,
      connectionAckWaitTimeout: connectWithinMs,
      // No silent retries: the library would subscribe again with a token that may have expired, and the events in between
      // would be missing without a word. The subscription ends with UNAVAILABLE; the next one connects anew.
      retryAttempts: 0,
      keepAlive: PING_EVERY_MS,
      on: {
        // A peer that hangs keeps its TCP connection: without this its subscribers would wait for ever.
        ping: (received) => {
          if (!received) pongTimer = setTimeout(() => made.terminate(), PONG_WITHIN_MS);
        },
        pong: (received) => {
          if (received) clearTimeout(pongTimer);
        },
        closed: () => clearTimeout(pongTimer),
      },
    });
    return made;
  };

  return {
    subscribe({ query, variables, operationName, extensions, signal }) {
      client ??= connect();
      let unsubscribe: (() => void) | undefined;
      let closed = false;
      const queue = makeEventQueue<ExecutionResult>({
        max: maxQueued,
        overflow: () => ({ errors: [slowConsumer()] }),
        onClose: () => {
          closed = true;
          unsubscribe?.();
        },
      });
      signal?.addEventListener('abort', () => void queue.return!(), { once: true });
      unsubscribe = client.subscribe<Record<string, unknown>>(
        { query, variables, operationName, extensions },
        {
          next: (result) => queue.push(result as ExecutionResult),
          complete: () => queue.end(),
          error: (error) => queue.end({ errors: resultErrors(error, peer) }),
        },
      );
      if (closed || signal?.aborted) {
        void queue.return!();
        unsubscribe();
      }
      return queue;
    },
    async stop() {
      await client?.dispose();
      client = undefined;
    },
  };
}

/** graphql-ws gives GraphQL errors as an array, and otherwise a close event or a socket error. */
function resultErrors(error: unknown, peer: string): GraphQLError[] {
  if (Array.isArray(error)) return error.map(({ message, path, extensions }: GraphQLFormattedError) => new GraphQLError(message, { path, extensions }));
  return [unavailable(`The connection to ${peer} was lost; subscribe again.`, error instanceof Error ? error : undefined)];
}
