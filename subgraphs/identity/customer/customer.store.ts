import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, count, eq, getTableColumns, isNull, or, sql, type SQL } from '#kernel/db/drizzle.ts';
import { insertOf, statement } from '#kernel/db/statement.ts';
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
  return withIds(tx, { ids: ids.filter(isUuid) });
}

const withIds = statement((db, value) => db.select(columns).from(customers).where(sql`${customers.id} = any(${value('ids')}::uuid[])`));

/** For a change: nobody else changes it until the transaction ends. */
export async function lock(tx: Tx, id: string): Promise<Customer | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await tx.select(columns).from(customers).where(eq(customers.id, id)).for('update');
  return row;
}

function namedAny(names: readonly string[]): SQL {
  return sql`lower(${customers.name}) in (select lower(n) from unnest(${sql.param([...names])}::text[]) n)`;
}

/** Those that any of the keys leads to and who have not left, for a change: the oldest first. Letter case of names and e-mail addresses does not matter. */
export async function lockKnownBy(tx: Tx, keys: { ids: string[]; names: string[]; emails: string[]; phones: string[] }): Promise<Customer[]> {
  return tx
    .select(columns)
    .from(customers)
    .where(
      and(
        isNull(customers.closedAt),
        or(
          anyOf(customers.id, keys.ids.filter(isUuid)),
          namedAny(keys.names),
          sql`lower(${customers.email}) in (select lower(e) from unnest(${sql.param(keys.emails)}::text[]) e)`,
          anyOf(customers.phone, keys.phones),
        ),
      ),
    )
    .orderBy(customers.createdAt, customers.id)
    .for('update');
}

/** Until the transaction ends, no other one of the tenant makes customers out of names. */
export async function lockUpserts(tx: Tx, tenantId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('identity.customers.upsert:' || ${tenantId}::text, 0))`);
}

export function list(db: SubgraphDatabase, tenantId: string, query: CustomerQuery): Promise<ConnectionValue<Customer>> {
  const { filter } = query;
  const where = and(
    isNull(customers.closedAt),
    filter?.ids ? anyOf(customers.id, filter.ids.filter(isUuid)) : undefined,
    filter?.names ? namedAny(filter.names) : undefined,
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
  await insertCustomer(tx, { ...customer, tenantId });
}

const insertCustomer = insertOf(customers);

export async function update(tx: Tx, { id, name, email, phone, status, updatedAt, closedAt }: Customer): Promise<void> {
  await tx.update(customers).set({ name, email, phone, status, updatedAt, closedAt }).where(eq(customers.id, id));
}

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.delete(customers).where(eq(customers.id, id));
}
