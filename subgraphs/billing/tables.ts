import { instant, minorUnits } from '#kernel/db/columns.ts';
import { counterTable } from '#kernel/db/counter.ts';
import { date, integer, numeric, pgSchema, primaryKey, smallint, text, uuid } from '#kernel/db/drizzle.ts';
import { idempotencyTable } from '#kernel/db/idempotency.ts';
import type { BillingRunState } from './billing-run/billing-run.type.ts';
import type { InvoiceState } from './invoice/invoice.type.ts';
import type { PaymentMethod } from './payment/payment.type.ts';
import type { SuspensionPolicy } from './subscription/subscription.type.ts';

export const schema = pgSchema('billing');

/** Civil dates stay text, `YYYY-MM-DD`. */
const day = (name: string) => date(name, { mode: 'string' });

export const tenantSettings = schema.table('tenant_settings', {
  tenantId: uuid('tenant_id').primaryKey(),
  timeZone: text('time_zone').notNull(),
  paymentTermDays: smallint('payment_term_days').notNull(),
  currency: text('currency'),
  createdAt: instant('created_at').notNull(),
});

export const planPolicies = schema.table(
  'plan_policies',
  { tenantId: uuid('tenant_id').notNull(), planId: uuid('plan_id').notNull(), suspensionPolicy: text('suspension_policy').$type<SuspensionPolicy>().notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.planId] })],
);

export const subscriptions = schema.table('subscriptions', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  serviceId: uuid('service_id').notNull(),
  customerId: uuid('customer_id').notNull(),
  planId: uuid('plan_id').notNull(),
  currency: text('currency').notNull(),
  billingDay: smallint('billing_day').notNull(),
  startedOn: day('started_on').notNull(),
  billedUntil: day('billed_until').notNull(),
  dueOn: day('due_on'),
  endedOn: day('ended_on'),
  createdAt: instant('created_at').notNull(),
});

/** Never updated. */
export const subscriptionTerms = schema.table('subscription_terms', {
  tenantId: uuid('tenant_id').notNull(),
  subscriptionId: uuid('subscription_id').notNull(),
  effectiveFrom: day('effective_from').notNull(),
  position: integer('position').notNull(),
  planId: uuid('plan_id').notNull(),
  planCode: text('plan_code').notNull(),
  planVersion: integer('plan_version').notNull(),
  priceMinor: minorUnits('price_minor').notNull(),
  currency: text('currency').notNull(),
  graceDays: smallint('grace_days').notNull(),
});

export const suspensions = schema.table('suspensions', {
  tenantId: uuid('tenant_id').notNull(),
  subscriptionId: uuid('subscription_id').notNull(),
  position: integer('position').notNull(),
  suspendedOn: day('suspended_on').notNull(),
  resumedOn: day('resumed_on'),
  reason: text('reason').notNull(),
});

export const billingRuns = schema.table('billing_runs', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  asOf: day('as_of').notNull(),
  state: text('state').$type<BillingRunState>().notNull(),
  invoices: integer('invoices').notNull(),
  requestedBy: text('requested_by'),
  startedAt: instant('started_at').notNull(),
  finishedAt: instant('finished_at'),
});

export const billingRunTotals = schema.table('billing_run_totals', {
  tenantId: uuid('tenant_id').notNull(),
  runId: uuid('run_id').notNull(),
  currency: text('currency').notNull(),
  totalMinor: minorUnits('total_minor').notNull(),
});

export const parkedSubscriptions = schema.table('parked_subscriptions', {
  tenantId: uuid('tenant_id').notNull(),
  runId: uuid('run_id').notNull(),
  subscriptionId: uuid('subscription_id').notNull(),
  serviceId: uuid('service_id').notNull(),
  code: text('code').notNull(),
  message: text('message').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** The role may update `state`, `paid_minor`, `overdue_since` and `suspension_due_on` alone. */
export const invoices = schema.table('invoices', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  numberValue: minorUnits('number_value').notNull(),
  number: text('number').notNull(),
  customerId: uuid('customer_id').notNull(),
  serviceId: uuid('service_id').notNull(),
  subscriptionId: uuid('subscription_id').notNull(),
  runId: uuid('run_id').notNull(),
  periodFrom: day('period_from').notNull(),
  periodTo: day('period_to').notNull(),
  issuedOn: day('issued_on').notNull(),
  dueOn: day('due_on').notNull(),
  graceDays: smallint('grace_days').notNull(),
  totalMinor: minorUnits('total_minor').notNull(),
  currency: text('currency').notNull(),
  createdAt: instant('created_at').notNull(),
  state: text('state').$type<InvoiceState>().notNull(),
  paidMinor: minorUnits('paid_minor').notNull(),
  overdueSince: day('overdue_since'),
  suspensionDueOn: day('suspension_due_on'),
});

/** Never updated. */
export const periods = schema.table('periods', {
  tenantId: uuid('tenant_id').notNull(),
  subscriptionId: uuid('subscription_id').notNull(),
  periodFrom: day('period_from').notNull(),
  periodTo: day('period_to').notNull(),
  previousTo: day('previous_to'),
  kind: text('kind').$type<'CHARGED' | 'PAUSED'>().notNull(),
  invoiceId: uuid('invoice_id'),
  runId: uuid('run_id').notNull(),
});

/** Never updated. */
export const invoiceLines = schema.table('invoice_lines', {
  tenantId: uuid('tenant_id').notNull(),
  invoiceId: uuid('invoice_id').notNull(),
  position: smallint('position').notNull(),
  description: text('description').notNull(),
  quantity: numeric('quantity', { precision: 18, scale: 6 }).notNull(),
  unitPriceMinor: minorUnits('unit_price_minor').notNull(),
  totalMinor: minorUnits('total_minor').notNull(),
  derivation: text('derivation').notNull(),
});

/** Never updated. */
export const payments = schema.table('payments', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  customerId: uuid('customer_id').notNull(),
  invoiceId: uuid('invoice_id').notNull(),
  amountMinor: minorUnits('amount_minor').notNull(),
  currency: text('currency').notNull(),
  method: text('method').$type<PaymentMethod>().notNull(),
  reference: text('reference'),
  receivedOn: day('received_on').notNull(),
  recordedBy: text('recorded_by'),
  recordedByKind: text('recorded_by_kind').notNull(),
  onBehalfOf: text('on_behalf_of'),
  createdAt: instant('created_at').notNull(),
});

/** Never updated. */
export const allocations = schema.table('allocations', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  paymentId: uuid('payment_id').notNull(),
  invoiceId: uuid('invoice_id').notNull(),
  amountMinor: minorUnits('amount_minor').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** What is left of a payment; a working copy of what payments less allocations say. */
export const credits = schema.table('credits', {
  paymentId: uuid('payment_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  customerId: uuid('customer_id').notNull(),
  currency: text('currency').notNull(),
  remainingMinor: minorUnits('remaining_minor').notNull(),
});

export const scheduleClaims = schema.table('schedule_claims', {
  tenantId: uuid('tenant_id').notNull(),
  kind: text('kind').$type<'BILLING' | 'DUNNING'>().notNull(),
  asOf: day('as_of').notNull(),
  claimedBy: text('claimed_by').notNull(),
  claimedUntil: instant('claimed_until').notNull(),
  finishedAt: instant('finished_at'),
});

export const idempotencyKeys = idempotencyTable(schema);
export const counters = counterTable(schema);
