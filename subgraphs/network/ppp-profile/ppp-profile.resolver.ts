import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { DirectList } from '../direct/direct-list.ts';
import type { DirectRows, OnRouter } from '../direct/direct-rows.ts';
import { DirectListArgs, DirectRowArgs, type DirectFilter } from '../direct/direct.type.ts';
import type { NetworkContext } from '../loaders.ts';
import type { PppProfileRow } from './ppp-profile.ts';
import { CreatePppProfileInput, CreatePppProfilePayload, DeletePppProfileInput, DeletePppProfilePayload, PppProfileFilter, PppProfileList, PppProfileType, UpdatePppProfileInput, UpdatePppProfilePayload } from './ppp-profile.type.ts';

type Profile = OnRouter<PppProfileRow>;

@Resolver(() => PppProfileType)
export class PppProfileResolver {
  constructor(private readonly profiles: DirectRows<PppProfileRow>) {}

  @Query(() => PppProfileList, { description: 'The PPP profiles of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  pppProfiles(
    @Args(() => DirectListArgs) page: DirectListArgs,
    @Arg('filter', () => PppProfileFilter, { nullable: true, description: 'Which ones.' }) filter: DirectFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<DirectList<Profile>> {
    return this.profiles.list(principal, { ...page, filter });
  }

  @Query(() => PppProfileType, { description: 'One PPP profile of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  pppProfile(@Args(() => DirectRowArgs) { id, routerId }: DirectRowArgs, @Ctx() { principal }: NetworkContext): Promise<Profile> {
    return this.profiles.get(principal, id, routerId);
  }

  @Mutation(() => CreatePppProfilePayload, { description: 'Makes a PPP profile on a router at once and reads it back. Headend keeps nothing of it. VALIDATION_ERROR names what the router refuses.' })
  async createPppProfile(@Arg('input', () => CreatePppProfileInput, { description: 'The profile.' }) input: CreatePppProfileInput, @Ctx() { principal }: NetworkContext): Promise<{ profile: Profile }> {
    return { profile: await this.profiles.create(principal, input) };
  }

  @Mutation(() => UpdatePppProfilePayload, { description: 'Changes a PPP profile on a router at once and reads it back. VALIDATION_ERROR names what the router refuses; CONFLICT for one that Headend looks after.' })
  async updatePppProfile(@Arg('input', () => UpdatePppProfileInput, { description: 'The changes.' }) input: UpdatePppProfileInput, @Ctx() { principal }: NetworkContext): Promise<{ profile: Profile }> {
    return { profile: await this.profiles.update(principal, input) };
  }

  @Mutation(() => DeletePppProfilePayload, { description: 'Removes a PPP profile from a router at once and reads back that it is gone. One that is in use: as the router answers. CONFLICT for one that Headend looks after.' })
  async deletePppProfile(@Arg('input', () => DeletePppProfileInput, { description: 'Which one.' }) input: DeletePppProfileInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.profiles.remove(principal, input) };
  }
}
