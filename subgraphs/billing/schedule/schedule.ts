import { civilDateAt, wallTimeAt, type CivilDate } from '#kernel/civil-time.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { all } from '../tenant-settings/tenant-settings.store.ts';
import * as store from './schedule.store.ts';

/** Calls `work` again and again until the answered function is called. */
export type Every = (ms: number, work: () => void) => () => void;

/** The machine's own timer; it does not keep the process alive. */
export const everyInterval: Every = (ms, work) => {
  const timer = setInterval(work, ms);
  timer.unref();
  return () => clearInterval(timer);
};

export interface Schedule {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** One look at every tenant; resolves when everything due is done. */
  tick(): Promise<void>;
}

interface ScheduleParts extends Pick<SubgraphKit, 'db' | 'clock' | 'log'> {
  every: Every;
  /** Names this process in the claims. */
  process: string;
  /** In this order, for a tenant and a day. */
  jobs: Array<{ kind: store.ScheduleKind; run: (tenantId: string, asOf: CivilDate) => Promise<unknown> }>;
  /** What was interrupted. */
  resume: () => Promise<void>;
}

/** On the tenant's wall. Where that minute is missing in spring, the first after it; where it comes twice, the first. */
const AT = '02:00';
const LOOK_EVERY_MS = 15_000;
/** How long a process that has claimed a job is believed to be at it. The jobs are idempotent: a wrong guess costs nothing but work. */
const LEASE_MS = 10 * 60_000;

/**
 * The day whose jobs are due at an instant: today from 02:00 on, else none. A tenant's first is the first 02:00 after it
 * became known, so that nothing happens on the day on which it is set up.
 */
export function dueDay(now: Date, timeZone: string, knownSince: Date): CivilDate | null {
  const today = civilDateAt(now, timeZone);
  if (wallTimeAt(now, timeZone) < AT) return null;
  const known = `${civilDateAt(knownSince, timeZone)} ${wallTimeAt(knownSince, timeZone)}`;
  return known < `${today} ${AT}` ? today : null;
}

/** Bills and duns every tenant daily; one process does it, another takes over from one that died. */
export function makeSchedule({ db, clock, log, every, process, jobs, resume }: ScheduleParts): Schedule {
  let stopTimer: (() => void) | undefined;
  let looking: Promise<void> | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    await resume();
    const now = clock.now();
    const days = (await db.system(all)).flatMap(({ tenantId, timeZone, createdAt }) => {
      const asOf = dueDay(now, timeZone, createdAt);
      return asOf === null ? [] : [{ tenantId, asOf }];
    });
    if (days.length === 0) return;
    const done = await db.system((tx) => store.finished(tx, days));
    for (const { tenantId, asOf } of days) {
      for (const { kind, run } of jobs) {
        if (stopped) return;
        if (done.has(`${tenantId} ${kind}`)) continue;
        try {
          if (!(await db.write(tenantId, (tx) => store.claim(tx, tenantId, kind, asOf, process, now, LEASE_MS)))) continue;
          await run(tenantId, asOf);
          await db.write(tenantId, (tx) => store.finish(tx, kind, asOf, clock.now()));
        } catch (error) {
          log.error({ err: error, tenant: tenantId, kind, asOf }, 'A daily job failed; it is tried again');
        }
      }
    }
  }

  /** One look at a time; a tick during one joins it. */
  function tick(): Promise<void> {
    looking ??= look()
      .catch((error) => log.warn({ err: error }, 'The daily jobs could not be looked up; it is tried again'))
      .finally(() => (looking = undefined));
    return looking;
  }

  return {
    async start() {
      stopTimer = every(LOOK_EVERY_MS, () => void tick());
      void tick();
    },
    async stop() {
      stopped = true;
      stopTimer?.();
      await looking;
    },
    tick,
  };
}
