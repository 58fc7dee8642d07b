import { expect } from 'vitest';
import {
  CustomerAccountDocument,
  OnboardCustomerDocument,
  RecordPaymentDocument,
  ResumeServiceDocument,
  RunBillingDocument,
  ServiceOnRouterDocument,
  SuspendServiceDocument,
  type RecordPaymentInput,
  type RunBillingInput,
} from '#schema/operations/graphql.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { onboarded, persistently, runWhen, secretOf, sessionOf, SETTLE_MS, subscriber, type Provider } from './provider.ts';

/** What a provider does all day, and what may be in the middle when something dies. */
export const ACTS = ['onboarding', 'billing', 'suspension'] as const;
export type Act = (typeof ACTS)[number];

/** Something that was asked for and may not have been answered. */
export interface Begun {
  /** Resolves when every call of it was answered or has failed. */
  answered: Promise<unknown>;
  /** Asks for the same again with the same keys, waits until it is done, and checks that it was done once. */
  settle(): Promise<void>;
}

export interface Acts {
  /** How long each took undisturbed, in milliseconds: the time in which it is worth dying. */
  span: Record<Act, number>;
  begin(act: Act, round: number): Promise<Begun>;
}

/** Subscribers that are there before anything dies; their billing days are spread so that every run has something to bill. */
const SUBSCRIBERS = 6;
/** `runBilling` looks at most 92 days ahead. */
const DAYS_AHEAD = 88;

/** `billings`: how many of the acts will be billing; each looks further ahead than the one before. */
export async function makeActs(provider: Provider, billings: number): Promise<Acts> {
  const first = await provider.client();
  const began = performance.now();
  const people = [await onboarded(provider, first, 'person0', 1)];
  const onboarding = performance.now() - began;
  people.push(...(await Promise.all(Array.from({ length: SUBSCRIBERS - 1 }, (_, index) => onboarded(provider, first, `person${index + 1}`, 6 + index * 5)))));
  let billing = 0;
  // Billing hears of an activation over the bus.
  await eventually('the first invoices', SETTLE_MS, async () => {
    const asked = performance.now();
    await first.ask(RunBillingDocument, { input: {} });
    billing = performance.now() - asked;
    const accounts = await Promise.all(people.map(({ customerId }) => first.ask(CustomerAccountDocument, { id: customerId })));
    return accounts.every(({ customer }) => customer!.invoices.totalCount > 0) ? true : undefined;
  });
  const step = Math.max(1, Math.floor(DAYS_AHEAD / billings));
  let billed = 0;

  /** The call once before the disturbance; whoever answers it, answers the same afterwards. */
  const call = <T>(client: Client, ask: (client: Client) => Promise<T>): { first: Promise<T | undefined>; again: () => Promise<T> } => ({
    first: ask(client).catch(() => undefined),
    again: async () => {
      const after = await provider.client();
      return persistently('the same call again', () => ask(after));
    },
  });

  const acts: Record<Act, (client: Client, round: number) => Promise<Begun>> = {
    async onboarding(client, round) {
      const username = `round${round}`;
      const onboard = call(client, (asking) => asking.ask(OnboardCustomerDocument, { input: subscriber(provider, username) }));
      return {
        answered: onboard.first,
        async settle() {
          const acknowledged = await onboard.first;
          const after = await provider.client();
          const { runId } = await onboarded(provider, after, username);
          if (acknowledged) expect(runId, 'what was acknowledged is what is there').toBe(acknowledged.onboardCustomer.run.id);
          expect(provider.router.simulator.rows('/ppp/secret').filter(({ name }) => name === username)).toHaveLength(1);
        },
      };
    },

    async billing(client, round) {
      billed += 1;
      const asOf = new Date(Date.now() + billed * step * 86_400_000).toISOString().slice(0, 10);
      const input: RunBillingInput = { asOf, idempotencyKey: `billing-${round}` };
      const payer = people[round % people.length]!;
      const { customer } = await client.ask(CustomerAccountDocument, { id: payer.customerId });
      const open = customer!.invoices.nodes.find(({ open: { amount } }) => Number(amount) > 0);
      const run = call(client, (asking) => asking.ask(RunBillingDocument, { input }));
      const payment: RecordPaymentInput | undefined = open && { invoiceId: open.id, amount: { amount: open.open.amount, currency: open.total.currency }, method: 'CASH', reference: `round-${round}`, idempotencyKey: `payment-${round}` };
      const paid = payment && call(client, (asking) => asking.ask(RecordPaymentDocument, { input: payment }));
      return {
        answered: Promise.all([run.first, paid?.first]),
        async settle() {
          const [acknowledgedRun, acknowledgedPayment] = await Promise.all([run.first, paid?.first]);
          const { runBilling } = await run.again();
          if (acknowledgedRun) expect(runBilling.run.id, 'an acknowledged run is what is there').toBe(acknowledgedRun.runBilling.run.id);
          const after = await provider.client();
          const { billingRun } = await eventually(`the billing run of ${asOf} to succeed`, SETTLE_MS, async () => {
            const found = await persistently('the billing run', () => after.ask<{ billingRun: { state: string; parked: unknown[]; invoices: number } }>('query ($id: ID!) { billingRun(id: $id) { state invoices parked { code message } } }', { id: runBilling.run.id }));
            return found.billingRun.state === 'SUCCEEDED' ? found : undefined;
          });
          expect(billingRun.parked).toEqual([]);
          if (!paid) return;
          const { recordPayment } = await paid.again();
          if (acknowledgedPayment) expect(recordPayment.payment.id, 'an acknowledged payment is what is there').toBe(acknowledgedPayment.recordPayment.payment.id);
          expect(recordPayment.invoice).toMatchObject({ id: open!.id, state: 'PAID', open: { amount: expect.stringMatching(/^0/) } });
        },
      };
    },

    async suspension(client, round) {
      const index = round % people.length;
      const { serviceId } = people[index]!;
      const { service } = await client.ask(ServiceOnRouterDocument, { id: serviceId });
      const resuming = service!.status === 'SUSPENDED';
      const key = `switch-${round}`;
      const switched = call(client, async (asking) =>
        resuming
          ? (await asking.ask(ResumeServiceDocument, { input: { serviceId, idempotencyKey: key } })).resumeService
          : (await asking.ask(SuspendServiceDocument, { input: { serviceId, idempotencyKey: key } })).suspendService,
      );
      return {
        answered: switched.first,
        async settle() {
          const acknowledged = await switched.first;
          const { run } = await switched.again();
          if (acknowledged) expect(run.id, 'what was acknowledged is what is there').toBe(acknowledged.run.id);
          await runWhen(await provider.client(), run.id);
          expect(secretOf(provider, `person${index}`)).toMatchObject({ disabled: String(!resuming) });
          if (!resuming) expect(sessionOf(provider, `person${index}`)).toBeUndefined();
        },
      };
    },
  };

  return { span: { onboarding, billing: Math.max(billing, 50), suspension: onboarding }, begin: async (act, round) => acts[act](await provider.client(), round) };
}
