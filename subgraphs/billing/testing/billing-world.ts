import { makePrincipal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { makeBilling, type BillingOptions } from '../subgraph.ts';

export const RUN_BILLING = `mutation ($input: RunBillingInput!) { runBilling(input: $input) { run {
  id state asOf dryRun invoices total { amount currency } totals { amount currency } parked { subscriptionId service { id } code message } startedAt finishedAt } } }`;
export const RECORD_PAYMENT = `mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) {
  payment { id amount { amount currency } unallocated { amount } method reference receivedOn recordedBy customer { id } allocations { amount { amount } invoice { number } } }
  invoice { id number state paid { amount } open { amount } } } }`;
export const RUN_DUNNING = 'mutation ($input: RunDunningInput!) { runDunning(input: $input) { run { asOf overdue suspensionsDue } } }';
export const ACCOUNTS = `query ($of: [_Any!]!, $first: Int, $filter: CustomerInvoiceFilter, $orderBy: [InvoiceOrder!]) { _entities(representations: $of) { ... on Customer { id
  balance { amount currency } balances { amount currency }
  invoices(first: $first, filter: $filter, orderBy: $orderBy) { totalCount nodes { id number state issuedOn dueOn overdueSince period { from to } total { amount currency } paid { amount } open { amount } lines { description quantity unitPrice { amount } total { amount } derivation } } pageInfo { hasNextPage endCursor } }
  payments { totalCount nodes { id amount { amount } } } } } }`;

export interface ServiceFacts {
  serviceId?: string;
  customerId?: string;
  planId?: string;
  planCode?: string;
  amount?: string;
  currency?: string;
  billingDay?: number;
  graceDays?: number;
  activatedAt?: string;
}

interface Amount {
  amount: string;
  currency: string;
}

export interface RunShown {
  id: string;
  state: string;
  asOf: string;
  dryRun: boolean;
  invoices: number;
  total: Amount | null;
  totals: Amount[];
  parked: Array<{ subscriptionId: string; service: { id: string }; code: string; message: string }>;
  startedAt: string;
  finishedAt: string | null;
}

export interface InvoiceShown {
  id: string;
  number: string;
  state: string;
  issuedOn: string;
  dueOn: string;
  overdueSince: string | null;
  period: { from: string; to: string };
  total: Amount;
  paid: { amount: string };
  open: { amount: string };
}

export interface AccountShown {
  balance: Amount;
  balances: Amount[];
  invoices: { totalCount: number; nodes: InvoiceShown[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  payments: { totalCount: number; nodes: Array<{ id: string; amount: { amount: string } }> };
}

export interface PaidShown {
  payment: { id: string };
  invoice: { id: string; number: string; state: string };
}

/** One tenant of the subgraph under test, and what happens in it. */
export interface World {
  tenantId: string;
  /** What services tells; answers when billing has heard it. */
  activate(facts?: ServiceFacts): Promise<{ serviceId: string; customerId: string; planId: string }>;
  /** Many at once. */
  activateAll(facts: ServiceFacts[]): Promise<Array<{ serviceId: string; customerId: string; planId: string }>>;
  hear(type: string, subject: string, payload: Record<string, unknown>, at?: string): Promise<void>;
  runBilling(input?: object): Promise<RunShown>;
  runDunning(asOf?: string): Promise<{ asOf: string; overdue: number; suspensionsDue: number }>;
  pay(invoiceId: string, amount: string, more?: object): Promise<PaidShown>;
  /** The customer as the graph shows it. */
  account(customerId: string, variables?: object): Promise<AccountShown>;
  /** The data of any other operation. */
  data<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  fault(query: string, variables?: Record<string, unknown>): Promise<{ code: string; fields: string[]; message: string }>;
}

/** Billing without timers, on a database of its own. */
export function testBilling(options: BillingOptions = {}, more: Parameters<typeof testSubgraph>[1] = {}): Promise<TestSubgraph> {
  return testSubgraph(makeBilling({ every: () => () => {}, ...options }), more);
}

/** Sets the clock of the subgraph. */
export function setClock(graph: TestSubgraph, instant: string): void {
  graph.clock.advance((Date.parse(instant) - graph.clock.now().getTime()) / 1000);
}

/** Waits until billing has handled everything it was told. */
export async function heard(graph: TestSubgraph): Promise<void> {
  for (const until = Date.now() + 20_000; ; ) {
    const [parked, lag] = await Promise.all([graph.kit.bus.parked(), graph.kit.bus.lag()]);
    if (parked.length > 0) throw new Error(`An event was parked: ${parked[0]!.error}`);
    if (lag.every(({ behind }) => behind === 0)) return;
    if (Date.now() > until) throw new Error(`Billing did not hear in time: ${JSON.stringify(lag)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function makeWorld(graph: TestSubgraph, tenantId = uuidv7()): World {
  const clerk = makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions: ['*'] });
  const { kit } = graph;
  const activated = ({ serviceId = uuidv7(), customerId = uuidv7(), planId = uuidv7(), planCode = 'fiber', amount = '29.90', currency = 'USD', billingDay = 5, graceDays = 7, activatedAt = '2026-01-05T12:00:00.000Z' }: ServiceFacts) => ({
    serviceId, customerId, planId, planCode, planVersion: 1, price: { amount, currency }, billingInterval: 'MONTH', billingDay, graceDays, activatedAt,
  });
  const world: World = {
    tenantId,
    activate: async (facts = {}) => (await world.activateAll([facts]))[0]!,
    async activateAll(facts) {
      const payloads = facts.map(activated);
      await kit.db.write(tenantId, (tx) => kit.bus.publish(tx, payloads.map((payload) => ({ type: 'services.service.activated', tenantId, subject: payload.serviceId, payload }))));
      await heard(graph);
      return payloads;
    },
    async hear(type, subject, payload, at) {
      await kit.db.write(tenantId, (tx) => kit.bus.publish(tx, [{ type, tenantId, subject, payload, ...(at ? { at } : {}) }]));
      await heard(graph);
    },
    runBilling: async (input = {}) => (await graph.data(clerk, RUN_BILLING, { input })).runBilling.run,
    runDunning: async (asOf) => (await graph.data(clerk, RUN_DUNNING, { input: { asOf } })).runDunning.run,
    pay: async (invoiceId, amount, more = {}) => (await graph.data(clerk, RECORD_PAYMENT, { input: { invoiceId, amount: { amount, currency: 'USD' }, method: 'CASH', ...more } })).recordPayment,
    async account(customerId, variables = {}) {
      const { _entities: found } = await graph.data<{ _entities: [AccountShown] }>(clerk, ACCOUNTS, { of: [{ __typename: 'Customer', id: customerId }], first: 100, ...variables });
      return found[0];
    },
    data: (query, variables) => graph.data(clerk, query, variables),
    fault: (query, variables) => graph.fault(clerk, query, variables),
  };
  return world;
}
