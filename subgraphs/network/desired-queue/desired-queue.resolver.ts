import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { isPending, shownRow, type DesiredRow } from '../desired-row/desired-row.ts';
import { shownPage, type DesiredRows } from '../desired-row/desired-rows.ts';
import type { DesiredRowFilter } from '../desired-row/desired-row.type.ts';
import type { RowAdoption } from '../desired-row/row-adoption.ts';
import type { SimpleQueueRow } from '../simple-queue/simple-queue.ts';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import { desiredQueueMenu } from './desired-queue.ts';
import { AdoptQueueInput, AdoptQueuePayload, CreateDesiredQueueInput, CreateDesiredQueuePayload, DesiredQueueConnection, DesiredQueueFilter, DesiredQueueOrder, DesiredQueueOrderField, DesiredQueueType, MoveDesiredQueueInput, MoveDesiredQueuePayload, ReleaseQueueInput, ReleaseQueuePayload, RemoveDesiredQueueInput, RemoveDesiredQueuePayload, UpdateDesiredQueueInput, UpdateDesiredQueuePayload } from './desired-queue.type.ts';

type Desired = DesiredRow & SimpleQueueRow & { pending: boolean };

/** As the graph shows it: the values in the forms of the direct menu. */
const shown = (row: DesiredRow): Desired => ({ ...shownRow(desiredQueueMenu, row), ...row, pending: isPending(desiredQueueMenu, row) });

@Resolver(() => DesiredQueueType)
export class DesiredQueueResolver {
  constructor(
    private readonly rows: DesiredRows,
    private readonly adoption: RowAdoption,
  ) {}

  @Query(() => DesiredQueueType, { nullable: true, description: 'One simple queue that a router is to have. Unknown: NOT_FOUND.' })
  async desiredQueue(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: NetworkContext): Promise<Desired> {
    return shown(await this.rows.get(principal, id));
  }

  @Query(() => DesiredQueueConnection, { description: 'The simple queues that routers of the tenant are to have. Asks no router.' })
  async desiredQueues(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => DesiredQueueFilter, { nullable: true, description: 'Which ones.' }) filter: DesiredRowFilter | null,
    @Arg('orderBy', () => [DesiredQueueOrder], { nullable: true, description: 'How they are sorted: in their order on it unless said otherwise.' }) orderBy: DesiredQueueOrder[] | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<Desired>> {
    return shownPage(await this.rows.list(principal, { page: checkedPage(page), filter, orderBy: orderBy ?? [{ field: DesiredQueueOrderField.POSITION, direction: OrderDirection.ASC }] }), shown);
  }

  @Mutation(() => CreateDesiredQueuePayload, { description: 'Wishes for a simple queue on a router, which follows when a plan is applied.' })
  async createDesiredQueue(@Arg('input', () => CreateDesiredQueueInput, { description: 'The queue.' }) input: CreateDesiredQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ queue: Desired }> {
    return { queue: shown(await this.rows.create(principal, input)) };
  }

  @Mutation(() => UpdateDesiredQueuePayload, { description: 'Changes what is wished for; the router follows when a plan is applied.' })
  async updateDesiredQueue(@Arg('input', () => UpdateDesiredQueueInput, { description: 'The changes.' }) input: UpdateDesiredQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ queue: Desired }> {
    return { queue: shown(await this.rows.update(principal, input)) };
  }

  @Mutation(() => MoveDesiredQueuePayload, { description: 'Puts a simple queue that is wished for before another one, or behind all. The router follows when a plan is applied.' })
  async moveDesiredQueue(@Arg('input', () => MoveDesiredQueueInput, { description: 'Which one, and where to.' }) input: MoveDesiredQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ queue: Desired }> {
    return { queue: shown(await this.rows.move(principal, input)) };
  }

  @Mutation(() => RemoveDesiredQueuePayload, { description: 'Wishes for a simple queue no longer: it is removed from the router when a plan is applied, unless something there needs it. To leave it there: `releaseQueue`.' })
  async removeDesiredQueue(@Arg('input', () => RemoveDesiredQueueInput, { description: 'Which one.' }) input: RemoveDesiredQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.rows.remove(principal, input.id) };
  }

  @Mutation(() => AdoptQueuePayload, {
    description: 'Takes a simple queue over that somebody else has made: its values go into the database as they stand, and our mark into its comment, before what is written there. Nothing else of it changes. The same call again answers the same. CONFLICT for one that is owned or that the router made itself; UNAVAILABLE when the router does not answer within 5 s.',
  })
  async adoptQueue(@Arg('input', () => AdoptQueueInput, { description: 'Which one.' }) input: AdoptQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ queue: Desired }> {
    return { queue: shown(await this.adoption.adopt(principal, input)) };
  }

  @Mutation(() => ReleaseQueuePayload, { description: 'Gives a simple queue back: takes our mark from its comment on the router, where it stays as it is, and wishes for it no longer. UNAVAILABLE when the router does not answer within 5 s.' })
  async releaseQueue(@Arg('input', () => ReleaseQueueInput, { description: 'Which one.' }) input: ReleaseQueueInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.adoption.release(principal, input.id) };
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router that is to have it.' })
  router(@Root() { routerId }: Desired, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(routerId);
  }
}
