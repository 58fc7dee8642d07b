import { afterEach, describe, expect, it } from 'vitest';
import { unavailable } from '#kernel/errors.ts';
import { makePrincipal } from '#kernel/access/principal.ts';
import { systemClock } from '#kernel/clock.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeMetrics } from '#kernel/metrics.ts';
import { RestError } from '../machine/errors.ts';
import { generatedDocuments, readOperation } from '../machine/operations.ts';
import type { Input } from '../machine/route.ts';
import { makeFakeGraph, neededSchema } from '../testing/fake-graph.ts';
import { makeTestRest, type TestRest } from '../testing/rest-app.ts';
import { makePppoeCallbacks } from './pppoe-callbacks.ts';

interface Event {
  action: string;
  name: string;
  sourceAddress: string;
  callbackSecret?: string;
}
type Args = { input: { events: Event[] } };

const operation = readOperation('MikroopsReportPppoeCallbacks', generatedDocuments.MikroopsReportPppoeCallbacks!, neededSchema());

/** A door in front of a graph that answers when the test lets it. */
function door({ outcome = () => 'ACCEPTED', maxWaiting = 20_000, coalesceFrom = 1000 }: { outcome?: (event: Event) => string; maxWaiting?: number; coalesceFrom?: number } = {}) {
  const calls: Event[][] = [];
  let gate: Promise<void> = Promise.resolve();
  const graph = makeFakeGraph({
    async reportPppoeCallbacks({ input }: Args) {
      calls.push(input.events);
      await gate;
      return { outcomes: input.events.map(outcome) };
    },
  });
  const { intake, stop } = makePppoeCallbacks({ supergraph: graph, principal: makePrincipal({ kind: 'service', id: 'rest' }), operation, log: silentLogger, metrics: makeMetrics(), clock: systemClock, maxWaiting, coalesceFrom });
  const report = (action: string, name: string, sourceAddress = '192.0.2.1', token?: string) => intake({ action, name }, { sourceAddress, header: () => token } as unknown as Input);
  const hold = () => {
    let release!: () => void;
    gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  };
  return { calls, report, hold, stop };
}

describe('the door for PPPoE callbacks', () => {
  it('hands over what arrives together in one call, in order', async () => {
    const { calls, report } = door();
    await Promise.all([report('UP', 'anna'), report('UP', 'ben'), report('DOWN', 'anna')]);
    expect(calls.map((events) => events.map(({ action, name }) => `${action} ${name}`))).toEqual([['UP anna', 'UP ben', 'DOWN anna']]);
  });

  it('keeps the last state of every user of a burst of 5,000 users who go up and down', async () => {
    const { calls, report, hold } = door();
    const release = hold();
    const users = Array.from({ length: 5000 }, (_, i) => `user${i}`);
    const all = users.flatMap((name, i) => [report('UP', name), report(i % 2 ? 'DOWN' : 'UP', name)]);
    release();
    await Promise.all(all);
    const last = new Map(calls.flat().map(({ name, action }) => [name, action]));
    expect(last.size).toBe(5000);
    expect(users.every((name, i) => last.get(name) === (i % 2 ? 'DOWN' : 'UP'))).toBe(true);
    expect(Math.max(...calls.map((events) => events.length))).toBeLessThanOrEqual(500);
  });

  it('lets a newer state take the place of one that waits, once much is waiting', async () => {
    const { calls, report, hold } = door({ coalesceFrom: 2 });
    const release = hold();
    const first = report('UP', 'first');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const all = [report('UP', 'anna'), report('UP', 'ben'), ...Array.from({ length: 50 }, (_, i) => report(i % 2 ? 'UP' : 'DOWN', 'anna')), report('DOWN', 'anna')];
    release();
    await Promise.all([first, ...all]);
    expect(calls[1]!.map(({ action, name }) => `${action} ${name}`)).toEqual(['DOWN anna', 'UP ben']);
  });

  it('says UNAVAILABLE beyond its bounds, and one address cannot fill it alone', async () => {
    const { report, hold } = door({ maxWaiting: 10 });
    const release = hold();
    const stranger = Promise.allSettled(Array.from({ length: 20 }, (_, i) => report('UP', `s${i}`, '203.0.113.9')));
    const router = report('UP', 'anna', '192.0.2.1');
    release();
    const refused = (await stranger).filter((outcome) => outcome.status === 'rejected').map((outcome) => (outcome.reason as RestError).code);
    expect(refused).toEqual(Array.from({ length: 15 }, () => 'UNAVAILABLE'));
    await expect(router).resolves.toEqual({ data: { status: 'accepted' } });
  });

  it('refuses whom the graph refuses, each by its own outcome', async () => {
    const { report } = door({ outcome: ({ sourceAddress, name }) => (sourceAddress === '203.0.113.9' ? 'REFUSED' : name === 'nobody' ? 'RECORDED' : 'ACCEPTED') });
    const [known, stranger, nobody] = await Promise.allSettled([report('UP', 'anna'), report('UP', 'anna', '203.0.113.9'), report('UP', 'nobody')]);
    expect(known).toMatchObject({ value: { data: { status: 'accepted' } } });
    expect(stranger).toMatchObject({ reason: { code: 'UNAUTHENTICATED' } });
    expect(nobody).toMatchObject({ value: { data: { status: 'recorded' } } });
  });

  it('goes on after a call that failed', async () => {
    let away = true;
    const { report } = door({
      outcome() {
        if (away) throw unavailable('The network is away.');
        return 'ACCEPTED';
      },
    });
    await expect(report('UP', 'anna')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    away = false;
    await expect(report('UP', 'anna')).resolves.toEqual({ data: { status: 'accepted' } });
  });
});

describe('POST /v1/callbacks/pppoe/up', () => {
  let rest: TestRest;
  afterEach(() => rest.close());

  it('passes on body, source address and token as a service, without any credentials of a user', async () => {
    const seen: unknown[] = [];
    rest = await makeTestRest({
      reportPppoeCallbacks({ input }: Args, { principal }) {
        seen.push(...input.events, principal.kind, principal.permissions.has('internal:callbacks'));
        return { outcomes: ['ACCEPTED'] };
      },
    });
    const answer = await rest.app.inject({
      method: 'POST',
      url: '/v1/callbacks/pppoe/up',
      remoteAddress: '::ffff:127.0.0.1',
      headers: { 'x-callback-token': 'T' },
      payload: { name: 'user1', caller_id: 'AA:BB:CC:DD:EE:FF', interface: 'pppoe-in1', local_address: '10.0.0.1', remote_address: '10.0.0.50', service: 'pppoe' },
    });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ success: true, data: { status: 'accepted' } });
    expect(seen).toEqual([
      { action: 'UP', name: 'user1', callerId: 'AA:BB:CC:DD:EE:FF', interface: 'pppoe-in1', localAddress: '10.0.0.1', remoteAddress: '10.0.0.50', service: 'pppoe', sourceAddress: '127.0.0.1', callbackSecret: 'T', receivedAt: expect.any(String) as string },
      'service',
      true,
    ]);
  });

  it('takes a form, as RouterOS sends it by default', async () => {
    rest = await makeTestRest({ reportPppoeCallbacks: ({ input }: Args) => ({ outcomes: input.events.map(({ name }) => (name === 'user 1' ? 'ACCEPTED' : 'REFUSED')) }) });
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/callbacks/pppoe/down', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'name=user+1&service=pppoe' });
    expect(answer.statusCode).toBe(202);
  });

  it('refuses a stranger with 401', async () => {
    rest = await makeTestRest({ reportPppoeCallbacks: () => ({ outcomes: ['REFUSED'] }) });
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/callbacks/pppoe/up', payload: { name: 'user1' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ success: false, data: null, error: { code: 'UNAUTHENTICATED' } });
  });
});
