import { Ctx, Directive, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { permissionInThatTenant, type RuleMap } from '#kernel/access/shield.ts';
import type { ServicesContext } from '../loaders.ts';

/** A tenant as services knows it: identity owns the rest. */
@Directive('@key(fields: "id")')
@ObjectType('Tenant', { simpleResolvers: true })
export class TenantRef {
  @Field(() => ID)
  id!: string;
}

@Resolver(() => TenantRef)
export class TenantServicesResolver {
  @FieldResolver(() => Int, { description: 'How many services its customers have; those that have ended do not count.' })
  serviceCount(@Root() tenant: TenantRef, @Ctx() { loaders }: ServicesContext): Promise<number> {
    return loaders.serviceCountOfTenant.load(tenant.id);
  }
}

export const tenantServicesRules = { Tenant: { serviceCount: permissionInThatTenant('service:read') } } satisfies RuleMap;
