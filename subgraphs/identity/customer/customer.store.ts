import { and, count, eq, getTableColumns, isNull } from 'drizzle-orm';
import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { matchesText, occursIn, withinTime } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { customers } from '../tables.ts';
import type { Customer } from './customer.ts';
import type { CustomerFilter, CustomerOrderField } from './customer.type.ts';

export type CustomerQuery = ListQuery<CustomerFilter, CustomerOrderField>;

const { tenantId: _owner, ...columns } = getTableColumns(customers);

export async function byIds(tx: Tx, ids: string[]): Promise<Customer[]> {
  return tx
    .select(columns)
    .from(customers)
    .where(anyOf(customers.id, ids.filter(isUuid)));
}

/** For a change: nobody else changes it until the transaction ends. */
export async function lock(tx: Tx, id: string): Promise<Customer | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await tx.select(columns).from(customers).where(eq(customers.id, id)).for('update');
  return row;
}

export function list(db: SubgraphDatabase, tenantId: string, query: CustomerQuery): Promise<ConnectionValue<Customer>> {
  const { filter } = query;
  const where = and(
    isNull(customers.closedAt),
    occursIn([customers.name, customers.email, customers.phone, customers.accountNumber], filter?.search),
    matchesText(customers.name, filter?.name),
    matchesText(customers.email, filter?.email),
    matchesText(customers.phone, filter?.phone),
    matchesText(customers.accountNumber, filter?.accountNumber),
    filter?.status ? eq(customers.status, filter.status) : undefined,
    withinTime(customers.createdAt, filter?.createdAt),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { name: customers.name, createdAt: customers.createdAt, accountNumber: customers.accountNumber },
    id: customers.id,
    rows: (tx, page) =>
      tx
        .select(columns)
        .from(customers)
        .where(and(where, page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: async (tx) => (await tx.select({ total: count() }).from(customers).where(where))[0]!.total,
  });
}

export async function insert(tx: Tx, tenantId: string, customer: Customer): Promise<void> {
  await tx.insert(customers).values({ ...customer, tenantId });
}

export async function update(tx: Tx, { id, name, email, phone, status, updatedAt, closedAt }: Customer): Promise<void> {
  await tx.update(customers).set({ name, email, phone, status, updatedAt, closedAt }).where(eq(customers.id, id));
}

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.delete(customers).where(eq(customers.id, id));
}
