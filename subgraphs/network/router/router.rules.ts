import { permission, type RuleMap } from '#kernel/access/shield.ts';

const read = permission('router:read');
const write = permission('router:write');

export const routerRules = {
  Query: { router: read, routers: read },
  Mutation: { registerRouter: write, updateRouter: write, removeRouter: write, activateRouter: write },
} satisfies RuleMap;

/** Who may see a router to which another type leads. */
export const routerEntityRule = read;
