import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount, isCurrencyCode, isDecimal, parseMoney } from './money.ts';

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
