import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { routerEntityRule } from '../router/router.rules.ts';

const write = permission('router:write');

export const planApplyRules = {
  Query: { planApply: routerEntityRule, planApplies: routerEntityRule },
  Mutation: { applyPlan: write, stopApply: write, resumeApply: write, cancelApply: write },
  Subscription: { planApply: routerEntityRule },
  PlanApply: { router: routerEntityRule },
} satisfies RuleMap;
