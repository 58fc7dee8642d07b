import { describe, expect, it } from 'vitest';
import { makeCallbackQueue } from './callback-queue.ts';

interface Item {
  name: string;
  n: number;
}
const make = (keep: number, users: number) => {
  let left = 0;
  const queue = makeCallbackQueue<Item>({ nameOf: ({ name }) => name, onReturn: () => (left += 1), keep, users });
  return { queue, left: () => left };
};
const drain = async (queue: AsyncIterableIterator<Item, void, void>) => {
  const items: Item[] = [];
  for await (const item of queue) items.push(item);
  return items;
};

describe('the queue of a watcher of callbacks', () => {
  it('gives everything in order to who keeps up, two of one user in one turn included', async () => {
    const { queue } = make(10, 10);
    const first = queue.next();
    for (const n of [1, 2, 3]) queue.post({ name: 'ada', n });
    queue.end();
    expect((await first).value).toEqual({ name: 'ada', n: 1 });
    expect(await drain(queue)).toEqual([{ name: 'ada', n: 2 }, { name: 'ada', n: 3 }]);
  });

  it('keeps the last of every user for who does not, in the order of time', async () => {
    const { queue } = make(2, 100);
    for (let n = 0; n < 30; n += 1) queue.post({ name: `user-${n % 3}`, n });
    queue.end();
    expect((await drain(queue)).map(({ n }) => n)).toEqual([25, 26, 27, 28, 29]);
  });

  it('is bounded, and ends a pending reader when it is left', async () => {
    const { queue, left } = make(1, 2);
    for (let n = 0; n < 10; n += 1) queue.post({ name: `user-${n}`, n });
    expect([(await queue.next()).value, (await queue.next()).value, (await queue.next()).value]).toMatchObject([{ n: 7 }, { n: 8 }, { n: 9 }]);
    const pending = queue.next();
    await queue.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(left()).toBe(1);
  });
});
