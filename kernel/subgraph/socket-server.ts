import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { makeServer, type ConnectionInitMessage, type Context, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Principal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { makeLru } from '#kernel/lru.ts';
import type { Logger } from '#kernel/logs.ts';
import { operationOf, parseDocument } from './documents.ts';
import { isShared } from './shared-events.ts';
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
  /** Takes over a socket whose handshake, made by this upgrade request, is done. */
  accept(socket: WebSocket, upgrade: Pick<IncomingMessage, 'headers' | 'socket'>): void;
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

/** Bytes that may wait on a socket before an operation on it waits with its next event. */
const COMFORTABLE_BYTES = 64 * 1024;
/** Thousands of sockets send the same few texts: each is parsed once, and held once. Long ones are not kept. */
const PARSED_TEXTS = 500;
const PARSED_TEXT_LENGTH = 8 * 1024;

/** The arguments graphql-ws hands through; only `contextValue` is ours. */
interface Args {
  document: DocumentNode;
  operationName?: string | null;
  contextValue?: unknown;
  schema: GraphQLSchema;
}

/** What an operation needs from its arrival to its end. */
interface Operation {
  id: string;
  request: GraphRequest;
  send: (text: string) => Promise<void> | undefined;
}

export function makeSocketServer(options: SocketServerOptions): SocketServer {
  const { executable, principalOf, log, maxTokens, maxOperations = 100, maxBufferedBytes = 8 * 1024 * 1024, keepAliveMs = 15_000 } = options;
  const finish = options.finish ?? ((result: ExecutionResult) => result);
  const sockets = new Set<WebSocket>();
  const open = new Set<AsyncIterableIterator<ExecutionResult>>();
  const senders = new WeakMap<WebSocket, Operation['send']>();
  const parsed = makeLru<string, DocumentNode>(PARSED_TEXTS);
  let draining = false;

  const refuse = (error: unknown, requestId: string): readonly GraphQLError[] => {
    const graphQLError = error instanceof GraphQLError ? error : new GraphQLError('Unexpected error.', { originalError: error as Error });
    const errors = finish({ errors: [graphQLError] }, requestId).errors ?? [graphQLError];
    // The library takes only instances of GraphQLError here.
    return errors.map((e) => (e instanceof GraphQLError ? e : new GraphQLError((e as GraphQLError).message, { extensions: (e as GraphQLError).extensions })));
  };

  const parseOnce = (query: string): DocumentNode => {
    const known = parsed.get(query);
    if (known) return known;
    const document = parseDocument(query, maxTokens);
    if (document instanceof GraphQLError) throw document;
    if (query.length <= PARSED_TEXT_LENGTH) parsed.set(query, document);
    return document;
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
    async onSubscribe(context, id, payload) {
      const extensions = (payload.extensions ?? {}) as { requestId?: unknown };
      const requestId = typeof extensions.requestId === 'string' && /^[\w.:-]{1,100}$/.test(extensions.requestId) ? extensions.requestId : uuidv7();
      try {
        if (draining) throw new GraphQLError('The server is stopping: connect again.', { extensions: { code: 'UNAVAILABLE' } });
        if (Object.keys(context.subscriptions).length > maxOperations) {
          throw new GraphQLError(`A socket carries at most ${maxOperations} operations at once.`, { extensions: { code: 'RATE_LIMITED' } });
        }
        const operationName = payload.operationName ?? undefined;
        const document = parseOnce(payload.query);
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
        const contextValue: Operation = { id, request, send: senders.get(context.extra.socket)! };
        return { document, operationName: payload.operationName, schema: undefined as unknown as GraphQLSchema, contextValue } satisfies Args;
      } catch (error) {
        return refuse(error, requestId);
      }
    },
    execute: async (args) => guarded((args.contextValue as Operation).request, (request) => executable.execute(request)),
    subscribe: async (args) => {
      const operation = args.contextValue as Operation;
      const result = await guarded(operation.request, (request) => executable.subscribe(request));
      if (!(Symbol.asyncIterator in result)) return result;
      return deliver(operation, result);
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

  /**
   * Sends the events of a subscription; to the library it looks like one that ends without any. The library would take several
   * turns for each event and write it as JSON for each subscriber: with thousands of them that is most of the work.
   */
  const deliver = ({ id, send }: Operation, iterator: AsyncIterableIterator<ExecutionResult>): AsyncIterableIterator<ExecutionResult> => {
    open.add(iterator);
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    let left = false;
    return {
      async next() {
        for (;;) {
          const result = await iterator.next();
          if (result.done || left) {
            open.delete(iterator);
            return { value: undefined, done: true };
          }
          const sending = send(`${head}${jsonOf(result.value)}}`);
          if (!sending) continue;
          try {
            await sending;
          } catch {
            // The line broke under the message. The library forgets a subscription that fails and would never end it.
            return this.return!();
          }
        }
      },
      async return() {
        left = true;
        open.delete(iterator);
        return (await iterator.return?.()) ?? { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };

  const corked = new Set<Socket>();
  const uncork = () => {
    for (const line of corked) line.uncork();
    corked.clear();
  };
  /** What is sent on a line in one turn of the event loop leaves by one write. */
  const cork = (line: Socket) => {
    if (corked.has(line)) return;
    if (corked.size === 0) setImmediate(uncork);
    corked.add(line);
    line.cork();
  };

  const accept = (socket: WebSocket, { headers, socket: line }: Pick<IncomingMessage, 'headers' | 'socket'>) => {
    sockets.add(socket);
    /**
     * Nothing to wait for while little waits to be sent; else until this message has left for the kernel, so that a slow socket
     * holds back its own operations and nobody else's.
     */
    const send = (text: string): Promise<void> | undefined => {
      if (socket.readyState !== socket.OPEN) return undefined;
      if (socket.bufferedAmount > maxBufferedBytes) {
        socket.close(TOO_SLOW, 'The client does not read fast enough');
        return undefined;
      }
      cork(line);
      if (socket.bufferedAmount < COMFORTABLE_BYTES) {
        socket.send(text, ignore);
        return undefined;
      }
      return new Promise((resolve, reject) => {
        socket.send(text, (error) => (error ? reject(error) : resolve()));
      });
    };
    senders.set(socket, send);
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send,
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

/** A line that breaks says so by itself: the socket closes. */
const ignore = () => undefined;

const written = new WeakMap<ExecutionResult, string>();

/** The result as JSON; of one that many subscribers share, the text is shared too. */
function jsonOf(result: ExecutionResult): string {
  if (!isShared(result)) return JSON.stringify(result);
  let text = written.get(result);
  if (text === undefined) written.set(result, (text = JSON.stringify(result)));
  return text;
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
