import { describe, expect, it } from 'vitest';
import { formatDuration, isAtLeast, normaliseList, normaliseMac, parseBoolean, parseDuration, parseVersion, stripHostMask } from './normalise.ts';
import { formatOwnership, isSameOwner, parseOwnership } from './ownership.ts';

describe('RouterOS values', () => {
  it('reads durations in every form the router uses', () => {
    expect(parseDuration('1w2d3h4m5s')).toBe(604_800 + 2 * 86_400 + 3 * 3_600 + 4 * 60 + 5);
    expect(parseDuration('1d00:00:00')).toBe(86_400);
    expect(parseDuration('1w1d01:02:03')).toBe(8 * 86_400 + 3723);
    expect(parseDuration('00:05:07')).toBe(307);
    expect(parseDuration('30')).toBe(30);
    expect(parseDuration('0s')).toBe(0);
    expect(parseDuration('1ms45us')).toBeCloseTo(0.001045, 9);
    for (const none of [undefined, '', 'never', '5x', '1h2']) expect(parseDuration(none)).toBeNull();
    expect(formatDuration(788_645)).toBe('1w2d3h4m5s');
    expect(formatDuration(0)).toBe('0s');
    expect(parseDuration(formatDuration(123_456))).toBe(123_456);
  });

  it('reads booleans, MACs, masks, lists and versions', () => {
    expect([parseBoolean('yes'), parseBoolean('true'), parseBoolean('no'), parseBoolean('false'), parseBoolean(undefined), parseBoolean('maybe')]).toEqual([true, true, false, false, false, null]);
    expect(normaliseMac('aa-bb-cc-dd-ee-0f')).toBe('AA:BB:CC:DD:EE:0F');
    expect(normaliseMac('10.0.0.1')).toBe('10.0.0.1');
    expect(stripHostMask('10.0.0.5/32')).toBe('10.0.0.5');
    expect(stripHostMask('10.0.0.0/24')).toBe('10.0.0.0/24');
    expect(normaliseList('b, a,,c')).toBe('a,b,c');
    expect(parseVersion('7.18.2 (stable)')).toEqual({ major: 7, minor: 18, patch: 2 });
    expect(isAtLeast('7.21beta3', 7, 21)).toBe(true);
    expect(isAtLeast('6.49.10 (long-term)', 7, 0)).toBe(false);
    expect(isAtLeast(null, 6, 0)).toBe(false);
  });
});

describe('ownership in comments', () => {
  it('reads back what it writes and keeps the free text', () => {
    const owner = { tenant: '0192', kind: 'secret', id: 'svc-1', text: 'Ada, 2nd floor: left' } as const;
    expect(formatOwnership(owner)).toBe('headend:0192:secret:svc-1 Ada, 2nd floor: left');
    expect(parseOwnership(formatOwnership(owner))).toEqual(owner);
    expect(parseOwnership('headend:t:profile:p1')).toEqual({ tenant: 't', kind: 'profile', id: 'p1', text: '' });
    expect(isSameOwner(owner, { tenant: '0192', kind: 'secret', id: 'svc-1' })).toBe(true);
  });

  it('takes nothing else for ours', () => {
    for (const comment of [undefined, '', 'Ada', 'SpLUser_12-3', 'headend:t:secret:', 'headend::secret:x', ' headend:t:secret:x', 'headend:t:door:x', 'headend:t:secret:x:y']) {
      expect(parseOwnership(comment)).toBeNull();
    }
    expect(() => formatOwnership({ tenant: 'a b', kind: 'secret', id: 'x' })).toThrow(RangeError);
  });
});
