import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { Callbacks, PppoeCallback } from './callback.ts';
import { PppoeCallbackType, ReportPppoeCallbacksInput, ReportPppoeCallbacksPayload, RotateRouterCallbackSecretInput, RotateRouterCallbackSecretPayload, type PppoeCallbackOutcome } from './callback.type.ts';

@Resolver(() => PppoeCallbackType)
export class CallbackResolver {
  constructor(private readonly callbacks: Callbacks) {}

  @Mutation(() => ReportPppoeCallbacksPayload, { description: 'Hands over what routers\' scripts told, for the service that takes them in. It looks across tenants: the address, the callback secret and the user name say which router it was.' })
  async reportPppoeCallbacks(@Arg('input', () => ReportPppoeCallbacksInput, { description: 'The callbacks.' }) input: ReportPppoeCallbacksInput): Promise<{ outcomes: PppoeCallbackOutcome[] }> {
    return { outcomes: await this.callbacks.report(input.events) };
  }

  @Mutation(() => RotateRouterCallbackSecretPayload, { description: 'Gives a router a new callback secret, for routers whose callbacks do not come from their registered address. The one before is void at once.' })
  async rotateRouterCallbackSecret(@Arg('input', () => RotateRouterCallbackSecretInput, { description: 'Which router.' }) input: RotateRouterCallbackSecretInput, @Ctx() { principal }: NetworkContext): Promise<{ callbackSecret: string }> {
    return { callbackSecret: await this.callbacks.rotateSecret(principal, input.id) };
  }

  @Subscription(() => PppoeCallbackType, {
    description: 'What the scripts of a router tell, as they tell it and at once. For who falls behind, only the last of each user is kept.',
    subscribe: ({ args, context }) => (context as NetworkContext).loaders.streams.pppoeCallbacks((args as { routerId?: string | null }).routerId),
  })
  pppoeCallbacks(
    @Root() callback: PppoeCallback,
    @Arg('routerId', () => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one. Unknown: NOT_FOUND.' }) _routerId: string | null,
  ): PppoeCallback {
    return callback;
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router that told.' })
  router(@Root() callback: PppoeCallback, @Ctx() { loaders, principal }: NetworkContext): Promise<Router | null> {
    return this.callbacks.routerOf(callback, principal, () => loaders.router.load(callback.routerId));
  }
}
