import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { NetworkContext } from '../loaders.ts';
import type { Credentials } from './credentials.ts';
import { SealedPppCredentials, SealPppCredentialsInput, SealPppCredentialsPayload } from './credentials.type.ts';

@Resolver()
export class CredentialsResolver {
  constructor(private readonly credentials: Credentials) {}

  @Mutation(() => SealPppCredentialsPayload, { description: 'A step of a saga, for services only: seals PPP credentials, so that the saga itself carries no more than a reference.' })
  async sealPppCredentials(
    @Arg('input', () => SealPppCredentialsInput, { description: 'The credentials.' }) input: SealPppCredentialsInput,
    @Ctx() { principal }: NetworkContext,
  ): Promise<{ credentials: SealedPppCredentials }> {
    const { credentials: { id, routerId }, unchanged } = await this.credentials.seal(principal, input);
    return { credentials: { id, routerId, unchanged } };
  }
}
