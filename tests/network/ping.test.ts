import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { accessOf, admin, applied, member, provisioned, routerOfTest, startNetwork, stranger, TENANT, type NetworkHarness, type Subscriber } from './network-harness.ts';

const PING = 'query ($serviceId: ID!, $count: Int) { pingService(serviceId: $serviceId, count: $count) { online address sent received lossPercent minMs avgMs maxMs observedAt router { id } replies { seq host sizeBytes ttl timeMs status at } } }';
const PINGS = 'subscription ($serviceId: ID!) { pings(serviceId: $serviceId) { seq host sizeBytes ttl timeMs status at } }';

interface Reply {
  seq: number;
  host: string | null;
  timeMs: number | null;
  status: string | null;
}

let graph: NetworkHarness;
let router: TestRouter;
let routerId: string;
beforeAll(async () => {
  graph = await startNetwork();
  router = await startRouter('main');
  routerId = await graph.reachable(admin, router);
});
afterAll(async () => {
  await graph.stop();
  await router.simulator.stop();
});

const online = async (subscriber: Subscriber): Promise<string> =>
  eventually(`${subscriber.username} to be online`, 10_000, async () => ((await accessOf(graph, subscriber.serviceId)).session?.address as string | null) ?? undefined);

describe('a ping of a subscriber', () => {
  it('is sent by his router to his session\'s address', async () => {
    const subscriber = await applied(graph, await provisioned(graph, routerId));
    const address = await online(subscriber);
    const { pingService } = await graph.data(admin, PING, { serviceId: subscriber.serviceId, count: 2 });
    expect(pingService).toMatchObject({ online: true, address, sent: 2, received: 2, lossPercent: 0, router: { id: routerId } });
    expect(pingService.replies).toMatchObject([{ seq: 0, host: address, sizeBytes: 56, ttl: 64, timeMs: expect.any(Number), status: null }, { seq: 1 }]);
    expect(pingService.minMs).toBeLessThanOrEqual(pingService.avgMs);
    expect(pingService.avgMs).toBeLessThanOrEqual(pingService.maxMs);
  });

  it('without a session answers that there is none', async () => {
    const subscriber = await provisioned(graph, routerId);
    expect((await graph.data(admin, PING, { serviceId: subscriber.serviceId })).pingService).toMatchObject({ online: false, address: null, sent: 0, received: 0, lossPercent: 100, minMs: null, replies: [] });
  });

  it('fails for what is unknown, foreign, not allowed, too many, or behind a router that is away', async () => {
    const subscriber = await provisioned(graph, routerId);
    for (const serviceId of [uuidv7(), 'x']) expect(await graph.fault(admin, PING, { serviceId })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(stranger, PING, { serviceId: subscriber.serviceId })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(member(TENANT, 'service:read'), PING, { serviceId: subscriber.serviceId })).toMatchObject({ code: 'FORBIDDEN' });
    for (const count of [0, 11]) expect(await graph.fault(admin, PING, { serviceId: subscriber.serviceId, count })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['count'] });
    const own = await routerOfTest('away');
    const id = await graph.reachable(admin, own);
    const behind = await provisioned(graph, id);
    await own.simulator.faults.set({ unreachable: true });
    const fault = await eventually('the line to be seen broken', 10_000, async () => {
      const answer = await graph.fault(admin, PING, { serviceId: behind.serviceId });
      return answer.code === 'OK' ? undefined : answer;
    });
    expect(fault).toMatchObject({ code: 'UNAVAILABLE', fields: ['router'] });
  });

  it('is refused with the reason when the router does not let us', async () => {
    const own = await routerOfTest('forbidding');
    const id = await graph.reachable(admin, own);
    const subscriber = await applied(graph, await provisioned(graph, id));
    await online(subscriber);
    await own.simulator.faults.set({ refuseRights: ['/tool/ping'] });
    expect(await graph.fault(admin, PING, { serviceId: subscriber.serviceId })).toMatchObject({ code: 'UNAVAILABLE', fields: ['router'] });
  });
});

describe('the stream of pings', () => {
  it('says that he is offline, pings when he comes, says so when he goes and when his router does', async () => {
    const own = await routerOfTest('streamed');
    const id = await graph.reachable(admin, own);
    const subscriber = await provisioned(graph, id);
    const events = await graph.subscribe<Reply>(admin, PINGS, { serviceId: subscriber.serviceId });
    expect(await events.next()).toMatchObject({ seq: 0, host: null, timeMs: null, status: 'offline' });
    await applied(graph, subscriber);
    const first = await events.until(({ status }) => status === null);
    expect(first).toMatchObject({ host: expect.stringMatching(/^10\.64\./), timeMs: expect.any(Number) });
    const second = await events.until(({ status }) => status === null);
    expect(second.seq).toBeGreaterThan(first.seq);
    await own.simulator.faults.set({ unreachable: true });
    await events.until(({ status }) => status === 'unreachable');
    await own.simulator.faults.clear();
    await events.until(({ status, timeMs }) => status === null && timeMs !== null);
  }, 30_000);

  it('is the same for all who watch', async () => {
    const subscriber = await applied(graph, await provisioned(graph, routerId));
    await online(subscriber);
    const watchers = await Promise.all(Array.from({ length: 20 }, () => graph.subscribe<Reply>(admin, PINGS, { serviceId: subscriber.serviceId })));
    const heard = await Promise.all(watchers.map((events) => events.until(({ seq }) => seq === 1)));
    expect(new Set(heard.map((reply) => JSON.stringify(reply))).size).toBe(1);
    await Promise.all(watchers.map((events) => events.leave()));
    await expect(graph.subscribe(stranger, PINGS, { serviceId: subscriber.serviceId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(graph.subscribe(member(TENANT, 'router:read'), PINGS, { serviceId: subscriber.serviceId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
