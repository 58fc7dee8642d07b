import { and, count, eq, getTableColumns } from 'drizzle-orm';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { roles } from '../tables.ts';
import type { Role } from './role.ts';

export type RoleQuery = ListQuery<never, never>;

const { tenantId: _owner, ...columns } = getTableColumns(roles);

/** A role of a tenant, by id or by code. */
export async function find(tx: Tx, tenantId: string, idOrCode: string): Promise<Role | undefined> {
  const named = isUuid(idOrCode) ? eq(roles.id, idOrCode) : eq(roles.code, idOrCode);
  const [row] = await tx.select(columns).from(roles).where(and(eq(roles.tenantId, tenantId), named));
  return row;
}

/** For a change: nobody else changes it until the transaction ends. */
export async function lock(tx: Tx, id: string): Promise<Role | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await tx.select(columns).from(roles).where(eq(roles.id, id)).for('update');
  return row;
}

export function list(db: SubgraphDatabase, tenantId: string, query: RoleQuery): Promise<ConnectionValue<Role>> {
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: {},
    id: roles.id,
    rows: (tx, page) =>
      tx
        .select(columns)
        .from(roles)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: async (tx) => (await tx.select({ total: count() }).from(roles))[0]!.total,
  });
}

export async function insert(tx: Tx, tenantId: string, made: Role[]): Promise<void> {
  await tx.insert(roles).values(made.map((role) => ({ ...role, tenantId })));
}

export async function update(tx: Tx, { id, name, description, permissions, updatedAt }: Role): Promise<void> {
  await tx.update(roles).set({ name, description, permissions, updatedAt }).where(eq(roles.id, id));
}

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.delete(roles).where(eq(roles.id, id));
}
