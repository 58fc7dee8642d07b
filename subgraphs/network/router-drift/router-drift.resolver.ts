import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { PlanItemConnection, PlanItemFilter, PlanReason } from '../router-plan/router-plan.type.ts';
import type { RouterDrift, RouterDrifts } from './router-drift.ts';
import { CheckRouterDriftInput, CheckRouterDriftPayload, RouterDriftConnection, RouterDriftFilter, RouterDriftOrder, RouterDriftType } from './router-drift.type.ts';

@Resolver(() => RouterDriftType)
export class RouterDriftResolver {
  constructor(private readonly domain: RouterDrifts) {}

  @Query(() => RouterDriftType, { nullable: true, description: 'How a router differed from what is wished for it when it was last compared; the router is not asked. Unknown: NOT_FOUND.' })
  routerDrift(
    @Arg('routerId', () => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one; none: VALIDATION_ERROR.' }) routerId: string | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<RouterDrift> {
    return this.domain.get(principal, routerId);
  }

  @Query(() => RouterDriftConnection, { description: 'All routers of the tenant with what was last found on each, those that were never compared included. Never asks a router.' })
  drifts(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RouterDriftFilter, { nullable: true, description: 'Which ones.' }) filter: RouterDriftFilter | null,
    @Arg('orderBy', () => [RouterDriftOrder], { nullable: true, description: 'How they are sorted: in the order in which they were registered unless said otherwise.' }) orderBy: RouterDriftOrder[] | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<RouterDrift>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => CheckRouterDriftPayload, { description: 'Compares a router now, instead of at its next turn. UNAVAILABLE when it does not answer within 25 s.' })
  async checkRouterDrift(@Arg('input', () => CheckRouterDriftInput, { description: 'Which router.' }) input: CheckRouterDriftInput, @Ctx() { principal }: NetworkContext): Promise<{ drift: RouterDrift }> {
    return { drift: await this.domain.check(principal, input.routerId) };
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router.' })
  router(@Root() { id }: RouterDrift, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(id);
  }

  @FieldResolver(() => Boolean, { nullable: true })
  inSync(@Root() { drifting }: RouterDrift): boolean | null {
    return drifting === null ? null : drifting === 0;
  }

  @FieldResolver(() => PlanReason, { nullable: true })
  failure(@Root() { failureCode, failureMessage }: RouterDrift): PlanReason | null {
    return failureCode === null ? null : { code: failureCode, message: failureMessage ?? '' };
  }

  @FieldResolver(() => PlanItemConnection, { description: 'The differences, as a plan would list them.' })
  items(
    @Root() drift: RouterDrift,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => PlanItemFilter, { nullable: true, description: 'Which ones.' }) filter: PlanItemFilter | null,
  ): Promise<ConnectionValue<PlanItem>> {
    return this.domain.items(drift, { page: checkedPage(page), filter });
  }
}
