import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '#kernel/db/test-database.ts';
import {
  CreatePlanDocument,
  CustomerAccountDocument,
  MoveSandboxClockDocument,
  OnboardCustomerDocument,
  RecordPaymentDocument,
  RegisterRouterDocument,
  RunBillingDocument,
  RunDocument,
  RunDunningDocument,
  type CustomerAccountQuery,
} from '#schema/operations/graphql.ts';
import { loggedIn, type Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES, productDatabase, startProduct, type Product } from '../support/product.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { planInput } from './operations.ts';

type Account = NonNullable<CustomerAccountQuery['customer']>;

describe.each(MODES)('unpaid, suspended, paid, restored (%s)', (mode) => {
  let database: TestDatabase;
  let product: Product;
  let router: TestRouter;
  let client: Client;
  let superAdmin: Client;
  let customerId: string;

  beforeAll(async () => {
    database = await productDatabase();
    router = await startRouter('core-1');
    product = await startProduct({ mode, databaseUrl: database.url });
    client = await loggedIn(product.url);
    superAdmin = await loggedIn(product.url, { username: 'admin', password: 'password123' });
    await client.ask(CreatePlanDocument, { input: { ...planInput('fiber-100'), graceDays: 3 } });
    const { registerRouter } = await client.ask(RegisterRouterDocument, { input: router.input });
    const input = { customer: { name: 'Ada Lovelace' }, planId: 'fiber-100', routerId: registerRouter.router.id, credentials: { username: 'ada', password: 'pw-ada' }, billingDay: 5 };
    const { onboardCustomer } = await client.ask(OnboardCustomerDocument, { input });
    customerId = onboardCustomer.customer!.id;
    await eventually('the onboarding to succeed', 60_000, async () => ((await client.ask(RunDocument, { id: onboardCustomer.run.id })).run!.state === 'SUCCEEDED' ? true : undefined));
  }, 400_000);

  afterAll(async () => {
    await client?.close();
    await superAdmin?.close();
    await product?.stop();
    await router?.simulator.stop();
    await database?.drop();
  });

  const account = async (): Promise<Account> => (await client.ask(CustomerAccountDocument, { id: customerId })).customer!;
  const accountWhen = (what: string, holds: (account: Account) => boolean) =>
    eventually(what, 60_000, async () => {
      const now = await account();
      return holds(now) ? now : undefined;
    });
  const secret = () => router.simulator.rows('/ppp/secret').find((row) => row.name === 'ada');
  const session = () => router.simulator.rows('/ppp/active').find((row) => row.name === 'ada');

  it('bills the service once, however often it is asked', async () => {
    // Billing hears of the activation over the bus.
    await eventually('the first invoice', 30_000, async () => {
      const { runBilling } = await client.ask(RunBillingDocument, { input: {} });
      expect(runBilling.run).toMatchObject({ state: 'SUCCEEDED', parked: [] });
      return (await account()).invoices.totalCount > 0 ? true : undefined;
    });
    const again = await Promise.all([1, 2, 3].map(() => client.ask(RunBillingDocument, { input: {} })));
    expect(again.map(({ runBilling }) => runBilling.run.state)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    const { invoices, balance } = await account();
    expect(invoices.nodes).toMatchObject([{ state: 'ISSUED', lines: [{ derivation: expect.any(String) }] }]);
    expect(balance).toEqual(invoices.nodes[0]!.total);
  });

  it('an invoice that stays unpaid beyond its grace days suspends the service on the router, by itself', async () => {
    await eventually('ada to be online', 20_000, session);
    await superAdmin.ask(MoveSandboxClockDocument, { input: { days: 25 } });
    // What the daily schedule does at night, at once.
    await eventually('the dunning run', 30_000, async () => {
      await client.ask(RunDunningDocument, { input: {} });
      return (await account()).invoices.nodes.some(({ state }) => state === 'OVERDUE') ? true : undefined;
    });
    const suspended = await accountWhen('the suspension to be proven', ({ services }) => services.nodes[0]!.status === 'SUSPENDED' && services.nodes[0]!.access?.enforcement?.outcome === 'APPLIED' && services.nodes[0]!.access.desired === 'DISABLED');
    expect(suspended.services.nodes).toMatchObject([{ suspensionReason: 'NON_PAYMENT', access: { session: null, enforcement: { acknowledgedAt: expect.any(String), lagMs: expect.any(Number) } } }]);
    expect(secret()).toMatchObject({ disabled: 'true' });
    expect(session()).toBeUndefined();
  });

  it('the payment restores it, by itself; the same payment sent a hundred times counts once', async () => {
    // All that is due by now, also what the daily run has not come to yet: an invoice after the payments would leave him owing.
    await client.ask(RunBillingDocument, { input: {} });
    const overdue = (await account()).invoices.nodes.filter(({ state }) => state !== 'PAID');
    for (const invoice of overdue) {
      const input = { invoiceId: invoice.id, amount: { amount: invoice.open.amount, currency: invoice.total.currency }, method: 'BANK_TRANSFER' as const, reference: `wire-${invoice.number}`, idempotencyKey: `wire-${invoice.number}` };
      const answers = await Promise.all(Array.from({ length: 100 }, () => client.ask(RecordPaymentDocument, { input })));
      expect(new Set(answers.map(({ recordPayment }) => recordPayment.payment.id)).size).toBe(1);
    }
    const restored = await accountWhen('the restoration to be proven', ({ services }) => services.nodes[0]!.status === 'ACTIVE' && services.nodes[0]!.access?.enforcement?.outcome === 'APPLIED' && services.nodes[0]!.access.desired === 'ENABLED');
    expect(Number(restored.balance.amount)).toBe(0);
    expect(restored.invoices.nodes.every(({ state }) => state === 'PAID')).toBe(true);
    expect(secret()).toMatchObject({ disabled: 'false' });
    await eventually('ada to dial again', 20_000, session);
  });
});
