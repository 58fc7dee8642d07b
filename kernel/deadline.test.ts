import { describe, expect, it } from 'vitest';
import { makeDeadline } from './deadline.ts';

describe('a deadline', () => {
  it('answers what is done in time, and its failure', async () => {
    const deadline = makeDeadline(60_000, 'Too late.');
    expect(await deadline.race(Promise.resolve(1))).toBe(1);
    await expect(deadline.race(Promise.reject(new Error('no')))).rejects.toThrow('no');
    deadline.clear();
    expect(deadline.signal.aborted).toBe(false);
  });

  it('rejects what is not, and what comes after it, whoever heeds the signal', async () => {
    const deadline = makeDeadline(5, 'Too late.');
    await expect(deadline.race(new Promise(() => undefined))).rejects.toMatchObject({ name: 'TimeoutError', message: 'Too late.' });
    expect(deadline.signal.reason).toMatchObject({ name: 'TimeoutError' });
    await expect(deadline.race(Promise.resolve(1))).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('does not go off behind work that is done', async () => {
    const deadline = makeDeadline(5, 'Too late.');
    deadline.clear();
    await expect(makeDeadline(20, 'Later.').race(new Promise(() => undefined))).rejects.toThrow('Later.');
    expect(deadline.signal.aborted).toBe(false);
  });
});
