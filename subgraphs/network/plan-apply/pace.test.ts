import { describe, expect, it } from 'vitest';
import { makePace } from './pace.ts';

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
