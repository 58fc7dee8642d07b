import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { DirectList } from '../direct/direct-list.ts';
import type { DirectRows, OnRouter } from '../direct/direct-rows.ts';
import { DirectListArgs, DirectRowArgs, type DirectFilter } from '../direct/direct.type.ts';
import type { NetworkContext } from '../loaders.ts';
import type { IpPoolRow } from './ip-pool.ts';
import { CreateIpPoolInput, CreateIpPoolPayload, DeleteIpPoolInput, DeleteIpPoolPayload, IpPoolFilter, IpPoolList, IpPoolType, UpdateIpPoolInput, UpdateIpPoolPayload } from './ip-pool.type.ts';

type Pool = OnRouter<IpPoolRow>;

@Resolver(() => IpPoolType)
export class IpPoolResolver {
  constructor(private readonly pools: DirectRows<IpPoolRow>) {}

  @Query(() => IpPoolList, { description: 'The address pools of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  ipPools(
    @Args(() => DirectListArgs) page: DirectListArgs,
    @Arg('filter', () => IpPoolFilter, { nullable: true, description: 'Which ones.' }) filter: DirectFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<DirectList<Pool>> {
    return this.pools.list(principal, { ...page, filter });
  }

  @Query(() => IpPoolType, { description: 'One address pool of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  ipPool(@Args(() => DirectRowArgs) { id, routerId }: DirectRowArgs, @Ctx() { principal }: NetworkContext): Promise<Pool> {
    return this.pools.get(principal, id, routerId);
  }

  @Mutation(() => CreateIpPoolPayload, { description: 'Makes an address pool on a router at once and reads it back. Headend keeps nothing of it. VALIDATION_ERROR names what the router refuses.' })
  async createIpPool(@Arg('input', () => CreateIpPoolInput, { description: 'The pool.' }) input: CreateIpPoolInput, @Ctx() { principal }: NetworkContext): Promise<{ pool: Pool }> {
    return { pool: await this.pools.create(principal, input) };
  }

  @Mutation(() => UpdateIpPoolPayload, { description: 'Changes an address pool on a router at once and reads it back. VALIDATION_ERROR names what the router refuses.' })
  async updateIpPool(@Arg('input', () => UpdateIpPoolInput, { description: 'The changes.' }) input: UpdateIpPoolInput, @Ctx() { principal }: NetworkContext): Promise<{ pool: Pool }> {
    return { pool: await this.pools.update(principal, input) };
  }

  @Mutation(() => DeleteIpPoolPayload, { description: 'Removes an address pool from a router at once and reads back that it is gone. One that is in use: as the router answers.' })
  async deleteIpPool(@Arg('input', () => DeleteIpPoolInput, { description: 'Which one.' }) input: DeleteIpPoolInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.pools.remove(principal, input) };
  }
}
