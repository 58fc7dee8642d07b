import { instant } from '#kernel/db/columns.ts';
import { counterTable } from '#kernel/db/counter.ts';
import { boolean, integer, jsonb, pgSchema, primaryKey, text, uuid } from '#kernel/db/drizzle.ts';
import { idempotencyTable } from '#kernel/db/idempotency.ts';
import type { CustomerStatus } from './customer/customer.type.ts';
import type { EndReason } from './session/session.ts';
import type { TenantSettings } from './tenant/tenant.ts';

export const schema = pgSchema('identity');

/** Global; a tenant sees its own row. Written as the system. */
export const tenants = schema.table('tenants', {
  id: uuid('id').primaryKey(),
  slug: text('slug').notNull(),
  name: text('name').notNull(),
  companyName: text('company_name'),
  phone: text('phone'),
  timeZone: text('time_zone').notNull(),
  currency: text('currency').notNull(),
  settings: jsonb('settings').$type<TenantSettings>().notNull(),
  maxRouters: integer('max_routers'),
  maxSubscribers: integer('max_subscribers'),
  features: jsonb('features').$type<Record<string, unknown>>().notNull(),
  active: boolean('active').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  removedAt: instant('removed_at'),
});

/** Global; a tenant sees its members. Written as the system. */
export const users = schema.table('users', {
  id: uuid('id').primaryKey(),
  username: text('username').notNull(),
  email: text('email').notNull(),
  fullName: text('full_name').notNull(),
  phone: text('phone'),
  passwordHash: text('password_hash').notNull(),
  active: boolean('active').notNull(),
  superAdmin: boolean('super_admin').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  removedAt: instant('removed_at'),
});

/** Each tenant has its own, also of those that come with the product. */
export const roles = schema.table('roles', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  code: text('code').notNull(),
  name: text('name').notNull(),
  description: text('description'),
  permissions: text('permissions').array().notNull(),
  builtIn: boolean('built_in').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

export const memberships = schema.table(
  'memberships',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    roleId: uuid('role_id').notNull(),
    isPrimary: boolean('is_primary').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] })],
);

/** A login: the family of refresh tokens that descend from it. Reached as the system only. */
export const sessions = schema.table('sessions', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  tenantId: uuid('tenant_id'),
  createdAt: instant('created_at').notNull(),
  endedAt: instant('ended_at'),
  endReason: text('end_reason').$type<EndReason>(),
});

/** Reached as the system only. */
export const refreshTokens = schema.table('refresh_tokens', {
  /** SHA-256 of the token, hex. The token has 122 random bits: no salt is needed. */
  hash: text('hash').primaryKey(),
  sessionId: uuid('session_id').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
});

export const apiKeys = schema.table('api_keys', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  name: text('name').notNull(),
  /** The first characters of the key, by which people tell keys apart. */
  prefix: text('prefix').notNull(),
  /** SHA-256 of the key, hex. */
  hash: text('hash').notNull(),
  permissions: text('permissions').array().notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
});

export const customers = schema.table('customers', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  accountNumber: text('account_number').notNull(),
  name: text('name').notNull(),
  email: text('email'),
  phone: text('phone'),
  status: text('status').$type<CustomerStatus>().notNull(),
  /** The durable run that made it, which alone may take it back. */
  runId: text('run_id'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  closedAt: instant('closed_at'),
});

/** The services of customers that have not ended, as services announces them: who has one is not closed by hand. */
export const customerServices = schema.table('customer_services', {
  serviceId: uuid('service_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  customerId: uuid('customer_id').notNull(),
});

export const idempotencyKeys = idempotencyTable(schema);
export const counters = counterTable(schema);
