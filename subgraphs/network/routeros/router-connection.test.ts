import { afterEach, describe, expect, it } from 'vitest';
import { RouterOsError } from './errors.ts';
import { makeRouterConnection, type RouterConnection, type RouterConnectionOptions } from './router-connection.ts';
import { makeTestPeer, makeTestRuntime, until, type PeerOptions, type TestPeer } from './test-peer.ts';

let peer: TestPeer | null = null;
let connection: RouterConnection | null = null;
afterEach(async () => {
  await connection?.stop();
  await peer?.close();
  connection = peer = null;
});

const answering: PeerOptions = {
  onCommand(c, l) {
    if (c.path === '/system/resource/print') l.say(c.tag, '!re', '=version=7.18 (stable)', '=uptime=1d2h');
    if (c.path === '/system/identity/print') l.say(c.tag, '!re', '=name=edge-1');
    l.say(c.tag, '!done');
  },
};
function make(options: Partial<RouterConnectionOptions> = {}): RouterConnection {
  connection = makeRouterConnection({
    host: '127.0.0.1', port: peer?.port ?? 1, credentials: async () => ({ username: 'admin', password: 'pw' }),
    backoff: { minMs: 5, maxMs: 20 }, authRetryMs: 20, session: { livenessMs: 0 }, ...options,
  });
  return connection;
}

describe('a router connection', () => {
  it('dials when first asked and knows version, name and uptime', async () => {
    peer = await makeTestPeer(answering);
    const c = make();
    expect(c.status()).toMatchObject({ state: 'idle', reachable: null });
    const session = await c.session(5000);
    expect(c.status()).toMatchObject({ state: 'online', reachable: true, reason: null, version: '7.18 (stable)', identity: 'edge-1', uptimeSeconds: 93_600 });
    expect(await c.session()).toBe(session);
    expect(c.current()).toBe(session);
    expect(peer.lines).toHaveLength(1);
  });

  it('gives all callers one session', async () => {
    peer = await makeTestPeer(answering);
    const c = make();
    const sessions = await Promise.all([c.session(5000), c.session(5000), c.session(5000)]);
    expect(new Set(sessions).size).toBe(1);
    expect(peer.lines).toHaveLength(1);
  });

  it('says why it is away, and is back when the router is', async () => {
    peer = await makeTestPeer(answering);
    const { port } = peer;
    const c = make();
    const states: string[] = [];
    c.onState((status) => states.push(status.state));
    const first = await c.session(5000);
    await peer.close();
    await until(() => c.status().reachable === false);
    expect(c.current()).toBeNull();
    await until(() => c.status().reason?.includes('connection refused'));
    expect(c.status()).toMatchObject({ version: '7.18 (stable)', reasonCode: 'UNREACHABLE' });
    await expect(c.session(30)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true, message: expect.stringContaining('connection refused') });
    await expect(c.session(0)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    peer = await makeTestPeer({ ...answering, port });
    const second = await c.session(5000);
    expect(second).not.toBe(first);
    expect(c.status()).toMatchObject({ state: 'online', reachable: true, reason: null });
    expect(states).toEqual(expect.arrayContaining(['connecting', 'online', 'backing-off']));
  });

  it('backs off with full jitter between its bounds', async () => {
    const waits: number[] = [];
    for (const random of [0, 0.5, 0.999]) {
      const runtime = makeTestRuntime(() => random);
      let dials = 0;
      const c = make({
        runtime, backoff: { minMs: 500, maxMs: 15_000 },
        open: async () => { dials++; throw new RouterOsError('UNREACHABLE', 'no'); },
      });
      c.start();
      for (let i = 1; i <= 9; i++) {
        await until(() => dials === i && c.status().state === 'backing-off');
        const wait = Math.max(...runtime.delays());
        waits.push(wait);
        runtime.advance(wait);
      }
      await c.stop();
    }
    expect(Math.min(...waits)).toBe(500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
    expect(waits.slice(9, 18)).toEqual([500, 500, 1000, 2000, 4000, 7500, 7500, 7500, 7500]);
  });

  it('does not take a router that drops us at once for a fresh start', async () => {
    const runtime = makeTestRuntime(() => 0.999);
    peer = await makeTestPeer({ onCommand: answering.onCommand! });
    const c = make({ runtime, backoff: { minMs: 100, maxMs: 10_000 } });
    const waits: number[] = [];
    c.start();
    for (let i = 0; i < 4; i++) {
      await until(() => c.status().state === 'online');
      peer.lines.at(-1)!.socket.destroy();
      await until(() => c.status().state === 'backing-off');
      waits.push(Math.round(Math.max(...runtime.delays())));
      runtime.advance(waits.at(-1)! + 1);
    }
    expect(waits).toEqual([100, 200, 400, 799]);
  });

  it('shows a refused login, fetches the credentials anew at each dial, and gets in once they are right', async () => {
    peer = await makeTestPeer({ ...answering, onLogin: (c, l) => {
      if (c.arg('password') !== 'right') l.say(c.tag, '!trap', '=message=invalid user name or password (6)');
      l.say(c.tag, '!done');
    } });
    let password = 'wrong';
    const c = make({ credentials: async () => ({ username: 'admin', password }), authRetryMs: 3_600_000 });
    await expect(c.session(200)).rejects.toMatchObject({ code: 'AUTH' });
    expect(c.status()).toMatchObject({ state: 'auth-refused', reachable: false, reasonCode: 'AUTH', reason: expect.stringContaining('invalid user name') });
    password = 'right';
    c.retryNow();
    await c.session(5000);
    expect(c.status().state).toBe('online');
  });

  it('does not call a router online that lets us in and answers nothing', async () => {
    peer = await makeTestPeer({});
    const c = make({ dialTimeoutMs: 40 });
    await expect(c.session(150)).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('not answered') });
    expect(c.status()).toMatchObject({ reachable: false, reasonCode: 'TIMEOUT' });
  });

  it('is online at a router that refuses to tell its version', async () => {
    peer = await makeTestPeer({ onCommand: (c, l) => { l.say(c.tag, '!trap', '=message=not enough permissions (9)'); l.say(c.tag, '!done'); } });
    await make().session(5000);
    expect(connection!.status()).toMatchObject({ state: 'online', version: null, identity: null });
  });

  it('survives credentials that fail or hang', async () => {
    peer = await makeTestPeer(answering);
    const c = make({ credentials: () => Promise.reject(new Error('vault sealed')) });
    await expect(c.session(50)).rejects.toMatchObject({ message: expect.stringContaining('vault sealed') });
    await c.stop();
    const hanging = make({ credentials: () => new Promise(() => undefined), dialTimeoutMs: 20 });
    await expect(hanging.session(100)).rejects.toMatchObject({ message: expect.stringContaining('in time') });
  });

  it('stops at once, in the middle of a dial too, and can be started again', async () => {
    peer = await makeTestPeer({ onLogin: () => undefined });
    const c = make({ dialTimeoutMs: 60_000 });
    const waiting = c.session(60_000).catch((e: unknown) => e);
    await until(() => peer!.commands.length > 0);
    const stopping = c.stop();
    expect(await waiting).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('stopped') });
    await stopping;
    await expect(c.session(10)).rejects.toMatchObject({ message: expect.stringContaining('stopped') });
    await peer.close();
    peer = await makeTestPeer({ ...answering, port: peer.port });
    c.start();
    const session = await c.session(5000);
    await c.stop();
    expect(session.isClosed).toBe(true);
    expect(c.status().state).toBe('stopped');
  });

  it('refreshes what it knows when asked', async () => {
    let name = 'before';
    peer = await makeTestPeer({ onCommand: (c, l) => { l.say(c.tag, '!re', `=name=${name}`, '=version=7.20', '=uptime=5s'); l.say(c.tag, '!done'); } });
    const c = make();
    await c.session(5000);
    name = 'after';
    expect(await c.refresh()).toMatchObject({ identity: 'after', version: '7.20', uptimeSeconds: 5 });
  });
});
