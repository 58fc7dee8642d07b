import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { formatRateLimit, parseRateLimit, sameRateLimit, type RateLimit } from './rate-limit.ts';

const parsed = (text: string): RateLimit => parseRateLimit(text)!;

describe('rate-limit of a PPP profile', () => {
  it('reads the documented vectors', () => {
    expect(parsed('128k').rate).toEqual({ rx: 128_000, tx: 128_000 });
    expect(parsed('64k/128M').rate).toEqual({ rx: 64_000, tx: 128_000_000 });
    expect(parsed('64k 256k')).toMatchObject({ burst: { rx: 256_000, tx: 256_000 }, threshold: { rx: 64_000, tx: 64_000 }, time: { rx: 1, tx: 1 } });
    expect(parsed('64k/128k 256k/512k 80k/128k 10/20')).toEqual({
      rate: { rx: 64_000, tx: 128_000 }, burst: { rx: 256_000, tx: 512_000 }, threshold: { rx: 80_000, tx: 128_000 }, time: { rx: 10, tx: 20 },
      priority: 8, min: { rx: 64_000, tx: 128_000 },
    });
    expect(parsed('10M/10M 20M/20M 8M/8M 10/10 8 5M/5M')).toEqual({
      rate: { rx: 1e7, tx: 1e7 }, burst: { rx: 2e7, tx: 2e7 }, threshold: { rx: 8e6, tx: 8e6 }, time: { rx: 10, tx: 10 }, priority: 8, min: { rx: 5e6, tx: 5e6 },
    });
    expect(parseRateLimit('  ')).toBeNull();
  });

  it('refuses what the grammar does not allow, naming the part', () => {
    for (const [text, part] of [['10X', 'rate'], ['1G', 'rate'], ['1M/2M/3M', 'rate'], ['1M 2M 1M 1 9', 'priority'], ['1M 2M x', 'threshold'], ['1M 2M 1M a/b', 'time'],
      ['1M 2M 1M 1 8 1M extra', 'groups'], ['1M 2M 1M 1 8 2M', 'guaranteed'], ['-1M', 'rate'], ['1.5M', 'rate']] as const) {
      expect(() => parseRateLimit(text)).toThrow(part);
    }
  });

  it('writes a canonical text that means the same', () => {
    expect(formatRateLimit(parsed('128000'))).toBe('128k/128k');
    expect(formatRateLimit(parsed('10000000/2500k'))).toBe('10M/2500k');
    expect(formatRateLimit(parsed('64k 256k'))).toBe('64k/64k 256k/256k');
    expect(formatRateLimit(parsed('10M/10M 20M/20M 8M/8M 10/10 8 5M/5M'))).toBe('10M/10M 20M/20M 8M/8M 10/10 8 5M/5M');
    const pair = (max: number) => fc.record({ rx: fc.integer({ min: 1, max }), tx: fc.integer({ min: 1, max }) });
    fc.assert(fc.property(pair(1e9), fc.option(pair(1e9)), pair(1e9), pair(60), fc.integer({ min: 1, max: 8 }), (rate, burst, threshold, time, priority) => {
      const limit: RateLimit = { rate, burst, threshold: burst && threshold, time: burst && time, priority, min: rate };
      const text = formatRateLimit(limit);
      expect(sameRateLimit(text, formatRateLimit(parsed(text)))).toBe(true);
      expect(parsed(text)).toMatchObject({ rate, priority, min: rate, ...(burst === null ? {} : { burst, threshold, time }) });
    }));
  });

  it('compares by meaning, because the router returns the text as written', () => {
    expect(sameRateLimit('10M', '10000k/10000000')).toBe(true);
    expect(sameRateLimit('64k 256k', '64k/64k 256k/256k 64k/64k 1/1')).toBe(true);
    expect(sameRateLimit('10M/10M 0/0 0/0 0/0 8', '10M')).toBe(true);
    expect(sameRateLimit('', undefined)).toBe(true);
    expect(sameRateLimit('10M', '')).toBe(false);
    expect(sameRateLimit('10M/5M', '5M/10M')).toBe(false);
    expect(sameRateLimit('garbage', '10M')).toBe(false);
    expect(sameRateLimit('garbage', 'garbage')).toBe(true);
  });
});
