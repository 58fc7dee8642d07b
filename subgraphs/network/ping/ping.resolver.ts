import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { PingReply } from './ping-replies.ts';
import type { AddressPing, PingResult, Pings } from './ping.ts';
import { AddressPingType, PingAddressArgs, PingReplyType, PingResultType } from './ping.type.ts';

@Resolver(() => PingResultType)
export class PingResolver {
  constructor(private readonly subscribers: Pings) {}

  @Query(() => PingResultType, { description: 'Pings a subscriber from his router, one echo a second: it takes as many seconds as echoes are wanted, two more at most. Without a live session: `online` false. UNAVAILABLE when the router is away.' })
  pingService(
    @Arg('serviceId', () => ID, { description: 'Whom. Unknown, or without access: NOT_FOUND.' }) serviceId: string,
    @Arg('count', () => Int, { defaultValue: 4, description: 'How many echoes, 1 to 10.' }) count: number,
    @Ctx() { principal }: NetworkContext,
  ): Promise<PingResult> {
    return this.subscribers.once(principal, serviceId, count);
  }

  @Subscription(() => PingReplyType, {
    description: 'Pings a subscriber from his router, one reply a second. While he is away `status` is `offline`, while his router is, `unreachable`; it goes on by itself. The router pings once for all who watch.',
    subscribe: ({ args, context }) => (context as NetworkContext).loaders.streams.pings((args as { serviceId: string }).serviceId),
  })
  pings(@Root() reply: PingReply, @Arg('serviceId', () => ID, { description: 'Whom. Unknown, or without access: NOT_FOUND.' }) _serviceId: string): PingReply {
    return reply;
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router that pinged.' })
  router(@Root() result: PingResult, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(result.routerId);
  }
}

@Resolver(() => AddressPingType)
export class AddressPingResolver {
  constructor(private readonly pings: Pings) {}

  @Query(() => AddressPingType, { description: 'Pings an address from a router, one echo a second: it takes as many seconds as echoes are wanted, two more at most. UNAVAILABLE when the router is away; a name that it cannot resolve: VALIDATION_ERROR.' })
  pingAddress(
    @Args(() => PingAddressArgs) { address, routerId }: PingAddressArgs,
    @Arg('count', () => Int, { defaultValue: 4, description: 'How many echoes, 1 to 10.' }) count: number,
    @Ctx() { principal }: NetworkContext,
  ): Promise<AddressPing> {
    return this.pings.address(principal, { address, count, ...(routerId == null ? {} : { routerId }) });
  }

  @Subscription(() => PingReplyType, {
    description: 'Pings an address from a router, one reply a second. While the router is away `status` is `unreachable`; it goes on by itself. The router pings once for all who watch.',
    subscribe: ({ args, context }) => (context as NetworkContext).loaders.streams.addressPings((args as PingAddressArgs).address, (args as PingAddressArgs).routerId),
  })
  addressPings(@Root() reply: PingReply, @Args(() => PingAddressArgs) _args: PingAddressArgs): PingReply {
    return reply;
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router that pinged.' })
  router(@Root() result: AddressPing, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(result.routerId);
  }
}
