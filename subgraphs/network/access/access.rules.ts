import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { sessionRead } from '../ppp-session/ppp-session.rules.ts';
import { routerEntityRule } from '../router/router.rules.ts';

const saga = permission('internal:saga');

export const accessRules = {
  Query: { accesses: permission('service:read') },
  Mutation: {
    provisionAccess: saga,
    applyPppProfile: saga,
    applyPppSecret: saga,
    verifyAccess: saga,
    withdrawAccess: saga,
    setAccessDesired: saga,
    changeAccessPlan: saga,
    moveAccess: saga,
    changeAccessCredentials: saga,
    setAccessAddress: saga,
    setAccessCallerId: saga,
    leaveRouters: saga,
    revertAccess: saga,
    revealPppPassword: permission('access:reveal'),
  },
  Service: { access: permission('service:read') },
  Access: { router: routerEntityRule, session: sessionRead },
  AccessDeparture: { router: routerEntityRule },
} satisfies RuleMap;
