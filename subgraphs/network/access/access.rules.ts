import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { sessionRead } from '../ppp-session/ppp-session.rules.ts';
import { routerEntityRule } from '../router/router.rules.ts';

const saga = permission('internal:saga');

export const accessRules = {
  Mutation: { provisionAccess: saga, applyPppProfile: saga, applyPppSecret: saga, verifyAccess: saga, withdrawAccess: saga },
  Service: { access: permission('service:read') },
  Access: { router: routerEntityRule, session: sessionRead },
} satisfies RuleMap;
