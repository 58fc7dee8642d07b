import type DataLoader from 'dataloader';
import { tenantOf } from '#kernel/access/tenant.ts';
import { loaderById, loaderByKey, loaderByTenant } from '#kernel/graphql/loaders.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';
import type { Customer } from './customer/customer.ts';
import * as customerStore from './customer/customer.store.ts';
import type { Tenant } from './tenant/tenant.ts';
import * as tenantStore from './tenant/tenant.store.ts';
import { reach, type Membership, type User } from './user/user.ts';
import * as userStore from './user/user.store.ts';

export interface IdentityLoaders {
  customer: DataLoader<string, Customer | null>;
  user: DataLoader<string, User | null>;
  tenant: DataLoader<string, Tenant | null>;
  userCountOfTenant: DataLoader<string, number>;
  customerCountOfTenant: DataLoader<string, number>;
  membershipsOfUser: DataLoader<string, Membership[]>;
}

export type IdentityContext = SubgraphContext<IdentityLoaders>;

/** Fresh per request and per event. */
export function identityLoaders({ db }: Pick<SubgraphKit, 'db'>, { principal }: Pick<IdentityContext, 'principal'>): IdentityLoaders {
  return {
    customer: loaderById((ids) => db.read(tenantOf(principal), (tx) => customerStore.byIds(tx, ids))),
    user: loaderById((ids) => reach(db, principal)((tx) => userStore.byIds(tx, ids))),
    tenant: loaderById((ids) => reach(db, principal)((tx) => tenantStore.byIds(tx, ids))),
    userCountOfTenant: loaderByTenant({ db, principal }, tenantStore.userCounts, () => 0),
    customerCountOfTenant: loaderByTenant({ db, principal }, tenantStore.customerCounts, () => 0),
    membershipsOfUser: loaderByKey((ids) => reach(db, principal)((tx) => userStore.membershipsOf(tx, ids)), () => []),
  };
}
