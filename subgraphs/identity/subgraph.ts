import { defineSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import { ApiKeyResolver } from './api-key/api-key.resolver.ts';
import { apiKeyRules } from './api-key/api-key.rules.ts';
import { makeApiKeys } from './api-key/api-key.ts';
import { hearCustomerServices } from './customer/customer.intake.ts';
import { CustomerResolver } from './customer/customer.resolver.ts';
import { customerEntityRule, customerRules } from './customer/customer.rules.ts';
import { makeCustomers } from './customer/customer.ts';
import { CustomerBatchResolver } from './customer/customer-batch.resolver.ts';
import { makeCustomerBatches } from './customer/customer-batch.ts';
import { CustomerType } from './customer/customer.type.ts';
import { identityLoaders, type IdentityLoaders } from './loaders.ts';
import { RoleResolver } from './role/role.resolver.ts';
import { roleRules } from './role/role.rules.ts';
import { refreshBuiltInRoles } from './role/refresh-built-in-roles.ts';
import { makeRoles } from './role/role.ts';
import { makeFirstAdmin } from './first-admin.ts';
import { fillSandbox } from './sandbox.ts';
import { SessionResolver } from './session/session.resolver.ts';
import { sessionRules } from './session/session.rules.ts';
import { makeSessions } from './session/session.ts';
import { TenantResolver } from './tenant/tenant.resolver.ts';
import { tenantEntityRule, tenantRules } from './tenant/tenant.rules.ts';
import { makeTenants } from './tenant/tenant.ts';
import { TenantType } from './tenant/tenant.type.ts';
import { makePasswords } from './user/passwords.ts';
import { UserResolver } from './user/user.resolver.ts';
import { userEntityRule, userRules } from './user/user.rules.ts';
import { makeUsers } from './user/user.ts';
import { UserType } from './user/user.type.ts';

/** Who is who: tenants, those who log in and what they may do, and customers. */
export const identity = defineSubgraph<IdentityLoaders>({
  name: 'identity',
  migrations: new URL('./migrations/', import.meta.url),
  resolvers: [SessionResolver, UserResolver, RoleResolver, ApiKeyResolver, TenantResolver, CustomerResolver, CustomerBatchResolver],
  entities: {
    Customer: { type: CustomerType, rule: customerEntityRule, resolve: ({ id }, { loaders }) => loaders.customer.load(id) },
    User: { type: UserType, rule: userEntityRule, resolve: ({ id }, { loaders }) => loaders.user.load(id) },
    Tenant: { type: TenantType, rule: tenantEntityRule, resolve: ({ id }, { loaders }) => loaders.tenant.load(id) },
  },
  rules: {
    Query: { ...userRules.Query, ...roleRules.Query, ...apiKeyRules.Query, ...tenantRules.Query, ...customerRules.Query },
    Mutation: { ...sessionRules.Mutation, ...userRules.Mutation, ...roleRules.Mutation, ...apiKeyRules.Mutation, ...tenantRules.Mutation, ...customerRules.Mutation },
    Tenant: tenantRules.Tenant,
  },
  make: (kit) => {
    const passwords = makePasswords();
    hearCustomerServices(kit);
    return {
      resolvers: [
        new SessionResolver(makeSessions({ ...kit, passwords })),
        new UserResolver(makeUsers({ ...kit, passwords })),
        new RoleResolver(makeRoles(kit)),
        new ApiKeyResolver(makeApiKeys(kit)),
        new TenantResolver(makeTenants(kit)),
        new CustomerResolver(makeCustomers(kit)),
        new CustomerBatchResolver(makeCustomerBatches(kit)),
      ],
      loaders: (context) => identityLoaders(kit, context),
      async start() {
        await refreshBuiltInRoles(kit);
        if (kit.config.sandbox) await fillSandbox({ ...kit, passwords });
        await makeFirstAdmin({ ...kit, passwords });
      },
    };
  },
});
