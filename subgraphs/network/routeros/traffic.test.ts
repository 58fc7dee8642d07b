import { afterEach, describe, expect, it } from 'vitest';
import { makeRouterConnection, type RouterConnection } from './router-connection.ts';
import { makeTestPeer, until, type PeerCommand, type PeerLine, type TestPeer } from './test-peer.ts';
import { makeTraffic, type Traffic, type TrafficOptions } from './traffic.ts';

/** A router with interfaces that come and go; a monitor of an absent one is refused, as by RouterOS. */
class Router {
  peer!: TestPeer;
  interfaces = new Set<string>();
  monitors = new Map<string, { names: string[]; line: PeerLine }>();
  started: string[][] = [];
  nameless = false;

  async start(port?: number): Promise<this> {
    this.peer = await makeTestPeer({ ...(port === undefined ? {} : { port }), onCommand: (c, l) => this.#answer(c, l) });
    return this;
  }
  #answer(c: PeerCommand, l: PeerLine): void {
    if (c.path === '/interface/print') {
      for (const word of c.words) if (word.startsWith('?name=') && this.interfaces.has(word.slice(6))) l.say(c.tag, '!re', `=name=${word.slice(6)}`);
    } else if (c.path === '/interface/monitor-traffic') {
      const names = c.arg('interface')!.split(',');
      this.started.push(names);
      if (names.every((name) => this.interfaces.has(name))) {
        this.monitors.set(c.tag, { names, line: l });
        return;
      }
      l.say(c.tag, '!trap', '=category=1', '=message=input does not match any value of interface');
    } else if (c.path === '/cancel') {
      this.monitors.delete(c.arg('tag')!);
      l.say(c.arg('tag')!, '!done');
    }
    l.say(c.tag, '!done');
  }
  tick(rx = 1000): void {
    for (const [tag, { names, line }] of this.monitors) {
      names.forEach((name, i) => line.say(tag, '!re', ...(this.nameless ? [] : [`=name=${name}`]), `=rx-bits-per-second=${rx + i}`, `=tx-bits-per-second=${rx * 10}`, '=rx-packets-per-second=1', '=tx-packets-per-second=2'));
    }
  }
  vanish(name: string): void {
    this.interfaces.delete(name);
    for (const [tag, { names, line }] of this.monitors) {
      if (!names.includes(name)) continue;
      this.monitors.delete(tag);
      line.say(tag, '!trap', '=message=interface removed');
      line.say(tag, '!done');
    }
  }
}

let router: Router;
let connection: RouterConnection;
let traffic: Traffic;
afterEach(async () => {
  await traffic.stop();
  await connection.stop();
  await router.peer.close();
});
async function begin(names: string[], options: Partial<TrafficOptions> = {}): Promise<void> {
  router = await new Router().start();
  for (const name of names) router.interfaces.add(name);
  connection = makeRouterConnection({ host: '127.0.0.1', port: router.peer.port, credentials: async () => ({ username: 'a', password: '' }), backoff: { minMs: 5, maxMs: 10 }, session: { livenessMs: 0 } });
  traffic = makeTraffic({ connection, debounceMs: 10, lookForMs: 30, ...options });
  await connection.session(5000);
}

describe('traffic of subscribers', () => {
  it('one upstream serves all watchers; rx is the upload, tx the download', async () => {
    await begin(['<pppoe-ada>', '<pppoe-bob>']);
    const watchers = [traffic.watch('ada'), traffic.watch('ada'), traffic.watch('bob')];
    await until(() => router.monitors.size === 1);
    expect(router.started).toEqual([['<pppoe-ada>', '<pppoe-bob>']]);
    const samples = watchers.map((w) => w.next());
    router.tick();
    expect((await samples[0]!).value).toMatchObject({ name: 'ada', interface: '<pppoe-ada>', online: true, rxBitsPerSecond: 1000, txBitsPerSecond: 10_000 });
    expect((await samples[2]!).value).toMatchObject({ name: 'bob', rxBitsPerSecond: 1001 });
    expect((await samples[1]!).value).toEqual((await samples[0]!).value);
  });

  it('a slow watcher gets the newest sample only', async () => {
    await begin(['<pppoe-ada>']);
    const watcher = traffic.watch('ada');
    const witness = traffic.watch('ada');
    await until(() => router.monitors.size === 1);
    for (let i = 1; i <= 20; i++) router.tick(i);
    let last = 0;
    while (last !== 20) last = (await witness.next()).value!.rxBitsPerSecond;
    expect((await watcher.next()).value).toMatchObject({ rxBitsPerSecond: 20 });
  });

  it('ends the upstream with its last watcher', async () => {
    await begin(['<pppoe-ada>', '<pppoe-bob>']);
    const ada = traffic.watch('ada');
    const bob = traffic.watch('bob');
    await until(() => router.monitors.size === 1);
    await bob.return!();
    await until(() => [...router.monitors.values()][0]?.names.join() === '<pppoe-ada>' && router.monitors.size === 1);
    await ada.return!();
    await until(() => router.monitors.size === 0);
    expect(traffic).toMatchObject({ watchedNames: 0, upstreams: 0 });
  });

  it('says that a subscriber is absent, and picks him up when he comes', async () => {
    await begin(['<pppoe-bob>']);
    const ada = traffic.watch('ada');
    const bob = traffic.watch('bob');
    expect((await ada.next()).value).toMatchObject({ online: false, interface: null, rxBitsPerSecond: 0 });
    await until(() => router.monitors.size === 1);
    router.interfaces.add('<pppoe-ada-1>'); // the form after a quick redial
    traffic.poke('ada');
    await until(() => [...router.monitors.values()][0]?.names.length === 2);
    router.tick();
    expect((await ada.next()).value).toMatchObject({ online: true, interface: '<pppoe-ada-1>' });
    expect((await bob.next()).value).toMatchObject({ online: true });
  });

  it('one that vanishes does not stop the others, and is found again without being told', async () => {
    await begin(['<pppoe-ada>', '<pppoe-bob>']);
    const ada = traffic.watch('ada');
    const bob = traffic.watch('bob');
    await until(() => router.monitors.size === 1);
    router.vanish('<pppoe-ada>');
    expect((await ada.next()).value).toMatchObject({ online: false });
    await until(() => [...router.monitors.values()][0]?.names.join() === '<pppoe-bob>');
    router.tick();
    expect((await bob.next()).value).toMatchObject({ online: true });
    router.interfaces.add('<pppoe-ada>');
    await until(() => [...router.monitors.values()][0]?.names.length === 2);
  });

  it('a router that goes away and returns', async () => {
    await begin(['<pppoe-ada>']);
    const ada = traffic.watch('ada');
    await until(() => router.monitors.size === 1);
    const { port } = router.peer;
    await router.peer.close();
    expect((await ada.next()).value).toMatchObject({ online: false });
    const again = new Router();
    again.interfaces.add('<pppoe-ada>');
    router = await again.start(port);
    await until(() => router.monitors.size === 1);
    router.tick(7);
    expect((await ada.next()).value).toMatchObject({ online: true, rxBitsPerSecond: 7 });
  });

  it('a router that is away from the start', async () => {
    await begin(['<pppoe-ada>']);
    await router.peer.close();
    await until(() => connection.current() === null);
    const ada = traffic.watch('ada');
    expect((await ada.next()).value).toMatchObject({ online: false });
  });

  it('old routers that answer without names, in the order asked', async () => {
    await begin(['<pppoe-ada>', '<pppoe-bob>']);
    router.nameless = true;
    const ada = traffic.watch('ada');
    const bob = traffic.watch('bob');
    await until(() => router.monitors.size === 1);
    router.tick(50);
    expect([(await ada.next()).value!.rxBitsPerSecond, (await bob.next()).value!.rxBitsPerSecond]).toEqual([50, 51]);
  });

  it('ends with its watchers', async () => {
    await begin(['<pppoe-ada>']);
    const ada = traffic.watch('ada');
    const waiting = ada.next();
    await traffic.stop();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await traffic.watch('ada').next()).toEqual({ done: true, value: undefined });
  });

  it('at most 50 interfaces share a command; a name with a comma is refused', async () => {
    const names = Array.from({ length: 120 }, (_, i) => `u${i}`);
    await begin(names.map((n) => `<pppoe-${n}>`));
    for (const name of names) traffic.watch(name);
    await until(() => router.monitors.size === 3);
    expect([...router.monitors.values()].map((m) => m.names.length)).toEqual([50, 50, 20]);
    expect(() => traffic.watch('a,b')).toThrow(/comma/);
  });
});
