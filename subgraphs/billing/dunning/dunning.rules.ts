import { permission, type RuleMap } from '#kernel/access/shield.ts';

export const dunningRules = { Mutation: { runDunning: permission('billing:run') } } satisfies RuleMap;
