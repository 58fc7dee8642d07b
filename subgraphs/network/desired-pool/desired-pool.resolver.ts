import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import { isPending, shownRow, type DesiredRow } from '../desired-row/desired-row.ts';
import { shownPage, type DesiredRows } from '../desired-row/desired-rows.ts';
import type { DesiredRowFilter } from '../desired-row/desired-row.type.ts';
import type { RowAdoption } from '../desired-row/row-adoption.ts';
import type { IpPoolRow } from '../ip-pool/ip-pool.ts';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import { desiredPoolMenu } from './desired-pool.ts';
import { AdoptIpPoolInput, AdoptIpPoolPayload, CreateDesiredIpPoolInput, CreateDesiredIpPoolPayload, DesiredIpPoolConnection, DesiredIpPoolFilter, DesiredIpPoolOrder, DesiredIpPoolType, ReleaseIpPoolInput, ReleaseIpPoolPayload, RemoveDesiredIpPoolInput, RemoveDesiredIpPoolPayload, UpdateDesiredIpPoolInput, UpdateDesiredIpPoolPayload } from './desired-pool.type.ts';

type Desired = DesiredRow & IpPoolRow & { pending: boolean };

/** As the graph shows it: the values in the forms of the direct menu. */
const shown = (row: DesiredRow): Desired => ({ ...shownRow(desiredPoolMenu, row), ...row, pending: isPending(desiredPoolMenu, row) });

@Resolver(() => DesiredIpPoolType)
export class DesiredIpPoolResolver {
  constructor(
    private readonly rows: DesiredRows,
    private readonly adoption: RowAdoption,
  ) {}

  @Query(() => DesiredIpPoolType, { nullable: true, description: 'One address pool that a router is to have. Unknown: NOT_FOUND.' })
  async desiredIpPool(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: NetworkContext): Promise<Desired> {
    return shown(await this.rows.get(principal, id));
  }

  @Query(() => DesiredIpPoolConnection, { description: 'The address pools that routers of the tenant are to have. Asks no router.' })
  async desiredIpPools(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => DesiredIpPoolFilter, { nullable: true, description: 'Which ones.' }) filter: DesiredRowFilter | null,
    @Arg('orderBy', () => [DesiredIpPoolOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: DesiredIpPoolOrder[] | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<Desired>> {
    return shownPage(await this.rows.list(principal, { page: checkedPage(page), filter, orderBy }), shown);
  }

  @Mutation(() => CreateDesiredIpPoolPayload, { description: 'Wishes for an address pool on a router, which follows when a plan is applied.' })
  async createDesiredIpPool(@Arg('input', () => CreateDesiredIpPoolInput, { description: 'The pool.' }) input: CreateDesiredIpPoolInput, @Ctx() { principal }: NetworkContext): Promise<{ pool: Desired }> {
    return { pool: shown(await this.rows.create(principal, input)) };
  }

  @Mutation(() => UpdateDesiredIpPoolPayload, { description: 'Changes what is wished for; the router follows when a plan is applied.' })
  async updateDesiredIpPool(@Arg('input', () => UpdateDesiredIpPoolInput, { description: 'The changes.' }) input: UpdateDesiredIpPoolInput, @Ctx() { principal }: NetworkContext): Promise<{ pool: Desired }> {
    return { pool: shown(await this.rows.update(principal, input)) };
  }

  @Mutation(() => RemoveDesiredIpPoolPayload, { description: 'Wishes for an address pool no longer: it is removed from the router when a plan is applied, unless something there needs it. To leave it there: `releaseIpPool`.' })
  async removeDesiredIpPool(@Arg('input', () => RemoveDesiredIpPoolInput, { description: 'Which one.' }) input: RemoveDesiredIpPoolInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.rows.remove(principal, input.id) };
  }

  @Mutation(() => AdoptIpPoolPayload, {
    description: 'Takes an address pool over that somebody else has made: its values go into the database as they stand, and our mark into its comment, before what is written there. Nothing else of it changes. The same call again answers the same. CONFLICT for one that is owned or that the router made itself; UNAVAILABLE when the router does not answer within 5 s.',
  })
  async adoptIpPool(@Arg('input', () => AdoptIpPoolInput, { description: 'Which one.' }) input: AdoptIpPoolInput, @Ctx() { principal }: NetworkContext): Promise<{ pool: Desired }> {
    return { pool: shown(await this.adoption.adopt(principal, input)) };
  }

  @Mutation(() => ReleaseIpPoolPayload, { description: 'Gives an address pool back: takes our mark from its comment on the router, where it stays as it is, and wishes for it no longer. UNAVAILABLE when the router does not answer within 5 s.' })
  async releaseIpPool(@Arg('input', () => ReleaseIpPoolInput, { description: 'Which one.' }) input: ReleaseIpPoolInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.adoption.release(principal, input.id) };
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router that is to have it.' })
  router(@Root() { routerId }: Desired, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(routerId);
  }
}
