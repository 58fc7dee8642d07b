import { addDays, type CivilDate } from '#kernel/civil-time.ts';
import type { Tx } from '#kernel/db/database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { lockCredits, useCredits } from '../account/account.store.ts';
import { allocateCredits } from '../account/account.ts';
import { BillingFault } from '../errors.ts';
import { invoiceIssued } from '../invoice/invoice.events.ts';
import { invoiceNumber, type Invoice } from '../invoice/invoice.ts';
import { InvoiceState } from '../invoice/invoice.type.ts';
import { allocate } from '../payment/payment.store.ts';
import { decide, type Charge, type Decision } from '../subscription/periods.ts';
import type { TenantSettings } from '../tenant-settings/tenant-settings.ts';
import { park, progress, type BillingRun, type Parked } from './billing-run.store.ts';
import * as store from './issue.store.ts';

export interface Issuing {
  tenantId: string;
  run: Pick<BillingRun, 'id' | 'asOf'>;
  /** At the tenant's. */
  today: CivilDate;
  settings: TenantSettings;
}

/** What subscriptions come to, and those that cannot be reckoned. */
export function reckon(billables: readonly store.Billable[], asOf: CivilDate, today: CivilDate): { decided: Array<{ billable: store.Billable; decision: Decision }>; parked: Parked[] } {
  const decided: Array<{ billable: store.Billable; decision: Decision }> = [];
  const parked: Parked[] = [];
  for (const billable of billables) {
    try {
      decided.push({ billable, decision: decide(billable, asOf, today) });
    } catch (error) {
      if (!(error instanceof BillingFault)) throw error;
      parked.push({ subscriptionId: billable.id, serviceId: billable.serviceId, code: error.code, message: error.message });
    }
  }
  return { decided, parked };
}

/** Sums by currency, in the order of their codes. */
export function totalsOf(amounts: Iterable<Money>): Money[] {
  const sums = new Map<string, bigint>();
  for (const { minor, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + minor);
  return [...sums].map(([currency, minor]) => ({ minor, currency })).sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

type Draft = Omit<Invoice, 'number' | 'numberValue'> & { charge: Charge };

/**
 * Issues what is due of subscriptions whose locks the transaction holds: periods, lines, use of credit, and last, because it
 * holds up the tenant's other transactions, the numbers. All of it, or none of it, exists after the commit.
 */
export async function issueInvoices({ bus, clock }: Pick<SubgraphKit, 'bus' | 'clock'>, tx: Tx, { tenantId, run, today, settings }: Issuing, rows: Awaited<ReturnType<typeof store.claim>>): Promise<void> {
  const now = clock.now();
  const { decided, parked } = reckon(await store.complete(tx, rows), run.asOf, today);
  const drafts: Draft[] = [];
  const periods: store.PeriodRow[] = [];
  for (const { billable, decision } of decided) {
    for (const period of decision.periods) {
      const draft = period.kind === 'CHARGED' ? draftOf(billable, period) : null;
      if (draft) drafts.push(draft);
      periods.push({ subscriptionId: billable.id, first: period.from === billable.startedOn, period, invoiceId: draft?.id ?? null });
    }
  }
  if (drafts.length > 0) await payFromCredit(drafts);
  await Promise.all([
    park(tx, tenantId, run.id, parked, now),
    ...(periods.length > 0 ? [store.insertPeriods(tx, tenantId, run.id, periods)] : []),
    ...(drafts.length > 0 ? [store.insertLines(tx, tenantId, drafts.map(({ id, charge }) => ({ invoiceId: id, charge })))] : []),
    store.advance(tx, decided.map(({ billable, decision }) => ({ id: billable.id, billedUntil: decision.billedUntil, dueOn: decision.dueOn }))),
  ]);
  if (drafts.length === 0) return;
  const first = await store.takeNumbers(tx, tenantId, drafts.length);
  const invoices = drafts.map(({ charge: _charge, ...draft }, at): Invoice => ({ ...draft, numberValue: first + BigInt(at), number: invoiceNumber(first + BigInt(at)) }));
  await Promise.all([
    store.insertInvoices(tx, tenantId, invoices),
    progress(tx, tenantId, run.id, invoices.length, totalsOf(invoices.map(({ total }) => total))),
    bus.publish(tx, invoices.map((invoice) => invoiceIssued(tenantId, invoice))),
  ]);

  function draftOf({ id, customerId, serviceId }: store.Billable, { from, to, charge, graceDays }: Extract<Decision['periods'][number], { kind: 'CHARGED' }>): Draft {
    const nothing = { ...charge.total, minor: 0n };
    return {
      id: uuidv7(),
      customerId,
      serviceId,
      subscriptionId: id,
      runId: run.id,
      periodFrom: from,
      periodTo: to,
      issuedOn: run.asOf,
      dueOn: addDays(run.asOf, settings.paymentTermDays),
      graceDays,
      total: charge.total,
      paid: nothing,
      // What costs nothing needs no payment.
      state: charge.total.minor === 0n ? InvoiceState.PAID : InvoiceState.ISSUED,
      overdueSince: null,
      createdAt: now,
      charge,
    };
  }

  async function payFromCredit(open: Draft[]): Promise<void> {
    const credits = await lockCredits(tx, [...new Set(open.map(({ customerId }) => customerId))]);
    if (credits.length === 0) return;
    const used = allocateCredits(credits, open.map(({ id, customerId, total }) => ({ id, customerId, open: total })));
    const paid = new Map<string, bigint>();
    for (const { invoiceId, amount } of used) paid.set(invoiceId, (paid.get(invoiceId) ?? 0n) + amount.minor);
    for (const draft of open) {
      draft.paid = { ...draft.paid, minor: paid.get(draft.id) ?? 0n };
      if (draft.paid.minor === draft.total.minor) draft.state = InvoiceState.PAID;
    }
    await Promise.all([allocate(tx, tenantId, now, used), useCredits(tx, used)]);
  }
}
