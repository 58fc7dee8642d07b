import type DataLoader from 'dataloader';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Tx } from '#kernel/db/database.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { loaderById, loaderByKey } from '#kernel/graphql/loaders.ts';
import type { Money } from '#kernel/money.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';
import * as accountStore from './account/account.store.ts';
import * as runStore from './billing-run/billing-run.store.ts';
import type { Invoice } from './invoice/invoice.ts';
import * as invoiceStore from './invoice/invoice.store.ts';
import type { CustomerInvoiceFilter } from './invoice/invoice.type.ts';
import type { Payment } from './payment/payment.ts';
import * as paymentStore from './payment/payment.store.ts';
import { DEFAULT_CURRENCY, settingsOf } from './tenant-settings/tenant-settings.ts';

type PageOf<Node> = Omit<ConnectionValue<Node>, 'totalCount'>;

export interface BillingLoaders {
  invoice: DataLoader<string, Invoice | null>;
  payment: DataLoader<string, Payment | null>;
  billingRun: DataLoader<string, runStore.BillingRun | null>;
  linesOfInvoice: DataLoader<string, invoiceStore.InvoiceLine[]>;
  allocationsOfPayment: DataLoader<string, Array<{ invoiceId: string; minor: bigint; createdAt: Date }>>;
  totalsOfRun: DataLoader<string, Money[]>;
  parkedOfRun: DataLoader<string, runStore.Parked[]>;
  /** By customer id. */
  balances: DataLoader<string, accountStore.CustomerBalances>;
  /** By customer id; the same page asked of many customers is one statement. */
  invoicesOfCustomer: (query: invoiceStore.CustomerInvoiceQuery) => DataLoader<string, PageOf<Invoice>>;
  invoiceCountOfCustomer: (filter: CustomerInvoiceFilter | null) => DataLoader<string, number>;
  paymentsOfCustomer: (query: paymentStore.CustomerPaymentQuery) => DataLoader<string, PageOf<Payment>>;
  paymentCountOfCustomer: DataLoader<string, number>;
  tenantCurrency: () => Promise<string>;
}

export type BillingContext = SubgraphContext<BillingLoaders>;

/** Fresh per request and per event. */
export function billingLoaders({ db }: Pick<SubgraphKit, 'db'>, { principal }: Pick<BillingContext, 'principal'>): BillingLoaders {
  const read = <T>(work: (tx: Tx) => Promise<T>) => db.read(tenantOf(principal), work);
  const empty = <Node>(): PageOf<Node> => ({ nodes: [], edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } });
  return {
    invoice: loaderById((ids) => read((tx) => invoiceStore.byIds(tx, ids))),
    payment: loaderById((ids) => read((tx) => paymentStore.byIds(tx, ids))),
    billingRun: loaderById((ids) => read((tx) => runStore.byIds(tx, ids))),
    linesOfInvoice: loaderByKey((ids) => read((tx) => invoiceStore.linesOf(tx, ids)), () => []),
    allocationsOfPayment: loaderByKey((ids) => read((tx) => paymentStore.allocationsOf(tx, ids)), () => []),
    totalsOfRun: loaderByKey((ids) => read((tx) => runStore.totalsOf(tx, ids)), () => []),
    parkedOfRun: loaderByKey((ids) => read((tx) => runStore.parkedOf(tx, ids)), () => []),
    balances: loaderByKey(
      (ids) => read((tx) => accountStore.balances(tx, ids, DEFAULT_CURRENCY)),
      () => ({ main: { minor: 0n, currency: DEFAULT_CURRENCY }, all: [] }),
    ),
    invoicesOfCustomer: byArguments((query) => loaderByKey((ids) => read((tx) => invoiceStore.pagesOfCustomers(tx, ids, query)), empty<Invoice>)),
    invoiceCountOfCustomer: byArguments((filter) => loaderByKey((ids) => read((tx) => invoiceStore.countsOfCustomers(tx, ids, filter)), () => 0)),
    paymentsOfCustomer: byArguments((query) => loaderByKey((ids) => read((tx) => paymentStore.pagesOfCustomers(tx, ids, query)), empty<Payment>)),
    paymentCountOfCustomer: loaderByKey((ids) => read((tx) => paymentStore.countsOfCustomers(tx, ids)), () => 0),
    tenantCurrency: async () => (await read(settingsOf)).currency ?? DEFAULT_CURRENCY,
  };
}

/** One loader for each set of arguments that a request uses. */
function byArguments<Query, Value>(make: (query: Query) => DataLoader<string, Value>): (query: Query) => DataLoader<string, Value> {
  const known = new Map<string, DataLoader<string, Value>>();
  return (query) => {
    const key = JSON.stringify(query);
    let loader = known.get(key);
    if (!loader) known.set(key, (loader = make(query)));
    return loader;
  };
}
