import type { RuleMap } from '#kernel/access/shield.ts';
import { sessionRead } from '../ppp-session/ppp-session.rules.ts';
import { routerEntityRule } from '../router/router.rules.ts';

export const pppActiveRules = {
  Query: { pppActives: sessionRead, pppActive: sessionRead },
  PppActive: { router: routerEntityRule },
} satisfies RuleMap;
