import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { DomainEvent } from '#kernel/bus/bus.ts';
import { addDays, civilDateAt, type CivilDate } from '#kernel/civil-time.ts';
import type { Tx } from '#kernel/db/database.ts';
import { notFound, unavailable } from '#kernel/errors.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { parseMoney } from '#kernel/money.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { adoptCurrency } from '../tenant-settings/tenant-settings.store.ts';
import { settingsOf } from '../tenant-settings/tenant-settings.ts';
import type { PlanCreated, ServiceActivated, ServicePlanChanged, ServiceResumed, ServiceSuspended, ServiceTerminated, ServiceUpdated } from './subscription.events.ts';
import * as store from './subscription.store.ts';
import { SuspensionPolicy, type SetSuspensionPolicyInput } from './subscription.type.ts';

/** What becomes of subscriptions when services tells what became of a service. Each inside the inbox's transaction. */
export interface Subscriptions {
  planCreated(tx: Tx, event: DomainEvent, payload: PlanCreated): Promise<void>;
  activated(tx: Tx, event: DomainEvent, payload: ServiceActivated): Promise<void>;
  planChanged(tx: Tx, event: DomainEvent, payload: ServicePlanChanged): Promise<void>;
  updated(tx: Tx, event: DomainEvent, payload: ServiceUpdated): Promise<void>;
  suspended(tx: Tx, event: DomainEvent, payload: ServiceSuspended): Promise<void>;
  resumed(tx: Tx, event: DomainEvent, payload: ServiceResumed): Promise<void>;
  terminated(tx: Tx, event: DomainEvent, payload: ServiceTerminated): Promise<void>;
  /** @throws NOT_FOUND for the plan; UNAVAILABLE when it cannot be told yet whether there is such a plan. */
  setPolicy(principal: Principal, input: SetSuspensionPolicyInput): Promise<SetSuspensionPolicyInput>;
}

/** Of what services announces. */
export const SERVICES_CONSUMER = 'services';

/** How long billing may take to hear of a plan before its policy is refused, in milliseconds. */
const HEAR_WITHIN_MS = 3_000;

export function makeSubscriptions({ db, bus, clock, log }: Pick<SubgraphKit, 'db' | 'bus' | 'clock' | 'log'>): Subscriptions {
  /** The day of an instant at the tenant's. */
  const dayOf = async (tx: Tx, instant: string): Promise<CivilDate> => civilDateAt(new Date(instant), (await settingsOf(tx)).timeZone);

  async function locked(tx: Tx, event: DomainEvent, serviceId: string): Promise<store.Subscription | undefined> {
    const subscription = await store.lockByService(tx, serviceId);
    // A service that ends before it was ever active has none, and needs none.
    if (!subscription) log.info({ event: event.id, type: event.type, tenant: event.tenantId, service: serviceId }, 'A service without a subscription changed');
    return subscription;
  }

  const termsOf = (payload: ServicePlanChanged, effectiveFrom: CivilDate): store.NewTerms => ({
    effectiveFrom,
    planId: payload.planId,
    planCode: payload.planCode,
    planVersion: payload.planVersion,
    price: parseMoney(payload.price.amount, payload.price.currency),
    graceDays: payload.graceDays,
  });

  return {
    planCreated: (tx, { tenantId }, { planId }) => store.knowPlan(tx, tenantId, planId, SuspensionPolicy.PAUSE),

    async activated(tx, event, payload) {
      const { tenantId } = event;
      const startedOn = await dayOf(tx, payload.activatedAt);
      const terms = termsOf(payload, startedOn);
      const subscription: store.Subscription = {
        id: uuidv7(),
        serviceId: payload.serviceId,
        customerId: payload.customerId,
        planId: payload.planId,
        currency: terms.price.currency,
        billingDay: payload.billingDay,
        startedOn,
        billedUntil: startedOn,
        dueOn: startedOn,
        endedOn: null,
        createdAt: clock.now(),
      };
      if (!(await store.insert(tx, tenantId, subscription))) return;
      await store.knowPlan(tx, tenantId, payload.planId, SuspensionPolicy.PAUSE);
      await store.addTerms(tx, tenantId, subscription.id, terms);
      await adoptCurrency(tx, tenantId, clock.now(), terms.price.currency);
    },

    async planChanged(tx, event, payload) {
      const subscription = await locked(tx, event, payload.serviceId);
      if (!subscription) return;
      // From the day after: whether the period that begins today is charged in the morning or late at night, it costs the same.
      const effectiveFrom = addDays(await dayOf(tx, event.at), 1);
      await store.addTerms(tx, event.tenantId, subscription.id, termsOf(payload, effectiveFrom));
      await store.setPlan(tx, subscription.id, payload.planId);
    },

    async updated(tx, _event, { serviceId, billingDay }) {
      const subscription = await store.lockByService(tx, serviceId);
      if (!subscription || subscription.billingDay === billingDay) return;
      // The next period goes up to the new day and is charged by days; whole ones follow.
      await store.setBillingDay(tx, subscription.id, billingDay);
      await store.setDue(tx, subscription.id);
    },

    async suspended(tx, event, { serviceId, reason }) {
      const subscription = await locked(tx, event, serviceId);
      if (subscription) await store.openSuspension(tx, event.tenantId, subscription.id, await dayOf(tx, event.at), reason ?? 'UNSPECIFIED');
    },

    async resumed(tx, event, { serviceId }) {
      const subscription = await locked(tx, event, serviceId);
      if (!subscription) return;
      await store.closeSuspension(tx, subscription.id, await dayOf(tx, event.at));
      await store.setDue(tx, subscription.id);
    },

    async terminated(tx, event, { serviceId, terminatedAt }) {
      const subscription = await locked(tx, event, serviceId);
      if (!subscription || subscription.endedOn !== null) return;
      const endedOn = await dayOf(tx, terminatedAt);
      await store.setEnd(tx, subscription.id, endedOn < subscription.startedOn ? subscription.startedOn : endedOn);
      await store.setDue(tx, subscription.id);
    },

    async setPolicy(principal, { planId, suspensionPolicy }) {
      const tenantId = tenantOf(principal);
      const set = () => db.write(tenantId, (tx) => store.setPolicy(tx, planId, suspensionPolicy));
      if (await set()) return { planId, suspensionPolicy };
      // A plan that was made a moment ago may not have been heard of yet.
      if (!(await bus.caughtUp(SERVICES_CONSUMER, HEAR_WITHIN_MS))) throw unavailable('Billing has not heard yet of all that happened to plans: try again in a moment.');
      if (!(await set())) throw notFound('plan', planId);
      return { planId, suspensionPolicy };
    },
  };
}
