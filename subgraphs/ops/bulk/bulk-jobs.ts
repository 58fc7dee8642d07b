import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Bus } from '#kernel/bus/bus.ts';
import type { Clock } from '#kernel/clock.ts';
import type { SubgraphDatabase } from '#kernel/db/database.ts';
import type { RowWatch } from '#kernel/db/row-watch.ts';
import { DomainError, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SagaCall } from '../engine/saga-definition.ts';
import type { Caller, Sagas } from '../engine/sagas.ts';
import { FIND_ROUTER, LIFECYCLE_PERMISSIONS } from '../lifecycle/lifecycle.sagas.ts';
import { FIND_PLAN } from '../onboarding/onboard-customer.saga.ts';
import type { RunStarter } from '../run/start-run.ts';
import * as Job from './bulk-job.ts';
import type { BulkItem, BulkJob } from './bulk-job.ts';
import * as store from './bulk-job.store.ts';
import type { PreviewBulkInput } from './bulk-job.type.ts';

/** The same act for many services: previewed, frozen, then done at a pace. Within the caller's tenant. */
export interface BulkJobs {
  /**
   * Answers once the services are chosen, or after a few seconds while they are still being looked up.
   * @throws NOT_FOUND for plan and router; VALIDATION_ERROR; CONFLICT for a key that was used with another input.
   */
  preview(principal: Principal, input: PreviewBulkInput): Promise<BulkJob>;
  /** @throws NOT_FOUND, CONFLICT, UNAVAILABLE */
  start(principal: Principal, id: string, limit: number | null): Promise<BulkJob>;
  /** @throws NOT_FOUND, CONFLICT */
  stop(principal: Principal, id: string): Promise<BulkJob>;
  /** @throws NOT_FOUND, CONFLICT, UNAVAILABLE */
  resume(principal: Principal, id: string, limit: number | null): Promise<BulkJob>;
  /** @throws NOT_FOUND, CONFLICT */
  cancel(principal: Principal, id: string): Promise<BulkJob>;
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<BulkJob>;
  list(principal: Principal, query: store.BulkJobQuery): Promise<ConnectionValue<BulkJob>>;
  /** @throws NOT_FOUND for the job */
  items(principal: Principal, jobId: string, query: store.BulkItemQuery): Promise<ConnectionValue<BulkItem>>;
  /** The job as it is, then after each change, until it has ended. @throws NOT_FOUND */
  follow(principal: Principal, id: string, signal?: AbortSignal): Promise<AsyncGenerator<BulkJob, void, void>>;
}

export interface BulkJobsOptions {
  db: SubgraphDatabase;
  bus: Pick<Bus, 'publish'>;
  watch: RowWatch<BulkJob>;
  sagas: Sagas;
  starter: Pick<RunStarter, 'ask'>;
  clock: Clock;
  newId: () => string;
  /** How long a mutation waits for the services to be chosen, in milliseconds. */
  patienceMs?: number;
}

export function makeBulkJobs({ db, bus, watch, sagas, starter, clock, newId, patienceMs = 4_000 }: BulkJobsOptions): BulkJobs {
  const get = async (principal: Principal, id: string): Promise<BulkJob> => {
    const [job] = isUuid(id) ? await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id])) : [];
    if (!job) throw notFound('bulk job', id);
    return job;
  };

  const change = async (principal: Principal, id: string, decide: (job: BulkJob, now: Date) => void): Promise<BulkJob> =>
    db.write(tenantOf(principal), async (tx) => {
      const job = isUuid(id) ? await store.lock(tx, id) : undefined;
      if (!job) throw notFound('bulk job', id);
      const now = clock.now();
      const { state } = job;
      decide(job, now);
      if (job.state === 'CANCELLED') {
        await store.skipPending(tx, id, now);
        const { pending, running } = (await store.progressOf(tx, [job.id])).get(job.id)!;
        Job.settle(job, { pending, running }, now);
      }
      await store.save(tx, bus, job, state, now);
      return job;
    });

  /** The job once its services are chosen, or patience has ended. */
  async function chosen(job: BulkJob): Promise<BulkJob> {
    let last = job;
    for await (const seen of watch.follow(job.tenantId, job.id, AbortSignal.timeout(patienceMs))) {
      last = seen;
      if (seen.state !== 'PREVIEWING') break;
    }
    // The caller is told what to correct. The record stays, with the reason.
    if (last.state === 'FAILED') throw new DomainError(last.error!.code, last.error!.message, { details: last.error!.details });
    return last;
  }

  async function* untilEnded(jobs: AsyncGenerator<BulkJob, void, void>): AsyncGenerator<BulkJob, void, void> {
    for await (const job of jobs) {
      yield job;
      if (Job.hasEnded(job)) return;
    }
  }

  return {
    async preview(principal, { idempotencyKey, ...input }) {
      sagas.assertStarted();
      const tenantId = tenantOf(principal);
      const id = newId();
      const caller: Caller = { runId: id, tenantId, onBehalfOf: principal.id, permissions: LIFECYCLE_PERMISSIONS };
      const find = async (call: SagaCall, named: 'planId' | 'routerId'): Promise<string | null> => {
        if (input[named] == null) return null;
        const context = { input: { [named]: input[named] }, ids: {}, results: {} };
        const found = await starter.ask<Record<string, { id: string }>>(caller, call, context, { fields: { id: named }, notFound: named });
        return Object.values(found)[0]!.id;
      };
      const [planId, routerId] = await Promise.all([find(FIND_PLAN, 'planId'), find(FIND_ROUTER, 'routerId')]);
      Job.checkOrder(input);
      const now = clock.now();
      const job: BulkJob = {
        id,
        tenantId,
        action: input.action,
        state: 'PREVIEWING',
        version: 1,
        filter: { ...input.filter },
        planId,
        routerId,
        reason: input.action === 'SUSPEND' ? (input.reason ?? 'MANUAL') : null,
        itemCount: null,
        sessionsToCut: null,
        asWished: null,
        error: null,
        requestedBy: principal.id,
        startedBy: null,
        budget: null,
        pacedAt: null,
        claimedBy: null,
        claimedAt: null,
        createdAt: now,
        updatedAt: now,
        expiresAt: null,
        startedAt: null,
        finishedAt: null,
      };
      return chosen(await db.write(tenantId, (tx) => store.insert(tx, bus, job, { key: idempotencyKey, input })));
    },

    async start(principal, id, limit) {
      sagas.assertStarted();
      return change(principal, id, (job, now) => Job.start(job, { by: principal.id, limit, now }));
    },
    stop: (principal, id) => change(principal, id, Job.stop),
    async resume(principal, id, limit) {
      sagas.assertStarted();
      return change(principal, id, (job) => Job.resume(job, limit));
    },
    cancel: (principal, id) => change(principal, id, Job.cancel),
    get,
    list: (principal, query) => store.list(db, tenantOf(principal), query),
    async items(principal, jobId, query) {
      const { id, tenantId } = await get(principal, jobId);
      return store.listItems(db, tenantId, id, query);
    },
    async follow(principal, id, signal) {
      const job = await get(principal, id);
      return untilEnded(watch.follow(job.tenantId, job.id, signal));
    },
  };
}
