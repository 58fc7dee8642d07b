import { formatAmount } from '#kernel/money.ts';
import type { Plan } from '../plan/plan.ts';
import type { Service } from './service.ts';

function payload({ id, number, status, customerId, planId, planVersion, billingDay }: Service) {
  return { serviceId: id, number, status, customerId, planId, planVersion, billingDay };
}

/** Billing charges by this alone: what was agreed, in the version under which it was sold. */
function agreed(service: Service, plan: Plan) {
  const { code, price, billingInterval, graceDays } = plan;
  return { ...payload(service), planCode: code, price: { amount: formatAmount(price), currency: price.currency }, billingInterval, graceDays, activatedAt: service.activatedAt?.toISOString() ?? null };
}

const announce = (type: string) => (tenantId: string, service: Service) => ({ type, tenantId, subject: service.id, payload: payload(service) });

export const serviceCreated = announce('services.service.created');
export const serviceUpdated = announce('services.service.updated');
export const serviceWithdrawn = announce('services.service.withdrawn');
/** Why: `NON_PAYMENT`, `MANUAL`, … */
export const serviceSuspended = (tenantId: string, service: Service) => ({ type: 'services.service.suspended', tenantId, subject: service.id, payload: { ...payload(service), reason: service.suspensionReason } });
export const serviceResumed = announce('services.service.resumed');
export const serviceTerminated = (tenantId: string, service: Service) => ({
  type: 'services.service.terminated',
  tenantId,
  subject: service.id,
  payload: { ...payload(service), terminatedAt: service.terminatedAt?.toISOString() ?? null },
});
/** Also when a change is taken back: then `previousPlanId` is the plan that was refused. */
export const servicePlanChanged = (tenantId: string, service: Service, plan: Plan, previousPlanId: string) => ({
  type: 'services.service.planChanged',
  tenantId,
  subject: service.id,
  payload: { ...agreed(service, plan), previousPlanId },
});
export const serviceActivated = (tenantId: string, service: Service, plan: Plan) => ({ type: 'services.service.activated', tenantId, subject: service.id, payload: agreed(service, plan) });
