import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { HEARD } from './timeline.events.ts';
import * as store from './timeline.store.ts';

/** The consumer's name: its place in the order of events. */
export const TIMELINE_CONSUMER = 'timeline';

/** An onboarding was taken back: the customer has never been. */
const WITHDRAWN = 'identity.customer.withdrawn';

/** Hears of everything that belongs on a timeline: one consumer, so that what happens across domains stays in its order. */
export function hearTimeline({ bus, clock, log }: Pick<SubgraphKit, 'bus' | 'clock' | 'log'>): void {
  bus.consume({
    consumer: TIMELINE_CONSUMER,
    types: [...Object.keys(HEARD), WITHDRAWN],
    async handle(event, tx) {
      const { id, type, tenantId, subject, at } = event;
      if (type === WITHDRAWN) return store.forgetCustomer(tx, subject);
      const heard = HEARD[type]!(event);
      if (!heard) return;
      const { whose, facts } = heard;
      if (facts.about === 'CUSTOMER') await store.keepCustomer(tx, tenantId, subject);
      if (facts.about === 'SERVICE' && 'customerId' in whose) await store.keepServiceCustomer(tx, { serviceId: facts.serviceId, customerId: whose.customerId });
      if (!(await store.append(tx, { ...heard, id, at, recordedAt: clock.now() }))) log.debug({ event: id, type, tenant: tenantId }, 'An event is on no timeline');
    },
  });
}
