import type { AddressInfo } from 'node:net';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { makePrincipal } from '#kernel/access/principal.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { addCors } from '#kernel/http/cors.ts';
import { addRequestIds, requestIdOf } from '#kernel/http/request-id.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { listenOn } from '#kernel/subgraph/listen.ts';
import { remoteSupergraph } from '#kernel/subgraph/remote.ts';
import { makePassage } from './passage.ts';
import { answerUnroutable, mountRest, type RestConfig } from './rest.ts';

export interface RestServerOptions {
  /** The gateway's `/graphql`. */
  gatewayUrl: string;
  tokens: Pick<Tokens, 'verifyAccess' | 'signAccess' | 'signService'>;
  log: Logger;
  metrics: Metrics;
  clock?: Clock;
  config?: RestConfig;
  /** Origins of browser frontends; `*` is every one (the default: nothing is granted by cookies). */
  corsOrigins?: readonly string[];
  /** Milliseconds that `stop` waits for running requests. Default 10 s. */
  stopDeadlineMs?: number;
}

export interface RestServer {
  app: FastifyInstance;
  /** Answers the base URL. Throws an Error with one clear line when the port cannot be had. */
  listen(port: number, host: string): Promise<string>;
  /** The port in use, after `listen`. */
  port(): number;
  /** Drains: refuses new requests, waits for running ones up to the deadline, closes streams. */
  stop(): Promise<void>;
}

const PROBE = makePrincipal({ kind: 'service', id: 'rest' });

/** REST as a process of its own: the same routes, over the gateway's front door. Needs no database. */
export async function makeRestServer({ gatewayUrl, tokens, log, metrics, clock = systemClock, config = {}, corsOrigins = ['*'], stopDeadlineMs = 10_000 }: RestServerOptions): Promise<RestServer> {
  const passage = makePassage({ tokens, clock, ask: (request) => supergraph.execute(request) });
  const supergraph = remoteSupergraph({ url: gatewayUrl, credentials: passage.headersOf, log });

  let draining = false;
  const app = Fastify({
    keepAliveTimeout: 72_000,
    frameworkErrors: answerUnroutable,
    genReqId: requestIdOf,
  });
  await app.register(fastifyWebsocket, { options: { maxPayload: 64 * 1024 } });
  addRequestIds(app);
  addCors(app, corsOrigins);
  // A client that keeps its connection would hold the drain until the keep-alive time-out.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) void reply.header('connection', 'close');
    done(null, payload);
  });
  await mountRest(app, { supergraph, principalOf: passage.principalOf, log, metrics, clock, config });

  app.get('/health', () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const answered = await supergraph
      .execute({ query: '{ __typename }', principal: PROBE, requestId: uuidv7(), signal: AbortSignal.timeout(2000) })
      .then(({ errors }) => errors === undefined)
      .catch(() => false);
    const ready = answered && !draining;
    return reply.code(ready ? 200 : 503).send({ status: draining ? 'draining' : ready ? 'ready' : 'not ready', checks: { gateway: answered ? 'ok' : 'out of reach' } });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));

  return {
    app,
    listen: (port, host) => listenOn(app, port, host),
    port: () => (app.server.address() as AddressInfo).port,
    async stop() {
      draining = true;
      const timer = setTimeout(() => app.server.closeAllConnections(), stopDeadlineMs);
      await app.close();
      clearTimeout(timer);
      await supergraph.stop();
    },
  };
}
