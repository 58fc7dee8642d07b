import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { invalidField } from '#kernel/errors.ts';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import { MoneyType, toMoneyType } from '#kernel/graphql/money-type.ts';
import type { ServicesContext } from '../loaders.ts';
import type { Plan, Plans } from './plan.ts';
import { CreatePlanInput, PlanConnection, PlanFilter, PlanOrder, PlanPayload, PlanType, RemovePlanInput, RemovePlanPayload, UpdatePlanInput } from './plan.type.ts';

@Resolver(() => PlanType)
export class PlanResolver {
  constructor(private readonly domain: Plans) {}

  @Query(() => PlanType, { nullable: true, description: 'One plan, by id or by code: give exactly one of the two. Unknown: NOT_FOUND.' })
  async plan(
    @Arg('id', () => ID, { nullable: true, description: 'UUID; a code is taken too.' }) id: string | null,
    @Arg('code', () => String, { nullable: true, description: 'The name that programs use.' }) code: string | null,
    @Ctx() { principal }: ServicesContext,
  ): Promise<Plan> {
    const wanted = id ?? code;
    if (wanted == null || (id != null && code != null)) throw invalidField('id', 'REQUIRED', 'Give either id or code.');
    return this.domain.get(principal, wanted);
  }

  @Query(() => PlanConnection, { description: 'The plans that are on sale.' })
  async plans(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => PlanFilter, { nullable: true, description: 'Which ones.' }) filter: PlanFilter | null,
    @Arg('orderBy', () => [PlanOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: PlanOrder[] | null,
    @Ctx() { principal }: ServicesContext,
  ): Promise<ConnectionValue<Plan>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => PlanPayload, { description: 'Makes a plan. CONFLICT when its code is taken.' })
  async createPlan(@Arg('input', () => CreatePlanInput, { description: 'The plan.' }) input: CreatePlanInput, @Ctx() { principal }: ServicesContext): Promise<{ plan: Plan }> {
    return { plan: await this.domain.create(principal, input) };
  }

  @Mutation(() => PlanPayload, { description: 'Changes a plan. Services keep the version under which they were sold.' })
  async updatePlan(@Arg('input', () => UpdatePlanInput, { description: 'The changes.' }) input: UpdatePlanInput, @Ctx() { principal }: ServicesContext): Promise<{ plan: Plan }> {
    return { plan: await this.domain.update(principal, input) };
  }

  @Mutation(() => RemovePlanPayload, { description: 'Takes a plan out of sale; its code becomes free. CONFLICT while a service that has not ended uses it.' })
  async removePlan(@Arg('input', () => RemovePlanInput, { description: 'Which plan.' }) input: RemovePlanInput, @Ctx() { principal }: ServicesContext): Promise<{ id: string }> {
    return { id: await this.domain.remove(principal, input) };
  }

  @FieldResolver(() => MoneyType, { description: 'Price of one billing interval.' })
  price(@Root() plan: Plan): MoneyType {
    return toMoneyType(plan.price);
  }
}
