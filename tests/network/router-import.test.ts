import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { makeRouterSimulator } from '#sandbox/routeros/simulator.ts';
import { eventually } from '../support/eventually.ts';
import type { TestRouter } from '../support/router.ts';
import { accessOf, admin, member, onConsole, PROVISION, saga, SEAL, startNetwork, stranger, TENANT, VERIFY, WITHDRAW, type NetworkHarness } from './network-harness.ts';

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

const FIBER = { id: '00000000-0000-4000-8000-0000000000f7', code: 'fiber', name: 'Fiber', rateLimit: '10M/50M', localAddress: '10.7.0.1', remotePool: 'pool-old' };
const SECRETS: Array<Record<string, string>> = [
  { name: 'ann', password: 'pw-ann', service: 'pppoe', profile: 'gold', comment: 'Ann Example' },
  { name: 'bob', password: 'pw-bob', service: 'any', profile: 'gold', comment: 'Bob', 'remote-address': '10.7.0.99', 'caller-id': 'AA:BB:CC:DD:EE:01' },
  { name: 'cleo', password: 'pw-cleo', service: 'pppoe', profile: 'silver' },
  { name: 'dan', password: 'pw-dan', service: 'pppoe', profile: 'default' },
  { name: 'eve', password: 'pw-eve', service: 'pppoe', profile: 'gold', disabled: 'yes' },
  { name: 'fay', password: 'pw-fay', service: 'l2tp', profile: 'gold' },
];

/** A router that somebody else has run so far. */
async function oldRouter(version = '7.18', group = 'full'): Promise<TestRouter & { id: string }> {
  const simulator = makeRouterSimulator({
    port: 0,
    version,
    identity: 'old',
    users: [{ name: 'headend', password: 'router-password', group }],
    dialDelayMs: [5, 20],
    seed: {
      // As operators make one for programs: passwords are none of its business.
      '/user/group': [{ name: 'insensitive', policy: 'read,write,test,api' }],
      '/ip/pool': [{ name: 'pool-old', ranges: '10.7.0.2-10.7.0.254' }],
      '/ppp/profile': [
        { name: 'gold', 'local-address': '10.7.0.1', 'remote-address': 'pool-old', 'rate-limit': '10000k/50M', comment: 'the good one' },
        { name: 'silver', 'local-address': '10.7.0.1', 'remote-address': 'pool-old', 'rate-limit': '5M/20M' },
      ],
      '/interface/pppoe-server/server': [{ 'service-name': 'service1', interface: 'ether1', 'default-profile': 'default' }],
      '/ppp/secret': SECRETS,
    },
  });
  const { port } = await simulator.start();
  onTestFinished(() => simulator.stop());
  const router = { simulator, port, input: { name: `old-${port}`, host: '127.0.0.1', port, username: 'headend', password: 'router-password', site: 'Test rack' } };
  const id = await graph.reachable(admin, router);
  await eventually('everybody to be online', 10_000, () => (simulator.sessions().length >= 3 ? true : undefined));
  return { ...router, id };
}

const OPEN = 'mutation ($input: OpenRouterImportInput!) { openRouterImport(input: $input) { routerImport { id state } } }';
const READ = 'mutation ($input: RouterImportRefInput!) { readRouterImport(input: $input) { result { outcome code } } }';
const BEGIN = 'mutation ($input: RouterImportRefInput!) { beginRouterImport(input: $input) { routerImport { state } } }';
const STOP = 'mutation ($input: RouterImportRefInput!) { stopRouterImport(input: $input) { routerImport { state } } }';
const NEXT = 'mutation ($input: NextRouterImportItemsInput!) { nextRouterImportItems(input: $input) { routerImport { state } assignments { item { id name } profileItemId runId customerId serviceId } } }';
const SETTLE = 'mutation ($input: SettleRouterImportItemInput!) { settleRouterImportItem(input: $input) { itemId } }';
const CHANGE = 'mutation ($input: ChangeRouterImportItemInput!) { changeRouterImportItem(input: $input) { item { id treatment customerName email excluded plan { id code } } } }';
const CHECK = 'mutation ($input: CheckAdoptionInput!) { checkAdoption(input: $input) { result { outcome code message } } }';
const ROWS = 'mutation ($input: ProvisionAdoptionInput!) { provisionAdoption(input: $input) { item { id } } }';
const APPLY = 'mutation ($input: ApplyAdoptionInput!) { applyAdoption(input: $input) { result { outcome code message } } }';
const INSPECT = 'mutation ($input: OpenSecretAdoptionInput!) { openSecretAdoption(input: $input) { item { id name treatment passwordKnown plan { code } } } }';
const IMPORT = `query ($id: ID!, $filter: RouterImportItemFilter) { routerImport(id: $id) { id state reason { code } expiresAt router { id }
  counts { profiles secrets pools createPlans usePlans adopt owned skip withoutPassword online open running done skipped failed }
  items(first: 100, filter: $filter) { totalCount nodes { id kind name treatment state passwordKnown customerName online profile problems { code blocks } plan { id code rateLimit price { amount currency } } outcome { code message } } } } }`;
const SECRETS_ONLY = { kind: 'SECRET' };

interface Item {
  id: string;
  name: string;
  treatment: string;
  passwordKnown: boolean;
  plan: { id: string | null } | null;
  problems: Array<{ code: string }>;
}

/** The proposal of a router. */
async function proposal(routerId: string, changes: object = {}): Promise<{ id: string; items: Item[] }> {
  const id = uuidv7();
  await graph.data(saga, OPEN, { input: { id, routerId, plans: [FIBER], price: { amount: '19.90', currency: 'USD' }, billingDay: 5, customerNameFrom: 'COMMENT', ...changes } });
  expect((await graph.data(saga, READ, { input: { id } })).readRouterImport.result).toEqual({ outcome: 'DONE', code: null });
  return { id, items: (await graph.data(admin, IMPORT, { id })).routerImport.items.nodes };
}

describe('an import', () => {
  it('is made once per idempotency key, also when there are other plans by then', async () => {
    const router = await oldRouter('7.18', 'full');
    const open = (changes: object = {}) => ({ input: { id: uuidv7(), routerId: router.id, plans: [FIBER], price: { amount: '19.90', currency: 'USD' }, billingDay: 5, customerNameFrom: 'COMMENT', idempotencyKey: 'import-1', ...changes } });
    const made = await Promise.all([open(), open(), open({ plans: [] })].map((variables) => graph.data(saga, OPEN, variables)));
    expect(new Set(made.map(({ openRouterImport }) => openRouterImport.routerImport.id)).size).toBe(1);
    expect(await graph.fault(saga, OPEN, open({ billingDay: 6 }))).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
    expect((await graph.data(saga, OPEN, open({ idempotencyKey: 'import-2' }))).openRouterImport.routerImport.id).not.toBe(made[0]!.openRouterImport.routerImport.id);
  });
});

const named = (items: Item[], name: string): Item => items.find((item) => item.name === name)!;

/** All that is done with one item, each step expected to end well. */
async function takenOver(item: Item, plan: object = FIBER): Promise<{ serviceId: string; runId: string }> {
  const serviceId = uuidv7();
  const runId = uuidv7();
  expect((await graph.data(saga, CHECK, { input: { itemId: item.id } })).checkAdoption.result.outcome).toBe('DONE');
  await graph.data(saga, ROWS, { input: { itemId: item.id, serviceId, runId, plan } });
  expect((await graph.data(saga, APPLY, { input: { itemId: item.id, serviceId } })).applyAdoption.result).toEqual({ outcome: 'DONE', code: null, message: null });
  expect((await graph.data(saga, VERIFY, { input: { serviceId } })).verifyAccess.result).toEqual({ outcome: 'DONE', code: null, message: null });
  return { serviceId, runId };
}
const secretOf = (router: TestRouter, name: string) => router.simulator.rows('/ppp/secret').find((row) => row.name === name)!;
const profileOf = (router: TestRouter, name: string) => router.simulator.rows('/ppp/profile').find((row) => row.name === name)!;
const without = (row: Record<string, string>, ...keys: string[]) => Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)));

describe('a proposal', () => {
  it.each([
    ['6.49.10', 'full', true],
    ['7.18', 'full', true],
    ['7.21', 'full', true],
    ['7.21', 'insensitive', false],
  ])('of a router of %s (group %s) says what becomes of each row, and has read the passwords: %s', async (version, group, known) => {
    const router = await oldRouter(version, group);
    const before = JSON.stringify([router.simulator.rows('/ppp/secret'), router.simulator.rows('/ppp/profile'), router.simulator.rows('/ip/pool')].map((rows) => rows.map((row) => without(row, 'last-logged-out', 'last-caller-id'))));
    const { id, items } = await proposal(router.id);
    const { routerImport } = await graph.data(admin, IMPORT, { id });
    expect(routerImport).toMatchObject({ state: 'READY', router: { id: router.id }, counts: { secrets: 6, adopt: 3, skip: 3, owned: 0, createPlans: 1, usePlans: 1, pools: 1, withoutPassword: known ? 0 : 3, online: 3, open: 3, done: 0 } });
    expect(items.map(({ name, treatment }) => `${name} ${treatment}`).filter((line) => !line.startsWith('default'))).toEqual(['gold USE_PLAN', 'silver CREATE_PLAN', 'ann ADOPT', 'bob ADOPT', 'cleo ADOPT', 'dan SKIP', 'eve SKIP', 'fay SKIP', 'pool-old KEEP']);
    expect(named(items, 'ann')).toMatchObject({ customerName: 'Ann Example', passwordKnown: known, plan: { id: FIBER.id }, problems: known ? [] : [{ code: 'PASSWORD_HIDDEN' }] });
    expect(named(items, 'silver').plan).toEqual({ id: null, code: 'silver', rateLimit: '5M/20M', price: { amount: '19.90', currency: 'USD' } });
    const kept = await graph.test.database.forSubgraph('network').system((tx) => tx.execute('select * from network.router_import_items'));
    expect(JSON.stringify(kept)).not.toMatch(/pw-(ann|bob|cleo)/);
    // Nothing was written.
    expect(JSON.stringify([router.simulator.rows('/ppp/secret'), router.simulator.rows('/ppp/profile'), router.simulator.rows('/ip/pool')].map((rows) => rows.map((row) => without(row, 'last-logged-out', 'last-caller-id'))))).toBe(before);
  });

  it('is paged and filtered, and is nobody else\'s', async () => {
    const router = await oldRouter();
    const { id } = await proposal(router.id);
    expect((await graph.data(admin, IMPORT, { id, filter: { kind: 'SECRET', treatment: 'SKIP' } })).routerImport.items).toMatchObject({ totalCount: 3, nodes: [{ name: 'dan' }, { name: 'eve' }, { name: 'fay' }] });
    expect((await graph.data(admin, IMPORT, { id, filter: { search: 'exam' } })).routerImport.items.nodes).toMatchObject([{ name: 'ann' }]);
    expect(await graph.fault(stranger, IMPORT, { id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(member(TENANT, 'router:read'), IMPORT, { id })).toMatchObject({ code: 'FORBIDDEN' });
    const strangers = { ...saga, tenantId: stranger.tenantId };
    expect(await graph.fault(strangers, BEGIN, { input: { id } })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('waits for a router that is away, visibly', async () => {
    const router = await oldRouter();
    const id = uuidv7();
    await graph.data(saga, OPEN, { input: { id, routerId: router.id, plans: [], price: { amount: '1', currency: 'USD' }, billingDay: 5, customerNameFrom: 'COMMENT' } });
    await router.simulator.faults.set({ unreachable: true });
    expect((await graph.data(saga, READ, { input: { id } })).readRouterImport.result).toMatchObject({ outcome: 'WAIT', code: 'NETWORK_ROUTER_UNREACHABLE' });
    expect((await graph.data(admin, IMPORT, { id })).routerImport).toMatchObject({ state: 'READING', reason: { code: 'NETWORK_ROUTER_UNREACHABLE' }, counts: { secrets: 0 } });
    await router.simulator.faults.clear();
    await eventually('the router to be read', 20_000, async () => ((await graph.data(saga, READ, { input: { id } })).readRouterImport.result.outcome === 'DONE' ? true : undefined));
    expect((await graph.data(admin, IMPORT, { id })).routerImport).toMatchObject({ state: 'READY', reason: null });
  });

  it('can be changed before it is applied: names, exclusions, plans of profiles and of single secrets', async () => {
    const router = await oldRouter();
    const { id, items } = await proposal(router.id);
    const change = async (name: string, changes: object) => (await graph.data(saga, CHANGE, { input: { itemId: named(items, name).id, ...changes } })).changeRouterImportItem.item;
    expect(await change('ann', { name: 'Ann Other', email: 'ann@example.com' })).toMatchObject({ customerName: 'Ann Other', email: 'ann@example.com', treatment: 'ADOPT' });
    expect(await change('bob', { exclude: true })).toMatchObject({ excluded: true, treatment: 'SKIP' });
    expect(await change('dan', { plan: FIBER })).toMatchObject({ treatment: 'ADOPT', plan: { code: 'fiber' } });
    expect(await change('silver', { plan: FIBER })).toMatchObject({ treatment: 'USE_PLAN' });
    expect((await graph.data(admin, IMPORT, { id, filter: SECRETS_ONLY })).routerImport.items.nodes.map(({ name, treatment, plan }: Item) => `${name} ${treatment} ${plan?.id === FIBER.id}`)).toEqual(['ann ADOPT true', 'bob SKIP true', 'cleo ADOPT true', 'dan ADOPT true', 'eve SKIP true', 'fay SKIP true']);
    expect(await change('silver', { exclude: true })).toMatchObject({ treatment: 'SKIP' });
    expect((await graph.data(admin, IMPORT, { id, filter: SECRETS_ONLY })).routerImport.counts).toMatchObject({ adopt: 2 });
    expect(await graph.fault(saga, CHANGE, { input: { itemId: named(items, 'pool-old').id, exclude: true } })).toMatchObject({ code: 'CONFLICT' });
    graph.clock.advance(25 * 3600);
    expect(await graph.fault(saga, CHANGE, { input: { itemId: named(items, 'ann').id, exclude: true } })).toMatchObject({ code: 'CONFLICT' });
    expect(await graph.fault(saga, BEGIN, { input: { id } })).toMatchObject({ code: 'CONFLICT' });
  });

  it('is worked through in portions that are the same until they are settled; what changed is passed over and can be tried again', async () => {
    const router = await oldRouter();
    const { id } = await proposal(router.id);
    const watch = await graph.subscribe<{ state: string; counts: { done: number } }>(admin, 'subscription ($id: ID!) { routerImport(id: $id) { state counts { done skipped failed } } }', { id });
    expect(await watch.next()).toMatchObject({ state: 'READY' });
    await graph.data(saga, BEGIN, { input: { id } });
    const next = async (limit: number) => (await graph.data(saga, NEXT, { input: { id, limit } })).nextRouterImportItems;
    const first = await next(2);
    expect(first.assignments.map(({ item }: { item: Item }) => item.name)).toEqual(['ann', 'bob']);
    expect(await next(2)).toEqual(first);
    const settle = (at: { item: Item; runId: string }, outcome: object) => graph.data(saga, SETTLE, { input: { itemId: at.item.id, runId: at.runId, ...outcome } });
    await settle(first.assignments[0], { done: true });
    await settle(first.assignments[1], { done: false, code: 'NETWORK_ROW_CHANGED', message: 'it changed' });
    await watch.until(({ counts }) => counts.done === 1);
    const second = await next(2);
    expect(second.assignments.map(({ item }: { item: Item }) => item.name)).toEqual(['cleo']);
    await settle(second.assignments[0], { done: false, code: 'CONFLICT', message: 'no' });
    expect(await next(2)).toEqual({ routerImport: { state: 'DONE' }, assignments: [] });
    await watch.until(({ state }) => state === 'DONE');
    expect((await graph.data(admin, IMPORT, { id })).routerImport.counts).toMatchObject({ done: 1, skipped: 1, failed: 1, open: 0, running: 0 });
    expect((await graph.data(saga, BEGIN, { input: { id } })).beginRouterImport.routerImport.state).toBe('APPLYING');
    await graph.data(saga, STOP, { input: { id } });
    expect(await next(5)).toEqual({ routerImport: { state: 'CANCELLED' }, assignments: [] });
  });
});

describe('a secret that is taken over', () => {
  it('keeps password, profile, address, device and session; only the marks are new, and the comments stay behind them', async () => {
    const router = await oldRouter();
    const sessions = router.simulator.sessions();
    const { items } = await proposal(router.id);
    const before = secretOf(router, 'bob');
    const ann = await takenOver(named(items, 'ann'));
    const bob = await takenOver(named(items, 'bob'));
    expect(secretOf(router, 'ann').comment).toBe(`headend:${TENANT}:secret:${ann.serviceId} Ann Example`);
    expect(without(secretOf(router, 'bob'), 'comment')).toEqual(without(before, 'comment'));
    expect(profileOf(router, 'gold')).toMatchObject({ comment: `headend:${TENANT}:profile:${FIBER.id} the good one`, 'rate-limit': '10000k/50M' });
    expect(profileOf(router, 'headend-fiber')).toBeUndefined();
    expect(router.simulator.sessions().map(({ name, sessionId }) => `${name} ${sessionId}`)).toEqual(sessions.map(({ name, sessionId }) => `${name} ${sessionId}`));
    expect(await accessOf(graph, bob.serviceId)).toMatchObject({ desired: 'ENABLED', profile: 'gold', enforcement: { outcome: 'APPLIED' }, session: { name: 'bob', service: { id: bob.serviceId } } });
    // Read again, both are ours.
    const again = await proposal(router.id);
    expect(again.items.filter(({ treatment }) => treatment === 'OWNED').map(({ name }) => name)).toEqual(['gold', 'ann', 'bob']);
    // And the next subscriber of the plan comes onto the same profile.
    const credentialsId = uuidv7();
    await graph.data(saga, SEAL, { input: { id: credentialsId, routerId: router.id, username: 'new', password: 'pw-new' } });
    const { provisionAccess } = await graph.data(saga, PROVISION, { input: { serviceId: uuidv7(), credentialsId, runId: uuidv7(), plan: { id: FIBER.id, code: FIBER.code, rateLimit: FIBER.rateLimit, localAddress: FIBER.localAddress, remotePool: FIBER.remotePool } } });
    expect(provisionAccess.access.profile).toBe('gold');
  });

  it('is left alone when it has changed since it was read, is gone, or is somebody else\'s by now', async () => {
    const router = await oldRouter();
    const { items } = await proposal(router.id);
    await onConsole(router, async (session) => {
      const idOf = async (name: string) => (await session.print('/ppp/secret', { where: { name } }))[0]!['.id']!;
      await session.command('/ppp/secret/set', { '.id': await idOf('ann'), password: 'another' });
      await session.command('/ppp/secret/remove', { '.id': await idOf('bob') });
      await session.command('/ppp/secret/set', { '.id': await idOf('cleo'), comment: `headend:${TENANT}:secret:${uuidv7()}` });
    });
    const outcomes = await Promise.all(
      ['ann', 'bob'].map(async (name) => (await graph.data(saga, CHECK, { input: { itemId: named(items, name).id } })).checkAdoption.result),
    );
    expect(outcomes).toMatchObject([
      { outcome: 'REJECTED', code: 'NETWORK_ROW_CHANGED', message: expect.stringContaining('password') },
      { outcome: 'REJECTED', code: 'NETWORK_ROW_CHANGED', message: expect.stringContaining('no longer there') },
    ]);
    const serviceId = uuidv7();
    await graph.data(saga, ROWS, { input: { itemId: named(items, 'cleo').id, serviceId, runId: uuidv7(), plan: FIBER } });
    expect((await graph.data(saga, APPLY, { input: { itemId: named(items, 'cleo').id, serviceId } })).applyAdoption.result).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_FOREIGN_SECRET' });
  });

  it('is given back as it was when its run is taken back, and nobody is cut off', async () => {
    const router = await oldRouter();
    const { items } = await proposal(router.id);
    const [secret, profile, sessions] = [secretOf(router, 'ann'), profileOf(router, 'gold'), router.simulator.sessions().length];
    const ann = await takenOver(named(items, 'ann'));
    expect((await graph.data(saga, WITHDRAW, { input: ann })).withdrawAccess.result.outcome).toBe('DONE');
    expect(secretOf(router, 'ann')).toEqual(secret);
    expect(profileOf(router, 'gold')).toEqual(profile);
    expect(router.simulator.sessions()).toHaveLength(sessions);
    // Its turn may come again.
    await takenOver(named(items, 'ann'));
  });

  it('on a plan that gives something else gets the profile of that plan from its next login on', async () => {
    const router = await oldRouter();
    const { items } = await proposal(router.id);
    const before = router.simulator.sessions().find(({ name }) => name === 'dan');
    await graph.data(saga, CHANGE, { input: { itemId: named(items, 'dan').id, plan: FIBER } });
    const dan = await takenOver(named(items, 'dan'));
    expect(secretOf(router, 'dan')).toMatchObject({ profile: 'headend-fiber', password: 'pw-dan' });
    expect(router.simulator.sessions().find(({ name }) => name === 'dan')?.sessionId).toBe(before?.sessionId);
    expect((await graph.data(saga, WITHDRAW, { input: dan })).withdrawAccess.result.outcome).toBe('DONE');
    expect(secretOf(router, 'dan')).toMatchObject({ profile: 'default' });
    expect(secretOf(router, 'dan').comment ?? '').toBe('');
  });

  it('without its password keeps working, and is not made anew without one', async () => {
    const router = await oldRouter('7.21', 'insensitive');
    const { items } = await proposal(router.id);
    const ann = await takenOver(named(items, 'ann'));
    expect(secretOf(router, 'ann').password).toBe('pw-ann');
    expect(await graph.fault(member(TENANT, '*'), 'mutation ($input: RevealPppPasswordInput!) { revealPppPassword(input: $input) { password } }', { input: { serviceId: ann.serviceId, reason: 'test' } })).toMatchObject({ code: 'CONFLICT' });
    await onConsole(router, async (session) => {
      const [row] = await session.print('/ppp/secret', { where: { name: 'ann' } });
      await session.command('/ppp/secret/remove', { '.id': row!['.id']! });
    });
    expect((await graph.data(saga, VERIFY, { input: { serviceId: ann.serviceId } })).verifyAccess.result).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_PASSWORD_UNKNOWN' });
    expect(secretOf(router, 'ann')).toBeUndefined();
  });

  it('keeps a comment in bytes that are no UTF-8', async () => {
    const router = await oldRouter();
    await onConsole(router, async (session) => {
      const [row] = await session.print('/ppp/secret', { where: { name: 'ann' } });
      await session.command('/ppp/secret/set', { '.id': row!['.id']!, comment: Buffer.from('Jos\xe9', 'latin1') });
    });
    const { items } = await proposal(router.id);
    expect(named(items, 'ann')).toMatchObject({ customerName: 'José' });
    const ann = await takenOver(named(items, 'ann'));
    await graph.data(saga, WITHDRAW, { input: ann });
    await onConsole(router, async (session) => {
      const [row] = await session.print('/ppp/secret', { where: { name: 'ann' } });
      const { rawOf } = await import('#subgraphs/network/routeros/session.ts');
      expect(Buffer.from(rawOf(row!)!['comment']!).toString('latin1')).toBe('Jos\xe9');
    });
  });

  it('may be a single one: refused when unknown, owned or blocked', async () => {
    const router = await oldRouter();
    const inspect = (name: string, changes: object = {}) => ({ input: { id: uuidv7(), routerId: router.id, name, plans: [FIBER], customerNameFrom: 'COMMENT', ...changes } });
    const { openSecretAdoption } = await graph.data(saga, INSPECT, inspect('ann'));
    expect(openSecretAdoption.item).toMatchObject({ name: 'ann', treatment: 'ADOPT', passwordKnown: true, plan: { code: 'fiber' } });
    await takenOver(openSecretAdoption.item);
    expect(secretOf(router, 'ann').profile).toBe('gold');
    expect(await graph.fault(saga, INSPECT, inspect('ann'))).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await graph.fault(saga, INSPECT, inspect('eve'))).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await graph.fault(saga, INSPECT, inspect('nobody'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault({ ...saga, tenantId: stranger.tenantId }, INSPECT, inspect('bob'))).toMatchObject({ code: 'NOT_FOUND' });
  });
});
