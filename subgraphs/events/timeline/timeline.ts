import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { invalidField, notFound, unavailable } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { parseCursor } from './timeline-cursor.ts';
import type { TimelineEntry } from './timeline-entry.ts';
import { visibleKinds } from './timeline-kind.ts';
import type { TimelineWatch } from './timeline-watch.ts';
import { TIMELINE_CONSUMER } from './timeline.intake.ts';
import * as store from './timeline.store.ts';

/** Customers' timelines within the caller's tenant; of each domain only what he may read there. */
export interface Timelines {
  /**
   * What is kept after a cursor (all when there is none), then what comes, each entry once and in order.
   * @throws NOT_FOUND; VALIDATION_ERROR naming `after`; UNAVAILABLE when it cannot be told yet whether there is such a customer.
   */
  follow(principal: Principal, of: { customerId: string; after?: string | null | undefined }, signal?: AbortSignal): Promise<AsyncGenerator<TimelineEntry, void, void>>;
}

/** How long a customer who is unknown here is waited for: he may have been created a moment ago. Milliseconds. */
const HEAR_WITHIN_MS = 5_000;

export function makeTimelines({ db, bus, watch }: Pick<SubgraphKit, 'db' | 'bus'> & { watch: TimelineWatch }): Timelines {
  const boundsOf = async (tenantId: string, customerId: string): Promise<{ first: number; last: number }> => {
    if (!isUuid(customerId)) throw notFound('customer', customerId);
    const look = () => db.read(tenantId, (tx) => store.bounds(tx, customerId));
    const known = await look();
    if (known) return known;
    if (!(await bus.caughtUp(TIMELINE_CONSUMER, HEAR_WITHIN_MS))) throw unavailable('The timelines are behind what has happened; try again in a moment.');
    return (await look()) ?? unknownCustomer(customerId);
  };

  return {
    async follow(principal, { customerId, after }, signal) {
      const tenantId = tenantOf(principal);
      const { first, last } = await boundsOf(tenantId, customerId);
      const position = after == null ? 0 : parseCursor(after, customerId);
      if (position > last) throw invalidField('after', 'OUT_OF_RANGE', 'after lies beyond the newest entry of the timeline.');
      if (after != null && position < first - 1) throw invalidField('after', 'OUT_OF_RANGE', 'after is older than the entries that are kept: read the timeline anew.');
      return watch.follow({ tenantId, customerId: customerId.toLowerCase(), position, kinds: visibleKinds(principal), signal });
    },
  };
}

function unknownCustomer(id: string): never {
  throw notFound('customer', id);
}
