import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('router:read');

export const routerLogRules = { Query: { routerLogs: read }, Subscription: { routerLogs: read } } satisfies RuleMap;
