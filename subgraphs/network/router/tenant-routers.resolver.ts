import { Ctx, Directive, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { permissionInThatTenant, type RuleMap } from '#kernel/access/shield.ts';
import type { NetworkContext } from '../loaders.ts';

/** A tenant as the network knows it: identity owns the rest. */
@Directive('@key(fields: "id")')
@ObjectType('Tenant', { simpleResolvers: true })
export class TenantRef {
  @Field(() => ID)
  id!: string;
}

@Resolver(() => TenantRef)
export class TenantRoutersResolver {
  @FieldResolver(() => Int, { description: 'How many routers it has registered.' })
  routerCount(@Root() tenant: TenantRef, @Ctx() { loaders }: NetworkContext): Promise<number> {
    return loaders.routerCountOfTenant.load(tenant.id);
  }
}

export const tenantRoutersRules = { Tenant: { routerCount: permissionInThatTenant('router:read') } } satisfies RuleMap;
