import type { CivilDate } from '#kernel/civil-time.ts';
import type { Tx } from '#kernel/db/database.ts';
import { sql, type SQL } from '#kernel/db/drizzle.ts';
import { recordset } from '#kernel/db/recordset.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { BillableSubscription, Charge, DecidedPeriod, Terms } from '../subscription/periods.ts';
import type { SuspensionPolicy } from '../subscription/subscription.type.ts';
import { counters, invoiceLines, invoices, parkedSubscriptions, periods, planPolicies, subscriptions, subscriptionTerms, suspensions } from '../tables.ts';

/* The statements of a billing run: each about a whole chunk of subscriptions. */

/** A subscription with everything that decides what it owes. */
export interface Billable extends BillableSubscription {
  id: string;
  serviceId: string;
  customerId: string;
  startedOn: CivilDate;
}

interface SubscriptionRow extends Record<string, unknown> {
  id: string;
  service_id: string;
  customer_id: string;
  plan_id: string;
  billing_day: number;
  started_on: string;
  billed_until: string;
  ended_on: string | null;
}

export interface ClaimOptions {
  runId: string;
  asOf: CivilDate;
  /** Only ids behind this one. */
  after: string | null;
  limit: number;
  /** Whether what another process has in hand is left to it, or waited for. */
  taken: 'skip' | 'wait';
  /** Only these. */
  only?: readonly string[] | undefined;
}

const COLUMNS = sql.raw('id, service_id, customer_id, plan_id, billing_day, started_on::text, billed_until::text, ended_on::text');

/** Due subscriptions in the order of their ids, locked until the transaction ends. Nobody else decides anything of them meanwhile. */
export async function claim(tx: Tx, { runId, asOf, after, limit, taken, only }: ClaimOptions): Promise<SubscriptionRow[]> {
  const found = await tx.execute<SubscriptionRow>(sql`
    select ${COLUMNS} from ${subscriptions} s
     where due_on <= ${asOf}::date and ${behind(after)}
       and id not in (select p.subscription_id from ${parkedSubscriptions} p where p.run_id = ${runId})
       ${only ? sql`and id = any(${sql.param([...only])}::uuid[])` : sql``}
     order by id limit ${limit} for update of s ${taken === 'skip' ? sql`skip locked` : sql``}`);
  return [...found];
}

/** The same without locks, for a dry run. */
export async function peek(tx: Tx, asOf: CivilDate, after: string | null, limit: number): Promise<SubscriptionRow[]> {
  return [...(await tx.execute<SubscriptionRow>(sql`select ${COLUMNS} from ${subscriptions} where due_on <= ${asOf}::date and ${behind(after)} order by id limit ${limit}`))];
}

function behind(after: string | null): SQL {
  return after === null ? sql`true` : sql`id > ${after}`;
}

/** Adds terms, suspensions and policies: after the lock, in statements of their own, so that they are of the same state. */
export async function complete(tx: Tx, rows: SubscriptionRow[]): Promise<Billable[]> {
  const ids = sql`${sql.param(rows.map(({ id }) => id))}::uuid[]`;
  const [terms, pauses, policies] = await Promise.all([
    tx.execute<{ subscription_id: string; effective_from: string; plan_code: string; price_minor: string; currency: string; grace_days: number }>(sql`
      select subscription_id, effective_from::text, plan_code, price_minor::text, currency, grace_days from ${subscriptionTerms} where subscription_id = any(${ids}) order by subscription_id, position`),
    tx.execute<{ subscription_id: string; suspended_on: string; resumed_on: string | null }>(sql`
      select subscription_id, suspended_on::text, resumed_on::text from ${suspensions} where subscription_id = any(${ids}) order by subscription_id, position`),
    tx.execute<{ plan_id: string; suspension_policy: SuspensionPolicy }>(sql`
      select plan_id, suspension_policy from ${planPolicies} where plan_id = any(${sql.param([...new Set(rows.map(({ plan_id }) => plan_id))])}::uuid[])`),
  ]);
  const termsOf = grouped(terms, (row): Terms => ({ effectiveFrom: row.effective_from, planCode: row.plan_code, price: { minor: BigInt(row.price_minor), currency: row.currency }, graceDays: Number(row.grace_days) }));
  const pausesOf = grouped(pauses, (row) => ({ suspendedOn: row.suspended_on, resumedOn: row.resumed_on }));
  const policyOf = new Map([...policies].map((row) => [row.plan_id, row.suspension_policy]));
  return rows.map((row) => ({
    id: row.id,
    serviceId: row.service_id,
    customerId: row.customer_id,
    billingDay: Number(row.billing_day),
    startedOn: row.started_on,
    billedUntil: row.billed_until,
    endedOn: row.ended_on,
    policy: policyOf.get(row.plan_id) ?? 'PAUSE',
    terms: termsOf.get(row.id) ?? [],
    suspensions: pausesOf.get(row.id) ?? [],
  }));
}

function grouped<Row extends { subscription_id: string }, T>(rows: Iterable<Row>, make: (row: Row) => T): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const list = found.get(row.subscription_id);
    if (list) list.push(make(row));
    else found.set(row.subscription_id, [make(row)]);
  }
  return found;
}

/** A period as it is written. */
export interface PeriodRow {
  subscriptionId: string;
  first: boolean;
  period: DecidedPeriod;
  invoiceId: string | null;
}

/** The natural key refuses a period that was decided before, the chain one that overlaps or leaves a hole. */
export async function insertPeriods(tx: Tx, tenantId: string, runId: string, rows: PeriodRow[]): Promise<void> {
  const made = recordset('r', rows, {
    subscription_id: ['uuid', (row) => row.subscriptionId],
    period_from: ['date', ({ period }) => period.from],
    period_to: ['date', ({ period }) => period.to],
    previous_to: ['date', ({ first, period }) => (first ? null : period.from)],
    kind: ['text', ({ period }) => period.kind],
    invoice_id: ['uuid', (row) => row.invoiceId],
  });
  await tx.execute(sql`
    insert into ${periods} (tenant_id, subscription_id, period_from, period_to, previous_to, kind, invoice_id, run_id)
    select ${tenantId}, r.*, ${runId} from ${made}`);
}

export async function insertLines(tx: Tx, tenantId: string, rows: Array<{ invoiceId: string; charge: Charge }>): Promise<void> {
  const made = recordset('r', rows, {
    invoice_id: ['uuid', (row) => row.invoiceId],
    description: ['text', ({ charge }) => charge.description],
    quantity: ['numeric', ({ charge }) => charge.quantity],
    unit_price_minor: ['bigint', ({ charge }) => charge.unitPrice.minor],
    total_minor: ['bigint', ({ charge }) => charge.total.minor],
    derivation: ['text', ({ charge }) => charge.derivation],
  });
  await tx.execute(sql`
    insert into ${invoiceLines} (tenant_id, position, invoice_id, description, quantity, unit_price_minor, total_minor, derivation)
    select ${tenantId}, 1, r.* from ${made}`);
}

export async function advance(tx: Tx, rows: Array<{ id: string; billedUntil: CivilDate; dueOn: CivilDate | null }>): Promise<void> {
  const decided = recordset('r', rows, {
    id: ['uuid', (row) => row.id],
    billed_until: ['date', (row) => row.billedUntil],
    due_on: ['date', (row) => row.dueOn],
  });
  // One by one: while the table is not analysed, a plain join goes through all subscriptions of the tenant for each chunk. They are locked, so they stay where they are.
  await tx.execute(sql`
    update ${subscriptions} s set billed_until = r.billed_until, due_on = r.due_on
      from ${decided} cross join lateral (select o.ctid as place from ${subscriptions} o where o.id = r.id offset 0) o where s.ctid = o.place`);
}

/**
 * Takes `howMany` numbers and answers the first. The row stays locked until the transaction ends, and a transaction that
 * fails gives its numbers back: that is what makes them gapless. To be called last.
 */
export async function takeNumbers(tx: Tx, tenantId: string, howMany: number): Promise<bigint> {
  const [row] = await tx.execute<{ value: string }>(sql`
    insert into ${counters} as c (tenant_id, name, value) values (${tenantId}, 'invoice', ${howMany})
    on conflict (tenant_id, name) do update set value = c.value + excluded.value
    returning value::text`);
  return BigInt(row!.value) - BigInt(howMany) + 1n;
}

/** Invoices that one run issues at one moment, due on the same day. */
export async function insertInvoices(tx: Tx, tenantId: string, rows: Invoice[]): Promise<void> {
  const made = recordset('r', rows, {
    id: ['uuid', (row) => row.id],
    number_value: ['bigint', (row) => row.numberValue],
    number: ['text', (row) => row.number],
    customer_id: ['uuid', (row) => row.customerId],
    service_id: ['uuid', (row) => row.serviceId],
    subscription_id: ['uuid', (row) => row.subscriptionId],
    period_from: ['date', (row) => row.periodFrom],
    period_to: ['date', (row) => row.periodTo],
    grace_days: ['smallint', (row) => row.graceDays],
    total_minor: ['bigint', ({ total }) => total.minor],
    currency: ['text', ({ total }) => total.currency],
    state: ['text', (row) => row.state],
    paid_minor: ['bigint', ({ paid }) => paid.minor],
  });
  const { runId, issuedOn, dueOn, createdAt } = rows[0]!;
  await tx.execute(sql`
    insert into ${invoices} (tenant_id, run_id, issued_on, due_on, created_at, id, number_value, number, customer_id, service_id, subscription_id, period_from, period_to, grace_days, total_minor, currency, state, paid_minor)
    select ${tenantId}, ${runId}, ${issuedOn}::date, ${dueOn}::date, ${createdAt.toISOString()}::timestamptz, r.* from ${made}`);
}
