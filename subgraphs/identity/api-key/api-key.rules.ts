import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { gatewayAlone } from '../tenant/tenant.rules.ts';

/** A key is a user without a face: whoever may manage users may manage keys, within his own rights. */
const write = permission('user:write');

export const apiKeyRules = {
  Query: { apiKeys: permission('user:read'), _principalOfApiKey: gatewayAlone },
  Mutation: { createApiKey: write, revokeApiKey: write },
} satisfies RuleMap;
