import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { RouterPlan } from '../router-plan/router-plan.ts';
import { PlanReason, RouterPlanType } from '../router-plan/router-plan.type.ts';
import type { PlanApplies, PlanApply, PlanStep } from './plan-apply.ts';
import { ApplyPlanInput, CancelApplyInput, PlanApplyConnection, PlanApplyFilter, PlanApplyOrder, PlanApplyPayload, PlanApplyType, PlanStepConnection, PlanStepFilter, ResumeApplyInput, StopApplyInput } from './plan-apply.type.ts';

@Resolver(() => PlanApplyType)
export class PlanApplyResolver {
  constructor(private readonly applies: PlanApplies) {}

  @Query(() => PlanApplyType, { nullable: true, description: 'The applying of one plan. Unknown: NOT_FOUND.' })
  planApply(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: NetworkContext): Promise<PlanApply> {
    return this.applies.get(principal, id);
  }

  @Query(() => PlanApplyConnection, { description: 'The plans of the tenant that are being applied, or were.' })
  planApplies(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => PlanApplyFilter, { nullable: true, description: 'Which ones.' }) filter: PlanApplyFilter | null,
    @Arg('orderBy', () => [PlanApplyOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: PlanApplyOrder[] | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<PlanApply>> {
    return this.applies.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => PlanApplyPayload, {
    description:
      'Applies a plan as it stands: looks at the router once more (at most 25 s), queues the steps and answers. They are done at 100 requests a second, each read before and read back, also when this process dies. CONFLICT names `hash` (EXPIRED, STALE when the router has changed, APPLIED, BUSY with another plan), `maxChanges` or `maxRemovals` (LIMIT_EXCEEDED); UNAVAILABLE when the router does not answer.',
  })
  async applyPlan(@Arg('input', () => ApplyPlanInput, { description: 'Which plan.' }) input: ApplyPlanInput, @Ctx() { principal }: NetworkContext): Promise<{ apply: PlanApply }> {
    return { apply: await this.applies.apply(principal, input) };
  }

  @Mutation(() => PlanApplyPayload, { description: 'Lets the applying of a plan rest after the steps in hand. CONFLICT once it has ended.' })
  async stopApply(@Arg('input', () => StopApplyInput, { description: 'Which one.' }) input: StopApplyInput, @Ctx() { principal }: NetworkContext): Promise<{ apply: PlanApply }> {
    return { apply: await this.applies.stop(principal, input.id) };
  }

  @Mutation(() => PlanApplyPayload, { description: 'Goes on with one that rests; steps that the router refused are tried again. CONFLICT once it has ended, or while it is being stopped.' })
  async resumeApply(@Arg('input', () => ResumeApplyInput, { description: 'Which one.' }) input: ResumeApplyInput, @Ctx() { principal }: NetworkContext): Promise<{ apply: PlanApply }> {
    return { apply: await this.applies.resume(principal, input.id) };
  }

  @Mutation(() => PlanApplyPayload, { description: 'Ends the applying of a plan after the steps in hand. What was done stays done. CONFLICT once it has ended otherwise.' })
  async cancelApply(@Arg('input', () => CancelApplyInput, { description: 'Which one.' }) input: CancelApplyInput, @Ctx() { principal }: NetworkContext): Promise<{ apply: PlanApply }> {
    return { apply: await this.applies.cancel(principal, input.id) };
  }

  @Subscription(() => PlanApplyType, {
    name: 'planApply',
    description: 'The applying of a plan as it stands, and each time it gets on: about once a second. Ends with it. Unknown: NOT_FOUND.',
    subscribe: ({ args, context }) => (context as NetworkContext).loaders.streams.planApply((args as { id: string }).id),
  })
  planApplyStream(@Root() apply: PlanApply, @Arg('id', () => ID, { description: 'UUID.' }) _id: string): PlanApply {
    return apply;
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router.' })
  router(@Root() { routerId }: PlanApply, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(routerId);
  }

  @FieldResolver(() => RouterPlanType, { nullable: true, description: 'What is applied.' })
  plan(@Root() { planId }: PlanApply, @Ctx() { loaders }: NetworkContext): Promise<RouterPlan | null> {
    return loaders.routerPlan.load(planId);
  }

  @FieldResolver(() => PlanReason, { nullable: true })
  reason(@Root() { reasonCode, reasonMessage }: PlanApply): PlanReason | null {
    return reasonCode === null ? null : { code: reasonCode, message: reasonMessage ?? '' };
  }

  @FieldResolver(() => PlanStepConnection, { description: 'Its steps, in their order; what the plan only reports is none.' })
  steps(
    @Root() apply: PlanApply,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => PlanStepFilter, { nullable: true, description: 'Which ones.' }) filter: PlanStepFilter | null,
  ): Promise<ConnectionValue<PlanStep>> {
    return this.applies.steps(apply, { page: checkedPage(page), filter });
  }
}

@Resolver(() => RouterPlanType)
export class RouterPlanApplyResolver {
  @FieldResolver(() => PlanApplyType, { nullable: true, description: 'Its applying; null for one that was not applied.' })
  apply(@Root() plan: RouterPlan, @Ctx() { loaders }: NetworkContext): Promise<PlanApply | null> {
    return loaders.applyOfPlan.load(plan.id);
  }
}
