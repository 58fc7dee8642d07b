import { permission, type RuleMap } from '#kernel/access/shield.ts';

export const routerResourceRules = { Query: { routerResource: permission('router:read') } } satisfies RuleMap;
