import { describe, expect, it } from 'vitest';
import { makeEventQueue } from './event-queue.ts';

const queue = (max = 2) => {
  let closed = 0;
  const q = makeEventQueue<string>({ max, overflow: () => 'too slow', onClose: () => closed++ });
  return { q, closed: () => closed };
};

const rest = async (q: AsyncIterable<string>) => {
  const seen: string[] = [];
  for await (const item of q) seen.push(item);
  return seen;
};

describe('event queue', () => {
  it('delivers in order what was pushed before and after the consumer asked', async () => {
    const { q } = queue();
    q.push('a');
    const first = q.next();
    const second = q.next();
    q.push('b');
    q.end('last');
    expect([await first, await second]).toEqual([{ value: 'a', done: false }, { value: 'b', done: false }]);
    expect(await rest(q)).toEqual(['last']);
  });

  it('ends a consumer that does not keep up, with the reason as the last item', async () => {
    const { q, closed } = queue(2);
    expect([q.push('a'), q.push('b'), q.push('c'), q.push('d')]).toEqual([true, true, false, false]);
    expect(await rest(q)).toEqual(['too slow']);
    expect(closed()).toBe(1);
  });

  it('frees a pending consumer when it is closed', async () => {
    const { q, closed } = queue();
    const pending = q.next();
    await q.return!();
    expect(await pending).toEqual({ value: undefined, done: true });
    expect(q.push('late')).toBe(false);
    expect(closed()).toBe(1);
  });

  it('drops what is queued when it is cut', async () => {
    const { q } = queue();
    q.push('a');
    q.cut('expired');
    expect(await rest(q)).toEqual(['expired']);
  });
});
