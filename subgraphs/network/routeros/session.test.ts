import { afterEach, describe, expect, it } from 'vitest';
import { openTransport, type Transport, type TransportHandlers } from './dial.ts';
import { RouterOsError } from './errors.ts';
import { makeSession, rawOf, type RouterSession, type SessionOptions } from './session.ts';
import { frame, makeTestPeer, until, type PeerCommand, type PeerLine, type TestPeer } from './test-peer.ts';

let peer: TestPeer | null = null;
const sessions: RouterSession[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) session.close();
  await peer?.close();
  peer = null;
});

async function connect(onCommand: (command: PeerCommand, line: PeerLine) => void, options: SessionOptions = {}): Promise<RouterSession> {
  peer = await makeTestPeer({ onCommand });
  const transport = await openTransport({ host: peer.host, port: peer.port, username: 'admin', password: '' });
  const session = makeSession(transport, { livenessMs: 0, ...options });
  sessions.push(session);
  return session;
}
const error = (promise: Promise<unknown>): Promise<RouterOsError> => promise.then(
  () => { throw new Error('expected a rejection'); },
  (e: unknown) => {
    if (!(e instanceof RouterOsError)) throw e;
    return e;
  },
);
const done = (c: PeerCommand, l: PeerLine): void => l.say(c.tag, '!done');

describe('a session answers its caller', () => {
  it('rows, =ret= and counts, with queries, proplist and unset on the wire', async () => {
    const session = await connect((c, l) => {
      if (c.path === '/ppp/secret/add') l.say(c.tag, '!done', '=ret=*1A');
      else if (c.arg('count-only') !== undefined) l.say(c.tag, '!done', '=ret=42');
      else {
        l.raw(frame('!re', '=name=ada', '=empty=', `.tag=${c.tag}`)); // old routers send the tag last
        l.raw(frame('!re', `.tag=${c.tag}`));
        done(c, l);
      }
    });
    expect(await session.print('/ppp/secret', { where: { name: 'a=b' }, queries: ['?disabled=false', '?#|'], proplist: ['.id', 'name'] })).toEqual([{ name: 'ada', empty: '' }, {}]);
    expect(peer!.commands[1]!.words.slice(0, 5)).toEqual(['/ppp/secret/print', '=.proplist=.id,name', '?name=a=b', '?disabled=false', '?#|']);
    expect(await session.command('/ppp/secret/add', { name: 'ünï', disabled: false, 'caller-id': null, comment: Buffer.of(0xe9), gone: undefined })).toEqual({ rows: [], ret: '*1A' });
    expect(peer!.commands[2]!.words.slice(0, 4)).toEqual(['/ppp/secret/add', '=name=ünï', '=disabled=no', '=!caller-id=']);
    expect(peer!.received().includes(Buffer.concat([Buffer.from('=comment='), Buffer.of(0xe9)]))).toBe(true);
    expect(await session.count('/ppp/active')).toBe(42);
  });

  it('rows with the bytes of what was not UTF-8, to be written back unchanged', async () => {
    const bytes = Buffer.of(0xcf, 0xe0, 0xf0);
    const session = await connect((c, l) => { l.say(c.tag, '!re', '=name=ada', Buffer.concat([Buffer.from('=comment='), bytes])); l.say(c.tag, '!re', '=name=bob'); done(c, l); });
    const [ada, bob] = await session.print('/ppp/secret');
    expect(rawOf(ada!)).toEqual({ comment: bytes });
    expect(rawOf(bob!)).toBeNull();
  });

  it('refuses paths, names and queries that could smuggle words, without quoting values', async () => {
    const session = await connect(done);
    for (const attempt of [session.command('ppp secret'), session.command('/x', { 'a=b': 'topsecret' }), session.command('/x', {}, { queries: ['=evil=1'] })]) {
      const e = await error(attempt);
      expect(e.code).toBe('BAD_VALUE');
      expect(e.message).not.toContain('topsecret');
    }
    expect(peer!.commands).toHaveLength(1);
  });

  it('!empty before !done is a menu without rows (empty, emptyTrapped)', async () => {
    const session = await connect((c, l) => { l.say(c.tag, '!empty'); done(c, l); });
    expect(await session.print('/ppp/secret')).toEqual([]);
    expect(await session.count('/ppp/secret')).toBe(0);
    expect(await session.print('/ppp/secret')).toEqual([]);
    expect(session.counters.unknownReplies).toBe(0);
  });

  it('replies cut at every byte (zeroSplit, lenSplit)', async () => {
    const long = 'x'.repeat(200);
    const session = await connect((c, l) => {
      void l.drip(Buffer.concat([frame('!re', `.tag=${c.tag}`, `=comment=${long}`, '=name=b'), frame('!done', `.tag=${c.tag}`, '=ret=*1')]));
    });
    expect(await session.command('/ppp/secret/add', {})).toEqual({ rows: [{ comment: long, name: 'b' }], ret: '*1' });
  });

  it('unknown reply words and untagged sentences are ignored and counted; nobody else is hit (untaggedPoison)', async () => {
    const session = await connect((c, l) => {
      l.say(null, '!trap', '=message=a notice for nobody');
      l.say(null, '!re', '=name=stray');
      l.say(c.tag, '!progress', '=percent=50');
      l.say(c.tag, '!re', '=name=mine');
      done(c, l);
    });
    expect(await session.print('/ppp/secret')).toEqual([{ name: 'mine' }]);
    expect(session.counters).toMatchObject({ untagged: 2, unknownReplies: 1 });
  });

  it('late sentences for a finished command are counted and do no harm (unregistered)', async () => {
    const session = await connect((c, l) => {
      done(c, l);
      l.say(c.tag, '!re', '=name=late');
      done(c, l);
    });
    await session.print('/ppp/secret');
    expect(await session.print('/ppp/secret')).toEqual([]);
    expect(session.counters.late).toBeGreaterThanOrEqual(2);
  });
});

describe('a session turns refusals into typed errors', () => {
  const refusals: Array<[string, string[], Partial<RouterOsError>]> = [
    ['missing row', ['=category=0', '=message=no such item'], { code: 'NOT_FOUND', category: 0 }],
    ['duplicate secret', ['=message=failure: secret with the same name already exists'], { code: 'DUPLICATE', category: null }],
    ['duplicate queue', ['=message=failure: already have such name'], { code: 'DUPLICATE' }],
    ['bad reference', ['=category=1', '=message=input does not match any value of profile'], { code: 'BAD_VALUE', category: 1 }],
    ['unknown argument', ['=message=unknown parameter follow-only'], { code: 'UNSUPPORTED' }],
    ['rights', ['=message=not enough permissions (9)'], { code: 'FORBIDDEN' }],
    ['rights, old', ['=message=std failure: not allowed (9)'], { code: 'FORBIDDEN' }],
    ['cancelled by another', ['=category=2', '=message=interrupted'], { code: 'INTERRUPTED', outcomeUnknown: true }],
    ['limits', ['=message=failure: upload-max-limit less than upload-limit'], { code: 'BAD_VALUE' }],
    ['anything else', ['=message=failure: can not remove default profile'], { code: 'FAILURE' }],
    ['no text', [], { code: 'FAILURE' }],
  ];
  for (const [title, words, expected] of refusals) {
    it(`${title} → ${expected.code}`, async () => {
      const session = await connect((c, l) => { l.say(c.tag, '!trap', ...words); done(c, l); });
      const e = await error(session.command('/ppp/secret/add', { name: 'x', password: 'hunter2' }));
      expect(e).toMatchObject({ command: '/ppp/secret/add', outcomeUnknown: false, retryable: expected.code === 'INTERRUPTED', ...expected });
      expect(JSON.stringify(e) + e.message + e.stack).not.toContain('hunter2');
    });
  }

  it('all traps of a command are in its error; the first decides (multiTrap)', async () => {
    const session = await connect((c, l) => {
      l.say(c.tag, '!trap', '=category=0', '=message=no such command or directory (xyz)');
      l.say(c.tag, '!trap', '=message=no such command prefix');
      done(c, l);
    });
    const e = await error(session.command('/xyz/print'));
    expect(e).toMatchObject({ code: 'UNSUPPORTED', category: 0 });
    expect(e.traps).toHaveLength(2);
  });

  it('a trap without !done ends the command after a grace, and frees its place (trapNoDone)', async () => {
    const session = await connect((c, l) => { if (c.path === '/ppp/secret/add') l.say(c.tag, '!trap', '=category=1', '=message=invalid value'); else done(c, l); }, { trapGraceMs: 20, window: 1 });
    expect(await error(session.command('/ppp/secret/add'))).toMatchObject({ code: 'BAD_VALUE' });
    expect(await session.print('/ppp/secret')).toEqual([]);
    expect(session.counters.inFlight).toBe(0);
  });
});

describe('a session keeps its deadlines', () => {
  it('a command that is not answered times out, is cancelled on the router, and the session lives (stuckForever)', async () => {
    const session = await connect((c, l) => { if (c.arg('name') !== 'stuck') done(c, l); }, { window: 1 });
    const e = await error(session.command('/ppp/secret/add', { name: 'stuck' }, { timeoutMs: 30 }));
    expect(e).toMatchObject({ code: 'TIMEOUT', outcomeUnknown: true, retryable: true });
    expect(await error(session.command('/ppp/secret/print', { name: 'stuck' }, { timeoutMs: 30 }))).toMatchObject({ code: 'TIMEOUT', outcomeUnknown: false });
    await session.print('/ppp/secret');
    const stuck = peer!.commands.find((c) => c.arg('name') === 'stuck')!;
    expect(peer!.commands.some((c) => c.path === '/cancel' && c.arg('tag') === stuck.tag)).toBe(true);
    expect(session.counters).toMatchObject({ timeouts: 2, inFlight: 0 });
  });

  it('a command that never left the queue has a known outcome', async () => {
    const session = await connect(() => undefined, { window: 1 });
    const first = error(session.command('/ppp/secret/set', {}, { timeoutMs: 60 }));
    const second = error(session.command('/ppp/secret/set', {}, { timeoutMs: 20 }));
    expect(await second).toMatchObject({ code: 'TIMEOUT', outcomeUnknown: false });
    expect(await first).toMatchObject({ code: 'TIMEOUT', outcomeUnknown: true });
    expect(peer!.commands.filter((c) => c.path === '/ppp/secret/set')).toHaveLength(1);
  });

  it('an aborted command is cancelled', async () => {
    const session = await connect(() => undefined);
    const abort = new AbortController();
    const pending = error(session.command('/ppp/secret/add', {}, { signal: abort.signal }));
    await until(() => peer!.commands.some((c) => c.path === '/ppp/secret/add'));
    abort.abort();
    expect(await pending).toMatchObject({ code: 'INTERRUPTED', outcomeUnknown: true });
    await until(() => peer!.commands.some((c) => c.path === '/cancel'));
    expect(await error(session.command('/ppp/secret/add', {}, { signal: abort.signal }))).toMatchObject({ code: 'INTERRUPTED', outcomeUnknown: false });
  });

  it('a silent router is found out by the liveness probe, an answering or refusing one is not', async () => {
    let mute = false;
    const names: Array<string | null> = [];
    const session = await connect((c, l) => {
      if (mute) return;
      if (names.length === 0) { l.say(c.tag, '!re', '=name=edge'); done(c, l); } else { l.say(c.tag, '!trap', '=message=not enough permissions (9)'); done(c, l); }
    }, { livenessMs: 15, livenessTimeoutMs: 40, onAlive: (name) => names.push(name) });
    await until(() => names.length >= 3);
    expect(names.slice(0, 2)).toEqual(['edge', null]);
    const listening = session.stream('/ppp/active/listen', {}, { onRow: () => undefined });
    mute = true;
    expect(await session.closed).toMatchObject({ code: 'CLOSED', message: expect.stringContaining('silent') });
    expect(await listening.ended).toMatchObject({ code: 'CLOSED' });
  });
});

describe('a session ends', () => {
  it('a lost line rejects everything pending and ends the streams (orphan, orphanStream)', async () => {
    const session = await connect((c, l) => { if (c.path === '/ppp/secret/set') l.raw(frame('!re', '.tag=1', '=cut=').subarray(0, 8)); }, { window: 3 });
    const ends: Array<RouterOsError | null> = [];
    session.stream('/ppp/active/listen', {}, { onRow: () => undefined, onEnd: (e) => ends.push(e) });
    const pending = [session.print('/ppp/secret'), session.command('/ppp/secret/add'), session.command('/ppp/secret/set'), session.command('/ppp/secret/remove')].map(error);
    await until(() => peer!.commands.some((c) => c.path === '/ppp/secret/set'));
    peer!.lines[0]!.socket.destroy();
    const errors = await Promise.all(pending);
    expect(errors.map((e) => [e.code, e.outcomeUnknown])).toEqual([['CLOSED', false], ['CLOSED', true], ['CLOSED', true], ['CLOSED', false]]);
    expect(ends).toMatchObject([{ code: 'CLOSED' }]);
    expect(await session.closed).toMatchObject({ code: 'CLOSED' });
    expect(session.counters).toMatchObject({ inFlight: 0, queued: 0, streams: 0 });
    expect(await error(session.print('/ppp/secret'))).toMatchObject({ code: 'CLOSED', outcomeUnknown: false });
  });

  it('a !fatal, as plain word or attribute, gives its reason to all (untaggedFatal)', async () => {
    for (const words of [['session terminated on request'], ['=message=session terminated on request']]) {
      const session = await connect((_c, l) => l.raw(frame('!fatal', ...words)));
      const e = await error(session.command('/ppp/secret/add'));
      expect(e).toMatchObject({ code: 'FATAL', outcomeUnknown: true, message: expect.stringContaining('session terminated on request') });
      await peer!.close();
    }
  });

  it('closing does not wait for the router (closeHang)', async () => {
    const session = await connect(() => undefined);
    peer!.lines[0]!.socket.pause();
    const pending = error(session.print('/ppp/secret'));
    session.close('enough');
    session.close();
    expect(await pending).toMatchObject({ code: 'CLOSED', message: expect.stringContaining('enough') });
  });

  it('bytes that are no RouterOS end it with PROTOCOL, not the process', async () => {
    const session = await connect((_c, l) => l.raw(Buffer.of(0xff, 1, 2)));
    expect(await error(session.print('/ppp/secret'))).toMatchObject({ code: 'PROTOCOL' });
    expect(await session.closed).toMatchObject({ code: 'PROTOCOL' });
  });
});

describe('streams beside commands', () => {
  it('deliver rows only, do not fill the window, and are cancelled properly (emptyDebounce)', async () => {
    const open = new Map<string, PeerLine>();
    const session = await connect((c, l) => {
      if (c.path.endsWith('/listen')) open.set(c.tag, l);
      else if (c.path === '/cancel') {
        const target = c.arg('tag')!;
        l.say(target, '!trap', '=category=2', '=message=interrupted');
        done(c, l);
        l.say(target, '!re', '=name=after');
        l.say(target, '!done');
      } else done(c, l);
    }, { window: 1 });
    const rows: unknown[] = [];
    const streams = Array.from({ length: 5 }, () => session.stream('/ppp/active/listen', {}, { onRow: (row) => rows.push(row) }));
    await until(() => open.size === 5);
    await session.print('/ppp/secret');
    const [tag, line] = [...open][0]!;
    line.say(tag, '!empty');
    line.say(tag, '!re', '=name=ada');
    await until(() => rows.length === 1);
    await Promise.all(streams.map((s) => s.cancel()));
    expect(await streams[0]!.ended).toBeNull();
    expect(rows).toEqual([{ name: 'ada' }]);
    expect(session.counters.streams).toBe(0);
    await session.print('/ppp/secret');
  });

  it('a trap ends the stream with its error, once; nobody else notices (streamTrap)', async () => {
    const session = await connect((c, l) => {
      if (c.path === '/system/resource/listen') l.say(c.tag, '!trap', '=message=unknown parameter follow-only');
      done(c, l);
    });
    const ends: unknown[] = [];
    const stream = session.stream('/system/resource/listen', {}, { onRow: () => undefined, onEnd: (e) => ends.push(e) });
    expect(await stream.ended).toMatchObject({ code: 'UNSUPPORTED' });
    await stream.cancel();
    expect(await session.print('/ppp/secret')).toEqual([]);
    expect(ends).toHaveLength(1);
  });

  it('a row callback that throws does not stop the session', async () => {
    const session = await connect((c, l) => {
      if (c.path.endsWith('/listen')) { l.say(c.tag, '!re', '=name=a'); l.say(c.tag, '!re', '=name=b'); } else done(c, l);
    });
    const seen: string[] = [];
    session.stream('/ppp/active/listen', {}, { onRow: (row) => { seen.push(row['name']!); throw new Error('listener'); } });
    await until(() => seen.length === 2);
    await session.print('/ppp/secret');
    expect(session.counters.callbackErrors).toBe(2);
  });

  it('an abort signal cancels a stream', async () => {
    const session = await connect((c, l) => { if (c.path === '/cancel') { done(c, l); l.say(c.arg('tag')!, '!done'); } });
    const abort = new AbortController();
    const stream = session.stream('/tool/ping', { address: '10.0.0.1' }, { onRow: () => undefined, signal: abort.signal });
    await until(() => peer!.commands.some((c) => c.path === '/tool/ping'));
    abort.abort();
    expect(await stream.ended).toBeNull();
    await until(() => peer!.commands.some((c) => c.path === '/cancel'));
  });
});

describe('a session paces itself', () => {
  it('holds the window and refuses more than the queue takes (backpressure)', async () => {
    const held: Array<() => void> = [];
    const session = await connect((c, l) => { held.push(() => done(c, l)); }, { window: 4, queueLimit: 6 });
    const all = Array.from({ length: 10 }, () => session.print('/ppp/secret'));
    expect(await error(session.print('/ppp/secret'))).toMatchObject({ code: 'BUSY', retryable: true });
    await until(() => held.length === 4);
    expect(session.counters).toMatchObject({ inFlight: 4, queued: 6 });
    for (let i = 0; i < 10; i++) (await until(() => held.shift()))();
    expect(await Promise.all(all)).toHaveLength(10);
  });

  it('sends what one tick asks for in one write, and waits when the socket is full (latency)', async () => {
    let handlers!: TransportHandlers;
    let accept = true;
    const writes: Buffer[] = [];
    const transport: Transport = {
      where: 'stub', peerFingerprint: null, bytesRead: 0, bytesWritten: 0, destroy: () => undefined,
      attach: (h) => { handlers = h; }, write: (bytes) => { writes.push(bytes); return accept; },
    };
    const session = makeSession(transport, { livenessMs: 0 });
    sessions.push(session);
    for (let i = 0; i < 5; i++) session.print('/ppp/secret').catch(() => undefined);
    await Promise.resolve();
    expect(writes).toHaveLength(1);
    accept = false;
    session.print('/ppp/secret').catch(() => undefined);
    await Promise.resolve();
    session.print('/ppp/secret').catch(() => undefined);
    await Promise.resolve();
    expect(writes).toHaveLength(2);
    expect(session.counters).toMatchObject({ inFlight: 6, queued: 1 });
    accept = true;
    handlers.onDrain();
    await Promise.resolve();
    expect(writes).toHaveLength(3);
  });

  it('sends its commands as UTF-8 and writes no command of its own (encoding, source)', async () => {
    const session = await connect(done);
    await session.command('/ppp/secret/add', { name: 'Łukasz', comment: '北京' });
    expect(peer!.commands[1]!.words).toEqual(expect.arrayContaining(['=name=Łukasz', '=comment=北京']));
    expect(peer!.commands.map((c) => c.path)).toEqual(['/login', '/ppp/secret/add']);
  });
});
