import type { DomainEvent } from '#kernel/bus/bus.ts';
import type { Tx } from '#kernel/db/database.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { HEARD } from './timeline.events.ts';
import * as store from './timeline.store.ts';

/** The consumer's name: its place in the order of events. */
export const TIMELINE_CONSUMER = 'timeline';

/** An onboarding was taken back: the customer has never been. */
const WITHDRAWN = 'identity.customer.withdrawn';

/** Hears of everything that belongs on a timeline: one consumer, so that what happens across domains stays in its order. */
export function hearTimeline({ bus, clock, log }: Pick<SubgraphKit, 'bus' | 'clock' | 'log'>): void {
  /** What changes whose timelines there are is done between the entries before and those behind it; these are written together. */
  async function handleAll(events: readonly DomainEvent[], tx: Tx): Promise<void> {
    let entries: store.NewEntry[] = [];
    const write = async (): Promise<void> => {
      if (entries.length === 0) return;
      const entered = await store.append(tx, entries);
      for (const { id, kind } of entries) if (!entered.has(id)) log.debug({ event: id, kind }, 'An event is on no timeline');
      entries = [];
    };
    for (const event of events) {
      const { id, type, tenantId, subject, at } = event;
      if (type === WITHDRAWN) {
        await write();
        await store.forgetCustomer(tx, subject);
        continue;
      }
      const heard = HEARD[type]!(event);
      if (!heard) continue;
      const { whose, facts } = heard;
      if (facts.about === 'CUSTOMER') {
        await write();
        await store.keepCustomer(tx, tenantId, subject);
      }
      if (facts.about === 'SERVICE' && 'customerId' in whose) {
        await write();
        await store.keepServiceCustomer(tx, { serviceId: facts.serviceId, customerId: whose.customerId });
      }
      entries.push({ ...heard, id, at, recordedAt: clock.now() });
    }
    await write();
  }

  bus.consume({
    consumer: TIMELINE_CONSUMER,
    types: [...Object.keys(HEARD), WITHDRAWN],
    handle: (event, tx) => handleAll([event], tx),
    handleAll,
  });
}
