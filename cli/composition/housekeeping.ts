import type { Bus } from '#kernel/bus/bus.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';

/** Events stay this long after every consumer has passed them: as far back as a timeline can be resumed. */
const KEEP_EVENTS_DAYS = 90;
const PRUNE_EVERY_MS = 3_600_000;
const LAG_EVERY_MS = 15_000;

/** What the bus of one process needs beside its work: old events go, and how far consumers are behind is shown. */
export function startHousekeeping({ bus, metrics, log }: { bus: Bus; metrics: Metrics; log: Logger }): () => void {
  const behind = metrics.gauge('headend_bus_behind_events', 'Events that a consumer has yet to handle', ['consumer']);
  const age = metrics.gauge('headend_bus_oldest_seconds', 'Age of the oldest event that a consumer has yet to handle', ['consumer']);
  const showLag = async () => {
    for (const lag of await bus.lag()) {
      behind.set({ consumer: lag.consumer }, lag.behind);
      age.set({ consumer: lag.consumer }, lag.oldestMs / 1000);
    }
  };
  const guarded = (what: string, work: () => Promise<unknown>) => () => {
    work().catch((error: unknown) => log.warn({ err: error }, `${what} failed; it is tried again`));
  };
  const timers = [setInterval(guarded('Pruning old events', () => bus.prune(KEEP_EVENTS_DAYS)), PRUNE_EVERY_MS), setInterval(guarded('Reading the lag of the bus', showLag), LAG_EVERY_MS)];
  for (const timer of timers) timer.unref();
  return () => timers.forEach((timer) => clearInterval(timer));
}
