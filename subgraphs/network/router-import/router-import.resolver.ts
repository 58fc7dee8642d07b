import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import { DeviceStepPayload, EnforcementReason } from '../access/access.type.ts';
import type { StepResult } from '../access/enforce-access.ts';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import { MoneyType } from '#kernel/graphql/money-type.ts';
import type { Adoptions } from './adoption.ts';
import type { ImportCounts, RouterImport, RouterImportItem, RouterImports } from './router-import.ts';
import {
  ApplyAdoptionInput,
  ChangeRouterImportItemInput,
  CheckAdoptionInput,
  NextRouterImportItemsInput,
  NextRouterImportItemsPayload,
  OpenRouterImportInput,
  OpenSecretAdoptionInput,
  ProvisionAdoptionInput,
  RouterImportItemStepPayload,
  RouterImportReadPayload,
  RouterImportRefInput,
  RouterImportStepPayload,
  SettleRouterImportItemInput,
  SettleRouterImportItemPayload,
} from './router-import-steps.type.ts';
import {
  RouterImportConnection,
  RouterImportCounts,
  RouterImportFilter,
  RouterImportItemConnection,
  RouterImportItemFilter,
  RouterImportItemType,
  RouterImportOrder,
  RouterImportReason,
  RouterImportType,
} from './router-import.type.ts';

@Resolver(() => RouterImportType)
export class RouterImportResolver {
  constructor(private readonly domain: RouterImports) {}

  @Query(() => RouterImportType, { nullable: true, description: 'One import. Unknown: NOT_FOUND.' })
  routerImport(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: NetworkContext): Promise<RouterImport> {
    return this.domain.get(principal, id);
  }

  @Query(() => RouterImportConnection, { description: 'The imports of the tenant. Asks no router.' })
  routerImports(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RouterImportFilter, { nullable: true, description: 'Which ones.' }) filter: RouterImportFilter | null,
    @Arg('orderBy', () => [RouterImportOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: RouterImportOrder[] | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<RouterImport>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Subscription(() => RouterImportType, {
    name: 'routerImport',
    description: 'An import as it is, then after each change: how far it is stands in `counts`. Completes when it has ended. Unknown: NOT_FOUND.',
    subscribe: ({ args, context }: { args: { id: string }; context: NetworkContext }) => context.loaders.streams.routerImport(args.id, context.signal),
  })
  followRouterImport(@Arg('id', () => ID, { description: 'UUID.' }) _id: string, @Root() found: RouterImport): RouterImport {
    return found;
  }

  @Mutation(() => RouterImportStepPayload, { description: 'A step of an import, for services only: its rows; the router is not asked yet.' })
  async openRouterImport(@Arg('input', () => OpenRouterImportInput, { description: 'The import.' }) input: OpenRouterImportInput, @Ctx() { principal }: NetworkContext): Promise<{ routerImport: RouterImport }> {
    return { routerImport: await this.domain.open(principal, input) };
  }

  @Mutation(() => RouterImportReadPayload, { description: 'A step of an import, for services only: reads the router. Answers within 15 s.' })
  async readRouterImport(@Arg('input', () => RouterImportRefInput, { description: 'Which one.' }) input: RouterImportRefInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    return { result: await this.domain.read(principal, input.id) };
  }

  @Mutation(() => RouterImportItemStepPayload, { description: 'A step of an import, for services only: changes a row of the proposal. CONFLICT when it has expired or is under way.' })
  async changeRouterImportItem(@Arg('input', () => ChangeRouterImportItemInput, { description: 'The changes.' }) input: ChangeRouterImportItemInput, @Ctx() { principal }: NetworkContext): Promise<{ item: RouterImportItem }> {
    return { item: await this.domain.changeItem(principal, input) };
  }

  @Mutation(() => RouterImportStepPayload, { description: 'A step of an import, for services only: from now on it is applied. CONFLICT when it has expired or was not read.' })
  async beginRouterImport(@Arg('input', () => RouterImportRefInput, { description: 'Which one.' }) input: RouterImportRefInput, @Ctx() { principal }: NetworkContext): Promise<{ routerImport: RouterImport }> {
    return { routerImport: await this.domain.begin(principal, input.id) };
  }

  @Mutation(() => RouterImportStepPayload, { description: 'A step of an import, for services only: nothing more is begun. CONFLICT when it has ended.' })
  async stopRouterImport(@Arg('input', () => RouterImportRefInput, { description: 'Which one.' }) input: RouterImportRefInput, @Ctx() { principal }: NetworkContext): Promise<{ routerImport: RouterImport }> {
    return { routerImport: await this.domain.stop(principal, input.id) };
  }

  @Mutation(() => NextRouterImportItemsPayload, { description: 'A step of an import, for services only: what is under way and what is next. With nothing left the import ends.' })
  async nextRouterImportItems(@Arg('input', () => NextRouterImportItemsInput, { description: 'How many.' }) input: NextRouterImportItemsInput, @Ctx() { principal }: NetworkContext) {
    const { routerImport, items } = await this.domain.next(principal, input.id, input.limit);
    return { routerImport, assignments: items.map((item) => ({ item, profileItemId: item.planChosen ? null : item.profileItemId, runId: item.runId!, customerId: item.customerId!, serviceId: item.serviceId! })) };
  }

  @Mutation(() => SettleRouterImportItemPayload, { description: 'A step of an import, for services only: notes what became of a row.' })
  async settleRouterImportItem(@Arg('input', () => SettleRouterImportItemInput, { description: 'What.' }) input: SettleRouterImportItemInput, @Ctx() { principal }: NetworkContext): Promise<{ itemId: string }> {
    await this.domain.settle(principal, input);
    return { itemId: input.itemId };
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router.' })
  router(@Root() { routerId }: RouterImport, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(routerId);
  }

  @FieldResolver(() => MoneyType, { description: 'What plans cost that are yet to be made, unless something else was said of one.' })
  price(@Root() { priceAmount, priceCurrency }: RouterImport): MoneyType {
    return { amount: priceAmount, currency: priceCurrency };
  }

  @FieldResolver(() => RouterImportReason, { nullable: true, description: 'Why the router could not be read yet; null when nothing is wrong.' })
  reason(@Root() { reasonCode, reasonMessage }: RouterImport): RouterImportReason | null {
    return reasonCode === null ? null : { code: reasonCode, message: reasonMessage ?? '' };
  }

  @FieldResolver(() => RouterImportCounts, { description: 'How many rows there are of each kind, and how far it is.' })
  counts(@Root() { id }: RouterImport, @Ctx() { loaders }: NetworkContext): Promise<ImportCounts> {
    return loaders.importCounts.load(id);
  }

  @FieldResolver(() => RouterImportItemConnection, { description: 'The rows: profiles, then secrets, then pools, each in the router\'s order.' })
  items(
    @Root() found: RouterImport,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RouterImportItemFilter, { nullable: true, description: 'Which ones.' }) filter: RouterImportItemFilter | null,
  ): Promise<ConnectionValue<RouterImportItem>> {
    return this.domain.items(found, { page: checkedPage(page), filter });
  }
}

@Resolver(() => RouterImportItemType)
export class RouterImportItemResolver {
  constructor(
    private readonly domain: RouterImports,
    private readonly adoptions: Adoptions,
  ) {}

  @Mutation(() => RouterImportItemStepPayload, { description: 'A step of a saga, for services only: reads one secret and seals its password. CONFLICT says why it cannot be taken over.' })
  async openSecretAdoption(@Arg('input', () => OpenSecretAdoptionInput, { description: 'Which one.' }) input: OpenSecretAdoptionInput, @Ctx() { principal }: NetworkContext): Promise<{ item: RouterImportItem }> {
    return { item: await this.domain.inspect(principal, input) };
  }

  @Mutation(() => DeviceStepPayload, { description: 'A step of a saga, for services only: whether the row is still as it was read. REJECTED when not. Answers within 15 s.' })
  async checkAdoption(@Arg('input', () => CheckAdoptionInput, { description: 'Which row.' }) input: CheckAdoptionInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    return { result: await this.adoptions.check(principal, input.itemId) };
  }

  @Mutation(() => RouterImportItemStepPayload, { description: 'A step of a saga, for services only: makes the rows of the access. CONFLICT when another service has the name.' })
  async provisionAdoption(@Arg('input', () => ProvisionAdoptionInput, { description: 'The access.' }) input: ProvisionAdoptionInput, @Ctx() { principal }: NetworkContext): Promise<{ item: RouterImportItem }> {
    return { item: await this.adoptions.provision(principal, input) };
  }

  @Mutation(() => DeviceStepPayload, { description: 'A step of a saga, for services only: marks profile and secret on the router as ours. A row that has changed meanwhile is REJECTED. Answers within 15 s.' })
  async applyAdoption(@Arg('input', () => ApplyAdoptionInput, { description: 'Which row, and whose it becomes.' }) input: ApplyAdoptionInput, @Ctx() { principal }: NetworkContext): Promise<{ result: StepResult }> {
    return { result: await this.adoptions.apply(principal, input) };
  }

  @FieldResolver(() => Boolean, { description: 'Of a secret: whether its password is known. Without, it keeps working, until somebody gives the service another.' })
  passwordKnown(@Root() { passwordFingerprint }: RouterImportItem): boolean {
    return passwordFingerprint !== null;
  }

  @FieldResolver(() => EnforcementReason, { nullable: true, description: 'Why it was not taken over; null when nothing went wrong.' })
  outcome(@Root() { outcomeCode, outcomeMessage }: RouterImportItem): EnforcementReason | null {
    return outcomeCode === null ? null : { code: outcomeCode, message: outcomeMessage ?? '' };
  }
}
