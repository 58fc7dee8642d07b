import { describe, expect, it } from 'vitest';
import type { SessionChange } from './subscribers.ts';
import { attributes, eventually } from './test-client.ts';
import { makeHandClock, secret, startRouter } from './test-router.ts';

describe('subscribers', () => {
  it('dial 2 to 5 seconds after their secret was made', async () => {
    const clock = makeHandClock();
    const { client, router } = await startRouter({ clock, dialDelayMs: [2000, 5000], random: () => 0.5 });
    await client.talk(...secret('ann'));
    clock.advance(3499);
    expect(router.sessions()).toEqual([]);
    clock.advance(1);
    expect(router.sessions()).toMatchObject([{ name: 'ann', address: '10.64.0.2', localAddress: '10.64.0.1', profile: 'plan-a' }]);
    clock.advance(788_645_000);
    expect(router.rows('/ppp/active')[0]).toMatchObject({ uptime: '1w2d3h4m5s', service: 'pppoe', radius: 'false' });
  });

  it('show up in active, interface, binding, queue and used addresses, and leave them all', async () => {
    const { client, router } = await startRouter();
    await client.talk(...secret('ann'));
    await eventually(() => router.sessions().length === 1, 'a session');
    const link = router.rows('/interface').find((row) => row.dynamic === 'true')!;
    expect(link).toMatchObject({ name: '<pppoe-ann>', type: 'pppoe-in', running: 'true' });
    expect(router.rows('/interface/pppoe-server')).toMatchObject([{ '.id': link['.id'], user: 'ann', running: 'true' }]);
    expect(router.rows('/queue/simple')).toMatchObject([{ name: '<pppoe-ann>', 'max-limit': '5000000/20000000', dynamic: 'true' }]);
    expect(router.rows('/ip/pool/used')).toMatchObject([{ pool: 'pool-a', address: '10.64.0.2', info: 'ann' }]);
    await client.talk('/ppp/secret/disable', '=.id=ann');
    // Disabling ends nothing that runs.
    expect(router.sessions()).toHaveLength(1);
    await client.talk('/ppp/active/remove', `=.id=${router.sessions()[0]!.activeId}`);
    for (const menu of ['/ppp/active', '/interface/pppoe-server', '/queue/simple', '/ip/pool/used']) expect(router.rows(menu)).toEqual([]);
    expect(router.rows('/interface').some((row) => row.dynamic === 'true')).toBe(false);
    await eventually(() => router.rows('/log').some((row) => row.message!.includes('user disabled')), 'a refused dial');
    expect(router.sessions()).toEqual([]);
    await client.talk('/ppp/secret/enable', '=.id=ann');
    await eventually(() => router.sessions().length === 1, 'a session again');
  });

  it('come back with new ids and the same MAC', async () => {
    const { client, router } = await startRouter();
    const changes: SessionChange[] = [];
    router.onSessionChange((change) => changes.push(change));
    await client.talk(...secret('ann'));
    await eventually(() => router.sessions().length === 1, 'a session');
    const before = router.sessions()[0]!;
    router.hangUp('ann');
    await eventually(() => router.sessions().length === 1, 'a second session');
    const after = router.sessions()[0]!;
    expect(after.callerId).toBe(before.callerId);
    expect(after.callerId).toMatch(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
    expect([after.activeId, after.interfaceId, after.sessionId]).not.toContain(before.activeId);
    expect(after.interfaceId).not.toBe(before.interfaceId);
    expect(changes.map((change) => [change.kind, change.reason])).toEqual([['up', undefined], ['down', 'peer-request'], ['up', undefined]]);
  });

  it('are refused when their modem is not the one the secret is locked to', async () => {
    const { client, router } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    await client.talk(...secret('ann', '=caller-id=aa:bb:cc:dd:ee:ff'));
    expect(router.dial('ann')).toBeUndefined();
    expect(router.sessions()[0]!.callerId).toBe('AA:BB:CC:DD:EE:FF');
    router.hangUp('ann');
    router.changeModem('ann', '00:00:00:00:00:01');
    expect(router.dial('ann')).toContain('caller-id does not match');
    await client.talk('/ppp/secret/set', '=.id=ann', '=caller-id=');
    expect(router.dial('ann')).toBeUndefined();
  });

  it('take the secret’s address before the profile’s, and wait when the pool is empty', async () => {
    const { client, router } = await startRouter({
      dialDelayMs: [60_000, 60_000],
      seed: {
        '/ip/pool': [{ name: 'small', ranges: '10.1.0.1-10.1.0.2' }],
        '/ppp/profile': [{ name: 'plan-a', 'remote-address': 'small' }],
      },
    });
    for (const name of ['ann', 'bob', 'cem']) await client.talk(...secret(name));
    await client.talk(...secret('dan', '=remote-address=10.9.9.9'));
    expect(['ann', 'bob', 'dan'].map((name) => router.dial(name))).toEqual([undefined, undefined, undefined]);
    expect(router.dial('cem')).toContain('pool small is empty');
    expect(router.rows('/log').at(-1)!.message).toContain('pool small is empty');
    router.hangUp('bob');
    expect(router.dial('cem')).toBeUndefined();
    expect(new Map(router.sessions().map((session) => [session.name, session.address]))).toEqual(
      new Map([['ann', '10.1.0.1'], ['dan', '10.9.9.9'], ['cem', '10.1.0.2']]),
    );
    await client.talk('/ip/pool/add', '=name=more', '=ranges=10.2.0.0/30');
    await client.talk('/ip/pool/set', '=.id=small', '=next-pool=more');
    expect(router.dial('bob')).toBeUndefined();
    expect(router.sessions().at(-1)!.address).toBe('10.2.0.0');
  });

  it('stay online when their secret is removed, and do not come back', async () => {
    const { client, router } = await startRouter();
    await client.talk(...secret('ann'));
    await eventually(() => router.sessions().length === 1, 'a session');
    await client.talk('/ppp/secret/remove', '=.id=ann');
    expect(router.sessions()).toHaveLength(1);
    router.hangUp('ann');
    expect(router.dial('ann')).toBe('no such secret');
  });

  it('move traffic that only grows and keeps to the rate limit', async () => {
    const clock = makeHandClock();
    const { client, router } = await startRouter({ clock, dialDelayMs: [0, 0] });
    await client.talk(...secret('ann'));
    clock.advance(1);
    let last = { rx: 0, tx: 0 };
    for (let second = 1; second <= 600; second += 1) {
      clock.advance(1000);
      const row = router.rows('/interface').find((candidate) => candidate.name === '<pppoe-ann>')!;
      const now = { rx: Number(row['rx-byte']), tx: Number(row['tx-byte']) };
      expect(now.rx).toBeGreaterThan(last.rx);
      expect((now.tx - last.tx) * 8).toBeLessThanOrEqual(20e6);
      expect((now.rx - last.rx) * 8).toBeLessThanOrEqual(5e6);
      last = now;
    }
  });

  it('hang up by themselves when that is their habit, and at the session timeout', async () => {
    const clock = makeHandClock();
    const { client, router } = await startRouter({ clock, dialDelayMs: [10, 10], hangUpAfterMs: { ann: [1000, 1000] } });
    await client.talk('/ppp/profile/set', '=.id=plan-a', '=session-timeout=00:01:00');
    await client.talk(...secret('ann'));
    await client.talk(...secret('bob'));
    const downs: string[] = [];
    router.onSessionChange((change) => change.kind === 'down' && downs.push(`${change.session.name} ${change.reason}`));
    clock.advance(61_000);
    expect(downs.filter((down) => down === 'ann peer-request').length).toBeGreaterThan(50);
    expect(downs).toContain('bob session-timeout');
    expect(router.rows('/ppp/secret')[1]).toMatchObject({ 'last-disconnect-reason': 'session-timeout' });
  });

  it('tell every listener of /ppp/active of up and down', async () => {
    const { client, router } = await startRouter();
    client.send('/ppp/active/listen', '.tag=L');
    await client.talk(...secret('ann'));
    const up = attributes(await client.sentence((words) => words[1] === '.tag=L'));
    expect(up).toMatchObject({ name: 'ann', address: '10.64.0.2' });
    router.hangUp('ann');
    const down = attributes(await client.sentence((words) => words.includes('=.dead=true')));
    expect(down).toEqual({ '.id': up['.id'], '.dead': 'true' });
  });

  it('are 20,000 without trouble', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ name: `home-${index}`, service: 'pppoe', profile: 'big' }));
    const { client, router } = await startRouter({
      dialDelayMs: [1, 1000],
      seed: { '/ip/pool': [{ name: 'big', ranges: '10.70.0.1-10.71.255.254' }], '/ppp/profile': [{ name: 'big', 'remote-address': 'big', 'rate-limit': '1M/2M' }], '/ppp/secret': rows },
    });
    await eventually(() => router.sessionCount() === 20_000, 'everybody online');
    expect((await client.talk('/ppp/active/print', '=count-only=')).ret).toBe('20000');
    expect((await client.talk('/ppp/active/print', '=.proplist=.id,name')).rows).toHaveLength(20_000);
  });
});
