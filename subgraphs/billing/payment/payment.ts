import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { addDays, type CivilDate } from '#kernel/civil-time.ts';
import { isUniqueViolation, type Tx } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import { conflict, invalidField, notFound } from '#kernel/errors.ts';
import { fromMoneyInput } from '#kernel/graphql/money-type.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { addMoney, minMoney, subtractMoney, type Money } from '#kernel/money.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { addCredit } from '../account/account.store.ts';
import { serviceSettled } from '../dunning/dunning.events.ts';
import * as invoiceStore from '../invoice/invoice.store.ts';
import { openOf, unknownInvoice, type Invoice } from '../invoice/invoice.ts';
import { InvoiceState } from '../invoice/invoice.type.ts';
import { idempotencyKeys } from '../tables.ts';
import { settingsOf, todayOf } from '../tenant-settings/tenant-settings.ts';
import { paymentReceived } from './payment.events.ts';
import * as store from './payment.store.ts';
import type { PaymentMethod, RecordPaymentInput } from './payment.type.ts';

export interface Payment {
  id: string;
  customerId: string;
  /** The one it was recorded for. */
  invoiceId: string;
  amount: Money;
  method: PaymentMethod;
  reference: string | null;
  receivedOn: CivilDate;
  /** Id of the principal. */
  recordedBy: string | null;
  recordedByKind: Principal['kind'];
  /** Whom a service acted for. */
  onBehalfOf: string | null;
  createdAt: Date;
}

export interface Payments {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<Payment>;
  record(principal: Principal, input: RecordPaymentInput): Promise<{ payment: Payment; invoice: Invoice }>;
}

export function makePayments({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): Payments {
  async function take(tx: Tx, principal: Principal, input: Omit<RecordPaymentInput, 'idempotencyKey'>): Promise<Payment> {
    const tenantId = tenantOf(principal);
    // The lock makes payments for one invoice one after the other, each seeing what the former left open.
    const before = (await invoiceStore.lock(tx, input.invoiceId)) ?? unknownInvoice(input.invoiceId);
    if (before.state === InvoiceState.VOID) throw conflict(`The invoice ${before.number} is void: nothing is owed for it.`);
    const amount = amountOf(input, before);
    const payment: Payment = {
      id: uuidv7(),
      customerId: before.customerId,
      invoiceId: before.id,
      amount,
      method: input.method,
      reference: input.reference?.trim() ?? null,
      receivedOn: receivedOn(input.receivedOn, todayOf(await settingsOf(tx), clock)),
      recordedBy: principal.id,
      recordedByKind: principal.kind,
      onBehalfOf: principal.onBehalfOf,
      createdAt: clock.now(),
    };
    await store.insert(tx, tenantId, payment);
    const used = minMoney(amount, openOf(before));
    const after = { ...before, paid: addMoney(before.paid, used), state: used.minor === openOf(before).minor ? InvoiceState.PAID : before.state };
    if (used.minor > 0n) {
      await store.allocate(tx, tenantId, clock.now(), [{ paymentId: payment.id, invoiceId: before.id, amount: used }]);
      await invoiceStore.settle(tx, after);
    }
    const rest = subtractMoney(amount, used);
    if (rest.minor > 0n) await addCredit(tx, tenantId, { paymentId: payment.id, customerId: payment.customerId, remaining: rest });
    const settled = before.state === InvoiceState.OVERDUE && after.state === InvoiceState.PAID && !(await invoiceStore.anyOverdue(tx, before.serviceId));
    await bus.publish(tx, [paymentReceived(tenantId, payment), ...(settled ? [serviceSettled(tenantId, before, payment.id)] : [])]);
    return payment;
  }

  return {
    async get(principal, id) {
      const [payment] = await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id]));
      return payment ?? unknownPayment(id);
    },

    async record(principal, { idempotencyKey, ...input }) {
      const tenantId = tenantOf(principal);
      try {
        return await db.write(tenantId, async (tx) => {
          const payment = await once(
            tx,
            idempotencyKeys,
            { tenantId, operation: 'recordPayment', key: idempotencyKey, input, now: clock.now() },
            () => take(tx, principal, input),
            async (id) => (await store.byIds(tx, [id]))[0] ?? unknownPayment(id),
          );
          const [invoice] = await invoiceStore.byIds(tx, [payment.invoiceId]);
          return { payment, invoice: invoice ?? unknownInvoice(payment.invoiceId) };
        });
      } catch (error) {
        if (!isUniqueViolation(error, 'payments_reference_key')) throw error;
        throw conflict(`A ${input.method} payment with the reference ${input.reference} has been recorded already.`, [{ field: 'reference', code: 'TAKEN', message: `reference ${input.reference} has been recorded already.` }]);
      }
    },
  };
}

function amountOf({ amount: input }: Pick<RecordPaymentInput, 'amount'>, invoice: Invoice): Money {
  const amount = fromMoneyInput(input, 'amount');
  if (amount.minor <= 0n) throw invalidField('amount.amount', 'OUT_OF_RANGE', 'amount.amount must be above zero.');
  if (amount.currency !== invoice.total.currency) throw invalidField('amount.currency', 'INVALID', `amount.currency must be ${invoice.total.currency}, the currency of the invoice ${invoice.number}.`);
  return amount;
}

function receivedOn(given: CivilDate | null | undefined, today: CivilDate): CivilDate {
  // One day of grace: the one who types may sit east of the tenant.
  if (given != null && given > addDays(today, 1)) throw invalidField('receivedOn', 'OUT_OF_RANGE', 'receivedOn must not lie ahead.');
  return given ?? today;
}

function unknownPayment(id: string): never {
  throw notFound('payment', id);
}
