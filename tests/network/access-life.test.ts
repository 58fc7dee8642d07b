import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import {
  accessOf, admin, applied, member, onConsole, PLAN, PROFILE, provisioned, routerOfTest, saga, SEAL, SECRET, startNetwork, step, TENANT, VERIFY,
  type NetworkHarness, type StepResult, type Subscriber,
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

const SET = 'mutation ($input: SetAccessDesiredInput!) { setAccessDesired(input: $input) { access { desired enforcement { outcome } } } }';
const CHANGE_PLAN = 'mutation ($input: ChangeAccessPlanInput!) { changeAccessPlan(input: $input) { access { profile enforcement { outcome } } } }';
const MOVE = 'mutation ($input: MoveAccessInput!) { moveAccess(input: $input) { access { desired } } }';
const CREDENTIALS = 'mutation ($input: ChangeAccessCredentialsInput!) { changeAccessCredentials(input: $input) { access { username } } }';
const LEAVE = 'mutation ($input: LeaveRoutersInput!) { leaveRouters(input: $input) { result { outcome code message } } }';
const REVERT = 'mutation ($input: RevertAccessInput!) { revertAccess(input: $input) { result { outcome code message } } }';
const REVEAL = 'mutation ($input: RevealPppPasswordInput!) { revealPppPassword(input: $input) { username password } }';
const LEAVING = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Service { access { router { id } leaving { username reason { code } router { id } } } } } }';

const DONE: StepResult = { outcome: 'DONE', code: null, message: null };
const secretOf = (of: TestRouter, name: string) => of.simulator.rows('/ppp/secret').find((row) => row.name === name);
const sessionOf = (of: TestRouter, name: string) => of.simulator.rows('/ppp/active').find((row) => row.name === name);
const profiles = (of: TestRouter) => of.simulator.rows('/ppp/profile').map((row) => row.name);
const online = (of: TestRouter, name: string) => eventually(`${name} to dial`, 10_000, () => sessionOf(of, name));
const leaving = async (serviceId: string) => (await graph.data(admin, LEAVING, { of: [{ __typename: 'Service', id: serviceId }] }))._entities[0].access.leaving;

let intents = 0;
/** A wish of a run of its own, newer than all before. */
const wish = (of: Subscriber, more: object = {}) => ({ serviceId: of.serviceId, runId: uuidv7(), intent: (intents += 1), ...more });
const set = (of: Subscriber, desired: string) => graph.data(saga, SET, { input: wish(of, { desired }) });
/** The steps, each expected to succeed. */
const enforce = async (of: Subscriber, documents = [PROFILE, SECRET, VERIFY]) => {
  for (const document of documents) expect(await step(graph, document, of)).toEqual(DONE);
};
const subscriber = async (onRouter = routerId, on = router, plan: object = {}) => {
  const made = await applied(graph, await provisioned(graph, onRouter, { plan }));
  await online(on, made.username);
  return made;
};

describe('a service that is to be off', () => {
  it('has its secret disabled and its session cut, proven with the lag from the wish, and is announced', async () => {
    const of = await subscriber();
    const tail = graph.kit.bus.tail({ tenantId: TENANT, types: ['network.access.applied'] });
    const { setAccessDesired } = await set(of, 'DISABLED');
    expect(setAccessDesired.access).toEqual({ desired: 'DISABLED', enforcement: { outcome: 'PENDING' } });
    expect((await accessOf(graph, of.serviceId)).enforcement).toMatchObject({ outcome: 'PENDING', acknowledgedAt: null, lagMs: null, attempts: 0 });
    await enforce(of, [SECRET]);
    expect(secretOf(router, of.username)).toMatchObject({ disabled: 'true' });
    expect(sessionOf(router, of.username)).toBeUndefined();
    await enforce(of, [VERIFY]);
    const { enforcement } = await accessOf(graph, of.serviceId);
    expect(enforcement).toMatchObject({ outcome: 'APPLIED', acknowledgedAt: expect.any(String), lagMs: expect.any(Number), reason: null });
    // That it was brought up may be told only now.
    const told = await eventually('the announcement', 10_000, async () => [(await tail.next()).value.payload].find(({ desired }) => desired === 'DISABLED'));
    expect(told).toMatchObject({ serviceId: of.serviceId, lagMs: enforcement.lagMs });
    await tail.return?.();
    expect(router.simulator.dial(of.username)).toContain('user disabled');
  });

  it('is verified on the router, not in the books: what somebody enabled there is disabled and cut again', async () => {
    const of = await subscriber();
    await set(of, 'DISABLED');
    await enforce(of);
    await onConsole(router, (session) => session.command('/ppp/secret/set', { '.id': secretOf(router, of.username)!['.id']!, disabled: 'no' }).then(() => undefined));
    await online(router, of.username);
    await enforce(of, [VERIFY]);
    expect(secretOf(router, of.username)).toMatchObject({ disabled: 'true' });
    expect(sessionOf(router, of.username)).toBeUndefined();
  });

  it('stays PENDING with the reason while the router is away', async () => {
    const own = await routerOfTest('away');
    const of = await subscriber(await graph.reachable(admin, own), own);
    await own.simulator.faults.set({ unreachable: true });
    await set(of, 'DISABLED');
    expect(await step(graph, SECRET, of)).toMatchObject({ outcome: 'WAIT', code: 'NETWORK_ROUTER_UNREACHABLE' });
    expect((await accessOf(graph, of.serviceId)).enforcement).toMatchObject({ outcome: 'PENDING', reason: { code: 'NETWORK_ROUTER_UNREACHABLE' }, acknowledgedAt: null });
    await own.simulator.faults.clear();
    await eventually('the suspension', 30_000, async () => ((await step(graph, SECRET, of)).outcome === 'DONE' ? true : undefined));
    await enforce(of, [VERIFY]);
  });

  it('is not cut by a secret that is somebody else\'s: refused, with nothing touched', async () => {
    const of = await subscriber();
    await onConsole(router, (session) => session.command('/ppp/secret/set', { '.id': secretOf(router, of.username)!['.id']!, comment: 'mine now' }).then(() => undefined));
    await set(of, 'DISABLED');
    expect(await step(graph, SECRET, of)).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_FOREIGN_SECRET' });
    expect(secretOf(router, of.username)).toMatchObject({ disabled: 'false' });
    expect(sessionOf(router, of.username)).toBeDefined();
    expect((await accessOf(graph, of.serviceId)).enforcement).toMatchObject({ outcome: 'PENDING', reason: { code: 'NETWORK_FOREIGN_SECRET' } });
  });

  it('and on again can dial, with the session left alone that was never cut', async () => {
    const of = await subscriber();
    const before = sessionOf(router, of.username)!;
    await set(of, 'DISABLED');
    await set(of, 'ENABLED');
    await enforce(of);
    expect(sessionOf(router, of.username)).toMatchObject({ 'session-id': before['session-id'] });
    expect(secretOf(router, of.username)).toMatchObject({ disabled: 'false' });
  });
});

describe('wishes', () => {
  it('that are older than the newest heard are refused; the newest may be said again', async () => {
    const of = await subscriber();
    const [older, newer] = [wish(of, { desired: 'DISABLED' }), wish(of, { desired: 'ENABLED' })];
    for (let times = 0; times < 2; times += 1) expect((await graph.data(saga, SET, { input: newer })).setAccessDesired.access.desired).toBe('ENABLED');
    expect(await graph.fault(saga, SET, { input: older })).toMatchObject({ code: 'CONFLICT' });
    expect(await graph.fault(admin, SET, { input: wish(of, { desired: 'DISABLED' }) })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(saga, SET, { input: { ...newer, serviceId: uuidv7() } })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a service that ends', () => {
  it('leaves nothing on the router; the proof stays, and its name is free again', async () => {
    const of = await subscriber();
    await set(of, 'REMOVED');
    await enforce(of, [SECRET, VERIFY]);
    expect(secretOf(router, of.username)).toBeUndefined();
    expect(sessionOf(router, of.username)).toBeUndefined();
    expect(await accessOf(graph, of.serviceId)).toMatchObject({ desired: 'REMOVED', username: of.username, enforcement: { outcome: 'APPLIED', lagMs: expect.any(Number) }, session: null });
    // Repeated after a crash: done stays done.
    await enforce(of, [SECRET, VERIFY]);
    expect((await graph.data(saga, SET, { input: wish(of, { desired: 'REMOVED' }) })).setAccessDesired.access).toBeNull();
    await applied(graph, await provisioned(graph, routerId, { username: of.username }));
  });

  it('takes its profile along when nobody else has it', async () => {
    const own = await routerOfTest('profiles');
    const id = await graph.reachable(admin, own);
    const [one, other] = [await subscriber(id, own), await subscriber(id, own)];
    await set(one, 'REMOVED');
    await enforce(one, [SECRET, VERIFY]);
    expect(profiles(own)).toContain('headend-fiber_100');
    await set(other, 'REMOVED');
    await enforce(other, [SECRET, VERIFY]);
    expect(profiles(own)).not.toContain('headend-fiber_100');
  });
});

describe('another plan', () => {
  const faster = { ...PLAN, id: '00000000-0000-4000-8000-0000000000f3', code: 'fiber_300', rateLimit: '100M/300M' };

  it('gets its profile, and the session is renewed; the former profile goes when unused', async () => {
    const own = await routerOfTest('plans');
    const of = await subscriber(await graph.reachable(admin, own), own);
    const before = sessionOf(own, of.username)!;
    await graph.data(saga, CHANGE_PLAN, { input: wish(of, { plan: faster }) });
    await enforce(of);
    expect(secretOf(own, of.username)).toMatchObject({ profile: 'headend-fiber_300' });
    const after = await eventually('a new session', 10_000, () => (sessionOf(own, of.username)?.['session-id'] === before['session-id'] ? undefined : sessionOf(own, of.username)));
    expect(profiles(own)).not.toContain('headend-fiber_100');
    // Verified again, nothing is cut again.
    await enforce(of);
    expect(sessionOf(own, of.username)).toMatchObject({ 'session-id': after['session-id'] });
  });

  it('that the router rejects is taken back: rows, secret and profile as they were', async () => {
    const of = await subscriber();
    const input = wish(of, { plan: { ...faster, remotePool: 'no-such-pool' } });
    await graph.data(saga, CHANGE_PLAN, { input });
    expect(await step(graph, PROFILE, of)).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_UNKNOWN_POOL' });
    for (let times = 0; times < 2; times += 1) expect((await graph.data(saga, REVERT, { input: { serviceId: of.serviceId, runId: input.runId } })).revertAccess.result).toEqual(DONE);
    expect(secretOf(router, of.username)).toMatchObject({ profile: 'headend-fiber_100', disabled: 'false' });
    expect(await accessOf(graph, of.serviceId)).toMatchObject({ profile: 'headend-fiber_100', enforcement: { outcome: 'APPLIED' } });
  });

  it('of a service that is off is on the router too, and off it stays', async () => {
    const of = await subscriber();
    await set(of, 'DISABLED');
    await enforce(of);
    await graph.data(saga, CHANGE_PLAN, { input: wish(of, { plan: faster }) });
    await enforce(of);
    expect(secretOf(router, of.username)).toMatchObject({ profile: 'headend-fiber_300', disabled: 'true' });
    expect(sessionOf(router, of.username)).toBeUndefined();
  });
});

describe('another router', () => {
  it('is brought up first; the former serves until it is left, and both are seen', async () => {
    const own = await routerOfTest('next');
    const ownId = await graph.reachable(admin, own);
    const of = await subscriber();
    await graph.data(saga, MOVE, { input: wish(of, { routerId: ownId }) });
    expect(await leaving(of.serviceId)).toEqual([{ username: of.username, reason: null, router: { id: routerId } }]);
    await enforce(of);
    expect(secretOf(own, of.username)).toMatchObject({ disabled: 'false', password: `pw-${of.username}` });
    expect(secretOf(router, of.username)).toBeDefined();
    expect((await graph.data(saga, LEAVE, { input: { serviceId: of.serviceId } })).leaveRouters.result).toEqual(DONE);
    expect(secretOf(router, of.username)).toBeUndefined();
    expect(sessionOf(router, of.username)).toBeUndefined();
    expect(await leaving(of.serviceId)).toEqual([]);
  });

  it('that refuses sends the service back; nothing of it stays there', async () => {
    const own = await routerOfTest('refuses');
    const ownId = await graph.reachable(admin, own);
    const of = await subscriber();
    await onConsole(own, (session) => session.command('/ppp/secret/add', { name: of.username, password: 'x' }).then(() => undefined));
    const input = wish(of, { routerId: ownId });
    await graph.data(saga, MOVE, { input });
    await enforce(of, [PROFILE]);
    expect(await step(graph, SECRET, of)).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_FOREIGN_SECRET' });
    expect((await graph.data(saga, REVERT, { input: { serviceId: of.serviceId, runId: input.runId } })).revertAccess.result).toEqual(DONE);
    expect(await accessOf(graph, of.serviceId)).toMatchObject({ router: { id: routerId }, enforcement: { outcome: 'APPLIED' } });
    expect(profiles(own)).not.toContain('headend-fiber_100');
    expect(secretOf(own, of.username)).toMatchObject({ password: 'x' });
    expect(secretOf(router, of.username)).toMatchObject({ disabled: 'false' });
  });

  it('in the middle of a move, a suspension is one on both', async () => {
    const own = await routerOfTest('both');
    const of = await subscriber();
    await graph.data(saga, MOVE, { input: wish(of, { routerId: await graph.reachable(admin, own) }) });
    await enforce(of);
    await set(of, 'DISABLED');
    await enforce(of, [SECRET, VERIFY]);
    expect(secretOf(own, of.username)).toMatchObject({ disabled: 'true' });
    expect([sessionOf(own, of.username), secretOf(router, of.username), sessionOf(router, of.username)]).toEqual([undefined, undefined, undefined]);
  });

  it('must be another one, known, and with the name free', async () => {
    const own = await routerOfTest('taken');
    const ownId = await graph.reachable(admin, own);
    const of = await subscriber();
    await provisioned(graph, ownId, { username: of.username });
    expect(await graph.fault(saga, MOVE, { input: wish(of, { routerId }) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['routerId'] });
    expect(await graph.fault(saga, MOVE, { input: wish(of, { routerId: ownId }) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['routerId'] });
    expect(await graph.fault(saga, MOVE, { input: wish(of, { routerId: uuidv7() }) })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an address of his own', () => {
  const ADDRESS = 'mutation ($input: SetAccessAddressInput!) { setAccessAddress(input: $input) { access { staticAddress } } }';
  const address = (of: Subscriber, own: string | null) => wish(of, { address: own });

  it('is what the subscriber gets at his next dial, which is at once; without it he gets one of the pool again', async () => {
    const of = await subscriber();
    const before = sessionOf(router, of.username)!;
    expect((await graph.data(saga, ADDRESS, { input: address(of, '10.64.9.20') })).setAccessAddress.access).toEqual({ staticAddress: '10.64.9.20' });
    await enforce(of);
    expect(secretOf(router, of.username)).toMatchObject({ 'remote-address': '10.64.9.20' });
    const after = await eventually('the static address', 10_000, () => [sessionOf(router, of.username)].find((session) => session?.address === '10.64.9.20'));
    expect(after!['session-id']).not.toBe(before['session-id']);
    // Said again, nothing is cut.
    await graph.data(saga, ADDRESS, { input: address(of, '10.64.9.20') });
    await enforce(of);
    expect(sessionOf(router, of.username)).toMatchObject({ 'session-id': after!['session-id'] });

    await graph.data(saga, ADDRESS, { input: address(of, null) });
    await enforce(of);
    expect(secretOf(router, of.username)?.['remote-address'] ?? '').toBe('');
    await eventually('an address of the pool', 10_000, () => [sessionOf(router, of.username)].find((session) => session && session.address !== '10.64.9.20'));
  });

  it('is one subscriber\'s on a router, also while it may be taken back, and goes along to another router', async () => {
    const own = await routerOfTest('addresses');
    const ownId = await graph.reachable(admin, own);
    const [of, other] = [await subscriber(), await subscriber()];
    await graph.data(saga, ADDRESS, { input: address(of, '10.64.9.30') });
    await enforce(of);
    expect(await graph.fault(saga, ADDRESS, { input: address(other, '10.64.9.30') })).toMatchObject({ code: 'CONFLICT', fields: ['address'] });
    const change = address(of, '10.64.9.31');
    await graph.data(saga, ADDRESS, { input: change });
    expect(await graph.fault(saga, ADDRESS, { input: address(other, '10.64.9.30') })).toMatchObject({ code: 'CONFLICT' });
    expect((await graph.data(saga, REVERT, { input: { serviceId: of.serviceId, runId: change.runId } })).revertAccess.result).toEqual(DONE);
    expect(secretOf(router, of.username)).toMatchObject({ 'remote-address': '10.64.9.30' });
    expect(await accessOf(graph, of.serviceId)).toMatchObject({ staticAddress: '10.64.9.30', enforcement: { outcome: 'APPLIED' } });

    const there = await subscriber(ownId, own);
    await graph.data(saga, ADDRESS, { input: address(there, '10.64.9.30') });
    expect(await graph.fault(saga, MOVE, { input: wish(of, { routerId: ownId }) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['routerId'] });
    await graph.data(saga, ADDRESS, { input: address(there, null) });
    await enforce(there);
    await graph.data(saga, MOVE, { input: wish(of, { routerId: ownId }) });
    await enforce(of);
    expect(secretOf(own, of.username)).toMatchObject({ 'remote-address': '10.64.9.30' });
  });

  it('must be the address of a host, and not the router\'s own', async () => {
    const of = await subscriber();
    for (const wrong of ['', '10.64.9', '10.64.9.300', '0.0.0.0', '224.0.0.1', '::1', PLAN.localAddress]) {
      expect(await graph.fault(saga, ADDRESS, { input: address(of, wrong) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['address'] });
    }
  });
});

describe('the lock to one device', () => {
  const LOCK = 'mutation ($input: SetAccessCallerIdInput!) { setAccessCallerId(input: $input) { access { callerIdLock } } }';
  const lock = async (of: Subscriber, callerId: string | null, renew = false) => {
    const { setAccessCallerId } = await graph.data(saga, LOCK, { input: wish(of, { callerId, renew }) });
    await enforce(of);
    return setAccessCallerId.access.callerIdLock;
  };

  it('lets that device dial and no other, until it is reset', async () => {
    const of = await subscriber();
    const before = sessionOf(router, of.username)!;
    const mac = before['caller-id']!;
    expect(await lock(of, mac.toLowerCase().replaceAll(':', '-'))).toBe(mac);
    expect(secretOf(router, of.username)).toMatchObject({ 'caller-id': mac });
    expect(sessionOf(router, of.username)).toMatchObject({ 'session-id': before['session-id'] });

    router.simulator.changeModem(of.username, '02:00:00:00:00:99');
    router.simulator.hangUp(of.username);
    expect(router.simulator.dial(of.username)).toContain('caller-id');
    expect(await lock(of, null)).toBeNull();
    const after = await online(router, of.username);
    expect(after).toMatchObject({ 'caller-id': '02:00:00:00:00:99' });
  });

  it('to another device than the one that is online cuts it', async () => {
    const of = await subscriber();
    await lock(of, '02:aa:bb:cc:dd:ee', true);
    expect(sessionOf(router, of.username)).toBeUndefined();
    expect(router.simulator.dial(of.username)).toContain('caller-id');
    expect(await accessOf(graph, of.serviceId)).toMatchObject({ callerIdLock: '02:AA:BB:CC:DD:EE', enforcement: { outcome: 'APPLIED' } });
  });

  it('takes a MAC address only', async () => {
    const of = await subscriber();
    for (const wrong of ['', 'modem', '02:aa:bb:cc:dd', '02:aa:bb:cc:dd:gg']) {
      expect(await graph.fault(saga, LOCK, { input: wish(of, { callerId: wrong, renew: false }) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['callerId'] });
    }
  });
});

describe('other credentials', () => {
  const seal = async (of: Subscriber, change: object) => (await graph.data(saga, 'mutation ($input: SealPppCredentialsInput!) { sealPppCredentials(input: $input) { credentials { id unchanged } } }', { input: { id: uuidv7(), serviceId: of.serviceId, ...change } })).sealPppCredentials.credentials;

  it('rename the secret, the row staying the same, and cut the session of the former name', async () => {
    const of = await subscriber();
    const { '.id': id } = secretOf(router, of.username)!;
    const { id: credentialsId } = await seal(of, { username: `${of.username}-new` });
    await graph.data(saga, CREDENTIALS, { input: wish(of, { credentialsId }) });
    await enforce(of);
    expect(secretOf(router, of.username)).toBeUndefined();
    expect(secretOf(router, `${of.username}-new`)).toMatchObject({ '.id': id, password: `pw-${of.username}` });
    expect(sessionOf(router, of.username)).toBeUndefined();
    await online(router, `${of.username}-new`);
  });

  it('that are the present ones are said to be so, and a name that is taken is refused', async () => {
    const [of, other] = [await subscriber(), await subscriber()];
    expect(await seal(of, { username: of.username, password: `pw-${of.username}` })).toMatchObject({ unchanged: true });
    expect(await graph.fault(saga, SEAL, { input: { id: uuidv7(), serviceId: of.serviceId, username: other.username } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['credentials.username'] });
  });

  it('are taken back where the router has the new name for somebody else', async () => {
    const of = await subscriber();
    const name = `${of.username}-foreign`;
    await onConsole(router, (session) => session.command('/ppp/secret/add', { name, password: 'x' }).then(() => undefined));
    const { id: credentialsId } = await seal(of, { username: name, password: 'other' });
    const input = wish(of, { credentialsId });
    await graph.data(saga, CREDENTIALS, { input });
    expect(await step(graph, SECRET, of)).toMatchObject({ outcome: 'REJECTED', code: 'NETWORK_FOREIGN_SECRET' });
    expect((await graph.data(saga, REVERT, { input: { serviceId: of.serviceId, runId: input.runId } })).revertAccess.result).toEqual(DONE);
    expect(secretOf(router, of.username)).toMatchObject({ password: `pw-${of.username}` });
    expect(secretOf(router, name)).toMatchObject({ password: 'x' });
  });

  it('are shown to who may see them, after it is on record who and why', async () => {
    const of = await subscriber();
    const tail = graph.kit.bus.tail({ tenantId: TENANT, types: ['network.access.passwordRevealed'] });
    const input = { serviceId: of.serviceId, reason: 'he called' };
    expect(await graph.fault(member(TENANT, 'service:write'), REVEAL, { input })).toMatchObject({ code: 'FORBIDDEN' });
    const clerk = member(TENANT, 'access:reveal');
    expect((await graph.data(clerk, REVEAL, { input })).revealPppPassword).toEqual({ username: of.username, password: `pw-${of.username}` });
    const { payload } = (await tail.next()).value;
    expect(payload).toMatchObject({ serviceId: of.serviceId, by: { kind: 'user', id: clerk.id }, reason: 'he called' });
    expect(JSON.stringify(payload)).not.toContain('pw-');
    await tail.return?.();
  });
});
