import { describe, expect, it } from 'vitest';
import { parseQuery } from './query.ts';

const row: Record<string, string> = { name: 'ann', type: 'pppoe', disabled: 'false', size: '100', comment: '', address: '10.0.0.9', uptime: '1h2m' };
const matches = (...words: string[]) => parseQuery(words)((property) => row[property]);

describe('query words', () => {
  it.each([
    [[], true],
    [['?name'], true],
    [['?nothing'], false],
    [['?-nothing'], true],
    [['?-name'], false],
    [['?name=ann'], true],
    [['?=name=ann'], true],
    [['?name=bob'], false],
    [['?disabled=no'], true],
    [['?disabled=false'], true],
    [['?disabled=yes'], false],
    [['?>size=20'], true],
    [['?<size=20'], false],
    [['?<size=1000'], true],
    [['?>address=10.0.0.10'], false],
    [['?>uptime=59m'], true],
    [['?>comment='], false],
    [['?>name='], true],
    [['?>nothing='], false],
  ])('%j is %s', (words, expected) => {
    expect(matches(...words)).toBe(expected);
  });

  it('ands what is left on the stack', () => {
    expect(matches('?name=ann', '?type=pppoe')).toBe(true);
    expect(matches('?name=ann', '?type=vlan')).toBe(false);
  });

  it('works as a stack machine', () => {
    expect(matches('?type=vlan', '?type=pppoe', '?#|')).toBe(true);
    expect(matches('?type=vlan', '?type=ether', '?#|')).toBe(false);
    expect(matches('?type=vlan', '?type=pppoe', '?#|!')).toBe(false);
    expect(matches('?name=bob', '?#!')).toBe(true);
    expect(matches('?name=ann', '?name=bob', '?#&')).toBe(false);
    // An index copies, an index at the end replaces the whole stack.
    expect(matches('?name=bob', '?name=ann', '?#0')).toBe(true);
    expect(matches('?name=bob', '?name=ann', '?#1')).toBe(false);
    expect(matches('?name=bob', '?name=ann', '?#1!|&')).toBe(false);
    expect(matches('?name=ann', '?#.&')).toBe(true);
    // Below the pushed values the stack is full of true.
    expect(matches('?name=ann', '?#&&&')).toBe(true);
  });

  it('refuses operations it does not know', () => {
    expect(() => parseQuery(['?#x'])).toThrow(/bad query/);
  });
});
