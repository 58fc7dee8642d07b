import { describe, expect, it } from 'vitest';
import { parseRanges, sameRanges } from './address-ranges.ts';

describe('the ranges of a pool', () => {
  it('are the same in whatever way they are written', () => {
    expect(sameRanges('10.0.0.0/24', '10.0.0.0-10.0.0.255')).toBe(true);
    expect(sameRanges('10.0.1.1-10.0.1.9, 10.0.0.1', '10.0.0.1,10.0.1.1-10.0.1.9')).toBe(true);
    expect(sameRanges('10.0.0.1-10.0.0.5,10.0.0.6-10.0.0.9', '10.0.0.1-10.0.0.9')).toBe(true);
    expect(sameRanges('10.0.0.1-10.0.0.9', '10.0.0.1-10.0.0.8')).toBe(false);
  });

  it('are none when an address is none or the end comes before the beginning', () => {
    for (const text of ['', '10.0.0', '10.0.0.256', '10.0.0.9-10.0.0.1', '10.0.0.0/33', 'pool']) expect(parseRanges(text)).toBeNull();
    expect(sameRanges('what?', 'what?')).toBe(true);
  });
});
