import type { RuleMap } from '#kernel/access/shield.ts';
import { sessionRead } from '../ppp-session/ppp-session.rules.ts';
import { routerEntityRule } from '../router/router.rules.ts';

export const sessionHistoryRules = {
  Query: { sessionAt: sessionRead, pppSessionHistory: sessionRead },
  Service: { sessionHistory: sessionRead },
  PppSessionRecord: { router: routerEntityRule },
} satisfies RuleMap;
