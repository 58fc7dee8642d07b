import { isUnavailable } from '#kernel/db/database.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { deviceFailure } from '../errors.ts';
import * as desiredStore from '../desired-row/desired-row.store.ts';
import type { FleetMetrics } from '../router/fleet-metrics.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { PlanMenu } from '../router-plan/router-plan.type.ts';
import { LEAST_STEPS, makePace, pieceSize, type Pace } from './pace.ts';
import { planApplyChanged } from './plan-apply.events.ts';
import type { PlanApply } from './plan-apply.ts';
import * as store from './plan-apply.store.ts';
import { PlanApplyState } from './plan-apply.type.ts';
import { runSteps, samePhase, type StepsResult } from './run-steps.ts';

/**
 * Applies plans: those of routers to which this process has the line. What is done is noted after each few steps, so that
 * another process goes on where one has died; a step that was done and not noted is found by its first read.
 */
export interface PlanWorker {
  start(): void;
  /** Lets the steps in hand end; what is left is gone on with by whoever has the router next. */
  stop(): Promise<void>;
  /** Looks at it at once. */
  poke(id: string): void;
}

export interface PlanWorkerOptions extends Pick<SubgraphKit, 'db' | 'bus' | 'clock' | 'secretBox' | 'log'> {
  fleet: RouterFleet;
  metrics: FleetMetrics;
  /** Names this process in the claims. */
  process: string;
  /** An apply has come to its end. */
  onEnded?: (router: { id: string; tenantId: string }) => void;
}

/** Commands to one router: beyond that some slow down for everybody. */
export const REQUESTS_PER_SECOND = 100;
/** A second's worth of these. */
const KICKS_AT_ONCE = 20;
const LOOK_EVERY_MS = 2_000;
/** A claim that is not renewed for 15 s falls to others. */
const RENEW_EVERY_MS = 2_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

const WORKED = [PlanApplyState.QUEUED, PlanApplyState.RUNNING];

export function makePlanWorker({ db, bus, clock, secretBox, log, fleet, metrics, process, onEnded }: PlanWorkerOptions): PlanWorker {
  interface Job {
    done: Promise<void>;
    /** Somebody wants it to rest: the steps in hand are the last. */
    halt: boolean;
    /** Steps of the next piece. */
    size: number;
    look(): void;
    wake: (() => void) | undefined;
  }
  const jobs = new Map<string, Job>();
  let stopping = false;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** Others reach the router through the process that has its line: thousands of steps are better done there. */
  const hasLine = (routerId: string): boolean => {
    for (const { spec } of fleet.links()) if (spec.id === routerId) return true;
    return false;
  };

  /** Something this process has found out, announced with it; `rests`: it stops with it, so that nobody sees it run on. Undefined: it is another's by now. */
  const record = (tenantId: string, id: string, changes: Partial<PlanApply>, result: Pick<StepsResult, 'ends' | 'applied' | 'rows'>, rests: boolean): Promise<PlanApply | undefined> =>
    db.write(tenantId, async (tx) => {
      const apply = await store.note(tx, id, process, changes, result.ends);
      if (!apply) return undefined;
      await store.end(tx, result.ends, clock.now());
      await store.noteSecretsApplied(tx, apply.routerId, result.applied);
      if (result.rows) await desiredStore.noteProven(tx, result.rows, clock.now());
      const stopped = rests ? await store.move(tx, id, [...WORKED, PlanApplyState.STOPPING], { state: PlanApplyState.STOPPED }) : undefined;
      await bus.publish(tx, [planApplyChanged(stopped ?? apply)]);
      return apply;
    });

  /** False: it is in another state by now. */
  const move = (tenantId: string, id: string, from: readonly PlanApplyState[], changes: Partial<PlanApply> & { state: PlanApplyState }): Promise<boolean> =>
    db.write(tenantId, async (tx) => {
      const apply = await store.move(tx, id, from, changes);
      if (apply) await bus.publish(tx, [planApplyChanged(apply)]);
      return apply !== undefined;
    });

  const finish = async ({ id, tenantId, routerId, refused }: PlanApply): Promise<void> => {
    const failed = refused > 0;
    await move(tenantId, id, [...WORKED, PlanApplyState.STOPPING, PlanApplyState.CANCELLING], {
      state: failed ? PlanApplyState.FAILED : PlanApplyState.SUCCEEDED,
      finishedAt: clock.now(),
      reasonCode: failed ? 'NETWORK_PLAN_STALE' : null,
      reasonMessage: failed ? `Steps that were refused: ${refused}. See them, and plan again.` : null,
    });
    metrics.applied('plan', failed ? 'FAILED' : 'SUCCEEDED');
    onEnded?.({ id: routerId, tenantId });
  };

  /** One more piece of an apply. False: there is no more to do here. */
  const advance = async (of: Pick<PlanApply, 'id' | 'tenantId'>, job: Job, pace: Pace, wait: () => Promise<void>): Promise<boolean> => {
    const { id, tenantId } = of;
    const apply = await db.write(tenantId, (tx) => store.claim(tx, id, process));
    if (!apply || stopping || !hasLine(apply.routerId)) return false;
    if (apply.state === PlanApplyState.STOPPING || apply.state === PlanApplyState.CANCELLING) {
      const cancelled = apply.state === PlanApplyState.CANCELLING;
      await move(tenantId, id, [apply.state], cancelled ? { state: PlanApplyState.CANCELLED, finishedAt: clock.now() } : { state: PlanApplyState.STOPPED });
      if (cancelled) onEnded?.({ id: apply.routerId, tenantId });
      return false;
    }
    if (apply.state === PlanApplyState.QUEUED) await move(tenantId, id, [PlanApplyState.QUEUED], { state: PlanApplyState.RUNNING, startedAt: apply.startedAt ?? clock.now() });
    const items = pieceOf(await db.read(tenantId, (tx) => store.waiting(tx, apply.planId, job.size)));
    if (items.length === 0) {
      await finish(apply);
      return false;
    }
    let result: StepsResult;
    try {
      result = await runSteps({ db, secretBox, fleet, pace, halted: () => job.halt || stopping }, apply, items);
    } catch (error) {
      if (!(error instanceof RouterOsError)) throw error;
      result = { ends: [], applied: [], rows: null, hindrance: error, trouble: null, lookMs: null };
    }
    const { hindrance, trouble, lookMs } = result;
    if (lookMs !== null) job.size = pieceSize(lookMs, REQUESTS_PER_SECOND);
    const hindered = hindrance && deviceFailure(hindrance);
    const reason = trouble ?? hindered;
    const rests = trouble !== null || hindered?.retry === false;
    const noted = await record(tenantId, id, { reasonCode: reason?.code ?? null, reasonMessage: reason?.message ?? null }, result, rests);
    if (!noted) return false;
    if (rests) {
      metrics.applied('plan', 'STOPPED');
      return true;
    }
    if (hindrance) await wait();
    return true;
  };

  const work = async (of: Pick<PlanApply, 'id' | 'tenantId' | 'routerId'>, job: Job): Promise<void> => {
    const pace = makePace(REQUESTS_PER_SECOND);
    let waits = 0;
    const wait = () =>
      new Promise<void>((resolve) => {
        const waking = setTimeout(resolve, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(waits, 10)));
        waits += 1;
        job.wake = () => {
          clearTimeout(waking);
          resolve();
        };
      });
    const renewing = setInterval(() => job.look(), RENEW_EVERY_MS);
    try {
      for (let before = -1, more = true; more; ) {
        try {
          more = await advance(of, job, pace, wait);
          if (waits === before) waits = 0;
          before = waits;
        } catch (error) {
          if (!isUnavailable(error)) throw error;
          await wait();
        }
      }
    } catch (error) {
      log.error({ err: error, tenant: of.tenantId, apply: of.id }, 'The applying of a plan has met a fault of ours and was stopped');
      await move(of.tenantId, of.id, [...WORKED, PlanApplyState.STOPPING], { state: PlanApplyState.STOPPED, reasonCode: 'INTERNAL_ERROR', reasonMessage: 'A fault of ours; see the log.' }).catch(() => undefined);
    } finally {
      clearInterval(renewing);
      // Whoever comes next need not wait for the end of the claim.
      await db.write(of.tenantId, (tx) => store.release(tx, of.id, process)).catch(() => undefined);
    }
  };

  const begin = (of: Pick<PlanApply, 'id' | 'tenantId' | 'routerId'>): void => {
    if (jobs.has(of.id) || stopping || !hasLine(of.routerId)) return;
    const job: Job = {
      done: Promise.resolve(),
      halt: false,
      size: LEAST_STEPS,
      wake: undefined,
      look: () =>
        void db
          .write(of.tenantId, (tx) => store.claim(tx, of.id, process))
          .then(
            (apply) => {
              job.halt = !apply || !WORKED.includes(apply.state);
              if (job.halt) job.wake?.();
            },
            // The database is away: the claim lives on for some seconds, and the work ends with it at the latest.
            () => undefined,
          ),
    };
    jobs.set(of.id, job);
    job.done = work(of, job).finally(() => {
      jobs.delete(of.id);
    });
  };

  const look = (): Promise<void> => {
    looking ??= db
      .system((tx) => store.runnable(tx, process))
      .then((found) => found.forEach(begin), (error: unknown) => log.warn({ err: error }, 'Plans to be applied could not be looked up; it is tried again'))
      .finally(() => (looking = undefined));
    return looking;
  };

  return {
    start() {
      timer = setInterval(() => void look(), LOOK_EVERY_MS);
      timer.unref();
      void look();
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      await looking;
      for (const job of jobs.values()) job.wake?.();
      await Promise.all([...jobs.values()].map(({ done }) => done));
    },
    poke(id) {
      const job = jobs.get(id);
      if (job) job.look();
      else void look();
    },
  };
}

/** What is done together: of one phase, and sessions by the second. */
function pieceOf(items: readonly PlanItem[]): PlanItem[] {
  const piece = samePhase(items);
  return piece[0]?.menu === PlanMenu.SESSION ? piece.slice(0, KICKS_AT_ONCE) : piece;
}
