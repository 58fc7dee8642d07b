import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { routerEntityRule } from '../router/router.rules.ts';

const read = permission('queue:read');
const write = permission('queue:write');

export const desiredQueueRules = {
  Query: { desiredQueues: read, desiredQueue: read },
  Mutation: { createDesiredQueue: write, updateDesiredQueue: write, moveDesiredQueue: write, removeDesiredQueue: write, adoptQueue: write, releaseQueue: write },
  DesiredQueue: { router: routerEntityRule },
} satisfies RuleMap;
