import type { Bus } from '#kernel/bus/bus.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Database, SubgraphDatabase } from '#kernel/db/database.ts';
import { DomainError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { pauseAfter, REFUSALS } from '../engine/outcome.ts';
import type { StepError } from '../engine/saga-definition.ts';
import type { Sagas } from '../engine/sagas.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { RunStore } from '../run/workflow-run.store.ts';
import { mayBegin, pacedAfter, PREVIEW_LASTS_MS, settle, whyNotDo, type BulkItem, type BulkJob, type SkippedBecause } from './bulk-job.ts';
import * as store from './bulk-job.store.ts';
import { select, type Selection } from './bulk-selection.ts';

/**
 * Sees to the bulk jobs of all tenants, in every process that runs sagas: each looks at each job by turns, so that a job goes
 * on whichever of them dies. What an item needs is an ordinary run, whose id is the item's: it cannot be begun twice, and it
 * is carried on by whoever carries runs on.
 */
export interface BulkRunner {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface BulkRunnerOptions {
  db: SubgraphDatabase;
  bus: Pick<Bus, 'publish'>;
  database: Pick<Database, 'listen'>;
  sagas: Sagas;
  runs: Pick<RunStore, 'byId'>;
  lifecycle: Pick<Lifecycle, 'suspend' | 'resume' | 'changePlan' | 'move'>;
  executorId: string;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  random: () => number;
  newId: () => string;
}

/** How often jobs are looked at while there are any, and while there are none, in milliseconds. */
const TICK_MS = 500;
const IDLE_MS = 5_000;
/** A process that has taken an item, or a preview, and was not heard of for so long, has ended. */
const SILENT_MS = 30_000;
/** Once an item waits for a router, so many of the job may be at it; the others on it wait for their turn, and those on other routers do not. */
const AT_A_WAITING_ROUTER = 20;
const BACK_OFF = { firstMs: 1_000, longestMs: 15_000 };
/** How long a stop waits for items that are being begun. */
const STOP_PATIENCE_MS = 3_000;

/** Nothing need be done for the service. */
class NotNeeded extends Error {
  constructor(readonly because: SkippedBecause) {
    super(because);
  }
}

export function makeBulkRunner({ db, bus, database, sagas, runs, lifecycle, executorId, clock, log, metrics, random, newId }: BulkRunnerOptions): BulkRunner {
  const begun = metrics.counter('headend_ops_bulk_items_total', 'Items of bulk jobs whose turn has come, by what came of beginning them', ['action', 'outcome']);
  /** What this process is at. */
  const beginning = new Map<string, Promise<void>>();
  const previewing = new Map<string, Promise<void>>();
  let stopped = false;
  let wake = () => {};
  let loop: Promise<void> = Promise.resolve();
  let unlisten: (() => Promise<void>) | undefined;

  async function keepLooking(): Promise<void> {
    while (!stopped) {
      const busy = sagas.isStarted() && (await round());
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, busy ? TICK_MS : IDLE_MS);
        wake = () => {
          // What is busy looks soon enough; whoever is idle is woken.
          if (busy && !stopped) return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Whether there was anything to see to. */
  async function round(): Promise<boolean> {
    try {
      const jobs = await db.system((tx) => store.due(tx, clock.now()));
      for (const job of jobs) {
        if (stopped) return false;
        if (job.state === 'PREVIEWING') preview(job);
        else await turn(job).catch((error: unknown) => log.warn({ err: error, jobId: job.id }, 'A bulk job could not be seen to; it is tried again'));
      }
      return jobs.length > 0;
    } catch (error) {
      if (!stopped) log.warn({ err: error }, 'Bulk jobs could not be looked at; it is tried again');
      return true;
    }
  }

  /** One look at a job: outcomes in, next items out. Nobody else looks at it meanwhile. */
  async function turn({ tenantId, id }: Pick<BulkJob, 'tenantId' | 'id'>): Promise<void> {
    const taken = await db.write(tenantId, async (tx) => {
      const job = await store.lock(tx, id, true);
      if (!job) return undefined;
      const now = clock.now();
      const before = { ...job };
      if (job.state === 'PREVIEWED') {
        if (job.expiresAt! <= now) await store.save(tx, bus, Object.assign(job, { state: 'EXPIRED', finishedAt: now }), before.state, now);
        return undefined;
      }
      let changes = await store.takeOutcomes(tx, id);
      changes += await store.returnOrphans(tx, id, { by: executorId, known: [...beginning.keys()], before: new Date(now.getTime() - SILENT_MS) });
      if (job.state === 'CANCELLED') changes += await store.skipPending(tx, id, now);
      const progress = (await store.progressOf(tx, [id])).get(id)!;
      let items: BulkItem[] = [];
      if (job.state === 'RUNNING' && progress.pending > 0) {
        const limit = mayBegin(job, progress, now);
        const without = progress.waiting > 0 ? await store.routersWaitedFor(tx, id, AT_A_WAITING_ROUTER) : [];
        if (limit > 0) items = await store.claimItems(tx, id, { by: executorId, limit, without, budget: job.budget, now });
        job.pacedAt = items.length > 0 ? pacedAfter(job, items.length, now) : job.pacedAt;
        if (job.budget !== null) job.budget -= items.filter(({ attempts }) => attempts === 1).length;
      }
      settle(job, { pending: progress.pending - items.length, running: progress.running + items.length }, now);
      if (changes + items.length > 0 || job.state !== before.state || job.finishedAt !== before.finishedAt) await store.save(tx, bus, job, before.state, now);
      return { job, items };
    });
    for (const item of taken?.items ?? []) beginning.set(item.id, begin(taken!.job, item).finally(() => beginning.delete(item.id)));
  }

  /** Begins the run of an item; its end is seen by a later look. Never throws. */
  async function begin(job: BulkJob, item: BulkItem): Promise<void> {
    try {
      const outcome = await attempt(job, item);
      begun.inc({ action: job.action, outcome });
    } catch (error) {
      if (!stopped) log.warn({ err: error, jobId: job.id, itemId: item.id }, 'An item of a bulk job could not be begun; it is tried again');
    }
  }

  async function attempt(job: BulkJob, item: BulkItem): Promise<'BEGUN' | 'SKIPPED' | 'FAILED' | 'WAIT'> {
    const hasRun = async () => (await runs.byId(job.tenantId, item.id)) !== null;
    if (await hasRun()) return 'BEGUN';
    try {
      await act(job, item);
      return 'BEGUN';
    } catch (error) {
      // A run that is recorded says itself what becomes of it, whatever its beginning was answered.
      if (await hasRun()) return 'BEGUN';
      const now = clock.now();
      if (error instanceof NotNeeded || isGone(error)) {
        const skippedBecause = error instanceof NotNeeded ? error.because : 'GONE';
        await note(job, item, { state: 'SKIPPED', skippedBecause, finishedAt: now });
        return 'SKIPPED';
      }
      const { code, message } = asStepError(error);
      if (REFUSALS.has(code)) {
        await note(job, item, { state: 'FAILED', error: { code, message }, finishedAt: now });
        return 'FAILED';
      }
      const nextAttemptAt = new Date(now.getTime() + pauseAfter(item.attempts, BACK_OFF, random));
      await note(job, item, { state: 'PENDING', error: { code, message }, nextAttemptAt, claimedBy: null, claimedAt: null });
      return 'WAIT';
    }
  }

  /** The same as the mutation for one service, by whoever has started the job. */
  function act({ tenantId, startedBy, action, planId, routerId, reason }: BulkJob, { id, serviceId }: BulkItem): Promise<unknown> {
    const actor = { id: startedBy, tenantId };
    const as = {
      runId: id,
      check(service: Parameters<typeof whyNotDo>[1]) {
        const because = whyNotDo({ action, planId, routerId }, service);
        if (because) throw new NotNeeded(because);
      },
    };
    switch (action) {
      case 'SUSPEND':
        return lifecycle.suspend(actor, { serviceId, reason: reason! }, as);
      case 'RESUME':
        return lifecycle.resume(actor, { serviceId }, as);
      case 'CHANGE_PLAN':
        return lifecycle.changePlan(actor, { serviceId, planId: planId! }, as);
      case 'MOVE':
        return lifecycle.move(actor, { serviceId, routerId: routerId! }, as);
    }
  }

  /** The job first: whoever looks at it holds it while he changes items. */
  const note = (job: Pick<BulkJob, 'tenantId' | 'id'>, item: BulkItem, changes: Parameters<typeof store.updateItem>[2]): Promise<void> =>
    db.write(job.tenantId, async (tx) => {
      const present = await store.lock(tx, job.id);
      if (present && (await store.updateItem(tx, item.id, changes))) await store.save(tx, bus, present, present.state, clock.now());
    });

  /** Looks up the services of a job, in the background, and freezes them. */
  function preview({ tenantId, id }: Pick<BulkJob, 'tenantId' | 'id'>): void {
    if (previewing.has(id)) return;
    const claim = () => {
      const now = clock.now();
      return db.write(tenantId, (tx) => store.claimPreview(tx, id, executorId, { now, silentSince: new Date(now.getTime() - SILENT_MS) }));
    };
    const work = async () => {
      const job = await claim();
      if (!job) return;
      const selected = await select(sagas, job, async () => !stopped && (await claim()) !== undefined);
      if (selected.outcome === 'LEFT') return;
      await db.write(tenantId, async (tx) => {
        const present = await store.lock(tx, id);
        if (present?.state !== 'PREVIEWING' || present.claimedBy !== executorId) return;
        const now = clock.now();
        switch (selected.outcome) {
          case 'DONE':
            await store.insertItems(tx, itemsOf(present, selected.selection, newId));
            Object.assign(present, { ...frozen(selected.selection), error: null, state: 'PREVIEWED', expiresAt: new Date(now.getTime() + PREVIEW_LASTS_MS) });
            break;
          case 'REFUSED':
            Object.assign(present, { error: selected.error, state: 'FAILED', finishedAt: now });
            break;
          case 'RETRY':
            Object.assign(present, { error: selected.error });
        }
        await store.save(tx, bus, Object.assign(present, { claimedBy: null, claimedAt: null }), 'PREVIEWING', now);
      });
    };
    const done = work()
      .catch((error: unknown) => log.warn({ err: error, jobId: id }, 'The services of a bulk job could not be looked up; it is tried again'))
      .finally(() => previewing.delete(id));
    previewing.set(id, done);
  }

  return {
    async start() {
      unlisten = await database.listen(store.BULK_CHANNEL, () => wake());
      loop = keepLooking();
    },
    async stop() {
      stopped = true;
      wake();
      await loop;
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise((resolve) => (timer = setTimeout(resolve, STOP_PATIENCE_MS)));
      await Promise.race([Promise.allSettled([...beginning.values(), ...previewing.values()]), patience]);
      clearTimeout(timer);
      await unlisten?.();
    },
  };
}

function itemsOf({ id: jobId, tenantId }: BulkJob, { services }: Selection, newId: () => string): BulkItem[] {
  return services.map(({ id: serviceId, routerId }, at) => ({
    id: newId(),
    tenantId,
    jobId,
    position: at + 1,
    serviceId,
    heldBy: routerId,
    state: 'PENDING',
    skippedBecause: null,
    error: null,
    attempts: 0,
    claimedBy: null,
    claimedAt: null,
    nextAttemptAt: null,
    startedAt: null,
    finishedAt: null,
  }));
}

function frozen({ services, sessionsToCut, asWished }: Selection): Pick<BulkJob, 'itemCount' | 'sessionsToCut' | 'asWished'> {
  return { itemCount: services.length, sessionsToCut, asWished };
}

/** Of the service itself: of a plan or a router that is not there any more, the operator must hear. */
function isGone(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'NOT_FOUND' && error.details.some(({ field }) => field === 'serviceId');
}

function asStepError(error: unknown): StepError {
  if (error instanceof DomainError) return { code: error.code, message: error.message };
  return { code: 'UNAVAILABLE', message: 'It could not be begun.' };
}
