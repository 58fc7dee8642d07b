import { anyOf } from '#kernel/db/columns.ts';
import type { Tx } from '#kernel/db/database.ts';
import { and, asc, count, getTableColumns, gt, lte, sql } from '#kernel/db/drizzle.ts';
import { pageOf, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid, uuidv7 } from '#kernel/ids.ts';
import type { Allocation } from '../account/account.ts';
import { allocations, payments } from '../tables.ts';
import type { Payment } from './payment.ts';
import type { PaymentOrderField } from './payment.type.ts';

export type CustomerPaymentQuery = ListQuery<never, PaymentOrderField>;

const { tenantId: _owner, ...columns } = getTableColumns(payments);
const SORTED = { id: payments.id, receivedOn: payments.receivedOn };

function toPayment({ amountMinor, currency, recordedByKind, ...row }: Omit<typeof payments.$inferSelect, 'tenantId'>): Payment {
  return { ...row, amount: { minor: amountMinor, currency }, recordedByKind: recordedByKind as Payment['recordedByKind'] };
}

export async function byIds(tx: Tx, ids: string[]): Promise<Payment[]> {
  const rows = await tx
    .select(columns)
    .from(payments)
    .where(anyOf(payments.id, ids.filter(isUuid)));
  return rows.map(toPayment);
}

export async function insert(tx: Tx, tenantId: string, { amount, ...payment }: Payment): Promise<void> {
  await tx.insert(payments).values({ ...payment, tenantId, amountMinor: amount.minor, currency: amount.currency });
}

export async function allocate(tx: Tx, tenantId: string, now: Date, made: readonly Allocation[]): Promise<void> {
  if (made.length === 0) return;
  const rows = made.map(({ paymentId, invoiceId, amount }) => ({ id: uuidv7(), payment_id: paymentId, invoice_id: invoiceId, amount_minor: amount.minor.toString() }));
  await tx.execute(sql`
    insert into ${allocations} (id, tenant_id, payment_id, invoice_id, amount_minor, created_at)
    select id, ${tenantId}, payment_id, invoice_id, amount_minor, ${now.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, payment_id uuid, invoice_id uuid, amount_minor bigint)`);
}


/** What many payments were used for, by payment id, in order. */
export async function allocationsOf(tx: Tx, paymentIds: string[]): Promise<Map<string, Array<{ invoiceId: string; minor: bigint; createdAt: Date }>>> {
  const rows = await tx
    .select({ paymentId: allocations.paymentId, invoiceId: allocations.invoiceId, minor: allocations.amountMinor, createdAt: allocations.createdAt })
    .from(allocations)
    .where(anyOf(allocations.paymentId, paymentIds))
    .orderBy(asc(allocations.id));
  const found = new Map<string, Array<{ invoiceId: string; minor: bigint; createdAt: Date }>>();
  for (const { paymentId, ...row } of rows) found.set(paymentId, [...(found.get(paymentId) ?? []), row]);
  return found;
}

/** One page of payments for each of many customers in one statement. */
export async function pagesOfCustomers(tx: Tx, customerIds: string[], { page, orderBy }: CustomerPaymentQuery): Promise<Map<string, Omit<ConnectionValue<Payment>, 'totalCount'>>> {
  const keyset = pageOf({ columns: SORTED, id: payments.id, orderBy, ...page });
  const ranked = tx
    .select({ ...columns, rank: sql<string>`row_number() over (partition by ${payments.customerId} order by ${sql.join(keyset.orderBy, sql`, `)})`.as('rank') })
    .from(payments)
    .where(and(anyOf(payments.customerId, customerIds), keyset.where))
    .as('ranked');
  const rows = await tx
    .select()
    .from(ranked)
    .where(and(gt(ranked.rank, sql`${keyset.offset}`), lte(ranked.rank, sql`${keyset.offset + keyset.limit}`)))
    .orderBy(asc(ranked.rank));
  const ofCustomer = new Map<string, Payment[]>(customerIds.map((id) => [id.toLowerCase(), []]));
  for (const { rank: _rank, ...row } of rows) ofCustomer.get(row.customerId)?.push(toPayment(row));
  return new Map([...ofCustomer].map(([customerId, found]) => [customerId, keyset.toPage(found)]));
}

export async function countsOfCustomers(tx: Tx, customerIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.select({ customerId: payments.customerId, total: count() }).from(payments).where(anyOf(payments.customerId, customerIds)).groupBy(payments.customerId);
  return new Map(rows.map(({ customerId, total }) => [customerId, total]));
}
