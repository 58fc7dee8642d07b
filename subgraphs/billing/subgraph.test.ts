import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymous, makePrincipal } from '#kernel/access/principal.ts';
import type { DomainEvent } from '#kernel/bus/bus.ts';
import { sqlState } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { assertTenantIsolation } from '#kernel/db/isolation.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { assertBooks } from './testing/books.store.ts';
import { ACCOUNTS, makeWorld, RECORD_PAYMENT, RUN_BILLING, RUN_DUNNING, setClock, testBilling, type AccountShown, type InvoiceShown, type World } from './testing/billing-world.ts';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testBilling({ chunk: 20 });
});
afterAll(() => graph.stop());

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const statesOf = (account: AccountShown): string[] => account.invoices.nodes.map(({ state, total }) => `${state} ${total.amount}`);
/** The first invoice of an account that has one. */
const firstOf = ({ invoices }: AccountShown): InvoiceShown => invoices.nodes[0]!;
const newWorld = (now = '2026-01-05T12:00:00Z'): World => {
  setClock(graph, now);
  return makeWorld(graph);
};
/** The first so many events of some types that the work announces. */
const announced = async (world: World, types: string[], howMany: number, work: () => Promise<void>) => {
  const events: DomainEvent[] = [];
  const heard = (async () => {
    for await (const event of graph.kit.bus.tail({ tenantId: world.tenantId, types })) if (events.push(event) === howMany) return;
  })();
  await work();
  await heard;
  return events;
};
const INVOICES = 'query ($first: Int, $after: String, $offset: Int, $filter: InvoiceFilter, $orderBy: [InvoiceOrder!]) { invoices(first: $first, after: $after, offset: $offset, filter: $filter, orderBy: $orderBy) { totalCount nodes { id number } pageInfo { hasNextPage endCursor } } }';

describe('a billing run', () => {
  it('issues the first invoice with its days, due day, number and derivation', async () => {
    const world = newWorld();
    const { customerId, serviceId } = await world.activate({ activatedAt: '2025-12-19T12:00:00Z' });
    const run = await world.runBilling({ asOf: '2026-01-04' });
    expect(run).toMatchObject({ state: 'SUCCEEDED', asOf: '2026-01-04', dryRun: false, invoices: 1, total: { amount: '16.40', currency: 'USD' }, totals: [{ amount: '16.40', currency: 'USD' }], parked: [], finishedAt: expect.any(String) });
    const account = await world.account(customerId);
    expect(account.balance).toEqual({ amount: '16.40', currency: 'USD' });
    expect(account.invoices.nodes).toEqual([
      {
        id: expect.any(String), number: 'INV-000001', state: 'ISSUED', issuedOn: '2026-01-04', dueOn: '2026-01-18', overdueSince: null, period: { from: '2025-12-19', to: '2026-01-05' },
        total: { amount: '16.40', currency: 'USD' }, paid: { amount: '0.00' }, open: { amount: '16.40' },
        lines: [{ description: 'fiber, 2025-12-19 up to 2026-01-05', quantity: '0.548387', unitPrice: { amount: '29.90' }, total: { amount: '16.40' }, derivation: '17 of 31 days × 29.90 = 16.40, half-even' }],
      },
    ]);
    const { id } = firstOf(account);
    expect(await world.data(`{ invoice(id: "${id}") { number customer { id } service { id } subscriptionId } billingRun(id: "${run.id}") { invoices state } }`)).toMatchObject({
      invoice: { number: 'INV-000001', customer: { id: customerId }, service: { id: serviceId } },
      billingRun: { invoices: 1, state: 'SUCCEEDED' },
    });
  });

  it('runs ten times at once and again like once', async () => {
    const world = newWorld();
    await world.activateAll(many(130, () => ({})));
    const runs = await Promise.all(many(10, () => world.runBilling({ asOf: '2026-01-05' })));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    expect(runs.map(({ invoices }) => invoices)).toEqual(many(10, () => 130));
    const again = await world.runBilling({ asOf: '2026-01-05' });
    expect(again).toEqual(runs[0]);
    expect((await world.runBilling({ asOf: '2026-01-04' })).invoices).toBe(0);
    expect(await assertBooks(graph, world.tenantId)).toMatchObject({ invoices: 130, total: '3887.00' });
  });

  it('bills what has become due since, when the same day is run again', async () => {
    const world = newWorld();
    await world.activate();
    const first = await world.runBilling();
    await world.activate();
    const second = await world.runBilling();
    expect(second).toMatchObject({ id: first.id, invoices: 2, total: { amount: '59.80' }, state: 'SUCCEEDED' });
    await assertBooks(graph, world.tenantId);
  });

  it('tells in a dry run what it would come to, and writes nothing', async () => {
    const world = newWorld();
    await world.activateAll(many(45, (index) => ({ amount: '10', currency: index % 3 === 0 ? 'EUR' : 'USD' })));
    const before = await assertBooks(graph, world.tenantId);
    const dry = await world.runBilling({ asOf: '2026-02-05', dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, state: 'SUCCEEDED', invoices: 90, total: null, totals: [{ amount: '300.00', currency: 'EUR' }, { amount: '600.00', currency: 'USD' }] });
    expect(await assertBooks(graph, world.tenantId)).toEqual(before);
    expect(await world.data('{ billingRuns { totalCount } }')).toEqual({ billingRuns: { totalCount: 0 } });
    expect(await world.runBilling({ asOf: '2026-02-05' })).toMatchObject({ invoices: 90, totals: dry.totals });
  });

  it('leaves a poisoned subscription aside, tells which, and bills the others; mended, it is billed', async () => {
    const world = newWorld('2026-01-05T12:00:00Z');
    const services = await world.activateAll(many(50, () => ({})));
    const [poisoned] = [services[17]!];
    const ancient = await world.activate({ activatedAt: '2019-01-05T12:00:00Z' });
    const name = `poison_${poisoned.serviceId.replaceAll('-', '')}`;
    await graph.kit.db.system((tx) =>
      tx.execute(sql.raw(`create function billing.${name}() returns trigger language plpgsql as $$ begin if new.service_id = '${poisoned.serviceId}' then raise exception 'It does not agree with me'; end if; return new; end $$; create trigger ${name} before insert on billing.invoices for each row execute function billing.${name}()`)),
    );
    const run = await world.runBilling();
    expect(run).toMatchObject({ state: 'SUCCEEDED', invoices: 49 });
    expect(run.parked.map(({ service, code }) => [service.id, code]).sort()).toEqual([[ancient.serviceId, 'BILLING_SAFETY_BOUND'], [poisoned.serviceId, 'BILLING_INTERNAL']].sort());
    expect(JSON.stringify(run.parked)).not.toContain('agree');
    await graph.kit.db.system((tx) => tx.execute(sql.raw(`drop function billing.${name}() cascade`)));
    const mended = await world.runBilling();
    expect(mended).toMatchObject({ id: run.id, invoices: 50, parked: [{ service: { id: ancient.serviceId }, code: 'BILLING_SAFETY_BOUND' }] });
    await assertBooks(graph, world.tenantId);
  });

  it('takes a key for the same input only, and names what is wrong', async () => {
    const world = newWorld();
    await world.activate();
    const run = await world.runBilling({ asOf: '2026-01-05', idempotencyKey: 'k' });
    expect(await world.runBilling({ asOf: '2026-01-05', idempotencyKey: 'k' })).toEqual(run);
    expect(await world.fault(RUN_BILLING, { input: { asOf: '2026-01-06', idempotencyKey: 'k' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
    expect(await world.fault(RUN_BILLING, { input: { asOf: '2027-01-05' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['asOf'] });
    expect(await world.fault(RUN_BILLING, { input: { idempotencyKey: '' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['idempotencyKey'] });
    expect(await world.fault(`{ billingRun(id: "${uuidv7()}") { id } }`)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await world.data('{ billingRuns(filter: { state: SUCCEEDED }, orderBy: [{ field: AS_OF, direction: DESC }]) { totalCount nodes { id } } }')).toEqual({ billingRuns: { totalCount: 1, nodes: [{ id: run.id }] } });
  });

  it('works in statements that do not grow with the subscriptions', async () => {
    const statements = async (count: number) => {
      const world = newWorld();
      await world.activateAll(many(count, () => ({})));
      return (await graph.statementsOf(() => world.runBilling())).length;
    };
    expect(await statements(20)).toBe(await statements(1));
  });

  it('takes days from the tenant\'s zone', async () => {
    const world = newWorld('2026-01-05T12:00:00Z');
    await world.hear('identity.tenant.updated', world.tenantId, { id: world.tenantId, timezone: 'Pacific/Kiritimati' });
    // 11:00 on the 4th in Greenwich is 01:00 on the 5th on Kiritimati.
    const { customerId } = await world.activate({ activatedAt: '2026-01-04T11:00:00Z' });
    setClock(graph, '2026-01-04T11:30:00Z');
    expect(await world.runBilling()).toMatchObject({ asOf: '2026-01-05', invoices: 1 });
    expect((await world.account(customerId)).invoices.nodes[0]!.period).toEqual({ from: '2026-01-05', to: '2026-02-05' });
    expect(await world.data('{ billingSettings { timeZone paymentTermDays currency } }')).toEqual({ billingSettings: { timeZone: 'Pacific/Kiritimati', paymentTermDays: 14, currency: 'USD' } });
    await world.hear('identity.tenant.updated', world.tenantId, { id: world.tenantId, timezone: 'Nowhere/At all' });
    expect(await world.data('{ billingSettings { timeZone } }')).toEqual({ billingSettings: { timeZone: 'Pacific/Kiritimati' } });
  });

  it('uses the tenant\'s payment term', async () => {
    const world = newWorld();
    const { customerId } = await world.activate();
    const UPDATE = 'mutation ($input: UpdateBillingSettingsInput!) { updateBillingSettings(input: $input) { settings { paymentTermDays } } }';
    await world.data(UPDATE, { input: { paymentTermDays: 30 } });
    expect(await world.fault(UPDATE, { input: { paymentTermDays: 400 } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['paymentTermDays'] });
    await world.runBilling({ asOf: '2026-01-05' });
    expect((await world.account(customerId)).invoices.nodes[0]!.dueOn).toBe('2026-02-04');
  });
});

describe('what services tells', () => {
  it('changes the price from the next period on', async () => {
    const world = newWorld('2026-03-10T12:00:00Z');
    const facts = await world.activate({ activatedAt: '2026-01-05T12:00:00Z' });
    const changed = { ...facts, planCode: 'gold', planVersion: 1, price: { amount: '50.00', currency: 'USD' }, billingInterval: 'MONTH', billingDay: 5, graceDays: 3, activatedAt: '2026-01-05T12:00:00Z' };
    await world.hear('services.service.planChanged', facts.serviceId, { ...changed, planId: uuidv7(), previousPlanId: facts.planId }, '2026-02-05T06:00:00Z');
    await world.runBilling();
    expect(statesOf(await world.account(facts.customerId))).toEqual(['ISSUED 29.90', 'ISSUED 29.90', 'ISSUED 50.00']);
  });

  it('moves the billing day by one period that is charged by days', async () => {
    const world = newWorld('2026-03-25T12:00:00Z');
    const { serviceId, customerId } = await world.activate({ activatedAt: '2026-01-05T12:00:00Z' });
    await world.runBilling({ asOf: '2026-01-05' });
    await world.hear('services.service.updated', serviceId, { serviceId, customerId, billingDay: 20 });
    await world.runBilling();
    expect((await world.account(customerId)).invoices.nodes.map(({ period, total }) => `${period.from} ${period.to} ${total.amount}`)).toEqual([
      '2026-01-05 2026-02-05 29.90',
      '2026-02-05 2026-02-20 14.47',
      '2026-02-20 2026-03-20 29.90',
      '2026-03-20 2026-04-20 29.90',
    ]);
    await assertBooks(graph, world.tenantId);
  });

  it('pauses charging while suspended, unless the plan accrues', async () => {
    const world = newWorld('2026-02-10T12:00:00Z');
    const [pause, accrue] = await world.activateAll([{ activatedAt: '2026-01-05T12:00:00Z' }, { activatedAt: '2026-01-05T12:00:00Z' }]);
    await world.data('mutation ($input: SetSuspensionPolicyInput!) { setSuspensionPolicy(input: $input) { suspensionPolicy } }', { input: { planId: accrue!.planId, suspensionPolicy: 'ACCRUE' } });
    await world.runBilling({ asOf: '2026-01-05' });
    for (const { serviceId, customerId } of [pause!, accrue!]) await world.hear('services.service.suspended', serviceId, { serviceId, customerId, reason: 'MANUAL' }, '2026-01-20T12:00:00Z');
    await world.runBilling({ asOf: '2026-02-10' });
    expect(statesOf(await world.account(pause!.customerId))).toEqual(['ISSUED 29.90']);
    expect(statesOf(await world.account(accrue!.customerId))).toEqual(['ISSUED 29.90', 'ISSUED 29.90']);
    setClock(graph, '2026-04-20T12:00:00Z');
    await world.runBilling({ asOf: '2026-04-20' });
    await world.hear('services.service.resumed', pause!.serviceId, { serviceId: pause!.serviceId, customerId: pause!.customerId }, '2026-04-20T12:00:00Z');
    await world.runBilling({ asOf: '2026-04-20' });
    const { invoices } = await world.account(pause!.customerId);
    // February and March were suspended as a whole; of April the 15 days from the 20th on are charged.
    expect(invoices.nodes.map(({ period, total }) => [period.from, period.to, total.amount])).toEqual([['2026-01-05', '2026-02-05', '29.90'], ['2026-04-20', '2026-05-05', '14.95']]);
    await assertBooks(graph, world.tenantId);
  });

  it('ends charging with the service', async () => {
    const world = newWorld('2026-03-01T12:00:00Z');
    const { serviceId, customerId } = await world.activate({ activatedAt: '2026-01-05T12:00:00Z' });
    await world.hear('services.service.terminated', serviceId, { serviceId, customerId, terminatedAt: '2026-02-12T12:00:00Z' });
    await world.runBilling();
    await world.runBilling({ asOf: '2026-05-20' });
    expect(statesOf(await world.account(customerId))).toEqual(['ISSUED 29.90', 'ISSUED 7.48']);
  });

  it('counts once, also when it is told twice or of a service that was never active', async () => {
    const world = newWorld();
    const { serviceId, customerId } = await world.activate();
    await world.activate({ serviceId, customerId });
    for (const what of ['suspended', 'suspended', 'resumed', 'resumed', 'terminated', 'terminated']) {
      for (const id of [serviceId, uuidv7()]) await world.hear(`services.service.${what}`, id, { serviceId: id, customerId, reason: 'MANUAL', terminatedAt: '2026-01-20T12:00:00Z' }, '2026-01-20T12:00:00Z');
    }
    expect(await world.runBilling()).toMatchObject({ invoices: 1 });
  });
});

describe('a payment', () => {
  const billed = async (world: World, facts = {}) => {
    const service = await world.activate(facts);
    await world.runBilling();
    const { invoices } = await world.account(service.customerId);
    return { ...service, invoice: invoices.nodes.at(-1)! };
  };

  it('settles its invoice in parts, and says who recorded it', async () => {
    const world = newWorld();
    const { invoice, customerId } = await billed(world);
    const first = await world.pay(invoice.id, '10', { method: 'MOBILE_MONEY', reference: ' MP-1 ' });
    expect(first).toMatchObject({
      payment: { amount: { amount: '10.00', currency: 'USD' }, unallocated: { amount: '0.00' }, method: 'MOBILE_MONEY', reference: 'MP-1', receivedOn: '2026-01-05', recordedBy: expect.any(String), customer: { id: customerId } },
      invoice: { state: 'ISSUED', paid: { amount: '10.00' }, open: { amount: '19.90' } },
    });
    expect((await world.account(customerId)).balance.amount).toBe('19.90');
    expect((await world.pay(invoice.id, '19.90')).invoice).toMatchObject({ state: 'PAID', open: { amount: '0.00' } });
    expect((await world.account(customerId)).balance.amount).toBe('0.00');
    await assertBooks(graph, world.tenantId);
  });

  it('becomes credit where it exceeds, which the next invoices use, the oldest first and once', async () => {
    const world = newWorld();
    const { invoice, customerId } = await billed(world);
    const { payment } = await world.pay(invoice.id, '79.90');
    await world.pay(invoice.id, '5');
    expect((await world.account(customerId)).balance).toEqual({ amount: '-55.00', currency: 'USD' });
    setClock(graph, '2026-03-05T12:00:00Z');
    await Promise.all([world.runBilling({ asOf: '2026-03-05' }), world.runBilling({ asOf: '2026-03-04' }), world.runBilling({ asOf: '2026-02-05' })]);
    const account = await world.account(customerId);
    expect(statesOf(account)).toEqual(['PAID 29.90', 'PAID 29.90', 'ISSUED 29.90']);
    expect(account.balance.amount).toBe('4.80');
    expect(account.payments).toMatchObject({ totalCount: 2, nodes: [{ id: payment.id }, { amount: { amount: '5.00' } }] });
    const used = await world.data<{ payment: object }>(`{ payment(id: "${payment.id}") { unallocated { amount } allocations { amount { amount } invoice { number } } } }`);
    expect(used.payment).toMatchObject({ unallocated: { amount: '0.00' }, allocations: [{ amount: { amount: '29.90' } }, { amount: { amount: '29.90' } }, { amount: { amount: '20.10' } }] });
    await assertBooks(graph, world.tenantId);
  });

  it('takes effect once for a hundred concurrent calls with one key', async () => {
    const world = newWorld();
    const { invoice, customerId } = await billed(world);
    const answers = await Promise.all(many(100, () => world.pay(invoice.id, '20', { idempotencyKey: 'once' })));
    expect(new Set(answers.map(({ payment }) => payment.id)).size).toBe(1);
    expect((await world.account(customerId)).balance.amount).toBe('9.90');
    expect(await world.fault(RECORD_PAYMENT, { input: { invoiceId: invoice.id, amount: { amount: '21', currency: 'USD' }, method: 'CASH', idempotencyKey: 'once' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
    expect(await assertBooks(graph, world.tenantId)).toMatchObject({ payments: 1 });
  });

  it('is added up exactly when many different ones come at once', async () => {
    const world = newWorld();
    const { invoice, customerId } = await billed(world, { amount: '100' });
    await Promise.all(many(60, (index) => world.pay(invoice.id, '2', { method: 'CARD', reference: `card ${index}` })));
    const account = await world.account(customerId);
    expect(account.balance.amount).toBe('-20.00');
    expect(statesOf(account)).toEqual(['PAID 100.00']);
    await assertBooks(graph, world.tenantId);
  });

  it('is refused with the field that is wrong', async () => {
    const world = newWorld();
    const { invoice } = await billed(world);
    const fault = (changes: object) => world.fault(RECORD_PAYMENT, { input: { invoiceId: invoice.id, amount: { amount: '1', currency: 'USD' }, method: 'CASH', ...changes } });
    expect(await fault({ amount: { amount: '0', currency: 'USD' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['amount.amount'] });
    expect(await fault({ amount: { amount: '-1', currency: 'USD' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['amount.amount'] });
    expect(await fault({ amount: { amount: '1.001', currency: 'USD' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['amount.amount'] });
    expect(await fault({ amount: { amount: '1', currency: 'EUR' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['amount.currency'] });
    expect(await fault({ reference: ' ' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['reference'] });
    expect(await fault({ receivedOn: '2026-01-07' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['receivedOn'] });
    expect(await fault({ method: 'SHELLS' })).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await fault({ invoiceId: uuidv7() })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await fault({ invoiceId: 'nonsense' })).toMatchObject({ code: 'NOT_FOUND' });
    await world.pay(invoice.id, '1', { reference: 'r' });
    expect(await fault({ reference: 'r' })).toMatchObject({ code: 'CONFLICT', fields: ['reference'] });
    expect(await fault({ reference: 'r', method: 'CARD' })).toMatchObject({ code: 'OK' });
    expect(await assertBooks(graph, world.tenantId)).toMatchObject({ payments: 2 });
  });
});

describe('dunning', () => {
  it('marks what is overdue, then what is to be suspended, once each, and tells when all is settled', async () => {
    const world = newWorld('2026-02-01T12:00:00Z');
    const { serviceId, customerId } = await world.activate({ activatedAt: '2026-01-05T12:00:00Z', graceDays: 7 });
    await world.runBilling({ asOf: '2026-01-05' });
    const invoice = firstOf(await world.account(customerId));
    let payment = { id: '' };
    const events = await announced(world, ['billing.invoice.overdue', 'billing.service.suspensionDue', 'billing.payment.received', 'billing.service.settled'], 5, async () => {
      expect(await world.runDunning('2026-01-19')).toEqual({ asOf: '2026-01-19', overdue: 0, suspensionsDue: 0 });
      expect(await world.runDunning('2026-01-20')).toEqual({ asOf: '2026-01-20', overdue: 1, suspensionsDue: 0 });
      expect(await world.runDunning('2026-01-26')).toEqual({ asOf: '2026-01-26', overdue: 0, suspensionsDue: 0 });
      const runs = await Promise.all(many(5, () => world.runDunning('2026-01-27')));
      expect(runs.reduce((sum, { suspensionsDue }) => sum + suspensionsDue, 0)).toBe(1);
      expect(await world.runDunning()).toEqual({ asOf: '2026-02-01', overdue: 0, suspensionsDue: 0 });
      await world.pay(invoice.id, '29');
      ({ payment } = await world.pay(invoice.id, '0.90'));
    });
    expect(events).toMatchObject([
      { type: 'billing.invoice.overdue', subject: invoice.id, payload: { invoiceId: invoice.id, number: 'INV-000001', customerId, serviceId, total: { amount: '29.90', currency: 'USD' }, dueOn: '2026-01-19', overdueSince: '2026-01-20' } },
      { type: 'billing.service.suspensionDue', subject: serviceId, payload: { serviceId, customerId, invoiceId: invoice.id, dueOn: '2026-01-19', graceDays: 7 } },
      { type: 'billing.payment.received', payload: { customerId, invoiceId: invoice.id, amount: { amount: '29.00', currency: 'USD' } } },
      { type: 'billing.payment.received', subject: payment.id, payload: { paymentId: payment.id, amount: { amount: '0.90', currency: 'USD' } } },
      { type: 'billing.service.settled', subject: serviceId, payload: { serviceId, customerId, paymentId: payment.id } },
    ]);
    expect(statesOf(await world.account(customerId))).toEqual(['PAID 29.90']);
  });

  it('calls a service settled only when nothing of it is overdue any more', async () => {
    const world = newWorld('2026-03-30T12:00:00Z');
    const { customerId } = await world.activate({ activatedAt: '2026-01-05T12:00:00Z' });
    await world.runBilling({ asOf: '2026-02-05' });
    await world.runDunning();
    const [first, second] = (await world.account(customerId)).invoices.nodes as [InvoiceShown, InvoiceShown];
    expect([first.state, first.overdueSince]).toEqual(['OVERDUE', '2026-02-20']);
    const events = await announced(world, ['billing.payment.received', 'billing.service.settled'], 3, async () => {
      await world.pay(first.id, '29.90');
      await world.pay(second.id, '29.90');
    });
    expect(events.map(({ type }) => type)).toEqual(['billing.payment.received', 'billing.payment.received', 'billing.service.settled']);
  });

  it('uses credit before it duns anybody', async () => {
    const world = newWorld('2026-02-28T12:00:00Z');
    const customerId = uuidv7();
    await world.activateAll([{ customerId, activatedAt: '2026-01-05T12:00:00Z' }, { customerId, activatedAt: '2026-01-05T12:00:00Z' }]);
    await world.runBilling({ asOf: '2026-01-05' });
    const first = firstOf(await world.account(customerId));
    await world.pay(first.id, '59.80');
    expect(await world.runDunning()).toMatchObject({ overdue: 0, suspensionsDue: 0 });
    expect(statesOf(await world.account(customerId))).toEqual(['PAID 29.90', 'PAID 29.90']);
    await assertBooks(graph, world.tenantId);
  });

  it('does not suspend what has ended, and refuses a day far ahead', async () => {
    const world = newWorld('2026-02-28T12:00:00Z');
    const { serviceId, customerId } = await world.activate({ activatedAt: '2026-01-05T12:00:00Z' });
    await world.runBilling({ asOf: '2026-01-05' });
    await world.hear('services.service.terminated', serviceId, { serviceId, customerId, terminatedAt: '2026-02-12T12:00:00Z' });
    expect(await world.runDunning()).toMatchObject({ overdue: 1, suspensionsDue: 0 });
    expect(await world.fault(RUN_DUNNING, { input: { asOf: '2030-01-01' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['asOf'] });
  });
});

describe('what customers owe', () => {
  it('is shown for a page of customers in as many statements as for one', async () => {
    const world = newWorld();
    const services = await world.activateAll(many(40, () => ({})));
    await world.runBilling();
    for (const { customerId } of services.slice(0, 3)) await world.pay((await world.account(customerId)).invoices.nodes[0]!.id, '30');
    const of = (count: number) => ({ of: services.slice(0, count).map(({ customerId }) => ({ __typename: 'Customer', id: customerId })), first: 5 });
    const statements = async (count: number) => (await graph.statementsOf(() => world.data(ACCOUNTS, of(count)))).length;
    expect(await statements(1)).toBe(6);
    expect(await statements(40)).toBe(6);
    const { _entities: shown } = await world.data<{ _entities: AccountShown[] }>(ACCOUNTS, of(40));
    expect(shown.slice(2, 5).map(({ balance }) => balance.amount)).toEqual(['-0.10', '29.90', '29.90']);
  });

  it('is zero in the tenant\'s currency for whom nothing is known, and one sum a currency where there are several', async () => {
    const world = newWorld();
    expect(await world.account(uuidv7())).toMatchObject({ balance: { amount: '0.00', currency: 'USD' }, invoices: { totalCount: 0, nodes: [] } });
    const customerId = uuidv7();
    await world.activate({ customerId, currency: 'EUR' });
    await world.activate({ customerId, currency: 'USD' });
    await world.runBilling();
    expect(await world.account(customerId)).toMatchObject({ balance: { amount: '29.90', currency: 'EUR' }, balances: [{ amount: '29.90', currency: 'EUR' }, { amount: '29.90', currency: 'USD' }] });
    expect((await world.account(uuidv7())).balance.currency).toBe('EUR');
  });

  it('is listed in pages, sorted and filtered', async () => {
    const world = newWorld('2026-03-05T12:00:00Z');
    const { customerId, serviceId } = await world.activate({ activatedAt: '2026-01-05T12:00:00Z' });
    for (const asOf of ['2026-01-05', '2026-02-05', '2026-03-05']) await world.runBilling({ asOf });
    await world.runDunning('2026-01-30');
    const list = async (variables: object) => (await world.data<{ invoices: { totalCount: number; nodes: Array<{ number: string }>; pageInfo: { endCursor: string } } }>(INVOICES, variables as never)).invoices;
    const first = await list({ first: 2, orderBy: [{ field: 'NUMBER', direction: 'DESC' }] });
    expect(first).toMatchObject({ totalCount: 3, nodes: [{ number: 'INV-000003' }, { number: 'INV-000002' }], pageInfo: { hasNextPage: true } });
    expect((await list({ first: 2, after: first.pageInfo.endCursor, orderBy: [{ field: 'NUMBER', direction: 'DESC' }] })).nodes).toMatchObject([{ number: 'INV-000001' }]);
    expect((await list({ offset: 1, first: 1, orderBy: [{ field: 'DUE_ON' }] })).nodes).toMatchObject([{ number: 'INV-000002' }]);
    expect((await list({ filter: { state: 'OVERDUE' } })).nodes).toMatchObject([{ number: 'INV-000001' }]);
    expect((await list({ filter: { serviceId, customerId, number: { contains: '003' }, issuedOn: { from: '2026-03-05', to: '2026-03-06' } } })).totalCount).toBe(1);
    expect((await list({ filter: { dueOn: { to: '2026-01-19' } } })).totalCount).toBe(0);
    expect(await world.fault(INVOICES, { after: 'nonsense' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['after'] });
    expect(await world.fault(INVOICES, { filter: { customerId: 'x' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['customerId'] });
    const account = await world.account(customerId, { first: 1, filter: { state: 'ISSUED' }, orderBy: [{ field: 'ISSUED_ON', direction: 'DESC' }] });
    expect(account.invoices).toMatchObject({ totalCount: 2, nodes: [{ number: 'INV-000003' }], pageInfo: { hasNextPage: true } });
  });
});

describe('access', () => {
  it('is refused without a login, without the right, and across tenants', async () => {
    const world = newWorld();
    const { customerId } = await world.activate();
    const run = await world.runBilling();
    const invoice = firstOf(await world.account(customerId));
    const { payment } = await world.pay(invoice.id, '1');
    const documents: Array<[string, Record<string, unknown>?]> = [
      [`{ invoice(id: "${invoice.id}") { id } }`],
      [INVOICES, {}],
      [`{ payment(id: "${payment.id}") { id } }`],
      [`{ billingRun(id: "${run.id}") { id } }`],
      ['{ billingRuns { totalCount } }'],
      ['{ billingSettings { timeZone } }'],
      [RUN_BILLING, { input: {} }],
      [RUN_DUNNING, { input: {} }],
      [RECORD_PAYMENT, { input: { invoiceId: invoice.id, amount: { amount: '1', currency: 'USD' }, method: 'CASH' } }],
      ['mutation { updateBillingSettings(input: {}) { settings { timeZone } } }'],
      [`mutation { setSuspensionPolicy(input: { planId: "${uuidv7()}", suspensionPolicy: PAUSE }) { planId } }`],
      [ACCOUNTS, { of: [{ __typename: 'Customer', id: customerId }] }],
      ['query ($of: [_Any!]!) { _entities(representations: $of) { ... on Invoice { number } } }', { of: [{ __typename: 'Invoice', id: invoice.id }] }],
    ];
    const clerkOf = (tenantId: string, ...permissions: string[]) => makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions });
    for (const [query, variables] of documents) {
      expect({ query, ...(await graph.fault(anonymous, query, variables)) }).toMatchObject({ query, code: 'UNAUTHENTICATED' });
      expect({ query, ...(await graph.fault(clerkOf(world.tenantId, 'customer:read'), query, variables)) }).toMatchObject({ query, code: 'FORBIDDEN' });
    }
    const stranger = clerkOf(uuidv7(), '*');
    for (const at of [0, 2, 3, 8, 10]) expect({ at, ...(await graph.fault(stranger, ...documents[at]!)) }).toMatchObject({ at, code: 'NOT_FOUND' });
    expect((await graph.data(stranger, INVOICES)).invoices.totalCount).toBe(0);
    const { _entities: seen } = await graph.data(stranger, ACCOUNTS, { of: [{ __typename: 'Customer', id: customerId }] });
    expect(seen[0]).toMatchObject({ balance: { amount: '0.00' }, invoices: { nodes: [] }, payments: { nodes: [] } });
  });

  it('keeps tenants apart in every table, and the ledger as it was written', async () => {
    await assertTenantIsolation(graph.kit.database, 'billing');
    const world = newWorld();
    const { customerId } = await world.activate();
    await world.runBilling();
    await world.pay((await world.account(customerId)).invoices.nodes[0]!.id, '1');
    const forbidden = [
      'update billing.invoices set total_minor = 0',
      "update billing.invoices set due_on = '2030-01-01'",
      'delete from billing.invoices',
      'update billing.invoice_lines set total_minor = 0',
      'delete from billing.invoice_lines',
      'update billing.payments set amount_minor = 1',
      'delete from billing.payments',
      'update billing.allocations set amount_minor = 1',
      'delete from billing.allocations',
      'update billing.periods set period_to = period_to + 1',
      'delete from billing.periods',
      'update billing.subscription_terms set price_minor = 0',
      'truncate billing.payments',
    ];
    for (const statement of forbidden) {
      const error = await graph.kit.db.write(world.tenantId, (tx) => tx.execute(sql.raw(statement))).catch((caught) => caught);
      expect({ statement, code: sqlState(error) }).toEqual({ statement, code: '42501' });
    }
  });

  it('refuses periods that overlap or leave a hole, whoever writes them', async () => {
    const world = newWorld();
    await world.activate();
    await world.runBilling();
    const insert = (from: string, to: string, previous: string | null) =>
      graph.kit.db
        .write(world.tenantId, (tx) => tx.execute(sql`insert into billing.periods select tenant_id, subscription_id, ${from}::date, ${to}::date, ${previous}::date, 'PAUSED', null, run_id from billing.periods limit 1`))
        .then(() => 'OK', (error) => sqlState(error));
    expect(await insert('2026-01-20', '2026-02-20', null)).toBe('23505');
    expect(await insert('2026-01-20', '2026-02-20', '2026-01-20')).toBe('23503');
    expect(await insert('2026-02-06', '2026-03-05', '2026-02-06')).toBe('23503');
    expect(await insert('2026-02-06', '2026-03-05', '2026-02-05')).toBe('23514');
    expect(await insert('2026-02-05', '2026-03-05', '2026-02-05')).toBe('OK');
  });
});
