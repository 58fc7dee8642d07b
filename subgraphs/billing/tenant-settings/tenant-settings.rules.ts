import { permission, type RuleMap } from '#kernel/access/shield.ts';

export const billingSettingsRules = {
  Query: { billingSettings: permission('invoice:read') },
  Mutation: { updateBillingSettings: permission('billing:write') },
} satisfies RuleMap;
