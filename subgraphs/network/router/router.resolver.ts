import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { NetworkContext } from '../loaders.ts';
import type { RouterStatusValue } from './router-status.ts';
import type { Router, Routers } from './router.ts';
import { ActivateRouterInput, RegisterRouterInput, RemoveRouterInput, RemoveRouterPayload, RouterConnectionType, RouterFilter, RouterOrder, RouterPayload, RouterStatusType, RouterType, UpdateRouterInput } from './router.type.ts';

@Resolver(() => RouterType)
export class RouterResolver {
  constructor(private readonly routers: Routers) {}

  @Query(() => RouterType, { nullable: true, description: 'One router. Unknown: NOT_FOUND.' })
  router(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: NetworkContext): Promise<Router> {
    return this.routers.get(principal, id);
  }

  @Query(() => RouterConnectionType, { name: 'routers', description: 'The routers of the tenant. Asks none of them, unless `status(live: true)` is wanted.' })
  list(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RouterFilter, { nullable: true, description: 'Which ones.' }) filter: RouterFilter | null,
    @Arg('orderBy', () => [RouterOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: RouterOrder[] | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<Router>> {
    return this.routers.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => RouterPayload, { description: 'Registers a router and begins to dial it, without waiting for it. The first one of a tenant becomes the active one. CONFLICT when host and port are taken, or when the tenant has as many routers as it may (`LIMIT_REACHED`).' })
  async registerRouter(@Arg('input', () => RegisterRouterInput, { description: 'The router.' }) input: RegisterRouterInput, @Ctx() { principal }: NetworkContext): Promise<{ router: Router }> {
    return { router: await this.routers.register(principal, input) };
  }

  @Mutation(() => RouterPayload, { description: 'Changes a router. Where address or credentials change, it is dialled anew at once.' })
  async updateRouter(@Arg('input', () => UpdateRouterInput, { description: 'The changes.' }) input: UpdateRouterInput, @Ctx() { principal }: NetworkContext): Promise<{ router: Router }> {
    return { router: await this.routers.update(principal, input) };
  }

  @Mutation(() => RemoveRouterPayload, { description: 'Removes a router from Headend; on the router itself nothing changes. CONFLICT while services use it.' })
  async removeRouter(@Arg('input', () => RemoveRouterInput, { description: 'Which router.' }) input: RemoveRouterInput, @Ctx() { principal }: NetworkContext): Promise<{ id: string }> {
    return { id: await this.routers.remove(principal, input.id) };
  }

  @Mutation(() => RouterPayload, { description: 'Makes a router the one that is meant where no router is named.' })
  async activateRouter(@Arg('input', () => ActivateRouterInput, { description: 'Which router.' }) input: ActivateRouterInput, @Ctx() { principal }: NetworkContext): Promise<{ router: Router }> {
    return { router: await this.routers.activate(principal, input.id) };
  }

  @FieldResolver(() => RouterStatusType, { nullable: true, description: 'What is known of it. With `live`, null and an error UNAVAILABLE when it does not answer within two seconds.' })
  status(
    @Root() router: Router,
    @Arg('live', () => Boolean, { defaultValue: false, description: 'Ask the router now. Otherwise nothing is asked: the line that is kept to it knows.' }) live: boolean,
  ): RouterStatusValue | Promise<RouterStatusValue> {
    return live ? this.routers.liveStatus(router) : this.routers.status(router);
  }
}
