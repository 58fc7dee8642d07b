import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { CivilDate } from '#kernel/civil-time.ts';
import { notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { subtractMoney, type Money } from '#kernel/money.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as store from './invoice.store.ts';
import { InvoiceState } from './invoice.type.ts';

export interface Invoice {
  id: string;
  numberValue: bigint;
  number: string;
  customerId: string;
  serviceId: string;
  subscriptionId: string;
  runId: string;
  periodFrom: CivilDate;
  /** Exclusive. */
  periodTo: CivilDate;
  issuedOn: CivilDate;
  dueOn: CivilDate;
  /** From the due day to the day on which the service is to be suspended. */
  graceDays: number;
  total: Money;
  paid: Money;
  state: InvoiceState;
  overdueSince: CivilDate | null;
  createdAt: Date;
}

export function openOf({ total, paid, state }: Invoice): Money {
  return state === InvoiceState.VOID ? { ...total, minor: 0n } : subtractMoney(total, paid);
}

export function invoiceNumber(value: bigint): string {
  return `INV-${value.toString().padStart(6, '0')}`;
}

export interface Invoices {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<Invoice>;
  list(principal: Principal, query: store.InvoiceQuery): Promise<ConnectionValue<Invoice>>;
}

export function makeInvoices({ db }: Pick<SubgraphKit, 'db'>): Invoices {
  return {
    async get(principal, id) {
      const [invoice] = await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id]));
      return invoice ?? unknownInvoice(id);
    },
    list: (principal, query) => store.list(db, tenantOf(principal), query),
  };
}

export function unknownInvoice(id: string): never {
  throw notFound('invoice', id);
}
