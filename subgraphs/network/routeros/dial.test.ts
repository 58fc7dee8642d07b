import { createHash, X509Certificate } from 'node:crypto';
import { createServer, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { RouterOSAPI } from 'node-routeros';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assertDialLibrary, openTransport, type DialOptions, type Transport } from './dial.ts';
import { RouterOsError } from './errors.ts';
import { makeSession } from './session.ts';
import { OTHER, ROUTER } from './test-certificates.ts';
import { frame, makeTestPeer, until, type PeerOptions, type TestPeer } from './test-peer.ts';

let peer: TestPeer | null = null;
const opened: Transport[] = [];
afterEach(async () => {
  for (const transport of opened.splice(0)) transport.destroy();
  await peer?.close();
  peer = null;
});

async function dial(options: PeerOptions, more: Partial<DialOptions> = {}): Promise<Transport> {
  peer = await makeTestPeer(options);
  const transport = await openTransport({ host: peer.host, port: peer.port, username: 'admin', password: 'secret', timeoutMs: 2000, ...more });
  opened.push(transport);
  return transport;
}
async function refused(options: PeerOptions, more: Partial<DialOptions> = {}): Promise<RouterOsError> {
  const error = await dial(options, more).then(() => null, (e: unknown) => e);
  expect(error).toBeInstanceOf(RouterOsError);
  return error as RouterOsError;
}

const challenge = 'ebddd18303a54111e2dea05a92ab46b4';
const md5Login = (password: string): PeerOptions['onLogin'] => (command, line) => {
  const response = command.arg('response');
  if (response === undefined) return line.say(command.tag, '!done', `=ret=${challenge}`);
  const expected = `00${createHash('md5').update(Buffer.concat([Buffer.of(0), Buffer.from(password, 'utf8'), Buffer.from(challenge, 'hex')])).digest('hex')}`;
  if (response !== expected) line.say(command.tag, '!trap', '=message=cannot log in');
  line.say(command.tag, '!done');
};

describe('dialling a router', () => {
  it('relies on exactly the node-routeros whose private fields are known', () => {
    expect(() => assertDialLibrary()).not.toThrow();
    // The contract of the pinned release: connect() makes connector, socket, receiver and transmitter in the same tick.
    const api = new RouterOSAPI({ host: '127.0.0.1', port: 1, user: 'x', password: 'x' });
    api.on('error', () => undefined);
    api.connect().catch(() => undefined);
    const connector = (api as unknown as { connector: Record<string, object> }).connector;
    expect(Object.keys(connector)).toEqual(expect.arrayContaining(['socket', 'receiver', 'transmitter']));
    (connector['socket'] as unknown as { destroy(): void }).destroy();
  });

  it('logs in as since 6.43 and carries a command', async () => {
    const transport = await dial({ onCommand: (c, l) => { l.say(c.tag, '!re', '=name=edge'); l.say(c.tag, '!done'); } });
    const session = makeSession(transport, { livenessMs: 0 });
    expect(await session.print('/system/identity')).toEqual([{ name: 'edge' }]);
    expect(peer!.commands[0]!.words.slice(0, 3)).toEqual(['/login', '=name=admin', '=password=secret']);
    session.close();
  });

  it('logs in by MD5 challenge as before 6.43', async () => {
    await dial({ onLogin: md5Login('secret') });
    expect(peer!.commands.filter((c) => c.path === '/login')).toHaveLength(2);
  });

  it('answers the MD5 challenge rightly for a password beyond ASCII (md5NonAscii)', async () => {
    expect(await dial({ onLogin: md5Login('pässwörd-北京') }, { password: 'pässwörd-北京' })).toBeDefined();
  });

  it('sends name and password as UTF-8 (encoding)', async () => {
    await dial({}, { username: 'Łukasz', password: 'Вася-北京' });
    expect(peer!.commands[0]!.words).toEqual(expect.arrayContaining(['=name=Łukasz', '=password=Вася-北京']));
  });

  it('hands over a socket without Nagle delay and without idle timer (latency, idle)', async () => {
    const noDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    const idle = vi.spyOn(Socket.prototype, 'setTimeout');
    await dial({});
    expect(noDelay.mock.calls).toContainEqual([true]);
    expect(idle.mock.calls.at(-1)).toEqual([0]);
    noDelay.mockRestore();
    idle.mockRestore();
  });

  it('sends an empty password as empty (source)', async () => {
    await dial({}, { password: '' });
    expect(peer!.commands[0]!.words).toContain('=password=');
  });

  it('reads the answer to the login however it is cut', async () => {
    expect(await dial({ onLogin: (c, l) => { void l.drip(frame('!done', `.tag=${c.tag}`)); } })).toBeDefined();
  });

  it('says AUTH for a refused login, without a category, and with any text', async () => {
    for (const text of ['invalid user name or password (6)', 'cannot log in', 'user is not allowed here']) {
      const error = await refused({ onLogin: (c, l) => { l.say(c.tag, '!trap', `=message=${text}`); l.say(c.tag, '!done'); } });
      expect(error).toMatchObject({ code: 'AUTH', retryable: true });
      expect(error.message).toContain(text);
      expect(error.message).not.toContain('secret');
      await peer!.close();
    }
  });

  it('survives rows, !empty and unknown words in the answer to the login (loginRows)', async () => {
    const transport = await dial({ onLogin: (c, l) => {
      l.say(c.tag, '!re', '=a=1');
      l.say(c.tag, '!re', '=a=2');
      l.say(c.tag, '!empty');
      l.say(c.tag, '!news', '=a=3');
      l.say(c.tag, '!done');
    } });
    expect(transport.write(Buffer.of(0))).toBe(true);
  });

  it('reports a !fatal during the login with its reason', async () => {
    expect(await refused({ onLogin: (_c, l) => l.raw(frame('!fatal', 'too many sessions')) })).toMatchObject({ code: 'FATAL', message: expect.stringContaining('too many sessions') });
  });

  it('gives up on a router that accepts TCP and never answers', async () => {
    const error = await refused({ onLogin: () => undefined }, { timeoutMs: 100 });
    expect(error).toMatchObject({ code: 'TIMEOUT', message: expect.stringMatching(/no answer within 100 ms while logging in/) });
  });

  it('gives up on a TLS handshake that nobody answers', async () => {
    const error = await refused({ onConnect: () => undefined }, { timeoutMs: 100, tls: { mode: 'fingerprint', sha256: '00' } });
    expect(error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('negotiating TLS') });
  });

  it('says so when the router closes during the login', async () => {
    expect(await refused({ onLogin: (_c, l) => { l.socket.end(); } })).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('closed the connection') });
    await peer!.close();
    expect(await refused({ onConnect: (l) => { l.socket.resetAndDestroy(); } })).toMatchObject({ code: 'UNREACHABLE' });
  });

  it('says PROTOCOL when something else than RouterOS answers', async () => {
    expect(await refused({ onConnect: (l) => l.raw(Buffer.of(0xff, 0xfd, 0x18)) })).toMatchObject({ code: 'PROTOCOL' });
  });

  it('names a refused connection (connRefused)', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => { free.listen(0, '127.0.0.1', resolve); });
    const { port } = free.address() as AddressInfo;
    await new Promise<void>((resolve) => { free.close(() => resolve()); });
    await expect(openTransport({ host: '127.0.0.1', port, username: 'a', password: 'b' })).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('connection refused') });
  });

  it('gives up at once when it is told to', async () => {
    const abort = new AbortController();
    const dialled = refused({ onLogin: () => undefined }, { signal: abort.signal, timeoutMs: 60_000 });
    await until(() => peer !== null && peer.commands.length > 0);
    abort.abort();
    expect(await dialled).toMatchObject({ code: 'INTERRUPTED' });
    await until(() => peer!.lines[0]!.socket.destroyed);
  });

  it('delivers sentences that came with the end of the login, and an end that came before attaching', async () => {
    const transport = await dial({ onLogin: (c, l) => { l.raw(Buffer.concat([frame('!done', `.tag=${c.tag}`), frame('!re', '.tag=zz', '=early=1')])); } });
    peer!.lines[0]!.socket.destroy();
    await until(() => !transport.write(Buffer.of(0)));
    const seen: string[] = [];
    const error = await new Promise<RouterOsError>((resolve) => {
      transport.attach({ onSentence: (s) => seen.push(s.reply), onDrain: () => undefined, onClose: resolve });
    });
    expect(seen).toEqual(['!re']);
    expect(error.code).toBe('CLOSED');
  });
});

describe('dialling over TLS', () => {
  const pin = new X509Certificate(ROUTER.cert).fingerprint256;

  it('accepts a self-signed certificate whose fingerprint is pinned, with or without colons', async () => {
    for (const sha256 of [pin, pin.replaceAll(':', '').toLowerCase()]) {
      const transport = await dial({ tls: ROUTER }, { tls: { mode: 'fingerprint', sha256 } });
      expect(transport.peerFingerprint).toBe(pin);
      await peer!.close();
    }
  });

  it('never shows the password to a router with another certificate', async () => {
    const error = await refused({ tls: OTHER }, { tls: { mode: 'fingerprint', sha256: pin } });
    expect(error).toMatchObject({ code: 'TLS', retryable: true, message: expect.stringContaining('not the pinned one') });
    expect(peer!.commands).toHaveLength(0);
  });

  it('refuses a self-signed certificate without its CA and says what to do (tlsBad)', async () => {
    expect(await refused({ tls: ROUTER }, { tls: { mode: 'verify' } })).toMatchObject({ code: 'TLS', message: expect.stringContaining('self-signed') });
    expect(peer!.commands).toHaveLength(0);
  });

  it('verifies against a given CA, and the name', async () => {
    await dial({ tls: ROUTER }, { tls: { mode: 'verify', ca: ROUTER.cert } });
    await peer!.close();
    await dial({ tls: ROUTER }, { tls: { mode: 'verify', ca: ROUTER.cert, servername: 'router.test' } });
    await peer!.close();
    expect(await refused({ tls: OTHER }, { tls: { mode: 'verify', ca: OTHER.cert } })).toMatchObject({ code: 'TLS', message: expect.stringContaining('another host name') });
  });

  it('speaks anonymous Diffie-Hellman only when asked to (tlsAdh)', async () => {
    const adh = { ciphers: 'ADH:@SECLEVEL=0', maxVersion: 'TLSv1.2' as const, dhparam: 'auto' };
    const transport = await dial({ tls: adh }, { tls: { mode: 'insecure-anonymous' } });
    expect(transport.peerFingerprint).toBeNull();
    await peer!.close();
    expect(await refused({ tls: adh }, { tls: { mode: 'verify' } })).toMatchObject({ code: 'TLS' });
    await peer!.close();
    expect(await refused({ tls: adh }, { tls: { mode: 'fingerprint', sha256: pin } })).toMatchObject({ code: 'TLS' });
  });

  it('dials 8729 when no port is given (tlsDefaultPort)', async () => {
    await expect(openTransport({ host: '127.0.0.1', username: 'a', password: 'b', timeoutMs: 300, tls: { mode: 'verify' } }))
      .rejects.toMatchObject({ message: expect.stringContaining('127.0.0.1:8729') });
  });
});
