import { formatAmount } from '#kernel/money.ts';
import type { Plan } from './plan.ts';

/** What a plan looks like to those who hear of it: all they need to derive what it means for them. */
function payload(plan: Plan) {
  const { id, code, name, serviceType, billingInterval, access, graceDays, version } = plan;
  return { planId: id, code, name, serviceType, billingInterval, graceDays, version, access: { ...access }, price: { amount: formatAmount(plan.price), currency: plan.price.currency } };
}

export const planCreated = (tenantId: string, plan: Plan) => ({ type: 'services.plan.created', tenantId, subject: plan.id, payload: payload(plan) });
export const planChanged = (tenantId: string, plan: Plan) => ({ type: 'services.plan.updated', tenantId, subject: plan.id, payload: payload(plan) });
export const planRemoved = (tenantId: string, plan: Plan) => ({ type: 'services.plan.removed', tenantId, subject: plan.id, payload: { planId: plan.id, code: plan.code } });
