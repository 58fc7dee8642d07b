import DataLoader from 'dataloader';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Tx } from '#kernel/db/database.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { loaderByKey } from '#kernel/graphql/loaders.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';
import type { TimelineEntry } from './timeline/timeline-entry.ts';
import { rangeOf, toPage, type TimelineQuery } from './timeline/timeline-page.ts';
import type { Timelines } from './timeline/timeline.ts';
import * as timelineStore from './timeline/timeline.store.ts';

type PageOf<Node> = Omit<ConnectionValue<Node>, 'totalCount'>;

export interface EventsLoaders {
  /** By customer id; the same page asked of many customers is one statement. */
  timelineOfCustomer: (query: TimelineQuery) => DataLoader<string, PageOf<TimelineEntry>>;
  timelineCountOfCustomer: (filter: timelineStore.EntryFilter) => DataLoader<string, number>;
  /** For the subscription, whose `subscribe` has no resolver of its own. */
  followTimeline: (of: { customerId: string; after?: string | null }, signal?: AbortSignal) => Promise<AsyncGenerator<TimelineEntry, void, void>>;
}

export type EventsContext = SubgraphContext<EventsLoaders>;

/** Fresh per request and per event. */
export function eventsLoaders({ db, timelines }: Pick<SubgraphKit, 'db'> & { timelines: Timelines }, { principal }: Pick<EventsContext, 'principal'>): EventsLoaders {
  const read = <T>(work: (tx: Tx) => Promise<T>) => db.read(tenantOf(principal), work);
  return {
    timelineOfCustomer: byArguments(
      (query) =>
        new DataLoader<string, PageOf<TimelineEntry>>(async (ids) => {
          const wanted = ids.filter(isUuid).map((id) => id.toLowerCase());
          // A cursor belongs to one customer: asked of another one, it is refused.
          const ranges = wanted.map((id) => rangeOf(query.page, id));
          const found = ranges[0] ? await read((tx) => timelineStore.newestOfCustomers(tx, wanted, query.filter, ranges[0]!)) : new Map<string, TimelineEntry[]>();
          return ids.map((id) => toPage(found.get(id.toLowerCase()) ?? [], query.page));
        }),
    ),
    timelineCountOfCustomer: byArguments((filter) => loaderByKey((ids) => read((tx) => timelineStore.countsOfCustomers(tx, ids, filter)), () => 0)),
    followTimeline: (of, signal) => timelines.follow(principal, of, signal),
  };
}

/** One loader for each set of arguments that a request uses. */
function byArguments<Query, Value>(make: (query: Query) => DataLoader<string, Value>): (query: Query) => DataLoader<string, Value> {
  const known = new Map<string, DataLoader<string, Value>>();
  return (query) => {
    const key = JSON.stringify(query);
    let loader = known.get(key);
    if (!loader) known.set(key, (loader = make(query)));
    return loader;
  };
}
