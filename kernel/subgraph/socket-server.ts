import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { makeServer, type ConnectionInitMessage, type Context, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Principal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Logger } from '#kernel/logs.ts';
import { operationOf, parseDocument } from './documents.ts';
import type { Executable, GraphRequest } from './subgraph.ts';

/** What the front door knows of a socket when an operation arrives on it. */
export interface SocketExtra {
  socket: WebSocket;
  /** Headers of the upgrade request. */
  headers: Record<string, string | string[] | undefined>;
  /** What `onConnect` found out. */
  principal?: Principal;
}

export type SocketContext = Context<ConnectionInitMessage['payload'], SocketExtra>;

export interface SocketServerOptions {
  executable: Executable;
  /** Who is behind a socket that has sent `connection_init`; throwing closes the socket with 4401 and the message. */
  onConnect?: (context: SocketContext) => Promise<Principal | undefined>;
  /** Who asks for this operation; throwing answers the operation with the error. */
  principalOf: (context: SocketContext, payload: SubscribePayload) => Promise<Principal>;
  /** The finishing of errors that never reached execution (a syntax error, refused credentials) and of results. */
  finish?: (result: ExecutionResult, requestId: string) => ExecutionResult;
  log: Logger;
  /** Tokens in a document. */
  maxTokens?: number;
  /** Operations that one socket may have open. */
  maxOperations?: number;
  /** Bytes that may wait to be sent on one socket before it is closed as too slow (4508). */
  maxBufferedBytes?: number;
  /** Milliseconds between pings; a socket without a pong by the next one is dropped. */
  keepAliveMs?: number;
}

/** graphql-transport-ws for an Executable: subscriptions, queries and mutations. */
export interface SocketServer {
  /** Takes over a socket whose handshake is done. */
  accept(socket: WebSocket, headers: SocketExtra['headers']): void;
  /** Open sockets. */
  readonly size: number;
  /**
   * Refuses new operations and closes every socket with 1001. `complete`: the operations end with `complete` first, as a
   * client of the public graph expects; without it the peer sees the line go and can say so.
   */
  drain(options: { complete: boolean }): Promise<void>;
}

/** Close codes of ours; 4400 to 4499 belong to the protocol. */
const TOO_SLOW = 4508;
const UNAUTHORIZED = 4401;
const GOING_AWAY = 1001;
const INTERNAL_ERROR = 4500;

/** The arguments graphql-ws hands through; only `contextValue` is ours. */
interface Args {
  document: DocumentNode;
  operationName?: string | null;
  contextValue?: unknown;
  schema: GraphQLSchema;
}

export function makeSocketServer(options: SocketServerOptions): SocketServer {
  const { executable, principalOf, log, maxTokens, maxOperations = 100, maxBufferedBytes = 8 * 1024 * 1024, keepAliveMs = 15_000 } = options;
  const finish = options.finish ?? ((result: ExecutionResult) => result);
  const sockets = new Set<WebSocket>();
  const open = new Set<AsyncIterableIterator<ExecutionResult>>();
  let draining = false;

  const refuse = (error: unknown, requestId: string): readonly GraphQLError[] => {
    const graphQLError = error instanceof GraphQLError ? error : new GraphQLError('Unexpected error.', { originalError: error as Error });
    const errors = finish({ errors: [graphQLError] }, requestId).errors ?? [graphQLError];
    // The library takes only instances of GraphQLError here.
    return errors.map((e) => (e instanceof GraphQLError ? e : new GraphQLError((e as GraphQLError).message, { extensions: (e as GraphQLError).extensions })));
  };

  const server = makeServer<ConnectionInitMessage['payload'], SocketExtra>({
    connectionInitWaitTimeout: 10_000,
    async onConnect(context) {
      try {
        const principal = await options.onConnect?.(context);
        if (principal) context.extra.principal = principal;
        return true;
      } catch (error) {
        context.extra.socket.close(UNAUTHORIZED, closeReason(error instanceof GraphQLError ? error.message : 'Unauthorized'));
        if (!(error instanceof GraphQLError)) log.error({ err: error }, 'connection_init failed');
        return false;
      }
    },
    // Parsing here and not in the library: it would close the whole socket on a syntax error in one operation.
    async onSubscribe(context, _id, payload) {
      const extensions = (payload.extensions ?? {}) as { requestId?: unknown };
      const requestId = typeof extensions.requestId === 'string' && /^[\w.:-]{1,100}$/.test(extensions.requestId) ? extensions.requestId : uuidv7();
      try {
        if (draining) throw new GraphQLError('The server is stopping: connect again.', { extensions: { code: 'UNAVAILABLE' } });
        if (Object.keys(context.subscriptions).length > maxOperations) {
          throw new GraphQLError(`A socket carries at most ${maxOperations} operations at once.`, { extensions: { code: 'RATE_LIMITED' } });
        }
        const operationName = payload.operationName ?? undefined;
        const document = parseDocument(payload.query, maxTokens);
        if (document instanceof GraphQLError) throw document;
        const operation = operationOf(document, operationName);
        if (operation instanceof GraphQLError) throw operation;
        const request: GraphRequest = {
          query: payload.query,
          document,
          variables: payload.variables ?? undefined,
          operationName,
          principal: await principalOf(context, payload),
          requestId,
        };
        // The library asks for a schema; execution is the Executable's.
        return { document, operationName: payload.operationName, schema: undefined as unknown as GraphQLSchema, contextValue: request } satisfies Args;
      } catch (error) {
        return refuse(error, requestId);
      }
    },
    execute: async (args) => guarded(args.contextValue as GraphRequest, (request) => executable.execute(request)),
    subscribe: async (args) => {
      const request = args.contextValue as GraphRequest;
      const result = await guarded(request, (r) => executable.subscribe(r));
      if (!(Symbol.asyncIterator in result)) return result;
      return track(result);
    },
    onNext: (_context, _id, _payload, _args, result) => result,
    onError: (_context, _id, _payload, errors) => errors.map((error) => error.toJSON()),
  });

  const guarded = async <R extends ExecutionResult | AsyncIterableIterator<ExecutionResult>>(request: GraphRequest, run: (request: GraphRequest) => Promise<R>): Promise<R | ExecutionResult> => {
    try {
      return await run(request);
    } catch (error) {
      return { errors: [...refuse(error, request.requestId)] };
    }
  };

  const track = (iterator: AsyncIterableIterator<ExecutionResult>): AsyncIterableIterator<ExecutionResult> => {
    open.add(iterator);
    return {
      async next() {
        const result = await iterator.next();
        if (result.done) open.delete(iterator);
        return result;
      },
      async return() {
        open.delete(iterator);
        return (await iterator.return?.()) ?? { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };

  const accept = (socket: WebSocket, headers: SocketExtra['headers']) => {
    sockets.add(socket);
    const closed = server.opened(
      {
        protocol: socket.protocol,
        // Resolves when the bytes have left for the kernel: an operation sends its next event only then, so a slow socket
        // holds back its own operations and nobody else's.
        send: (data) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            if (socket.bufferedAmount > maxBufferedBytes) {
              socket.close(TOO_SLOW, 'The client does not read fast enough');
              return resolve();
            }
            socket.send(data, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) => {
          socket.on('message', (data) => {
            handle(String(data)).catch((error: unknown) => {
              if (socket.readyState !== socket.OPEN) return; // a send that failed because the client left
              log.error({ err: error }, 'A WebSocket message could not be handled');
              socket.close(INTERNAL_ERROR, 'Internal error');
            });
          });
        },
      },
      { socket, headers },
    );
    const stopPinging = keepAlive(socket, keepAliveMs);
    socket.on('error', () => undefined); // 'close' follows and cleans up
    socket.once('close', (code, reason) => {
      stopPinging();
      sockets.delete(socket);
      void closed(code, String(reason));
    });
  };

  return {
    accept,
    get size() {
      return sockets.size;
    },
    async drain({ complete }) {
      draining = true;
      if (complete) {
        await Promise.allSettled([...open].map((iterator) => iterator.return?.()));
        // The `complete` messages leave in the turns after the iterators have ended.
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      }
      await Promise.all([...sockets].map((socket) => closeGracefully(socket)));
    },
  };
}

function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A close frame holds at most 123 bytes of reason. */
function closeReason(message: string): string {
  return Buffer.byteLength(message) <= 123 ? message : 'Unauthorized';
}

function closeGracefully(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve();
    const timer = setTimeout(() => socket.terminate(), 1000);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(GOING_AWAY, 'The server is stopping');
  });
}
