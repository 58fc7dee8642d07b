import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import type { RouterSession } from '#subgraphs/network/routeros/session.ts';
import { eventually } from '../support/eventually.ts';
import { desiredRows, APPLY, byHand, CREATE_POOL, CREATE_QUEUE, GET_POOL, GET_QUEUE, idOf, type Item, madeByHand, MOVE_QUEUE, movedByHand, named, orderOn, POOLS, poolsOn, QUEUES, queuesOn, REMOVE_POOL, REMOVE_QUEUE, rowsOf, UPDATE_POOL, UPDATE_QUEUE } from './desired-rows-harness.ts';
import { admin, applied, onConsole, provisioned, startNetwork, TENANT, type NetworkHarness } from './network-harness.ts';

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

const { act, fault, plan, begin, reaches, bringIntoLine, check, openAlerts, routerNamed, queued } = desiredRows(() => graph);

describe('a plan with pools and queues', () => {
  it('makes what is missing, each after what it leans on, with our mark; then nothing is left to do', async () => {
    const { router, routerId } = await routerNamed('made');
    await madeByHand(router, '/queue/simple', { name: 'by-hand', target: '10.9.0.0/16' });
    const spare = await act(CREATE_POOL, { routerId, name: 'a-first', ranges: '10.1.0.2-10.1.0.254', nextPool: 'b-second', note: 'first floor' });
    await act(CREATE_POOL, { routerId, name: 'b-second', ranges: '10.2.0.0/24', nextPool: 'pool-pppoe' });
    const child = await act(CREATE_QUEUE, { routerId, name: 'child', target: '10.0.0.5', parent: 'whole', maxLimit: '5M/5M', burstLimit: '8M', burstThreshold: '4M', burstTime: '8s' });
    await act(CREATE_QUEUE, { routerId, name: 'whole', target: '10.0.0.0/24', maxLimit: '100M/100M' });
    const made = await plan(routerId);
    expect(made.counts).toMatchObject({ adds: 4, changes: 0, moves: 0, conflicts: 0, pending: 4 });
    expect(rowsOf(made)).toEqual(['ADD POOL b-second', 'ADD POOL a-first', 'ADD QUEUE whole', 'ADD QUEUE child']);
    expect(made.items.nodes.find(({ name }: Item) => name === 'a-first')).toMatchObject({
      desiredId: spare.id, pending: true,
      fields: [{ field: 'ranges', from: null, to: '10.1.0.2-10.1.0.254' }, { field: 'next-pool', from: null, to: 'b-second' }, { field: 'comment', from: null, to: 'first floor' }],
    });
    expect(await bringIntoLine(routerId)).toEqual(['DONE ADD POOL b-second', 'DONE ADD POOL a-first', 'DONE ADD QUEUE whole', 'DONE ADD QUEUE child']);
    expect(named(poolsOn(router), 'a-first')).toMatchObject({ ranges: '10.1.0.2-10.1.0.254', 'next-pool': 'b-second', comment: `headend:${TENANT}:pool:${spare.id} first floor` });
    expect(named(queuesOn(router), 'child')).toMatchObject({ parent: 'whole', 'max-limit': '5000000/5000000', comment: `headend:${TENANT}:queue:${child.id}` });
    // In their order among each other, wherever the others stand.
    expect(orderOn(router)).toEqual(['by-hand', 'child', 'whole']);
    expect((await plan(routerId)).counts).toMatchObject({ adds: 0, changes: 0, moves: 0, removals: 0, conflicts: 0, pending: 0 });
    expect((await graph.data(admin, GET_POOL, { id: spare.id })).row).toMatchObject({ pending: false, appliedAt: expect.any(String) });
    // Direct commands leave them alone.
    const pools = await graph.data(admin, 'query ($routerId: ID) { ipPools(routerId: $routerId, filter: { name: { equals: "a-first" } }) { nodes { id } } }', { routerId });
    expect(await graph.fault(admin, 'mutation ($input: DeleteIpPoolInput!) { deleteIpPool(input: $input) { id } }', { input: { routerId, id: pools.ipPools.nodes[0].id } })).toMatchObject({ code: 'CONFLICT', fields: ['id'], message: expect.stringContaining('desired pool') });
  });

  it('lets a profile draw from a pool that it makes first', async () => {
    const { router, routerId } = await routerNamed('chained');
    const subscriber = await provisioned(graph, routerId, { plan: { id: uuidv7(), code: 'chained', remotePool: 'fresh' } });
    expect(rowsOf(await plan(routerId))).toEqual(['CONFLICT PROFILE headend-chained', `CONFLICT SECRET ${subscriber.username}`]);
    await act(CREATE_POOL, { routerId, name: 'fresh', ranges: '10.7.0.0/24' });
    expect(await bringIntoLine(routerId)).toEqual(['DONE ADD POOL fresh', 'DONE ADD PROFILE headend-chained', `DONE ADD SECRET ${subscriber.username}`]);
    expect(named(router.simulator.rows('/ppp/profile'), 'headend-chained')).toMatchObject({ 'remote-address': 'fresh' });
  });

  it('wins back what somebody has changed, renamed or removed by hand; that is drift, a wish that waits is none', async () => {
    const { router, routerId, ids } = await queued('drifted', 'a', 'b', 'c');
    await act(CREATE_POOL, { routerId, name: 'homes', ranges: '10.1.0.2-10.1.0.254' });
    expect(await check(routerId)).toMatchObject({ inSync: true, drifting: 0, counts: { adds: 1, pending: 1 } });
    await bringIntoLine(routerId);
    await act(UPDATE_QUEUE, { id: ids['c'], maxLimit: '30M/30M' });
    expect(await check(routerId)).toMatchObject({ inSync: true, drifting: 0, counts: { changes: 1, pending: 1 } });
    expect(await openAlerts(routerId)).toEqual([]);
    await byHand(router, '/ip/pool', 'homes', { ranges: '10.1.0.2', name: 'their-name' });
    await byHand(router, '/queue/simple', 'a', { 'max-limit': '1M/1M', target: '10.0.0.9', disabled: 'yes', dst: '10.3.0.0/24', comment: `headend:${TENANT}:queue:${ids['a']} call before noon` });
    await onConsole(router, async (session) => void (await session.command('/queue/simple/remove', { '.id': await idOf(session, '/queue/simple', 'b') })));
    const drift = await check(routerId);
    expect(drift).toMatchObject({ inSync: false, drifting: 3, counts: { adds: 1, changes: 3, pending: 1 } });
    const fieldsOf = (name: string) => drift.items.nodes.find((item: Item) => item.name === name).fields;
    expect(fieldsOf('their-name')).toEqual([{ field: 'name', from: 'their-name', to: 'homes' }, { field: 'ranges', from: '10.1.0.2', to: '10.1.0.2-10.1.0.254' }]);
    expect(fieldsOf('a')).toEqual([
      { field: 'target', from: '10.0.0.9/32', to: '10.0.0.1' },
      { field: 'dst', from: '10.3.0.0/24', to: null },
      { field: 'max-limit', from: '1000000/1000000', to: '10000000/20000000' },
      { field: 'disabled', from: 'true', to: 'no' },
    ]);
    expect(await openAlerts(routerId)).toHaveLength(1);
    await bringIntoLine(routerId);
    expect(named(poolsOn(router), 'homes')).toMatchObject({ ranges: '10.1.0.2-10.1.0.254' });
    expect(named(queuesOn(router), 'a')).toMatchObject({ target: '10.0.0.1/32', 'max-limit': '10000000/20000000', disabled: 'false', comment: expect.stringContaining('call before noon') });
    expect(named(queuesOn(router), 'c')).toMatchObject({ 'max-limit': '30000000/30000000' });
    // What is missing comes back to its place.
    expect(orderOn(router)).toEqual(['a', 'b', 'c']);
    await eventually('the alert to be cleared', 20_000, async () => ((await openAlerts(routerId)).length === 0 ? true : undefined));
  });

  it('renames on the router what gets another name, and what leans on it follows', async () => {
    const { router, routerId } = await routerNamed('renamed');
    const pool = await act(CREATE_POOL, { routerId, name: 'old', ranges: '10.1.0.0/24' });
    await act(CREATE_POOL, { routerId, name: 'front', ranges: '10.2.0.0/24', nextPool: 'old' });
    const whole = await act(CREATE_QUEUE, { routerId, name: 'whole', target: '10.0.0.0/24' });
    const part = await act(CREATE_QUEUE, { routerId, name: 'part', target: '10.0.0.5', parent: 'whole' });
    await bringIntoLine(routerId);
    await act(UPDATE_POOL, { id: pool.id, name: 'new', note: 'renamed' });
    await act(UPDATE_QUEUE, { id: whole.id, name: 'all' });
    await act(UPDATE_QUEUE, { id: part.id, maxLimit: '1M/1M' });
    expect((await graph.data(admin, GET_QUEUE, { id: part.id })).row).toMatchObject({ parent: 'all' });
    expect(rowsOf(await plan(routerId))).toEqual(['CHANGE POOL old', 'CHANGE QUEUE whole', 'CHANGE QUEUE part']);
    await bringIntoLine(routerId);
    expect(named(poolsOn(router), 'front')).toMatchObject({ 'next-pool': 'new' });
    expect(named(poolsOn(router), 'new')).toMatchObject({ comment: `headend:${TENANT}:pool:${pool.id} renamed` });
    expect(named(queuesOn(router), 'part')).toMatchObject({ parent: 'all', 'max-limit': '1000000/1000000' });
    expect(queuesOn(router)).toHaveLength(2);
    expect((await plan(routerId)).counts).toMatchObject({ changes: 0, adds: 0, removals: 0 });
    // By name alone the front pool was never written again, and is as it is wished for all the same.
    await check(routerId);
    const front = (await graph.data(admin, POOLS, { filter: { routerId, name: { equals: 'front' } } })).list.nodes[0];
    expect(front).toMatchObject({ nextPool: 'new', pending: false });
  });

  it('moves as few queues as it takes, and none of the others', async () => {
    const { router, routerId, ids } = await queued('moved', 'a', 'b', 'c', 'd', 'e');
    await madeByHand(router, '/queue/simple', { name: 'theirs-1', target: '10.9.0.1' }, { name: 'theirs-2', target: '10.9.0.2' });
    await movedByHand(router, 'theirs-1', 'b');
    await movedByHand(router, 'theirs-2', 'd');
    expect((await plan(routerId)).counts).toMatchObject({ moves: 0 });
    await movedByHand(router, 'e', 'a');
    await movedByHand(router, 'b');
    expect(orderOn(router)).toEqual(['e', 'a', 'theirs-1', 'c', 'theirs-2', 'd', 'b']);
    const drift = await check(routerId);
    expect(drift).toMatchObject({ inSync: false, counts: { moves: 2, adds: 0, changes: 0 } });
    const made = await plan(routerId, { maxChanges: 1 });
    expect(made).toMatchObject({ withinLimits: false });
    expect(made.items.nodes.filter(({ action }: Item) => action === 'MOVE')).toMatchObject([
      { name: 'e', desiredId: ids['e'], fields: [{ field: 'before', from: 'a', to: null }] },
      { name: 'b', desiredId: ids['b'], fields: [{ field: 'before', from: null, to: 'c' }] },
    ]);
    expect(await fault(APPLY, { hash: made.hash })).toMatchObject({ code: 'CONFLICT', fields: ['maxChanges'] });
    expect(await bringIntoLine(routerId, { maxChanges: 2 })).toEqual(['DONE MOVE QUEUE e', 'DONE MOVE QUEUE b']);
    const order = orderOn(router);
    expect(order.filter((name) => !name!.startsWith('theirs'))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(order.filter((name) => name!.startsWith('theirs'))).toEqual(['theirs-1', 'theirs-2']);
    expect(order.indexOf('theirs-1')).toBeLessThan(order.indexOf('c'));
    expect((await plan(routerId)).counts).toMatchObject({ moves: 0, changes: 0 });
  });

  it('puts a new queue where it is to stand, and an order that waits for a plan is no drift', async () => {
    const { router, routerId, ids } = await queued('inserted', 'a', 'b', 'c');
    await madeByHand(router, '/queue/simple', { name: 'rest', target: '0.0.0.0/0' });
    const late = await act(CREATE_QUEUE, { routerId, name: 'late', target: '10.0.0.7' });
    const x = await act(CREATE_QUEUE, { routerId, name: 'x', target: '10.0.0.7' });
    const y = await act(CREATE_QUEUE, { routerId, name: 'y', target: '10.0.0.7' });
    await act(MOVE_QUEUE, { id: x.id, before: ids['b'] });
    await act(MOVE_QUEUE, { id: y.id, before: ids['b'] });
    await act(MOVE_QUEUE, { id: ids['a'], before: late.id });
    expect(await check(routerId)).toMatchObject({ inSync: true, counts: { adds: 3, moves: 1, pending: 4 } });
    expect(await bringIntoLine(routerId)).toEqual(['DONE ADD QUEUE x', 'DONE ADD QUEUE y', 'DONE ADD QUEUE late', 'DONE MOVE QUEUE a']);
    // Behind the last of ours, and not behind what catches the rest.
    expect(orderOn(router)).toEqual(['x', 'y', 'b', 'c', 'a', 'late', 'rest']);
    await check(routerId);
    await movedByHand(router, 'x', 'rest');
    expect(await check(routerId)).toMatchObject({ inSync: false, counts: { moves: 1, pending: 0 } });
  });

  it('leaves alone what has our name without our mark, and says so', async () => {
    const { router, routerId } = await routerNamed('foreign');
    await madeByHand(router, '/queue/simple', { name: 'theirs', target: '10.9.0.1' });
    await act(CREATE_POOL, { routerId, name: 'pool-pppoe', ranges: '10.1.0.0/24' });
    await act(CREATE_QUEUE, { routerId, name: 'theirs', target: '10.0.0.1' });
    await act(CREATE_QUEUE, { routerId, name: 'orphan', target: '10.0.0.1', parent: 'nobody' });
    await act(CREATE_POOL, { routerId, name: 'lost', ranges: '10.1.0.0/24', nextPool: 'nobody' });
    const before = [poolsOn(router), queuesOn(router)];
    const made = await plan(routerId);
    expect(made.items.nodes.filter(({ action }: Item) => action === 'CONFLICT').map(({ name, reason }: Item) => `${name} ${reason!.code}`)).toEqual(['lost NETWORK_UNKNOWN_POOL', 'pool-pppoe NETWORK_FOREIGN_POOL', 'orphan NETWORK_UNKNOWN_QUEUE', 'theirs NETWORK_FOREIGN_QUEUE']);
    expect(await bringIntoLine(routerId)).toEqual([]);
    expect([poolsOn(router), queuesOn(router)]).toEqual(before);
  });

  it('removes what nobody wishes for any more, leaves first, within its limit; until then that is no drift', async () => {
    const { router, routerId } = await routerNamed('removed');
    const rows = [await act(CREATE_POOL, { routerId, name: 'a', ranges: '10.1.0.0/24' }), await act(CREATE_POOL, { routerId, name: 'b', ranges: '10.2.0.0/24', nextPool: 'a' })];
    const whole = await act(CREATE_QUEUE, { routerId, name: 'whole', target: '10.0.0.0/24' });
    const part = await act(CREATE_QUEUE, { routerId, name: 'part', target: '10.0.0.5', parent: 'whole' });
    await bringIntoLine(routerId);
    for (const { id } of rows) await act(REMOVE_POOL, { id });
    for (const { id } of [whole, part]) await act(REMOVE_QUEUE, { id });
    expect(await graph.fault(admin, GET_POOL, { id: rows[0].id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await check(routerId)).toMatchObject({ inSync: true, counts: { removals: 4, pending: 4 } });
    const made = await plan(routerId, { maxRemovals: 3 });
    expect(rowsOf(made)).toEqual(['REMOVE QUEUE part', 'REMOVE QUEUE whole', 'REMOVE POOL b', 'REMOVE POOL a']);
    expect(await fault(APPLY, { hash: made.hash })).toMatchObject({ code: 'CONFLICT', fields: ['maxRemovals'] });
    await bringIntoLine(routerId, { maxRemovals: 4 });
    expect(poolsOn(router).map(({ name }) => name)).toEqual(['pool-pppoe']);
    expect(queuesOn(router)).toEqual([]);
    // A name is free again, and what comes back from a backup with our mark is drift.
    await act(CREATE_POOL, { routerId, name: 'a', ranges: '10.1.0.0/24' });
    await madeByHand(router, '/ip/pool', { name: 'b', ranges: '10.2.0.0/24', comment: `headend:${TENANT}:pool:${rows[1].id}` });
    expect(await check(routerId)).toMatchObject({ inSync: false, drifting: 1, counts: { adds: 1, removals: 1 } });
  });

  it('does not remove a pool that somebody draws from, nor a queue with others below it', async () => {
    const { router, routerId } = await routerNamed('in-use');
    const ids: string[] = [];
    for (const name of ['of-profile', 'of-ours', 'of-next', 'of-chain', 'of-nobody']) ids.push((await act(CREATE_POOL, { routerId, name, ranges: '10.1.0.0/24'})).id);
    const queue = await act(CREATE_QUEUE, { routerId, name: 'whole', target: '10.0.0.0/24' });
    await bringIntoLine(routerId);
    await applied(graph, await provisioned(graph, routerId, { plan: { id: uuidv7(), code: 'user', remotePool: 'of-ours' } }));
    await madeByHand(router, '/ppp/profile', { name: 'theirs', 'remote-address': 'of-profile', 'local-address': '10.0.0.1' });
    await madeByHand(router, '/ip/pool', { name: 'their-pool', ranges: '10.8.0.0/24', 'next-pool': 'of-next' });
    await byHand(router, '/ip/pool', 'of-next', { 'next-pool': 'of-chain' });
    await madeByHand(router, '/queue/simple', { name: 'their-part', target: '10.0.0.9', parent: 'whole' });
    for (const id of ids) await act(REMOVE_POOL, { id });
    await act(REMOVE_QUEUE, { id: queue.id });
    const made = await plan(routerId);
    expect(made.items.nodes.filter(({ action }: Item) => action === 'CONFLICT').map(({ name, reason }: Item) => `${name} ${reason!.code}`)).toEqual(['of-chain NETWORK_POOL_IN_USE', 'of-next NETWORK_POOL_IN_USE', 'of-ours NETWORK_POOL_IN_USE', 'of-profile NETWORK_POOL_IN_USE', 'whole NETWORK_QUEUE_IN_USE']);
    expect(await bringIntoLine(routerId)).toEqual(['DONE REMOVE POOL of-nobody']);
  });

  it('is refused when a row, or the order of ours, is another by then', async () => {
    const { router, routerId, ids } = await queued('stale', 'a', 'b', 'c');
    await byHand(router, '/queue/simple', 'a', { 'max-limit': '1M/1M' });
    const changed = await plan(routerId);
    await byHand(router, '/queue/simple', 'a', { 'max-limit': '2M/2M' });
    expect(await fault(APPLY, { hash: changed.hash })).toMatchObject({ code: 'CONFLICT', fields: ['hash'], message: expect.stringContaining('a') });
    await movedByHand(router, 'c', 'a');
    const moved = await plan(routerId);
    await movedByHand(router, 'b', 'c');
    expect(await fault(APPLY, { hash: moved.hash })).toMatchObject({ code: 'CONFLICT', fields: ['hash'] });
    const wish = await plan(routerId);
    await act(UPDATE_QUEUE, { id: ids['a'], maxLimit: '3M/3M' });
    expect(await fault(APPLY, { hash: wish.hash })).toMatchObject({ code: 'CONFLICT', fields: ['hash'] });
    await bringIntoLine(routerId);
    expect(orderOn(router)).toEqual(['a', 'b', 'c']);
  });

  it.each(['after', 'mid-reply', 'before'] as const)('makes and moves each row once when the line is cut (%s)', async (when) => {
    const { router, routerId } = await routerNamed(`cut-${when}`);
    const names = Array.from({ length: 12 }, (_, at) => `q-${String(at).padStart(2, '0')}`);
    for (const name of names) await act(CREATE_QUEUE, { routerId, name, target: '10.0.0.1' });
    await act(CREATE_POOL, { routerId, name: 'homes', ranges: '10.1.0.0/24' });
    router.simulator.faults.cutOn('/ip/pool/add', when);
    router.simulator.faults.cutOn('/queue/simple/add', when, 2);
    expect(await reaches(await begin((await plan(routerId)).hash), ['SUCCEEDED'], 60_000)).toMatchObject({ total: 13, done: 13, refused: 0, failed: 0 });
    expect(orderOn(router)).toEqual(names);
    expect(poolsOn(router).filter(({ name }) => name === 'homes')).toHaveLength(1);
    for (const name of names.slice(0, 4)) await movedByHand(router, name);
    router.simulator.faults.cutOn('/queue/simple/move', when, 2);
    expect(await reaches(await begin((await plan(routerId)).hash), ['SUCCEEDED'], 60_000)).toMatchObject({ total: 4, done: 4, refused: 0, failed: 0 });
    expect(orderOn(router)).toEqual(names);
  });

  it('stops when the router refuses a row, with its words, and goes on with the others when it is asked to', async () => {
    const { router, routerId } = await routerNamed('trapped');
    await act(CREATE_QUEUE, { routerId, name: 'a', target: '10.0.0.1' });
    router.simulator.faults.trapOn('/queue/simple/add', 'failure: no room', { times: 1 });
    const id = await begin((await plan(routerId)).hash);
    expect(await reaches(id, ['STOPPED'])).toMatchObject({ failed: 1, reason: { message: expect.stringContaining('no room') } });
    await graph.data(admin, 'mutation ($input: ResumeApplyInput!) { resumeApply(input: $input) { apply { id } } }', { input: { id } });
    expect(await reaches(id, ['SUCCEEDED'])).toMatchObject({ done: 1, failed: 0 });
  });

  it.each(['6.42', '7.21'])('works on RouterOS %s', async (version) => {
    const { router, routerId } = await routerNamed(`release-${version}`, version);
    await act(CREATE_POOL, { routerId, name: 'homes', ranges: '10.1.0.2-10.1.0.254' });
    const a = await act(CREATE_QUEUE, { routerId, name: 'a', target: '10.0.0.1', maxLimit: '1M/2M' });
    await act(CREATE_QUEUE, { routerId, name: 'b', target: '10.0.0.2' });
    await bringIntoLine(routerId);
    await act(MOVE_QUEUE, { id: a.id });
    expect(await bringIntoLine(routerId)).toEqual(['DONE MOVE QUEUE a']);
    expect(orderOn(router)).toEqual(['b', 'a']);
    expect((await plan(routerId)).counts).toMatchObject({ adds: 0, changes: 0, moves: 0 });
  });
});

describe('whatever people do, here and at the router', () => {
  const seeds = process.env['SEED'] ? [Number(process.env['SEED'])] : Array.from({ length: Number(process.env['ROUNDS'] ?? 3) }, (_, at) => at + 1);

  it.each(seeds)('a plan brings ours into line and leaves the rest alone (seed %i)', { timeout: 120_000 }, async (seed) => {
    let state = seed * 2_654_435_761;
    const dice = (sides: number): number => {
      state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
      return Math.abs(state ^ (state >>> 13)) % sides;
    };
    const one = <T>(all: readonly T[]): T => all[dice(all.length)]!;
    const { router, routerId } = await routerNamed(`any-${seed}`);
    const theirs = ['theirs-1', 'theirs-2', 'theirs-3'];
    await madeByHand(router, '/queue/simple', ...theirs.map((name) => ({ name, target: '10.9.0.0/16' })));
    await madeByHand(router, '/ip/pool', ...theirs.map((name) => ({ name, ranges: '10.9.0.0/24' })));
    const wished = async () => ({ pools: (await graph.data(admin, POOLS, { filter: { routerId }, first: 100 })).list.nodes, queues: (await graph.data(admin, QUEUES, { filter: { routerId }, first: 100 })).list.nodes }) as Record<'pools' | 'queues', Array<{ id: string; name: string; parent: string | null; nextPool: string | null }>>;
    let made = 0;
    /** What is refused changes nothing: a cycle, a name that is taken. */
    const attempt = (document: string, input: object) => graph.run(admin, document, { input });
    const wishes = [
      async () => attempt(CREATE_QUEUE, { routerId, name: `q${(made += 1)}`, target: '10.0.0.1', parent: one(['', '', ...theirs, ...(await wished()).queues.map(({ name }) => name)]) }),
      async () => attempt(CREATE_POOL, { routerId, name: `p${(made += 1)}`, ranges: '10.1.0.0/24', nextPool: one(['', ...theirs, ...(await wished()).pools.map(({ name }) => name)]) }),
      async (queue?: { id: string }, other?: { id: string }) => queue && attempt(MOVE_QUEUE, { id: queue.id, ...(other && other.id !== queue.id ? { before: other.id } : {}) }),
      async (queue?: { id: string; name: string }, other?: { name: string }) => queue && attempt(UPDATE_QUEUE, { id: queue.id, maxLimit: `${dice(9) + 1}M`, parent: one(['', other?.name ?? '']), ...(dice(3) === 0 ? { name: `${queue.name}x` } : {}) }),
      async (queue?: { id: string }) => queue && dice(2) === 0 && attempt(REMOVE_QUEUE, { id: queue.id }),
    ];
    const onRouter = (session: RouterSession) => {
      const rows = (menu: string) => router.simulator.rows(menu).filter(({ dynamic, comment }) => dynamic !== 'true' && comment?.startsWith('headend:'));
      const queue = one(rows('/queue/simple'));
      const pool = one(rows('/ip/pool'));
      return [
        async () => queue && session.command('/queue/simple/set', { '.id': queue['.id']!, 'max-limit': `${dice(9)}M/1M`, ...(dice(3) === 0 ? { name: `${queue['name']}y` } : {}) }),
        async () => queue && session.command('/queue/simple/move', { numbers: queue['.id']!, ...(dice(3) === 0 ? {} : { destination: one(router.simulator.rows('/queue/simple').filter((row) => row !== queue && row['.id'] !== queue['.id'] && row['dynamic'] !== 'true'))!['.id']! }) }),
        async () => queue && session.command('/queue/simple/remove', { '.id': queue['.id']! }),
        async () => pool && session.command('/ip/pool/set', { '.id': pool['.id']!, ranges: '10.77.0.0/24', ...(dice(3) === 0 ? { name: `${pool['name']}y` } : {}) }),
        async () => pool && session.command('/ip/pool/remove', { '.id': pool['.id']! }),
      ];
    };
    for (let round = 0; round < 6; round += 1) {
      for (let count = 0; count < 6; count += 1) {
        const { queues } = await wished();
        await one(wishes)(one(queues) as never, one(queues) as never);
      }
      await onConsole(router, async (session) => {
        for (let count = 0; count < 4; count += 1) await one(onRouter(session))();
      });
      const foreign = () => [...queuesOn(router), ...poolsOn(router)].filter(({ comment }) => !comment?.startsWith('headend:'));
      const before = foreign();
      // What a row that is gone first holds up is done by the next plan.
      for (let more = true, plans = 0; more; plans += 1) {
        expect(plans, 'plans until nothing is left to do').toBeLessThan(4);
        const { counts, hash } = await plan(routerId);
        more = counts.adds + counts.changes + counts.moves + counts.removals > 0;
        if (more) await reaches(await begin(hash), ['SUCCEEDED']);
      }
      expect(foreign()).toEqual(before);
      const idsOf = (rows: Array<Record<string, string>>) => rows.flatMap(({ comment }) => /^headend:[^:]+:(?:queue|pool):([^: ]+)/.exec(comment ?? '')?.[1] ?? []);
      const now = await wished();
      const present = idsOf(queuesOn(router));
      expect(present.filter((id) => now.queues.some((queue) => queue.id === id))).toEqual(now.queues.map(({ id }) => id).filter((id) => present.includes(id)));
      const held = new Set((await plan(routerId)).items.nodes.filter(({ action }: Item) => action === 'CONFLICT').map(({ desiredId }: Item) => desiredId));
      expect([...now.queues, ...now.pools].filter(({ id }) => !held.has(id) && ![...present, ...idsOf(poolsOn(router))].includes(id))).toEqual([]);
    }
  });
});
