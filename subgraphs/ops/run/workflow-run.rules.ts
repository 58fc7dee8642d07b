import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('run:read');
const write = permission('run:write');

export const workflowRunRules = {
  Query: { run: read, runs: read },
  Mutation: { cancelRun: write, retryRun: write },
  Subscription: { run: read },
} satisfies RuleMap;

/** Who may see a run to which another subgraph leads. */
export const workflowRunEntityRule = read;
