import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { NetworkContext } from '../loaders.ts';
import type { ServiceRef } from '../ppp-session/ppp-session.type.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { PlanItem } from './router-plan.store.ts';
import { changesIn, type RouterPlan, type RouterPlans } from './router-plan.ts';
import { PlanFieldType, PlanItemConnection, PlanItemFilter, PlanItemType, PlanRouterInput, PlanRouterPayload, RouterPlanType } from './router-plan.type.ts';

@Resolver(() => RouterPlanType)
export class RouterPlanResolver {
  constructor(private readonly plans: RouterPlans) {}

  @Query(() => RouterPlanType, { nullable: true, description: 'One plan of a router, by its id or its hash: give exactly one. Unknown: NOT_FOUND.' })
  routerPlan(
    @Arg('id', () => ID, { nullable: true, description: 'UUID.' }) id: string | null,
    @Arg('hash', () => String, { nullable: true, description: 'Its hash; of several plans with the same one the newest is meant.' }) hash: string | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<RouterPlan> {
    return this.plans.get(principal, { id, hash });
  }

  @Mutation(() => PlanRouterPayload, {
    description: 'Reads a router, compares it with what the database wishes for it, and keeps what it would take to bring it into line. Nothing is changed on the router. UNAVAILABLE when it does not answer within 25 s.',
  })
  async planRouter(@Arg('input', () => PlanRouterInput, { description: 'Which router.' }) input: PlanRouterInput, @Ctx() { principal }: NetworkContext): Promise<{ plan: RouterPlan }> {
    return { plan: await this.plans.plan(principal, input) };
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router.' })
  router(@Root() { routerId }: RouterPlan, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(routerId);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it has no more changes and removals than it may have.' })
  withinLimits(@Root() { counts, maxChanges, maxRemovals }: RouterPlan): boolean {
    return changesIn(counts) <= maxChanges && counts.removals <= maxRemovals;
  }

  @FieldResolver(() => PlanItemConnection, { description: 'The differences, in the order in which they are applied; then what is only reported.' })
  items(
    @Root() plan: RouterPlan,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => PlanItemFilter, { nullable: true, description: 'Which ones.' }) filter: PlanItemFilter | null,
  ): Promise<ConnectionValue<PlanItem>> {
    return this.plans.items(plan, { page: checkedPage(page), filter });
  }
}

@Resolver(() => PlanItemType)
export class PlanItemResolver {
  @FieldResolver()
  service(@Root() { serviceId }: PlanItem): ServiceRef | null {
    return serviceId === null ? null : { id: serviceId };
  }

  @FieldResolver()
  fields(@Root() { fields }: PlanItem): PlanFieldType[] {
    return fields.map((field) => ({ ...field, secret: field.secret === true }));
  }
}
