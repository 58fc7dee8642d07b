import { describe, expect, it } from 'vitest';
import { candidates, parseQuery } from './query.ts';

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

describe('the rows that can match a query', () => {
  const rows = Array.from({ length: 12 }, (_, at) => ({ '.id': `*${at.toString(16).toUpperCase()}`, name: `n${at}`, type: at % 2 ? 'pppoe' : 'any', disabled: at % 3 ? 'false' : 'true' }) as Record<string, string>);
  const indexed = (property: string, value: string) => (property === 'name' || property === '.id' ? (rows.find((one) => one[property] === value) ?? null) : undefined);
  const all = (words: string[]) => rows.filter((one) => parseQuery(words)((property) => one[property]));

  it('are those of the names, and-ed or or-ed, and all where a query cannot be told by names', () => {
    const names = (...words: string[]) => candidates(words, indexed) && [...candidates(words, indexed)!].map(({ name }) => name).toSorted();
    expect(names('?name=n3')).toEqual(['n3']);
    expect(names('?name=nobody')).toEqual([]);
    expect(names('?type=any', '?name=n3')).toEqual(['n3']);
    expect(names('?name=n1', '?name=n2', '?#|', '?=.id=*3', '?#|')).toEqual(['n1', 'n2', 'n3']);
    expect(names('?name=n1', '?name=n2', '?name=nobody', '?#||')).toEqual(['n1', 'n2']);
    for (const words of [[], ['?type=any'], ['?name=n1', '?#!'], ['?name=n1', '?type=any', '?#|'], ['?name=yes'], ['?name=n1', '?#|']]) expect(names(...words)).toBeUndefined();
  });

  it('hold every row that the machine lets through, whatever the query', () => {
    const random = seeded(4711);
    const pick = <T>(...choices: T[]) => choices[Math.floor(random() * choices.length)]!;
    const word = () => {
      const number = Math.floor(random() * 14);
      return pick(`?name=n${number}`, `?name=n${number}`, `?=.id=*${number.toString(16).toUpperCase()}`, `?type=${pick('any', 'pppoe')}`, '?disabled=yes', '?-name', `?>name=n${number}`, `?#${pick('|', '|', '||', '&', '!', '.', '1', '0.|', '|!', '1!|&', '2.&|')}`);
    };
    let narrowed = 0;
    for (let round = 0; round < 5_000; round += 1) {
      const words = Array.from({ length: 1 + Math.floor(random() * 8) }, word);
      const found = candidates(words, indexed);
      if (!found) continue;
      narrowed += 1;
      expect(rows.filter((one) => found.has(one) && parseQuery(words)((property) => one[property])), words.join(' ')).toEqual(all(words));
    }
    expect(narrowed).toBeGreaterThan(500);
  });
});

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
