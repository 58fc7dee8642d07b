import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { dialects } from './dialects/index.ts';
import { makePppoeCallbacks } from './intake/pppoe-callbacks.ts';
import { listCatalogue, makeCatalogue, type Catalogue, type DialectModule, type ListedRoute } from './machine/catalogue.ts';
import { addDocs } from './machine/docs.ts';
import { makeFrameworkErrors } from './machine/framework-errors.ts';
import { makeLimiter } from './machine/limits.ts';
import { readApiSchema } from './machine/operations.ts';
import type { Credentials } from './machine/request.ts';
import { mountCatalogue } from './machine/router.ts';
import type { StreamLimits } from './machine/websocket.ts';

export interface RestConfig {
  /** The sandbox's limits in place of the documented ones. */
  relaxedLimits?: boolean;
  /** Bytes of a request body. Default 1 MB. */
  bodyLimit?: number;
  streams?: Partial<StreamLimits>;
}

export interface RestOptions {
  supergraph: Supergraph;
  /** The one principal of `authorization`, `x-api-key`, `x-tenant-id`; throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND (the tenant). */
  principalOf(credentials: Credentials): Promise<Principal>;
  log: Logger;
  metrics: Metrics;
  clock?: Clock;
  config?: RestConfig;
  /** Default: the committed `schema/api.graphql`. */
  schema?: GraphQLSchema;
  /** Default: all. */
  modules?: readonly DialectModule[];
}

/** What REST calls the graph as, where no client's rights are in play: callbacks, which carry no token. */
const REST = makePrincipal({ kind: 'service', id: 'rest', permissions: ['internal:callbacks'] });

/**
 * Adds every REST route, `/openapi.json`, `/docs` and `/redoc` to a fastify that has `@fastify/websocket`. Call it before the
 * app listens. Throws when a route's operation does not fit the graph.
 */
export async function mountRest(app: FastifyInstance, { supergraph, principalOf, log, metrics, clock = systemClock, config = {}, schema, modules }: RestOptions): Promise<Catalogue> {
  const catalogue = restCatalogue(schema, modules);
  const callbacks = makePppoeCallbacks({ supergraph, principal: REST, operation: catalogue.routes.find(({ route }) => route.intake === 'pppoe-callbacks')?.operations.get('MikroopsReportPppoeCallbacks'), log, metrics, clock });
  app.addHook('onClose', () => callbacks.stop());
  await mountCatalogue(app, {
    catalogue,
    supergraph,
    principalOf,
    limiter: makeLimiter({ relaxed: config.relaxedLimits ?? false }),
    intakes: { 'pppoe-callbacks': callbacks.intake },
    log,
    metrics,
    clock,
    bodyLimit: config.bodyLimit,
    streams: config.streams,
  });
  await addDocs(app, catalogue);
  const waiting = catalogue.routes.filter(({ missing }) => missing.length > 0);
  if (waiting.length > 0) log.warn({ routes: waiting.map(({ route }) => route.id) }, 'Some REST routes answer 501: the graph does not offer their operations yet');
  return catalogue;
}

/** For fastify's `frameworkErrors`: an address that is not well encoded is answered in the dialect it would belong to. */
export const answerUnroutable = makeFrameworkErrors(dialects.map(({ dialect }) => dialect));

/** Routes and operations joined and checked, without a server. */
export function restCatalogue(schema: GraphQLSchema = readApiSchema(), modules: readonly DialectModule[] = dialects): Catalogue {
  return makeCatalogue(modules, schema);
}

/** Every route with its operation, for `headend routes`. */
export function listRoutes(schema?: GraphQLSchema): ListedRoute[] {
  return listCatalogue(restCatalogue(schema));
}
