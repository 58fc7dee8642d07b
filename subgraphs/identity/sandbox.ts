import { conflict } from '#kernel/errors.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { hashOfKey } from './api-key/api-key.ts';
import * as apiKeyStore from './api-key/api-key.store.ts';
import { builtInRoles } from './role/built-in-roles.ts';
import * as roleStore from './role/role.store.ts';
import { tenantCreated } from './tenant/tenant.events.ts';
import type { Tenant } from './tenant/tenant.ts';
import * as tenantStore from './tenant/tenant.store.ts';
import type { Passwords } from './user/passwords.ts';
import type { User } from './user/user.ts';
import * as userStore from './user/user.store.ts';

/** What everybody may know of a sandbox; its ids are those that documented examples use. */
export const SANDBOX = {
  tenantId: '00000000-0000-4000-8000-000000000001',
  slug: 'sandbox_tenant',
  technicianRoleId: '00000000-0000-4000-8000-000000000104',
  technicianId: '00000000-0000-4000-8000-000000000103',
  apiKey: 'test_pk_1234567890',
} as const;

/**
 * Makes the sandbox's tenant, users and API key where they are missing. Safe to repeat, and from two processes at once: what
 * exists is left as it is.
 */
export async function fillSandbox({ db, bus, clock, log, passwords }: Pick<SubgraphKit, 'db' | 'bus' | 'clock' | 'log'> & { passwords: Passwords }): Promise<void> {
  const now = clock.now();
  const { tenantId } = SANDBOX;
  if (await db.system((tx) => tenantStore.find(tx, tenantId))) return;

  const tenant: Tenant = {
    id: tenantId,
    slug: SANDBOX.slug,
    name: 'Sandbox ISP',
    companyName: null,
    phone: null,
    timeZone: 'UTC',
    currency: 'USD',
    // Lax, so that the documented examples work.
    settings: { passwordPolicy: { minLength: 6 }, allowRegistration: true },
    maxRouters: null,
    maxSubscribers: null,
    features: {},
    active: true,
    createdAt: now,
    updatedAt: now,
  };
  // Here the technician's own id is the documented one.
  const roles = builtInRoles(now).map((role) => (role.code === 'technician' ? { ...role, id: SANDBOX.technicianRoleId } : role));
  const user = (fields: Pick<User, 'username' | 'email' | 'fullName'> & Partial<User>): User => ({ id: uuidv7(), phone: null, active: true, superAdmin: false, createdAt: now, updatedAt: now, ...fields });
  const people: Array<{ user: User; password: string; role?: string }> = [
    { user: user({ username: 'admin', email: 'admin@example.com', fullName: 'Administrator', superAdmin: true }), password: 'password123' },
    { user: user({ username: 'test@dotmac.cloud', email: 'test@dotmac.cloud', fullName: 'Test User' }), password: 'test123', role: 'admin' },
    { user: user({ id: SANDBOX.technicianId, username: 'technician', email: 'technician@example.com', fullName: 'Test Technician' }), password: 'test123', role: 'technician' },
  ];
  // Hashed before the transaction, which would stay open for it.
  const hashes = await Promise.all(people.map(({ password }) => passwords.hash(password)));

  await db.system(async (tx) => {
    if (!(await tenantStore.insertIfMissing(tx, tenant))) return;
    await roleStore.insert(tx, tenantId, roles);
    for (const [at, { user: person, role: roleCode }] of people.entries()) {
      const taken = await userStore.takenName(tx, person);
      if (taken) throw conflict(`The sandbox cannot be filled: the ${taken} ${person[taken]} is taken.`);
      await userStore.insert(tx, person, hashes[at]!);
      const role = roles.find(({ code }) => code === roleCode);
      if (role) await userStore.join(tx, { tenantId, userId: person.id, roleId: role.id, primary: true, at: now });
    }
    await apiKeyStore.insert(tx, tenantId, { id: uuidv7(), name: 'Sandbox', prefix: SANDBOX.apiKey.slice(0, 7), permissions: ['*'], createdAt: now, expiresAt: null, revokedAt: null }, hashOfKey(SANDBOX.apiKey));
    await bus.publish(tx, [tenantCreated(tenant)]);
    log.info({ tenantId }, 'The sandbox tenant was made');
  });
}
