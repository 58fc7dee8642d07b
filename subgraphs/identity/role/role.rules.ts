import { permission, type RuleMap } from '#kernel/access/shield.ts';

const write = permission('role:write');

export const roleRules = {
  Query: { roles: permission('role:read') },
  Mutation: { createRole: write, updateRole: write, deleteRole: write },
} satisfies RuleMap;
