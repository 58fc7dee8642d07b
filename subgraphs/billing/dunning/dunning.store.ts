import type { CivilDate } from '#kernel/civil-time.ts';
import type { Tx } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import type { Announced } from '../invoice/invoice.events.ts';
import { credits, invoices, subscriptions } from '../tables.ts';
import type { SuspensionDue } from './dunning.events.ts';

/** Customers who have credit and an invoice that is past its due day. */
export async function customersWithCreditAndDebt(tx: Tx, asOf: CivilDate, limit: number): Promise<string[]> {
  const rows = await tx.execute<{ customer_id: string }>(sql`
    select distinct c.customer_id from ${credits} c
     where c.remaining_minor > 0
       and exists (select from ${invoices} i where i.customer_id = c.customer_id and i.currency = c.currency and i.state in ('ISSUED', 'OVERDUE') and i.due_on < ${asOf}::date)
     limit ${limit}`);
  return rows.map(({ customer_id }) => customer_id);
}

export interface PastDue extends Announced {
  open: Announced['total'];
  paid: Announced['total'];
  state: 'ISSUED' | 'OVERDUE';
}

/** What these customers owe past its day, the oldest first, locked. */
export async function lockPastDue(tx: Tx, customerIds: string[], asOf: CivilDate): Promise<PastDue[]> {
  const rows = await tx.execute<InvoiceRow & { paid_minor: string; state: PastDue['state'] }>(sql`
    select id, number, customer_id, service_id, total_minor::text, paid_minor::text, currency, due_on::text, state from ${invoices}
     where customer_id = any(${sql.param(customerIds)}::uuid[]) and state in ('ISSUED', 'OVERDUE') and due_on < ${asOf}::date
     order by due_on, id for update`);
  return rows.map((row) => {
    const paid = { minor: BigInt(row.paid_minor), currency: row.currency };
    const announced = toAnnounced(row);
    return { ...announced, paid, open: { ...paid, minor: announced.total.minor - paid.minor }, state: row.state };
  });
}

interface InvoiceRow extends Record<string, unknown> {
  id: string;
  number: string;
  customer_id: string;
  service_id: string;
  total_minor: string;
  currency: string;
  due_on: string;
}

function toAnnounced(row: InvoiceRow): Announced {
  return { id: row.id, number: row.number, customerId: row.customer_id, serviceId: row.service_id, total: { minor: BigInt(row.total_minor), currency: row.currency }, dueOn: row.due_on };
}

/** Marks up to `limit` invoices that are open after their due day. A payment that is under way is waited for. */
export async function markOverdue(tx: Tx, asOf: CivilDate, limit: number): Promise<Array<Announced & { overdueSince: CivilDate }>> {
  const rows = await tx.execute<InvoiceRow & { overdue_since: string }>(sql`
    with due as materialized (select id from ${invoices} where state = 'ISSUED' and due_on < ${asOf}::date order by due_on, id limit ${limit} for update)
    update ${invoices} i set state = 'OVERDUE', overdue_since = i.due_on + 1
      from due
     where i.id = due.id
    returning i.id, i.number, i.customer_id, i.service_id, i.total_minor::text, i.currency, i.due_on::text, i.overdue_since::text`);
  return rows.map((row) => ({ ...toAnnounced(row), overdueSince: row.overdue_since }));
}

/** Marks up to `limit` overdue invoices whose days of grace are over and whose service has not ended. Each once, for ever. */
export async function markSuspensionDue(tx: Tx, asOf: CivilDate, limit: number): Promise<SuspensionDue[]> {
  const rows = await tx.execute<{ id: string; service_id: string; customer_id: string; due_on: string; grace_days: number }>(sql`
    with due as materialized (
      select id from ${invoices} d
       where state = 'OVERDUE' and suspension_due_on is null and due_on + grace_days < ${asOf}::date
         and not exists (select from ${subscriptions} s where s.id = d.subscription_id and s.ended_on <= ${asOf}::date)
       order by due_on, id limit ${limit} for update)
    update ${invoices} i set suspension_due_on = ${asOf}::date
      from due
     where i.id = due.id
    returning i.id, i.service_id, i.customer_id, i.due_on::text, i.grace_days`);
  return rows.map((row) => ({ serviceId: row.service_id, customerId: row.customer_id, invoiceId: row.id, dueOn: row.due_on, graceDays: Number(row.grace_days) }));
}

/** Of these services, those of which nothing is overdue. */
export async function settledServices(tx: Tx, serviceIds: string[]): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select w.id from unnest(${sql.param(serviceIds)}::uuid[]) as w(id)
     where not exists (select from ${invoices} i where i.service_id = w.id and i.state = 'OVERDUE')`);
  return rows.map(({ id }) => id);
}

/** What credit has paid. The caller holds the invoices' locks. */
export async function settleInvoices(tx: Tx, paid: Array<{ id: string; paidMinor: bigint }>): Promise<void> {
  const rows = JSON.stringify(paid.map(({ id, paidMinor }) => ({ id, paid_minor: paidMinor.toString() })));
  await tx.execute(sql`
    update ${invoices} i set paid_minor = p.paid_minor, state = case when p.paid_minor = i.total_minor then 'PAID' else i.state end
      from jsonb_to_recordset(${rows}::jsonb) as p(id uuid, paid_minor bigint)
     where i.id = p.id`);
}
