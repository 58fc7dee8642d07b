/**
 * Exact money: whole minor units in a bigint beside an ISO 4217 currency. All arithmetic and all rounding of the product
 * happens here; nothing ever calculates with floats.
 */
export interface Money {
  /** Minor units (cents for USD, whole yen for JPY, fils for KWD). */
  readonly minor: bigint;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
}

/**
 * Digits after the decimal point (ISO 4217 "minor unit") where they are not two. Taken from the standard's table A.1;
 * historic and fund codes are left out.
 */
const MINOR_DIGITS: Record<string, number> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
};

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** True for an ISO 4217 code that is known here, in capitals. */
export function isCurrencyCode(text: string): boolean {
  return /^[A-Z]{3}$/.test(text) && CURRENCIES.has(text);
}

/** How many digits a currency has after the decimal point. */
export function minorDigits(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2;
}

const DECIMAL = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?$/;

/** True for a plain decimal number as text: no exponent, no leading zeros, no plus sign. */
export function isDecimal(text: unknown): text is string {
  return typeof text === 'string' && DECIMAL.test(text);
}

/**
 * Money from a decimal text such as `"19.90"`.
 * @throws RangeError when the text is no decimal, or has more digits than the currency has.
 */
export function parseMoney(amount: string, currency: string): Money {
  if (!isCurrencyCode(currency)) throw new RangeError(`${JSON.stringify(currency)} is no ISO 4217 currency code.`);
  if (!isDecimal(amount)) throw new RangeError(`${JSON.stringify(amount)} is no decimal amount such as "19.90".`);
  const digits = minorDigits(currency);
  const negative = amount.startsWith('-');
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  if (/[1-9]/.test(fraction.slice(digits))) throw new RangeError(`${currency} has ${digits} digits after the point; ${JSON.stringify(amount)} has more.`);
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return { minor: negative ? -minor : minor, currency };
}

/** The decimal text of an amount, always with the currency's own number of digits: `19.9` EUR is `"19.90"`. */
export function formatAmount({ minor, currency }: Money): string {
  const digits = minorDigits(currency);
  const negative = minor < 0n;
  const text = (negative ? -minor : minor).toString().padStart(digits + 1, '0');
  const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return negative ? `-${amount}` : amount;
}

/** What becomes of the part that a whole minor unit cannot hold. Always named by whoever rounds, never a default. */
export type Rounding =
  /** To the nearest; a tie goes to the even neighbour, so that many ties do not add up to a drift. */
  | 'half-even'
  /** To the nearest; a tie goes away from zero. */
  | 'half-up'
  /** Towards zero. */
  | 'down'
  /** Away from zero. */
  | 'up';

/** An exact fraction; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** @throws RangeError when the currencies differ. */
export function addMoney(a: Money, b: Money): Money {
  return { minor: a.minor + sameCurrency(a, b).minor, currency: a.currency };
}

/** @throws RangeError when the currencies differ. */
export function subtractMoney(a: Money, b: Money): Money {
  return { minor: a.minor - sameCurrency(a, b).minor, currency: a.currency };
}

/** The smaller of two. @throws RangeError when the currencies differ. */
export function minMoney(a: Money, b: Money): Money {
  return sameCurrency(a, b).minor < a.minor ? b : a;
}

/** An amount times a fraction, calculated exactly and rounded once, at the end. */
export function multiplyMoney({ minor, currency }: Money, ratio: Ratio, rounding: Rounding): Money {
  return { minor: divideRounded(minor * ratio.numerator, ratio.denominator, rounding), currency };
}

/**
 * An amount in parts by weight, so that the parts add up to it exactly: each gets its share rounded down, and what is left goes,
 * one minor unit each, to the parts with the largest remainders (the earlier one first among equals).
 * @throws RangeError when there is no weight above zero, or one below.
 */
export function allocateMoney({ minor, currency }: Money, weights: readonly bigint[]): Money[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  if (sum <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError('Weights must not be negative, and one of them must be above zero.');
  const sign = minor < 0n ? -1n : 1n;
  const amount = minor * sign;
  const shares = weights.map((weight, at) => ({ at, whole: (amount * weight) / sum, remainder: (amount * weight) % sum }));
  const left = Number(amount - shares.reduce((total, { whole }) => total + whole, 0n));
  const next = [...shares].sort((a, b) => (a.remainder === b.remainder ? a.at - b.at : a.remainder > b.remainder ? -1 : 1));
  for (const share of next.slice(0, left)) share.whole += 1n;
  return shares.map(({ whole }) => ({ minor: whole * sign, currency }));
}

/** A whole quotient, rounded as said. @throws RangeError when the divisor is not above zero. */
export function divideRounded(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  if (divisor <= 0n) throw new RangeError('The divisor must be above zero.');
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  if (remainder === 0n || rounding === 'down') return quotient;
  const away = dividend < 0n ? quotient - 1n : quotient + 1n;
  if (rounding === 'up') return away;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice !== divisor) return twice > divisor ? away : quotient;
  return rounding === 'half-up' || quotient % 2n !== 0n ? away : quotient;
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} cannot be reckoned together.`);
  return b;
}
