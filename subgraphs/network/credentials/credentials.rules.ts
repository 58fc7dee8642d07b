import { permission, type RuleMap } from '#kernel/access/shield.ts';

export const credentialsRules = { Mutation: { sealPppCredentials: permission('internal:saga') } } satisfies RuleMap;
