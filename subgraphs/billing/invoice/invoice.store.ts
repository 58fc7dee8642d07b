import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, asc, count, eq, getTableColumns, gt, gte, lt, lte, sql, type SQL } from '#kernel/db/drizzle.ts';
import { matchesText } from '#kernel/db/filtering.ts';
import { listConnection, pageOf, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import { invoiceLines, invoices } from '../tables.ts';
import type { Invoice } from './invoice.ts';
import { InvoiceState, type CustomerInvoiceFilter, type DateFilter, type InvoiceFilter, type InvoiceOrderField } from './invoice.type.ts';

export type InvoiceQuery = ListQuery<InvoiceFilter, InvoiceOrderField>;
export type CustomerInvoiceQuery = ListQuery<CustomerInvoiceFilter, InvoiceOrderField>;

const { tenantId: _owner, suspensionDueOn: _announced, ...columns } = getTableColumns(invoices);
const SORTED = { numberValue: invoices.numberValue, issuedOn: invoices.issuedOn, dueOn: invoices.dueOn };

function toInvoice({ totalMinor, paidMinor, currency, ...row }: Omit<typeof invoices.$inferSelect, 'tenantId' | 'suspensionDueOn'>): Invoice {
  return { ...row, total: { minor: totalMinor, currency }, paid: { minor: paidMinor, currency } };
}

export async function byIds(tx: Tx, ids: string[]): Promise<Invoice[]> {
  const rows = await tx
    .select(columns)
    .from(invoices)
    .where(anyOf(invoices.id, ids.filter(isUuid)));
  return rows.map(toInvoice);
}

/** For a payment: nobody else changes it until the transaction ends. */
export async function lock(tx: Tx, id: string): Promise<Invoice | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await tx.select(columns).from(invoices).where(eq(invoices.id, id)).for('update');
  return row && toInvoice(row);
}

function within(column: typeof invoices.dueOn | typeof invoices.issuedOn, filter: DateFilter | null | undefined): SQL | undefined {
  return and(filter?.from ? gte(column, filter.from) : undefined, filter?.to ? lt(column, filter.to) : undefined);
}

export function list(db: SubgraphDatabase, tenantId: string, query: InvoiceQuery): Promise<ConnectionValue<Invoice>> {
  const { filter } = query;
  const where = and(
    filter?.state ? eq(invoices.state, filter.state) : undefined,
    filter?.customerId ? eq(invoices.customerId, filter.customerId) : undefined,
    filter?.serviceId ? eq(invoices.serviceId, filter.serviceId) : undefined,
    matchesText(invoices.number, filter?.number),
    within(invoices.dueOn, filter?.dueOn),
    within(invoices.issuedOn, filter?.issuedOn),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: SORTED,
    id: invoices.id,
    rows: async (tx, page) =>
      (
        await tx
          .select(columns)
          .from(invoices)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map(toInvoice),
    count: async (tx) => (await tx.select({ total: count() }).from(invoices).where(where))[0]!.total,
  });
}

/** One page of invoices for each of many customers in one statement. */
export async function pagesOfCustomers(tx: Tx, customerIds: string[], { page, filter, orderBy }: CustomerInvoiceQuery): Promise<Map<string, Omit<ConnectionValue<Invoice>, 'totalCount'>>> {
  const keyset = pageOf({ columns: SORTED, id: invoices.id, orderBy, ...page });
  const ranked = tx
    .select({ ...columns, rank: sql<string>`row_number() over (partition by ${invoices.customerId} order by ${sql.join(keyset.orderBy, sql`, `)})`.as('rank') })
    .from(invoices)
    .where(and(anyOf(invoices.customerId, customerIds), filter?.state ? eq(invoices.state, filter.state) : undefined, keyset.where))
    .as('ranked');
  const rows = await tx
    .select()
    .from(ranked)
    .where(and(gt(ranked.rank, sql`${keyset.offset}`), lte(ranked.rank, sql`${keyset.offset + keyset.limit}`)))
    .orderBy(asc(ranked.rank));
  const ofCustomer = new Map<string, Invoice[]>(customerIds.map((id) => [id.toLowerCase(), []]));
  for (const { rank: _rank, ...row } of rows) ofCustomer.get(row.customerId)?.push(toInvoice(row));
  return new Map([...ofCustomer].map(([customerId, found]) => [customerId, keyset.toPage(found)]));
}

export async function countsOfCustomers(tx: Tx, customerIds: string[], filter: CustomerInvoiceFilter | null | undefined): Promise<Map<string, number>> {
  const rows = await tx
    .select({ customerId: invoices.customerId, total: count() })
    .from(invoices)
    .where(and(anyOf(invoices.customerId, customerIds), filter?.state ? eq(invoices.state, filter.state) : undefined))
    .groupBy(invoices.customerId);
  return new Map(rows.map(({ customerId, total }) => [customerId, total]));
}

export interface InvoiceLine {
  description: string;
  /** Decimal text. */
  quantity: string;
  unitPrice: Money;
  total: Money;
  derivation: string;
}

/** The lines of many invoices by invoice id. */
export async function linesOf(tx: Tx, invoiceIds: string[]): Promise<Map<string, InvoiceLine[]>> {
  const rows = await tx
    .select({ ...getTableColumns(invoiceLines), currency: invoices.currency })
    .from(invoiceLines)
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .where(anyOf(invoiceLines.invoiceId, invoiceIds))
    .orderBy(asc(invoiceLines.invoiceId), asc(invoiceLines.position));
  const found = new Map<string, InvoiceLine[]>();
  for (const { invoiceId, description, quantity, unitPriceMinor, totalMinor, derivation, currency } of rows) {
    const line = { description, quantity: quantity.replace(/\.?0+$/, ''), unitPrice: { minor: unitPriceMinor, currency }, total: { minor: totalMinor, currency }, derivation };
    found.set(invoiceId, [...(found.get(invoiceId) ?? []), line]);
  }
  return found;
}

/** The caller holds the invoice's lock. */
export async function settle(tx: Tx, { id, paid, state }: Pick<Invoice, 'id' | 'paid' | 'state'>): Promise<void> {
  await tx.update(invoices).set({ paidMinor: paid.minor, state }).where(eq(invoices.id, id));
}

/** Whether anything of a service is overdue. */
export async function anyOverdue(tx: Tx, serviceId: string): Promise<boolean> {
  const [row] = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(and(eq(invoices.serviceId, serviceId), eq(invoices.state, InvoiceState.OVERDUE)))
    .limit(1);
  return row !== undefined;
}
