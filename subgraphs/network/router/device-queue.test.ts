import { describe, expect, it } from 'vitest';
import { makeDeviceQueue } from './device-queue.ts';

const never = new AbortController().signal;

describe('the queue of one router', () => {
  it('lets work with the same key run one after the other, other work beside it', async () => {
    const queue = makeDeviceQueue({ concurrency: 2 });
    const first = await queue.acquire('profile:a', never);
    const second = queue.acquire('profile:a', never);
    const other = await queue.acquire('profile:b', never);
    expect([queue.running, queue.waiting]).toEqual([2, 1]);
    other();
    expect([queue.running, queue.waiting]).toEqual([1, 1]);
    first();
    (await second)();
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('keeps work on many rows apart from work on any of them, in the order in which it was asked for', async () => {
    const queue = makeDeviceQueue();
    const one = await queue.acquire('secret:a', never);
    const leaving = new AbortController();
    const many = queue.acquire(['secret:a', 'secret:b'], leaving.signal);
    const after = queue.acquire('secret:b', never);
    (await queue.acquire('secret:c', never))();
    expect([queue.running, queue.waiting]).toEqual([1, 2]);
    one();
    const release = await many;
    expect([queue.running, queue.waiting]).toEqual([1, 1]);
    release();
    const last = await after;
    // One that gives up waiting no longer holds others back.
    const given = queue.acquire(['secret:b', 'secret:d'], leaving.signal);
    const next = queue.acquire('secret:d', never);
    leaving.abort();
    await expect(given).rejects.toMatchObject({ code: 'BUSY' });
    (await next)();
    last();
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('holds its bound, and gives a place back once however often it is given back', async () => {
    const queue = makeDeviceQueue({ concurrency: 1 });
    const first = await queue.acquire('a', never);
    const second = queue.acquire('b', never);
    const third = queue.acquire('c', never);
    first();
    first();
    const release = await second;
    expect([queue.running, queue.waiting]).toEqual([1, 1]);
    release();
    (await third)();
  });

  it('gives up waiting as BUSY when its time is over or too much waits', async () => {
    const queue = makeDeviceQueue({ concurrency: 1, limit: 1 });
    await queue.acquire('a', never);
    const leaving = new AbortController();
    const second = queue.acquire('a', leaving.signal);
    await expect(queue.acquire('a', never)).rejects.toMatchObject({ code: 'BUSY' });
    leaving.abort();
    await expect(second).rejects.toMatchObject({ code: 'BUSY' });
    expect(queue.waiting).toBe(0);
    await expect(queue.acquire('b', AbortSignal.abort())).rejects.toMatchObject({ code: 'BUSY' });
  });
});
