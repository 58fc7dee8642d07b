import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import type { NetworkContext } from '../loaders.ts';
import { ServiceRef } from '../ppp-session/ppp-session.type.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { SessionHistory, SessionRecord } from './session-history.ts';
import { PppSessionHistoryFilter, PppSessionRecordConnection, PppSessionRecordType } from './session-history.type.ts';

@Resolver(() => PppSessionRecordType)
export class SessionHistoryResolver {
  constructor(private readonly history: SessionHistory) {}

  @Query(() => [PppSessionRecordType], {
    description: 'Who held an IP address at an instant, from the recorded sessions: one session as a rule, none when nobody did, several where routers give out the same addresses (the newest first; name a `routerId` then). Asks no router.',
  })
  sessionAt(
    @Arg('address', () => String, { description: 'An IPv4 or IPv6 address. Anything else: VALIDATION_ERROR.' }) address: string,
    @Arg('at', () => DateTimeScalar, { nullable: true, description: 'The instant. Default: now.' }) at: Date | null,
    @Arg('routerId', () => ID, { nullable: true, description: 'On this router only. Unknown: NOT_FOUND.' }) routerId: string | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<SessionRecord[]> {
    return this.history.at(principal, { address, at: at ?? null, routerId: routerId ?? null });
  }

  @Query(() => PppSessionRecordConnection, { description: 'The recorded PPP sessions, live and past, the newest first. Ended ones are kept for 400 days. Asks no router.' })
  pppSessionHistory(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => PppSessionHistoryFilter, { nullable: true, description: 'Which ones.' }) filter: PppSessionHistoryFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<SessionRecord>> {
    return this.history.list(principal, { page: checkedPage(page), filter });
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router it was on; null when it has been removed.' })
  router(@Root() record: SessionRecord, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(record.routerId);
  }

  @FieldResolver(() => ServiceRef, { nullable: true, description: 'The service whose secret it was when it came up; null when the secret was not Headend\'s.' })
  service(@Root() { serviceId }: SessionRecord): ServiceRef | null {
    return serviceId === null ? null : { id: serviceId };
  }
}

/** What the history adds to the services of services. */
@Resolver(() => ServiceRef)
export class ServiceSessionHistoryResolver {
  @FieldResolver(() => PppSessionRecordConnection, { description: 'The recorded PPP sessions of the service, live and past, the newest first. Asks no router.' })
  async sessionHistory(@Root() service: ServiceRef, @Args(() => PageArgs) page: PageArgs, @Ctx() { loaders }: NetworkContext): Promise<ConnectionValue<SessionRecord>> {
    const found = await loaders.sessionHistoryOfService(checkedPage(page)).load(service.id);
    return { ...found, totalCount: () => loaders.sessionCountOfService.load(service.id) };
  }
}
