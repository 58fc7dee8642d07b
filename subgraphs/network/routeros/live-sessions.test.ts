import { afterEach, describe, expect, it } from 'vitest';
import { makeLiveSessions, type LiveChange, type LiveSessions, type LiveSessionsOptions } from './live-sessions.ts';
import { makeRouterConnection, type RouterConnection } from './router-connection.ts';
import { makeMailbox } from './mailbox.ts';
import { makeTestPeer, until, type PeerCommand, type PeerLine, type TestPeer } from './test-peer.ts';

interface ActiveRow { id: string; name: string; address?: string; session?: string }

/** A router of which only /ppp/active, identity and resource exist. */
class Router {
  peer!: TestPeer;
  rows: ActiveRow[] = [];
  uptime = '1d';
  listeners: Array<{ tag: string; line: PeerLine }> = [];
  listenReply: 'ok' | 'unsupported' | 'forbidden' = 'ok';
  printForbidden = false;
  beforePrint: (() => void) | null = null;
  holdPrint = false;
  held: Array<() => void> = [];
  prints = 0;
  counts = 0;

  async start(port?: number): Promise<this> {
    this.peer = await makeTestPeer({ ...(port === undefined ? {} : { port }), onCommand: (c, l) => this.#answer(c, l) });
    return this;
  }
  words(row: ActiveRow): string[] {
    return [`=.id=${row.id}`, `=name=${row.name}`, '=service=pppoe', '=caller-id=aa:bb:cc:00:00:01', `=address=${row.address ?? '10.0.0.2'}`, '=uptime=1m', `=session-id=${row.session ?? `0x${row.id.slice(1)}`}`];
  }
  #answer(c: PeerCommand, l: PeerLine): void {
    switch (c.path) {
      case '/system/resource/print': l.say(c.tag, '!re', '=version=7.18 (stable)', `=uptime=${this.uptime}`); break;
      case '/system/identity/print': l.say(c.tag, '!re', '=name=edge'); break;
      case '/ppp/active/listen':
        if (this.listenReply === 'unsupported') l.say(c.tag, '!trap', '=message=unknown parameter follow-only');
        else if (this.listenReply === 'forbidden') l.say(c.tag, '!trap', '=message=not enough permissions (9)');
        else {
          this.listeners.push({ tag: c.tag, line: l });
          return;
        }
        break;
      case '/ppp/active/print':
        if (this.printForbidden) {
          l.say(c.tag, '!trap', '=message=not enough permissions (9)');
          break;
        }
        if (c.arg('count-only') !== undefined) {
          this.counts++;
          l.say(c.tag, '!done', `=ret=${this.rows.length}`);
          return;
        }
        this.prints++;
        if (this.holdPrint) {
          this.held.push(() => this.#print(c, l));
          return;
        }
        this.beforePrint?.();
        this.#print(c, l);
        return;
      case '/cancel':
        this.listeners = this.listeners.filter((one) => one.tag !== c.arg('tag'));
        l.say(c.tag, '!done');
        l.say(c.arg('tag')!, '!done');
        return;
      default:
    }
    l.say(c.tag, '!done');
  }
  #print(c: PeerCommand, l: PeerLine): void {
    for (const row of this.rows) l.say(c.tag, '!re', ...this.words(row));
    if (this.rows.length === 0) l.say(c.tag, '!empty');
    l.say(c.tag, '!done');
  }
  tell(...words: string[]): void {
    for (const { tag, line } of this.listeners) line.say(tag, '!re', ...words);
  }
  up(row: ActiveRow): void {
    this.rows.push(row);
    this.tell(...this.words(row));
  }
  down(id: string): void {
    this.rows = this.rows.filter((r) => r.id !== id);
    this.tell(`=.id=${id}`, '=.dead=yes');
  }
}

let router: Router;
let connection: RouterConnection;
let live: LiveSessions;
afterEach(async () => {
  await live?.stop();
  await connection?.stop();
  await router?.peer.close();
});

async function begin(rows: ActiveRow[], { seeded = [], ...options }: Partial<LiveSessionsOptions> & { seeded?: Parameters<LiveSessions['seed']>[0] } = {}, prepare: (router: Router) => void = () => undefined): Promise<LiveChange[]> {
  router = new Router();
  router.rows = rows;
  prepare(router);
  await router.start();
  connection = makeRouterConnection({
    host: '127.0.0.1', port: router.peer.port, credentials: async () => ({ username: 'a', password: '' }), backoff: { minMs: 5, maxMs: 10 }, session: { livenessMs: 0 },
  });
  live = makeLiveSessions({ connection, ...options });
  const seen: LiveChange[] = [];
  live.onChange((change) => seen.push(change));
  live.seed(seeded);
  live.start();
  if (options.mode !== 'while-subscribed') await until(() => live.synced);
  return seen;
}
const brief = (changes: readonly LiveChange[]): string[] => changes.map((c) => ('session' in c ? `${c.action} ${c.session.name} ${c.session.routerosId} ${c.source}` : c.action));
const two: ActiveRow[] = [{ id: '*1', name: 'ada' }, { id: '*2', name: 'bob' }];

describe('live sessions of a router', () => {
  it('begin with a snapshot and follow the events', async () => {
    const seen = await begin([...two]);
    expect(live.sessions().map((s) => s.name)).toEqual(['ada', 'bob']);
    expect(live.byName('ada')).toMatchObject({ address: '10.0.0.2', callerId: 'AA:BB:CC:00:00:01', service: 'pppoe', uptimeSeconds: 60, sessionId: '0x1', routerosId: '*1', source: 'RECONCILE', staleSince: null });
    router.up({ id: '*3', name: 'cyd' });
    router.down('*1');
    await until(() => seen.length === 3);
    expect(brief(seen)).toEqual(['SNAPSHOT', 'UP cyd *3 LISTEN', 'DOWN ada *1 LISTEN']);
    expect(live.byName('ada')).toBeUndefined();
    expect(seen.map((c) => c.version)).toEqual([1, 2, 3]);
    expect(live.counters).toMatchObject({ missed: 0, resyncs: 1 });
  });

  it('listen before they read, and lose nothing that happens in between', async () => {
    const seen = await begin([...two], {}, (r) => {
      r.beforePrint = () => {
        r.beforePrint = null;
        r.up({ id: '*3', name: 'cyd' }); // in the event and in the print
        r.down('*2'); // gone before the print
        r.tell(...r.words({ id: '*4', name: 'dan' })); // came …
        r.tell('=.id=*4', '=.dead=yes'); // … and went
      };
    });
    const paths = router.peer.commands.map((c) => c.path);
    expect(paths.indexOf('/ppp/active/listen')).toBeLessThan(paths.indexOf('/ppp/active/print'));
    expect(live.sessions().map((s) => s.name)).toEqual(['ada', 'cyd']);
    expect(brief(seen)).toEqual(['SNAPSHOT']);
    expect(live.counters.resyncs).toBe(1);
  });

  it('apply what happens during a later full read after it, in order', async () => {
    const seen = await begin([...two]);
    router.holdPrint = true;
    const synced = live.resync();
    await until(() => router.held.length === 1);
    router.down('*1');
    router.up({ id: '*3', name: 'cyd' });
    router.held.shift()!();
    await synced;
    expect(brief(seen)).toEqual(['SNAPSHOT', 'DOWN ada *1 LISTEN', 'UP cyd *3 LISTEN']);
  });

  it('show a session whose address comes later', async () => {
    const seen = await begin([]);
    router.up({ id: '*1', name: 'ada', address: '' });
    router.tell(...router.words({ id: '*1', name: 'ada', address: '10.0.0.7' }));
    router.tell(...router.words({ id: '*1', name: 'ada', address: '10.0.0.7' }));
    await until(() => live.counters.events === 3);
    expect(brief(seen)).toEqual(['SNAPSHOT', 'UP ada *1 LISTEN', 'CHANGE ada *1 LISTEN']);
    expect(seen[1]).toMatchObject({ session: { address: null } });
    expect(live.byName('ada')!.address).toBe('10.0.0.7');
  });

  it('keep a name online while any of its sessions is', async () => {
    const seen = await begin([{ id: '*1', name: 'ada' }]);
    router.up({ id: '*2', name: 'ada' });
    router.down('*1');
    router.down('*2');
    await until(() => seen.length === 4);
    expect(seen.slice(2).map((c) => ('nameOnline' in c ? c.nameOnline : null))).toEqual([true, false]);
  });

  it('take the same id with another session for two sessions', async () => {
    const seen = await begin([{ id: '*1', name: 'ada' }]);
    router.tell(...router.words({ id: '*1', name: 'ada', session: '0x999' }));
    await until(() => seen.length === 3);
    expect(brief(seen).slice(1)).toEqual(['DOWN ada *1 LISTEN', 'UP ada *1 LISTEN']);
  });
});

describe('live sessions find what they missed', () => {
  it('read everything when an unknown session dies or a row comes without its name', async () => {
    const seen = await begin([...two]);
    router.rows = [{ id: '*2', name: 'bob' }, { id: '*3', name: 'cyd' }]; // two missed events
    router.tell('=.id=*77', '=.dead=true');
    await until(() => seen.length === 3);
    expect(brief(seen).slice(1)).toEqual(['DOWN ada *1 RECONCILE', 'UP cyd *3 RECONCILE']);
    expect(live.counters.missed).toBe(2);
    router.rows.push({ id: '*4', name: 'dan' });
    router.tell('=.id=*4', '=address=10.0.0.9');
    await until(() => live.byName('dan'));
  });

  it('count every so often and read when the number differs, and only then', async () => {
    const seen = await begin([...two], { countEveryMs: 10 });
    await until(() => router.counts >= 3);
    expect(router.prints).toBe(1);
    router.rows.pop();
    await until(() => seen.length === 2);
    expect(brief(seen)[1]).toBe('DOWN bob *2 RECONCILE');
  });

  it('compare everything now and then: an exchange keeps the number and is found', async () => {
    const seen = await begin([...two], { countEveryMs: 10, compareEveryMs: 30 });
    router.rows = [{ id: '*1', name: 'ada' }, { id: '*9', name: 'eve' }];
    await until(() => seen.length === 3);
    expect(brief(seen).slice(1)).toEqual(['DOWN bob *2 RECONCILE', 'UP eve *9 RECONCILE']);
  });

  it('keep the rows of a router that is away, marked stale, and reconcile when it is back', async () => {
    const seen = await begin([...two]);
    const { port } = router.peer;
    await router.peer.close();
    await until(() => live.staleSince() !== null);
    expect(live.sessions().map((s) => [s.name, s.staleSince !== null])).toEqual([['ada', true], ['bob', true]]);
    await expect(live.resync()).rejects.toMatchObject({ code: 'UNREACHABLE' });
    const again = new Router();
    again.rows = [{ id: '*1', name: 'ada' }, { id: '*5', name: 'bob' }];
    again.uptime = '1d1m';
    router = await again.start(port);
    await until(() => live.staleSince() === null);
    expect(brief(seen)).toEqual(['SNAPSHOT', 'STALE', 'DOWN bob *2 RECONCILE', 'UP bob *5 RECONCILE', 'LIVE']);
    expect(live.sessions().every((s) => s.staleSince === null)).toBe(true);
    router.up({ id: '*6', name: 'cyd' });
    await until(() => live.byName('cyd'));
  });

  it('drop all ids after a reboot, even where they look the same', async () => {
    const seen = await begin([...two]);
    const { port } = router.peer;
    await router.peer.close();
    const again = new Router();
    again.rows = [...two];
    again.uptime = '20s';
    router = await again.start(port);
    await until(() => seen.at(-1)!.action === 'LIVE');
    expect(brief(seen).slice(2, -1)).toEqual(['DOWN ada *1 RECONCILE', 'DOWN bob *2 RECONCILE', 'UP ada *1 RECONCILE', 'UP bob *2 RECONCILE']);
    expect(live.counters.reboots).toBe(1);
  });

  it('filled with what an earlier owner saw: stale at first, then compared, and what happened meanwhile is told', async () => {
    const observedAt = new Date(Date.now() - 30_000);
    const before = { address: '10.0.0.2', callerId: 'AA:BB:CC:00:00:01', service: 'pppoe', startedAt: new Date(Date.now() - 60_000), observedAt };
    const seen = await begin([{ id: '*1', name: 'ada' }, { id: '*3', name: 'cyd' }], { seeded: [{ ...before, name: 'ada', sessionId: '0x1', routerosId: '*1' }, { ...before, name: 'bob', sessionId: '0x2', routerosId: '*2' }] });
    expect(seen[0]).toMatchObject({ action: 'SNAPSHOT', staleSince: observedAt, sessions: [{ name: 'ada', source: 'STORED', staleSince: observedAt }, { name: 'bob' }] });
    await until(() => seen.at(-1)!.action === 'LIVE');
    expect(brief(seen)).toEqual(['SNAPSHOT', 'DOWN bob *2 RECONCILE', 'UP cyd *3 RECONCILE', 'LIVE']);
    expect(live.byName('ada')).toMatchObject({ source: 'RECONCILE', staleSince: null });
  });

  it('filled with sessions of before a restart that nobody saw: they are over, even where they look the same', async () => {
    const before = { address: '10.0.0.2', callerId: 'AA:BB:CC:00:00:01', service: 'pppoe', startedAt: new Date(Date.now() - 3_600_000), observedAt: new Date(Date.now() - 600_000) };
    const seen = await begin([{ id: '*1', name: 'ada' }], { seeded: [{ ...before, name: 'ada', sessionId: '0x1', routerosId: '*1' }] }, (r) => { r.uptime = '5m'; });
    await until(() => seen.at(-1)!.action === 'LIVE');
    expect(brief(seen).slice(1, -1)).toEqual(['DOWN ada *1 RECONCILE', 'UP ada *1 RECONCILE']);
    expect(seen[1]).toMatchObject({ rebootedAt: expect.any(Date) });
  });

  it('listen again when somebody cancels everything on the router', async () => {
    const seen = await begin([...two]);
    const [{ tag, line }] = router.listeners.splice(0) as [{ tag: string; line: PeerLine }];
    line.say(tag, '!trap', '=category=2', '=message=interrupted');
    line.say(tag, '!done');
    await until(() => router.listeners.length === 1);
    router.up({ id: '*3', name: 'cyd' });
    await until(() => live.byName('cyd'));
    expect(brief(seen)).toContain('UP cyd *3 LISTEN');
  });

  it('poll a router that cannot listen', async () => {
    const seen = await begin([...two], { pollEveryMs: 10 }, (r) => { r.listenReply = 'unsupported'; });
    router.rows.pop();
    await until(() => seen.length === 2);
    expect(brief(seen)).toEqual(['SNAPSHOT', 'DOWN bob *2 RECONCILE']);
    expect(router.peer.commands.filter((c) => c.path === '/ppp/active/listen')).toHaveLength(1);
  });

  it('poll a router that does not let us listen, and listen as soon as it does', async () => {
    const seen = await begin([...two], { pollEveryMs: 10 }, (r) => { r.listenReply = 'forbidden'; });
    router.rows.pop();
    await until(() => seen.length === 2);
    expect(brief(seen)).toEqual(['SNAPSHOT', 'DOWN bob *2 RECONCILE']);
    router.listenReply = 'ok';
    await until(() => router.listeners.length === 1);
    router.up({ id: '*3', name: 'cyd' });
    await until(() => seen.length === 3);
    expect(brief(seen).at(-1)).toBe('UP cyd *3 LISTEN');
    expect(router.listeners).toHaveLength(1);
  });

  it('are shown as stale, with the reason, while a router neither tells of changes nor lets us read, and as live when it does', async () => {
    const seen = await begin([...two], { pollEveryMs: 10 }, (r) => { r.listenReply = 'forbidden'; });
    expect(connection.status()).toMatchObject({ state: 'online', reachable: true, reasonCode: null });
    router.printForbidden = true;
    await until(() => live.staleSince());
    expect(connection.status()).toMatchObject({ state: 'online', reachable: true, reasonCode: 'FORBIDDEN', reason: expect.stringContaining('not enough permissions') });
    router.printForbidden = false;
    await until(() => live.staleSince() === null);
    expect(brief(seen)).toEqual(['SNAPSHOT', 'STALE', 'LIVE']);
    expect(connection.status()).toMatchObject({ state: 'online', reason: null, reasonCode: null });
  });
});

describe('subscribers of live sessions', () => {
  it('share one upstream; each begins with a snapshot and ends by return', async () => {
    await begin([...two]);
    const many = Array.from({ length: 20 }, () => live.subscribe());
    const firsts = await Promise.all(many.map((s) => s.next()));
    expect(firsts.every((f) => f.value?.action === 'SNAPSHOT' && f.value.sessions.length === 2)).toBe(true);
    router.up({ id: '*3', name: 'cyd' });
    const seconds = await Promise.all(many.map((s) => s.next()));
    expect(new Set(seconds.map((s) => JSON.stringify(s.value))).size).toBe(1);
    expect(router.peer.commands.filter((c) => c.path === '/ppp/active/listen')).toHaveLength(1);
    await Promise.all(many.map((s) => s.return!()));
    expect(await many[0]!.next()).toEqual({ done: true, value: undefined });
  });

  it('a slow one gets the last word per session, and a snapshot when too much waits', async () => {
    const seen = await begin([], { queueLimit: 3 });
    const slow = live.subscribe();
    await slow.next();
    for (let i = 0; i < 50; i++) {
      router.up({ id: '*1', name: 'flap', session: `0x${i}` });
      router.down('*1');
    }
    await until(() => seen.length === 101);
    router.up({ id: '*2', name: 'ada', address: '' });
    router.tell(...router.words({ id: '*2', name: 'ada', address: '10.0.0.5' }));
    await until(() => seen.length === 103);
    expect(brief([(await slow.next()).value!, (await slow.next()).value!])).toEqual(['UP ada *2 LISTEN', 'CHANGE ada *2 LISTEN']);
    for (let i = 10; i < 16; i++) router.up({ id: `*${i}`, name: `n${i}` });
    await until(() => seen.length === 109);
    const resync = (await slow.next()).value!;
    expect(resync).toMatchObject({ action: 'SNAPSHOT', version: live.version });
    expect(resync.action === 'SNAPSHOT' && resync.sessions).toHaveLength(7);
    const waiting = slow.next();
    router.down('*2');
    expect(brief([(await waiting).value!])).toEqual(['DOWN ada *2 LISTEN']);
  });

  it('start the upstream and, after a linger, end it, where nobody else needs it', async () => {
    await begin([...two], { mode: 'while-subscribed', lingerMs: 10 });
    expect(router.peer.commands).toHaveLength(0);
    const first = live.subscribe();
    expect((await first.next()).value).toMatchObject({ action: 'SNAPSHOT', synced: false });
    expect((await first.next()).value).toMatchObject({ action: 'SNAPSHOT', synced: true });
    await first.return!();
    await until(() => router.peer.commands.some((c) => c.path === '/cancel'));
    const second = live.subscribe();
    await until(() => router.listeners.length === 1);
    await second.return!();
  });

  it('end when the model is stopped', async () => {
    await begin([...two]);
    const one = live.subscribe();
    await one.next();
    const waiting = one.next();
    await live.stop();
    expect((await waiting).value).toMatchObject({ action: 'STALE' });
    expect(await one.next()).toEqual({ done: true, value: undefined });
    expect(await live.subscribe().next()).toEqual({ done: true, value: undefined });
  });
});

describe('a mailbox', () => {
  it('delivers in order, the newest per key, and ends readers that wait', async () => {
    const box = makeMailbox<string>({ limit: 10, overflow: () => 'all', onReturn: () => undefined });
    box.post('a', 'a1');
    box.post('b', 'b1');
    box.post('a', 'a2');
    expect([(await box.next()).value, (await box.next()).value]).toEqual(['b1', 'a2']);
    const [one, other] = [box.next(), box.next()];
    box.post('c', 'c1');
    expect(await one).toEqual({ done: false, value: 'c1' });
    await box.return();
    expect(await other).toEqual({ done: true, value: undefined });
    box.post('d', 'd1');
    expect(await box.next()).toEqual({ done: true, value: undefined });
  });
});
