import DataLoader from 'dataloader';
import type { Principal } from '#kernel/access/principal.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { SubgraphDatabase } from '#kernel/db/database.ts';
import { loaderByKey } from '#kernel/graphql/loaders.ts';
import type { BulkJob, BulkProgress } from './bulk/bulk-job.ts';
import * as bulkStore from './bulk/bulk-job.store.ts';
import type { BulkJobs } from './bulk/bulk-jobs.ts';
import type { Runs } from './run/runs.ts';
import type { RunStore } from './run/workflow-run.store.ts';
import type { WorkflowRun } from './run/workflow-run.ts';

/** What a request of this subgraph may look up. */
export interface OpsLoaders {
  run: DataLoader<string, WorkflowRun | null>;
  /** For the subscription, whose `subscribe` has no resolver of its own. */
  followRun: (id: string, signal?: AbortSignal) => Promise<AsyncGenerator<WorkflowRun, void, void>>;
  followBulkJob: (id: string, signal?: AbortSignal) => Promise<AsyncGenerator<BulkJob, void, void>>;
  /** By job id. */
  bulkProgress: DataLoader<string, BulkProgress>;
}

export type OpsContext = SubgraphContext<OpsLoaders>;

const NOTHING: BulkProgress = { pending: 0, running: 0, waiting: 0, succeeded: 0, failed: 0, skipped: 0 };

export function makeLoaders({ db, store, runs, bulkJobs }: { db: SubgraphDatabase; store: RunStore; runs: Runs; bulkJobs: BulkJobs }) {
  return ({ principal }: { principal: Principal }): OpsLoaders => ({
    run: new DataLoader(async (ids) => (principal.tenantId === null ? ids.map(() => null) : store.byIds(principal.tenantId, ids))),
    followRun: (id, signal) => runs.follow(principal, id, signal),
    followBulkJob: (id, signal) => bulkJobs.follow(principal, id, signal),
    bulkProgress: loaderByKey<BulkProgress>(
      (jobIds) => db.read(tenantOf(principal), (tx) => bulkStore.progressOf(tx, jobIds)),
      () => NOTHING,
    ),
  });
}
