import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as store from './timeline.store.ts';

/** How long an entry is kept, in days. A customer's newest one stays. */
export const KEEP_ENTRIES_DAYS = 730;
const DAY_MS = 86_400_000;
const PRUNE_EVERY_MS = 3_600_000;
const PRUNE_BATCH = 5_000;

/** Old entries go, a tenant at a time. */
export interface Retention {
  start(): void;
  stop(): Promise<void>;
  /** Removes what is older than is kept; answers how many entries. */
  prune(): Promise<number>;
}

export function makeRetention({ db, clock, log }: Pick<SubgraphKit, 'db' | 'clock' | 'log'>): Retention {
  let timer: NodeJS.Timeout | undefined;
  let pruning: Promise<unknown> | undefined;
  let stopped = false;

  async function prune(): Promise<number> {
    const before = new Date(clock.now().getTime() - KEEP_ENTRIES_DAYS * DAY_MS);
    let removed = 0;
    for (const tenantId of await db.system((tx) => store.tenantsWithOld(tx, before))) {
      for (let count = PRUNE_BATCH; count === PRUNE_BATCH && !stopped; removed += count) count = await db.write(tenantId, (tx) => store.removeOld(tx, before, PRUNE_BATCH));
    }
    return removed;
  }

  return {
    prune,
    start() {
      timer = setInterval(() => {
        pruning ??= prune()
          .catch((error: unknown) => log.warn({ err: error }, 'Old timeline entries could not be removed; it is tried again'))
          .finally(() => (pruning = undefined));
      }, PRUNE_EVERY_MS);
      timer.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await pruning;
    },
  };
}
