import type { ExecutionResult } from 'graphql';
import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { makeBus } from '#kernel/bus/bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { makeSecretBox } from '#kernel/crypto/secret-box.ts';
import type { Database } from '#kernel/db/database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger, type Logger } from '#kernel/logs.ts';
import { makeMetrics } from '#kernel/metrics.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { ops } from '../subgraph.ts';

export const TENANT = '019a0000-0000-7000-8000-000000000001';
export const OTHER_TENANT = '019a0000-0000-7000-8000-000000000002';
export const operator = makePrincipal({ kind: 'user', id: 'user-1', tenantId: TENANT, permissions: ['*'] });

/** The ops subgraph as a process has it, over a database and a graph of the test's own. */
export async function makeOps({ database, graph, executorId = 'ops-test', log = silentLogger }: { database: Database; graph: Supergraph; executorId?: string; log?: Logger }) {
  const bus = makeBus({ database, subgraph: 'ops', log, clock: systemClock, newId: uuidv7 });
  const metrics = makeMetrics();
  const kit = {
    config: { executorId },
    database,
    db: database.forSubgraph('ops'),
    bus,
    secretBox: makeSecretBox('a secret of thirty-two characters or more'),
    clock: systemClock,
    log,
    metrics,
    supergraph: () => graph,
  } as unknown as SubgraphKit;
  const running = await ops.make(kit);
  const subgraph = localSubgraph({ name: 'ops', schema: running.schema, loaders: running.loaders, log });
  return {
    running,
    metrics,
    bus,
    async ask<T = Record<string, never>>(query: string, variables: Record<string, unknown> = {}, principal: Principal = operator): Promise<ExecutionResult<T>> {
      return JSON.parse(JSON.stringify(await subgraph.execute({ query, variables, principal, requestId: uuidv7() }))) as ExecutionResult<T>;
    },
    follow: (query: string, variables: Record<string, unknown>, principal: Principal = operator, signal?: AbortSignal) =>
      subgraph.subscribe({ query, variables, principal, requestId: uuidv7(), ...(signal ? { signal } : {}) }),
  };
}

export type OpsProcess = Awaited<ReturnType<typeof makeOps>>;

export interface RunSeen {
  id: string;
  state: string;
  error: { code: string; message: string } | null;
  customer: { id: string } | null;
  service: { id: string } | null;
  steps: Array<{ name: string; state: string; attempts: number; error: { code: string; message: string } | null; nextAttemptAt: string | null }>;
}

export const RUN_FIELDS = 'id state error { code message } customer { id } service { id } steps { name state attempts error { code message } nextAttemptAt }';

export const ONBOARD = `mutation ($input: OnboardCustomerInput!) { onboardCustomer(input: $input) { customer { id } service { id } run { ${RUN_FIELDS} } } }`;

export const PASSWORD = 'correct-horse-battery';

export const subscriber = (changes: Record<string, unknown> = {}) => ({
  customer: { name: 'Ada Byron', email: 'ada@example.com' },
  planId: 'fiber',
  credentials: { username: 'ada', password: PASSWORD },
  billingDay: 5,
  ...changes,
});
