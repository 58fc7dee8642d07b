import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainEvent } from '#kernel/bus/bus.ts';
import { assertTenantIsolation } from '#kernel/db/isolation.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { network } from '#subgraphs/network/subgraph.ts';
import { eventually } from '../support/eventually.ts';
import { admin, applied, member, provisioned, REGISTER, routerOfTest, startNetwork, STATUS, stranger, TENANT, type NetworkHarness } from './network-harness.ts';

const UPDATE = 'mutation ($input: UpdateRouterInput!) { updateRouter(input: $input) { router { id name host port site tls { mode fingerprint } } } }';
const REMOVE = 'mutation ($id: ID!) { removeRouter(input: { id: $id }) { id } }';
const ACTIVATE = 'mutation ($id: ID!) { activateRouter(input: { id: $id }) { router { id active } } }';
const LIST = 'query ($first: Int, $after: String, $filter: RouterFilter, $orderBy: [RouterOrder!]) { routers(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { totalCount nodes { id name active status { state } } pageInfo { hasNextPage endCursor } } }';

/** An address where nothing answers: TEST-NET-1 is routed nowhere. */
let ports = 10_000;
const routerInput = (changes: object = {}) => ({ name: 'Somewhere', host: '192.0.2.1', port: (ports += 1), username: 'api', password: 'secret', ...changes });

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

describe('a router', () => {
  it('is registered at once, and its status follows when it answers', async () => {
    const router = await routerOfTest('core-1');
    const { registerRouter } = await graph.data(admin, REGISTER, { input: { ...router.input, name: ' Core 1 ' } });
    expect(registerRouter.router).toMatchObject({ name: 'Core 1', host: '127.0.0.1', port: router.port, username: 'headend', site: 'Test rack', tls: { mode: 'OFF', fingerprint: null }, status: { state: 'CONNECTING', reachable: null } });
    const { id } = registerRouter.router;
    const status = await eventually('the router to be reachable', 10_000, async () => {
      const seen = (await graph.data(admin, STATUS, { id })).router.status;
      return seen.reachable ? seen : undefined;
    });
    expect(status).toMatchObject({ state: 'ONLINE', reason: null, identity: 'core-1', version: expect.stringContaining('7.18'), source: 'LINE', observedAt: expect.any(String) });
    expect((await graph.data(admin, STATUS, { id, live: true })).router.status).toMatchObject({ reachable: true, source: 'READ' });
  });

  it('that goes away says why, for programs and people, and a live status degrades to null with an error within its deadline', async () => {
    const router = await routerOfTest('flaky');
    const id = await graph.reachable(admin, router);
    await router.simulator.faults.set({ unreachable: true });
    const away = await eventually('the router to be away', 10_000, async () => {
      const seen = (await graph.data(admin, STATUS, { id })).router.status;
      return seen.reachable === false ? seen : undefined;
    });
    expect(away).toMatchObject({ reasonCode: 'NETWORK_ROUTER_UNREACHABLE', reason: expect.any(String), identity: 'flaky' });
    const live = await graph.run(admin, STATUS, { id, live: true });
    expect(live.data?.router).toMatchObject({ id, status: null });
    expect(live.errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', details: [{ code: 'NETWORK_ROUTER_UNREACHABLE' }] });
    await router.simulator.faults.clear();
    await eventually('the router to be back', 20_000, async () => ((await graph.data(admin, STATUS, { id })).router.status.reachable ? true : undefined));
  });

  it('that refuses the login says so, and is dialled anew at once when its password is corrected', async () => {
    const router = await routerOfTest('guarded');
    const { registerRouter } = await graph.data(admin, REGISTER, { input: { ...router.input, password: 'wrong' } });
    const { id } = registerRouter.router;
    await eventually('the login to be refused', 10_000, async () => {
      const { state, reasonCode } = (await graph.data(admin, STATUS, { id })).router.status;
      return state === 'LOGIN_REFUSED' && reasonCode === 'NETWORK_ROUTER_LOGIN_REFUSED' ? true : undefined;
    });
    await graph.data(admin, UPDATE, { input: { id, password: router.input.password } });
    // Much sooner than a refused login is tried again.
    expect(await eventually('the router to be reachable', 10_000, async () => ((await graph.data(admin, STATUS, { id })).router.status.reachable ? true : undefined))).toBe(true);
  });

  it('is announced when it comes and when it goes, once each', async () => {
    const router = await routerOfTest('announced');
    const own = member(uuidv7(), '*');
    const tail = graph.kit.bus.tail({ tenantId: own.tenantId!, types: ['network.router.reachable', 'network.router.unreachable'] });
    const heard: string[] = [];
    const id = await graph.reachable(own, router);
    for (const expected of ['reachable', 'unreachable', 'reachable']) {
      const { value } = (await tail.next()) as { value: DomainEvent };
      heard.push(value.type);
      expect(value).toMatchObject({ subject: id, payload: { id, identity: 'announced' } });
      if (expected !== 'reachable') await router.simulator.faults.clear();
      else if (heard.length === 1) await router.simulator.faults.set({ unreachable: true });
    }
    expect(heard).toEqual(['network.router.reachable', 'network.router.unreachable', 'network.router.reachable']);
    await tail.return?.();
  });

  it('names every field that is wrong, and host and port that are taken', async () => {
    const input = routerInput({ name: '', host: 'http://x', port: 0, username: '', tls: { mode: 'FINGERPRINT', fingerprint: 'abc' } });
    expect(await graph.fault(admin, REGISTER, { input })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['host', 'name', 'port', 'tls.fingerprint', 'username'] });
    const taken = routerInput({ host: 'R.example.net' });
    const { registerRouter } = await graph.data(admin, REGISTER, { input: taken });
    expect(await graph.fault(admin, REGISTER, { input: { ...taken, host: 'r.example.net' } })).toMatchObject({ code: 'CONFLICT', fields: ['host'] });
    await graph.data(stranger, REGISTER, { input: taken });
    const other = (await graph.data(admin, REGISTER, { input: routerInput() })).registerRouter.router;
    expect(await graph.fault(admin, UPDATE, { input: { id: other.id, host: 'r.example.net', port: taken.port } })).toMatchObject({ code: 'CONFLICT', fields: ['host'] });
    expect((await graph.data(admin, UPDATE, { input: { id: registerRouter.router.id, site: ' Hill ', tls: { mode: 'INSECURE_ANONYMOUS' } } })).updateRouter.router).toMatchObject({ site: 'Hill', tls: { mode: 'INSECURE_ANONYMOUS' } });
  });

  it('is refused beyond what identity says the tenant may have, also when two come at once', async () => {
    const own = member(uuidv7(), '*');
    const limit = async (maxRouters: number | null) => {
      const { db, bus } = graph.kit;
      await db.write(own.tenantId!, (tx) => bus.publish(tx, [{ type: 'identity.tenant.updated', tenantId: own.tenantId!, subject: own.tenantId!, payload: { tenantId: own.tenantId, maxRouters } }]));
      await eventually('the limit to be heard', 10_000, async () => ((await db.read(own.tenantId!, (tx) => tx.execute('select max_routers from network.tenant_limits')))[0]?.max_routers === maxRouters ? true : undefined));
    };
    await limit(2);
    const faults = await Promise.all([1, 2, 3, 4].map(() => graph.fault(own, REGISTER, { input: routerInput() })));
    expect(faults.map(({ code }) => code).sort()).toEqual(['CONFLICT', 'CONFLICT', 'OK', 'OK']);
    expect(faults.find(({ code }) => code === 'CONFLICT')).toMatchObject({ fields: ['tenant'] });
    await limit(null);
    expect(await graph.fault(own, REGISTER, { input: routerInput() })).toMatchObject({ code: 'OK' });
  });

  it('is found by a part of its name, host or site', async () => {
    const own = member(uuidv7(), '*');
    for (const input of [{ name: 'Edge North' }, { host: 'north.example.net' }, { site: 'Up north' }, { name: 'South' }]) await graph.data(own, REGISTER, { input: routerInput(input) });
    expect((await graph.data(own, LIST, { filter: { search: 'NORTH' } })).routers.totalCount).toBe(3);
    expect((await graph.data(own, LIST, { filter: { search: '%' } })).routers.totalCount).toBe(0);
  });

  it('is registered once per idempotency key, password included', async () => {
    const input = routerInput({ idempotencyKey: 'k1' });
    const made = await Promise.all(Array.from({ length: 10 }, () => graph.data(admin, REGISTER, { input })));
    expect(new Set(made.map(({ registerRouter }) => registerRouter.router.id)).size).toBe(1);
    expect(await graph.fault(admin, REGISTER, { input: { ...input, password: 'other' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
  });

  it('is the active one when it is the first of its tenant, also when two come at once; another can be chosen', async () => {
    const own = member(uuidv7(), '*');
    await Promise.all([1, 2, 3].map(() => graph.data(own, REGISTER, { input: routerInput() })));
    const active = async () => (await graph.data(own, LIST)).routers.nodes.filter((router: { active: boolean }) => router.active);
    expect(await active()).toHaveLength(1);
    const other = (await graph.data(own, LIST)).routers.nodes.find((router: { active: boolean }) => !router.active);
    expect((await graph.data(own, ACTIVATE, { id: other.id })).activateRouter.router).toEqual({ id: other.id, active: true });
    expect((await active()).map((router: { id: string }) => router.id)).toEqual([other.id]);
    await Promise.all((await graph.data(own, LIST)).routers.nodes.map((router: { id: string }) => graph.data(own, ACTIVATE, { id: router.id })));
    expect(await active()).toHaveLength(1);
  });

  it('cannot be removed while a service uses it; nothing on it changes when it is', async () => {
    const router = await routerOfTest('used');
    const id = await graph.reachable(admin, router);
    const before = router.simulator.rows('/ppp/secret');
    const subscriber = await provisioned(graph, id);
    expect(await graph.fault(admin, REMOVE, { id })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    await graph.data({ ...admin, kind: 'service', permissions: new Set(['internal:saga']) }, 'mutation ($s: ID!, $r: ID!) { withdrawAccess(input: { serviceId: $s, runId: $r }) { result { outcome } } }', { s: subscriber.serviceId, r: subscriber.runId });
    expect(await graph.data(admin, REMOVE, { id })).toEqual({ removeRouter: { id } });
    expect(await graph.fault(admin, STATUS, { id })).toMatchObject({ code: 'NOT_FOUND' });
    await eventually('the line to be closed', 5_000, () => (router.simulator.connections() === 0 ? true : undefined));
    expect(router.simulator.rows('/ppp/secret')).toEqual(before);
  });

  it('of another tenant is NOT_FOUND, whatever is asked of it', async () => {
    const { id } = (await graph.data(admin, REGISTER, { input: routerInput() })).registerRouter.router;
    for (const unknown of [id, uuidv7(), 'nonsense']) {
      expect((await graph.fault(stranger, STATUS, { id: unknown })).code).toBe('NOT_FOUND');
      expect((await graph.fault(stranger, REMOVE, { id: unknown })).code).toBe('NOT_FOUND');
      expect((await graph.fault(stranger, ACTIVATE, { id: unknown })).code).toBe('NOT_FOUND');
    }
    expect((await graph.fault(stranger, UPDATE, { input: { id, name: 'Mine' } })).code).toBe('NOT_FOUND');
  });

  it('is listed in pages, sorted and filtered, without being asked', async () => {
    const own = member(uuidv7(), '*');
    for (const [name, site] of [['b', 'North'], ['a', 'South'], ['c', null]]) await graph.data(own, REGISTER, { input: routerInput({ name, site }) });
    const list = async (variables: object) => (await graph.data(own, LIST, variables as never)).routers;
    const page = await list({ first: 2, orderBy: [{ field: 'NAME' }] });
    expect(page).toMatchObject({ totalCount: 3, nodes: [{ name: 'a' }, { name: 'b' }], pageInfo: { hasNextPage: true } });
    expect((await list({ first: 2, after: page.pageInfo.endCursor, orderBy: [{ field: 'NAME' }] })).nodes).toMatchObject([{ name: 'c' }]);
    expect((await list({ filter: { site: { contains: 'sou' } } })).nodes).toMatchObject([{ name: 'a' }]);
    expect((await list({ orderBy: [{ field: 'SITE', direction: 'DESC' }] })).nodes).toMatchObject([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
    expect(await graph.fault(own, LIST, { after: 'nonsense' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['after'] });
  });

  it('never shows or keeps its password in clear', async () => {
    const { id } = (await graph.data(admin, REGISTER, { input: routerInput({ password: 'very secret words' }) })).registerRouter.router;
    expect(network.sdl()).not.toMatch(/type Router [^}]*password/);
    const rows = await graph.statementsOf(() => graph.data(admin, STATUS, { id }));
    expect(JSON.stringify(rows)).not.toContain('very secret words');
    const kept = await graph.test.database.forSubgraph('network').read(TENANT, (tx) => tx.execute(`select * from network.routers where id = '${id}'`));
    expect(JSON.stringify(kept)).not.toContain('very secret words');
  });
});

describe('ten routers that hang', () => {
  it('slow neither lists nor the work on another router', async () => {
    const own = member(TENANT, '*');
    const hanging = await Promise.all(Array.from({ length: 10 }, (_, at) => routerOfTest(`hang-${at}`)));
    await Promise.all(hanging.map((router) => router.simulator.faults.set({ hang: true })));
    for (const router of hanging) await graph.data(own, REGISTER, { input: router.input });
    const healthy = await routerOfTest('healthy');
    const id = await graph.reachable(own, healthy);
    const begun = performance.now();
    await applied(graph, await provisioned(graph, id));
    await graph.data(own, LIST, { first: 100 });
    // Any wait for a hanging router would take its whole deadline, 5 s and more.
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});

describe('the tables of the network', () => {
  it('keep tenants apart', async () => {
    await expect(assertTenantIsolation(graph.test.database, 'network')).resolves.toBeUndefined();
  });
});
