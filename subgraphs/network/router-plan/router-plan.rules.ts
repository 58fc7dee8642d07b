import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { routerEntityRule } from '../router/router.rules.ts';

export const routerPlanRules = {
  Query: { routerPlan: routerEntityRule },
  Mutation: { planRouter: permission('router:write') },
  RouterPlan: { router: routerEntityRule },
} satisfies RuleMap;
