import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import type { Row, StreamOptions } from '../routeros/session.ts';
import type { RouterLink } from '../router/router-fleet.ts';
import type { PingReply } from './ping-replies.ts';
import { makePinger, subscriberTarget } from './pinger.ts';

/** A router with one subscriber, and the pings it was asked for. */
function fakeRouter() {
  const streams: Array<{ address: string; options: StreamOptions; cancelled: boolean }> = [];
  const session = {
    isClosed: false,
    stream(_path: string, attributes: { address: string }, options: StreamOptions) {
      const entry = { address: attributes.address, options, cancelled: false };
      streams.push(entry);
      return { cancel: async () => void (entry.cancelled = true), ended: new Promise<null>(() => undefined) };
    },
  };
  const state = { current: session as object | null, address: '10.0.0.9' as string | null };
  const link = { connection: { current: () => state.current }, live: { synced: true, byName: (name: string) => (name === 'ada' && state.address ? { address: state.address, staleSince: null } : undefined) } } as unknown as RouterLink;
  return { link, streams, state, reply: (row: Row) => streams.at(-1)!.options.onRow(row) };
}

const start = (everyMs = 5) => {
  const router = fakeRouter();
  const onIdle = vi.fn<() => void>();
  const pinger = makePinger({ link: () => router.link, target: subscriberTarget('ada'), clock: systemClock, onIdle, everyMs });
  return { ...router, onIdle, pinger };
};
const until = async (events: AsyncIterator<PingReply, void, void>, status: string | null): Promise<PingReply> => {
  for (;;) {
    const { value } = await events.next();
    if (value && value.status === status) return value;
  }
};

describe('a pinger', () => {
  it('asks the router once for all who watch, and stops with the last of them', async () => {
    const { pinger, streams, reply, onIdle } = start(60_000);
    const watchers = Array.from({ length: 50 }, () => pinger.subscribe());
    expect(streams).toHaveLength(1);
    reply({ host: '10.0.0.9', time: '3ms' });
    expect(new Set(await Promise.all(watchers.map(async (events) => ((await events.next()).value as PingReply).timeMs)))).toEqual(new Set([3]));
    await Promise.all(watchers.slice(1).map((events) => events.return?.()));
    expect(streams[0]!.cancelled).toBe(false);
    await watchers[0]!.return?.();
    expect(streams[0]!.cancelled).toBe(true);
    expect(onIdle).toHaveBeenCalledTimes(1);
  });

  it('moves to the next address, and counts on', async () => {
    const { pinger, streams, state, reply } = start();
    const events = pinger.subscribe();
    reply({ host: '10.0.0.9', time: '1ms' });
    expect((await events.next()).value).toMatchObject({ seq: 0, host: '10.0.0.9' });
    state.address = null;
    const offline = await until(events, 'offline');
    expect(streams[0]!.cancelled).toBe(true);
    state.address = '10.0.0.10';
    await vi.waitFor(() => expect(streams.at(-1)!.address).toBe('10.0.0.10'));
    reply({ host: '10.0.0.10', time: '2ms' });
    const back = await until(events, null);
    expect(back).toMatchObject({ host: '10.0.0.10', timeMs: 2 });
    expect(back.seq).toBeGreaterThan(offline.seq);
    pinger.stop();
  });

  it('says that the router is unreachable when it falls silent, and when its line is gone', async () => {
    const { pinger, state, reply } = start();
    const events = pinger.subscribe();
    await until(events, 'unreachable');
    reply({ host: '10.0.0.9', time: '1ms' });
    await until(events, null);
    state.current = null;
    expect(await until(events, 'unreachable')).toMatchObject({ host: null, timeMs: null });
    pinger.stop();
    for (let left = await events.next(); !left.done; left = await events.next());
  });

  it('gives a slow watcher the newest', async () => {
    const { pinger, reply } = start(60_000);
    const events = pinger.subscribe();
    for (let n = 0; n < 25; n += 1) reply({ host: '10.0.0.9', time: `${n}ms` });
    const seen: number[] = [];
    pinger.stop();
    for await (const { timeMs } of events) seen.push(timeMs!);
    expect(seen.at(-1)).toBe(24);
    expect(seen.length).toBeLessThanOrEqual(11);
  });
});
