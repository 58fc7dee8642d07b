import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../support/eventually.ts';
import type { Client } from '../support/client.ts';
import { MODES } from '../support/product.ts';
import { openProvider } from './provider.ts';

/** Homes that hang up and dial again all at once, and how often: two changes each time, some four times what one subscriber may have waiting. */
const HOMES = 50;
const ROUNDS = 40;
const CHANGES = 2 * HOMES * ROUNDS;
/** Each session has a caller id of so many bytes, so that what is kept for one who does not read weighs something: all the changes come to 64 MB an operation. */
const CALLER_ID_BYTES = 16_000;
/** Operations on the one slow socket: sent without a look at what waits, the changes would come to 640 MB. */
const OPERATIONS = 10;
/** What it may still get when it reads again: what the kernel's buffers hold (10 MB of Linux as it comes), and a few changes of each operation. Of what waited behind them nothing is left. */
const KEPT_MB = 32;
/** What the process that serves it may grow by: the bounded queues (16 MB an operation, apart) and what the work itself leaves behind. */
const GROWTH_MB = 400;
/** How long the one who does not read is given until what waits for it is let go, ms. */
const LET_GO_MS = 60_000;
/** Close codes: too slow; dropped because it answered no ping. */
const TOO_SLOW = 4508;
const DROPPED = 1006;
/** A line is pinged this often and dropped when there is no answer by the next: so long after the last reading, ms, on a busy machine, it may be the ping that ends it, before its queue is full. */
const PING_EVERY_MS = 15_000;

/** The home that dials in when all is over. */
const LAST = 'demo-home-1';

interface Change {
  pppSessions: { action: 'SNAPSHOT' | 'UP' | 'DOWN'; version: number; remaining: number | null; session: { id: string; name: string; callerId?: string } };
}

/** Everybody's sessions as a client that reads keeps them. It fails on a change that does not follow from those before. */
async function watch(client: Client, routerId: string) {
  const events = client.subscribe<Change>('subscription ($routerId: ID) { pppSessions(routerId: $routerId) { action version remaining session { id name } } }', { routerId });
  const online = new Map<string, string>();
  let version = 0;
  let changes = 0;
  let inSnapshot = false;
  const read = async () => {
    const { value, done } = await events.next();
    if (done) throw new Error('the subscription of the one who reads has ended');
    const { action, session, remaining, ...now } = value.pppSessions;
    expect(now.version).toBeGreaterThanOrEqual(version);
    version = now.version;
    if (action === 'SNAPSHOT') {
      if (!inSnapshot) online.clear();
      inSnapshot = remaining! > 0;
      online.set(session.name, session.id);
      return;
    }
    changes += 1;
    // Up means: was not online, or the same session with other facts. Down means: was.
    expect([session.id, action === 'UP' ? undefined : session.id]).toContain(online.get(session.name));
    if (action === 'UP') online.set(session.name, session.id);
    else online.delete(session.name);
  };
  return {
    online: online as ReadonlyMap<string, string>,
    changes: () => changes,
    /** Reads on until it is so. */
    async until(isSo: () => boolean) {
      while (!isSo()) await read();
    },
    leave: () => events.return?.(),
  };
}

describe.each(MODES)('a client that does not read (%s)', (mode) => {
  let provider: Awaited<ReturnType<typeof openProvider>>;
  let swift: Client;
  let authorization: string;
  const names = Array.from({ length: HOMES }, (_, n) => `demo-home-${n + 1}`);
  const everyone = () => provider.router.simulator.sessionCount();

  beforeAll(async () => {
    provider = await openProvider(mode, { homes: HOMES });
    const { simulator } = provider.router;
    await eventually('everybody to dial in', 30_000, () => everyone() > HOMES || undefined);
    for (const name of names) simulator.changeModem(name, 'F'.repeat(CALLER_ID_BYTES));
    swift = await provider.client();
    // A REST stream names no router: it is of the active one.
    await swift.ask('mutation ($id: ID!) { activateRouter(input: { id: $id }) { router { id } } }', { id: provider.routerId });
    const { login } = await swift.ask<{ login: { accessToken: string } }>('mutation { login(input: { username: "test@dotmac.cloud", password: "test123" }) { accessToken } }');
    authorization = `Bearer ${login.accessToken}`;
    // Once beforehand: every process has its code warm, and every session its long caller id.
    const reader = await watch(swift, provider.routerId);
    await reader.until(() => reader.online.size >= everyone());
    await round(reader);
    await reader.leave();
  }, 400_000);

  afterAll(async () => {
    await swift?.close();
    await provider?.stop();
  });

  type Reader = Awaited<ReturnType<typeof watch>>;

  /** Everybody hangs up and dials again; over when the reader has it. In step with him: it is the other who falls behind. */
  const round = async (reader: Reader) => {
    const { simulator } = provider.router;
    const before = new Map(reader.online);
    for (const name of names) {
      simulator.hangUp(name);
      simulator.dial(name);
    }
    const waiting = new Set(names);
    await reader.until(() => {
      for (const name of waiting) if (reader.online.has(name) && reader.online.get(name) !== before.get(name)) waiting.delete(name);
      return waiting.size === 0;
    });
  };

  const metric = async (door: string, name: string): Promise<number> => {
    const text = await (await fetch(`${door}/metrics`)).text();
    return Number(text.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? 0);
  };

  /**
   * All the changes past one who does not read, while another does: he gets every one, and sees the end as it is. `growthMb`: what
   * the process at this door has grown by at most; `dropped`: it took so long that the line of the one who does not read may be gone.
   */
  const pushPast = async (door: string): Promise<{ growthMb: number; dropped: boolean }> => {
    const { simulator } = provider.router;
    const began = performance.now();
    const resident = async () => (await metric(door, 'process_resident_memory_bytes')) / 1e6;
    const before = await resident();
    let most = before;
    const reader = await watch(swift, provider.routerId);
    await reader.until(() => reader.online.size === everyone());
    for (let done = 0; done < ROUNDS; done += 1) {
      await round(reader);
      most = Math.max(most, await resident());
    }
    expect(reader.changes()).toBeGreaterThanOrEqual(CHANGES);
    const last = reader.online.get(LAST);
    simulator.hangUp(LAST);
    simulator.dial(LAST);
    await reader.until(() => reader.online.has(LAST) && reader.online.get(LAST) !== last);
    expect([...reader.online.keys()].sort()).toEqual(simulator.sessions().map(({ name }) => name).sort());
    await reader.leave();
    return { growthMb: most - before, dropped: performance.now() - began >= PING_EVERY_MS };
  };

  it('of the graph costs bounded memory and hurts nobody; it is told that it was too slow', async () => {
    const { url } = provider.product;
    const slowOnes = () => metric(url, 'headend_gateway_subscriptions_ended_total{reason="slow"}');
    const before = await slowOnes();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const ends = new Set<unknown>();
    let [heard, bytes, ended] = [0, 0, 0];
    socket.on('message', (data: Buffer) => {
      bytes += data.length;
      const { type, payload } = JSON.parse(String(data)) as { type: string; payload?: { errors?: Array<{ extensions: { code: string } }> } };
      if (type === 'connection_ack') {
        const query = 'subscription ($routerId: ID) { pppSessions(routerId: $routerId) { action session { id name callerId } } }';
        for (let id = 0; id < OPERATIONS; id += 1) socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query, variables: { routerId: provider.routerId } } }));
      }
      if (type === 'next') heard += 1;
      for (const { extensions } of payload?.errors ?? []) ends.add(extensions.code);
      if (type === 'complete') ended += 1;
    });
    socket.on('close', (code) => {
      ends.add(code);
      ended = OPERATIONS;
    });
    socket.on('error', () => undefined);
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
    await eventually('the snapshot', 30_000, () => heard >= OPERATIONS * everyone() || undefined);
    socket.pause();
    bytes = 0;

    const { growthMb, dropped } = await pushPast(url);
    process.stdout.write(`${mode}: ${CHANGES} changes of ${CALLER_ID_BYTES / 1000} kB past ${OPERATIONS} operations that nobody reads: the front door grew by ${growthMb.toFixed(0)} MB at most\n`);
    // Nothing waits for it any more although it still has not read: its operations were ended, or its line.
    await eventually('its operations to end', LET_GO_MS, async () => (await metric(url, 'headend_gateway_subscriptions')) === 0 || undefined);
    const wereSlow = (await slowOnes()) - before;
    socket.resume();
    await eventually('the slow client to be told', LET_GO_MS, () => ended === OPERATIONS || undefined);
    const told = ends.has('SLOW_CONSUMER') && wereSlow === OPERATIONS ? 'SLOW_CONSUMER' : [...ends].find((end) => typeof end === 'number');
    expect(['SLOW_CONSUMER', TOO_SLOW, ...(dropped ? [DROPPED] : [])]).toContain(told);
    expect(bytes / 1e6).toBeLessThan(KEPT_MB);
    expect(growthMb).toBeLessThan(GROWTH_MB);
    socket.terminate();
  }, 400_000);

  it('of a REST stream likewise', async () => {
    const { restUrl } = provider.product;
    const socket = new WebSocket(`${restUrl.replace('http', 'ws')}/v1/internal/ppp/active/stream`, { headers: { authorization } });
    let closed: number | undefined;
    let [heard, bytes] = [0, 0];
    socket.on('message', (data: Buffer) => {
      heard += 1;
      bytes += data.length;
    });
    socket.on('close', (code) => (closed = code));
    socket.on('error', () => undefined);
    await eventually('the snapshot', 30_000, () => heard > 0 || undefined);
    socket.pause();
    bytes = 0;
    const { growthMb, dropped } = await pushPast(restUrl);
    process.stdout.write(`${mode}: the same past a REST stream that nobody reads: its process grew by ${growthMb.toFixed(0)} MB at most\n`);
    socket.resume();
    expect(dropped ? [TOO_SLOW, DROPPED] : [TOO_SLOW]).toContain(await eventually('the slow client to be closed', LET_GO_MS, () => closed));
    expect(bytes / 1e6).toBeLessThan(KEPT_MB);
    expect(growthMb).toBeLessThan(GROWTH_MB);
    socket.terminate();
  }, 400_000);
});
