import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { notFound } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as accessStore from '../access/access.store.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import type { TrafficSample } from '../routeros/traffic.ts';
import { expand, followLink } from '../streams.ts';

export interface TrafficStreams {
  /**
   * About one sample a second while the subscriber is online, one of zeros when he goes, nothing while he is away. The
   * router measures while somebody watches, once for all who do.
   * @throws NOT_FOUND when there is no such service or it has no access.
   */
  open(principal: Principal, serviceId: string): Promise<AsyncIterableIterator<TrafficSample, void, void>>;
}

export function makeTrafficStreams({ db, fleet }: Pick<SubgraphKit, 'db'> & { fleet: RouterFleet }): TrafficStreams {
  return {
    async open(principal, serviceId) {
      const [access] = isUuid(serviceId) ? await db.read(tenantOf(principal), (tx) => accessStore.byServices(tx, [serviceId])) : [];
      if (!access) throw notFound('access of a service', serviceId);
      let online = false;
      return expand(
        followLink(fleet, access.routerId, (link) => link.traffic.watch(access.username)),
        (sample) => {
          const wasOnline = online;
          online = sample.online;
          return online || wasOnline ? [sample] : [];
        },
      );
    },
  };
}
