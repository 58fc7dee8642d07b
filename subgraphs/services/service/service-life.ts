import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { NewEvent } from '#kernel/bus/bus.ts';
import type { Tx } from '#kernel/db/database.ts';
import { conflict } from '#kernel/errors.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as planStore from '../plan/plan.store.ts';
import { unknownPlan, type Plan } from '../plan/plan.ts';
import { servicePlanChanged, serviceResumed, serviceSuspended, serviceTerminated } from './service.events.ts';
import * as store from './service.store.ts';
import { moved, unknownService } from './service-status.ts';
import type { Service } from './service.ts';
import { ServiceStatus, type MarkServiceInput, type MarkServicePlanChangedInput, type MarkServiceSuspendedInput, type RevertServicePlanInput } from './service.type.ts';

/**
 * The life of a service after its activation, as the steps of sagas: each idempotent, announced in its own transaction.
 * A wish carries its number (`intent`, counted per service by ops); a call that was on its way while a newer wish was heard
 * changes nothing (CONFLICT).
 */
export interface ServiceLife {
  /** A suspension by hand outweighs one for non-payment, which a payment would lift. */
  markSuspended(principal: Principal, input: MarkServiceSuspendedInput): Promise<Service>;
  markResumed(principal: Principal, input: MarkServiceInput): Promise<Service>;
  markTerminated(principal: Principal, input: MarkServiceInput): Promise<Service>;
  markPlanChanged(principal: Principal, input: MarkServicePlanChangedInput): Promise<Service>;
  /** Takes the plan change of this run back; nothing when another has changed it since. */
  revertPlan(principal: Principal, input: RevertServicePlanInput): Promise<Service>;
}

/** What a payment lifts by itself. */
const NON_PAYMENT = 'NON_PAYMENT';

export function makeServiceLife({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): ServiceLife {
  /** Decides under the service's lock; `null` leaves it as it is, but the wish has been heard. */
  const change = (principal: Principal, id: string, intent: number | null | undefined, decide: (before: Service, tx: Tx) => Promise<{ after: Service; event: NewEvent } | null>): Promise<Service> => {
    const tenantId = tenantOf(principal);
    return db.write(tenantId, async (tx) => {
      const found = (await store.lock(tx, id)) ?? unknownService(id);
      if (intent != null && intent < found.intent) throw conflict(`A newer wish for the service ${found.number} has been heard.`);
      const before = { ...found, intent: Math.max(found.intent, intent ?? 0) };
      const decided = await decide(before, tx);
      if (!decided) {
        if (before.intent !== found.intent) await store.update(tx, before);
        return before;
      }
      await store.update(tx, decided.after);
      await bus.publish(tx, [decided.event]);
      return decided.after;
    });
  };

  const withPlan = (service: Service, plan: Pick<Plan, 'id' | 'version'>): Service => ({ ...service, planId: plan.id, planVersion: plan.version, updatedAt: clock.now() });

  return {
    markSuspended: (principal, { id, reason, intent }) =>
      change(principal, id, intent, async (before) => {
        if (before.status === ServiceStatus.SUSPENDED) {
          if (reason === NON_PAYMENT || before.suspensionReason !== NON_PAYMENT) return null;
          const after = { ...before, suspensionReason: reason, updatedAt: clock.now() };
          return { after, event: serviceSuspended(tenantOf(principal), after) };
        }
        const after = moved(before, ServiceStatus.SUSPENDED, clock.now(), reason);
        return { after, event: serviceSuspended(tenantOf(principal), after) };
      }),

    markResumed: (principal, { id, intent }) =>
      change(principal, id, intent, async (before) => {
        if (before.status === ServiceStatus.ACTIVE) return null;
        // A pending service becomes active by its onboarding alone.
        if (before.status === ServiceStatus.PENDING) throw conflict(`The service ${before.number} is PENDING: it is not suspended.`);
        const after = moved(before, ServiceStatus.ACTIVE, clock.now());
        return { after, event: serviceResumed(tenantOf(principal), after) };
      }),

    markTerminated: (principal, { id, intent }) =>
      change(principal, id, intent, async (before) => {
        if (before.status === ServiceStatus.TERMINATED) return null;
        const after = moved(before, ServiceStatus.TERMINATED, clock.now());
        return { after, event: serviceTerminated(tenantOf(principal), after) };
      }),

    markPlanChanged: (principal, { id, planId, runId, intent }) =>
      change(principal, id, intent, async (before, tx) => {
        if (runId != null && before.planRunId === runId) return null;
        if (before.status !== ServiceStatus.ACTIVE && before.status !== ServiceStatus.SUSPENDED) throw conflict(`The service ${before.number} is ${before.status}: its plan cannot be changed.`);
        const plan = (await planStore.lock(tx, planId, 'share')) ?? unknownPlan(planId);
        if (plan.id === before.planId && plan.version === before.planVersion) return null;
        const after = { ...withPlan(before, plan), planRunId: runId ?? null, priorPlanId: before.planId, priorPlanVersion: before.planVersion };
        return { after, event: servicePlanChanged(tenantOf(principal), after, plan, before.planId) };
      }),

    revertPlan: (principal, { id, runId }) =>
      change(principal, id, null, async (before, tx) => {
        if (before.planRunId !== runId || before.priorPlanId === null || before.priorPlanVersion === null || before.status === ServiceStatus.TERMINATED) return null;
        const plan = (await planStore.atVersion(tx, before.priorPlanId, before.priorPlanVersion)) ?? unknownPlan(before.priorPlanId);
        const after = { ...withPlan(before, plan), planRunId: null, priorPlanId: null, priorPlanVersion: null };
        return { after, event: servicePlanChanged(tenantOf(principal), after, plan, before.planId) };
      }),
  };
}
