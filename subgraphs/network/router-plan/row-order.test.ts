import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inPlace, movesOf, nextOf, staying } from './row-order.ts';

/** What a router makes of moves. */
function after(present: readonly string[], moves: ReturnType<typeof movesOf>): string[] {
  const rows = [...present];
  for (const { id, before } of moves) {
    rows.splice(rows.indexOf(id), 1);
    rows.splice(before !== null && rows.includes(before) ? rows.indexOf(before) : rows.length, 0, id);
  }
  return rows;
}

/** The length of the longest rising run, by trying every subset. */
function longest(ranks: readonly number[]): number {
  let best = 0;
  for (let mask = 0; mask < 2 ** ranks.length; mask += 1) {
    const chosen = ranks.filter((_, at) => mask & (1 << at));
    if (chosen.every((rank, at) => at === 0 || chosen[at - 1]! < rank)) best = Math.max(best, chosen.length);
  }
  return best;
}

describe('the order of our rows', () => {
  it('needs no move when it is right, whatever is still to come in between', () => {
    expect(movesOf(['a', 'c'], ['a', 'b', 'c'])).toEqual([]);
    expect(movesOf([], ['a'])).toEqual([]);
  });

  it('moves the one that was put elsewhere, and says before which it belongs', () => {
    expect(movesOf(['d', 'a', 'b', 'c'], ['a', 'b', 'c', 'd'])).toEqual([{ id: 'd', before: null }]);
    expect(movesOf(['b', 'c', 'a', 'd'], ['a', 'b', 'c', 'd'])).toEqual([{ id: 'a', before: 'b' }]);
  });

  it('knows which stand right towards all others', () => {
    expect([...inPlace(['a', 'c', 'b', 'd'], ['a', 'b', 'c', 'd'])]).toEqual(['a', 'd']);
    expect([...inPlace(['d', 'a', 'b'], ['a', 'b', 'c', 'd'])]).toEqual([]);
  });

  it('knows the next one that is there', () => {
    expect(nextOf('a', new Set(['a', 'c']), ['a', 'b', 'c'])).toBe('c');
    expect(nextOf('c', new Set(['a', 'c']), ['a', 'b', 'c'])).toBeNull();
  });

  it('for any order, is brought about by the fewest moves, each to a place that holds', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names), (present) => {
        const wished = names;
        const moves = movesOf(present, wished);
        expect(moves.length).toBe(present.length - longest(present.map((name) => names.indexOf(name))));
        expect(staying(present, wished).length + moves.length).toBe(present.length);
        // What is not there yet cannot be stood before: as the steps do, the next one that is.
        const done = after(present, moves.map(({ id }) => ({ id, before: nextOf(id, new Set(present), wished) })));
        expect(done).toEqual(names.filter((name) => present.includes(name)));
        expect([...inPlace(done, wished)]).toEqual(done);
      }),
    );
  });

  it('is found for many thousands too', () => {
    const wished = Array.from({ length: 20_000 }, (_, at) => `q${at}`);
    expect(movesOf(wished.toReversed(), wished)).toHaveLength(19_999);
  });
});
