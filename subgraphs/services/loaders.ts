import type DataLoader from 'dataloader';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Tx } from '#kernel/db/database.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { loaderById, loaderByKey, loaderByTenant } from '#kernel/graphql/loaders.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';
import type { Plan } from './plan/plan.ts';
import * as planStore from './plan/plan.store.ts';
import type { Service } from './service/service.ts';
import * as serviceStore from './service/service.store.ts';

type Page = serviceStore.ServiceQuery['page'];
type ServicePage = Omit<ConnectionValue<Service>, 'totalCount'>;

export interface ServicesLoaders {
  plan: DataLoader<string, Plan | null>;
  service: DataLoader<string, Service | null>;
  /** By customer id; the same page asked of many customers is one statement. */
  servicesOfCustomer: (page: Page) => DataLoader<string, ServicePage>;
  serviceCountOfCustomer: DataLoader<string, number>;
  serviceCountOfTenant: DataLoader<string, number>;
}

export type ServicesContext = SubgraphContext<ServicesLoaders>;

/** Fresh per request and per event. */
export function servicesLoaders({ db }: Pick<SubgraphKit, 'db'>, { principal }: Pick<ServicesContext, 'principal'>): ServicesLoaders {
  const read = <T>(work: (tx: Tx) => Promise<T>) => db.read(tenantOf(principal), work);
  const pages = new Map<string, DataLoader<string, ServicePage>>();
  return {
    plan: loaderById((ids) => read((tx) => planStore.byIds(tx, ids))),
    service: loaderById((ids) => read((tx) => serviceStore.byIds(tx, ids))),
    servicesOfCustomer(page) {
      const key = JSON.stringify(page);
      const known = pages.get(key);
      if (known) return known;
      const loader = loaderByKey<ServicePage>((ids) => read((tx) => serviceStore.pagesOfCustomers(tx, ids, page)), emptyPage);
      pages.set(key, loader);
      return loader;
    },
    serviceCountOfCustomer: loaderByKey((ids) => read((tx) => serviceStore.countsOfCustomers(tx, ids)), () => 0),
    serviceCountOfTenant: loaderByTenant({ db, principal }, serviceStore.countsOfTenants, () => 0),
  };
}

function emptyPage(): ServicePage {
  return { nodes: [], edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } };
}
