import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMoney, allocateMoney, divideRounded, formatAmount, isCurrencyCode, isDecimal, minMoney, multiplyMoney, parseMoney, subtractMoney, type Rounding } from './money.ts';

describe('money', () => {
  it('reads and writes decimals exactly, with the digits of the currency', () => {
    expect(parseMoney('19.9', 'EUR')).toEqual({ minor: 1990n, currency: 'EUR' });
    expect(formatAmount(parseMoney('19.9', 'EUR'))).toBe('19.90');
    expect(formatAmount(parseMoney('-0.05', 'USD'))).toBe('-0.05');
    expect(formatAmount(parseMoney('1500', 'JPY'))).toBe('1500');
    expect(formatAmount(parseMoney('1.234', 'KWD'))).toBe('1.234');
    expect(parseMoney('1.500', 'USD').minor).toBe(150n);
  });

  it('comes back unchanged for every amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.constantFrom('USD', 'JPY', 'KWD'), (minor, currency) => {
        expect(parseMoney(formatAmount({ minor, currency }), currency)).toEqual({ minor, currency });
      }),
    );
  });

  it('refuses what would lose money: too many digits, exponents, commas, unknown currencies', () => {
    expect(() => parseMoney('1.005', 'USD')).toThrow(/2 digits/);
    expect(() => parseMoney('1.5', 'JPY')).toThrow(/0 digits/);
    for (const text of ['1e3', '1,50', '+1', '01', '', '.5', '1.', 'NaN']) expect(isDecimal(text)).toBe(false);
    expect(isCurrencyCode('XYZ')).toBe(false);
    expect(isCurrencyCode('usd')).toBe(false);
  });
});

describe('reckoning with money', () => {
  const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
  const roundings: Rounding[] = ['half-even', 'half-up', 'down', 'up'];
  const usd = (minor: bigint) => ({ minor, currency: 'USD' });

  it('adds, subtracts and compares in one currency only', () => {
    expect(addMoney(usd(1990n), usd(10n))).toEqual(usd(2000n));
    expect(subtractMoney(usd(10n), usd(1990n))).toEqual(usd(-1980n));
    expect(minMoney(usd(5n), usd(7n))).toEqual(usd(5n));
    expect(minMoney(usd(7n), usd(5n))).toEqual(usd(5n));
    for (const work of [addMoney, subtractMoney, minMoney]) expect(() => work(usd(1n), { minor: 1n, currency: 'EUR' })).toThrow(/USD and EUR/);
  });

  it('rounds a tie as it is told to', () => {
    const ties = (rounding: Rounding) => [5n, 15n, 25n, -5n, -15n, -25n].map((dividend) => divideRounded(dividend, 10n, rounding));
    expect(ties('half-even')).toEqual([0n, 2n, 2n, 0n, -2n, -2n]);
    expect(ties('half-up')).toEqual([1n, 2n, 3n, -1n, -2n, -3n]);
    expect(ties('down')).toEqual([0n, 1n, 2n, 0n, -1n, -2n]);
    expect(ties('up')).toEqual([1n, 2n, 3n, -1n, -2n, -3n]);
    expect(() => divideRounded(1n, 0n, 'down')).toThrow(RangeError);
  });

  it('prorates exactly', () => {
    expect(multiplyMoney(parseMoney('29.90', 'USD'), { numerator: 17n, denominator: 31n }, 'half-even')).toEqual(parseMoney('16.40', 'USD'));
    expect(multiplyMoney(parseMoney('1.000', 'KWD'), { numerator: 1n, denominator: 3n }, 'half-even')).toEqual(parseMoney('0.333', 'KWD'));
    expect(multiplyMoney(parseMoney('100', 'JPY'), { numerator: 1n, denominator: 3n }, 'up')).toEqual(parseMoney('34', 'JPY'));
  });

  it('is never more than half a minor unit off, and mirrors below zero', () => {
    fc.assert(
      fc.property(amount, fc.bigInt({ min: 0n, max: 400n }), fc.bigInt({ min: 1n, max: 400n }), fc.constantFrom(...roundings), (minor, numerator, denominator, rounding) => {
        const result = multiplyMoney(usd(minor), { numerator, denominator }, rounding).minor;
        const error = result * denominator - minor * numerator;
        const off = error < 0n ? -error : error;
        expect(off < denominator && (rounding.startsWith('half') ? off * 2n <= denominator : true)).toBe(true);
        expect(multiplyMoney(usd(-minor), { numerator, denominator }, rounding).minor).toBe(-result);
      }),
    );
  });

  it('splits without losing or making a minor unit, each part less than one off its share', () => {
    fc.assert(
      fc.property(amount, fc.array(fc.bigInt({ min: 0n, max: 1000n }), { minLength: 1, maxLength: 12 }), (minor, weights) => {
        const sum = weights.reduce((a, b) => a + b, 0n);
        fc.pre(sum > 0n);
        const parts = allocateMoney(usd(minor), weights);
        expect(parts.reduce((a, b) => addMoney(a, b), usd(0n))).toEqual(usd(minor));
        for (const [at, part] of parts.entries()) {
          const error = part.minor * sum - minor * weights[at]!;
          expect((error < 0n ? -error : error) < sum).toBe(true);
        }
      }),
    );
    expect(allocateMoney(usd(100n), [1n, 1n, 1n]).map(({ minor }) => minor)).toEqual([34n, 33n, 33n]);
    expect(() => allocateMoney(usd(1n), [0n])).toThrow(RangeError);
    expect(() => allocateMoney(usd(1n), [2n, -1n])).toThrow(RangeError);
  });
});
