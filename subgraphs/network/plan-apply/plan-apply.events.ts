import type { PlanApply } from './plan-apply.ts';

/** Announced whenever the applying of a plan changes its state or has got on: about once a second while it runs. */
export const PLAN_APPLY_CHANGED = 'network.planApply.changed';

export const planApplyChanged = ({ id, tenantId, routerId, planId, state, total, done, skipped, refused, failed }: PlanApply) => ({
  type: PLAN_APPLY_CHANGED,
  tenantId,
  subject: id,
  payload: { id, routerId, planId, state, total, done, skipped, refused, failed },
});
