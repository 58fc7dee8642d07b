import { can } from '#kernel/access/principal.ts';
import { permission, rule, type RuleMap } from '#kernel/access/shield.ts';
import { forbidden, unauthenticated } from '#kernel/errors.ts';
import { sessionRead } from '../ppp-session/ppp-session.rules.ts';
import { routerEntityRule } from '../router/router.rules.ts';

/** The service that takes callbacks in. It acts in no tenant: which one is meant is what is to be found out. */
const intake = rule((_parent, _args, { principal }) => {
  if (principal.kind === 'anonymous') return unauthenticated();
  return can(principal, 'internal:callbacks') || forbidden('This needs the permission internal:callbacks.');
});

export const callbackRules = {
  Mutation: { reportPppoeCallbacks: intake, rotateRouterCallbackSecret: permission('router:write') },
  Subscription: { pppoeCallbacks: sessionRead },
  PppoeCallback: { router: routerEntityRule },
} satisfies RuleMap;
