import type { FastifyInstance } from 'fastify';
import { makePrincipal } from '#kernel/access/principal.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { runChecks } from '#kernel/subgraph/serve.ts';
import type { Subgraph } from '#kernel/subgraph/subgraph.ts';

export interface StatusRoutesOptions {
  subgraphs: readonly Subgraph[];
  tokens: Pick<Tokens, 'jwks'>;
  metrics: Metrics;
  /** What else must answer, e.g. the database. */
  checks: Record<string, () => Promise<unknown>>;
  draining: () => boolean;
}

/** `/health`, `/health/ready`, `/metrics`, `/.well-known/jwks.json`. */
export function addStatusRoutes(app: FastifyInstance, { subgraphs, tokens, metrics, checks, draining }: StatusRoutesOptions): void {
  const probe = makePrincipal({ kind: 'service', id: 'gateway' });
  const subgraphChecks = Object.fromEntries(
    subgraphs.map((subgraph) => [
      subgraph.name,
      async () => {
        const { errors } = await subgraph.execute({ query: '{ __typename }', principal: probe, requestId: uuidv7(), signal: AbortSignal.timeout(2000) });
        if (errors) throw new Error(errors[0]!.message);
      },
    ]),
  );
  let onceComplete = false;

  app.get('/health', () => ({ status: 'ok' }));

  // Not ready until every subgraph has been seen once. After that a subgraph that is away makes the answer `degraded`, not
  // "not ready": its fields are null, and taking the gateway out of service would take the other subgraphs with it.
  app.get('/health/ready', async (_request, reply) => {
    const [own, states] = await Promise.all([runChecks(checks), runChecks(subgraphChecks)]);
    const subgraphsOk = Object.values(states).every((state) => state === 'ok');
    const ownOk = Object.values(own).every((state) => state === 'ok');
    onceComplete ||= subgraphsOk;
    const serving = ownOk && onceComplete && !draining();
    const status = draining() ? 'draining' : !serving ? 'not ready' : subgraphsOk ? 'ready' : 'degraded';
    return reply.code(serving ? 200 : 503).send({ status, checks: own, subgraphs: states });
  });

  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));

  app.get('/.well-known/jwks.json', async (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(await tokens.jwks()));
}
