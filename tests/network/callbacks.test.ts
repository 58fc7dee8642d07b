import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { accessOf, admin, applied, member, onConsole, OTHER_TENANT, provisioned, routerOfTest, SESSIONS, startNetwork, stranger, TENANT, type NetworkHarness, type SessionEvent } from './network-harness.ts';

const intake = makePrincipal({ kind: 'service', id: 'rest', tenantId: null, permissions: ['internal:callbacks'] });
const REPORT = 'mutation ($input: ReportPppoeCallbacksInput!) { reportPppoeCallbacks(input: $input) { outcomes } }';
const WATCH = 'subscription ($routerId: ID) { pppoeCallbacks(routerId: $routerId) { action name callerId interface localAddress remoteAddress service receivedAt router { id } } }';
const ROTATE = 'mutation ($id: ID!) { rotateRouterCallbackSecret(input: { id: $id }) { callbackSecret } }';

interface Callback {
  action: 'UP' | 'DOWN';
  name: string;
  callerId: string | null;
  router: { id: string };
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

const told = (name: string, changes: object = {}) => ({
  action: 'UP',
  sourceAddress: '127.0.0.1',
  name,
  callerId: 'AA:BB:CC:DD:EE:FF',
  interface: `<pppoe-${name}>`,
  localAddress: '10.0.0.1',
  remoteAddress: '10.0.0.50',
  service: 'pppoe',
  receivedAt: '2026-01-31T12:00:00.000Z',
  ...changes,
});
const report = async (...events: object[]): Promise<string[]> => (await graph.data(intake, REPORT, { input: { events } })).reportPppoeCallbacks.outcomes;
/** Reads of routers that callbacks have caused so far. */
const readsSoFar = async (kind: string) => (await graph.kit.metrics.counter('headend_pppoe_callback_reads_total', '', ['kind']).get()).values.find(({ labels }) => labels.kind === kind)?.value ?? 0;

describe('a PPPoE callback', () => {
  it('of a service is passed on at once, as it was sent, to the watchers of its router only', async () => {
    const other = await routerOfTest('other');
    const otherId = await graph.reachable(admin, other);
    const subscriber = await applied(graph, await provisioned(graph, otherId));
    const [watcher, second, elsewhere] = await Promise.all([graph.subscribe<Callback>(admin, WATCH, { routerId: otherId }), graph.subscribe<Callback>(admin, WATCH, { routerId: otherId }), graph.subscribe<Callback>(admin, WATCH)]);
    expect(await report(told(subscriber.username), told(subscriber.username, { action: 'DOWN', callerId: null, sourceAddress: '::ffff:127.0.0.1' }))).toEqual(['ACCEPTED', 'ACCEPTED']);
    const { sourceAddress: _source, ...sent } = told(subscriber.username);
    for (const events of [watcher, second]) {
      expect(await events.next()).toEqual({ ...sent, router: { id: otherId } });
      expect(await events.next()).toMatchObject({ action: 'DOWN', name: subscriber.username, callerId: null });
    }
    expect(await report(told('demo-alice', { callbackSecret: (await graph.data(admin, ROTATE, { id: routerId })).rotateRouterCallbackSecret.callbackSecret }))).toEqual(['ACCEPTED']);
    expect(await elsewhere.next()).toMatchObject({ name: 'demo-alice', router: { id: routerId } });
  });

  it('names its router by one read for a burst, and by its new name as soon as it has one', async () => {
    const own = await routerOfTest('bursting');
    const id = await graph.reachable(admin, own);
    const watchers = await Promise.all([1, 2, 3].map(() => graph.subscribe<{ name: string; router: { name: string } }>(admin, 'subscription ($routerId: ID) { pppoeCallbacks(routerId: $routerId) { name router { name } } }', { routerId: id })));
    const subscriber = await applied(graph, await provisioned(graph, id));
    const statements = await graph.statementsOf(async () => {
      for (let part = 0; part < 4; part += 1) await report(...Array.from({ length: 50 }, () => told(subscriber.username)));
      for (const watcher of watchers) for (let seen = 0; seen < 200; seen += 1) expect((await watcher.next()).router.name).toBe('bursting');
    });
    // 200 callbacks to three watchers; a second may have gone by in between.
    expect(statements.filter(({ text }) => /from "network"\."routers"/.test(text)).length).toBeLessThan(20);
    await graph.data(admin, 'mutation ($input: UpdateRouterInput!) { updateRouter(input: $input) { router { id } } }', { input: { id, name: 'renamed' } });
    await eventually('the new name to be told', 10_000, async () => {
      await report(told(subscriber.username));
      const [first] = await Promise.all(watchers.map((watcher) => watcher.next()));
      return first!.router.name === 'renamed' ? true : undefined;
    });
  });

  it('of a user without service is known by the router\'s own list, new secrets at once', async () => {
    expect(await report(told('demo-bob'))).toEqual(['ACCEPTED']);
    await graph.data(admin, 'mutation ($input: CreatePppSecretInput!) { createPppSecret(input: $input) { secret { id } } }', { input: { name: 'made-directly', password: 'x', disabled: true } });
    expect(await report(told('made-directly'), told('never-made'))).toEqual(['ACCEPTED', 'RECORDED']);
  });

  it('from elsewhere is refused, unless it shows the callback secret of a router; a new secret voids the old', async () => {
    const from = (callbackSecret: string | null) => told('demo-alice', { sourceAddress: '192.0.2.7', callbackSecret });
    expect(await report(from(null), from('guessed'), told('demo-alice', { sourceAddress: 'nonsense' }), told('x', { sourceAddress: '' }))).toEqual(['REFUSED', 'REFUSED', 'REFUSED', 'REFUSED']);
    const rotate = async () => (await graph.data(admin, ROTATE, { id: routerId })).rotateRouterCallbackSecret.callbackSecret as string;
    const first = await rotate();
    expect(await report(from(first), { ...from(first), name: 'never-made' })).toEqual(['ACCEPTED', 'RECORDED']);
    const second = await rotate();
    expect(await report(from(first), from(second))).toEqual(['REFUSED', 'ACCEPTED']);
    const [kept] = await graph.test.database.forSubgraph('network').system((tx) => tx.execute<{ secret_hash: string }>('select secret_hash from network.callback_secrets'));
    expect(kept!.secret_hash).not.toContain(second);
  });

  it('goes, among the routers of several tenants at one address, to the one whose service it is', async () => {
    const shared = await routerOfTest('shared');
    const ours = await graph.reachable(admin, shared);
    const theirs = await graph.reachable(stranger, shared);
    const subscriber = await applied(graph, await provisioned(graph, ours));
    const [here, there] = await Promise.all([graph.subscribe<Callback>(admin, WATCH, { routerId: ours }), graph.subscribe<Callback>(stranger, WATCH, { routerId: theirs })]);
    expect(await report(told(subscriber.username))).toEqual(['ACCEPTED']);
    expect(await here.next()).toMatchObject({ name: subscriber.username });
    const { callbackSecret } = (await graph.data(stranger, ROTATE, { id: theirs })).rotateRouterCallbackSecret;
    expect(await report(told('demo-alice', { callbackSecret }))).toEqual(['ACCEPTED']);
    expect(await there.next()).toMatchObject({ name: 'demo-alice', router: { id: theirs } });
  });

  it('finds what the line has missed, and changes nothing by itself', async () => {
    const own = await routerOfTest('deaf');
    const id = await graph.reachable(admin, own);
    await eventually('the demo homes to dial', 10_000, () => (own.simulator.sessions().length >= 3 ? true : undefined));
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: id });
    await events.until(({ remaining }) => remaining === 0);
    const { callbackSecret } = (await graph.data(admin, ROTATE, { id })).rotateRouterCallbackSecret;
    // A lie: the session is up, and stays.
    expect(await report(told('demo-bob', { action: 'DOWN', callbackSecret }))).toEqual(['ACCEPTED']);
    await own.simulator.faults.set({ loseEvents: true });
    await onConsole(own, async (session) => {
      const [secret] = await session.print('/ppp/secret', { where: { name: 'demo-alice' } });
      await session.command('/ppp/secret/disable', { '.id': secret!['.id']! });
    });
    own.simulator.hangUp('demo-alice');
    expect(await report(told('demo-alice', { action: 'DOWN', callbackSecret }))).toEqual(['ACCEPTED']);
    expect(await events.next()).toMatchObject({ action: 'DOWN', source: 'RECONCILE', session: { name: 'demo-alice' } });
  });

  it('may come five thousand at once: everybody\'s last state is passed on, and the router is hardly asked', async () => {
    const own = await routerOfTest('stormy');
    const id = await graph.reachable(admin, own);
    const users = Array.from({ length: 1_250 }, (_, n) => `storm-${n}`);
    await onConsole(own, async (session) => {
      await Promise.all(users.slice(0, 900).map((name) => session.command('/ppp/secret/add', { name, disabled: true })));
      await Promise.all(users.slice(900).map((name) => session.command('/ppp/secret/add', { name, disabled: true })));
    });
    const { callbackSecret } = (await graph.data(admin, ROTATE, { id })).rotateRouterCallbackSecret;
    const before = { all: await readsSoFar('all'), names: await readsSoFar('names'), secrets: await readsSoFar('secrets') };
    const events = await graph.subscribe<Callback>(admin, WATCH, { routerId: id });
    // Four of each user; the last word differs from user to user.
    const last = new Map<string, string>();
    const storm = Array.from({ length: 5_000 }, (_, n) => {
      const name = users[n % users.length]!;
      const action = (n + Math.floor(n / users.length)) % 3 === 0 ? 'UP' : 'DOWN';
      last.set(name, action);
      return told(name, { action, callbackSecret });
    });
    for (let at = 0; at < storm.length; at += 1_000) expect(new Set(await report(...storm.slice(at, at + 1_000)))).toEqual(new Set(['ACCEPTED']));
    const heard = new Map<string, string>();
    expect(await report(told('demo-alice', { callbackSecret }))).toEqual(['ACCEPTED']);
    await events.until(({ name, action }) => {
      heard.set(name, action);
      return name === 'demo-alice';
    });
    heard.delete('demo-alice');
    expect(heard).toEqual(last);
    await eventually('the router to be looked at', 10_000, async () => ((await readsSoFar('all')) > before.all ? true : undefined));
    expect((await readsSoFar('all')) - before.all).toBeLessThanOrEqual(3);
    expect((await readsSoFar('secrets')) - before.secrets).toBeLessThanOrEqual(2);
  }, 30_000);

  it('asks the database once a batch, however many there are', async () => {
    const events = Array.from({ length: 500 }, (_, n) => told(n % 2 ? `demo-alice` : `nobody-${n}`));
    await report(...events);
    const seen: string[] = [];
    graph.test.database.onStatement = ({ text }) => void (text.includes('network.') || text.includes('"network"') ? seen.push(text) : undefined);
    await report(...events);
    graph.test.database.onStatement = undefined;
    expect(seen.filter((text) => text.includes('accesses'))).toHaveLength(1);
    expect(seen.length).toBeLessThanOrEqual(2);
  });

  it('is handed over by the service for it alone, watched by who may see sessions, its secret changed by who may change routers', async () => {
    for (const principal of [admin, makePrincipal({ kind: 'user', id: uuidv7(), tenantId: TENANT, superAdmin: true, permissions: ['*', 'internal:callbacks'] }), makePrincipal({ kind: 'service', id: 'ops', tenantId: TENANT, permissions: ['internal:saga'] })]) {
      expect(await graph.fault(principal, REPORT, { input: { events: [] } })).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await report()).toEqual([]);
    expect(await graph.fault(intake, REPORT, { input: { events: Array.from({ length: 1_001 }, () => told('x')) } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['events'] });
    await expect(graph.subscribe(member(TENANT, 'router:read'), WATCH)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(graph.subscribe(member(OTHER_TENANT, '*'), WATCH, { routerId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(member(TENANT, 'router:read'), ROTATE, { id: routerId })).toMatchObject({ code: 'FORBIDDEN' });
    for (const id of [uuidv7(), 'x']) expect(await graph.fault(admin, ROTATE, { id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(member(OTHER_TENANT, '*'), ROTATE, { id: routerId })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a subscriber who dials after his callback', () => {
  it('is seen in the graph by what was read', async () => {
    const subscriber = await applied(graph, await provisioned(graph, routerId));
    await report(told(subscriber.username));
    const session = await eventually('the session to be seen', 10_000, async () => (await accessOf(graph, subscriber.serviceId)).session ?? undefined);
    expect(session.address).not.toBe('10.0.0.50');
  });
});
