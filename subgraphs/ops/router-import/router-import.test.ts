import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '#tests/support/eventually.ts';
import { failure, makeFakeGraph, REJECTED, WAIT, type Call } from '../testing/fake-graph.ts';
import { makeOps, RUN_FIELDS, type OpsProcess, type RunSeen } from '../testing/ops-process.ts';
import { adoptSecret, importSubscriber } from './router-import.sagas.ts';

let test: TestDatabase;
let ops: OpsProcess;
const graph = makeFakeGraph();
const DONE = { outcome: 'DONE', code: null, message: null };
const GIVES = { rateLimit: '10M/50M', localAddress: '10.0.0.1', remotePool: 'pool' };

interface Item {
  id: string;
  name: string;
  planId: string | null;
  state: 'OPEN' | 'RUNNING' | 'DONE' | 'FAILED';
  code: string | null;
  ids: { runId: string; customerId: string; serviceId: string } | null;
}
/** What network keeps of one import. */
let network: { id: string; state: string; items: Item[]; most: number };

beforeAll(async () => {
  test = await testDatabase({ migrations: [{ subgraph: 'ops', folder: new URL('../migrations/', import.meta.url) }] });
  ops = await makeOps({ database: test.database, graph });
  await ops.bus.start();
  await ops.running.start();
});
afterAll(async () => {
  await ops.bus.stop();
  await ops.running.stop();
  await test.drop();
});
afterEach(() => graph.reset());

beforeEach(() => {
  network = { id: '', state: 'READING', items: [], most: 0 };
  const inputOf = (call: Call) => call.input as Record<string, string>;
  const item = (id: string | undefined) => network.items.find((one) => one.id === id)!;
  graph.answer('ImportPlans', () => ({ data: { plans: { nodes: [{ id: 'plan-1', code: 'gold', name: 'Gold', access: GIVES }], pageInfo: { hasNextPage: false, endCursor: null } } } }));
  graph.answer('ImportRouterThere', () => ({ data: { router: { id: 'r' } } }));
  graph.answer('ImportOpen', (call) => {
    network.id = inputOf(call).id!;
    return { data: { openRouterImport: { routerImport: { id: network.id, state: network.state } } } };
  });
  graph.answer('ImportState', ({ request }) => (request.variables!.id === network.id ? { data: { routerImport: { id: network.id, state: network.state } } } : failure('NOT_FOUND', 'There is no such import.')));
  graph.answer('ImportRead', () => {
    network.state = 'READY';
    return { data: { readRouterImport: { result: DONE } } };
  });
  graph.answer('ImportBegin', () => {
    network.state = network.items.every(({ state }) => state === 'DONE') ? 'DONE' : 'APPLYING';
    return { data: { beginRouterImport: { routerImport: { id: network.id, state: network.state } } } };
  });
  graph.answer('ImportStop', () => {
    network.state = 'CANCELLING';
    return { data: { stopRouterImport: { routerImport: { id: network.id } } } };
  });
  graph.answer('ImportNext', (call) => {
    const running = network.items.filter(({ state }) => state === 'RUNNING');
    for (const next of network.state === 'APPLYING' ? network.items.filter(({ state }) => state === 'OPEN').slice(0, Number(inputOf(call).limit) - running.length) : []) {
      Object.assign(next, { state: 'RUNNING', ids: { runId: uuidv7(), customerId: uuidv7(), serviceId: uuidv7() } });
      running.push(next);
    }
    network.most = Math.max(network.most, running.length);
    if (running.length === 0) network.state = network.state === 'APPLYING' ? 'DONE' : network.state === 'CANCELLING' ? 'CANCELLED' : network.state;
    const assignments = running.map(({ id, name, planId, ids }) => ({ profileItemId: 'profile-1', ...ids, item: { id, customerName: name, email: null, phone: null, plan: { id: planId, code: 'gold', name: 'Gold', ...GIVES, price: planId ? null : { amount: '10.00', currency: 'USD' } } } }));
    return { data: { nextRouterImportItems: { routerImport: { state: network.state, billingDay: 5 }, assignments } } };
  });
  graph.answer('ImportSettle', ({ input }) => {
    const { itemId, done, code } = input as { itemId: string; done: boolean; code?: string };
    Object.assign(item(itemId), { state: done ? 'DONE' : 'FAILED', code: code ?? null });
    return { data: { settleRouterImportItem: { itemId } } };
  });
  graph.answer('ImportCheck', () => ({ data: { checkAdoption: { result: DONE } } }));
  graph.answer('ImportCreatePlan', () => ({ data: { createPlan: { plan: { id: '019a0000-0000-7000-8000-0000000000aa', code: 'gold' } } } }));
  graph.answer('ImportProvision', () => ({ data: { provisionAdoption: { item: { id: 'x' } } } }));
  graph.answer('ImportAdopt', () => ({ data: { applyAdoption: { result: DONE } } }));
});

const items = (count: number, planId: string | null = 'plan-1'): Item[] => Array.from({ length: count }, (_, at) => ({ id: uuidv7(), name: `Customer ${at}`, planId, state: 'OPEN', code: null, ids: null }));
const mutate = (field: string, input: object) => ops.ask<Record<string, { routerImport: { id: string } }>>(`mutation ($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { routerImport { id } } }`, { input });
const until = (state: string) => eventually(`the import to be ${state}`, 30_000, () => (network.state === state ? true : undefined));
const runs = async () => (await ops.ask<{ runs: { nodes: Array<RunSeen & { kind: string }> } }>(`{ runs(filter: { kind: IMPORT_SUBSCRIBER }, first: 100, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { kind ${RUN_FIELDS} } } }`)).data!.runs.nodes;
const begun = async () => {
  const { data, errors } = await mutate('importRouter', { routerId: uuidv7(), price: { amount: '10.00', currency: 'USD' }, billingDay: 5 });
  expect(errors).toBeUndefined();
  expect(data!.importRouter!.routerImport.id).toBe(network.id);
  await until('READY');
};

describe('the sagas of an import', () => {
  it('are plain data, and carry no place for a password', () => {
    const all = [importSubscriber({ newPlan: true }), importSubscriber({ newPlan: false }), adoptSecret('NEW_CUSTOMER'), adoptSecret('CUSTOMER'), adoptSecret('SERVICE', { active: true })];
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    for (const { steps } of all) {
      expect(JSON.stringify(steps.map(({ call }) => call?.variables)).toLowerCase()).not.toContain('password');
      expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
    }
  });
});

describe('an import', () => {
  it('that was begun under this key is answered, and not begun anew', async () => {
    await begun();
    const first = network.id;
    graph.answer('ImportOpen', () => ({ data: { openRouterImport: { routerImport: { id: first, state: network.state } } } }));
    const input = { routerId: uuidv7(), price: { amount: '10.00', currency: 'USD' }, billingDay: 5, idempotencyKey: 'import-1' };
    expect((await mutate('importRouter', input)).data!.importRouter!.routerImport.id).toBe(first);
    expect(graph.calls.findLast(({ operation }) => operation === 'ImportOpen')!.input).toMatchObject({ routerId: input.routerId, idempotencyKey: 'import-1' });
    graph.answer('ImportOpen', () => failure('CONFLICT', 'This idempotency key has been used with another input.', [{ field: 'idempotencyKey', code: 'REUSED', message: 'Take a new one.' }]));
    expect((await mutate('importRouter', { ...input, billingDay: 6 })).errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: [{ field: 'idempotencyKey' }] });
  });

  it('is read, with the plans that there are, however long the router is away', async () => {
    graph.answer('ImportRead', (_call, nth) => {
      if (nth < 3) return { data: { readRouterImport: { result: WAIT } } };
      network.state = 'READY';
      return { data: { readRouterImport: { result: DONE } } };
    });
    await begun();
    expect(graph.calls.find(({ operation }) => operation === 'ImportOpen')!.input).toMatchObject({ plans: [{ id: 'plan-1', code: 'gold', ...GIVES }], price: { amount: '10.00', currency: 'USD' }, billingDay: 5, customerNameFrom: 'COMMENT' });
    expect(graph.operations().filter((operation) => operation === 'ImportRead')).toHaveLength(3);
  });

  it('takes each secret over by a run of its own, a few at a time, and ends', async () => {
    await begun();
    network.items = items(30);
    await mutate('applyRouterImport', { id: network.id });
    await until('DONE');
    expect(network.items.map(({ state }) => state)).toEqual(Array.from({ length: 30 }, () => 'DONE'));
    expect(network.most).toBeLessThanOrEqual(12);
    const taken = (await runs()).filter(({ id }) => network.items.some(({ ids }) => ids!.runId === id));
    expect(taken).toHaveLength(30);
    expect(taken[0]!.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['check', 'customer', 'service', 'access', 'adopt', 'verify', 'activate'].map((step) => `${step} DONE`));
    expect([...graph.made.values()].every((times) => times === 1)).toBe(true);
    // Applied again there is nothing to do.
    const calls = graph.calls.length;
    await mutate('applyRouterImport', { id: network.id });
    expect(graph.operations().slice(calls)).toEqual(['ImportBegin']);
  });

  it('makes a plan that is yet to be made by the same call for all who are on it, and sells it to them', async () => {
    await begun();
    network.items = items(3, null);
    await mutate('applyRouterImport', { id: network.id });
    await until('DONE');
    const plans = graph.calls.filter(({ operation }) => operation === 'ImportCreatePlan').map(({ input }) => input);
    expect(new Set(plans.map((input) => JSON.stringify(input))).size).toBe(1);
    expect(plans[0]).toMatchObject({ code: 'gold', price: { amount: '10.00', currency: 'USD' }, access: GIVES, idempotencyKey: 'profile-1' });
    expect(graph.calls.filter(({ operation }) => operation === 'OnboardingCreateService').map(({ input }) => input.planId)).toEqual(Array.from({ length: 3 }, () => '019a0000-0000-7000-8000-0000000000aa'));
  });

  it('passes over what the router refuses, says why, and leaves no customer behind', async () => {
    await begun();
    network.items = items(3);
    const [first, second] = network.items as [Item, Item, Item];
    graph.answer('ImportCheck', ({ input }) => ({ data: { checkAdoption: { result: input.itemId === first.id ? { outcome: 'REJECTED', code: 'NETWORK_ROW_CHANGED', message: 'It has changed.' } : DONE } } }));
    graph.answer('ImportAdopt', ({ input }) => ({ data: { applyAdoption: { result: input.itemId === second.id ? REJECTED : DONE } } }));
    await mutate('applyRouterImport', { id: network.id });
    await until('DONE');
    expect(network.items.map(({ state, code }) => `${state} ${code}`)).toEqual(['FAILED NETWORK_ROW_CHANGED', `FAILED ${REJECTED.code}`, 'DONE null']);
    expect([...graph.things.keys()].filter((key) => key.startsWith('customer:'))).toEqual([`customer:${network.items[2]!.ids!.customerId}`]);
  });

  it('that is cancelled begins nothing more, and takes back what waits for the router', async () => {
    await begun();
    network.items = items(20);
    graph.answer('ImportAdopt', () => ({ data: { applyAdoption: { result: WAIT } } }));
    await mutate('applyRouterImport', { id: network.id });
    await eventually('runs to wait', 20_000, async () => ((await runs()).some(({ id, state }) => state === 'WAITING' && network.items.some(({ ids }) => ids?.runId === id)) ? true : undefined));
    await mutate('cancelRouterImport', { id: network.id });
    await until('CANCELLED');
    expect(network.items.filter(({ state }) => state === 'OPEN').length).toBeGreaterThan(0);
    expect(network.items.filter(({ state }) => state === 'DONE')).toEqual([]);
    expect([...graph.things.keys()].filter((key) => /^(customer|service|access):/.test(key))).toEqual([]);
  });
});

describe('the adoption of one secret', () => {
  const adopt = (input: object) => ops.ask<{ adoptPppSecret: { customer: { id: string } | null; run: RunSeen } }>(`mutation ($input: AdoptPppSecretInput!) { adoptPppSecret(input: $input) { customer { id } service { id } run { ${RUN_FIELDS} } } }`, { input: { routerId: uuidv7(), name: 'ann', ...input } });
  const details = async (input: object) => (await adopt(input)).errors?.[0]?.extensions.details as Array<{ field: string; code: string }>;

  it('is refused when it contradicts itself, or says too little', async () => {
    expect(await details({ serviceId: 's', planId: 'p' })).toMatchObject([{ field: 'serviceId', code: 'CONFLICT' }]);
    expect(await details({ customerId: 'c', customer: { name: 'Ann' }, billingDay: 1 })).toMatchObject([{ field: 'customerId', code: 'CONFLICT' }]);
    expect(await details({})).toMatchObject([{ field: 'billingDay', code: 'REQUIRED' }]);
    graph.answer('ImportOpenAdoption', () => ({ data: { openSecretAdoption: { item: { id: uuidv7(), customerName: 'Ann', plan: null } } } }));
    expect(await details({ billingDay: 1 })).toMatchObject([{ field: 'planId', code: 'REQUIRED' }]);
  });

  it('makes somebody new of it, called by its comment', async () => {
    graph.answer('ImportOpenAdoption', () => ({ data: { openSecretAdoption: { item: { id: uuidv7(), customerName: 'Ann Example', plan: { id: 'plan-1', code: 'gold', name: 'Gold', ...GIVES } } } } }));
    const { data } = await adopt({ billingDay: 1 });
    const { customer, run } = data!.adoptPppSecret;
    expect(graph.things.get(`customer:${customer!.id}`)).toMatchObject({ name: 'Ann Example' });
    await eventually('the run to end', 20_000, async () => ((await ops.ask<{ run: RunSeen }>(`query ($id: ID!) { run(id: $id) { ${RUN_FIELDS} } }`, { id: run.id })).data!.run.state === 'SUCCEEDED' ? true : undefined));
  });
});
