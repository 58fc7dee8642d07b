import { minMoney, subtractMoney, type Money } from '#kernel/money.ts';
import type { Credit } from './account.store.ts';

/** One use of a payment for an invoice. */
export interface Allocation {
  paymentId: string;
  invoiceId: string;
  amount: Money;
}

/** What is still open of an invoice. */
export interface OpenInvoice {
  id: string;
  customerId: string;
  open: Money;
}

/**
 * Which credit pays which invoice: the invoices in the order given, each from its customer's oldest credit of the same
 * currency on. Uses no credit twice.
 */
export function allocateCredits(credits: readonly Credit[], invoices: readonly OpenInvoice[]): Allocation[] {
  const left = new Map<string, Credit[]>();
  const keyOf = (customerId: string, currency: string) => `${customerId} ${currency}`;
  for (const credit of credits) {
    const key = keyOf(credit.customerId, credit.remaining.currency);
    left.set(key, [...(left.get(key) ?? []), { ...credit }]);
  }
  const allocations: Allocation[] = [];
  for (const { id, customerId, open: owed } of invoices) {
    let open = owed;
    for (const credit of left.get(keyOf(customerId, open.currency)) ?? []) {
      const amount = minMoney(open, credit.remaining);
      if (amount.minor <= 0n) continue;
      allocations.push({ paymentId: credit.paymentId, invoiceId: id, amount });
      credit.remaining = subtractMoney(credit.remaining, amount);
      open = subtractMoney(open, amount);
    }
  }
  return allocations;
}
