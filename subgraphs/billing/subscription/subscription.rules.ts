import { permission, type RuleMap } from '#kernel/access/shield.ts';

export const subscriptionRules = { Mutation: { setSuspensionPolicy: permission('billing:write') } } satisfies RuleMap;
