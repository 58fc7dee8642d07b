import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { BillingContext } from '../loaders.ts';
import type { Subscriptions } from './subscription.ts';
import { SetSuspensionPolicyInput, SetSuspensionPolicyPayload } from './subscription.type.ts';

@Resolver()
export class SubscriptionResolver {
  constructor(private readonly domain: Subscriptions) {}

  @Mutation(() => SetSuspensionPolicyPayload, { description: 'Says how a plan is charged while its services are suspended. A plan of which nothing was said is PAUSE.' })
  async setSuspensionPolicy(
    @Arg('input', () => SetSuspensionPolicyInput, { description: 'The plan and its policy.' }) input: SetSuspensionPolicyInput,
    @Ctx() { principal }: BillingContext,
  ): Promise<SetSuspensionPolicyPayload> {
    return this.domain.setPolicy(principal, input);
  }
}
