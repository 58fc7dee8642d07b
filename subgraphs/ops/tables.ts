import { instant, tenantId } from '#kernel/db/columns.ts';
import { bigint, integer, jsonb, pgSchema, primaryKey, text, uuid } from '#kernel/db/drizzle.ts';
import { idempotencyTable } from '#kernel/db/idempotency.ts';
import type { BulkAction, BulkFilter, BulkItemState, BulkState, SkippedBecause } from './bulk/bulk-job.ts';
import type { SagaContext, SagaDefinition, StepError } from './engine/saga-definition.ts';
import type { RunState, StepState } from './run/workflow-run.ts';

export const schema = pgSchema('ops');

export const idempotencyKeys = idempotencyTable(schema);

/** One row a durable run. No secret is in `definition` or `context`: both are stored in clear, here and by the engine. */
export const workflowRuns = schema.table('workflow_runs', {
  id: uuid('id').primaryKey(),
  tenantId: tenantId(),
  kind: text('kind').notNull(),
  state: text('state').$type<RunState>().notNull(),
  generation: integer('generation').notNull(),
  version: bigint('version', { mode: 'number' }).notNull(),
  definition: jsonb('definition').$type<SagaDefinition>().notNull(),
  context: jsonb('context').$type<SagaContext>().notNull(),
  startedBy: text('started_by'),
  customerId: uuid('customer_id'),
  serviceId: uuid('service_id'),
  error: jsonb('error').$type<StepError>(),
  failedStep: text('failed_step'),
  cancelRequestedAt: instant('cancel_requested_at'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  finishedAt: instant('finished_at'),
  /** The newer run that took its place. */
  supersededBy: uuid('superseded_by'),
});

export const workflowSteps = schema.table(
  'workflow_steps',
  {
    runId: uuid('run_id').notNull(),
    position: integer('position').notNull(),
    tenantId: tenantId(),
    name: text('name').notNull(),
    state: text('state').$type<StepState>().notNull(),
    error: jsonb('error').$type<StepError>(),
    attempts: integer('attempts').notNull(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    nextAttemptAt: instant('next_attempt_at'),
    result: jsonb('result').$type<Record<string, unknown>>(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.position] })],
);

/** Counts the wishes for what a customer has; the row is also the lock under which runs take each other's place. */
export const wishCounters = schema.table(
  'wish_counters',
  {
    tenantId: tenantId(),
    customerId: uuid('customer_id').notNull(),
    wishes: bigint('wishes', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.customerId] })],
);

/** The processes that run sagas, and when each was last heard of, by the database's clock. Of no tenant. */
export const executors = schema.table('executors', {
  id: text('id').primaryKey(),
  heardAt: instant('heard_at').notNull(),
});

/**
 * Who uses an idempotency key. Unlike a row that is made in one transaction, a run is prepared by calls to other
 * subgraphs: the claim is taken before them and lapses if the process dies in between.
 */
export const runClaims = schema.table(
  'run_claims',
  {
    tenantId: tenantId(),
    operation: text('operation').notNull(),
    key: text('key').notNull(),
    /** Keyed hash of the input, password included: it tells inputs apart and gives nothing away. */
    fingerprint: text('fingerprint').notNull(),
    runId: uuid('run_id').notNull(),
    lapsesAt: instant('lapses_at').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.operation, table.key] })],
);

/** The same act for many services. `budget`: how many may still begin before it stops by itself. */
export const bulkJobs = schema.table('bulk_jobs', {
  id: uuid('id').primaryKey(),
  tenantId: tenantId(),
  action: text('action').$type<BulkAction>().notNull(),
  state: text('state').$type<BulkState>().notNull(),
  version: bigint('version', { mode: 'number' }).notNull(),
  filter: jsonb('filter').$type<BulkFilter>().notNull(),
  planId: uuid('plan_id'),
  routerId: uuid('router_id'),
  reason: text('reason'),
  itemCount: integer('item_count'),
  sessionsToCut: integer('sessions_to_cut'),
  asWished: integer('as_wished'),
  error: jsonb('error').$type<StepError>(),
  requestedBy: text('requested_by'),
  startedBy: text('started_by'),
  budget: integer('budget'),
  /** Up to when the pace is used up. */
  pacedAt: instant('paced_at'),
  /** The process that collects the selection, and when it was last heard of. */
  claimedBy: text('claimed_by'),
  claimedAt: instant('claimed_at'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  expiresAt: instant('expires_at'),
  startedAt: instant('started_at'),
  finishedAt: instant('finished_at'),
});

/** One service of a bulk job. Its id is the id of its run. */
export const bulkItems = schema.table('bulk_items', {
  id: uuid('id').primaryKey(),
  tenantId: tenantId(),
  jobId: uuid('job_id').notNull(),
  position: integer('position').notNull(),
  serviceId: uuid('service_id').notNull(),
  /** The router whose absence would hold its run up, as known at the preview. */
  heldBy: uuid('held_by'),
  state: text('state').$type<BulkItemState>().notNull(),
  skippedBecause: text('skipped_because').$type<SkippedBecause>(),
  error: jsonb('error').$type<StepError>(),
  attempts: integer('attempts').notNull(),
  /** The process that begins its run, and since when. */
  claimedBy: text('claimed_by'),
  claimedAt: instant('claimed_at'),
  nextAttemptAt: instant('next_attempt_at'),
  startedAt: instant('started_at'),
  finishedAt: instant('finished_at'),
});

/** Imports of routers that are to be carried on. Gone when there is nothing left to do. */
export const importJobs = schema.table('import_jobs', {
  importId: uuid('import_id').primaryKey(),
  tenantId: tenantId(),
  startedBy: text('started_by'),
  /** Visits that came to nothing, one after the other. */
  attempts: integer('attempts').notNull(),
  nextAt: instant('next_at').notNull(),
  /** The process that carries it on, and until when it is believed to. By the database's clock. */
  claimedBy: text('claimed_by'),
  claimedUntil: instant('claimed_until'),
});
