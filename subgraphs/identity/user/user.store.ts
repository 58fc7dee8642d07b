import { anyOf } from '#kernel/db/columns.ts';
import type { Tx } from '#kernel/db/database.ts';
import { and, count, eq, getTableColumns, isNull, ne, or, sql } from '#kernel/db/drizzle.ts';
import { occursIn } from '#kernel/db/filtering.ts';
import { listConnection, type ListOptions, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { memberships, roles, tenants, users } from '../tables.ts';
import { tenantColumns } from '../tenant/tenant.store.ts';
import type { Membership, User } from './user.ts';
import type { UserFilter } from './user.type.ts';

export type UserQuery = ListQuery<UserFilter, never>;

const { passwordHash: _passwordHash, removedAt: _removedAt, ...columns } = getTableColumns(users);
const { tenantId: _roleOwner, ...roleColumns } = getTableColumns(roles);

const lower = (text: string) => sql`lower(${text})`;

/** Those that have not been removed. In a tenant's transaction: its members alone. */
export async function byIds(tx: Tx, ids: string[]): Promise<User[]> {
  return tx
    .select(columns)
    .from(users)
    .where(and(isNull(users.removedAt), anyOf(users.id, ids.filter(isUuid))));
}

/** As the system, for a change: nobody else changes the user until the transaction ends. */
export async function lock(tx: Tx, id: string): Promise<User | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await tx
    .select(columns)
    .from(users)
    .where(and(isNull(users.removedAt), eq(users.id, id)))
    .for('update');
  return row;
}

/** As the system: by username, or else by e-mail address, whatever the letter case. */
export async function byLogin(tx: Tx, { username, email }: { username?: string | null; email?: string | null }): Promise<{ user: User; passwordHash: string } | undefined> {
  const name = username ?? email!;
  const named = username ? or(eq(sql`lower(${users.username})`, lower(name)), eq(sql`lower(${users.email})`, lower(name))) : eq(sql`lower(${users.email})`, lower(name));
  const [row] = await tx
    .select({ user: columns, passwordHash: users.passwordHash })
    .from(users)
    .where(and(isNull(users.removedAt), named))
    .limit(1);
  return row;
}

/** As the system: whether one of the names leads to somebody else already, as a username or as an e-mail address. */
export async function takenName(tx: Tx, { id, username, email }: Pick<User, 'id' | 'username' | 'email'>): Promise<'username' | 'email' | undefined> {
  const held = (name: string) => or(eq(sql`lower(${users.username})`, lower(name)), eq(sql`lower(${users.email})`, lower(name)));
  const others = (name: string) => tx.select({ id: users.id }).from(users).where(and(isNull(users.removedAt), ne(users.id, id), held(name))).limit(1);
  if ((await others(username)).length > 0) return 'username';
  return (await others(email)).length > 0 ? 'email' : undefined;
}

/** As the system: whether there is a super admin who has not been removed. */
export async function anySuperAdmin(tx: Tx): Promise<boolean> {
  const found = await tx.select({ id: users.id }).from(users).where(and(isNull(users.removedAt), eq(users.superAdmin, true))).limit(1);
  return found.length > 0;
}

/** As the system: two processes that start at once make one first super admin. Held until the transaction ends. */
export async function lockSuperAdmins(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('identity:first-admin'))`);
}

/** The members of a tenant in its transaction; all users as the system. */
export function list(run: ListOptions<User, never>['run'], query: UserQuery): Promise<ConnectionValue<User>> {
  const { filter } = query;
  const where = and(isNull(users.removedAt), occursIn([users.username, users.email, users.fullName], filter?.search), filter?.active == null ? undefined : eq(users.active, filter.active));
  return listConnection({
    run,
    query,
    columns: {},
    id: users.id,
    rows: (tx, page) =>
      tx
        .select(columns)
        .from(users)
        .where(and(where, page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: async (tx) => (await tx.select({ total: count() }).from(users).where(where))[0]!.total,
  });
}

/** Where users belong, by user id; tenants that were removed are left out. In a tenant's transaction: that tenant alone. */
export async function membershipsOf(tx: Tx, userIds: string[]): Promise<Map<string, Membership[]>> {
  const rows = await tx
    .select({ userId: memberships.userId, primary: memberships.isPrimary, tenant: tenantColumns, role: roleColumns })
    .from(memberships)
    .innerJoin(tenants, eq(tenants.id, memberships.tenantId))
    .innerJoin(roles, and(eq(roles.tenantId, memberships.tenantId), eq(roles.id, memberships.roleId)))
    .where(and(anyOf(memberships.userId, userIds), isNull(tenants.removedAt)))
    .orderBy(memberships.createdAt, memberships.tenantId);
  const ofUser = new Map<string, Membership[]>();
  for (const { userId, ...membership } of rows) ofUser.set(userId, [...(ofUser.get(userId) ?? []), membership]);
  return ofUser;
}

export async function insert(tx: Tx, user: User, passwordHash: string): Promise<void> {
  await tx.insert(users).values({ ...user, passwordHash });
}

export async function update(tx: Tx, { id, username, email, fullName, phone, active, updatedAt }: User, passwordHash: string | undefined): Promise<void> {
  await tx
    .update(users)
    .set({ username, email, fullName, phone, active, updatedAt, ...(passwordHash ? { passwordHash } : {}) })
    .where(eq(users.id, id));
}

/** Username and e-mail address are free again; what the user did keeps a name. */
export async function remove(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.delete(memberships).where(eq(memberships.userId, id));
  await tx.update(users).set({ active: false, removedAt: at, updatedAt: at }).where(eq(users.id, id));
}

/** Makes the user a member, or gives the member that role. */
export async function join(tx: Tx, { tenantId, userId, roleId, primary, at }: { tenantId: string; userId: string; roleId: string; primary: boolean; at: Date }): Promise<void> {
  if (primary) await tx.update(memberships).set({ isPrimary: false }).where(and(eq(memberships.userId, userId), eq(memberships.isPrimary, true)));
  await tx
    .insert(memberships)
    .values({ tenantId, userId, roleId, isPrimary: primary, createdAt: at })
    .onConflictDoUpdate({ target: [memberships.tenantId, memberships.userId], set: { roleId, ...(primary ? { isPrimary: true } : {}) } });
}

export async function leave(tx: Tx, tenantId: string, userId: string): Promise<void> {
  await tx.delete(memberships).where(and(eq(memberships.tenantId, tenantId), eq(memberships.userId, userId)));
}
