import { Arg, Args, Ctx, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { DirectList } from '../direct/direct-list.ts';
import type { DirectRows, OnRouter } from '../direct/direct-rows.ts';
import { DirectListArgs, DirectRowArgs, type DirectFilter } from '../direct/direct.type.ts';
import type { NetworkContext } from '../loaders.ts';
import type { InterfaceTraffic, InterfaceTraffics, RouterInterfaceRow } from './router-interface.ts';
import { InterfaceTrafficArgs, InterfaceTrafficType, RouterInterfaceFilter, RouterInterfaceList, RouterInterfaceType } from './router-interface.type.ts';

type Interface = OnRouter<RouterInterfaceRow>;

@Resolver(() => RouterInterfaceType)
export class RouterInterfaceResolver {
  constructor(
    private readonly interfaces: DirectRows<RouterInterfaceRow>,
    private readonly traffics: InterfaceTraffics,
  ) {}

  @Query(() => RouterInterfaceList, { description: 'The interfaces of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  routerInterfaces(
    @Args(() => DirectListArgs) page: DirectListArgs,
    @Arg('filter', () => RouterInterfaceFilter, { nullable: true, description: 'Which ones.' }) filter: DirectFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<DirectList<Interface>> {
    return this.interfaces.list(principal, { ...page, filter });
  }

  @Query(() => RouterInterfaceType, { description: 'One interface of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  routerInterface(@Args(() => DirectRowArgs) { id, routerId }: DirectRowArgs, @Ctx() { principal }: NetworkContext): Promise<Interface> {
    return this.interfaces.get(principal, id, routerId);
  }

  @Query(() => InterfaceTrafficType, { description: 'What an interface moves now, measured once. UNAVAILABLE when the router does not answer within 5 s.' })
  interfaceTraffic(@Args(() => InterfaceTrafficArgs) args: InterfaceTrafficArgs, @Ctx() { principal }: NetworkContext): Promise<InterfaceTraffic> {
    return this.traffics.now(principal, args.interface, args.routerId);
  }

  @Subscription(() => InterfaceTrafficType, {
    name: 'interfaceTraffic',
    description: 'What an interface moves, about once a second. When the interface or the router goes, one sample says so; the stream goes on when it is back. The router measures once for all who watch; a slow watcher gets the newest.',
    subscribe: ({ args, context }) => (context as NetworkContext).loaders.streams.interfaceTraffic((args as InterfaceTrafficArgs).interface, (args as InterfaceTrafficArgs).routerId),
  })
  interfaceTrafficStream(@Root() sample: InterfaceTraffic, @Args(() => InterfaceTrafficArgs) _args: InterfaceTrafficArgs): InterfaceTraffic {
    return sample;
  }
}
