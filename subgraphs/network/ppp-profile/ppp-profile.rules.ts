import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('router:read');
const write = permission('router:write');

export const pppProfileRules = {
  Query: { pppProfiles: read, pppProfile: read },
  Mutation: { createPppProfile: write, updatePppProfile: write, deletePppProfile: write },
} satisfies RuleMap;
