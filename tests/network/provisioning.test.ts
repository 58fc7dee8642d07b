import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import {
  accessOf, ACCESS, admin, applied, onConsole, PLAN, PROFILE, PROVISION, provisioned, REGISTER, routerOfTest, saga, SEAL, SECRET, serviceRef, startNetwork, step, stranger, TENANT, VERIFY, WITHDRAW,
  type NetworkHarness, type Subscriber,
} from './network-harness.ts';

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

const secretOf = (of: TestRouter, name: string) => of.simulator.rows('/ppp/secret').find((row) => row.name === name);
const profileOf = (of: TestRouter, name: string) => of.simulator.rows('/ppp/profile').find((row) => row.name === name);
const withdraw = async ({ serviceId, runId }: Pick<Subscriber, 'serviceId' | 'runId'>) => (await graph.data(saga, WITHDRAW, { input: { serviceId, runId } })).withdrawAccess.result;

describe('the steps of an onboarding on a router', () => {
  it('make profile and secret, each marked as ours, and end with a proof', async () => {
    const ada = await applied(graph, await provisioned(graph, routerId, { username: 'ada', password: 'p w' }));
    expect(profileOf(router, 'headend-fiber_100')).toMatchObject({ 'rate-limit': '20M/100M', 'local-address': '10.64.0.1', 'remote-address': 'pool-pppoe', comment: `headend:${TENANT}:profile:${PLAN.id} fiber_100` });
    expect(secretOf(router, 'ada')).toMatchObject({ password: 'p w', profile: 'headend-fiber_100', service: 'pppoe', disabled: 'false', comment: `headend:${TENANT}:secret:${ada.serviceId}` });
    const access = await accessOf(graph, ada.serviceId);
    expect(access).toMatchObject({
      desired: 'ENABLED',
      username: 'ada',
      profile: 'headend-fiber_100',
      router: { id: routerId, name: 'main' },
      enforcement: { outcome: 'APPLIED', reason: null, acknowledgedAt: expect.any(String), lagMs: expect.any(Number), attempts: 3, lastAttemptAt: expect.any(String) },
    });
    const session = await eventually('ada to dial', 10_000, async () => (await accessOf(graph, ada.serviceId)).session ?? undefined);
    expect(session).toMatchObject({ name: 'ada', stale: false, router: { id: routerId }, service: { id: ada.serviceId } });
    expect(await accessOf(graph, ada.serviceId, { ...stranger, permissions: new Set(['*']) })).toBeNull();
  });

  it('may each be called again: nothing doubles, the proof and its announcement stay the first', async () => {
    const tail = graph.kit.bus.tail({ tenantId: TENANT, types: ['network.access.applied'] });
    const again = await applied(graph, await provisioned(graph, routerId));
    const first = (await accessOf(graph, again.serviceId)).enforcement;
    await graph.data(saga, SEAL, { input: { id: again.credentialsId, routerId, username: again.username, password: `pw-${again.username}` } });
    await graph.data(saga, PROVISION, { input: { serviceId: again.serviceId, credentialsId: again.credentialsId, runId: again.runId, plan: PLAN } });
    await applied(graph, again);
    expect((await accessOf(graph, again.serviceId)).enforcement).toMatchObject({ acknowledgedAt: first.acknowledgedAt, lagMs: first.lagMs, attempts: 6 });
    expect(router.simulator.rows('/ppp/secret').filter((row) => row.name === again.username)).toHaveLength(1);
    // The events of two services follow each other: a second one of the first would stand between them.
    const next = await applied(graph, await provisioned(graph, routerId));
    const subjects: string[] = [];
    while (subjects.at(-1) !== next.serviceId) subjects.push((await tail.next()).value.subject);
    expect(subjects.filter((subject) => subject === again.serviceId)).toHaveLength(1);
    await tail.return?.();
  });

  it('wait while the router is off, say why, and complete when it is back', async () => {
    const own = await routerOfTest('switched');
    const id = await graph.reachable(admin, own);
    const eve = await provisioned(graph, id, { username: 'eve' });
    expect((await step(graph, PROFILE, eve)).outcome).toBe('DONE');
    await own.simulator.faults.set({ unreachable: true });
    const begun = performance.now();
    expect(await step(graph, SECRET, eve)).toMatchObject({ outcome: 'WAIT', code: 'NETWORK_ROUTER_UNREACHABLE', message: expect.any(String) });
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect((await accessOf(graph, eve.serviceId)).enforcement).toMatchObject({ outcome: 'PENDING', reason: { code: 'NETWORK_ROUTER_UNREACHABLE' }, attempts: 2 });
    await own.simulator.faults.clear();
    await eventually('the secret to be taken', 30_000, async () => ((await step(graph, SECRET, eve)).outcome === 'DONE' ? true : undefined));
    expect((await accessOf(graph, eve.serviceId)).enforcement).toMatchObject({ outcome: 'PENDING', reason: null });
    expect(await step(graph, VERIFY, eve)).toEqual({ outcome: 'DONE', code: null, message: null });
  });

  it('do not double what was done although its answer was lost', async () => {
    const own = await routerOfTest('lossy');
    const id = await graph.reachable(admin, own);
    const sub = await provisioned(graph, id);
    await step(graph, PROFILE, sub);
    own.simulator.faults.cutOn('/ppp/secret/add', 'after');
    expect((await step(graph, SECRET, sub)).outcome).toBe('WAIT');
    await eventually('the secret to be taken', 30_000, async () => ((await step(graph, SECRET, sub)).outcome === 'DONE' ? true : undefined));
    expect(own.simulator.rows('/ppp/secret').filter((row) => row.name === sub.username)).toHaveLength(1);
  });

  it('wait within their deadline while the router hangs, and hold up no other router', async () => {
    const own = await routerOfTest('hanging');
    const id = await graph.reachable(admin, own);
    const [slow, quick] = [await provisioned(graph, id), await provisioned(graph, routerId)];
    await own.simulator.faults.set({ hang: true });
    const begun = performance.now();
    const waiting = step(graph, PROFILE, slow);
    await applied(graph, quick);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await waiting).toMatchObject({ outcome: 'WAIT', code: expect.stringMatching(/^NETWORK_ROUTER_(TIMEOUT|UNREACHABLE)$/) });
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it('wait while the login is refused or a right is missing', async () => {
    const own = await routerOfTest('strict');
    const { registerRouter } = await graph.data(admin, REGISTER, { input: { ...own.input, password: 'wrong' } });
    const sub = await provisioned(graph, registerRouter.router.id);
    expect(await step(graph, PROFILE, sub)).toMatchObject({ outcome: 'WAIT', code: 'NETWORK_ROUTER_LOGIN_REFUSED' });
    const other = await routerOfTest('readonly');
    const id = await graph.reachable(admin, other);
    await other.simulator.faults.set({ refuseRights: ['/ppp/profile/add'] });
    expect(await step(graph, PROFILE, await provisioned(graph, id))).toMatchObject({ outcome: 'WAIT', code: 'NETWORK_RIGHT_MISSING' });
  });

  it('are rejected by a foreign secret of that name, which stays as it was', async () => {
    const before = secretOf(router, 'demo-alice');
    const sub = await provisioned(graph, routerId, { username: 'demo-alice' });
    expect((await step(graph, PROFILE, sub)).outcome).toBe('DONE');
    expect(await step(graph, SECRET, sub)).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_FOREIGN_SECRET' });
    expect((await accessOf(graph, sub.serviceId)).enforcement).toMatchObject({ outcome: 'FAILED', reason: { code: 'NETWORK_FOREIGN_SECRET' } });
    expect(await withdraw(sub)).toMatchObject({ outcome: 'DONE' });
    expect(secretOf(router, 'demo-alice')).toEqual(before);
    expect(await accessOf(graph, sub.serviceId)).toBeNull();
  });

  it('are rejected by a foreign profile of that name', async () => {
    const own = await routerOfTest('profiled');
    const id = await graph.reachable(admin, own);
    const first = await provisioned(graph, id, { plan: { code: 'x' } });
    await step(graph, PROFILE, first);
    // Another tenant, whose plan has the same code, on the same router.
    const { registerRouter } = await graph.data(stranger, REGISTER, { input: own.input });
    const ids = { serviceId: uuidv7(), credentialsId: uuidv7(), runId: uuidv7() };
    const other = { ...saga, tenantId: stranger.tenantId };
    await graph.data(other, SEAL, { input: { id: ids.credentialsId, routerId: registerRouter.router.id, username: 'zoe', password: 'pw' } });
    await graph.data(other, PROVISION, { input: { ...ids, plan: { ...PLAN, id: uuidv7(), code: 'x' } } });
    const result = await eventually('the second line to the router', 10_000, async () => {
      const { result: found } = (await graph.data(other, PROFILE, { input: { serviceId: ids.serviceId } })).applyPppProfile;
      return found.outcome === 'WAIT' ? undefined : found;
    });
    expect(result).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_FOREIGN_PROFILE' });
  });

  it('are rejected when the plan names a pool that the router lacks, and by any value it refuses, in its own words', async () => {
    const sub = await provisioned(graph, routerId, { plan: { id: uuidv7(), code: 'lost', remotePool: 'no-such-pool' } });
    expect(await step(graph, PROFILE, sub)).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_UNKNOWN_POOL', message: expect.stringContaining('no-such-pool') });
    expect(profileOf(router, 'headend-lost')).toBeUndefined();
    const own = await routerOfTest('picky');
    const id = await graph.reachable(admin, own);
    own.simulator.faults.trapOn('/ppp/profile/add', 'failure: this is not to my taste', { times: 1 });
    expect(await step(graph, PROFILE, await provisioned(graph, id))).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_VALUE_REJECTED', message: expect.stringContaining('not to my taste') });
  });

  it('mend on verification what somebody changed on the router meanwhile', async () => {
    const own = await routerOfTest('drifting');
    const id = await graph.reachable(admin, own);
    const sub = await provisioned(graph, id);
    await step(graph, PROFILE, sub);
    await step(graph, SECRET, sub);
    await onConsole(own, async (session) => {
      const [row] = await session.print('/ppp/secret', { where: { name: sub.username } });
      await session.command('/ppp/secret/remove', { '.id': row!['.id']! });
    });
    expect(secretOf(own, sub.username)).toBeUndefined();
    expect(await step(graph, VERIFY, sub)).toMatchObject({ outcome: 'DONE' });
    expect(secretOf(own, sub.username)).toMatchObject({ password: `pw-${sub.username}` });
  });

  it.each(['6.49.10', '7.16', '7.21'])('work on RouterOS %s, also where it hides passwords', async (version) => {
    const own = await routerOfTest(`release-${version}`, version);
    const id = await graph.reachable(admin, own);
    const sub = await applied(graph, await provisioned(graph, id, { password: 'hidden' }));
    await applied(graph, sub);
    expect(secretOf(own, sub.username)).toMatchObject({ password: 'hidden' });
  });

  it('share one profile on a router while the plan gives the same, and take another when it gives something else', async () => {
    const plan = { id: uuidv7(), code: 'grown' };
    const [a, b] = [await provisioned(graph, routerId, { plan }), await provisioned(graph, routerId, { plan })];
    const c = await provisioned(graph, routerId, { plan: { ...plan, rateLimit: '50M/200M' } });
    await Promise.all([a, b, c].map((sub) => applied(graph, sub)));
    expect((await accessOf(graph, b.serviceId)).profile).toBe('headend-grown');
    expect((await accessOf(graph, c.serviceId)).profile).toBe('headend-grown-v2');
    expect([profileOf(router, 'headend-grown')?.['rate-limit'], profileOf(router, 'headend-grown-v2')?.['rate-limit']]).toEqual(['20M/100M', '50M/200M']);
    await withdraw(a);
    expect(profileOf(router, 'headend-grown')).toBeDefined();
    await withdraw(b);
    expect(profileOf(router, 'headend-grown')).toBeUndefined();
    expect(profileOf(router, 'headend-grown-v2')).toBeDefined();
  });
});

describe('the undo', () => {
  it('takes secret, session, profile and rows away, and is a no-op afterwards and for another run', async () => {
    const plan = { id: uuidv7(), code: 'undone' };
    const sub = await applied(graph, await provisioned(graph, routerId, { plan }));
    await eventually('the session to come up', 10_000, () => (router.simulator.sessions().some((session) => session.name === sub.username) ? true : undefined));
    expect(await withdraw({ serviceId: sub.serviceId, runId: uuidv7() })).toMatchObject({ outcome: 'DONE' });
    expect(secretOf(router, sub.username)).toBeDefined();
    expect(await withdraw(sub)).toEqual({ outcome: 'DONE', code: null, message: null });
    expect([secretOf(router, sub.username), profileOf(router, 'headend-undone')]).toEqual([undefined, undefined]);
    expect(router.simulator.sessions().some((session) => session.name === sub.username)).toBe(false);
    expect(await accessOf(graph, sub.serviceId)).toBeNull();
    expect(await withdraw(sub)).toMatchObject({ outcome: 'DONE' });
    await provisioned(graph, routerId, { username: sub.username });
  });

  it('waits while the router is away and may hold something; what never reached it is gone at once', async () => {
    const own = await routerOfTest('leaving');
    const id = await graph.reachable(admin, own);
    const [touched, untouched] = [await provisioned(graph, id), await provisioned(graph, id)];
    await step(graph, PROFILE, touched);
    await own.simulator.faults.set({ unreachable: true });
    await eventually('the line to be lost', 10_000, async () => ((await step(graph, PROFILE, untouched)).outcome === 'WAIT' ? true : undefined));
    expect(await withdraw(untouched)).toMatchObject({ outcome: 'DONE' });
    expect(await withdraw(touched)).toMatchObject({ outcome: 'WAIT', code: 'NETWORK_ROUTER_UNREACHABLE' });
    expect(await accessOf(graph, touched.serviceId)).toMatchObject({ desired: 'REMOVED', enforcement: { outcome: 'PENDING', reason: { code: 'NETWORK_ROUTER_UNREACHABLE' } } });
    await own.simulator.faults.clear();
    await eventually('the undo to complete', 30_000, async () => ((await withdraw(touched)).outcome === 'DONE' ? true : undefined));
    expect(profileOf(own, 'headend-fiber_100')).toBeUndefined();
  });
});

describe('bad input of the steps', () => {
  const seal = (changes: object) => graph.fault(saga, SEAL, { input: { id: uuidv7(), routerId, username: 'fine', password: 'fine', ...changes } });

  it('names the field of the credentials, by its path in the onboarding', async () => {
    expect(await seal({ username: 'a b', password: '' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['credentials.password', 'credentials.username'] });
    expect(await seal({ routerId: uuidv7() })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await seal({ id: 'nonsense' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['id'] });
    const lone = { ...saga, tenantId: uuidv7() };
    expect(await graph.fault(lone, SEAL, { input: { id: uuidv7(), username: 'fine', password: 'fine' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['routerId'] });
    const taken = await provisioned(graph, routerId);
    expect(await seal({ username: taken.username })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['credentials.username'] });
    expect(await seal({ id: taken.credentialsId, username: 'else' })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
  });

  it('lets one of two services that want the same name at once have it', async () => {
    const both = await Promise.all([0, 1].map(async () => {
      const ids = { serviceId: uuidv7(), credentialsId: uuidv7(), runId: uuidv7() };
      await graph.data(saga, SEAL, { input: { id: ids.credentialsId, routerId, username: 'contested', password: 'pw' } });
      return ids;
    }));
    const results = await Promise.all(both.map((ids) => graph.fault(saga, PROVISION, { input: { ...ids, plan: PLAN } })));
    expect(results.map(({ code }) => code).sort()).toEqual(['OK', 'VALIDATION_ERROR']);
    expect(results.find(({ code }) => code !== 'OK')).toMatchObject({ fields: ['credentials.username'] });
  });

  it('names every field of a plan that no router would take', async () => {
    const input = { serviceId: uuidv7(), credentialsId: uuidv7(), runId: 'r', plan: { id: uuidv7(), code: 'a b', rateLimit: 'fast', localAddress: '10.0.0.256', remotePool: '' } };
    expect(await graph.fault(saga, PROVISION, { input })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['plan.code', 'plan.localAddress', 'plan.rateLimit', 'plan.remotePool'] });
    expect(await graph.fault(saga, PROVISION, { input: { ...input, plan: PLAN } })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('answers NOT_FOUND for a service without access and for another tenant\'s', async () => {
    const sub = await provisioned(graph, routerId);
    for (const document of [PROFILE, SECRET, VERIFY]) {
      expect(await graph.fault(saga, document, { input: { serviceId: uuidv7() } })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await graph.fault({ ...saga, tenantId: stranger.tenantId }, document, { input: { serviceId: sub.serviceId } })).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect((await graph.data({ ...saga, tenantId: stranger.tenantId }, WITHDRAW, { input: { serviceId: sub.serviceId, runId: sub.runId } })).withdrawAccess.result.outcome).toBe('DONE');
    expect(await accessOf(graph, sub.serviceId)).not.toBeNull();
  });

  it('refuses whoever is no service', async () => {
    expect(await graph.fault(admin, PROFILE, { input: { serviceId: uuidv7() } })).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a page of services', () => {
  it('costs the same few statements however long it is, and not one command on a router', async () => {
    const own = await routerOfTest('listed');
    const id = await graph.reachable(admin, own);
    const subs: Subscriber[] = [];
    for (let at = 0; at < 30; at += 1) subs.push(await provisioned(graph, id));
    const statements = async (count: number) => (await graph.statementsOf(() => graph.data(admin, ACCESS, { of: subs.slice(0, count).map(({ serviceId }) => serviceRef(serviceId)) }))).length;
    await own.simulator.faults.set({ hang: true });
    const begun = performance.now();
    expect([await statements(1), await statements(30)]).toEqual([2, 2]);
    expect(performance.now() - begun).toBeLessThan(1_500);
  });

  it('on a router is listed page by page, for the tenant alone, without asking the router', async () => {
    const own = await routerOfTest('counted');
    const id = await graph.reachable(admin, own);
    const subs: Subscriber[] = [];
    for (let at = 0; at < 5; at += 1) subs.push(await provisioned(graph, id));
    await own.simulator.faults.set({ hang: true });
    const LIST = 'query ($filter: AccessFilter, $first: Int, $after: String) { accesses(filter: $filter, first: $first, after: $after) { totalCount nodes { username service { id } router { id } session { name } } pageInfo { hasNextPage endCursor } } }';
    const page = async (filter: object, more: object = {}, by = admin) => (await graph.data(by, LIST, { filter, ...more })).accesses;
    const first = await page({ routerId: id }, { first: 3 });
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    const rest = await page({ routerId: id }, { first: 3, after: first.pageInfo.endCursor });
    const listed = [...first.nodes, ...rest.nodes].map(({ service }: { service: { id: string } }) => service.id);
    expect(listed).toEqual(subs.map(({ serviceId }) => serviceId));
    expect((await page({ routerId: id, search: subs[0]!.username })).nodes).toMatchObject([{ username: subs[0]!.username, router: { id } }]);
    expect((await page({ routerId: id, outcome: 'APPLIED' })).totalCount).toBe(0);
    expect((await page({ routerId: id }, {}, stranger)).totalCount).toBe(0);
    expect((await page({ routerId: 'nonsense' })).totalCount).toBe(0);
    const statements = async (count: number) => (await graph.statementsOf(() => page({ routerId: id }, { first: count }))).length;
    expect(await statements(5)).toBe(await statements(1));
  });
});
