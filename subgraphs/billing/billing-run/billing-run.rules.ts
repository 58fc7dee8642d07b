import { permission, type RuleMap } from '#kernel/access/shield.ts';

const run = permission('billing:run');

export const billingRunRules = {
  Query: { billingRun: run, billingRuns: run },
  Mutation: { runBilling: run },
} satisfies RuleMap;

/** Who may see a run to which another subgraph leads. */
export const billingRunEntityRule = run;
