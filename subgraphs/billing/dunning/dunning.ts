import { addDays, type CivilDate } from '#kernel/civil-time.ts';
import type { Tx } from '#kernel/db/database.ts';
import { invalidField } from '#kernel/errors.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { lockCredits, useCredits } from '../account/account.store.ts';
import { allocateCredits } from '../account/account.ts';
import { invoiceOverdue } from '../invoice/invoice.events.ts';
import { allocate } from '../payment/payment.store.ts';
import { settingsOf, todayOf } from '../tenant-settings/tenant-settings.ts';
import { serviceSettled, suspensionDue } from './dunning.events.ts';
import * as store from './dunning.store.ts';

export interface DunningRun {
  asOf: CivilDate;
  overdue: number;
  suspensionsDue: number;
}

export interface Dunning {
  /** As of a day; null: today at the tenant's. Idempotent, and safe to run in several processes at once. */
  run(tenantId: string, asOf: CivilDate | null): Promise<DunningRun>;
}

/** Invoices in one transaction. */
const CHUNK = 500;
/** A wrong year must not suspend everybody. */
export const MAX_DAYS_AHEAD = 92;

/** @throws VALIDATION_ERROR naming `asOf`. */
export function checkAsOf(asOf: CivilDate, today: CivilDate): CivilDate {
  if (asOf > addDays(today, MAX_DAYS_AHEAD)) throw invalidField('asOf', 'OUT_OF_RANGE', `asOf must lie at most ${MAX_DAYS_AHEAD} days ahead of ${today}.`);
  return asOf;
}

export function makeDunning({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): Dunning {
  /** Nobody is dunned for what their own credit can pay: it may have come in after the invoice was issued. */
  async function useCreditFirst(tx: Tx, tenantId: string, asOf: CivilDate): Promise<number> {
    const customers = await store.customersWithCreditAndDebt(tx, asOf, CHUNK);
    if (customers.length === 0) return 0;
    const credits = await lockCredits(tx, customers);
    const invoices = await store.lockPastDue(tx, customers, asOf);
    const used = allocateCredits(credits, invoices);
    if (used.length === 0) return 0;
    const paid = invoices
      .map((invoice) => ({ ...invoice, used: used.filter(({ invoiceId }) => invoiceId === invoice.id) }))
      .filter((invoice) => invoice.used.length > 0)
      .map((invoice) => ({ ...invoice, paidMinor: invoice.used.reduce((sum, { amount }) => sum + amount.minor, invoice.paid.minor) }));
    await Promise.all([allocate(tx, tenantId, clock.now(), used), useCredits(tx, used), store.settleInvoices(tx, paid)]);
    const settled = paid.filter(({ state, paidMinor, total }) => state === 'OVERDUE' && paidMinor === total.minor);
    const clear = new Set(settled.length > 0 ? await store.settledServices(tx, [...new Set(settled.map(({ serviceId }) => serviceId))]) : []);
    const lastOf = new Map(settled.filter(({ serviceId }) => clear.has(serviceId)).map((invoice) => [invoice.serviceId, invoice]));
    await bus.publish(tx, [...lastOf.values()].map((invoice) => serviceSettled(tenantId, invoice, invoice.used.at(-1)!.paymentId)));
    return used.length;
  }

  async function inChunks(tenantId: string, work: (tx: Tx) => Promise<number>): Promise<number> {
    for (let total = 0; ; ) {
      const done = await db.write(tenantId, work);
      if (done === 0) return total;
      total += done;
    }
  }

  return {
    async run(tenantId, given) {
      const today = todayOf(await db.read(tenantId, settingsOf), clock);
      const asOf = checkAsOf(given ?? today, today);
      await inChunks(tenantId, (tx) => useCreditFirst(tx, tenantId, asOf));
      const overdue = await inChunks(tenantId, async (tx) => {
        const found = await store.markOverdue(tx, asOf, CHUNK);
        await bus.publish(tx, found.map((invoice) => invoiceOverdue(tenantId, invoice, invoice.overdueSince)));
        return found.length;
      });
      const suspensionsDue = await inChunks(tenantId, async (tx) => {
        const found = await store.markSuspensionDue(tx, asOf, CHUNK);
        await bus.publish(tx, found.map((due) => suspensionDue(tenantId, due)));
        return found.length;
      });
      return { asOf, overdue, suspensionsDue };
    },
  };
}
