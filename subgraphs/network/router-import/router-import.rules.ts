import { and, permission, type RuleMap } from '#kernel/access/shield.ts';
import { routerEntityRule } from '../router/router.rules.ts';

const saga = permission('internal:saga');
/** A proposal names the people behind the secrets. */
const read = and(permission('router:read'), permission('customer:read'));

export const routerImportRules = {
  Query: { routerImport: read, routerImports: read },
  Mutation: {
    openRouterImport: saga,
    readRouterImport: saga,
    changeRouterImportItem: saga,
    beginRouterImport: saga,
    stopRouterImport: saga,
    nextRouterImportItems: saga,
    settleRouterImportItem: saga,
    openSecretAdoption: saga,
    checkAdoption: saga,
    provisionAdoption: saga,
    applyAdoption: saga,
  },
  Subscription: { routerImport: read },
  RouterImport: { router: routerEntityRule },
} satisfies RuleMap;

/** Who may see an import to which another subgraph leads. */
export const routerImportEntityRule = read;
