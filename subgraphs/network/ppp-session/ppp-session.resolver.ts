import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { PppSession, PppSessionChange, PppSessions } from './ppp-session.ts';
import { DisconnectSessionInput, DisconnectSessionPayload, PppSessionEvent, PppSessionType, ServiceRef } from './ppp-session.type.ts';

@Resolver(() => PppSessionType)
export class PppSessionResolver {
  constructor(private readonly sessions: PppSessions) {}

  @Subscription(() => PppSessionEvent, {
    description: 'The live PPP sessions of a router: first one SNAPSHOT for each, then UP and DOWN as they happen. One upstream serves every subscriber. A subscriber that is too slow gets a new snapshot.',
    subscribe: ({ args, context }) => (context as NetworkContext).loaders.streams.pppSessions((args as { routerId?: string | null }).routerId),
  })
  pppSessions(
    @Root() change: PppSessionChange,
    @Arg('routerId', () => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one. Unknown: NOT_FOUND.' }) _routerId: string | null,
  ): PppSessionChange {
    return change;
  }

  @Mutation(() => DisconnectSessionPayload, { description: 'Cuts a live session. UNAVAILABLE when the router cannot be reached; `details` says why.' })
  disconnectSession(@Arg('input', () => DisconnectSessionInput, { description: 'Which session.' }) input: DisconnectSessionInput, @Ctx() { principal }: NetworkContext): Promise<{ disconnected: boolean; session: PppSession | null }> {
    return this.sessions.disconnect(principal, input);
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router it is on.' })
  router(@Root() session: PppSession, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return session.loadRouter?.() ?? loaders.router.load(session.routerId);
  }

  @FieldResolver(() => ServiceRef, { nullable: true, description: 'The service it belongs to; null when the PPP secret is not Headend\'s.' })
  async service(@Root() session: PppSession): Promise<ServiceRef | null> {
    const id = await this.sessions.serviceOf(session);
    return id === null ? null : { id };
  }
}
