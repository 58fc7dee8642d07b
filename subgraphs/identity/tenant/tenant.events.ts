import type { Tenant } from './tenant.ts';

/** The limits and the time zone are kept by those who act on them: routers are counted in network, months in billing. */
function payload(tenant: Tenant) {
  const { id, slug, name, timeZone, currency, maxRouters, maxSubscribers, features, active } = tenant;
  return { tenantId: id, slug, name, timezone: timeZone, currency, maxRouters, maxSubscribers, features, active };
}

export const tenantCreated = (tenant: Tenant) => ({ type: 'identity.tenant.created', tenantId: tenant.id, subject: tenant.id, payload: payload(tenant) });
export const tenantUpdated = (tenant: Tenant) => ({ type: 'identity.tenant.updated', tenantId: tenant.id, subject: tenant.id, payload: payload(tenant) });
export const tenantRemoved = (tenant: Tenant) => ({ type: 'identity.tenant.removed', tenantId: tenant.id, subject: tenant.id, payload: { tenantId: tenant.id } });
