import { permission, type RuleMap } from '#kernel/access/shield.ts';
import { routerEntityRule } from '../router/router.rules.ts';

const read = permission('router:read');
const write = permission('router:write');

export const desiredPoolRules = {
  Query: { desiredIpPools: read, desiredIpPool: read },
  Mutation: { createDesiredIpPool: write, updateDesiredIpPool: write, removeDesiredIpPool: write, adoptIpPool: write, releaseIpPool: write },
  DesiredIpPool: { router: routerEntityRule },
} satisfies RuleMap;
