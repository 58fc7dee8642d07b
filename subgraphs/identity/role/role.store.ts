import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, count, eq, getTableColumns, isNull, ne, or } from '#kernel/db/drizzle.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { roles, tenants } from '../tables.ts';
import { builtInCode } from './built-in-roles.ts';
import type { Role } from './role.ts';

export type RoleQuery = ListQuery<never, never>;

const { tenantId: _owner, ...columns } = getTableColumns(roles);

/** A role of a tenant, by its own id, by the id that means a built-in role in every tenant, or by code. */
export async function find(tx: Tx, tenantId: string, idOrCode: string): Promise<Role | undefined> {
  const code = builtInCode(idOrCode);
  const byId = code === undefined ? eq(roles.id, idOrCode) : or(eq(roles.id, idOrCode), and(eq(roles.code, code), eq(roles.builtIn, true)));
  const [row] = await tx
    .select(columns)
    .from(roles)
    .where(and(eq(roles.tenantId, tenantId), isUuid(idOrCode) ? byId : eq(roles.code, idOrCode)));
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

/** As the system: brings the tenants' copies of a built-in role up to date. */
export async function refreshBuiltIn(tx: Tx, { code, name, description, permissions }: Pick<Role, 'code' | 'name' | 'description' | 'permissions'>, at: Date): Promise<void> {
  await tx
    .update(roles)
    .set({ name, description, permissions, updatedAt: at })
    .where(and(eq(roles.code, code), eq(roles.builtIn, true), ne(roles.permissions, permissions)));
}

/** As the system: the codes of each tenant's roles; a tenant without any has an empty set. */
export async function codesByTenant(tx: Tx): Promise<Map<string, Set<string>>> {
  const rows = await tx.select({ tenantId: tenants.id, code: roles.code }).from(tenants).leftJoin(roles, eq(roles.tenantId, tenants.id)).where(isNull(tenants.removedAt));
  const codes = new Map<string, Set<string>>();
  for (const { tenantId, code } of rows) {
    const known = codes.get(tenantId) ?? new Set();
    codes.set(tenantId, code === null ? known : known.add(code));
  }
  return codes;
}

/** As the system: another process may have made them in the meantime. */
export async function insertMissing(tx: Tx, made: Array<Role & { tenantId: string }>): Promise<void> {
  await tx.insert(roles).values(made).onConflictDoNothing();
}
