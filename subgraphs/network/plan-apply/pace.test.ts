import { describe, expect, it } from 'vitest';
import { LEAST_STEPS, makePace, pieceSize } from './pace.ts';

describe('a pace', () => {
  /** A clock that moves by what is slept. */
  const timed = (perSecond: number, burst: number) => {
    let clock = 0;
    const pace = makePace(perSecond, { burst, now: () => clock, sleep: (ms) => Promise.resolve(void (clock += ms)) });
    return { pace, at: () => clock, pass: (ms: number) => void (clock += ms) };
  };

  it('lets so many through in a second, whatever is asked of it', async () => {
    const { pace, at } = timed(100, 0);
    for (let turn = 0; turn < 500; turn += 1) await pace.take();
    expect(at()).toBeCloseTo(5_000, 0);
  });

  it('makes up for a late waking, and not for a long rest', async () => {
    const { pace, at, pass } = timed(100, 16);
    pass(10_000);
    for (let turn = 0; turn < 116; turn += 1) await pace.take();
    expect(at() - 10_000).toBeCloseTo(1_000, 0);
  });
});

describe('the size of a piece', () => {
  it('is a second of work where the router is read at once, and grows with the time that reading takes, up to ten', () => {
    expect([0, 10, 125].map((lookMs) => pieceSize(lookMs, 100))).toEqual([LEAST_STEPS, LEAST_STEPS, LEAST_STEPS]);
    expect(pieceSize(500, 100)).toBe(400);
    expect([1_250, 30_000].map((lookMs) => pieceSize(lookMs, 100))).toEqual([1_000, 1_000]);
  });

  it('keeps reading, twice a piece, to a quarter of the time of writing', () => {
    for (const lookMs of [200, 700, 1_200]) expect((2 * lookMs) / 1_000).toBeLessThanOrEqual(pieceSize(lookMs, 100) / 100 / 4);
  });
});
