import { Arg, Args, Ctx, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { DirectList } from '../direct/direct-list.ts';
import { DirectListArgs } from '../direct/direct.type.ts';
import type { NetworkContext } from '../loaders.ts';
import type { LogLine } from '../routeros/log-lines.ts';
import type { RouterLogChange, RouterLogs } from './router-log.ts';
import { RouterLogEventType, RouterLogFilter, RouterLogLineList } from './router-log.type.ts';

@Resolver()
export class RouterLogResolver {
  constructor(private readonly logs: RouterLogs) {}

  @Query(() => RouterLogLineList, { description: 'What a router keeps of its log (its last thousand lines as a rule), read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  routerLogs(
    @Args(() => DirectListArgs) page: DirectListArgs,
    @Arg('filter', () => RouterLogFilter, { nullable: true, description: 'Which lines.' }) filter: RouterLogFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<DirectList<LogLine>> {
    return this.logs.list(principal, { ...page, filter });
  }

  @Subscription(() => RouterLogEventType, {
    name: 'routerLogs',
    description: 'The last 100 lines of a router\'s log, then each line as it is logged. While the router is away nothing comes and nothing fails. It is read once for all who watch.',
    subscribe: ({ args, context }) => (context as NetworkContext).loaders.streams.routerLogs((args as { routerId?: string | null }).routerId),
  })
  routerLogStream(
    @Root() change: RouterLogChange,
    @Arg('routerId', () => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' }) _routerId: string | null,
  ): RouterLogChange {
    return change;
  }
}
