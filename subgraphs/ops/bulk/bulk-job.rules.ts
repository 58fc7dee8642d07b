import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { workflowRunEntityRule } from '../run/workflow-run.rules.ts';

const read = permission('service:read');
/** What each of the acts needs when it is asked for one service. */
const write = permission('service:write');

export const bulkJobRules = {
  Query: { bulkJob: read, bulkJobs: read, bulkItems: read },
  Mutation: { previewBulk: write, startBulk: write, stopBulk: write, resumeBulk: write, cancelBulk: write },
  Subscription: { bulkJob: read },
  BulkItem: { run: workflowRunEntityRule },
} satisfies RuleMap;
