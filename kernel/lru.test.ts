import { describe, expect, it } from 'vitest';
import { makeLru } from './lru.ts';

describe('lru', () => {
  it('drops what has not been read for longest', () => {
    const cache = makeLru<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    expect(cache.size).toBe(2);
  });

  it('drops what is too old', () => {
    let now = 1000;
    const cache = makeLru<string, number>(2, () => now);
    cache.set('a', 1, 2000);
    expect(cache.get('a')).toBe(1);
    now = 2000;
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size).toBe(0);
  });
});
