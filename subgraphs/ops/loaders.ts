import DataLoader from 'dataloader';
import type { Principal } from '#kernel/access/principal.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';
import type { Runs } from './run/runs.ts';
import type { RunStore } from './run/workflow-run.store.ts';
import type { WorkflowRun } from './run/workflow-run.ts';

/** What a request of this subgraph may look up. */
export interface OpsLoaders {
  run: DataLoader<string, WorkflowRun | null>;
  /** For the subscription, whose `subscribe` has no resolver of its own. */
  followRun: (id: string, signal?: AbortSignal) => Promise<AsyncGenerator<WorkflowRun, void, void>>;
}

export type OpsContext = SubgraphContext<OpsLoaders>;

export function makeLoaders({ store, runs }: { store: RunStore; runs: Runs }) {
  return ({ principal }: { principal: Principal }): OpsLoaders => ({
    run: new DataLoader(async (ids) => (principal.tenantId === null ? ids.map(() => null) : store.byIds(principal.tenantId, ids))),
    followRun: (id, signal) => runs.follow(principal, id, signal),
  });
}
