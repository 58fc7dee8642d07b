import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/logs.ts';
import { makeLiveFeed } from './live-feed.ts';
import type { LiveChange, LiveSession } from './live-model.ts';

const CROWD = 1_000;

function makeFeed() {
  let version = 0;
  const snapshot = (): LiveChange => ({ action: 'SNAPSHOT', version, at: new Date(), sessions: [], synced: true, staleSince: null, bootedAt: null });
  const feed = makeLiveFeed({ snapshot, queueLimit: 1_000, where: 'router', log: silentLogger });
  const up = (routerosId: string): void => {
    version += 1;
    feed.publish({ action: 'UP', version, at: new Date(), source: 'LISTEN', session: { routerosId } as LiveSession, nameOnline: true });
  };
  /** The versions that a subscriber hears, the first one of its snapshot. */
  const listen = (): number[] => {
    const heard: number[] = [];
    void (async () => {
      for await (const change of feed.subscribe()) heard.push(change.version);
    })();
    return heard;
  };
  return { feed, up, listen };
}

async function turnsUntil(done: () => boolean): Promise<number> {
  for (let turns = 0; ; turns += 1) {
    if (done()) return turns;
    if (turns === 10_000) throw new Error('It is never done');
    await turn();
  }
}

describe('the feed of a router that thousands follow', () => {
  it('lets other work have its turn between them, and tells each all of it in order', async () => {
    const { up, listen } = makeFeed();
    const crowd = Array.from({ length: CROWD }, listen);
    await turn();
    for (let n = 1; n <= 40; n += 1) up(`*${n}`);
    const turns = await turnsUntil(() => crowd.every((heard) => heard.length === 41));
    expect(turns).toBeGreaterThan(50);
    for (const heard of crowd) expect(heard).toEqual(Array.from({ length: 41 }, (_, version) => version));
  });

  it('tells one who comes meanwhile nothing that his snapshot holds', async () => {
    const { up, listen } = makeFeed();
    const crowd = Array.from({ length: CROWD }, listen);
    await turn();
    up('*1');
    up('*2');
    const late = listen();
    await turn();
    expect(crowd.some((heard) => heard.length < 3)).toBe(true);
    up('*3');
    await turnsUntil(() => crowd.every((heard) => heard.length === 4));
    expect(late).toEqual([2, 3]);
  });

  it('tells few at once', async () => {
    const { up, listen } = makeFeed();
    const heard = listen();
    await turn();
    up('*1');
    await Promise.resolve().then(() => undefined).then(() => undefined).then(() => undefined);
    expect(heard).toEqual([0, 1]);
  });

  it('ends only when each has heard what was told before', async () => {
    const { feed, up, listen } = makeFeed();
    const crowd = Array.from({ length: CROWD }, listen);
    await turn();
    up('*1');
    up('*2');
    feed.end();
    await turn();
    for (const heard of crowd) expect(heard).toEqual([0, 1, 2]);
    expect(feed.subscribers).toBe(0);
  });
});
