import type { Bus } from '#kernel/bus/bus.ts';
import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, asc, count, eq, exists, getTableColumns, gte, inArray, isNotNull, isNull, lt, lte, ne, notExists, notInArray, or, sql } from '#kernel/db/drizzle.ts';
import { withinTime } from '#kernel/db/filtering.ts';
import { once } from '#kernel/db/idempotency.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { bulkItems, bulkJobs, idempotencyKeys, workflowRuns } from '../tables.ts';
import { bulkChanged } from './bulk-job.events.ts';
import type { BulkItem, BulkJob, BulkProgress } from './bulk-job.ts';
import { BulkItemOrderField, type BulkItemFilter, type BulkJobFilter, type BulkJobOrderField } from './bulk-job.type.ts';

/** The channel on which the change of a job is told to whoever watches; its payload is the job's id. */
export const BULK_CHANNEL = 'ops_bulk';

export type BulkJobQuery = ListQuery<BulkJobFilter, BulkJobOrderField>;
export type BulkItemQuery = ListQuery<BulkItemFilter, BulkItemOrderField>;

/** Rows written by one statement. */
const CHUNK = 1_000;

type Announce = Pick<Bus, 'publish'>;

export async function byIds(tx: Tx, ids: readonly string[]): Promise<BulkJob[]> {
  return tx.select().from(bulkJobs).where(anyOf(bulkJobs.id, ids));
}

/** Nobody else changes it until the transaction ends. `skip`: undefined also when somebody does just now. */
export async function lock(tx: Tx, id: string, skip = false): Promise<BulkJob | undefined> {
  const [job] = await tx.select().from(bulkJobs).where(eq(bulkJobs.id, id)).for('update', skip ? { skipLocked: true } : {});
  return job;
}

/** Records a job, once a key. */
export async function insert(tx: Tx, bus: Announce, job: BulkJob, asked: { key: string | null | undefined; input: object }): Promise<BulkJob> {
  const request = { tenantId: job.tenantId, operation: 'previewBulk', key: asked.key, input: asked.input, now: job.createdAt };
  return once(
    tx,
    idempotencyKeys,
    request,
    async () => {
      await tx.insert(bulkJobs).values(job);
      await announce(tx, bus, job, true);
      return job;
    },
    async (id) => (await byIds(tx, [id]))[0]!,
  );
}

/** What has become of a job that is locked; `before`: its state until now. */
export async function save(tx: Tx, bus: Announce, job: BulkJob, before: BulkJob['state'], now: Date): Promise<void> {
  job.version += 1;
  job.updatedAt = now;
  const { id, tenantId: _tenant, createdAt: _created, filter: _filter, ...changes } = job;
  await tx.update(bulkJobs).set(changes).where(eq(bulkJobs.id, id));
  await announce(tx, bus, job, job.state !== before);
}

async function announce(tx: Tx, bus: Announce, job: BulkJob, isNewState: boolean): Promise<void> {
  if (isNewState) await bus.publish(tx, [bulkChanged(job)]);
  await tx.execute(sql`select pg_notify(${BULK_CHANNEL}, ${job.id})`);
}

/** A page of the tenant's jobs. */
export function list(db: SubgraphDatabase, tenantId: string, query: BulkJobQuery): Promise<ConnectionValue<BulkJob>> {
  const { filter } = query;
  const where = and(filter?.state ? eq(bulkJobs.state, filter.state) : undefined, filter?.action ? eq(bulkJobs.action, filter.action) : undefined, withinTime(bulkJobs.createdAt, filter?.createdAt));
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { createdAt: bulkJobs.createdAt },
    id: bulkJobs.id,
    rows: (tx, page) =>
      tx
        .select()
        .from(bulkJobs)
        .where(and(where, page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: (tx) => tx.$count(bulkJobs, where),
  });
}

/** A page of the items of a job. */
export function listItems(db: SubgraphDatabase, tenantId: string, jobId: string, query: BulkItemQuery): Promise<ConnectionValue<BulkItem>> {
  const where = and(eq(bulkItems.jobId, jobId), query.filter?.state ? eq(bulkItems.state, query.filter.state) : undefined);
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query: { ...query, orderBy: query.orderBy?.length ? query.orderBy : [{ field: BulkItemOrderField.POSITION, direction: 'ASC' }] },
    columns: { position: bulkItems.position, finishedAt: bulkItems.finishedAt },
    id: bulkItems.id,
    rows: (tx, page) =>
      tx
        .select()
        .from(bulkItems)
        .where(and(where, page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: (tx) => tx.$count(bulkItems, where),
  });
}

/** How far jobs are, in one statement. */
export async function progressOf(tx: Tx, jobIds: readonly string[]): Promise<Map<string, BulkProgress>> {
  const isWaiting = sql<boolean>`${workflowRuns.state} is not null and ${workflowRuns.state} <> 'RUNNING'`;
  const rows = await tx
    .select({ jobId: bulkItems.jobId, state: bulkItems.state, isWaiting, items: count() })
    .from(bulkItems)
    .leftJoin(workflowRuns, and(eq(workflowRuns.id, bulkItems.id), eq(bulkItems.state, 'RUNNING')))
    .where(anyOf(bulkItems.jobId, jobIds))
    .groupBy(bulkItems.jobId, bulkItems.state, isWaiting);
  const found = new Map<string, BulkProgress>(jobIds.map((id) => [id.toLowerCase(), { pending: 0, running: 0, waiting: 0, succeeded: 0, failed: 0, skipped: 0 }]));
  for (const row of rows) {
    const progress = found.get(row.jobId)!;
    progress[PROGRESS[row.state]] += row.items;
    if (row.isWaiting) progress.waiting += row.items;
  }
  return found;
}

const PROGRESS = { PENDING: 'pending', RUNNING: 'running', SUCCEEDED: 'succeeded', FAILED: 'failed', SKIPPED: 'skipped' } as const;

/** Of all tenants: the jobs that somebody has to see to. */
export async function due(tx: Tx, now: Date): Promise<Array<Pick<BulkJob, 'id' | 'tenantId' | 'state'>>> {
  const running = tx.select({ one: sql`1` }).from(bulkItems).where(and(eq(bulkItems.jobId, bulkJobs.id), eq(bulkItems.state, 'RUNNING')));
  return tx
    .select({ id: bulkJobs.id, tenantId: bulkJobs.tenantId, state: bulkJobs.state })
    .from(bulkJobs)
    .where(
      and(
        isNull(bulkJobs.finishedAt),
        or(
          inArray(bulkJobs.state, ['PREVIEWING', 'RUNNING', 'CANCELLED']),
          and(eq(bulkJobs.state, 'PREVIEWED'), lte(bulkJobs.expiresAt, now)),
          and(eq(bulkJobs.state, 'STOPPED'), exists(running)),
        ),
      ),
    )
    .orderBy(asc(bulkJobs.createdAt));
}

/** Takes a preview for this process, unless another one was at it since `silentSince`. */
export async function claimPreview(tx: Tx, id: string, by: string, { now, silentSince }: { now: Date; silentSince: Date }): Promise<BulkJob | undefined> {
  const free = or(isNull(bulkJobs.claimedAt), lt(bulkJobs.claimedAt, silentSince), eq(bulkJobs.claimedBy, by));
  const [job] = await tx
    .update(bulkJobs)
    .set({ claimedBy: by, claimedAt: now })
    .where(and(eq(bulkJobs.id, id), eq(bulkJobs.state, 'PREVIEWING'), free))
    .returning();
  return job;
}

export async function insertItems(tx: Tx, items: readonly BulkItem[]): Promise<void> {
  for (let from = 0; from < items.length; from += CHUNK) await tx.insert(bulkItems).values(items.slice(from, from + CHUNK));
}

/** Items whose run has ended get its outcome; answers how many. */
export async function takeOutcomes(tx: Tx, jobId: string): Promise<number> {
  const { state, error, finishedAt, supersededBy: _by } = workflowRuns;
  const rows = await tx
    .update(bulkItems)
    .set({
      state: sql`case ${state} when 'SUCCEEDED' then 'SUCCEEDED' when 'FAILED' then 'FAILED' else 'SKIPPED' end`,
      skippedBecause: sql`case ${state} when 'SUPERSEDED' then 'SUPERSEDED' when 'CANCELLED' then 'RUN_CANCELLED' end`,
      error: sql`case ${state} when 'FAILED' then ${error} end`,
      finishedAt: sql`${finishedAt}`,
    })
    .from(workflowRuns)
    .where(and(eq(bulkItems.jobId, jobId), eq(bulkItems.state, 'RUNNING'), eq(workflowRuns.id, bulkItems.id), isNotNull(finishedAt)))
    .returning({ id: bulkItems.id });
  return rows.length;
}

const hasRun = (tx: Tx) => tx.select({ one: sql`1` }).from(workflowRuns).where(eq(workflowRuns.id, bulkItems.id));

/**
 * Items that were taken to be begun and never were, because their process ended: those of other processes taken before
 * `before`, and those of this one that it does not know of. They are pending again; answers how many.
 */
export async function returnOrphans(tx: Tx, jobId: string, { by, known, before }: { by: string; known: readonly string[]; before: Date }): Promise<number> {
  const forgotten = and(eq(bulkItems.claimedBy, by), known.length > 0 ? notInArray(bulkItems.id, [...known]) : undefined);
  const rows = await tx
    .update(bulkItems)
    .set({ state: 'PENDING', claimedBy: null, claimedAt: null })
    .where(and(eq(bulkItems.jobId, jobId), eq(bulkItems.state, 'RUNNING'), notExists(hasRun(tx)), or(forgotten, and(ne(bulkItems.claimedBy, by), lt(bulkItems.claimedAt, before)))))
    .returning({ id: bulkItems.id });
  return rows.length;
}

/** Routers that so many items of a job are at, of which one waits at least. */
export async function routersWaitedFor(tx: Tx, jobId: string, items: number): Promise<string[]> {
  const rows = await tx
    .select({ heldBy: bulkItems.heldBy })
    .from(bulkItems)
    .leftJoin(workflowRuns, eq(workflowRuns.id, bulkItems.id))
    .where(and(eq(bulkItems.jobId, jobId), eq(bulkItems.state, 'RUNNING'), isNotNull(bulkItems.heldBy)))
    .groupBy(bulkItems.heldBy)
    .having(and(gte(count(), items), sql`bool_or(${workflowRuns.state} <> 'RUNNING')`));
  return rows.map(({ heldBy }) => heldBy!);
}

/** Takes the next items to be begun by this process, in their order. */
export async function claimItems(tx: Tx, jobId: string, { by, limit, without, budget, now }: { by: string; limit: number; without: readonly string[]; budget: number | null; now: Date }): Promise<BulkItem[]> {
  const next = await tx
    .select({ id: bulkItems.id, attempts: bulkItems.attempts })
    .from(bulkItems)
    .where(
      and(
        eq(bulkItems.jobId, jobId),
        eq(bulkItems.state, 'PENDING'),
        or(isNull(bulkItems.nextAttemptAt), lte(bulkItems.nextAttemptAt, now)),
        without.length > 0 ? or(isNull(bulkItems.heldBy), notInArray(bulkItems.heldBy, [...without])) : undefined,
        // What was tried before has been counted already.
        budget === 0 ? sql`${bulkItems.attempts} > 0` : undefined,
      ),
    )
    .orderBy(asc(bulkItems.position))
    .limit(limit)
    .for('update', { skipLocked: true });
  let left = budget ?? Infinity;
  const within = next.filter(({ attempts }) => attempts > 0 || (left -= 1) >= 0);
  if (within.length === 0) return [];
  const taken = await tx
    .update(bulkItems)
    .set({ state: 'RUNNING', claimedBy: by, claimedAt: now, attempts: sql`${bulkItems.attempts} + 1`, startedAt: sql`coalesce(${bulkItems.startedAt}, ${now.toISOString()}::timestamptz)`, nextAttemptAt: null, error: null })
    .where(anyOf(bulkItems.id, within.map(({ id }) => id)))
    .returning(getTableColumns(bulkItems));
  return taken.sort((one, other) => one.position - other.position);
}

/** What came of an item that is running and has no run; false when that has changed. */
export async function updateItem(tx: Tx, id: string, changes: Partial<Pick<BulkItem, 'state' | 'skippedBecause' | 'error' | 'nextAttemptAt' | 'finishedAt' | 'claimedBy' | 'claimedAt'>>): Promise<boolean> {
  const rows = await tx
    .update(bulkItems)
    .set(changes)
    .where(and(eq(bulkItems.id, id), eq(bulkItems.state, 'RUNNING')))
    .returning({ id: bulkItems.id });
  return rows.length > 0;
}

/** Whatever has not begun is left out. */
export async function skipPending(tx: Tx, jobId: string, now: Date): Promise<number> {
  const rows = await tx
    .update(bulkItems)
    .set({ state: 'SKIPPED', skippedBecause: 'CANCELLED', finishedAt: now, nextAttemptAt: null })
    .where(and(eq(bulkItems.jobId, jobId), eq(bulkItems.state, 'PENDING')))
    .returning({ id: bulkItems.id });
  return rows.length;
}
