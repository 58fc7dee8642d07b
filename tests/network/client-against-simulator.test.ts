/** Our RouterOS client and the simulated router, which share no code: each proves the other's reading of the protocol. */
import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRouterSimulator, type RouterSimulator, type RouterSimulatorOptions } from '#sandbox/routeros/simulator.ts';
import { makeLiveSessions, type LiveChange, type LiveSessions } from '#subgraphs/network/routeros/live-sessions.ts';
import { makePppVerbs, type DesiredSecret } from '#subgraphs/network/routeros/ppp.ts';
import { ForeignRowError } from '#subgraphs/network/routeros/errors.ts';
import { makeRouterConnection, type RouterConnection, type RouterConnectionOptions } from '#subgraphs/network/routeros/router-connection.ts';
import { makeTraffic } from '#subgraphs/network/routeros/traffic.ts';

const VERSIONS = ['6.42', '6.49.10', '7.16', '7.18', '7.21'] as const;

async function start(simulator: Partial<RouterSimulatorOptions> = {}, more: Partial<RouterConnectionOptions> = {}): Promise<{ router: RouterSimulator; connection: RouterConnection; port: number; tlsPort: number | undefined }> {
  const router = makeRouterSimulator({
    port: 0, version: '7.18', identity: 'edge-1', users: [{ name: 'admin', password: 'geheim' }], dialDelayMs: [5, 15], bootMs: 10,
    seed: {
      '/ip/pool': [{ name: 'pool-a', ranges: '10.64.0.2-10.64.0.20' }],
      '/ppp/profile': [{ name: 'plan-a', 'local-address': '10.64.0.1', 'remote-address': 'pool-a', 'rate-limit': '5M/20M' }],
    },
    ...simulator,
  });
  const { port, tlsPort } = await router.start();
  const connection = makeRouterConnection({
    host: '127.0.0.1', port: more.tls === undefined ? port : tlsPort!, credentials: async () => ({ username: 'admin', password: 'geheim' }),
    backoff: { minMs: 5, maxMs: 20 }, authRetryMs: 20, dialTimeoutMs: 1000, ...more,
  });
  onTestFinished(async () => {
    await connection.stop();
    await router.stop();
  });
  return { router, connection, port, tlsPort };
}
function follow(connection: RouterConnection): { live: LiveSessions; changes: LiveChange[] } {
  const live = makeLiveSessions({ connection });
  const changes: LiveChange[] = [];
  live.onChange((change) => changes.push(change));
  live.start();
  onTestFinished(() => live.stop());
  return { live, changes };
}
async function until<T>(probe: () => T | undefined | null | false): Promise<T> {
  const end = performance.now() + 10_000;
  for (;;) {
    const value = probe();
    if (value) return value;
    if (performance.now() > end) throw new Error(`not seen in time: ${probe.toString()}`);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}
const owner = { tenant: 't1', id: 'svc1' };
const ada: DesiredSecret = { name: 'ada', owner, password: 'pw', profile: 'plan-a' };

describe.each(VERSIONS)('our client against RouterOS %s', (version) => {
  it('logs in, provisions idempotently and sees the session come up, change and go', async () => {
    const { router, connection } = await start({ version });
    const { live, changes } = follow(connection);
    const session = await connection.session(5000);
    expect(connection.status()).toMatchObject({ state: 'online', identity: 'edge-1' });
    expect(connection.status().version).toContain(version);
    const ppp = makePppVerbs(session, { version: connection.status().version, hashPassword: (p) => `h:${p}` });
    expect(await ppp.ensureProfile({ name: 'fiber', owner: { tenant: 't1', id: 'p1' }, localAddress: '10.64.0.1', remoteAddress: 'pool-a', rateLimit: '10M/10M' })).toMatchObject({ outcome: 'APPLIED' });
    expect(await ppp.ensureProfile({ name: 'fiber', owner: { tenant: 't1', id: 'p1' }, localAddress: '10.64.0.1', remoteAddress: 'pool-a', rateLimit: '10000k' })).toMatchObject({ outcome: 'UNCHANGED' });
    expect(await ppp.ensureSecret({ ...ada, profile: 'fiber' })).toMatchObject({ outcome: 'APPLIED', passwordVerified: true });
    expect(await ppp.ensureSecret({ ...ada, profile: 'fiber', appliedPasswordHash: 'h:pw' })).toMatchObject({ outcome: 'UNCHANGED', passwordVerified: true });
    await until(() => live.byName('ada')?.address);
    expect(live.byName('ada')).toMatchObject({ name: 'ada', service: 'pppoe', staleSince: null, address: expect.stringMatching(/^10\.64\.0\./), callerId: expect.stringMatching(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/) });
    expect(await ppp.ensureSecret({ ...ada, profile: 'plan-a' })).toMatchObject({ outcome: 'APPLIED', changed: ['profile'] });
    expect(await ppp.disableSecret('ada', owner)).toMatchObject({ outcome: 'APPLIED' });
    expect(await ppp.removeActive({ name: 'ada' })).toMatchObject({ outcome: 'APPLIED', removed: 1 });
    await until(() => live.synced && !live.byName('ada'));
    expect(changes.filter((c) => 'session' in c).map((c) => c.action)).toEqual(expect.arrayContaining(['UP', 'DOWN']));
    expect(await ppp.removeSecret('ada', owner)).toEqual({ outcome: 'APPLIED' });
    expect(await ppp.removeSecret('ada', owner)).toEqual({ outcome: 'UNCHANGED' });
    expect(router.connections()).toBe(1);
    expect(live.counters.missed).toBe(0);
  });
});

describe('our client on a bad day', () => {
  it('never touches a secret somebody else made', async () => {
    const { connection, router } = await start();
    const session = await connection.session(5000);
    await session.command('/ppp/secret/add', { name: 'ada', password: 'hers', profile: 'plan-a', service: 'pppoe', comment: 'Ada, by hand' });
    await expect(makePppVerbs(session).ensureSecret(ada)).rejects.toBeInstanceOf(ForeignRowError);
    expect(router.rows('/ppp/secret').find((r) => r['name'] === 'ada')).toMatchObject({ password: 'hers', comment: 'Ada, by hand' });
  });

  it('types the refusals of a router', async () => {
    const { connection, router } = await start();
    const session = await connection.session(5000);
    await expect(makePppVerbs(session).ensureSecret({ ...ada, profile: 'nowhere' })).rejects.toMatchObject({ code: 'BAD_VALUE', retryable: false });
    await expect(session.command('/ppp/secret/remove', { '.id': '*FFFF' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(session.command('/no/such/print')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await makePppVerbs(session).ensureSecret(ada);
    await expect(session.command('/ppp/secret/add', { name: 'ada' })).rejects.toMatchObject({ code: 'DUPLICATE' });
    await router.faults.set({ refuseRights: ['/ppp/secret/set'] });
    await expect(makePppVerbs(session).disableSecret('ada', owner)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await router.faults.clear();
    expect(await session.count('/ppp/secret')).toBe(1);
  });

  it.each(['before', 'after', 'mid-reply', 'silent'] as const)('doubles nothing when the line is cut %s the add', async (when) => {
    const { connection, router } = await start({}, { session: { commandTimeoutMs: 200 } });
    router.faults.cutOn('/ppp/secret/add', when);
    const first = await connection.session(5000);
    await expect(makePppVerbs(first).ensureSecret(ada)).rejects.toMatchObject({ outcomeUnknown: true, retryable: true });
    await until(() => connection.current());
    const result = await makePppVerbs(await connection.session(5000)).ensureSecret(ada);
    expect(result.outcome).toBe(when === 'before' ? 'APPLIED' : 'UNCHANGED');
    expect(router.rows('/ppp/secret').filter((r) => r['name'] === 'ada')).toHaveLength(1);
  });

  it('survives answers in fragments of one byte', async () => {
    const { connection, router } = await start();
    await router.faults.set({ fragmentBytes: 1 });
    const ppp = makePppVerbs(await connection.session(20_000));
    expect(await ppp.ensureSecret(ada)).toMatchObject({ outcome: 'APPLIED' });
    expect((await ppp.listProfiles()).map((p) => p.name)).toContain('plan-a');
  });

  it('shows an unreachable, hanging or refusing router and is back when it is', async () => {
    const { connection, router } = await start({}, { dialTimeoutMs: 150, session: { livenessMs: 30, livenessTimeoutMs: 100 } });
    await connection.session(5000);
    await router.faults.set({ unreachable: true });
    await until(() => connection.status().reasonCode === 'UNREACHABLE');
    await router.faults.clear();
    await connection.session(5000);
    await router.faults.set({ hang: true });
    await until(() => connection.status().reachable === false);
    await until(() => connection.status().reasonCode === 'TIMEOUT');
    await router.faults.clear();
    await connection.session(5000);
    await router.faults.set({ refuseLogin: true });
    await router.reboot();
    await until(() => connection.status().state === 'auth-refused');
    await router.faults.clear();
    await connection.session(5000);
    expect(connection.status()).toMatchObject({ state: 'online', reachable: true, reason: null });
  });

  it('keeps the sessions of a router that is away, stale, and agrees with it afterwards', async () => {
    const { connection, router } = await start();
    const { live, changes } = follow(connection);
    const ppp = makePppVerbs(await connection.session(5000));
    for (const name of ['ada', 'bob', 'cyd']) await ppp.ensureSecret({ ...ada, name, owner: { tenant: 't1', id: name } });
    await until(() => live.sessions().length === 3);
    await router.faults.set({ unreachable: true });
    await until(() => live.staleSince());
    expect(live.sessions().filter((s) => s.staleSince !== null)).toHaveLength(3);
    router.hangUp('bob');
    await until(() => router.sessions().length === 2 || router.sessions().length === 3);
    await router.faults.clear();
    await until(() => live.staleSince() === null && live.synced);
    await until(() => live.sessions().length === router.sessions().length);
    expect(live.sessions().map((s) => [s.name, s.address]).sort()).toEqual(router.rows('/ppp/active').map((r) => [r['name'], r['address']]).sort());
    expect(changes.some((c) => c.action === 'DOWN' && c.session.name === 'bob')).toBe(true);
  });

  it('drops every session of a router that was rebooted', async () => {
    const { connection, router } = await start();
    const { live } = follow(connection);
    await makePppVerbs(await connection.session(5000)).ensureSecret(ada);
    const before = await until(() => live.byName('ada'));
    await router.reboot();
    await until(() => live.staleSince() === null && live.byName('ada') && live.byName('ada')!.sessionId !== before.sessionId);
    expect(live.sessions()).toHaveLength(1);
  });

  it('measures traffic of a subscriber, across a redial', async () => {
    const { connection, router } = await start();
    const { live } = follow(connection);
    const ppp = makePppVerbs(await connection.session(5000));
    const traffic = makeTraffic({ connection, debounceMs: 20, lookForMs: 100 });
    onTestFinished(() => traffic.stop());
    live.onChange((change) => { if ('session' in change) traffic.poke(change.session.name); });
    const samples = traffic.watch('ada');
    expect((await samples.next()).value).toMatchObject({ online: false });
    await ppp.ensureSecret(ada);
    const flowing = async (): Promise<void> => {
      for (;;) {
        const sample = (await samples.next()).value!;
        if (sample.online && sample.rxBitsPerSecond + sample.txBitsPerSecond > 0) return;
      }
    };
    await flowing();
    const before = live.byName('ada')!.routerosId;
    router.hangUp('ada');
    await until(() => live.byName('ada') && live.byName('ada')!.routerosId !== before);
    await flowing();
    await samples.return!();
    expect(traffic.upstreams).toBe(0);
  });

  it('speaks api-ssl to a router whose certificate it has pinned, and to no other', async () => {
    const file = (name: string): string => readFileSync(new URL(`../../sandbox/routeros/tls/sandbox-router.${name}.pem`, import.meta.url), 'utf8');
    const tls = { port: 0, key: file('key'), cert: file('cert') };
    const pin = new X509Certificate(tls.cert).fingerprint256;
    const good = await start({ tls }, { tls: { mode: 'fingerprint', sha256: pin } });
    await good.connection.session(5000);
    expect(good.connection.status()).toMatchObject({ state: 'online', peerFingerprint: pin });
    const bad = await start({ tls }, { tls: { mode: 'fingerprint', sha256: pin.replace(/[0-9A-F]/, (d) => (d === '0' ? '1' : '0')) } });
    await expect(bad.connection.session(300)).rejects.toMatchObject({ code: 'TLS' });
  });
});
