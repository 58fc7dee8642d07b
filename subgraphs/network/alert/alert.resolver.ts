import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { Alert, Alerts } from './alert.ts';
import { AlertConnection, AlertFilter, AlertOrder, AlertType } from './alert.type.ts';

@Resolver(() => AlertType)
export class AlertResolver {
  constructor(private readonly domain: Alerts) {}

  @Query(() => AlertType, { nullable: true, description: 'One alert. Unknown: NOT_FOUND.' })
  alert(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: NetworkContext): Promise<Alert> {
    return this.domain.get(principal, id);
  }

  @Query(() => AlertConnection, { description: 'The alerts of the tenant. Never asks a router.' })
  alerts(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AlertFilter, { nullable: true, description: 'Which ones.' }) filter: AlertFilter | null,
    @Arg('orderBy', () => [AlertOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: AlertOrder[] | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<ConnectionValue<Alert>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router it is about.' })
  router(@Root() { routerId }: Alert, @Ctx() { loaders }: NetworkContext): Promise<Router | null> {
    return loaders.router.load(routerId);
  }

  @FieldResolver(() => String)
  message(@Root() { details }: Alert): string {
    return details.message;
  }

  @FieldResolver(() => Int)
  count(@Root() { details }: Alert): number {
    return details.count;
  }
}
