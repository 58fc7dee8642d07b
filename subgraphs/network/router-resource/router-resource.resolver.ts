import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { NetworkContext } from '../loaders.ts';
import type { RouterResource, RouterResources } from './router-resource.ts';
import { RouterResourceType } from './router-resource.type.ts';

@Resolver(() => RouterResourceType)
export class RouterResourceResolver {
  constructor(private readonly resources: RouterResources) {}

  @Query(() => RouterResourceType, { description: 'Resources, name and sensors of a router, read from it now. UNAVAILABLE when it does not answer within 5 s.' })
  routerResource(
    @Arg('routerId', () => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' }) routerId: string | null,
    @Ctx() { principal }: NetworkContext,
  ): Promise<RouterResource> {
    return this.resources.read(principal, routerId);
  }
}
