import type { Principal } from '#kernel/access/principal.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { conflict, invalidField, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { builtInRoles } from '../role/role.ts';
import * as roleStore from '../role/role.store.ts';
import * as sessionStore from '../session/session.store.ts';
import { tenantCreated, tenantRemoved, tenantUpdated } from './tenant.events.ts';
import * as store from './tenant.store.ts';
import type { CreateTenantInput, RemoveTenantInput, UpdateTenantInput } from './tenant.type.ts';

export interface TenantSettings {
  passwordPolicy: { minLength: number };
  /** Whether people may register themselves. */
  allowRegistration: boolean;
}

export interface Tenant {
  id: string;
  slug: string;
  name: string;
  company: string | null;
  phone: string | null;
  /** IANA name. */
  timezone: string;
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

export interface Tenants {
  /** The one asked for (by super admins), or the one acted in. @throws NOT_FOUND */
  get(principal: Principal, idOrSlug: string | null): Promise<Tenant>;
  /** For the gateway: an active tenant, or null. */
  resolve(idOrSlug: string): Promise<Tenant | null>;
  list(query: store.TenantQuery): Promise<ConnectionValue<Tenant>>;
  create(input: CreateTenantInput): Promise<Tenant>;
  update(input: UpdateTenantInput): Promise<Tenant>;
  remove(input: RemoveTenantInput): Promise<string>;
}

export function makeTenants({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): Tenants {
  return {
    async get(principal, idOrSlug) {
      const wanted = idOrSlug ?? principal.tenantId;
      if (wanted === null) throw invalidField('id', 'REQUIRED', 'Give the id or the slug of the tenant: you act in none.');
      const tenant = await db.system((tx) => store.find(tx, wanted));
      // Other tenants than one's own are the super admin's business alone, and unknown to everybody else.
      return tenant && (principal.superAdmin || tenant.id === principal.tenantId) ? tenant : unknownTenant(wanted);
    },

    async resolve(idOrSlug) {
      const tenant = await db.system((tx) => store.find(tx, idOrSlug));
      return tenant?.active ? tenant : null;
    },

    list: (query) => store.list(db, query),

    async create({ slug, name, ...input }) {
      const now = clock.now();
      const tenant: Tenant = revise(
        { id: uuidv7(), slug, name: name.trim(), company: null, phone: null, timezone: 'UTC', settings: DEFAULT_SETTINGS, maxRouters: null, maxSubscribers: null, features: {}, active: true, createdAt: now, updatedAt: now },
        input,
        now,
      );
      try {
        await db.system(async (tx) => {
          await store.insert(tx, tenant);
          await roleStore.insert(tx, tenant.id, builtInRoles(now));
          await bus.publish(tx, [tenantCreated(tenant)]);
        });
      } catch (error) {
        if (isUniqueViolation(error, 'tenants_slug_key')) throw conflict(`There is a tenant ${slug} already.`, [{ field: 'slug', code: 'TAKEN', message: `slug ${slug} is taken.` }]);
        throw error;
      }
      return tenant;
    },

    update: ({ id, ...changes }) =>
      db.system(async (tx) => {
        const now = clock.now();
        const after = revise((await store.lock(tx, id)) ?? unknownTenant(id), changes, now);
        await store.update(tx, after);
        if (!after.active) await sessionStore.endAllOfTenant(tx, after.id, now, 'REMOVED');
        await bus.publish(tx, [tenantUpdated(after)]);
        return after;
      }),

    remove: ({ id }) =>
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
    name: changes.name?.trim() ?? tenant.name,
    company: changes.company ?? tenant.company,
    phone: changes.phone ?? tenant.phone,
    timezone: changes.timezone ?? tenant.timezone,
    maxRouters: changes.maxRouters ?? tenant.maxRouters,
    maxSubscribers: changes.maxSubscribers ?? tenant.maxSubscribers,
    features: changes.features ?? tenant.features,
    active: changes.active ?? tenant.active,
    settings: { passwordPolicy: changes.passwordPolicy ? { minLength: changes.passwordPolicy.minLength } : tenant.settings.passwordPolicy, allowRegistration: changes.allowRegistration ?? tenant.settings.allowRegistration },
    updatedAt: now,
  };
}

export function unknownTenant(idOrSlug: string): never {
  throw notFound('tenant', idOrSlug);
}
