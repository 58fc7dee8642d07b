import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation, type SubgraphDatabase, type Tx } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import { conflict, forbidden, invalidField, notFound, unauthenticated } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { LOWEST_ROLE } from '../role/built-in-roles.ts';
import { assertMayGrant, type Role } from '../role/role.ts';
import * as roleStore from '../role/role.store.ts';
import * as sessionStore from '../session/session.store.ts';
import { idempotencyKeys } from '../tables.ts';
import { DEFAULT_SETTINGS, INSTALLATION, unknownTenant, type Tenant } from '../tenant/tenant.ts';
import * as tenantStore from '../tenant/tenant.store.ts';
import { assertPassword, type Passwords } from './passwords.ts';
import * as store from './user.store.ts';
import type { AssignRoleInput, AssignUserToTenantInput, CreateUserInput, RegisterInput, DeleteUserInput, UpdateUserInput } from './user.type.ts';

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
  delete(principal: Principal, input: DeleteUserInput): Promise<string>;
  assignRole(principal: Principal, input: AssignRoleInput): Promise<User>;
  assignUserToTenant(principal: Principal, input: AssignUserToTenantInput): Promise<User>;
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
  interface Making {
    input: RegisterInput | CreateUserInput;
    active: boolean;
    policy: Tenant['settings']['passwordPolicy'];
    /** The tenant whose idempotency keys count, and the key. */
    tenantId: string | null;
    idempotencyKey?: string | null | undefined;
    role?: Role;
  }

  /** Makes the user once the password is hashed: never inside a transaction, which would stay open for the hashing. */
  async function make({ input, active, policy, tenantId, idempotencyKey, role }: Making): Promise<User> {
    const { username, email, password, fullName, phone } = input;
    assertPassword(password, policy, username);
    const passwordHash = await passwords.hash(password);
    const now = clock.now();
    const user: User = { id: uuidv7(), username, email, fullName: fullName?.trim() || username, phone: phone ?? null, active, superAdmin: false, createdAt: now, updatedAt: now };
    // A plain hash of the input is kept beside the key, so the password stays out of it.
    const { password: _password, ...remembered } = input;
    return named(user, () =>
      db.system((tx) =>
        once(
          tx,
          idempotencyKeys,
          { tenantId: tenantId ?? INSTALLATION, operation: 'createUser', key: idempotencyKey, input: remembered, now },
          async () => {
            assertFree(await store.takenName(tx, user), user);
            await store.insert(tx, user, passwordHash);
            if (tenantId && role) await store.join(tx, { tenantId, userId: user.id, roleId: role.id, primary: true, at: now });
            return user;
          },
          async (id) => (await store.byIds(tx, [id]))[0] ?? unknownUser(id),
        ),
      ),
    );
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

  async function roleOf(tx: Tx, principal: Principal, tenantId: string, idOrCode: string): Promise<Role> {
    const role = await roleStore.find(tx, tenantId, idOrCode);
    if (!role) throw notFound('role', idOrCode);
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

    async create(principal, { idempotencyKey, ...input }) {
      const { tenantId } = principal;
      const active = input.active ?? true;
      const wanted = input.roleId ?? input.role;
      if (tenantId === null) {
        if (wanted) throw invalidField('role', 'NOT_ALLOWED', 'role belongs to a tenant: name the one you act in with the X-Tenant-ID header.');
        return make({ input, active, policy: DEFAULT_SETTINGS.passwordPolicy, tenantId, idempotencyKey });
      }
      const { tenant, role } = await db.system(async (tx) => ({
        tenant: (await tenantStore.find(tx, tenantId)) ?? unknownTenant(tenantId),
        role: await roleOf(tx, principal, tenantId, wanted ?? LOWEST_ROLE),
      }));
      return make({ input, active, policy: tenant.settings.passwordPolicy, tenantId, idempotencyKey, role });
    },

    async register({ tenant: idOrSlug, ...input }) {
      const tenant = idOrSlug ? ((await db.system((tx) => tenantStore.find(tx, idOrSlug))) ?? null) : null;
      if (!config.sandbox && !(tenant?.active && tenant.settings.allowRegistration)) throw forbidden('Registration is closed: an administrator has to make you a user.');
      return make({ input, active: true, policy: (tenant?.settings ?? DEFAULT_SETTINGS).passwordPolicy, tenantId: null });
    },

    async update(principal, { id, password, role, roleId, ...changes }) {
      const wantedRole = roleId ?? role;
      if (wantedRole && principal.tenantId === null) throw invalidField('role', 'NOT_ALLOWED', 'role belongs to a tenant: name the one you act in with the X-Tenant-ID header.');
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
          if (wantedRole) {
            const { id: newRole } = await roleOf(tx, principal, tenantOf(principal), wantedRole);
            await store.join(tx, { tenantId: tenantOf(principal), userId: user.id, roleId: newRole, primary: false, at: now });
          }
          if (passwordHash) await sessionStore.endAllOfUser(tx, user.id, now, 'PASSWORD');
          if (!after.active) await sessionStore.endAllOfUser(tx, user.id, now, 'REMOVED');
          return after;
        }),
      );
    },

    delete: (principal, { id }) =>
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

    assignRole: (principal, { userId, roleId }) =>
      db.system(async (tx) => {
        const tenantId = tenantOf(principal);
        const { user } = await reached(tx, principal, userId);
        const role = await roleOf(tx, principal, tenantId, roleId);
        await store.join(tx, { tenantId, userId: user.id, roleId: role.id, primary: false, at: clock.now() });
        return user;
      }),

    assignUserToTenant: (principal, { userId, tenantId: idOrSlug, role: idOrCode, primary }) =>
      db.system(async (tx) => {
        const user = (await store.lock(tx, userId)) ?? unknownUser(userId);
        const tenant = (await tenantStore.find(tx, idOrSlug)) ?? unknownTenant(idOrSlug);
        const memberships = (await store.membershipsOf(tx, [user.id])).get(user.id) ?? [];
        const present = memberships.find((membership) => membership.tenant.id === tenant.id)?.role;
        const role = idOrCode || !present ? await roleOf(tx, principal, tenant.id, idOrCode ?? LOWEST_ROLE) : present;
        await store.join(tx, { tenantId: tenant.id, userId: user.id, roleId: role.id, primary: primary ?? memberships.length === 0, at: clock.now() });
        return user;
      }),
  };
}

/** The membership that answers for a user: of the tenant acted in; where one acts in none, the main one. */
export function membershipIn(tenantId: string | null, memberships: Membership[]): Membership | undefined {
  if (tenantId !== null) return memberships.find(({ tenant }) => tenant.id === tenantId);
  return memberships.find(({ primary }) => primary) ?? memberships[0];
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
