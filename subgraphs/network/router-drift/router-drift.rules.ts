import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { routerEntityRule } from '../router/router.rules.ts';

export const routerDriftRules = {
  Query: { routerDrift: routerEntityRule, drifts: routerEntityRule },
  Mutation: { checkRouterDrift: permission('router:write') },
  RouterDrift: { router: routerEntityRule },
} satisfies RuleMap;
