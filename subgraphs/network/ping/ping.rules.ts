import type { RuleMap } from '#kernel/access/shield.ts';
import { sessionRead } from '../ppp-session/ppp-session.rules.ts';
import { routerEntityRule } from '../router/router.rules.ts';

export const pingRules = {
  Query: { pingService: sessionRead },
  Subscription: { pings: sessionRead },
  PingResult: { router: routerEntityRule },
} satisfies RuleMap;
