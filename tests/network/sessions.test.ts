import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainEvent } from '#kernel/bus/bus.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import {
  accessOf, admin, applied, DISCONNECT, member, onConsole, provisioned, routerOfTest, SESSIONS, startNetwork, step, stranger, TENANT, TRAFFIC, VERIFY, WITHDRAW, saga,
  type NetworkHarness, type SessionEvent, type Subscriber,
} from './network-harness.ts';

interface Sample {
  at: string;
  rxBitsPerSecond: number;
  txBitsPerSecond: number;
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

/** Online, with an address, on the router. */
const online = async (of: TestRouter, subscriber: Subscriber) => {
  await eventually(`${subscriber.username} to dial`, 10_000, () => (of.simulator.sessions().some((session) => session.name === subscriber.username) ? true : undefined));
  return eventually(`${subscriber.username} to be seen`, 10_000, async () => (await accessOf(graph, subscriber.serviceId)).session ?? undefined);
};
const demosOnline = (of: TestRouter) => eventually('the demo homes to dial', 10_000, () => (of.simulator.sessions().length >= 3 ? true : undefined));

describe('the subscription to live sessions', () => {
  it('begins with one event for each session, counting down, and goes on with who comes and goes', async () => {
    const own = await routerOfTest('watched');
    await demosOnline(own);
    const id = await graph.reachable(admin, own);
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: id });
    const snapshot = [await events.next(), await events.next(), await events.next()];
    expect(snapshot.map(({ action, remaining }) => [action, remaining])).toEqual([['SNAPSHOT', 2], ['SNAPSHOT', 1], ['SNAPSHOT', 0]]);
    expect(snapshot.map(({ session }) => session.name).sort()).toEqual(['demo-alice', 'demo-bob', 'demo-carol']);
    expect(snapshot.every(({ session }) => session.service === null && session.router.id === id && !session.stale)).toBe(true);

    const sub = await applied(graph, await provisioned(graph, id));
    const up = await events.until(({ action, session }) => action === 'UP' && session.name === sub.username && session.address !== null);
    expect(up.session).toMatchObject({ service: { id: sub.serviceId }, callerId: expect.stringMatching(/^([0-9A-F]{2}:){5}/) });
    expect(up.version).toBeGreaterThan(snapshot[0]!.version);
    own.simulator.hangUp(sub.username);
    const down = await events.until(({ action }) => action === 'DOWN');
    expect(down.session).toMatchObject({ id: up.session.id, name: sub.username });
    const again = await events.until(({ action, session }) => action === 'UP' && session.name === sub.username);
    expect(again.session.id).not.toBe(up.session.id);
  });

  it('shares one login and one listen among all subscribers', async () => {
    const own = await routerOfTest('shared');
    await demosOnline(own);
    const id = await graph.reachable(admin, own);
    const streams = await Promise.all(Array.from({ length: 50 }, () => graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: id })));
    await Promise.all(streams.map((stream) => stream.until(({ remaining }) => remaining === 0)));
    const statements = await graph.statementsOf(async () => {
      own.simulator.hangUp('demo-bob');
      await Promise.all(streams.map((stream) => stream.until(({ action, session }) => action === 'DOWN' && session.name === 'demo-bob')));
    });
    expect(own.simulator.connections()).toBe(1);
    // All ask whose session it was; the database is asked once.
    expect(statements.filter(({ text }) => text.includes('unnest')).length).toBeLessThanOrEqual(1);
  });

  it('reads the services of a whole snapshot, and their router, by one statement each', async () => {
    const own = await routerOfTest('snapshot');
    const id = await graph.reachable(admin, own);
    const subs: Subscriber[] = [];
    for (let at = 0; at < 20; at += 1) subs.push(await applied(graph, await provisioned(graph, id)));
    await eventually('all to dial', 15_000, () => (own.simulator.sessions().length === 23 ? true : undefined));
    await online(own, subs.at(-1)!);
    await eventually('all to be seen', 10_000, async () => ((await Promise.all(subs.map(({ serviceId }) => accessOf(graph, serviceId)))).every((access) => access.session) ? true : undefined));
    // Another tenant at the same router knows nothing of these services, and nothing of them is remembered for it.
    const theirs = await graph.reachable(stranger, own);
    await eventually('their line to see the sessions', 10_000, async () => {
      const probe = await graph.subscribe<SessionEvent>(stranger, SESSIONS, { routerId: theirs });
      const first = await probe.next();
      await probe.leave();
      return first.remaining === 22 ? true : undefined;
    });
    const seen: SessionEvent[] = [];
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: id });
    const statements = await graph.statementsOf(async () => {
      do seen.push(await events.next());
      while (seen.at(-1)!.remaining !== 0);
    });
    expect(seen.filter(({ session }) => session.service !== null)).toHaveLength(20);
    expect(statements.length).toBeLessThanOrEqual(2);
    const foreign = await graph.subscribe<SessionEvent>(stranger, SESSIONS, { routerId: theirs });
    for (let at = 0; at < 23; at += 1) expect((await foreign.next()).session.service).toBeNull();
  });

  it('shows all sessions as stale while the router is away, and as live again when it is back', async () => {
    const own = await routerOfTest('stale');
    await demosOnline(own);
    const id = await graph.reachable(admin, own);
    const sub = await applied(graph, await provisioned(graph, id));
    await online(own, sub);
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: id });
    await own.simulator.faults.set({ unreachable: true });
    await events.until(({ action, session, remaining }) => action === 'SNAPSHOT' && session.stale && remaining === 0);
    const stale = (await accessOf(graph, sub.serviceId)).session;
    expect(stale).toMatchObject({ stale: true, name: sub.username, observedAt: expect.any(String) });
    await own.simulator.faults.clear();
    await events.until(({ action, session, remaining }) => action === 'SNAPSHOT' && !session.stale && remaining === 0);
    expect((await accessOf(graph, sub.serviceId)).session).toMatchObject({ stale: false });
  });

  it('goes on when the router gets another address, and ends when it is removed', async () => {
    const [first, second] = [await routerOfTest('before'), await routerOfTest('after')];
    await Promise.all([demosOnline(first), demosOnline(second)]);
    const id = await graph.reachable(admin, first);
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: id });
    await events.until(({ remaining }) => remaining === 0);
    await graph.data(admin, 'mutation ($id: ID!, $port: Int!) { updateRouter(input: { id: $id, port: $port }) { router { id } } }', { id, port: second.port });
    await events.until(({ remaining, session }) => remaining === 0 && !session.stale);
    second.simulator.hangUp('demo-bob');
    await events.until(({ action, session }) => action === 'DOWN' && session.name === 'demo-bob');
    await eventually('the first line to be closed', 5_000, () => (first.simulator.connections() === 0 ? true : undefined));
    const ended = events.until(() => false).catch((error: Error) => error.message);
    await graph.data(admin, 'mutation ($id: ID!) { removeRouter(input: { id: $id }) { id } }', { id });
    expect(await ended).toBe('The stream ended.');
  });

  it('takes the active router by default, and refuses an unknown one and whoever lacks the right', async () => {
    await demosOnline(router);
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS);
    expect((await events.next()).session.router.id).toBe(routerId);
    await expect(graph.subscribe(stranger, SESSIONS, { routerId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(graph.subscribe(admin, SESSIONS, { routerId: 'nonsense' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(graph.subscribe(member(uuidv7(), '*'), SESSIONS)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(graph.subscribe(member(TENANT, 'router:read'), SESSIONS)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('sessions on the bus', () => {
  it('are announced about the service that they belong to', async () => {
    const own = await routerOfTest('announcing');
    const id = await graph.reachable(admin, own);
    const tail = graph.kit.bus.tail({ tenantId: TENANT, types: ['network.session.up', 'network.session.down'] });
    const next = async (fits: (event: DomainEvent) => boolean): Promise<DomainEvent> => {
      for (;;) {
        const { value } = (await tail.next()) as { value: DomainEvent };
        if (fits(value)) return value;
      }
    };
    const sub = await applied(graph, await provisioned(graph, id));
    expect(await next(({ type, subject }) => type === 'network.session.up' && subject === sub.serviceId)).toMatchObject({ payload: { routerId: id, serviceId: sub.serviceId, name: sub.username } });
    own.simulator.hangUp(sub.username);
    expect(await next(({ subject }) => subject === sub.serviceId)).toMatchObject({ type: 'network.session.down' });
    own.simulator.hangUp('demo-bob');
    expect(await next(({ payload }) => payload.name === 'demo-bob')).toMatchObject({ subject: id, payload: { serviceId: null } });
    await tail.return?.();
  });

  it('belong to nobody once the service is withdrawn', async () => {
    const sub = await applied(graph, await provisioned(graph, routerId, { username: 'moving' }));
    await online(router, sub);
    await graph.data(saga, WITHDRAW, { input: { serviceId: sub.serviceId, runId: sub.runId } });
    const next = await applied(graph, await provisioned(graph, routerId, { username: 'moving' }));
    expect((await online(router, next)).service).toEqual({ id: next.serviceId });
  });
});

describe('disconnecting', () => {
  it('cuts the session of a service and proves it gone; the subscriber dials anew', async () => {
    const sub = await applied(graph, await provisioned(graph, routerId));
    await online(router, sub);
    const before = router.simulator.sessions().find((session) => session.name === sub.username)!;
    const tail = graph.kit.bus.tail({ tenantId: TENANT, types: ['network.session.disconnectRequested'] });
    expect((await graph.data(admin, DISCONNECT, { input: { serviceId: sub.serviceId } })).disconnectSession).toMatchObject({ disconnected: true, session: { name: sub.username } });
    // Who did it is on record.
    expect((await tail.next()).value.payload).toMatchObject({ serviceId: sub.serviceId, routerId, name: sub.username, by: { kind: 'user', id: admin.id } });
    await tail.return?.();
    await eventually('a new session', 10_000, () => {
      const now = router.simulator.sessions().find((session) => session.name === sub.username);
      return now && now.sessionId !== before.sessionId ? true : undefined;
    });
    expect(await step(graph, VERIFY, sub)).toMatchObject({ outcome: 'DONE' });
  });

  it('cuts one session by its id, also of a secret that is not ours', async () => {
    await demosOnline(router);
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId });
    const { session } = await events.until(({ session: one }) => one.name === 'demo-carol');
    expect((await graph.data(admin, DISCONNECT, { input: { sessionId: session.id } })).disconnectSession).toEqual({ disconnected: true, session: { id: session.id, name: 'demo-carol' } });
    await events.until(({ action, session: one }) => action === 'DOWN' && one.id === session.id);
    expect(await graph.fault(stranger, DISCONNECT, { input: { sessionId: session.id } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(admin, DISCONNECT, { input: { sessionId: session.id } })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says that there was none, and UNAVAILABLE with the reason when the router is away', async () => {
    const own = await routerOfTest('cut-off');
    const id = await graph.reachable(admin, own);
    const sub = await provisioned(graph, id);
    expect((await graph.data(admin, DISCONNECT, { input: { serviceId: sub.serviceId } })).disconnectSession).toEqual({ disconnected: false, session: null });
    await own.simulator.faults.set({ unreachable: true });
    const { errors } = await graph.run(admin, DISCONNECT, { input: { serviceId: sub.serviceId } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', details: [{ code: 'NETWORK_ROUTER_UNREACHABLE' }] });
  });

  it('wants exactly one of service and session, and knows only its own tenant\'s', async () => {
    expect(await graph.fault(admin, DISCONNECT, { input: {} })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['serviceId'] });
    expect(await graph.fault(admin, DISCONNECT, { input: { serviceId: uuidv7() } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(admin, DISCONNECT, { input: { sessionId: 'nonsense' } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(member(TENANT, 'session:read'), DISCONNECT, { input: {} })).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('traffic', () => {
  it('waits for the subscriber, flows while he is online, and is measured for as long as somebody watches', async () => {
    const own = await routerOfTest('metered');
    const id = await graph.reachable(admin, own);
    const sub = await provisioned(graph, id);
    const samples = await graph.subscribe<Sample>(admin, TRAFFIC, { serviceId: sub.serviceId });
    const first = samples.next();
    await applied(graph, sub);
    expect(await first).toMatchObject({ at: expect.any(String), rxBitsPerSecond: expect.any(Number), txBitsPerSecond: expect.any(Number) });
    await samples.until(({ txBitsPerSecond }) => txBitsPerSecond > 0);
    const others = await Promise.all(Array.from({ length: 5 }, () => graph.subscribe<Sample>(admin, TRAFFIC, { serviceId: sub.serviceId })));
    await Promise.all(others.map((other) => other.next()));
    expect(own.simulator.connections()).toBe(1);
    // A redial brings another interface of the same name.
    own.simulator.hangUp(sub.username);
    await eventually('the redial', 10_000, () => (own.simulator.sessions().some((session) => session.name === sub.username) ? true : undefined));
    const after = new Date().toISOString();
    await samples.until(({ at, txBitsPerSecond }) => at > after && txBitsPerSecond > 0);
    // He goes for good: one sample of zeros says so.
    await onConsole(own, async (session) => {
      const [row] = await session.print('/ppp/secret', { where: { name: sub.username } });
      await session.command('/ppp/secret/set', { '.id': row!['.id']!, disabled: true });
    });
    own.simulator.hangUp(sub.username);
    await samples.until(({ rxBitsPerSecond, txBitsPerSecond }) => rxBitsPerSecond === 0 && txBitsPerSecond === 0);
  });

  it('of an unknown service, or another tenant\'s, is NOT_FOUND', async () => {
    const sub = await provisioned(graph, routerId);
    for (const [principal, serviceId] of [[admin, uuidv7()], [admin, 'nonsense'], [stranger, sub.serviceId]] as const) {
      await expect(graph.subscribe(principal, TRAFFIC, { serviceId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});
