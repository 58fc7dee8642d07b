import type { RuleMap } from '#kernel/access/shield.ts';
import { sessionRead } from '../ppp-session/ppp-session.rules.ts';

export const trafficRules = { Subscription: { traffic: sessionRead } } satisfies RuleMap;
