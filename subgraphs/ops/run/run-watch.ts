import type { Database } from '#kernel/db/database.ts';
import { makeRowWatch, type RowWatch } from '#kernel/db/row-watch.ts';
import type { RunStore } from './workflow-run.store.ts';
import { RUN_CHANNEL } from './workflow-run.store.ts';
import type { WorkflowRun } from './workflow-run.ts';

/** Tells of changes of runs, from whichever process they come. */
export type RunWatch = RowWatch<WorkflowRun>;

export function makeRunWatch({ database, store }: { database: Pick<Database, 'listen'>; store: Pick<RunStore, 'byId'> }): RunWatch {
  return makeRowWatch({ database, channel: RUN_CHANNEL, find: (tenantId, id) => store.byId(tenantId, id) });
}
