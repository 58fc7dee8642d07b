import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateCredits } from './account.ts';

const usd = (minor: bigint) => ({ minor, currency: 'USD' });

describe('credit', () => {
  it('pays a customer\'s invoices in order, from the oldest payment on', () => {
    const credits = [
      { paymentId: 'p1', customerId: 'a', remaining: usd(5n) },
      { paymentId: 'p2', customerId: 'a', remaining: usd(10n) },
      { paymentId: 'p3', customerId: 'b', remaining: { minor: 9n, currency: 'EUR' } },
    ];
    const invoices = [
      { id: 'i1', customerId: 'a', open: usd(7n) },
      { id: 'i2', customerId: 'b', open: usd(7n) },
      { id: 'i3', customerId: 'a', open: usd(20n) },
    ];
    expect(allocateCredits(credits, invoices).map(({ paymentId, invoiceId, amount }) => `${paymentId} ${invoiceId} ${amount.minor}`)).toEqual(['p1 i1 5', 'p2 i1 2', 'p2 i3 8']);
    expect(credits[0]!.remaining.minor).toBe(5n);
  });

  it('is never used beyond what there is or what is owed, and never left while something is owed', () => {
    const customer = fc.constantFrom('a', 'b');
    const amount = fc.bigInt({ min: 0n, max: 50n });
    fc.assert(
      fc.property(fc.array(fc.tuple(customer, amount)), fc.array(fc.tuple(customer, amount)), (paid, owed) => {
        const credits = paid.map(([customerId, minor], index) => ({ paymentId: `p${index}`, customerId, remaining: usd(minor) }));
        const invoices = owed.map(([customerId, minor], index) => ({ id: `i${index}`, customerId, open: usd(minor) }));
        const used = allocateCredits(credits, invoices);
        const sum = (of: typeof used) => of.reduce((total, { amount: { minor } }) => total + minor, 0n);
        for (const { paymentId, remaining } of credits) expect(sum(used.filter((one) => one.paymentId === paymentId)) <= remaining.minor).toBe(true);
        for (const { id, open } of invoices) expect(sum(used.filter((one) => one.invoiceId === id)) <= open.minor).toBe(true);
        for (const who of ['a', 'b']) {
          const all = (list: Array<[string, bigint]>) => list.filter(([id]) => id === who).reduce((total, [, minor]) => total + minor, 0n);
          const spent = sum(used.filter(({ invoiceId }) => invoices.find(({ id }) => id === invoiceId)!.customerId === who));
          expect(spent).toBe(all(paid) < all(owed) ? all(paid) : all(owed));
        }
      }),
    );
  });
});
