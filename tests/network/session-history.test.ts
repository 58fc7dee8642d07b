import { beforeAll, afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeBus } from '#kernel/bus/bus.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import { silentLogger } from '#kernel/logs.ts';
import { KEEP_HISTORY_DAYS, makeHistoryUpkeep, ROUTER_LOST_AFTER_MS } from '#subgraphs/network/session-history/history-upkeep.ts';
import { closeAll, insert, openOfRouter } from '#subgraphs/network/session-history/session-history.store.ts';
import { SessionEndReason } from '#subgraphs/network/session-history/session-history.type.ts';
import type { SessionRecord } from '#subgraphs/network/session-history/session-history.ts';
import { network } from '#subgraphs/network/subgraph.ts';
import { eventually } from '../support/eventually.ts';
import { admin, applied, member, onConsole, provisioned, routerOfTest, serviceRef, startNetwork, stranger, TENANT, type NetworkHarness } from './network-harness.ts';

const RECORD = 'id name address callerId startedAt endedAt endReason observedAt source router { id } service { id }';
const HISTORY = `query ($filter: PppSessionHistoryFilter, $first: Int, $after: String) { pppSessionHistory(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { ${RECORD} } } }`;
const AT = `query ($address: String!, $at: DateTime, $routerId: ID) { sessionAt(address: $address, at: $at, routerId: $routerId) { ${RECORD} } }`;
const OF_SERVICES = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Service { id sessionHistory(first: 2) { totalCount nodes { name endedAt } pageInfo { hasNextPage } } } } }`;

interface Shown { id: string; name: string; address: string; startedAt: string; endedAt: string | null; endReason: string | null; source: string; router: { id: string } | null; service: { id: string } | null }

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

const historyOf = async (filter: object): Promise<Shown[]> => (await graph.data(admin, HISTORY, { filter, first: 100 })).pppSessionHistory.nodes;
const recorded = (filter: object, fits: (found: Shown[]) => boolean) =>
  eventually(`a record of ${JSON.stringify(filter)}`, 15_000, async () => {
    const found = await historyOf(filter);
    return fits(found) ? found : undefined;
  });
/** A demo home of a router, up and recorded. */
const upAndRecorded = async (routerId: string, name: string): Promise<Shown> => (await recorded({ routerId, name, open: true }, (found) => found.length === 1 && found[0]!.address !== null))[0]!;

/** Another process on the same database, which takes over when the first has stopped. */
const successor = ({ kit }: NetworkHarness) => network.make({ ...kit, bus: makeBus({ database: kit.database, subgraph: 'network', log: kit.log, clock: kit.clock, newId: uuidv7 }) });

describe('the history of sessions', () => {
  it('says who held an address, when, and how the session ended', async () => {
    const router = await routerOfTest('kept');
    const id = await graph.reachable(admin, router);
    const sub = await applied(graph, await provisioned(graph, id));
    const up = await upAndRecorded(id, sub.username);
    expect(up).toMatchObject({ endedAt: null, endReason: null, service: { id: sub.serviceId }, router: { id } });
    const during = new Date();
    router.simulator.hangUp(sub.username);
    const records = await recorded({ serviceId: sub.serviceId }, (found) => found.length >= 2 && found.at(-1)!.endedAt !== null);
    expect(records.at(-1)).toMatchObject({ id: up.id, endReason: 'DISCONNECTED', address: up.address });
    expect((await graph.data(admin, AT, { address: up.address, at: during.toISOString(), routerId: id })).sessionAt).toMatchObject([{ id: up.id, name: sub.username }]);
    expect((await graph.data(admin, AT, { address: up.address, at: new Date(Date.parse(up.startedAt) - 3_600_000).toISOString() })).sessionAt).toEqual([]);
    expect((await graph.data(stranger, AT, { address: up.address, at: during.toISOString() })).sessionAt).toEqual([]);
    expect((await graph.data(stranger, HISTORY, {})).pppSessionHistory.totalCount).toBe(0);
  });

  it('is paged newest first, and read for many services by two statements', async () => {
    const router = await routerOfTest('paged');
    const id = await graph.reachable(admin, router);
    const subs = [await applied(graph, await provisioned(graph, id)), await applied(graph, await provisioned(graph, id))];
    for (const sub of subs) {
      await upAndRecorded(id, sub.username);
      router.simulator.hangUp(sub.username);
      await recorded({ routerId: id, name: sub.username }, (found) => found.length >= 2);
    }
    const first = (await graph.data(admin, HISTORY, { filter: { routerId: id }, first: 3 })).pppSessionHistory;
    const second = (await graph.data(admin, HISTORY, { filter: { routerId: id }, first: 100, after: first.pageInfo.endCursor })).pppSessionHistory;
    const all: Shown[] = [...first.nodes, ...second.nodes];
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(all).toHaveLength(first.totalCount);
    expect(new Set(all.map((record) => record.id)).size).toBe(all.length);
    expect(all.map((record) => record.startedAt)).toEqual(all.map((record) => record.startedAt).toSorted().toReversed());
    let entities: Array<{ sessionHistory: { totalCount: number; nodes: Array<{ name: string }> } }> = [];
    const statements = await graph.statementsOf(async () => {
      entities = (await graph.data(admin, OF_SERVICES, { of: [...subs.map(({ serviceId }) => serviceRef(serviceId)), serviceRef(uuidv7())] }))._entities;
    });
    expect(entities.map(({ sessionHistory }) => [sessionHistory.totalCount >= 2, sessionHistory.nodes[0]?.name])).toEqual([[true, subs[0]!.username], [true, subs[1]!.username], [false, undefined]]);
    expect(statements.filter(({ mode }) => mode === 'read').length).toBeLessThanOrEqual(2);
  });

  it('ends the sessions of before a restart of the router, and says so', async () => {
    const router = await routerOfTest('restarted');
    const id = await graph.reachable(admin, router);
    const up = await upAndRecorded(id, 'demo-bob');
    // The line is lost and back once, so that an uptime of more than a moment is known.
    await eventually('the router to have run for a moment', 10_000, () => (Date.now() - Date.parse(up.startedAt) > 2_500 ? true : undefined));
    await router.simulator.faults.set({ unreachable: true });
    await router.simulator.faults.clear();
    await eventually('the router to be read again', 10_000, async () => {
      const { data } = await graph.run(admin, 'query ($id: ID) { pppActives(routerId: $id) { nodes { stale } } routerResource(routerId: $id) { uptimeSeconds } }', { id });
      return data && data.routerResource.uptimeSeconds > 1 && data.pppActives.nodes.every(({ stale }: { stale: boolean }) => !stale) ? true : undefined;
    });
    await router.simulator.reboot();
    const records = await recorded({ routerId: id, name: 'demo-bob' }, (found) => found.length === 2);
    expect(records[1]).toMatchObject({ id: up.id, endReason: 'ROUTER_REBOOTED' });
    expect(records[0]).toMatchObject({ endedAt: null });
  });

  it('ends a session on a router that is away when the same user comes up on another', async () => {
    const [first, second] = [await routerOfTest('ghosted'), await routerOfTest('elsewhere')];
    const firstId = await graph.reachable(admin, first);
    await upAndRecorded(firstId, 'demo-carol');
    await first.simulator.faults.set({ unreachable: true });
    await eventually('the router to be known away', 15_000, async () => ((await graph.data(admin, 'query ($id: ID!) { router(id: $id) { status { reachable } } }', { id: firstId })).router.status.reachable === false ? true : undefined));
    const secondId = await graph.reachable(admin, second);
    await upAndRecorded(secondId, 'demo-carol');
    second.simulator.hangUp('demo-carol');
    const [ghost] = await recorded({ routerId: firstId, name: 'demo-carol' }, (found) => found[0]?.endedAt != null);
    expect(ghost).toMatchObject({ endReason: 'GHOST' });
    // It was there all the time: the router is back with it.
    await first.simulator.faults.clear();
    await recorded({ routerId: firstId, name: 'demo-carol' }, (found) => found.length === 1 && found[0]!.id === ghost!.id && found[0]!.endedAt === null);
  });

  it('keeps the records of a router that is removed', async () => {
    const router = await routerOfTest('removed');
    const id = await graph.reachable(admin, router);
    await upAndRecorded(id, 'demo-bob');
    await graph.data(admin, 'mutation ($id: ID!) { removeRouter(input: { id: $id }) { id } }', { id });
    const [record] = await recorded({ routerId: id, name: 'demo-bob' }, (found) => found[0]?.endedAt != null);
    expect(record).toMatchObject({ endReason: 'ROUTER_REMOVED', router: null });
  });

  it('refuses what is no address, and an unknown router', async () => {
    for (const address of ['', 'nonsense', '10.0.0.0/8', 'fe80::1%eth0']) {
      expect(await graph.fault(admin, AT, { address })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['address'] });
      expect(await graph.fault(admin, HISTORY, { filter: { address } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['address'] });
    }
    expect(await graph.fault(admin, AT, { address: '10.0.0.1', routerId: uuidv7() })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(admin, HISTORY, { after: 'nonsense' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['after'] });
    expect(await graph.fault(member(TENANT, 'router:read'), HISTORY, {})).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('the upkeep of the history', () => {
  const record = (routerId: string, startedAt: Date, endedAt: Date | null): SessionRecord => ({
    id: uuidv7(), routerId, serviceId: null, name: 'long-ago', address: '10.1.1.1', callerId: null, protocol: 'pppoe', sessionId: '0x1', routerosId: '*1',
    startedAt, endedAt, endReason: endedAt ? SessionEndReason.DISCONNECTED : null, observedAt: startedAt, source: 'LISTEN',
  });
  const DAY = 86_400_000;

  it('drops the months whose sessions have all ended long ago, and no other', async () => {
    const { db } = graph.kit;
    const routerId = uuidv7();
    const now = Date.now();
    const upkeep = makeHistoryUpkeep({ db, clock: graph.clock, log: silentLogger });
    const [old, lasting] = [new Date(now - (KEEP_HISTORY_DAYS + 200) * DAY), new Date(now - (KEEP_HISTORY_DAYS + 100) * DAY)];
    await upkeep.makeMonths([old, lasting]);
    await db.write(TENANT, async (tx) => {
      await insert(tx, TENANT, [record(routerId, old, new Date(old.getTime() + DAY)), { ...record(routerId, lasting, null), sessionId: '0x2' }]);
    });
    expect(await historyOf({ routerId })).toHaveLength(2);
    upkeep.start();
    await recorded({ routerId }, (found) => found.length === 1);
    await upkeep.stop();
    expect((await historyOf({ routerId }))[0]).toMatchObject({ startedAt: lasting.toISOString(), endedAt: null });
    await db.write(TENANT, (tx) => closeAll(tx, routerId, new Date(), SessionEndReason.ROUTER_REMOVED));
  });

  it('ends the sessions of a router that has been away for long, as of when it was lost', async () => {
    const router = await routerOfTest('lost');
    const id = await graph.reachable(admin, router);
    await upAndRecorded(id, 'demo-bob');
    await router.simulator.faults.set({ unreachable: true });
    const seen = await eventually('the router to be known away', 15_000, async () => {
      const { status } = (await graph.data(admin, 'query ($id: ID!) { router(id: $id) { status { reachable observedAt } } }', { id })).router;
      return status.reachable === false ? status : undefined;
    });
    expect(seen.reachable).toBe(false);
    const upkeep = makeHistoryUpkeep({ db: graph.kit.db, clock: { now: () => new Date(Date.now() + ROUTER_LOST_AFTER_MS + 60_000) }, log: silentLogger });
    await eventually('the loss to be kept', 10_000, async () => {
      upkeep.start();
      await upkeep.stop();
      const [bob] = await historyOf({ routerId: id, name: 'demo-bob' });
      return bob!.endReason === 'ROUTER_LOST' ? true : undefined;
    });
    expect(await graph.kit.db.read(TENANT, (tx) => openOfRouter(tx, id))).toEqual([]);
  });
});

describe('a process that takes over', () => {
  it('shows what was last seen of a router that is away, and finds what happened meanwhile when it is back', async () => {
    const own = await startNetwork();
    onTestFinished(() => own.stop());
    const router = await routerOfTest('taken-over');
    const id = await own.reachable(admin, router);
    await eventually('the homes to be recorded', 15_000, async () => ((await own.data(admin, HISTORY, { filter: { routerId: id, open: true } })).pppSessionHistory.totalCount === 3 ? true : undefined));
    await own.running.stop();
    await onConsole(router, async (session) => {
      const [row] = await session.print('/ppp/secret', { where: { name: 'demo-bob' } });
      await session.command('/ppp/secret/set', { '.id': row!['.id']!, disabled: true });
    });
    router.simulator.hangUp('demo-bob');
    await router.simulator.faults.set({ unreachable: true });

    const next = await successor(own);
    onTestFinished(() => next.stop());
    const tail = own.kit.bus.tail({ tenantId: TENANT, types: ['network.session.down'] });
    await next.start();
    const subgraph = localSubgraph({ name: 'network', schema: next.schema, loaders: next.loaders, log: silentLogger });
    const ask = async (query: string) => (await subgraph.execute({ query, principal: admin, requestId: 'test', variables: { id } })).data as Record<string, unknown> | null;
    const rows = await eventually('what was last seen', 15_000, async () => {
      const list = (await ask('query ($id: ID) { pppActives(routerId: $id) { nodes { name stale } } }'))?.pppActives as { nodes: Array<{ name: string; stale: boolean }> } | null;
      return list?.nodes.length === 3 ? list.nodes : undefined;
    });
    expect(rows.every(({ stale }) => stale)).toBe(true);
    await router.simulator.faults.clear();
    const { value } = (await tail.next()) as { value: { payload: object } };
    expect(value.payload).toMatchObject({ name: 'demo-bob', source: 'RECONCILE' });
    await eventually('his session to be ended', 10_000, async () => {
      const [bob] = (await own.data(admin, HISTORY, { filter: { routerId: id, name: 'demo-bob' } })).pppSessionHistory.nodes as Shown[];
      return bob!.endReason === 'RECONCILED' ? true : undefined;
    });
    await tail.return?.();
  });
});
