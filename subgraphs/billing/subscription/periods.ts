import { daysBetween, lastDayOfMonthUpTo, nextDayOfMonth, type CivilDate } from '#kernel/civil-time.ts';
import { divideRounded, formatAmount, multiplyMoney, type Money } from '#kernel/money.ts';
import { BillingFault } from '../errors.ts';
import type { SuspensionPolicy } from './subscription.type.ts';

/** Days from the first to the one that no longer belongs to it. */
export interface Period {
  from: CivilDate;
  /** Exclusive. */
  to: CivilDate;
}

/** What was agreed from a day on. */
export interface Terms {
  effectiveFrom: CivilDate;
  planCode: string;
  price: Money;
  graceDays: number;
}

/** What a decision needs to know of a subscription. */
export interface BillableSubscription {
  billingDay: number;
  /** Everything before is decided. */
  billedUntil: CivilDate;
  endedOn: CivilDate | null;
  policy: SuspensionPolicy | `${SuspensionPolicy}`;
  /** In the order in which they were agreed. */
  terms: readonly Terms[];
  /** Each from the first suspended day to the first one that is not; open: `resumedOn` null. */
  suspensions: ReadonlyArray<{ suspendedOn: CivilDate; resumedOn: CivilDate | null }>;
}

/** What one line of an invoice says, and how its total came about. */
export interface Charge {
  description: string;
  /** Periods of the plan, six digits; the exact fraction stands in the derivation. */
  quantity: string;
  unitPrice: Money;
  total: Money;
  derivation: string;
}

export type DecidedPeriod = Period & ({ kind: 'CHARGED'; charge: Charge; graceDays: number } | { kind: 'PAUSED' });

export interface Decision {
  periods: DecidedPeriod[];
  /** The new `billedUntil`. */
  billedUntil: CivilDate;
  /** The first day on which there is something to decide again; null: never, it has ended. */
  dueOn: CivilDate | null;
}

/** A run that wants more invoices than this of one subscription has met bad data rather than a long pause (Kill Bill bounds items in the same way). */
export const MAX_INVOICES_OF_SUBSCRIPTION = 15;

/** The whole period of a billing day that a day belongs to: what a price is for, and what proration divides by. */
export function wholePeriod(day: CivilDate, billingDay: number): Period {
  return { from: lastDayOfMonthUpTo(day, billingDay), to: nextDayOfMonth(day, billingDay) };
}

/**
 * Everything that is to be decided of a subscription as of a day: each period that has begun by then, in order, without a
 * hole. Depends on its arguments alone, so a run that is repeated decides the same. Periods are charged in advance, under
 * the terms of their first day; one that begins or ends within the whole period is charged by days.
 * @param knownUntil today: an open suspension is not taken to last beyond it, when `asOf` lies ahead.
 * @throws BillingFault
 */
export function decide(subscription: BillableSubscription, asOf: CivilDate, knownUntil: CivilDate = asOf): Decision {
  const { billingDay, endedOn, policy } = subscription;
  const periods: DecidedPeriod[] = [];
  let from = subscription.billedUntil;
  for (;;) {
    if (endedOn !== null && from >= endedOn) return { periods, billedUntil: from, dueOn: null };
    if (from > asOf) return { periods, billedUntil: from, dueOn: from };
    const suspension = policy === 'PAUSE' ? suspensionAt(subscription, from) : undefined;
    if (suspension) {
      // Whether a period is suspended as a whole is known only when it is over, or when the service was resumed.
      const to = earlier(suspension.resumedOn ?? lastDayOfMonthUpTo(earlier(asOf, knownUntil), billingDay), endedOn);
      if (to <= from) return { periods, billedUntil: from, dueOn: nextDayOfMonth(from, billingDay) };
      periods.push({ from, to, kind: 'PAUSED' });
      from = to;
      continue;
    }
    const whole = wholePeriod(from, billingDay);
    const period = { from, to: earlier(whole.to, endedOn) };
    const terms = termsOn(subscription.terms, from);
    periods.push({ ...period, kind: 'CHARGED', charge: chargeOf(terms, period, whole), graceDays: terms.graceDays });
    if (periods.filter(({ kind }) => kind === 'CHARGED').length > MAX_INVOICES_OF_SUBSCRIPTION) {
      throw new BillingFault('BILLING_SAFETY_BOUND', `More than ${MAX_INVOICES_OF_SUBSCRIPTION} invoices since ${subscription.billedUntil} as of ${asOf}.`);
    }
    from = period.to;
  }
}

/** The price of a period: whole, or by its share of the days of the whole one. */
export function chargeOf({ planCode, price }: Terms, period: Period, whole: Period): Charge {
  const days = BigInt(daysBetween(period.from, period.to));
  const of = BigInt(daysBetween(whole.from, whole.to));
  const total = multiplyMoney(price, { numerator: days, denominator: of }, 'half-even');
  const amounts = `${formatAmount(price)} = ${formatAmount(total)}`;
  return {
    description: `${planCode}, ${period.from} up to ${period.to}`,
    quantity: sixDigits(days, of),
    unitPrice: price,
    total,
    derivation: days === of ? `1 month × ${amounts}` : `${days} of ${of} days × ${amounts}, half-even`,
  };
}

/** A fraction as a decimal text of at most six digits after the point. */
function sixDigits(numerator: bigint, denominator: bigint): string {
  const millionths = divideRounded(numerator * 1_000_000n, denominator, 'half-even').toString().padStart(7, '0');
  return `${millionths.slice(0, -6)}.${millionths.slice(-6)}`.replace(/\.?0+$/, '');
}

/** The latest agreement that holds on a day. */
function termsOn(terms: readonly Terms[], day: CivilDate): Terms {
  const found = terms.filter(({ effectiveFrom }) => effectiveFrom <= day).reduce<Terms | undefined>((best, next) => (!best || next.effectiveFrom >= best.effectiveFrom ? next : best), undefined);
  if (!found) throw new BillingFault('BILLING_TERMS_MISSING', `No price is known for ${day}.`);
  return found;
}

function suspensionAt({ suspensions }: BillableSubscription, day: CivilDate) {
  return suspensions.find(({ suspendedOn, resumedOn }) => suspendedOn <= day && (resumedOn === null || resumedOn > day));
}

function earlier(a: CivilDate, b: CivilDate | null): CivilDate {
  return b !== null && b < a ? b : a;
}
