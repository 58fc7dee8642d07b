import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation, type SubgraphDatabase, type Tx } from '#kernel/db/database.ts';
import { conflict, forbidden, invalidField, notFound, unauthenticated } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { assertMayGrant, LOWEST_ROLE, type Role } from '../role/role.ts';
import * as roleStore from '../role/role.store.ts';
import * as sessionStore from '../session/session.store.ts';
import { DEFAULT_SETTINGS, unknownTenant, type Tenant } from '../tenant/tenant.ts';
import * as tenantStore from '../tenant/tenant.store.ts';
import { assertPassword, type Passwords } from './passwords.ts';
import * as store from './user.store.ts';
import type { AssignRoleInput, AssignTenantInput, CreateUserInput, RegisterInput, RemoveUserInput, UpdateUserInput } from './user.type.ts';

export interface Membership {
  tenant: Tenant;
  role: Role;
  /** The tenant the user is mainly at home in. */
  primary: boolean;
}

export interface User {
  id: string;
  username: string;
  email: string;
  fullName: string;
  phone: string | null;
  active: boolean;
  superAdmin: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** A user with everything known of him, and the tenant acted in: oneself. */
export interface Self extends User {
  memberships: Membership[];
  tenantId: string | null;
}

export interface Users {
  /** Who is asking. @throws UNAUTHENTICATED when the user is gone, FORBIDDEN when it is no person */
  me(principal: Principal): Promise<Self>;
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<User>;
  list(principal: Principal, query: store.UserQuery): Promise<ConnectionValue<User>>;
  create(principal: Principal, input: CreateUserInput): Promise<User>;
  register(input: RegisterInput): Promise<User>;
  update(principal: Principal, input: UpdateUserInput): Promise<User>;
  remove(principal: Principal, input: RemoveUserInput): Promise<string>;
  assignRole(principal: Principal, input: AssignRoleInput): Promise<User>;
  assignTenant(principal: Principal, input: AssignTenantInput): Promise<User>;
}

/**
 * How far a principal sees users: the members of the tenant it acts in; a super admin in none sees all. Users are global,
 * so they are written as the system, after `reached` has made sure that the tenant has any business with them.
 */
export function reach(db: SubgraphDatabase, principal: Principal): <T>(work: (tx: Tx) => Promise<T>) => Promise<T> {
  if (principal.tenantId === null && principal.superAdmin) return (work) => db.system(work);
  return (work) => db.read(tenantOf(principal), work);
}

export function makeUsers({ db, clock, config, passwords }: Pick<SubgraphKit, 'db' | 'clock' | 'config'> & { passwords: Passwords }): Users {
  /** Makes the user once the password is hashed: never inside a transaction, which would stay open for the hashing. */
  async function make(input: RegisterInput | CreateUserInput, active: boolean, policy: Tenant['settings']['passwordPolicy'], joining?: (tx: Tx, user: User) => Promise<void>): Promise<User> {
    const { username, email, password, fullName, phone } = input;
    assertPassword(password, policy, username);
    const passwordHash = await passwords.hash(password);
    const now = clock.now();
    const user: User = { id: uuidv7(), username, email, fullName: fullName?.trim() || username, phone: phone ?? null, active, superAdmin: false, createdAt: now, updatedAt: now };
    await named(user, () =>
      db.system(async (tx) => {
        assertFree(await store.takenName(tx, user), user);
        await store.insert(tx, user, passwordHash);
        await joining?.(tx, user);
      }),
    );
    return user;
  }

  /** The user to be changed, in a transaction of the system, with the rights to change him. */
  async function reached(tx: Tx, principal: Principal, id: string): Promise<{ user: User; memberships: Membership[]; here: Membership | undefined }> {
    const user = (await store.lock(tx, id)) ?? unknownUser(id);
    const memberships = (await store.membershipsOf(tx, [user.id])).get(user.id) ?? [];
    const here = memberships.find(({ tenant }) => tenant.id === principal.tenantId);
    if (principal.tenantId !== null && !here) unknownUser(id);
    // A clerk who may write users must not reach above himself, e.g. by giving the administrator a password he knows.
    if (here && principal.id !== user.id) assertMayGrant(principal, here.role.permissions);
    if (user.superAdmin && !principal.superAdmin) throw forbidden('Only super admins may change a super admin.');
    return { user, memberships, here };
  }

  async function roleOf(tx: Tx, principal: Principal, tenantId: string, idOrName: string): Promise<Role> {
    const role = await roleStore.find(tx, tenantId, idOrName);
    if (!role) throw notFound('role', idOrName);
    assertMayGrant(principal, role.permissions);
    return role;
  }

  return {
    async me(principal) {
      if (principal.kind !== 'user' || principal.id === null) throw forbidden('Only a person who has logged in is a user.');
      const { id, tenantId } = principal;
      const [user, memberships] = await db.system((tx) => Promise.all([store.byIds(tx, [id]), store.membershipsOf(tx, [id])]));
      if (!user[0]?.active) throw unauthenticated('Your user has been removed or switched off.');
      return { ...user[0], memberships: memberships.get(id) ?? [], tenantId };
    },

    async get(principal, id) {
      const [user] = await reach(db, principal)((tx) => store.byIds(tx, [id]));
      return user ?? unknownUser(id);
    },

    list: (principal, query) => store.list(reach(db, principal), query),

    async create(principal, input) {
      const { tenantId } = principal;
      if (tenantId === null) {
        if (input.role) throw invalidField('role', 'NOT_ALLOWED', 'role belongs to a tenant: name the one you act in with the X-Tenant-ID header.');
        return make(input, input.active ?? true, DEFAULT_SETTINGS.passwordPolicy);
      }
      const { tenant, role } = await db.system(async (tx) => ({
        tenant: (await tenantStore.find(tx, tenantId)) ?? unknownTenant(tenantId),
        role: await roleOf(tx, principal, tenantId, input.role ?? LOWEST_ROLE),
      }));
      return make(input, input.active ?? true, tenant.settings.passwordPolicy, (tx, user) => store.join(tx, { tenantId, userId: user.id, roleId: role.id, primary: true, at: user.createdAt }));
    },

    async register({ tenant: idOrSlug, ...input }) {
      const tenant = idOrSlug ? ((await db.system((tx) => tenantStore.find(tx, idOrSlug))) ?? null) : null;
      if (!config.sandbox && !(tenant?.active && tenant.settings.allowRegistration)) throw forbidden('Registration is closed: an administrator has to make you a user.');
      return make(input, true, (tenant?.settings ?? DEFAULT_SETTINGS).passwordPolicy);
    },

    async update(principal, { id, password, ...changes }) {
      // Looked at before the slow hashing, so that nobody makes the server hash for users he cannot reach.
      const { user: before, policy } = await db.system(async (tx) => {
        const { user, memberships, here } = await reached(tx, principal, id);
        if (!principal.superAdmin && principal.id !== user.id && memberships.length > 1) throw forbidden('The user belongs to other tenants too: only the user and super admins may change what is known everywhere.');
        if (principal.id === user.id && changes.active === false) throw conflict('You cannot switch yourself off.');
        return { user, policy: (here?.tenant.settings ?? DEFAULT_SETTINGS).passwordPolicy };
      });
      if (password) assertPassword(password, policy, changes.username ?? before.username);
      const passwordHash = password ? await passwords.hash(password) : undefined;
      return named({ username: changes.username ?? before.username, email: changes.email ?? before.email }, () =>
        db.system(async (tx) => {
          const { user } = await reached(tx, principal, id);
          const now = clock.now();
          const after: User = {
            ...user,
            username: changes.username ?? user.username,
            email: changes.email ?? user.email,
            fullName: changes.fullName?.trim() ?? user.fullName,
            phone: changes.phone ?? user.phone,
            active: changes.active ?? user.active,
            updatedAt: now,
          };
          assertFree(await store.takenName(tx, after), after);
          await store.update(tx, after, passwordHash);
          if (passwordHash) await sessionStore.endAllOfUser(tx, user.id, now, 'PASSWORD');
          if (!after.active) await sessionStore.endAllOfUser(tx, user.id, now, 'REMOVED');
          return after;
        }),
      );
    },

    remove: (principal, { id }) =>
      db.system(async (tx) => {
        const { user, memberships } = await reached(tx, principal, id);
        if (principal.id === user.id) throw conflict('You cannot remove yourself.');
        const now = clock.now();
        const { tenantId } = principal;
        const belongsElsewhere = user.superAdmin || memberships.some(({ tenant }) => tenant.id !== tenantId);
        if (tenantId !== null && belongsElsewhere) {
          await store.leave(tx, tenantId, user.id);
          await sessionStore.endAllOfUser(tx, user.id, now, 'REMOVED', tenantId);
        } else {
          await store.remove(tx, user.id, now);
          await sessionStore.endAllOfUser(tx, user.id, now, 'REMOVED');
        }
        return user.id;
      }),

    assignRole: (principal, { userId, role: idOrName }) =>
      db.system(async (tx) => {
        const tenantId = tenantOf(principal);
        const { user } = await reached(tx, principal, userId);
        const role = await roleOf(tx, principal, tenantId, idOrName);
        await store.join(tx, { tenantId, userId: user.id, roleId: role.id, primary: false, at: clock.now() });
        return user;
      }),

    assignTenant: (principal, { userId, tenant: idOrSlug, role: idOrName, primary }) =>
      db.system(async (tx) => {
        const user = (await store.lock(tx, userId)) ?? unknownUser(userId);
        const tenant = (await tenantStore.find(tx, idOrSlug)) ?? unknownTenant(idOrSlug);
        const memberships = (await store.membershipsOf(tx, [user.id])).get(user.id) ?? [];
        const present = memberships.find((membership) => membership.tenant.id === tenant.id)?.role;
        const role = idOrName || !present ? await roleOf(tx, principal, tenant.id, idOrName ?? LOWEST_ROLE) : present;
        await store.join(tx, { tenantId: tenant.id, userId: user.id, roleId: role.id, primary: primary ?? memberships.length === 0, at: clock.now() });
        return user;
      }),
  };
}

function assertFree(taken: 'username' | 'email' | undefined, user: Pick<User, 'username' | 'email'>): void {
  if (taken) throw conflict(`There is a user ${user[taken]} already.`, [{ field: taken, code: 'TAKEN', message: `${taken} ${user[taken]} is taken.` }]);
}

/** The unique indexes decide when two come at the same moment. */
async function named<T>(user: Pick<User, 'username' | 'email'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error, 'users_username_key')) assertFree('username', user);
    if (isUniqueViolation(error, 'users_email_key')) assertFree('email', user);
    throw error;
  }
}

function unknownUser(id: string): never {
  throw notFound('user', id);
}
