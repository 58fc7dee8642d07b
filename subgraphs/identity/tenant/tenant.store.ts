import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, count, eq, getTableColumns, isNull, sql } from '#kernel/db/drizzle.ts';
import { occursIn } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { customers, memberships, tenants } from '../tables.ts';
import type { Tenant } from './tenant.ts';
import type { TenantFilter, TenantOrderField } from './tenant.type.ts';

export type TenantQuery = ListQuery<TenantFilter, TenantOrderField>;

const { removedAt: _removedAt, ...columns } = getTableColumns(tenants);
export { columns as tenantColumns };

function named(idOrSlug: string) {
  return and(isNull(tenants.removedAt), isUuid(idOrSlug) ? eq(tenants.id, idOrSlug) : sql`lower(${tenants.slug}) = lower(${idOrSlug})`);
}

/** One that has not been removed, active or not. */
export async function find(tx: Tx, idOrSlug: string): Promise<Tenant | undefined> {
  const [row] = await tx.select(columns).from(tenants).where(named(idOrSlug));
  return row;
}

/** In a tenant's transaction: itself alone. */
export async function byIds(tx: Tx, ids: string[]): Promise<Tenant[]> {
  return tx
    .select(columns)
    .from(tenants)
    .where(and(isNull(tenants.removedAt), anyOf(tenants.id, ids)));
}

/** For a change: nobody else changes it until the transaction ends. */
export async function lock(tx: Tx, idOrSlug: string): Promise<Tenant | undefined> {
  const [row] = await tx.select(columns).from(tenants).where(named(idOrSlug)).for('update');
  return row;
}

/** All of the installation; for super admins. */
export function list(db: SubgraphDatabase, query: TenantQuery): Promise<ConnectionValue<Tenant>> {
  const { filter } = query;
  const where = and(isNull(tenants.removedAt), occursIn([tenants.name, tenants.slug, tenants.companyName], filter?.search), filter?.active == null ? undefined : eq(tenants.active, filter.active));
  return listConnection({
    run: (work) => db.system(work),
    query,
    columns: { createdAt: tenants.createdAt, name: tenants.name, slug: tenants.slug },
    id: tenants.id,
    rows: (tx, page) =>
      tx
        .select(columns)
        .from(tenants)
        .where(and(where, page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: async (tx) => (await tx.select({ total: count() }).from(tenants).where(where))[0]!.total,
  });
}

/** How many users tenants have, by tenant. */
export async function userCounts(tx: Tx, tenantIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.select({ tenantId: memberships.tenantId, total: count() }).from(memberships).where(anyOf(memberships.tenantId, tenantIds)).groupBy(memberships.tenantId);
  return new Map(rows.map(({ tenantId, total }) => [tenantId, total]));
}

/** How many customers tenants have that have not left, by tenant. */
export async function customerCounts(tx: Tx, tenantIds: string[]): Promise<Map<string, number>> {
  const rows = await tx
    .select({ tenantId: customers.tenantId, total: count() })
    .from(customers)
    .where(and(anyOf(customers.tenantId, tenantIds), isNull(customers.closedAt)))
    .groupBy(customers.tenantId);
  return new Map(rows.map(({ tenantId, total }) => [tenantId, total]));
}

export async function insert(tx: Tx, tenant: Tenant): Promise<void> {
  await tx.insert(tenants).values(tenant);
}

/** False when another process has made it in the meantime. */
export async function insertIfMissing(tx: Tx, tenant: Tenant): Promise<boolean> {
  return (await tx.insert(tenants).values(tenant).onConflictDoNothing().returning({ id: tenants.id })).length > 0;
}

export async function update(tx: Tx, { id, createdAt: _createdAt, ...changes }: Tenant): Promise<void> {
  await tx.update(tenants).set(changes).where(eq(tenants.id, id));
}

/** Its rows stay for the books; its slug is free again. */
export async function remove(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.update(tenants).set({ active: false, removedAt: at, updatedAt: at }).where(eq(tenants.id, id));
}
