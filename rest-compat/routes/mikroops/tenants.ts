import { z } from 'zod';
import type { MikroopsTenantFieldsFragment } from '#schema/operations/graphql.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, inverted, KEPT, listAnswer, pageOf, renamed, text } from './shared.ts';

const section = 'Tenant Management';
/** Tenants are managed by super admins, who need not be in one for it. */
const managed = { ...base, section, tenant: 'none' } as const;

const body = z.object({
  name: text(),
  subdomain: text(63).describe('The short name: small letters, digits and hyphens.'),
  company_name: free().optional(),
  phone: free(50).optional(),
  timezone: text(60).optional().describe('IANA name, e.g. Asia/Jakarta.'),
  currency: z.string().length(3).optional().describe('ISO 4217. Prices of billing profiles are in it.'),
  max_mikrotiks: z.int().min(0).max(1_000_000).nullable().optional(),
  max_network_users: z.int().min(0).max(100_000_000).nullable().optional(),
  features: z.record(z.string().max(100), z.unknown()).optional(),
});

const changes = body.partial().extend({ is_active: z.boolean().optional() });

const shape = z.object({
  ...body.required({ company_name: true, phone: true, timezone: true, currency: true, features: true }).shape,
  id: z.uuid(),
  is_active: z.boolean(),
  status: z.enum(['active', 'inactive']),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

/** Ours and the graph's. */
const names = { subdomain: 'slug', company_name: 'companyName', timezone: 'timeZone', max_mikrotiks: 'maxRouters', max_network_users: 'maxSubscribers', is_active: 'active' } as const;
const fields = inverted(names);

const toTenant = (tenant: MikroopsTenantFieldsFragment) => ({
  id: tenant.id,
  name: tenant.name,
  subdomain: tenant.slug,
  company_name: tenant.companyName ?? '',
  phone: tenant.phone ?? '',
  timezone: tenant.timeZone,
  currency: tenant.currency,
  max_mikrotiks: tenant.maxRouters,
  max_network_users: tenant.maxSubscribers,
  features: tenant.features,
  is_active: tenant.active,
  status: tenant.active ? 'active' : 'inactive',
  created_at: tenant.createdAt,
  updated_at: tenant.updatedAt,
});

const truth = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');

export const tenantRoutes: readonly Route[] = [
  defineRoute({
    ...managed,
    id: 'mikroops.tenant.create',
    method: 'POST',
    path: '/v1/internal/tenant',
    summary: 'Create tenant',
    status: 201,
    body,
    response: shape,
    fields,
    operation: 'MikroopsCreateTenant',
    toVariables: ({ body: sent }) => ({ input: renamed(sent, names) }),
    toResponse: ({ createTenant }) => ({ data: toTenant(createTenant.tenant) }),
  }),
  defineRoute({
    ...managed,
    id: 'mikroops.tenant.list',
    method: 'GET',
    path: '/v1/internal/tenant/list',
    summary: 'List tenants',
    query: z.object({ status: z.enum(['active', 'inactive']).optional(), is_active: truth.optional(), search: free(100).optional().describe('Part of name, subdomain or company name.') }),
    list: KEPT,
    response: z.array(shape),
    operation: 'MikroopsTenants',
    toVariables: ({ query: { status, is_active, search }, ...input }) => ({ filter: given({ search: search || undefined, active: is_active ?? (status === undefined ? undefined : status === 'active') }), ...pageOf(input) }),
    toResponse: ({ tenants }) => listAnswer(tenants, toTenant),
  }),
  defineRoute({
    ...managed,
    id: 'mikroops.tenant.get',
    method: 'GET',
    path: '/v1/internal/tenant/:id',
    summary: 'Get tenant',
    params: idParam,
    response: shape,
    operation: 'MikroopsTenant',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ tenant }) => ({ data: toTenant(tenant) }),
  }),
  defineRoute({
    ...managed,
    id: 'mikroops.tenant.update',
    method: 'PUT',
    path: '/v1/internal/tenant/:id',
    summary: 'Update tenant',
    description: 'What is not sent stays as it is.',
    params: idParam,
    body: changes,
    response: shape,
    fields,
    operation: 'MikroopsUpdateTenant',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...renamed(sent, names) } }),
    toResponse: ({ updateTenant }) => ({ data: toTenant(updateTenant.tenant) }),
  }),
  defineRoute({
    ...managed,
    id: 'mikroops.tenant.delete',
    method: 'DELETE',
    path: '/v1/internal/tenant/:id',
    summary: 'Delete tenant',
    params: idParam,
    operation: 'MikroopsDeleteTenant',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data, { params }) => deleted(params.id),
  }),
  defineRoute({
    ...managed,
    id: 'mikroops.tenant.stats',
    method: 'GET',
    path: '/v1/internal/tenant/:id/stats',
    summary: 'Get tenant stats',
    description: 'What the tenant has, and how much it may have (null: no limit).',
    params: idParam,
    response: z.object({
      tenant_id: z.uuid(),
      name: z.string(),
      is_active: z.boolean(),
      users: z.int(),
      customers: z.int().describe('Those who have left do not count.'),
      services: z.int().describe('Those that have ended do not count.'),
      mikrotiks: z.int(),
      max_mikrotiks: z.int().nullable(),
      max_network_users: z.int().nullable(),
    }),
    operation: 'MikroopsTenantStats',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ tenant }) => ({
      data: {
        tenant_id: tenant.id,
        name: tenant.name,
        is_active: tenant.active,
        users: tenant.userCount,
        customers: tenant.customerCount,
        services: tenant.serviceCount,
        mikrotiks: tenant.routerCount,
        max_mikrotiks: tenant.maxRouters,
        max_network_users: tenant.maxSubscribers,
      },
    }),
  }),
];
