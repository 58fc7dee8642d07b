import { describe, expect, it } from 'vitest';
import { limitsAsBits, parseLimits, sameLimits, showLimits } from './queue-limits.ts';

describe('the limits of a queue', () => {
  it.each([
    ['10M/20M', [10_000_000, 20_000_000]],
    ['512k', [512_000, 512_000]],
    ['1G/0', [1_000_000_000, 0]],
    ['64000/128000', [64_000, 128_000]],
  ])('%s mean %j', (text, limits) => expect(parseLimits(text)).toEqual(limits));

  it.each(['', 'fast', '10M/', '/10M', '1/2/3', '-1', '1.5M', '10 M', '10m'])('%j are none', (text) => expect(parseLimits(text)).toBeNull());

  it('are sent in bits and shown in whole units', () => {
    expect(limitsAsBits('10M/20M')).toBe('10000000/20000000');
    expect(showLimits('10000000/1500')).toBe('10M/1500');
    expect(showLimits('1000/1024000')).toBe('1k/1024k');
    expect(showLimits('0/0')).toBeNull();
    expect(showLimits(undefined)).toBeNull();
  });

  it('are alike when they mean the same', () => {
    expect(sameLimits('10000000/10000000', '10M')).toBe(true);
    expect(sameLimits('0/0', '')).toBe(true);
    expect(sameLimits('10M/10M', '10M/20M')).toBe(false);
  });
});
