import { can } from '#kernel/access/principal.ts';
import { globalPermission, permissionInThatTenant, rule, type RuleMap } from '#kernel/access/shield.ts';
import { forbidden, unauthenticated } from '#kernel/errors.ts';

const everywhere = globalPermission('tenant:write');

/** Members look at their own tenant; which one it is, and that there are no others for them, is decided where it is read. */
const reader = rule((_parent, _args, { principal }) => {
  if (principal.kind === 'anonymous') return unauthenticated();
  return can(principal, 'tenant:read') || forbidden('This needs the permission tenant:read.');
});

/** What the gateway asks before it knows who is asking. Not for super admins either. */
export const gatewayAlone = rule((_parent, _args, { principal }) => {
  if (principal.kind === 'anonymous') return unauthenticated();
  return can(principal, 'internal:gateway') || forbidden('This is for the gateway alone.');
});

export const tenantRules = {
  Query: { tenant: reader, tenants: globalPermission('tenant:read'), _tenant: gatewayAlone },
  Mutation: { createTenant: everywhere, updateTenant: everywhere, deleteTenant: everywhere },
  Tenant: { userCount: permissionInThatTenant('user:read'), customerCount: permissionInThatTenant('customer:read') },
} satisfies RuleMap;

/** Who may see a tenant to which another subgraph leads: the loader adds that it is one's own. */
export const tenantEntityRule = reader;
