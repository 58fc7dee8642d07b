import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { SessionEndReason } from './session-history.type.ts';
import * as store from './session-history.store.ts';

/** Makes the history's months ahead, drops the old ones, and ends sessions on routers that have been away for long. */
export interface HistoryUpkeep {
  /** Sees to it that sessions that began then can be written. */
  makeMonths(starts: readonly Date[]): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** Ended sessions are kept so long: providers are asked who held an address up to a year later. */
export const KEEP_HISTORY_DAYS = 400;
/** A router may be out of our reach while its subscribers are online: this long its sessions count as up. */
export const ROUTER_LOST_AFTER_MS = 24 * 3_600_000;
const MONTHS_AHEAD = 2;
const EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

export function makeHistoryUpkeep({ db, clock, log }: Pick<SubgraphKit, 'db' | 'clock' | 'log'>): HistoryUpkeep {
  const made = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const makeMonths = async (starts: readonly Date[]): Promise<void> => {
    const missing = [...new Set(starts.map(monthOf))].filter((month) => !made.has(month));
    for (const month of missing) {
      await db.system((tx) => store.makePartition(tx, month));
      made.add(month);
    }
  };

  const tend = async (): Promise<void> => {
    const now = clock.now();
    await makeMonths(Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))));
    for (const { tenantId, routerId, since } of await db.system((tx) => store.longLost(tx, new Date(now.getTime() - ROUTER_LOST_AFTER_MS)))) {
      await db.write(tenantId, (tx) => store.closeAll(tx, routerId, since, SessionEndReason.ROUTER_LOST));
    }
    const dropped = await db.system((tx) => store.dropPartitions(tx, new Date(now.getTime() - KEEP_HISTORY_DAYS * DAY_MS)));
    if (dropped === 0) return;
    made.clear();
    log.info({ months: dropped }, 'Old months of the session history were dropped');
  };

  const run = (): void => {
    running = tend()
      .catch((error: unknown) => log.warn({ err: error }, 'The session history could not be tended; it is tried again'))
      .finally(() => {
        running = undefined;
      });
  };

  return {
    makeMonths,
    start() {
      run();
      timer = setInterval(() => {
        if (!running) run();
      }, EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** The first day of an instant's month, UTC. */
function monthOf(at: Date): string {
  return `${at.toISOString().slice(0, 7)}-01`;
}
