import type { AddressInfo } from 'node:net';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import type { Principal } from '#kernel/access/principal.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { addCors } from '#kernel/http/cors.ts';
import { addRequestIds, requestIdOf } from '#kernel/http/request-id.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { listenOn } from '#kernel/subgraph/listen.ts';
import type { Subgraph, Supergraph } from '#kernel/subgraph/subgraph.ts';
import { makeApollo } from './apollo.ts';
import { defaultLimits, type Limits } from './guard/limits.ts';
import { makeGuard, type Guard } from './guard/principal.ts';
import { addGraphqlRoutes } from './http/graphql-routes.ts';
import { landingPageHtml, type LandingPage } from './http/landing-page.ts';
import { addStatusRoutes } from './http/status-routes.ts';
import { makeExecutor } from './plan/executor.ts';
import { makePlanner } from './plan/planner.ts';
import { makeSubscriber } from './plan/subscribe.ts';
import { makeSupergraphs } from './supergraph.ts';

export interface GatewayConfig {
  /** Milliseconds one sub-request to a subgraph may take. Default 10 s. */
  deadlineMs?: number;
  /** The same for a mutation, which may wait for a slow router. Default 20 s, or `deadlineMs` where that is given. */
  mutationDeadlineMs?: number;
  /** Events held for one slow subscriber. Default 1000. */
  maxQueued?: number;
  limits?: Partial<Limits>;
  /** Bytes of a GraphQL request body. Default 1 MB. */
  bodyLimit?: number;
  introspection?: boolean;
  /** Origins of browser frontends; `*` is every one (the default: nothing is granted by cookies). */
  corsOrigins?: readonly string[];
  landingPage?: LandingPage;
  socketLimits?: { maxOperations?: number; maxBufferedBytes?: number; keepAliveMs?: number };
  /** Answers what fails before there is a route: an address that is not well encoded. */
  frameworkErrors?: FastifyServerOptions['frameworkErrors'];
  /** Milliseconds that `stop` waits for running requests. Default 10 s. */
  stopDeadlineMs?: number;
}

export interface GatewayOptions {
  /** The committed `schema/supergraph.graphql`. */
  supergraphSdl: string;
  subgraphs: readonly Subgraph[];
  tokens: Pick<Tokens, 'verifyAccess' | 'jwks'>;
  /** The principal of an API key; throws UNAUTHENTICATED for a key that is unknown or revoked. */
  resolveApiKey: (key: string) => Promise<Principal>;
  /** The id of a tenant named by id or slug, or null. */
  resolveTenant: (idOrSlug: string) => Promise<string | null>;
  log: Logger;
  metrics: Metrics;
  clock?: Clock;
  /** What else must answer for the gateway to be ready, by name: the database. */
  checks?: Record<string, () => Promise<unknown>>;
  /** Texts of operations that are known beforehand, each document with one operation: planned once the gateway listens, before it is ready. */
  operations?: readonly string[];
  config?: GatewayConfig;
}

export interface Gateway {
  /** The whole graph for callers in this process (ops, REST), with the principal they give. */
  supergraph: Supergraph;
  /** Credentials to principal, for other protocols on the same port. */
  guard: Guard;
  /** Further routes may be added before `listen`; `@fastify/websocket` is registered. */
  app: FastifyInstance;
  /** Answers the base URL. Throws an Error with one clear line when the port cannot be had. */
  listen(port: number, host: string): Promise<string>;
  /** The port in use, after `listen`. */
  port(): number;
  /** Drains: refuses new requests, completes subscriptions, waits for running requests up to the deadline. */
  stop(): Promise<void>;
}

const BODY_LIMIT = 1024 * 1024;

/** The front door: GraphQL over HTTP and WebSockets, the guard, the explorer page, health and metrics. */
export async function makeGateway(options: GatewayOptions): Promise<Gateway> {
  const { supergraphSdl, subgraphs, tokens, resolveApiKey, resolveTenant, log, metrics, clock = systemClock, checks = {}, operations = [], config = {} } = options;
  const { deadlineMs = 10_000, mutationDeadlineMs = config.deadlineMs ?? 20_000, maxQueued = 1000, bodyLimit = BODY_LIMIT, introspection = true, corsOrigins = ['*'], stopDeadlineMs = 10_000 } = config;
  const limits: Limits = { ...defaultLimits, ...config.limits };

  const planner = makePlanner(supergraphSdl, { metrics });
  const missing = planner.subgraphNames.filter((name) => !subgraphs.some((subgraph) => subgraph.name === name));
  if (missing.length > 0) throw new Error(`The supergraph has subgraphs that this gateway was not given: ${missing.join(', ')}.`);

  const executor = makeExecutor({ planner, subgraphs, deadlineMs, mutationDeadlineMs, log, metrics });
  const subscriber = makeSubscriber({ planner, executor, subgraphs, clock, log, metrics, deadlineMs, maxQueued });
  const supergraphs = makeSupergraphs({ planner, executor, subscriber, log, metrics });
  const guard = makeGuard({ tokens, resolveApiKey, resolveTenant, clock });
  const apollo = makeApollo({ planner, executor, limits, introspection, landingPage: landingPageHtml(config.landingPage ?? { firstQuery: '{ __typename }' }), log, metrics });
  await apollo.server.start();

  let draining = false;
  const app = Fastify({
    bodyLimit,
    keepAliveTimeout: 72_000,
    ...(config.frameworkErrors ? { frameworkErrors: config.frameworkErrors } : {}),
    genReqId: requestIdOf,
  });
  await app.register(fastifyWebsocket, { options: { maxPayload: bodyLimit, handleProtocols } });
  addRequestIds(app);
  addCors(app, corsOrigins);
  app.addHook('onRequest', (request, reply, done) => {
    if (draining && !request.url.startsWith('/health')) {
      void reply.code(503).header('retry-after', '1').send({ errors: [{ message: 'The server is stopping.', extensions: { code: 'UNAVAILABLE', requestId: request.id } }] });
      return;
    }
    done();
  });
  // A client that keeps its connection would hold the drain until the keep-alive time-out.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) void reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The path alone: a query string may hold a whole operation with its values.
    log.debug({ requestId: request.id, method: request.method, path: request.url.split('?', 1)[0], status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
    done();
  });
  const sockets = await addGraphqlRoutes(app, { apollo, guard, supergraph: supergraphs.guarded(limits), limits, bodyLimit, socketLimits: config.socketLimits ?? {}, log });
  const stopping = new AbortController();
  let warm = operations.length === 0;
  const warmUp = async () => {
    const began = performance.now();
    const refused = await supergraphs.warmUp(operations, stopping.signal);
    warm = true;
    log.info({ operations: operations.length, ms: Math.round(performance.now() - began) }, 'Planned the operations that are known beforehand');
    if (refused.length > 0) log.warn({ problems: refused.map(({ message }) => message) }, 'The graph does not take every operation that is known beforehand');
  };
  const plans = async () => {
    if (!warm) throw new Error('operations are being planned');
  };
  addStatusRoutes(app, { subgraphs, tokens, metrics, checks: { ...checks, ...(operations.length > 0 ? { plans } : {}) }, draining: () => draining });

  const stop = async () => {
    draining = true;
    stopping.abort();
    const timer = setTimeout(() => app.server.closeAllConnections(), stopDeadlineMs);
    await sockets.drain({ complete: true });
    await app.close();
    clearTimeout(timer);
    await apollo.server.stop();
  };
  let stopped: Promise<void> | undefined;

  return {
    supergraph: supergraphs.trusted,
    guard,
    app,
    async listen(port, host) {
      const address = await listenOn(app, port, host);
      if (!warm) void warmUp();
      return address;
    },
    port: () => (app.server.address() as AddressInfo).port,
    // Once: of two stops at the same time, Apollo's second never ends.
    stop: () => (stopped ??= stop()),
  };
}
