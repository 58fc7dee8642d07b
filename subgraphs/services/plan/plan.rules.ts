import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('plan:read');
const write = permission('plan:write');

export const planRules = {
  Query: { plan: read, plans: read },
  Mutation: { createPlan: write, updatePlan: write, removePlan: write },
} satisfies RuleMap;

/** Who may see a plan to which another subgraph leads. */
export const planEntityRule = read;
