import { z } from 'zod';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, KEPT, listAnswer, pageOf, text, type List } from './shared.ts';

interface TenantFields {
  id: string;
  slug: string;
  name: string;
  companyName: string | null;
  phone: string | null;
  timeZone: string;
  currency: string;
  active: boolean;
  maxRouters: number | null;
  maxSubscribers: number | null;
  features: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
}

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

const fields = { slug: 'subdomain', companyName: 'company_name', timeZone: 'timezone', maxRouters: 'max_mikrotiks', maxSubscribers: 'max_network_users', active: 'is_active' };

const toTenant = (tenant: TenantFields) => ({
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

const toInput = ({ subdomain, company_name, phone, name, timezone, currency, max_mikrotiks, max_network_users, features, is_active }: z.output<typeof changes>) =>
  given({ name, slug: subdomain, companyName: company_name, phone, timeZone: timezone, currency, maxRouters: max_mikrotiks, maxSubscribers: max_network_users, features, active: is_active });

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
    operation: 'CreateTenant',
    toVariables: ({ body: sent }) => ({ input: toInput(sent) }),
    toResponse: ({ createTenant }: { createTenant: { tenant: TenantFields } }) => ({ data: toTenant(createTenant.tenant) }),
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
    operation: 'Tenants',
    toVariables: ({ query: { status, is_active, search }, ...input }) => ({ filter: given({ search: search || undefined, active: is_active ?? (status === undefined ? undefined : status === 'active') }), ...pageOf(input) }),
    toResponse: ({ tenants }: { tenants: List<TenantFields> }) => listAnswer(tenants, toTenant),
  }),
  defineRoute({
    ...managed,
    id: 'mikroops.tenant.get',
    method: 'GET',
    path: '/v1/internal/tenant/:id',
    summary: 'Get tenant',
    params: idParam,
    response: shape,
    operation: 'Tenant',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ tenant }: { tenant: TenantFields }) => ({ data: toTenant(tenant) }),
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
    operation: 'UpdateTenant',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...toInput(sent) } }),
    toResponse: ({ updateTenant }: { updateTenant: { tenant: TenantFields } }) => ({ data: toTenant(updateTenant.tenant) }),
  }),
  defineRoute({
    ...managed,
    id: 'mikroops.tenant.delete',
    method: 'DELETE',
    path: '/v1/internal/tenant/:id',
    summary: 'Delete tenant',
    params: idParam,
    operation: 'DeleteTenant',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data: object, { params }) => deleted(params.id),
  }),
];
