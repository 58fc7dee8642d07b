import { can, type Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isForeignKeyViolation, isUniqueViolation } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import { conflict, forbidden, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { idempotencyKeys } from '../tables.ts';
import * as store from './role.store.ts';
import type { CreateRoleInput, DeleteRoleInput, UpdateRoleInput } from './role.type.ts';

export interface Role {
  id: string;
  /** The name that programs use. */
  code: string;
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
  delete(principal: Principal, input: DeleteRoleInput): Promise<string>;
}

/** Nobody hands out rights he does not hold: otherwise whoever may write users could make himself administrator. */
export function assertMayGrant(principal: Principal, permissions: readonly string[]): void {
  const beyond = permissions.filter((permission) => permission.startsWith('internal:') || !can(principal, permission));
  if (beyond.length > 0) throw forbidden(`You cannot give rights that you do not hold: ${beyond.join(', ')}.`);
}

export function makeRoles({ db, clock }: Pick<SubgraphKit, 'db' | 'clock'>): Roles {
  return {
    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async create(principal, { idempotencyKey, ...input }) {
      const { code, name, description, permissions } = input;
      assertMayGrant(principal, permissions);
      const tenantId = tenantOf(principal);
      const now = clock.now();
      const role: Role = { id: uuidv7(), code, name: name?.trim() ?? code, description: description ?? null, permissions: distinct(permissions), builtIn: false, createdAt: now, updatedAt: now };
      try {
        return await db.write(tenantId, (tx) =>
          once(
            tx,
            idempotencyKeys,
            { tenantId, operation: 'createRole', key: idempotencyKey, input, now },
            async () => {
              await store.insert(tx, tenantId, [role]);
              return role;
            },
            async (id) => (await store.find(tx, tenantId, id)) ?? unknownRole(id),
          ),
        );
      } catch (error) {
        if (isUniqueViolation(error, 'roles_code_key')) throw conflict(`There is a role ${code} already.`, [{ field: 'code', code: 'TAKEN', message: `code ${code} is taken.` }]);
        throw error;
      }
    },

    async update(principal, { id, name, description, permissions }) {
      if (permissions) assertMayGrant(principal, permissions);
      return db.write(tenantOf(principal), async (tx) => {
        const before = ownRole(await store.lock(tx, id), id);
        // Also the rights it had: whoever may not give them must not take them from his betters either.
        assertMayGrant(principal, before.permissions);
        const after: Role = { ...before, name: name?.trim() ?? before.name, description: description ?? before.description, permissions: permissions ? distinct(permissions) : before.permissions, updatedAt: clock.now() };
        await store.update(tx, after);
        return after;
      });
    },

    async delete(principal, { id }) {
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

function unknownRole(id: string): never {
  throw notFound('role', id);
}

function ownRole(role: Role | undefined, id: string): Role {
  if (!role) return unknownRole(id);
  if (role.builtIn) throw conflict(`The role ${role.name} comes with the product and stays as it is.`);
  return role;
}
