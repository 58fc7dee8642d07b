import { defineSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import { eventsLoaders, type EventsLoaders } from './loaders.ts';
import { makeRetention } from './timeline/retention.ts';
import { CustomerRef, InvoiceRef, PaymentRef, PlanRef, RouterRef, ServiceRef, WorkflowRunRef } from './timeline/timeline-stubs.type.ts';
import { makeTimelineWatch } from './timeline/timeline-watch.ts';
import { hearTimeline } from './timeline/timeline.intake.ts';
import { CustomerTimelineResolver, TimelineResolver } from './timeline/timeline.resolver.ts';
import { timelineRules } from './timeline/timeline.rules.ts';
import { makeTimelines } from './timeline/timeline.ts';

/** What happened, across all domains: customers' timelines. */
export const events = defineSubgraph<EventsLoaders>({
  name: 'events',
  migrations: new URL('./migrations/', import.meta.url),
  resolvers: [TimelineResolver, CustomerTimelineResolver],
  entities: {
    Customer: { type: CustomerRef, resolve: 'stub' },
    Service: { type: ServiceRef, resolve: 'stub' },
    Plan: { type: PlanRef, resolve: 'stub' },
    Router: { type: RouterRef, resolve: 'stub' },
    Invoice: { type: InvoiceRef, resolve: 'stub' },
    Payment: { type: PaymentRef, resolve: 'stub' },
    WorkflowRun: { type: WorkflowRunRef, resolve: 'stub' },
  },
  rules: timelineRules,
  make(kit) {
    const watch = makeTimelineWatch(kit);
    const retention = makeRetention(kit);
    const timelines = makeTimelines({ ...kit, watch });
    hearTimeline(kit);
    return {
      resolvers: [new TimelineResolver(), new CustomerTimelineResolver()],
      loaders: (context) => eventsLoaders({ ...kit, timelines }, context),
      async start() {
        await watch.start();
        retention.start();
      },
      async stop() {
        await Promise.all([watch.stop(), retention.stop()]);
      },
      async health() {
        await kit.database.ping();
        return true;
      },
    };
  },
});
