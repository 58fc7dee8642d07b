import type { Principal } from '#kernel/access/principal.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import { conflict, forbidden, invalidField, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { builtInRoles } from '../role/built-in-roles.ts';
import * as roleStore from '../role/role.store.ts';
import * as sessionStore from '../session/session.store.ts';
import { idempotencyKeys } from '../tables.ts';
import { tenantCreated, tenantRemoved, tenantUpdated } from './tenant.events.ts';
import * as store from './tenant.store.ts';
import type { CreateTenantInput, DeleteTenantInput, UpdateTenantInput } from './tenant.type.ts';

export interface TenantSettings {
  passwordPolicy: { minLength: number };
  /** Whether people may register themselves. */
  allowRegistration: boolean;
}

export interface Tenant {
  id: string;
  slug: string;
  name: string;
  companyName: string | null;
  phone: string | null;
  /** IANA name. */
  timeZone: string;
  /** ISO 4217; where a price names none. */
  currency: string;
  settings: TenantSettings;
  /** Null: no limit. */
  maxRouters: number | null;
  maxSubscribers: number | null;
  features: Record<string, unknown>;
  active: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export const DEFAULT_SETTINGS: TenantSettings = { passwordPolicy: { minLength: 8 }, allowRegistration: false };

/** Stands for the tenant where something is made that belongs to none. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';

export interface Tenants {
  /** The one asked for (by super admins), or the one acted in. @throws NOT_FOUND, FORBIDDEN for another than one's own */
  get(principal: Principal, idOrSlug: string | null): Promise<Tenant>;
  /** For the gateway: an active tenant, or null. */
  resolve(idOrSlug: string): Promise<Tenant | null>;
  list(query: store.TenantQuery): Promise<ConnectionValue<Tenant>>;
  create(input: CreateTenantInput): Promise<Tenant>;
  update(input: UpdateTenantInput): Promise<Tenant>;
  delete(input: DeleteTenantInput): Promise<string>;
}

export function makeTenants({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): Tenants {
  return {
    async get(principal, idOrSlug) {
      const wanted = idOrSlug ?? principal.tenantId;
      if (wanted === null) throw invalidField('id', 'REQUIRED', 'Give the id or the slug of the tenant: you act in none.');
      const tenant = await db.system((tx) => store.find(tx, wanted));
      // Whether there is such a tenant is the super admin's business alone.
      if (!principal.superAdmin && tenant?.id !== principal.tenantId) throw forbidden('Other tenants than your own are for super admins.');
      return tenant ?? unknownTenant(wanted);
    },

    async resolve(idOrSlug) {
      const tenant = await db.system((tx) => store.find(tx, idOrSlug));
      return tenant?.active ? tenant : null;
    },

    list: (query) => store.list(db, query),

    async create({ idempotencyKey, ...input }) {
      const { slug, name, ...rest } = input;
      const now = clock.now();
      const tenant: Tenant = revise(
        { id: uuidv7(), slug, name: name.trim(), companyName: null, phone: null, timeZone: 'UTC', currency: 'USD', settings: DEFAULT_SETTINGS, maxRouters: null, maxSubscribers: null, features: {}, active: true, createdAt: now, updatedAt: now },
        rest,
        now,
      );
      return unlessTaken(slug, () =>
        db.system((tx) =>
          once(
            tx,
            idempotencyKeys,
            { tenantId: INSTALLATION, operation: 'createTenant', key: idempotencyKey, input, now },
            async () => {
              await store.insert(tx, tenant);
              await roleStore.insert(tx, tenant.id, builtInRoles(now));
              await bus.publish(tx, [tenantCreated(tenant)]);
              return tenant;
            },
            async (id) => (await store.find(tx, id)) ?? unknownTenant(id),
          ),
        ),
      );
    },

    update: ({ id, ...changes }) =>
      unlessTaken(changes.slug ?? id, () =>
        db.system(async (tx) => {
          const now = clock.now();
          const after = revise((await store.lock(tx, id)) ?? unknownTenant(id), changes, now);
          await store.update(tx, after);
          if (!after.active) await sessionStore.endAllOfTenant(tx, after.id, now, 'REMOVED');
          await bus.publish(tx, [tenantUpdated(after)]);
          return after;
        }),
      ),

    delete: ({ id }) =>
      db.system(async (tx) => {
        const now = clock.now();
        const tenant = (await store.lock(tx, id)) ?? unknownTenant(id);
        await store.remove(tx, tenant.id, now);
        await sessionStore.endAllOfTenant(tx, tenant.id, now, 'REMOVED');
        await bus.publish(tx, [tenantRemoved(tenant)]);
        return tenant.id;
      }),
  };
}

type Changes = Omit<UpdateTenantInput, 'id'>;

/** The most that the features of a tenant may take, as JSON text. */
const FEATURES_MAX_BYTES = 8192;

/** The tenant with changes made; what is absent or null stays. */
export function revise(tenant: Tenant, changes: Changes, now: Date): Tenant {
  if (changes.features && Buffer.byteLength(JSON.stringify(changes.features)) > FEATURES_MAX_BYTES) throw invalidField('features', 'TOO_LONG', `features must take at most ${FEATURES_MAX_BYTES} bytes.`);
  return {
    ...tenant,
    slug: changes.slug ?? tenant.slug,
    name: changes.name?.trim() ?? tenant.name,
    companyName: changes.companyName ?? tenant.companyName,
    phone: changes.phone ?? tenant.phone,
    timeZone: changes.timeZone ?? tenant.timeZone,
    currency: changes.currency ?? tenant.currency,
    maxRouters: changes.maxRouters ?? tenant.maxRouters,
    maxSubscribers: changes.maxSubscribers ?? tenant.maxSubscribers,
    features: changes.features ?? tenant.features,
    active: changes.active ?? tenant.active,
    settings: { passwordPolicy: changes.passwordPolicy ? { minLength: changes.passwordPolicy.minLength } : tenant.settings.passwordPolicy, allowRegistration: changes.allowRegistration ?? tenant.settings.allowRegistration },
    updatedAt: now,
  };
}

async function unlessTaken<T>(slug: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error, 'tenants_slug_key')) throw conflict(`There is a tenant ${slug} already.`, [{ field: 'slug', code: 'TAKEN', message: `slug ${slug} is taken.` }]);
    throw error;
  }
}

export function unknownTenant(idOrSlug: string): never {
  throw notFound('tenant', idOrSlug);
}
