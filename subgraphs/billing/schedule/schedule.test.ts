import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/logs.ts';
import type { TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { makeWorld, setClock, testBilling } from '../testing/billing-world.ts';
import { dueDay, makeSchedule } from './schedule.ts';

describe('the day that is due', () => {
  const long = new Date('2020-01-01T00:00:00Z');
  const due = (now: string, zone: string, known = long) => dueDay(new Date(now), zone, known);

  it('is today from 02:00 on the tenant\'s wall on', () => {
    expect(due('2026-01-05T01:59:59Z', 'UTC')).toBe(null);
    expect(due('2026-01-05T02:00:00Z', 'UTC')).toBe('2026-01-05');
    expect(due('2026-01-04T15:59:00Z', 'Pacific/Kiritimati')).toBe('2026-01-05');
    expect(due('2026-01-05T06:59:00Z', 'America/New_York')).toBe(null);
    expect(due('2026-01-05T07:00:00Z', 'America/New_York')).toBe('2026-01-05');
  });

  it('comes also where 02:00 is missing, and is one day where it comes twice', () => {
    expect(due('2026-03-29T00:59:00Z', 'Europe/Berlin')).toBe(null);
    expect(due('2026-03-29T01:00:00Z', 'Europe/Berlin')).toBe('2026-03-29');
    expect(due('2026-10-25T00:00:00Z', 'Europe/Berlin')).toBe('2026-10-25');
    expect(due('2026-10-25T01:00:00Z', 'Europe/Berlin')).toBe('2026-10-25');
  });

  it('is none on the day on which a tenant becomes known after 02:00', () => {
    expect(due('2026-01-05T12:00:00Z', 'UTC', new Date('2026-01-05T11:00:00Z'))).toBe(null);
    expect(due('2026-01-06T02:00:00Z', 'UTC', new Date('2026-01-05T11:00:00Z'))).toBe('2026-01-06');
    expect(due('2026-01-05T12:00:00Z', 'UTC', new Date('2026-01-05T01:00:00Z'))).toBe('2026-01-05');
  });
});

describe('the daily schedule', () => {
  let graph: TestSubgraph;
  let tick: () => void = () => {};
  beforeAll(async () => {
    graph = await testBilling({
      every: (_ms, work) => {
        tick = work;
        return () => {};
      },
    });
  });
  afterAll(() => graph.stop());

  const schedules = (count: number, run: (tenantId: string, asOf: string) => Promise<void>) =>
    Array.from({ length: count }, (_, index) =>
      makeSchedule({ ...graph.kit, log: silentLogger, every: () => () => {}, process: `process ${index}`, resume: async () => {}, jobs: [{ kind: 'BILLING', run }, { kind: 'DUNNING', run }] }),
    );

  it('bills and duns by itself as the clock moves on', async () => {
    setClock(graph, '2026-01-05T12:00:00Z');
    const world = makeWorld(graph);
    const { customerId } = await world.activate();
    const state = async () => (await world.account(customerId)).invoices.nodes.map((invoice) => invoice.state).join();
    const becomes = async (wanted: string) => {
      for (const until = Date.now() + 10_000; (await state()) !== wanted; ) {
        if (Date.now() > until) throw new Error(`Still ${await state()}, not ${wanted}`);
        tick();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return wanted;
    };
    tick();
    setClock(graph, '2026-01-06T02:00:01Z');
    expect(await becomes('ISSUED')).toBe('ISSUED');
    setClock(graph, '2026-01-21T02:00:01Z');
    expect(await becomes('OVERDUE')).toBe('OVERDUE');
    setClock(graph, '2026-02-05T02:00:01Z');
    expect(await becomes('OVERDUE,ISSUED')).toBe('OVERDUE,ISSUED');
  });

  it('is done by one process a day, and taken over from one that died', async () => {
    setClock(graph, '2026-05-05T12:00:00Z');
    const world = makeWorld(graph);
    await world.activate();
    const done: string[] = [];
    const run = async (tenantId: string, asOf: string) => void (tenantId === world.tenantId && done.push(asOf));
    setClock(graph, '2026-05-06T12:00:00Z');
    await Promise.all(schedules(4, run).map((schedule) => schedule.tick()));
    await Promise.all(schedules(4, run).map((schedule) => schedule.tick()));
    expect(done).toEqual(['2026-05-06', '2026-05-06']);
    setClock(graph, '2026-05-07T12:00:00Z');
    await Promise.all(schedules(2, () => Promise.reject(new Error('It died with the job in hand'))).map((schedule) => schedule.tick()));
    await Promise.all(schedules(2, run).map((schedule) => schedule.tick()));
    expect(done).toHaveLength(2);
    graph.clock.advance(601);
    await Promise.all(schedules(2, run).map((schedule) => schedule.tick()));
    expect(done.slice(2)).toEqual(['2026-05-07', '2026-05-07']);
  });
});
