import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { routerEntityRule } from '../router/router.rules.ts';

export const sessionRead = permission('session:read');

export const pppSessionRules = {
  Mutation: { disconnectSession: permission('session:write') },
  Subscription: { pppSessions: sessionRead },
  PppSession: { router: routerEntityRule },
} satisfies RuleMap;
