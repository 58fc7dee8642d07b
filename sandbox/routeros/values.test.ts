import { describe, expect, it } from 'vitest';
import { bitsPair, formatDuration, parseDuration, parseRanges, ranges, rateLimit, targets, flag, callerId } from './values.ts';

const nothing = { resolve: () => undefined, namesBeginning: () => [] };

describe('values', () => {
  it('writes times as RouterOS does and reads them back', () => {
    expect(formatDuration(0)).toBe('0s');
    expect(formatDuration(788_645)).toBe('1w2d3h4m5s');
    expect(formatDuration(3605)).toBe('1h5s');
    expect(parseDuration('1w2d3h4m5s')).toBe(788_645);
    expect(parseDuration('1d00:01:30')).toBe(86_490);
    expect(parseDuration('200ms')).toBe(0.2);
    expect(parseDuration('1s500ms')).toBe(1.5);
    expect(parseDuration('soon')).toBeUndefined();
    expect(parseDuration('')).toBeUndefined();
  });

  it('gives rates of queues in bits and leaves rate-limits raw', () => {
    expect(bitsPair('10M/512k', 'max-limit', nothing)).toBe('10000000/512000');
    expect(bitsPair('64k', 'max-limit', nothing)).toBe('64000/64000');
    expect(rateLimit('10M/10M 20M/20M 8M/8M 10/10 8 5M/5M', 'rate-limit', nothing)).toBe('10M/10M 20M/20M 8M/8M 10/10 8 5M/5M');
    expect(() => rateLimit('fast', 'rate-limit', nothing)).toThrow('invalid value for argument rate-limit');
  });

  it('checks ranges, targets, booleans and callers', () => {
    expect(parseRanges('10.0.0.1-10.0.0.3,10.0.1.0/30')).toEqual([[0x0a000001, 0x0a000003], [0x0a000100, 0x0a000103]]);
    expect(() => ranges('10.0.0.5-10.0.0.1', 'ranges', nothing)).toThrow('value of range expects range of ip addresses');
    expect(targets('10.0.0.5,<pppoe-a>', 'target', nothing)).toBe('10.0.0.5/32,<pppoe-a>');
    expect(flag('yes', 'disabled', nothing)).toBe('true');
    expect(() => flag('maybe', 'disabled', nothing)).toThrow('input does not match any value of disabled');
    expect(callerId('aa:bb:cc:dd:ee:0f', 'caller-id', nothing)).toBe('AA:BB:CC:DD:EE:0F');
  });
});
