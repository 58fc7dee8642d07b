import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('router:read');

export const routerInterfaceRules = {
  Query: { routerInterfaces: read, routerInterface: read, interfaceTraffic: read },
  Subscription: { interfaceTraffic: read },
} satisfies RuleMap;
