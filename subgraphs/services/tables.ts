import { instant } from '#kernel/db/columns.ts';
import { counterTable } from '#kernel/db/counter.ts';
import { bigint, integer, pgSchema, smallint, text, uuid } from '#kernel/db/drizzle.ts';
import { idempotencyTable } from '#kernel/db/idempotency.ts';
import type { BillingInterval, ServiceType } from './plan/plan.type.ts';
import type { ServiceStatus } from './service/service.type.ts';

export const schema = pgSchema('services');

/** One row a plan; what it costs and gives stands in its versions. */
export const plans = schema.table('plans', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  code: text('code').notNull(),
  name: text('name').notNull(),
  serviceType: text('service_type').$type<ServiceType>().notNull(),
  version: integer('version').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  removedAt: instant('removed_at'),
});

/** Never updated: a service was sold under one of these. */
export const planVersions = schema.table('plan_versions', {
  planId: uuid('plan_id').notNull(),
  version: integer('version').notNull(),
  tenantId: uuid('tenant_id').notNull(),
  priceMinor: bigint('price_minor', { mode: 'bigint' }).notNull(),
  currency: text('currency').notNull(),
  billingInterval: text('billing_interval').$type<BillingInterval>().notNull(),
  rateLimit: text('rate_limit').notNull(),
  localAddress: text('local_address').notNull(),
  remotePool: text('remote_pool').notNull(),
  graceDays: smallint('grace_days').notNull(),
  createdAt: instant('created_at').notNull(),
});

export const services = schema.table('services', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  number: text('number').notNull(),
  status: text('status').$type<ServiceStatus>().notNull(),
  customerId: uuid('customer_id').notNull(),
  planId: uuid('plan_id').notNull(),
  planVersion: integer('plan_version').notNull(),
  billingDay: smallint('billing_day').notNull(),
  /** The durable run that made it, which alone may take it back. */
  runId: text('run_id'),
  createdAt: instant('created_at').notNull(),
  activatedAt: instant('activated_at'),
  updatedAt: instant('updated_at').notNull(),
  suspendedAt: instant('suspended_at'),
  suspensionReason: text('suspension_reason'),
  terminatedAt: instant('terminated_at'),
  /** The newest wish that was heard, counted by ops: an older one that arrives late is refused. */
  intent: bigint('intent', { mode: 'number' }).notNull(),
  /** The run that changed the plan last, and what it was before: that run may take its change back. */
  planRunId: text('plan_run_id'),
  priorPlanId: uuid('prior_plan_id'),
  priorPlanVersion: integer('prior_plan_version'),
});

export const idempotencyKeys = idempotencyTable(schema);
export const counters = counterTable(schema);
