import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { DirectList } from '../direct/direct-list.ts';
import { DirectListArgs, DirectRowArgs, type DirectFilter } from '../direct/direct.type.ts';
import type { NetworkContext } from '../loaders.ts';
import type { Router } from '../router/router.ts';
import { RouterType } from '../router/router.type.ts';
import type { PppActiveRow, PppActives } from './ppp-active.ts';
import { PppActiveFilter, PppActiveList, PppActiveType } from './ppp-active.type.ts';

@Resolver(() => PppActiveType)
export class PppActiveResolver {
  constructor(private readonly actives: PppActives) {}

  @Query(() => PppActiveList, { description: 'The live PPP sessions of a router, as its line knows them. While the router is away they are stale; UNAVAILABLE when it has never answered.' })
  pppActives(
    @Args(() => DirectListArgs) page: DirectListArgs,
    @Arg('filter', () => PppActiveFilter, { nullable: true, description: 'Which ones.' }) filter: DirectFilter | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<DirectList<PppActiveRow>> {
    return this.actives.list(principal, { ...page, filter });
  }

  @Query(() => PppActiveType, { description: 'One live PPP session of a router. Ended: NOT_FOUND.' })
  pppActive(@Args(() => DirectRowArgs) { id, routerId }: DirectRowArgs, @Ctx() { principal }: NetworkContext): Promise<PppActiveRow> {
    return this.actives.get(principal, id, routerId);
  }

  @FieldResolver(() => RouterType, { nullable: true, description: 'The router it is on.' })
  router(@Root() active: PppActiveRow): Router {
    return active.router;
  }
}
