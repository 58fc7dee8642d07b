import { allow, type RuleMap } from '#kernel/access/shield.ts';

/** These are how one comes to have credentials, or gives them back. */
export const sessionRules = {
  Mutation: { login: allow, refresh: allow, logout: allow },
} satisfies RuleMap;
