import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('router:read');
const write = permission('router:write');

export const pppSecretRules = {
  Query: { pppSecrets: read, pppSecret: read, pppInactives: read },
  Mutation: { createPppSecret: write, updatePppSecret: write, deletePppSecret: write },
} satisfies RuleMap;
