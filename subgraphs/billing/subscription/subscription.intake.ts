import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { payloads } from './subscription.events.ts';
import { SERVICES_CONSUMER, type Subscriptions } from './subscription.ts';

/** Hears what became of services: one consumer, so that a service's events are handled in the order in which they happened. */
export function makeSubscriptionIntake({ bus }: Pick<SubgraphKit, 'bus'>, subscriptions: Subscriptions): void {
  bus.consume({
    consumer: SERVICES_CONSUMER,
    types: Object.keys(payloads),
    async handle(event, tx) {
      switch (event.type) {
        case 'services.plan.created':
          return subscriptions.planCreated(tx, event, payloads[event.type].parse(event.payload));
        case 'services.service.activated':
          return subscriptions.activated(tx, event, payloads[event.type].parse(event.payload));
        case 'services.service.planChanged':
          return subscriptions.planChanged(tx, event, payloads[event.type].parse(event.payload));
        case 'services.service.updated':
          return subscriptions.updated(tx, event, payloads[event.type].parse(event.payload));
        case 'services.service.suspended':
          return subscriptions.suspended(tx, event, payloads[event.type].parse(event.payload));
        case 'services.service.resumed':
          return subscriptions.resumed(tx, event, payloads[event.type].parse(event.payload));
        case 'services.service.terminated':
          return subscriptions.terminated(tx, event, payloads[event.type].parse(event.payload));
      }
    },
  });
}
