import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouter, type TestRouter } from '../support/router.ts';
import { admin, member, onConsole, routerOfTest, startNetwork, stranger, TENANT, type NetworkHarness } from './network-harness.ts';

const QUEUE = 'id position name target dst parent packetMarks priority queueType limitAt maxLimit burstLimit burstThreshold burstTime comment disabled dynamic invalid owned uploadBytes downloadBitsPerSecond';
const CREATE = `mutation ($input: CreateSimpleQueueInput!) { createSimpleQueue(input: $input) { queue { ${QUEUE} router { id } } } }`;
const UPDATE = `mutation ($input: UpdateSimpleQueueInput!) { updateSimpleQueue(input: $input) { queue { ${QUEUE} } } }`;
const MOVE = `mutation ($input: MoveSimpleQueueInput!) { moveSimpleQueue(input: $input) { queue { ${QUEUE} } } }`;
const DELETE = 'mutation ($input: DeleteSimpleQueueInput!) { deleteSimpleQueue(input: $input) { id } }';
const GET = `query ($id: ID!, $routerId: ID) { simpleQueue(id: $id, routerId: $routerId) { ${QUEUE} } }`;
const LIST = `query ($routerId: ID, $filter: SimpleQueueFilter, $first: Int, $offset: Int) { simpleQueues(routerId: $routerId, filter: $filter, first: $first, offset: $offset) { totalCount observedAt nodes { ${QUEUE} } } }`;

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

const create = async (input: object) => (await graph.data(admin, CREATE, { input })).createSimpleQueue.queue;
const update = async (input: object) => (await graph.data(admin, UPDATE, { input })).updateSimpleQueue.queue;
const move = async (input: object) => (await graph.data(admin, MOVE, { input })).moveSimpleQueue.queue;
const list = async (variables: object = {}) => (await graph.data(admin, LIST, { ...variables })).simpleQueues;
const order = async (id: string): Promise<string[]> => (await list({ routerId: id })).nodes.filter(({ dynamic }: { dynamic: boolean }) => !dynamic).map(({ name }: { name: string }) => name);

let names = 0;
const fresh = () => `queue-${(names += 1)}`;

describe('simple queues', () => {
  it('are made at once, with limits shown in whole units and targets with their mask', async () => {
    const name = fresh();
    const made = await create({ name, target: '10.0.0.50', maxLimit: '10M/20000k', limitAt: '512k', burstLimit: '20M', burstThreshold: '8M/8M', burstTime: '8s', priority: '1', comment: 'x' });
    expect(made).toMatchObject({
      name, target: '10.0.0.50/32', maxLimit: '10M/20M', limitAt: '512k/512k', burstLimit: '20M/20M', burstThreshold: '8M/8M', burstTime: '8s/8s', priority: '1/1', queueType: 'default-small/default-small',
      parent: null, dst: null, comment: 'x', disabled: false, dynamic: false, owned: false, uploadBytes: null, router: { id: routerId },
    });
    expect(router.simulator.rows('/queue/simple').find((row) => row.name === name)).toMatchObject({ 'max-limit': '10000000/20000000', target: '10.0.0.50/32' });
    expect((await graph.data(admin, GET, { id: made.id })).simpleQueue).toMatchObject({ name, position: null, uploadBytes: 0, downloadBitsPerSecond: 0 });
  });

  it('are changed by meaning: equal limits write nothing, an empty text unsets, the rest stays', async () => {
    const { id } = await create({ name: fresh(), target: '10.0.1.0/24', maxLimit: '10M/10M', comment: 'a', disabled: true });
    router.simulator.faults.trapOn('/queue/simple/set', 'failure: something was written', { times: 1 });
    expect(await update({ id, maxLimit: '10000k', target: '10.0.1.0/24', disabled: true })).toMatchObject({ maxLimit: '10M/10M' });
    expect(await graph.fault(admin, UPDATE, { input: { id, maxLimit: '20M' } })).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await update({ id, maxLimit: '20M/20M', comment: '', disabled: false })).toMatchObject({ maxLimit: '20M/20M', comment: null, disabled: false, target: '10.0.1.0/24' });
    expect(await update({ id, maxLimit: '', target: '10.0.0.7,10.0.0.8' })).toMatchObject({ maxLimit: null, target: '10.0.0.7/32,10.0.0.8/32' });
    const parent = await create({ name: fresh(), target: '10.0.0.0/8' });
    expect(await update({ id, parent: parent.name })).toMatchObject({ parent: parent.name });
    expect(await update({ id, parent: '' })).toMatchObject({ parent: null });
  });

  it('stand in the router\'s order, and are put elsewhere in it', async () => {
    const own = await routerOfTest('ordered');
    const id = await graph.reachable(admin, own);
    const queue = (name: string, more: object = {}) => create({ routerId: id, name, target: '10.0.0.1', ...more });
    const b = await queue('b');
    const a = await queue('a', { placeBefore: b.id });
    const c = await queue('c');
    expect(await order(id)).toEqual(['a', 'b', 'c']);
    const { nodes, totalCount } = await list({ routerId: id, filter: { search: '10.0.0.1/32' }, first: 2, offset: 1 });
    expect([nodes.map((one: { name: string; position: number }) => [one.name, one.position]), totalCount]).toEqual([[['b', nodes[0].position], ['c', nodes[0].position + 1]], 3]);
    expect(await move({ routerId: id, id: c.id, before: a.id })).toMatchObject({ name: 'c' });
    expect(await order(id)).toEqual(['c', 'a', 'b']);
    await move({ routerId: id, id: c.id });
    expect(await order(id)).toEqual(['a', 'b', 'c']);
    const wrong = (input: object) => graph.fault(admin, MOVE, { input: { routerId: id, ...input } });
    expect(await wrong({ id: a.id, before: '*FFFF' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['before'] });
    expect(await wrong({ id: a.id, before: a.id })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['before'] });
    expect(await wrong({ id: '*FFFF' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(admin, CREATE, { input: { routerId: id, name: 'd', target: '10.0.0.1', placeBefore: 'a' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['placeBefore'] });
    expect(await order(id)).toEqual(['a', 'b', 'c']);
  });

  it('name what is wrong', async () => {
    const { name } = await create({ name: fresh(), target: '10.0.0.1' });
    const wrong = (input: object) => graph.fault(admin, CREATE, { input: { name: fresh(), target: '10.0.0.1', ...input } });
    expect(await wrong({ name })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await wrong({ maxLimit: 'fast', limitAt: '1/2/3', priority: '9', burstTime: 'soon', target: '' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['burstTime', 'limitAt', 'maxLimit', 'priority', 'target'] });
    expect(await wrong({ parent: 'nobody' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['parent'] });
    expect(await wrong({ limitAt: '20M/1M', maxLimit: '10M/10M' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['maxLimit'] });
    expect(await wrong({ target: '10.0.0.1/33' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['target'] });
  });

  it('of Headend\'s, or made by the router for a session, are shown and not changed', async () => {
    const own = await routerOfTest('owned');
    const id = await graph.reachable(admin, own);
    await onConsole(own, async (session) => void (await session.command('/queue/simple/add', { name: 'ours', target: '10.0.0.1', comment: `headend:${TENANT}:queue:q1` })));
    const { nodes } = await list({ routerId: id });
    const ours = nodes.find((queue: { name: string }) => queue.name === 'ours');
    expect(ours).toMatchObject({ owned: true });
    for (const [document, input] of [[UPDATE, { comment: 'mine' }], [DELETE, {}], [MOVE, {}]] as const) {
      expect(await graph.fault(admin, document, { input: { routerId: id, id: ours.id, ...input } })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    }
    for (const dynamic of nodes.filter((queue: { dynamic: boolean }) => queue.dynamic)) {
      expect(await graph.fault(admin, DELETE, { input: { routerId: id, id: dynamic.id } })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    }
  });

  it('are removed, and then are unknown', async () => {
    const { id } = await create({ name: fresh(), target: '10.0.0.1' });
    expect((await graph.data(admin, DELETE, { input: { id } })).deleteSimpleQueue).toEqual({ id });
    expect(await graph.fault(admin, GET, { id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(admin, DELETE, { input: { id } })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are read with queue:read, changed with queue:write, in one\'s own tenant', async () => {
    expect(await graph.fault(member(TENANT, 'queue:read'), LIST)).toMatchObject({ code: 'OK' });
    expect(await graph.fault(member(TENANT, 'router:read'), LIST)).toMatchObject({ code: 'FORBIDDEN' });
    for (const [document, input] of [[CREATE, { name: 'x', target: '10.0.0.1' }], [UPDATE, { id: '*1' }], [MOVE, { id: '*1' }], [DELETE, { id: '*1' }]] as const) {
      expect(await graph.fault(member(TENANT, 'queue:read'), document, { input })).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await graph.fault(stranger, LIST, { routerId })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(['6.42', '7.21'])('on RouterOS %s are made, moved and removed', async (version) => {
    const own = await routerOfTest(`old-${version}`, version);
    const id = await graph.reachable(admin, own);
    const one = await create({ routerId: id, name: 'one', target: '10.0.0.1', maxLimit: '1M/2M' });
    const two = await create({ routerId: id, name: 'two', target: '10.0.0.2', placeBefore: one.id });
    await move({ routerId: id, id: two.id });
    expect(await order(id)).toEqual(['one', 'two']);
    expect(await update({ routerId: id, id: one.id, maxLimit: '3M/4M' })).toMatchObject({ maxLimit: '3M/4M' });
    await graph.data(admin, DELETE, { input: { routerId: id, id: one.id } });
    expect(await order(id)).toEqual(['two']);
  });
});
