import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import { anonymous, type Principal } from '#kernel/access/principal.ts';
import { refuseUnready, type ServedRoute } from './catalogue.ts';
import { asRestError, RestError, statusOf } from './errors.ts';
import { admit, credentialsOf, inputOf, runSteps } from './request.ts';
import type { Frame } from './route.ts';
import type { Machine } from './router.ts';
import { dataOf, open, run } from './run.ts';

export interface StreamLimits {
  /** Milliseconds between pings; a client without a pong by the next one is dropped. */
  heartbeatMs: number;
  /** Changes that may wait for the snapshot. */
  maxPending: number;
  /** Milliseconds a client has to log in by its first message, where that is documented. */
  loginMs: number;
}

const LIMITS: StreamLimits = { heartbeatMs: 15_000, maxPending: 10_000, loginMs: 10_000 };

/** Why a socket is closed: codes of ours are those of graphql-transport-ws where there is one of that meaning. */
export const CLOSE = { normal: 1000, goingAway: 1001, failed: 4500, unauthorized: 4401, tooSlow: 4508 } as const;

const CODE_OF: Readonly<Record<string, number>> = { UNAUTHENTICATED: CLOSE.unauthorized, SLOW_CONSUMER: CLOSE.tooSlow };

/** The longest time a timer of Node takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Mounts a WebSocket route. What is wrong with a request is answered before the upgrade, as an HTTP error of the dialect. */
export function addStream(scope: FastifyInstance, served: ServedRoute, machine: Machine): void {
  const { route } = served;
  const limits: StreamLimits = { ...LIMITS, ...machine.streams };
  const prepared = new WeakMap<FastifyRequest, Source>();

  scope.route({
    method: 'GET',
    url: route.path,
    exposeHeadRoute: false,
    config: { restRoute: route.id, door: route },
    async preHandler(request) {
      refuseUnready(served);
      if (!request.ws) throw new RestError('UPGRADE_REQUIRED', 'This address is a WebSocket: ask for an upgrade.', { headers: { upgrade: 'websocket' } });
      const principal = machine.principals.get(request) ?? anonymous;
      if (principal.kind === 'anonymous' && route.auth === 'user') return; // logs in by its first message
      const source = await openSource(served, request, principal, machine, limits);
      prepared.set(request, source);
      // The client may leave while the handshake is still being answered.
      request.raw.socket.once('close', () => source.stop());
    },
    handler: (_request, reply) => reply,
    wsHandler(socket, request) {
      const source = prepared.get(request);
      if (source) pump(socket, source, served, request, machine, limits);
      else awaitLogin(socket, served, request, machine, limits);
    },
  });
}

/** The frames of one stream, opened and not yet sent. */
interface Source {
  principal: Principal;
  /** Hands over what has come so far, and from then on every frame as it comes. `send` resolves when there is room for the next. */
  start(send: (frame: Frame) => Promise<void>, ended: (error?: unknown) => void): void;
  stop(): void;
}

/**
 * Runs the composition, opens the subscriptions, then takes the snapshot. Changes that come before the snapshot are kept (bounded)
 * and sent after it; from then on the next event is asked for only when the last one has left for the client, so that what a slow
 * client does not read waits in the bounded queue of the graph, which ends with SLOW_CONSUMER when it is full.
 */
async function openSource(served: ServedRoute, request: FastifyRequest, principal: Principal, machine: Machine, limits: StreamLimits): Promise<Source> {
  const { route, dialect, operations } = served;
  const stream = route.stream!;
  const { supergraph } = machine;
  const input = inputOf(request, route, dialect, principal);
  const closing = new AbortController();
  const common = { principal, requestId: request.id, fields: route.fields, signal: closing.signal };
  const runOne = (name: string, variables: Record<string, unknown>) => run(supergraph, { ...common, operation: operations.get(name)!, variables });
  const found = await runSteps(route, input, runOne);

  const opened: Array<AsyncIterableIterator<ExecutionResult>> = [];
  const stop = () => {
    closing.abort();
    for (const events of opened) void events.return?.();
  };
  let send: ((frame: Frame) => Promise<void>) | undefined;
  let ended: ((error?: unknown) => void) | undefined;
  let outcome: { error?: unknown } | undefined;
  const pending: Frame[] = [];
  const end = (error?: unknown) => {
    if (outcome) return;
    outcome = { error };
    ended?.(error);
  };
  const deliver = async (frame: Frame) => {
    if (send) return send(frame);
    if (pending.length >= limits.maxPending) throw new RestError('UNAVAILABLE', 'Too much has changed while the present state was read: connect again.');
    pending.push(frame);
  };

  try {
    for (const subscription of stream.subscriptions) {
      const events = await open(supergraph, { ...common, operation: operations.get(subscription.operation)!, variables: subscription.toVariables?.(input, found) ?? {} });
      opened.push(events);
      void follow(events, (data) => subscription.toFrame(data, input, found), deliver).then(() => end(), end);
    }
    if (stream.snapshot) {
      const data = await runOne(stream.snapshot.operation, stream.snapshot.toVariables?.(input, found) ?? {});
      pending.unshift(stream.snapshot.toFrame(data, input, found));
    }
  } catch (error) {
    stop();
    throw error;
  }

  return {
    principal,
    start(sendNow, endedNow) {
      // One after the other, so that nothing that comes meanwhile overtakes what waits.
      let line: Promise<void> = Promise.resolve();
      for (const frame of pending.splice(0)) line = line.then(() => sendNow(frame));
      send = (frame) => (line = line.then(() => sendNow(frame)));
      ended = (error) => void line.then(() => endedNow(error));
      if (outcome) ended(outcome.error);
    },
    stop,
  };
}

async function follow(events: AsyncIterableIterator<ExecutionResult>, toFrame: (data: Record<string, unknown>) => Frame | Frame[] | null, deliver: (frame: Frame) => Promise<void>): Promise<void> {
  for await (const event of events) {
    const frames = toFrame(dataOf(event));
    for (const frame of Array.isArray(frames) ? frames : frames ? [frames] : []) await deliver(frame);
  }
}

function pump(socket: WebSocket, source: Source, { dialect }: ServedRoute, request: FastifyRequest, machine: Machine, limits: StreamLimits): void {
  const stopBeating = heartbeat(socket, limits.heartbeatMs);
  const expiry = closeAtExpiry(socket, source.principal, machine);
  socket.once('close', () => {
    stopBeating();
    clearTimeout(expiry);
    source.stop();
  });

  const send = (frame: Frame): Promise<void> =>
    new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      // A failed send is followed by 'close', which ends the source.
      socket.send(JSON.stringify(frame), () => resolve());
    });

  source.start(send, (thrown) => {
    if (socket.readyState !== socket.OPEN) return;
    if (thrown === undefined) return socket.close(CLOSE.normal, 'The stream has ended');
    const error = asRestError(thrown);
    const status = statusOf(error.code, dialect.statuses);
    if (status >= 500 && error.code === 'INTERNAL_ERROR') machine.log.error({ requestId: request.id, err: error.cause ?? error }, 'A REST stream failed');
    socket.send(JSON.stringify(dialect.failure(error, status, { requestId: request.id, at: machine.clock.now() })), () => socket.close(CODE_OF[error.code] ?? CLOSE.failed, error.code));
  });
}

/** Where the document says so: the first message carries the token, and the stream opens after it. */
function awaitLogin(socket: WebSocket, served: ServedRoute, request: FastifyRequest, machine: Machine, limits: StreamLimits): void {
  const refuse = (error: unknown) => {
    const known = asRestError(error);
    const body = served.dialect.failure(known, statusOf(known.code, served.dialect.statuses), { requestId: request.id, at: machine.clock.now() });
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(body), () => socket.close(CLOSE.unauthorized, known.code));
  };
  const timer = setTimeout(() => refuse(new RestError('UNAUTHENTICATED', 'Log in by the first message.')), limits.loginMs);
  socket.once('close', () => clearTimeout(timer));
  socket.once('message', (data) => {
    clearTimeout(timer);
    const login = async () => {
      const token = served.route.stream!.tokenIn!(parsed(String(data)));
      if (!token) throw new RestError('UNAUTHENTICATED', 'The first message must carry the access token.');
      const principal = await machine.principalOf({ ...credentialsOf(request, served.route), authorization: `Bearer ${token}` });
      admit(served.route, principal);
      const source = await openSource(served, request, principal, machine, limits);
      if (socket.readyState === socket.OPEN) pump(socket, source, served, request, machine, limits);
      else source.stop();
    };
    login().catch(refuse);
  });
}

function heartbeat(socket: WebSocket, everyMs: number): () => void {
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

function closeAtExpiry(socket: WebSocket, { expiresAt }: Principal, { clock }: Machine): NodeJS.Timeout | undefined {
  if (expiresAt === null) return undefined;
  const left = expiresAt * 1000 - clock.now().getTime();
  return setTimeout(() => socket.close(CLOSE.unauthorized, 'The token has expired'), Math.min(Math.max(left, 0), MAX_TIMER_MS)).unref();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
