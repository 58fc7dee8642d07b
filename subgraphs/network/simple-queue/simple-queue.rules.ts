import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('queue:read');
const write = permission('queue:write');

export const simpleQueueRules = {
  Query: { simpleQueues: read, simpleQueue: read },
  Mutation: { createSimpleQueue: write, updateSimpleQueue: write, deleteSimpleQueue: write, moveSimpleQueue: write },
} satisfies RuleMap;
