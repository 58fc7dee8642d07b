import { can, type Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isForeignKeyViolation, isUniqueViolation } from '#kernel/db/database.ts';
import { conflict, forbidden, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as store from './role.store.ts';
import type { CreateRoleInput, RemoveRoleInput, UpdateRoleInput } from './role.type.ts';

export interface Role {
  id: string;
  name: string;
  description: string | null;
  /** `noun:verb`, `noun:*` or `*`. */
  permissions: string[];
  builtIn: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export interface Roles {
  list(principal: Principal, query: store.RoleQuery): Promise<ConnectionValue<Role>>;
  create(principal: Principal, input: CreateRoleInput): Promise<Role>;
  update(principal: Principal, input: UpdateRoleInput): Promise<Role>;
  remove(principal: Principal, input: RemoveRoleInput): Promise<string>;
}

/** The role of whoever is given none. */
export const LOWEST_ROLE = 'viewer';

/** The roles that every tenant is made with. */
export function builtInRoles(now: Date): Role[] {
  const role = (name: string, description: string, permissions: string[]): Role => ({ id: uuidv7(), name, description, permissions, builtIn: true, createdAt: now, updatedAt: now });
  return [
    role('admin', 'May do everything within the tenant.', ['*']),
    role(LOWEST_ROLE, 'May look at customers, plans, services and the network, and change nothing.', ['tenant:read', 'customer:read', 'plan:read', 'service:read', 'router:read', 'session:read', 'run:read']),
  ];
}

/** Nobody hands out rights he does not hold: otherwise whoever may write users could make himself administrator. */
export function assertMayGrant(principal: Principal, permissions: readonly string[]): void {
  const beyond = permissions.filter((permission) => permission.startsWith('internal:') || !can(principal, permission));
  if (beyond.length > 0) throw forbidden(`You cannot give rights that you do not hold: ${beyond.join(', ')}.`);
}

export function makeRoles({ db, clock }: Pick<SubgraphKit, 'db' | 'clock'>): Roles {
  return {
    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async create(principal, { name, description, permissions }) {
      assertMayGrant(principal, permissions);
      const tenantId = tenantOf(principal);
      const now = clock.now();
      const role: Role = { id: uuidv7(), name, description: description ?? null, permissions: distinct(permissions), builtIn: false, createdAt: now, updatedAt: now };
      await named(name, () => db.write(tenantId, (tx) => store.insert(tx, tenantId, [role])));
      return role;
    },

    async update(principal, { id, name, description, permissions }) {
      if (permissions) assertMayGrant(principal, permissions);
      return named(name ?? '', () =>
        db.write(tenantOf(principal), async (tx) => {
          const before = ownRole(await store.lock(tx, id), id);
          // Also the rights it had: whoever may not give them must not take them from his betters either.
          assertMayGrant(principal, before.permissions);
          const after: Role = { ...before, name: name ?? before.name, description: description ?? before.description, permissions: permissions ? distinct(permissions) : before.permissions, updatedAt: clock.now() };
          await store.update(tx, after);
          return after;
        }),
      );
    },

    async remove(principal, { id }) {
      try {
        await db.write(tenantOf(principal), async (tx) => {
          assertMayGrant(principal, ownRole(await store.lock(tx, id), id).permissions);
          await store.remove(tx, id);
        });
        return id;
      } catch (error) {
        if (isForeignKeyViolation(error, 'memberships_role_fkey')) throw conflict('Members of the tenant have this role: give them another one first.');
        throw error;
      }
    },
  };
}

function distinct(permissions: string[]): string[] {
  return [...new Set(permissions)].sort();
}

function ownRole(role: Role | undefined, id: string): Role {
  if (!role) throw notFound('role', id);
  if (role.builtIn) throw conflict(`The role ${role.name} comes with the product and stays as it is.`);
  return role;
}

async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error, 'roles_name_key')) throw conflict(`There is a role named ${name} already.`, [{ field: 'name', code: 'TAKEN', message: `name ${name} is taken.` }]);
    throw error;
  }
}
