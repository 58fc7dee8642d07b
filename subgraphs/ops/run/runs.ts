import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import type { Sagas } from '../engine/sagas.ts';
import type { RunWatch } from './run-watch.ts';
import type { RunQuery, RunStore } from './workflow-run.store.ts';
import { hasEnded, type WorkflowRun } from './workflow-run.ts';

/** What may be asked of runs, within the caller's tenant. */
export interface Runs {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<WorkflowRun>;
  list(principal: Principal, query: RunQuery): Promise<ConnectionValue<WorkflowRun>>;
  /** Takes the run back as soon as its call under way is answered. @throws NOT_FOUND, CONFLICT, UNAVAILABLE */
  cancel(principal: Principal, id: string): Promise<WorkflowRun>;
  /** Ends the pause of a waiting run, or starts a failed one anew. @throws NOT_FOUND, CONFLICT, UNAVAILABLE */
  retry(principal: Principal, id: string): Promise<WorkflowRun>;
  /** The run as it is, then after each change, until it has ended. @throws NOT_FOUND */
  follow(principal: Principal, id: string, signal?: AbortSignal): Promise<AsyncGenerator<WorkflowRun, void, void>>;
}

export function makeRuns({ store, watch, sagas }: { store: RunStore; watch: RunWatch; sagas: Sagas }): Runs {
  const get = async (principal: Principal, id: string): Promise<WorkflowRun> => {
    const run = isUuid(id) ? await store.byId(tenantOf(principal), id) : null;
    if (!run) throw notFound('run', id);
    return run;
  };

  async function* untilEnded(runs: AsyncGenerator<WorkflowRun, void, void>): AsyncGenerator<WorkflowRun, void, void> {
    for await (const run of runs) {
      yield run;
      if (hasEnded(run)) return;
    }
  }

  return {
    get,
    list: (principal, query) => store.list(tenantOf(principal), query),
    async cancel(principal, id) {
      sagas.assertStarted();
      const { tenantId } = await get(principal, id);
      return sagas.cancel(tenantId, id);
    },
    async retry(principal, id) {
      sagas.assertStarted();
      const { tenantId } = await get(principal, id);
      return sagas.retry(tenantId, id);
    },
    async follow(principal, id, signal) {
      const { tenantId } = await get(principal, id);
      return untilEnded(watch.follow(tenantId, id, signal));
    },
  };
}
