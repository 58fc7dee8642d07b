import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import { silentLogger } from '#kernel/logs.ts';
import type { Subgraph } from '#kernel/subgraph/subgraph.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { makeBus, type NewEvent } from '#kernel/bus/bus.ts';
import { events } from '../subgraph.ts';

export const FOLLOW = 'subscription ($customerId: ID!, $after: String) { timeline(customerId: $customerId, after: $after) { id cursor position at kind source summary details { form: __typename } } }';
export const PAGE = `query ($of: [_Any!]!, $first: Int, $after: String, $offset: Int, $filter: TimelineFilter) { _entities(representations: $of) { ... on Customer { id
  timeline(first: $first, after: $after, offset: $offset, filter: $filter) { totalCount nodes { kind position cursor summary } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } } }`;

export interface EntryShown {
  id: string;
  cursor: string;
  position: number;
  at: string;
  kind: string;
  source: string;
  summary: string;
  details: { form: string };
}

export interface PageShown {
  totalCount: number;
  nodes: Array<Pick<EntryShown, 'kind' | 'position' | 'cursor' | 'summary'>>;
  pageInfo: { startCursor: string | null; endCursor: string | null; hasNextPage: boolean; hasPreviousPage: boolean };
}

/** Another process of the subgraph on the same database: a bus, consumers and subscribers of its own. */
export interface EventsProcess {
  subgraph: Subgraph;
  kit: SubgraphKit;
  stop(): Promise<void>;
}

export async function startEventsProcess(kit: SubgraphKit): Promise<EventsProcess> {
  const bus = makeBus({ database: kit.database, subgraph: 'events', log: silentLogger, clock: kit.clock, newId: uuidv7 });
  const own = { ...kit, bus };
  const running = await events.make(own);
  await running.start();
  await bus.start();
  return {
    kit: own,
    subgraph: localSubgraph({ name: 'events', schema: running.schema, loaders: running.loaders, log: silentLogger }),
    async stop() {
      await bus.stop();
      await running.stop();
    },
  };
}

/** The entries that a subscription gives, or its first error. */
export interface Following {
  /** So many more, in the order in which they came. */
  take(count: number): Promise<EntryShown[]>;
  leave(): Promise<void>;
}

export async function follow(subgraph: Subgraph, principal: Principal, variables: { customerId: string; after?: string | null }): Promise<Following> {
  const stream = await subgraph.subscribe<{ timeline: EntryShown }>({ query: FOLLOW, variables, principal, requestId: 'test' });
  if (!(Symbol.asyncIterator in stream)) throw Object.assign(new Error(stream.errors?.[0]?.message), { extensions: stream.errors?.[0]?.extensions });
  return {
    async take(count) {
      const taken: EntryShown[] = [];
      while (taken.length < count) {
        const { value, done } = await stream.next();
        if (done) throw new Error(`The stream ended after ${taken.length} of ${count} entries.`);
        taken.push(value.data!.timeline);
      }
      return taken;
    },
    async leave() {
      await stream.return!();
    },
  };
}

export const reader = (tenantId: string, permissions: string[] = ['*']): Principal => makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions });

/** A customer with a service, as identity and services announce them. */
export interface Subscriber {
  tenantId: string;
  customerId: string;
  serviceId: string;
  created: NewEvent[];
  /** What else may happen to him. */
  session(action: 'up' | 'down', n?: number): NewEvent;
  service(what: string, more?: object): NewEvent;
  invoice(what: 'issued' | 'overdue'): NewEvent;
  payment(): NewEvent;
  run(state: string, version: number, runId: string): NewEvent;
}

export function subscriber(tenantId: string): Subscriber {
  const [customerId, serviceId, routerId, invoiceId, paymentId, planId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const service = (what: string, more: object = {}): NewEvent => ({
    type: `services.service.${what}`, tenantId, subject: serviceId, payload: { serviceId, customerId, number: 'SVC-1', status: 'ACTIVE', planId, planVersion: 1, billingDay: 5, ...more },
  });
  return {
    tenantId,
    customerId,
    serviceId,
    created: [{ type: 'identity.customer.created', tenantId, subject: customerId, payload: { customerId, accountNumber: 'A-1', name: 'Ada', email: null, phone: null, status: 'ACTIVE' } }, service('created')],
    session: (action, n = 0) => ({
      type: `network.session.${action}`, tenantId, subject: serviceId, payload: { routerId, serviceId, name: 'ada', address: `10.0.0.${n % 250}`, callerId: null, sessionId: 's', startedAt: '2026-01-05T12:00:00.000Z', source: 'LISTEN' },
    }),
    service,
    invoice: (what) => ({
      type: `billing.invoice.${what}`, tenantId, subject: invoiceId, payload: { invoiceId, number: 'INV-1', customerId, serviceId, total: { amount: '29.90', currency: 'USD' }, dueOn: '2026-01-19', ...(what === 'overdue' ? { overdueSince: '2026-01-20' } : {}) },
    }),
    payment: () => ({ type: 'billing.payment.received', tenantId, subject: paymentId, payload: { paymentId, customerId, invoiceId, amount: { amount: '29.90', currency: 'USD' } } }),
    run: (state, version, runId) => ({ type: 'ops.run.changed', tenantId, subject: runId, payload: { kind: 'SUSPEND_SERVICE', state, version, customerId, serviceId } }),
  };
}
