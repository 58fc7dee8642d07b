import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import { MoneyType, toMoneyType } from '#kernel/graphql/money-type.ts';
import type { Money } from '#kernel/money.ts';
import type { BillingContext } from '../loaders.ts';
import type { BillingRun, BillingRuns, DryRun } from './billing-run.ts';
import { BillingRunConnection, BillingRunFilter, BillingRunOrder, BillingRunType, ParkedSubscriptionType, RunBillingInput, RunBillingPayload } from './billing-run.type.ts';

@Resolver(() => BillingRunType)
export class BillingRunResolver {
  constructor(private readonly domain: BillingRuns) {}

  @Query(() => BillingRunType, { nullable: true, description: 'One billing run. Unknown: NOT_FOUND.' })
  async billingRun(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: BillingContext): Promise<BillingRun> {
    return this.domain.get(principal, id);
  }

  @Query(() => BillingRunConnection, { description: 'The billing runs of the tenant.' })
  async billingRuns(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => BillingRunFilter, { nullable: true, description: 'Which ones.' }) filter: BillingRunFilter | null,
    @Arg('orderBy', () => [BillingRunOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: BillingRunOrder[] | null,
    @Ctx() { principal }: BillingContext,
  ): Promise<ConnectionValue<BillingRun>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => RunBillingPayload, { description: 'Issues every invoice that is due. Happens daily by itself; repeating it issues nothing twice. A dry run tells what it would come to.' })
  async runBilling(@Arg('input', () => RunBillingInput, { description: 'As of when.' }) input: RunBillingInput, @Ctx() { principal }: BillingContext): Promise<{ run: BillingRun | DryRun }> {
    return { run: await this.domain.run(principal, input) };
  }

  @FieldResolver(() => Boolean)
  dryRun(@Root() run: BillingRun | DryRun): boolean {
    return 'totals' in run;
  }

  @FieldResolver(() => MoneyType, { nullable: true })
  async total(@Root() run: BillingRun | DryRun, @Ctx() context: BillingContext): Promise<MoneyType | null> {
    const totals = await this.sums(run, context);
    if (totals.length > 1) return null;
    return toMoneyType(totals[0] ?? { minor: 0n, currency: await context.loaders.tenantCurrency() });
  }

  @FieldResolver(() => [MoneyType])
  async totals(@Root() run: BillingRun | DryRun, @Ctx() context: BillingContext): Promise<MoneyType[]> {
    return (await this.sums(run, context)).map(toMoneyType);
  }

  @FieldResolver(() => [ParkedSubscriptionType])
  async parked(@Root() run: BillingRun | DryRun, @Ctx() { loaders }: BillingContext): Promise<ParkedSubscriptionType[]> {
    const parked = 'parked' in run ? run.parked : await loaders.parkedOfRun.load(run.id);
    return parked.map(({ serviceId, ...one }) => ({ ...one, service: { id: serviceId } }));
  }

  private async sums(run: BillingRun | DryRun, { loaders }: BillingContext): Promise<Money[]> {
    return 'totals' in run ? run.totals : loaders.totalsOfRun.load(run.id);
  }
}
