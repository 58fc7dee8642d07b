import { defineSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import { servicesLoaders, type ServicesLoaders } from './loaders.ts';
import { PlanResolver } from './plan/plan.resolver.ts';
import { planEntityRule, planRules } from './plan/plan.rules.ts';
import { makePlans } from './plan/plan.ts';
import { PlanType } from './plan/plan.type.ts';
import { CustomerServicesResolver, ServiceResolver } from './service/service.resolver.ts';
import { serviceEntityRule, serviceRules } from './service/service.rules.ts';
import { makeServices } from './service/service.ts';
import { CustomerRef, ServiceType } from './service/service.type.ts';
import { TenantRef, TenantServicesResolver, tenantServicesRules } from './service/tenant-services.resolver.ts';

/** What is sold and to whom: plans and services. */
export const services = defineSubgraph<ServicesLoaders>({
  name: 'services',
  migrations: new URL('./migrations/', import.meta.url),
  resolvers: [PlanResolver, ServiceResolver, CustomerServicesResolver, TenantServicesResolver],
  entities: {
    Plan: { type: PlanType, rule: planEntityRule, resolve: ({ id }, { loaders }) => loaders.plan.load(id) },
    Service: { type: ServiceType, rule: serviceEntityRule, resolve: ({ id }, { loaders }) => loaders.service.load(id) },
    Customer: { type: CustomerRef, resolve: 'stub' },
    Tenant: { type: TenantRef, resolve: 'stub' },
  },
  rules: {
    Query: { ...planRules.Query, ...serviceRules.Query },
    Mutation: { ...planRules.Mutation, ...serviceRules.Mutation },
    Service: serviceRules.Service,
    Customer: serviceRules.Customer,
    Tenant: tenantServicesRules.Tenant,
  },
  make: (kit) => ({
    resolvers: [new PlanResolver(makePlans(kit)), new ServiceResolver(makeServices(kit)), new CustomerServicesResolver(), new TenantServicesResolver()],
    loaders: (context) => servicesLoaders(kit, context),
  }),
});
