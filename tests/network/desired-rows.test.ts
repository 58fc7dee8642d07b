import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { rawOf } from '#subgraphs/network/routeros/session.ts';
import { eventually } from '../support/eventually.ts';
import { desiredRows, ADOPT_POOL, ADOPT_QUEUE, byHand, CREATE_POOL, CREATE_QUEUE, GET_POOL, GET_QUEUE, idOf, type Item, madeByHand, MOVE_QUEUE, movedByHand, named, PLAN_ROUTER, POOLS, poolsOn, QUEUES, queuesOn, RELEASE_POOL, RELEASE_QUEUE, REMOVE_POOL, REMOVE_QUEUE, rowsOf, UPDATE_POOL, UPDATE_QUEUE } from './desired-rows-harness.ts';
import { admin, member, onConsole, OTHER_TENANT, startNetwork, stranger, TENANT, type NetworkHarness } from './network-harness.ts';

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

const { act, fault, plan, bringIntoLine, check, routerNamed, queued } = desiredRows(() => graph);

describe('what is wished for', () => {
  it('is kept without asking the router, and shown in the forms of direct rows', async () => {
    const { router, routerId } = await routerNamed('kept');
    await router.simulator.faults.set({ hang: true });
    const pool = await act(CREATE_POOL, { routerId, name: 'homes', ranges: '10.1.0.2-10.1.0.254', note: 'first floor' });
    expect(pool).toMatchObject({ name: 'homes', ranges: '10.1.0.2-10.1.0.254', nextPool: null, note: 'first floor', adopted: false, pending: true, appliedAt: null, router: { id: routerId } });
    const queue = await act(CREATE_QUEUE, { routerId, name: 'shop', target: '10.0.0.50', maxLimit: '10M/20000k', burstTime: '8s', priority: '1', parent: 'none', disabled: true });
    expect(queue).toMatchObject({ position: 0, target: '10.0.0.50', maxLimit: '10M/20M', burstTime: '8s/8s', priority: '1/1', queueType: 'default-small/default-small', limitAt: null, parent: null, dst: null, disabled: true });
    expect(await act(UPDATE_QUEUE, { id: queue.id, maxLimit: '', disabled: false, note: 'a shop' })).toMatchObject({ maxLimit: null, disabled: false, note: 'a shop', target: '10.0.0.50', priority: '1/1' });
    expect((await graph.data(admin, GET_QUEUE, { id: queue.id })).row).toMatchObject({ note: 'a shop' });
    expect((await graph.data(admin, GET_POOL, { id: pool.id })).row).toEqual(pool);
    await router.simulator.faults.clear();
  });

  it('is listed by router, name and order, page by page', async () => {
    const { routerId } = await routerNamed('listed');
    for (const name of ['c', 'a', 'b']) {
      await act(CREATE_QUEUE, { routerId, name, target: '10.0.0.1' });
      await act(CREATE_POOL, { routerId, name: `pool-${name}`, ranges: '10.2.0.0/24' });
    }
    const list = async (document: string, variables: object = {}) => (await graph.data(admin, document, { filter: { routerId }, ...variables })).list;
    const names = ({ nodes }: { nodes: Array<{ name: string }> }) => nodes.map(({ name }) => name);
    expect(names(await list(QUEUES))).toEqual(['c', 'a', 'b']);
    expect(names(await list(QUEUES, { orderBy: [{ field: 'NAME', direction: 'DESC' }] }))).toEqual(['c', 'b', 'a']);
    expect(names(await list(POOLS, { orderBy: [{ field: 'NAME' }] }))).toEqual(['pool-a', 'pool-b', 'pool-c']);
    expect(names(await list(POOLS, { filter: { routerId, name: { contains: 'L-B' } } }))).toEqual(['pool-b']);
    expect(await list(POOLS, { filter: { routerId, applied: true } })).toMatchObject({ totalCount: 0, nodes: [] });
    const page = await list(QUEUES, { first: 2 });
    expect(page).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(names(await list(QUEUES, { first: 2, after: page.pageInfo.endCursor }))).toEqual(['b']);
  });

  it('is put elsewhere in its order', async () => {
    const { routerId } = await routerNamed('places');
    const other = await routerNamed('other-places');
    const [a, b, c] = [await act(CREATE_QUEUE, { routerId, name: 'a', target: '10.0.0.1' }), await act(CREATE_QUEUE, { routerId, name: 'b', target: '10.0.0.1' }), await act(CREATE_QUEUE, { routerId, name: 'c', target: '10.0.0.1' })];
    const order = async () => (await graph.data(admin, QUEUES, { filter: { routerId } })).list.nodes.map(({ name }: { name: string }) => name);
    await act(MOVE_QUEUE, { id: c.id, before: a.id });
    expect(await order()).toEqual(['c', 'a', 'b']);
    await act(MOVE_QUEUE, { id: c.id, before: b.id });
    expect(await order()).toEqual(['a', 'c', 'b']);
    await act(MOVE_QUEUE, { id: a.id });
    expect(await order()).toEqual(['c', 'b', 'a']);
    const elsewhere = await act(CREATE_QUEUE, { routerId: other.routerId, name: 'a', target: '10.0.0.1' });
    expect(await fault(MOVE_QUEUE, { id: a.id, before: elsewhere.id })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['before'] });
    expect(await fault(MOVE_QUEUE, { id: a.id, before: a.id })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['before'] });
    expect(await fault(MOVE_QUEUE, { id: a.id, before: uuidv7() })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('names what is wrong with it', async () => {
    const { routerId } = await routerNamed('wrong');
    await act(CREATE_POOL, { routerId, name: 'taken', ranges: '10.0.0.0/24' });
    expect(await fault(CREATE_POOL, { routerId, name: 'taken', ranges: '10.0.0.0/24' })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await fault(CREATE_POOL, { routerId, name: '*1', ranges: 'everywhere', note: `headend:${TENANT}:pool:x` })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['name', 'note', 'ranges'] });
    expect(await fault(CREATE_POOL, { routerId, name: '', ranges: '' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['name', 'ranges'] });
    expect(await fault(CREATE_POOL, { routerId, name: 'self', ranges: '10.0.0.0/24', nextPool: 'self' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['nextPool'] });
    expect(await fault(CREATE_QUEUE, { routerId, name: 'q', target: '10.0.0.300', maxLimit: 'fast', priority: '9', burstTime: 'soon' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['burstTime', 'maxLimit', 'priority', 'target'] });
    expect(await fault(CREATE_QUEUE, { routerId, name: 'q', target: '10.0.0.3', maxLimit: '10M/10M', limitAt: '5M/20M' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['limitAt'] });
    for (const name of ['a'.repeat(201), 'a\u0000b', '\ud800', '%_*?\r\n']) expect(await fault(CREATE_POOL, { routerId, name, ranges: '10.0.0.0/24' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['name'] });
    for (const name of ['😀'.repeat(100), '\u202e', "'; drop table network.routers; --"]) expect((await act(CREATE_QUEUE, { routerId, name, target: name, parent: name === '\u202e' ? '' : 'nobody', note: '😀' })).name).toBe(name);
    const a = await act(CREATE_QUEUE, { routerId, name: 'a', target: '10.0.0.3', parent: 'b' });
    await act(CREATE_QUEUE, { routerId, name: 'b', target: '10.0.0.3', parent: 'c' });
    expect(await fault(CREATE_QUEUE, { routerId, name: 'c', target: '10.0.0.3', parent: 'a' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['parent'] });
    expect(await fault(UPDATE_QUEUE, { id: a.id, name: 'b' })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await fault(UPDATE_QUEUE, { id: a.id, limitAt: '5M', maxLimit: '1M' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['limitAt'] });
    expect(await fault(CREATE_POOL, { routerId: uuidv7(), name: 'x', ranges: '10.0.0.0/24' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await fault(UPDATE_POOL, { id: uuidv7(), name: 'x' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await fault(ADOPT_POOL, { routerId })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['name'] });
    expect(await fault(ADOPT_POOL, { routerId, name: 'nobody' })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is made once per idempotency key', async () => {
    const { routerId } = await routerNamed('once');
    const input = { routerId, name: 'one', ranges: '10.0.0.0/24', idempotencyKey: 'pool-1' };
    const first = await act(CREATE_POOL, input);
    expect(await act(CREATE_POOL, input)).toEqual(first);
    expect(await fault(CREATE_POOL, { ...input, ranges: '10.0.1.0/24' })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
  });

  it('is one\'s own tenant\'s, and changed by who may', async () => {
    const { routerId } = await routerNamed('private');
    const pool = await act(CREATE_POOL, { routerId, name: 'p', ranges: '10.0.0.0/24' });
    const queue = await act(CREATE_QUEUE, { routerId, name: 'q', target: '10.0.0.1' });
    for (const [document, id] of [[GET_POOL, pool.id], [GET_QUEUE, queue.id]]) expect(await graph.fault(stranger, document!, { id })).toMatchObject({ code: 'NOT_FOUND' });
    for (const [document, input] of [[CREATE_POOL, { routerId, name: 'x', ranges: '10.0.0.0/24' }], [UPDATE_POOL, { id: pool.id }], [REMOVE_POOL, { id: pool.id }], [RELEASE_POOL, { id: pool.id }], [ADOPT_POOL, { routerId, name: 'pool-pppoe' }], [CREATE_QUEUE, { routerId, name: 'x', target: '10.0.0.1' }], [MOVE_QUEUE, { id: queue.id }], [REMOVE_QUEUE, { id: queue.id }], [RELEASE_QUEUE, { id: queue.id }]] as const) {
      expect(await fault(document, input, stranger)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await fault(document, input, member(TENANT, 'router:read', 'queue:read'))).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect((await graph.data(member(OTHER_TENANT, '*'), POOLS)).list.totalCount).toBe(0);
    expect(await graph.fault(member(TENANT, 'queue:read'), POOLS)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(member(TENANT, 'queue:read', 'router:read'), QUEUES, { filter: { routerId } })).toMatchObject({ code: 'OK' });
    expect((await graph.data(admin, GET_POOL, { id: pool.id })).row).toEqual(pool);
  });
});

describe('a row that is taken over', () => {
  it('comes into the database as it stands; on the router only the mark is new, also when it is asked for again', async () => {
    const { router, routerId } = await routerNamed('adopted');
    await byHand(router, '/ip/pool', 'pool-pppoe', { comment: 'since 2012' });
    const before = named(poolsOn(router), 'pool-pppoe')!;
    const pool = await act(ADOPT_POOL, { routerId, name: 'pool-pppoe' });
    expect(pool).toMatchObject({ name: 'pool-pppoe', ranges: before['ranges'], note: 'since 2012', adopted: true, pending: false, appliedAt: expect.any(String) });
    expect(named(poolsOn(router), 'pool-pppoe')).toEqual({ ...before, comment: `headend:${TENANT}:pool:${pool.id} since 2012` });
    expect(await act(ADOPT_POOL, { routerId, name: 'pool-pppoe' })).toEqual(pool);
    expect(rowsOf(await plan(routerId))).toEqual([]);
    await byHand(router, '/ip/pool', 'pool-pppoe', { ranges: '10.1.1.1' });
    expect(await check(routerId)).toMatchObject({ inSync: false, drifting: 1 });
    await bringIntoLine(routerId);
    expect(named(poolsOn(router), 'pool-pppoe')).toMatchObject({ ranges: before['ranges'] });
  });

  it('keeps its place: nothing has to be moved', async () => {
    const { router, routerId, ids } = await queued('adopted-queues', 'a', 'b');
    await madeByHand(router, '/queue/simple', { name: 'old', target: '10.0.0.0/24', 'max-limit': '10M/20M', parent: 'a', priority: '1/2', 'burst-time': '8s/8s', disabled: 'yes' }, { name: 'last', target: '10.0.0.2' });
    await movedByHand(router, 'old', 'b');
    const rowId = (await graph.data(admin, 'query ($routerId: ID) { simpleQueues(routerId: $routerId) { nodes { id name } } }', { routerId })).simpleQueues.nodes.find(({ name }: { name: string }) => name === 'last').id;
    expect(await act(ADOPT_QUEUE, { routerId, name: 'old' })).toMatchObject({ target: '10.0.0.0/24', maxLimit: '10M/20M', parent: 'a', priority: '1/2', burstTime: '8s/8s', disabled: true, note: null, pending: false });
    await act(ADOPT_QUEUE, { routerId, rowId });
    expect((await graph.data(admin, QUEUES, { filter: { routerId } })).list.nodes.map(({ name }: { name: string }) => name)).toEqual(['a', 'old', 'b', 'last']);
    expect(rowsOf(await plan(routerId))).toEqual([]);
    expect(await fault(ADOPT_QUEUE, { routerId, name: 'a' })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(ids['a']).toBeDefined();
  });

  it('is refused when it is owned, or the router made it itself, or the wish of its name is another', async () => {
    const { router, routerId } = await routerNamed('refused');
    await madeByHand(router, '/ip/pool', { name: 'theirs', ranges: '10.1.0.0/24', comment: `headend:${OTHER_TENANT}:pool:${uuidv7()}` }, { name: 'other', ranges: '10.1.0.0/24' });
    expect(await fault(ADOPT_POOL, { routerId, name: 'theirs' })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    await act(CREATE_POOL, { routerId, name: 'other', ranges: '10.5.0.0/24' });
    expect(await fault(ADOPT_POOL, { routerId, name: 'other' })).toMatchObject({ code: 'CONFLICT', fields: ['name'], message: expect.stringContaining('ranges') });
    const dynamic = await eventually('a queue of a session', 10_000, () => router.simulator.rows('/queue/simple').find((row) => row['dynamic'] === 'true'));
    expect(await fault(ADOPT_QUEUE, { routerId, name: dynamic['name'] })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await fault(ADOPT_QUEUE, { routerId, rowId: 'no-id' })).toMatchObject({ code: 'NOT_FOUND' });
    await router.simulator.faults.set({ unreachable: true });
    expect(await fault(ADOPT_POOL, { routerId, name: 'other' })).toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each(['before', 'after'] as const)('is brought to its end by the same call when the line was cut at its mark (%s)', async (when) => {
    const { router, routerId } = await routerNamed(`half-${when}`);
    router.simulator.faults.cutOn('/ip/pool/set', when);
    expect(await fault(ADOPT_POOL, { routerId, name: 'pool-pppoe' })).toMatchObject({ code: 'UNAVAILABLE' });
    const [half] = (await graph.data(admin, POOLS, { filter: { routerId } })).list.nodes;
    await eventually('the line to be back', 10_000, async () => ((await graph.fault(admin, PLAN_ROUTER, { input: { routerId } })).code === 'OK' ? true : undefined));
    // Half-way nothing is removed.
    expect((await plan(routerId)).counts).toMatchObject({ removals: 0, changes: 0, adds: 0 });
    expect(await act(ADOPT_POOL, { routerId, name: 'pool-pppoe' })).toMatchObject({ id: half.id, adopted: true, pending: false });
    expect(named(poolsOn(router), 'pool-pppoe')).toMatchObject({ comment: `headend:${TENANT}:pool:${half.id}` });
    expect((await graph.data(admin, POOLS, { filter: { routerId } })).list.totalCount).toBe(1);
  });

  it('is given back as it is, and taken over again', async () => {
    const { router, routerId, ids } = await queued('released', 'a', 'b');
    await act(UPDATE_QUEUE, { id: ids['a'], note: 'ours for a while' });
    await bringIntoLine(routerId);
    await byHand(router, '/queue/simple', 'a', { name: 'their-name' });
    router.simulator.faults.cutOn('/queue/simple/set', 'after');
    expect(await fault(RELEASE_QUEUE, { id: ids['a'] })).toMatchObject({ code: 'UNAVAILABLE' });
    await eventually('the line to be back', 10_000, async () => ((await graph.fault(admin, PLAN_ROUTER, { input: { routerId } })).code === 'OK' ? true : undefined));
    expect((await graph.data(admin, RELEASE_QUEUE, { input: { id: ids['a'] } })).done).toEqual({ id: ids['a'] });
    expect(named(queuesOn(router), 'their-name')).toMatchObject({ comment: 'ours for a while', 'max-limit': '10000000/20000000' });
    expect(await fault(RELEASE_QUEUE, { id: ids['a']! })).toMatchObject({ code: 'NOT_FOUND' });
    const made = await plan(routerId);
    expect(made.items.nodes.filter(({ menu }: Item) => menu === 'QUEUE').map(({ action, name }: Item) => `${action} ${name}`)).toEqual(['UNOWNED their-name']);
    expect((await act(ADOPT_QUEUE, { routerId, name: 'their-name' })).id).not.toBe(ids['a']);
    await router.simulator.faults.set({ unreachable: true });
    expect(await fault(RELEASE_QUEUE, { id: ids['b'] })).toMatchObject({ code: 'UNAVAILABLE' });
    expect((await graph.data(admin, GET_QUEUE, { id: ids['b'] })).row.id).toBe(ids['b']);
  });

  it('keeps what people wrote in bytes that are no UTF-8, there and back', async () => {
    const { router, routerId } = await routerNamed('bytes');
    await onConsole(router, async (session) => void (await session.command('/ip/pool/set', { '.id': await idOf(session, '/ip/pool', 'pool-pppoe'), comment: Buffer.from('Jos\xe9', 'latin1') })));
    const { id, note } = await act(ADOPT_POOL, { routerId, name: 'pool-pppoe' });
    expect(note).toBe('José');
    const bytes = async () => {
      let comment = '';
      await onConsole(router, async (session) => void (comment = Buffer.from(rawOf((await session.print('/ip/pool', { where: { name: 'pool-pppoe' } }))[0]!)!['comment']!).toString('latin1')));
      return comment;
    };
    expect(await bytes()).toBe(`headend:${TENANT}:pool:${id} Jos\xe9`);
    await act(UPDATE_POOL, { id, ranges: '10.1.0.0/24' });
    await bringIntoLine(routerId);
    expect(await bytes()).toBe(`headend:${TENANT}:pool:${id} Jos\xe9`);
    await graph.data(admin, RELEASE_POOL, { input: { id } });
    expect(await bytes()).toBe('Jos\xe9');
  });

  it('goes with its router, which keeps the row', async () => {
    const { router, routerId } = await routerNamed('gone');
    const pool = await act(ADOPT_POOL, { routerId, name: 'pool-pppoe' });
    await graph.data(admin, 'mutation ($input: RemoveRouterInput!) { removeRouter(input: $input) { id } }', { input: { id: routerId } });
    expect(await graph.fault(admin, GET_POOL, { id: pool.id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(named(poolsOn(router), 'pool-pppoe')).toBeDefined();
  });
});
