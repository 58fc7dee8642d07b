import { Arg, Args, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { EventsContext } from '../loaders.ts';
import { formatCursor } from './timeline-cursor.ts';
import { summaryOf, type TimelineEntry } from './timeline-entry.ts';
import { sourceOf, visibleKinds } from './timeline-kind.ts';
import { toDetails, type TimelineDetailsValue } from './timeline-details.type.ts';
import { CustomerRef } from './timeline-stubs.type.ts';
import { TimelineConnection, TimelineDetails, TimelineEntryType, TimelineFilter } from './timeline.type.ts';

@Resolver(() => TimelineEntryType)
export class TimelineResolver {
  @Subscription(() => TimelineEntryType, {
    description:
      'What happens to a customer, across all domains: first every entry that is kept after the cursor, then each new one, in order and each once. Entries of a domain in which you may not read are left out. After a lost connection, subscribe again after the last cursor you have. Unknown customer: NOT_FOUND. A cursor of another timeline, or one older than what is kept: VALIDATION_ERROR.',
    subscribe: ({ args, context }) => (context as EventsContext).loaders.followTimeline(args as { customerId: string; after?: string | null }, (context as EventsContext).signal),
  })
  timeline(
    @Root() entry: TimelineEntry,
    @Arg('customerId', () => ID, { description: 'Whose.' }) _customerId: string,
    @Arg('after', () => String, { nullable: true, description: 'Continue behind this entry: its `cursor`, or `pageInfo.startCursor` of `Customer.timeline`. Absent: from the oldest entry that is kept.' }) _after: string | null,
  ): TimelineEntry {
    return entry;
  }

  @FieldResolver(() => String)
  cursor(@Root() entry: TimelineEntry): string {
    return formatCursor(entry);
  }

  @FieldResolver(() => String)
  source(@Root() { kind }: TimelineEntry): string {
    return sourceOf(kind);
  }

  @FieldResolver(() => String)
  summary(@Root() entry: TimelineEntry): string {
    return summaryOf(entry);
  }

  @FieldResolver(() => CustomerRef, { nullable: true })
  customer(@Root() { customerId }: TimelineEntry): CustomerRef {
    return { id: customerId };
  }

  @FieldResolver(() => TimelineDetails)
  details(@Root() { facts }: TimelineEntry): TimelineDetailsValue {
    return toDetails(facts);
  }
}

/** What events adds to the customers of identity. */
@Resolver(() => CustomerRef)
export class CustomerTimelineResolver {
  @FieldResolver(() => TimelineConnection, {
    description: 'What happened to the customer, across all domains, the newest first. Entries of a domain in which you may not read are left out. Give `pageInfo.startCursor` to the subscription `timeline` to go on from here.',
  })
  async timeline(
    @Root() { id }: CustomerRef,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => TimelineFilter, { nullable: true, description: 'Which entries.' }) filter: TimelineFilter | null,
    @Ctx() { loaders, principal }: EventsContext,
  ): Promise<ConnectionValue<TimelineEntry>> {
    const visible = visibleKinds(principal);
    const kinds = filter?.kinds ? visible.filter((kind) => filter.kinds!.includes(kind)) : visible;
    const query = { page: checkedPage(page), filter: { kinds, at: filter?.at ?? null } };
    const found = await loaders.timelineOfCustomer(query).load(id);
    return { ...found, totalCount: () => loaders.timelineCountOfCustomer(query.filter).load(id) };
  }
}
