import type { ConnectionValue, checkedPage } from '#kernel/graphql/connection.ts';
import { formatCursor, parseCursor } from './timeline-cursor.ts';
import type { TimelineEntry } from './timeline-entry.ts';
import type { EntryFilter } from './timeline.store.ts';

type PageOf<Node> = Omit<ConnectionValue<Node>, 'totalCount'>;

/** A page of timelines, newest first, as it is asked of the store. */
export interface TimelineQuery {
  page: ReturnType<typeof checkedPage>;
  filter: EntryFilter;
}

/** Where the page begins in the store's terms. @throws VALIDATION_ERROR naming `after`. */
export function rangeOf({ first, after, offset }: TimelineQuery['page'], customerId: string): { first: number; below: number | null; offset: number } {
  return { first, below: after === null ? null : parseCursor(after, customerId), offset: offset ?? 0 };
}

/** Cuts off the row that tells that there is a next page, and makes the cursors. */
export function toPage(rows: readonly TimelineEntry[], { first, after, offset }: TimelineQuery['page']): PageOf<TimelineEntry> {
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ node, cursor: formatCursor(node) }));
  return {
    nodes,
    edges,
    pageInfo: { hasNextPage: rows.length > first, hasPreviousPage: after !== null || (offset ?? 0) > 0, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null },
  };
}
