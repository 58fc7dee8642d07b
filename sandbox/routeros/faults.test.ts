import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { encodeSentence } from './codec.ts';
import { eventually, logIn, openClient } from './test-client.ts';
import { makeHandClock, secret, startRouter } from './test-router.ts';
import { testCertificate } from './tls/test-certificate.ts';
import { makeRouterSimulator } from './simulator.ts';

/** Turns the clock until `work` is done; gives the ms that took. */
async function turning(clock: ReturnType<typeof makeHandClock>, work: Promise<unknown>): Promise<number> {
  const state = { over: false };
  const done = work.finally(() => {
    state.over = true;
  });
  let passed = 0;
  for (; !state.over; passed += 5) {
    clock.advance(5);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  return passed;
}

describe('faults', () => {
  it('unreachable cuts everybody off and refuses, then the same port answers again', async () => {
    const { client, router, port } = await startRouter();
    await router.faults.set({ unreachable: true });
    await client.closed;
    await expect(openClient(port)).rejects.toThrow(/ECONNREFUSED/);
    await router.faults.clear();
    const again = await logIn(port);
    expect((await again.talk('/system/identity/print')).rows).toHaveLength(1);
    again.close();
  });

  it('hang takes connections and commands and answers when it is over', async () => {
    const { client, router, port } = await startRouter();
    await router.faults.set({ hang: true });
    const other = await openClient(port);
    const answer = client.talk('/system/identity/print');
    other.send('/login', '=name=admin', '=password=');
    await new Promise((resolve) => setImmediate(resolve));
    expect([client.received, other.received]).toEqual([[], []]);
    await router.faults.clear('hang');
    expect((await answer).rows).toHaveLength(1);
    await other.sentence((words) => words[0] === '!done');
    other.close();
  });

  it('latency holds every command back', async () => {
    const clock = makeHandClock();
    const { client, router } = await startRouter({ clock });
    await router.faults.set({ latencyMs: 60 });
    expect(await turning(clock, client.talk('/system/identity/print'))).toBeGreaterThanOrEqual(60);
  });

  it('fragments arrive whole', async () => {
    const { client, router } = await startRouter();
    await router.faults.set({ fragmentBytes: 1 });
    expect((await client.talk('/ppp/profile/print', '.tag=1')).rows).toHaveLength(3);
    await router.faults.set({ fragmentBytes: 7 });
    expect((await client.talk('/ppp/profile/print', '.tag=2')).rows).toHaveLength(3);
  });

  it('drops the line after so many bytes, once', async () => {
    const { client, router, port } = await startRouter();
    const raw = await new Promise<number>((resolve) => {
      let bytes = 0;
      client.socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
      client.socket.on('close', () => resolve(bytes));
      void router.faults.set({ dropAfterBytes: 100 }).then(() => client.send('/ppp/profile/print'));
    });
    expect(raw).toBe(100);
    const again = await logIn(port);
    expect((await again.talk('/ppp/profile/print')).rows).toHaveLength(3);
    again.close();
  });

  it.each([
    ['before', 0],
    ['after', 1],
    ['mid-reply', 1],
  ] as const)('cut %s leaves %i secret(s)', async (when, count) => {
    const { client, router, port } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    router.faults.cutOn('/ppp/secret/add', when);
    client.send(...secret('ann'));
    await client.closed;
    expect(client.received).toEqual([]);
    expect(router.rows('/ppp/secret')).toHaveLength(count);
    const again = await logIn(port);
    expect((await again.talk(...secret('bob'))).traps).toEqual([]);
    again.close();
  });

  it('a silent cut applies, never answers, and the line stays', async () => {
    const { client, router } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    router.faults.cutOn('/ppp/secret/*', 'silent');
    client.send(...secret('ann'), '.tag=1');
    await client.talk('/system/identity/print', '.tag=2');
    expect(client.received.every((words) => words[1] === '.tag=2')).toBe(true);
    expect(router.rows('/ppp/secret')).toHaveLength(1);
  });

  it('refuses logins, rights and single commands as told', async () => {
    const { client, router, port } = await startRouter();
    await router.faults.set({ refuseLogin: true, refuseRights: ['/ppp/*'] });
    const other = await openClient(port);
    expect((await other.talk('/login', '=name=admin', '=password=')).traps).toEqual([{ message: 'invalid user name or password (6)' }]);
    other.close();
    expect((await client.talk('/ppp/secret/print')).traps).toEqual([{ message: 'not enough permissions (9)' }]);
    expect((await client.talk('/ip/pool/print')).traps).toEqual([]);
    await router.faults.clear();
    router.faults.trapOn('/ppp/secret/add', 'std failure: timeout (13)', { times: 1 });
    expect((await client.talk(...secret('ann'))).traps).toEqual([{ message: 'std failure: timeout (13)' }]);
    expect((await client.talk(...secret('ann'))).traps).toEqual([]);
  });

  it('loses events, not answers', async () => {
    const { client, router } = await startRouter();
    client.send('/ppp/active/listen', '.tag=L');
    await router.faults.set({ loseEvents: true });
    await client.talk(...secret('ann'));
    await eventually(() => router.sessions().length === 1, 'a session');
    expect((await client.talk('/ppp/active/print')).rows).toHaveLength(1);
    await router.faults.clear();
    router.hangUp('ann');
    await client.sentence((words) => words.includes('=.dead=true'));
    expect(client.received.find((words) => words[1] === '.tag=L')).toHaveLength(4);
  });

  it('limits sessions: by fault, and to 20 as /ip/service says from 7.16 on', async () => {
    const { router, port, client } = await startRouter();
    await router.faults.set({ maxSessions: 1 });
    const extra = connect(port, '127.0.0.1');
    await new Promise((resolve) => extra.once('close', resolve));
    await router.faults.clear();
    await client.talk('/ip/service/set', '=.id=api', '=max-sessions=2');
    const second = await logIn(port);
    const third = connect(port, '127.0.0.1');
    await new Promise((resolve) => third.once('close', resolve));
    expect(router.connections()).toBe(2);
    second.close();
  });

  it('clamps the rate after a burst', async () => {
    const clock = makeHandClock();
    const { client, router } = await startRouter({ clock });
    await router.faults.set({ rateClamp: { burst: 5, delayMs: 20 } });
    const ask = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => client.talk('/system/identity/print', `.tag=${index}`)));
    await ask(5);
    expect(await turning(clock, ask(5))).toBeGreaterThanOrEqual(100);
  });

  it('a reboot ends sessions, keeps the configuration, restarts the uptime and gives new ids', async () => {
    const { client, router, port } = await startRouter();
    await client.talk(...secret('ann'));
    await eventually(() => router.sessions().length === 1, 'a session');
    const before = router.sessions()[0]!;
    await router.reboot();
    await client.closed;
    expect(router.sessions()).toEqual([]);
    const again = await logIn(port);
    expect((await again.talk('/system/resource/print')).rows[0]!.uptime).toBe('0s');
    await eventually(() => router.sessions().length === 1, 'the session after the reboot');
    expect(router.sessions()[0]!.activeId).not.toBe(before.activeId);
    expect((await again.talk('/ppp/secret/print', '=count-only=')).ret).toBe('1');
    again.send('/system/reboot');
    await again.closed;
  });

  it('names a setting that makes no sense', async () => {
    const { router } = await startRouter();
    await expect(router.faults.set({ latencyMs: -1 })).rejects.toThrow('latencyMs: must be a whole number of at least 0');
    await expect(router.faults.set({ flood: true } as never)).rejects.toThrow('flood: is not a fault');
    await expect(router.faults.set({ cuts: [{ command: '/x', when: 'later' as never }] })).rejects.toThrow('cuts: must be a list');
    expect(router.faults.current()).toEqual({});
  });

  it('speaks TLS without a certificate to who takes anonymous ciphers, and stops beside a handshake nobody ends', async () => {
    const router = makeRouterSimulator({ port: 0, tls: { port: 0, anonymous: true }, version: '6.49.10', identity: 'tls', users: [{ name: 'admin', password: '' }] });
    const { tlsPort } = await router.start();
    const silent = connect(tlsPort!, '127.0.0.1');
    const gone = new Promise((resolve) => silent.once('close', resolve));
    const careful = connectTls({ port: tlsPort!, host: '127.0.0.1', rejectUnauthorized: false });
    await expect(new Promise((resolve, reject) => careful.once('secureConnect', resolve).once('error', reject))).rejects.toThrow(/handshake/);
    const socket = connectTls({ port: tlsPort!, host: '127.0.0.1', ciphers: 'ADH:@SECLEVEL=0', maxVersion: 'TLSv1.2', rejectUnauthorized: false });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    socket.write(encodeSentence(['/login', '=name=admin', '=password=']));
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect(answer.toString('latin1')).toContain('!done');
    socket.destroy();
    await router.stop();
    await gone;
  });

  it('speaks TLS beside TCP', async () => {
    const certificate = testCertificate();
    const router = makeRouterSimulator({ port: 0, tls: { port: 0, ...certificate }, version: '7.18', identity: 'tls', users: [{ name: 'admin', password: '' }] });
    const { tlsPort } = await router.start();
    const client = await openClient(tlsPort!, { ca: certificate.cert });
    expect((await client.talk('/login', '=name=admin', '=password=')).traps).toEqual([]);
    expect((await client.talk('/ip/service/print', '?name=api-ssl')).rows[0]).toMatchObject({ port: String(tlsPort) });
    client.close();
    await router.stop();
  });
});
