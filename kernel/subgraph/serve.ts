import Fastify, { type FastifyInstance } from 'fastify';
import fastifyWebsocket from '@fastify/websocket';
import { GraphQLError } from 'graphql';
import { handleProtocols } from 'graphql-ws';
import type { Principal } from '#kernel/access/principal.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import { unauthenticated } from '#kernel/errors.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Logger } from '#kernel/logs.ts';
import { makeLru } from '#kernel/lru.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { listenOn } from './listen.ts';
import { maskError } from './mask-error.ts';
import { makeSocketServer } from './socket-server.ts';
import type { GraphRequest, Subgraph } from './subgraph.ts';

export interface SubgraphServerOptions {
  subgraph: Subgraph;
  tokens: Pick<Tokens, 'verifyInternal'>;
  log: Logger;
  metrics: Metrics;
  /** What must answer for this subgraph to be ready, by name; a check that throws is not. */
  checks?: Record<string, () => Promise<unknown>>;
  /** The subgraph's SDL, served at `/sdl`. */
  sdl?: string;
}

/** One subgraph as a process of its own. */
export interface SubgraphServer {
  app: FastifyInstance;
  /** The address it serves, e.g. `http://127.0.0.1:4103`. */
  listen(port: number, host: string): Promise<string>;
  /** Takes no more, ends subscriptions, waits for running requests (at most 10 s). */
  stop(): Promise<void>;
}

const BODY_LIMIT = 8 * 1024 * 1024; // entity batches of the gateway are larger than what a client may send
const STOP_DEADLINE_MS = 10_000;

/** Serves a subgraph to the gateway, and to nobody else: without the gateway's token for this subgraph nothing runs. */
export async function makeSubgraphServer({ subgraph, tokens, log, metrics, checks = {}, sdl }: SubgraphServerOptions): Promise<SubgraphServer> {
  const app = Fastify({ bodyLimit: BODY_LIMIT, keepAliveTimeout: 72_000 });
  await app.register(fastifyWebsocket, { options: { maxPayload: BODY_LIMIT, handleProtocols } });
  const principalOf = makeVerifier(tokens, subgraph.name);
  const sockets = makeSocketServer({
    executable: subgraph,
    principalOf: (_context, payload) => principalOf((payload.extensions as { token?: unknown } | undefined)?.token),
    finish: (result, requestId) => (result.errors ? { ...result, errors: result.errors.map((error) => maskError(error, { log, requestId })) } : result),
    log,
    maxOperations: 100_000, // one socket carries every subscription of a gateway
    maxBufferedBytes: 64 * 1024 * 1024,
  });

  app.post('/graphql', async (request, reply) => {
    const requestId = String(request.headers['x-request-id'] ?? uuidv7());
    try {
      const principal = await principalOf(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]);
      const body = request.body as Pick<GraphRequest, 'query' | 'variables' | 'operationName'> | null;
      if (typeof body?.query !== 'string') throw new GraphQLError('The body has no query.', { extensions: { code: 'BAD_REQUEST' } });
      const left = new AbortController();
      reply.raw.once('close', () => {
        if (!reply.raw.writableEnded) left.abort();
      });
      const result = await subgraph.execute({
        query: body.query,
        variables: body.variables ?? undefined,
        operationName: body.operationName ?? undefined,
        principal,
        requestId,
        signal: left.signal,
      });
      return reply.type('application/json').send(JSON.stringify(result));
    } catch (error) {
      const masked = maskError(error instanceof GraphQLError ? error : new GraphQLError('Unexpected', { originalError: error as Error }), { log, requestId });
      const status = masked.extensions.code === 'UNAUTHENTICATED' ? 401 : masked.extensions.code === 'BAD_REQUEST' ? 400 : 500;
      return reply.code(status).type('application/json').send(JSON.stringify({ errors: [masked] }));
    }
  });
  app.route({
    method: 'GET',
    url: '/graphql',
    handler: (_request, reply) => reply.code(405).header('allow', 'POST').send({ errors: [{ message: 'POST an operation, or connect with graphql-transport-ws.', extensions: { code: 'BAD_REQUEST' } }] }),
    wsHandler: (socket, request) => sockets.accept(socket, request.raw),
  });
  app.get('/health', () => ({ status: 'ok', subgraph: subgraph.name }));
  app.get('/health/ready', async (_request, reply) => {
    const states = await runChecks(checks);
    const ready = Object.values(states).every((state) => state === 'ok');
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', subgraph: subgraph.name, checks: states });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));
  if (sdl !== undefined) app.get('/sdl', (_request, reply) => reply.type('text/plain; charset=utf-8').send(sdl));

  return {
    app,
    listen: (port, host) => listenOn(app, port, host),
    async stop() {
      // Without `complete`: the gateway must tell its clients that the subgraph went away, not that the events are over.
      await sockets.drain({ complete: false });
      const timer = setTimeout(() => app.server.closeAllConnections(), STOP_DEADLINE_MS);
      await app.close();
      clearTimeout(timer);
    },
  };
}

/** A token is verified once and remembered until it expires. */
function makeVerifier(tokens: Pick<Tokens, 'verifyInternal'>, audience: string): (token: unknown) => Promise<Principal> {
  const verified = makeLru<string, Principal>(5000);
  return async (token) => {
    if (typeof token !== 'string' || token === '') throw unauthenticated(`The subgraph ${audience} takes requests from the gateway only.`);
    const known = verified.get(token);
    if (known) return known;
    const principal = await tokens.verifyInternal(token, audience);
    verified.set(token, principal, expiryOf(token));
    return principal;
  };
}

/** The `exp` of a token whose signature has just been checked, in milliseconds. */
function expiryOf(token: string): number {
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp: number };
  return exp * 1000;
}

/** Runs checks side by side; each has 2 s. The value is `ok` or why not. */
export async function runChecks(checks: Record<string, () => Promise<unknown>>): Promise<Record<string, string>> {
  const entries = Object.entries(checks).map(async ([name, check]) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('no answer within 2 s'), 2000);
    });
    const state = await Promise.race([
      check().then(
        () => 'ok',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
      late,
    ]);
    clearTimeout(timer);
    return [name, state] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
