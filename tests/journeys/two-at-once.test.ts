import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerAccountDocument, OnboardCustomerDocument, RecordPaymentDocument, RunBillingDocument, WatchRunDocument } from '#schema/operations/graphql.ts';
import { loggedIn, type Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { PARTS } from '../support/product.ts';
import { expectAgreement, expectBooks, onboarded, openProvider, persistently, runWhen, secretOf, subscriber } from './provider.ts';

/** Two front doors, behind each a billing and an ops of its own; one database, one of everything else. */
describe('two billing and two ops processes', () => {
  let provider: Awaited<ReturnType<typeof openProvider>>;
  let doors: [Client, Client];
  const people: Array<{ customerId: string; serviceId: string }> = [];

  beforeAll(async () => {
    provider = await openProvider('apart', { twice: true, parts: PARTS.filter((part) => part !== 'rest') });
    doors = [await provider.client(), await persistently('a login at the second door', () => loggedIn(provider.product.secondUrl))];
    people.push(...(await Promise.all(Array.from({ length: 8 }, (_, index) => onboarded(provider, doors[index % 2]!, `person${index}`, 1 + index * 3)))));
  }, 400_000);

  afterAll(async () => {
    await Promise.all((doors ?? []).map((door) => door.close()));
    await provider?.stop();
  });

  const accountOf = async (customerId: string) => (await doors[0].ask(CustomerAccountDocument, { id: customerId })).customer!;
  /** Both doors asked at once, `times` each. */
  const atBoth = <T>(times: number, ask: (door: Client) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 2 * times }, (_, index) => ask(doors[index % 2]!)));

  it('bill the same day at once: one run, each subscription and period once', async () => {
    await eventually('billing to know everybody', 60_000, async () => {
      const { runBilling } = await doors[0].ask(RunBillingDocument, { input: { dryRun: true } });
      return runBilling.run.invoices >= people.length || undefined;
    });
    for (const daysAhead of [0, 40, 80]) {
      const asOf = new Date(Date.now() + daysAhead * 86_400_000).toISOString().slice(0, 10);
      const runs = await atBoth(5, (door) => door.ask(RunBillingDocument, { input: { asOf } }));
      expect(new Set(runs.map(({ runBilling }) => runBilling.run.id)).size).toBe(1);
      await eventually('the run to succeed', 60_000, async () => (await doors[1].ask(RunBillingDocument, { input: { asOf } })).runBilling.run.state === 'SUCCEEDED' || undefined);
      await expectBooks(provider.database!);
    }
    expect((await expectBooks(provider.database!)).invoices).toBeGreaterThan(2 * people.length);
  }, 180_000);

  it('take one payment a hundred times: it counts once', async () => {
    const { invoices, balance } = await accountOf(people[0]!.customerId);
    const invoice = invoices.nodes[0]!;
    const input = { invoiceId: invoice.id, amount: { amount: invoice.total.amount, currency: invoice.total.currency }, method: 'BANK_TRANSFER' as const, reference: 'wire-1', idempotencyKey: 'wire-1' };
    const answers = await atBoth(50, (door) => door.ask(RecordPaymentDocument, { input }));
    expect(new Set(answers.map(({ recordPayment }) => recordPayment.payment.id)).size).toBe(1);
    expect(answers.every(({ recordPayment }) => recordPayment.invoice!.state === 'PAID')).toBe(true);
    const after = await accountOf(people[0]!.customerId);
    expect(Number(balance.amount) - Number(after.balance.amount)).toBeCloseTo(Number(invoice.total.amount), 2);
    expect((await expectBooks(provider.database!)).payments).toBe(1);
  }, 120_000);

  it('when one ops dies in the middle of an onboarding, the other completes it', async () => {
    // Held up in the middle by a router that is away, so that the run is certainly the dying process's and not done.
    await provider.router.simulator.faults.set({ unreachable: true });
    const { onboardCustomer } = await doors[1].ask(OnboardCustomerDocument, { input: subscriber(provider, 'orphan') });
    for await (const { run } of doors[0].subscribe(WatchRunDocument, { id: onboardCustomer.run.id })) if (run!.state === 'WAITING') break;
    await provider.product.kill9('ops-2');
    await provider.router.simulator.faults.clear();
    await runWhen(doors[0], onboardCustomer.run.id);
    expect(secretOf(provider, 'orphan')).toMatchObject({ disabled: 'false', password: 'pw-orphan' });
    expect(provider.router.simulator.rows('/ppp/secret').filter(({ name }) => name === 'orphan')).toHaveLength(1);
    // Both go on when it is back.
    await provider.product.start();
    await onboarded(provider, doors[1], 'afterwards');
    await expectAgreement(provider, doors[0]);
  }, 180_000);
});
