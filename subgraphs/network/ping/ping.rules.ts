import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { sessionRead } from '../ppp-session/ppp-session.rules.ts';
import { routerEntityRule } from '../router/router.rules.ts';

// Whoever may look at a router may have it ping: it shows whether something answers, and changes nothing.
const routerRead = permission('router:read');

export const pingRules = {
  Query: { pingService: sessionRead, pingAddress: routerRead },
  Subscription: { pings: sessionRead, addressPings: routerRead },
  PingResult: { router: routerEntityRule },
  AddressPing: { router: routerEntityRule },
} satisfies RuleMap;
