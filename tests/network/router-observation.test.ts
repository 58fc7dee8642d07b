import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { admin, member, onConsole, OTHER_TENANT, routerOfTest, startNetwork, stranger, TENANT, type NetworkHarness } from './network-harness.ts';

const INTERFACES = 'query ($routerId: ID, $filter: RouterInterfaceFilter, $first: Int) { routerInterfaces(routerId: $routerId, filter: $filter, first: $first) { totalCount nodes { id name type mtu macAddress running disabled dynamic rxBytes txBytes router { id } } } }';
const INTERFACE = 'query ($id: ID!) { routerInterface(id: $id) { name type } }';
const TRAFFIC = 'query ($interface: String!, $routerId: ID) { interfaceTraffic(interface: $interface, routerId: $routerId) { interface present rxBitsPerSecond txBitsPerSecond rxPacketsPerSecond at router { id } } }';
const TRAFFICS = 'subscription ($interface: String!, $routerId: ID) { interfaceTraffic(interface: $interface, routerId: $routerId) { interface present rxBitsPerSecond txBitsPerSecond at } }';
const PING = 'query ($address: String!, $count: Int, $routerId: ID) { pingAddress(address: $address, count: $count, routerId: $routerId) { address sent received lossPercent minMs maxMs replies { seq host status timeMs } router { id } observedAt } }';
const PINGS = 'subscription ($address: String!, $routerId: ID) { addressPings(address: $address, routerId: $routerId) { seq host status timeMs } }';
const LOGS = 'query ($routerId: ID, $filter: RouterLogFilter, $first: Int, $offset: Int) { routerLogs(routerId: $routerId, filter: $filter, first: $first, offset: $offset) { totalCount nodes { id time topics message } } }';
const LOG_STREAM = 'subscription ($routerId: ID) { routerLogs(routerId: $routerId) { action lines { id topics message } at } }';
const RESOURCE = 'query ($routerId: ID) { routerResource(routerId: $routerId) { identity version uptime uptimeSeconds boardName architecture cpu cpuCount cpuLoadPercent freeMemoryBytes totalMemoryBytes totalDiskBytes health { name value text unit } observedAt router { id } } }';

interface Sample { interface: string; present: boolean; rxBitsPerSecond: number; at: string }
interface Reply { seq: number; host: string | null; status: string | null; timeMs: number | null }
interface LogEvent { action: 'SNAPSHOT' | 'APPENDED'; lines: Array<{ id: string; topics: string[]; message: string }> }

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

const addSecret = (to: TestRouter, name: string) => onConsole(to, async (session) => void (await session.command('/ppp/secret/add', { name, password: 'x' })));

describe('the interfaces of a router', () => {
  it('are listed, searched and shown one by one', async () => {
    const { routerInterfaces } = await graph.data(admin, INTERFACES, { filter: { search: 'ether' } });
    expect(routerInterfaces.totalCount).toBe(5);
    expect(routerInterfaces.nodes[0]).toMatchObject({ name: 'ether1', type: 'ether', mtu: 1500, running: true, disabled: false, dynamic: false, macAddress: expect.stringMatching(/^48:/), rxBytes: expect.any(Number), router: { id: routerId } });
    expect((await graph.data(admin, INTERFACE, { id: routerInterfaces.nodes[0].id })).routerInterface).toEqual({ name: 'ether1', type: 'ether' });
    expect(await graph.fault(admin, INTERFACE, { id: '*FFFF' })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('tell what they move now', async () => {
    const { interfaceTraffic } = await graph.data(admin, TRAFFIC, { interface: 'ether1' });
    expect(interfaceTraffic).toMatchObject({ interface: 'ether1', present: true, rxBitsPerSecond: expect.any(Number), router: { id: routerId } });
  });

  it('that nobody has are a mistake in the question', async () => {
    for (const name of ['no-such-interface', '', 'ether1,ether2', '*1', 'a\nb']) expect(await graph.fault(admin, TRAFFIC, { interface: name })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['interface'] });
    await expect(graph.subscribe(admin, TRAFFICS, { interface: 'no-such-interface' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('stream what they move, measured once for all who watch', async () => {
    const own = await routerOfTest('watched');
    const id = await graph.reachable(admin, own);
    const watchers = await Promise.all(Array.from({ length: 20 }, () => graph.subscribe<Sample>(admin, TRAFFICS, { interface: 'ether1', routerId: id })));
    const firsts = await Promise.all(watchers.map((events) => events.until(({ present }) => present)));
    expect(firsts.every((sample) => sample.interface === 'ether1' && sample.rxBitsPerSecond >= 0)).toBe(true);
    const newest = firsts.map(({ at }) => at).sort().at(-1)!;
    const heard = await Promise.all(watchers.map((events, n) => (firsts[n]!.at === newest ? firsts[n]! : events.until(({ at }) => at >= newest))));
    expect(new Set(heard.map((sample) => JSON.stringify(sample))).size).toBe(1);
    await Promise.all(watchers.slice(1).map((events) => events.leave()));
    await own.simulator.faults.set({ unreachable: true });
    await watchers[0]!.until(({ present }) => !present);
    await own.simulator.faults.clear();
    await watchers[0]!.until(({ present }) => present);
  }, 30_000);
});

describe('a ping of an address', () => {
  it('is sent by the router', async () => {
    const { pingAddress } = await graph.data(admin, PING, { address: '127.0.0.1', count: 2 });
    expect(pingAddress).toMatchObject({ address: '127.0.0.1', sent: 2, router: { id: routerId }, replies: [{ seq: 0 }, { seq: 1 }] });
  });

  it('of what is no address, or cannot be resolved, is a mistake in the question', async () => {
    for (const address of ['', '10.0.0.300', 'a b', '-x', 'no-such-host.invalid']) expect(await graph.fault(admin, PING, { address })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['address'] });
    for (const count of [0, 11]) expect(await graph.fault(admin, PING, { address: '127.0.0.1', count })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['count'] });
    await expect(graph.subscribe(admin, PINGS, { address: '10.0.0.300' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('streams a reply a second, the same for all, and says when the router is away', async () => {
    const own = await routerOfTest('pinging');
    const id = await graph.reachable(admin, own);
    const watchers = await Promise.all(Array.from({ length: 5 }, () => graph.subscribe<Reply>(admin, PINGS, { address: '127.0.0.1', routerId: id })));
    const heard = await Promise.all(watchers.map((events) => events.until(({ seq }) => seq === 1)));
    expect(new Set(heard.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(heard[0]).toMatchObject({ seq: 1, host: '127.0.0.1' });
    await own.simulator.faults.set({ unreachable: true });
    await watchers[0]!.until(({ status }) => status === 'unreachable');
  }, 20_000);
});

describe('the log of a router', () => {
  it('is read the newest first, filtered and paged', async () => {
    await addSecret(router, 'logged-1');
    await addSecret(router, 'logged-2');
    const all = (await graph.data(admin, LOGS)).routerLogs;
    expect(all.totalCount).toBeGreaterThan(1);
    expect(all.nodes[0]).toMatchObject({ id: expect.stringMatching(/^\*/), time: expect.any(String), topics: expect.any(Array), message: expect.any(String) });
    const page = (await graph.data(admin, LOGS, { first: 1, offset: 1 })).routerLogs;
    expect(page.nodes).toHaveLength(1);
    const topic = all.nodes[0].topics[0];
    const filtered = (await graph.data(admin, LOGS, { filter: { topic, search: all.nodes[0].message.toUpperCase() } })).routerLogs;
    expect(filtered.nodes[0].message).toBe(all.nodes[0].message);
    expect((await graph.data(admin, LOGS, { filter: { search: 'nothing says this' } })).routerLogs).toEqual({ totalCount: 0, nodes: [] });
    expect(await graph.fault(admin, LOGS, { first: -1 })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['first'] });
  });

  it('streams its last lines, then each new one once, and the last lines again when the line was down', async () => {
    const own = await routerOfTest('logging');
    const id = await graph.reachable(admin, own);
    const events = await graph.subscribe<LogEvent>(admin, LOG_STREAM, { routerId: id });
    const first = await events.next();
    expect(first).toMatchObject({ action: 'SNAPSHOT' });
    const late = await graph.subscribe<LogEvent>(admin, LOG_STREAM, { routerId: id });
    expect(await late.next()).toMatchObject({ action: 'SNAPSHOT' });
    await addSecret(own, 'streamed');
    const appended = await events.until(({ action, lines }) => action === 'APPENDED' && lines.length > 0);
    expect(first.lines.map((line) => line.id)).not.toContain(appended.lines[0]!.id);
    await late.until(({ lines }) => lines.some((line) => line.id === appended.lines[0]!.id));
    await own.simulator.faults.set({ unreachable: true });
    await own.simulator.faults.clear();
    const again = await events.until(({ action }) => action === 'SNAPSHOT');
    expect(again.lines.map((line) => line.id)).toContain(appended.lines[0]!.id);
  }, 30_000);
});

describe('the resources of a router', () => {
  it('are read with its name and its sensors', async () => {
    const { routerResource } = await graph.data(admin, RESOURCE);
    expect(routerResource).toMatchObject({
      identity: expect.any(String), version: expect.stringMatching(/^7\./), uptimeSeconds: expect.any(Number), boardName: 'RB4011iGS+', architecture: 'arm', cpuCount: 4, totalMemoryBytes: 1_073_741_824, router: { id: routerId },
      health: [{ name: 'voltage', value: 24.1, text: '24.1', unit: 'V' }, { name: 'temperature', value: 38, text: '38', unit: 'C' }],
    });
  });
});

describe('a router that is looked at', () => {
  it('must be one\'s own, be there, and be allowed', async () => {
    const looks = [[INTERFACES, {}], [TRAFFIC, { interface: 'ether1' }], [PING, { address: '127.0.0.1', count: 1 }], [LOGS, {}], [RESOURCE, {}]] as const;
    for (const [document, variables] of looks) {
      expect(await graph.fault(stranger, document, { ...variables, routerId })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await graph.fault(member(OTHER_TENANT, '*'), document, variables)).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['routerId'] });
      expect(await graph.fault(member(TENANT, 'session:read'), document, variables)).toMatchObject({ code: 'FORBIDDEN' });
    }
    for (const [document, variables] of [[TRAFFICS, { interface: 'ether1' }], [PINGS, { address: '127.0.0.1' }], [LOG_STREAM, {}]] as const) {
      await expect(graph.subscribe(stranger, document, { ...variables, routerId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(graph.subscribe(member(TENANT, 'session:read'), document, variables)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    const own = await routerOfTest('away');
    const id = await graph.reachable(admin, own);
    await own.simulator.faults.set({ unreachable: true });
    await eventually('the line to be seen broken', 10_000, async () => ((await graph.fault(admin, RESOURCE, { routerId: id })).code === 'UNAVAILABLE' ? true : undefined));
    for (const [document, variables] of looks) expect(await graph.fault(admin, document, { ...variables, routerId: id })).toMatchObject({ code: 'UNAVAILABLE', fields: ['router'] });
  }, 30_000);
});
