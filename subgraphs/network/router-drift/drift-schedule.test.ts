import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import type { RouterFleet, RouterLink } from '../router/router-fleet.ts';
import { DRIFT_CHECK_EVERY_MS, makeDriftSchedule } from './drift-schedule.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('the schedule of drift checks', () => {
  const world = (count: number, state = 'online') => {
    vi.useFakeTimers();
    const links = Array.from({ length: count }, () => ({ spec: { id: `${uuidv7().slice(0, 28)}${Math.floor(Math.random() * 0xffff_ffff).toString(16).padStart(8, '0')}`, tenantId: uuidv7() }, connection: { status: () => ({ state }) } }) as unknown as RouterLink);
    const seen: Array<{ id: string; at: number }> = [];
    const db = { system: () => Promise.resolve() };
    const fleet = { links: () => links.values(), link: (id: string) => links.find(({ spec }) => spec.id === id) } as unknown as RouterFleet;
    const schedule = makeDriftSchedule({ db: db as never, clock: systemClock, log: silentLogger, fleet, drifts: { observe: ({ id }) => Promise.resolve(void seen.push({ id, at: performance.now() })) } });
    return { links, seen, schedule };
  };

  it('compares every router once in an interval, spread over it', async () => {
    const { links, seen, schedule } = world(60);
    schedule.start();
    await vi.advanceTimersByTimeAsync(DRIFT_CHECK_EVERY_MS);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(links.length);
    const half = seen.filter(({ at }) => at - Math.min(...seen.map((one) => one.at)) < DRIFT_CHECK_EVERY_MS / 2).length;
    expect(half).toBeGreaterThan(10);
    expect(half).toBeLessThan(50);
    await vi.advanceTimersByTimeAsync(DRIFT_CHECK_EVERY_MS);
    expect(seen.length).toBeGreaterThanOrEqual(2 * links.length - 1);
    await schedule.stop();
  });

  it('leaves routers alone that are away, and hurries for one of which more is known', async () => {
    const away = world(3, 'backing-off');
    away.schedule.start();
    await vi.advanceTimersByTimeAsync(DRIFT_CHECK_EVERY_MS);
    expect(away.seen).toEqual([]);
    away.schedule.hurry(away.links[0]!.spec);
    expect(away.seen.map(({ id }) => id)).toEqual([away.links[0]!.spec.id]);
    await away.schedule.stop();
  });
});
