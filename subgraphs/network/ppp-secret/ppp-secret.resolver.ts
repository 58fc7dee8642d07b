import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { DirectList } from '../direct/direct-list.ts';
import type { DirectRows, OnRouter } from '../direct/direct-rows.ts';
import { DirectListArgs, DirectRowArgs, type DirectFilter } from '../direct/direct.type.ts';
import type { NetworkContext } from '../loaders.ts';
import type { PppInactives, PppSecretRow } from './ppp-secret.ts';
import { CreatePppSecretInput, CreatePppSecretPayload, DeletePppSecretInput, DeletePppSecretPayload, PppSecretFilter, PppSecretList, PppSecretType, UpdatePppSecretInput, UpdatePppSecretPayload } from './ppp-secret.type.ts';

type Secret = OnRouter<PppSecretRow>;

@Resolver(() => PppSecretType)
export class PppSecretResolver {
  constructor(
    private readonly secrets: DirectRows<PppSecretRow>,
    private readonly inactives: PppInactives,
  ) {}

  @Query(() => PppSecretList, { description: 'The PPP users of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  pppSecrets(
    @Args(() => DirectListArgs) page: DirectListArgs,
    @Arg('filter', () => PppSecretFilter, { nullable: true, description: 'Which ones.' }) filter: DirectFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<DirectList<Secret>> {
    return this.secrets.list(principal, { ...page, filter });
  }

  @Query(() => PppSecretList, { description: 'The PPP users of a router of whom no session is up, disabled ones included, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  pppInactives(
    @Args(() => DirectListArgs) page: DirectListArgs,
    @Arg('filter', () => PppSecretFilter, { nullable: true, description: 'Which ones.' }) filter: DirectFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<DirectList<Secret>> {
    return this.inactives.list(principal, { ...page, filter });
  }

  @Query(() => PppSecretType, { description: 'One PPP user of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  pppSecret(@Args(() => DirectRowArgs) { id, routerId }: DirectRowArgs, @Ctx() { principal }: NetworkContext): Promise<Secret> {
    return this.secrets.get(principal, id, routerId);
  }

  @Mutation(() => CreatePppSecretPayload, { description: 'Makes a PPP user on a router at once and reads it back. Headend keeps nothing of it. VALIDATION_ERROR names what the router refuses.' })
  async createPppSecret(@Arg('input', () => CreatePppSecretInput, { description: 'The PPP user.' }) input: CreatePppSecretInput, @Ctx() { principal }: NetworkContext): Promise<{ secret: Secret }> {
    return { secret: await this.secrets.create(principal, input) };
  }

  @Mutation(() => UpdatePppSecretPayload, { description: 'Changes a PPP user on a router at once and reads it back. VALIDATION_ERROR names what the router refuses; CONFLICT for one that Headend looks after.' })
  async updatePppSecret(@Arg('input', () => UpdatePppSecretInput, { description: 'The changes.' }) input: UpdatePppSecretInput, @Ctx() { principal }: NetworkContext): Promise<{ secret: Secret }> {
    return { secret: await this.secrets.update(principal, input) };
  }

  @Mutation(() => DeletePppSecretPayload, { description: 'Removes a PPP user from a router at once and reads back that it is gone. What becomes of its session is the router\'s to decide. CONFLICT for one that Headend looks after.' })
  async deletePppSecret(@Arg('input', () => DeletePppSecretInput, { description: 'Which one.' }) input: DeletePppSecretInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.secrets.remove(principal, input) };
  }
}
