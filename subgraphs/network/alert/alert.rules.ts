import type { RuleMap } from '#kernel/access/shield.ts';
import { routerEntityRule } from '../router/router.rules.ts';

export const alertRules = {
  Query: { alert: routerEntityRule, alerts: routerEntityRule },
  Alert: { router: routerEntityRule },
} satisfies RuleMap;
