import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('router:read');
const write = permission('router:write');

export const ipPoolRules = {
  Query: { ipPools: read, ipPool: read },
  Mutation: { createIpPool: write, updateIpPool: write, deleteIpPool: write },
} satisfies RuleMap;
