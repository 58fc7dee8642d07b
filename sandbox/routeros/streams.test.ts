import { describe, expect, it } from 'vitest';
import { attributes, eventually, logIn } from './test-client.ts';
import { secret, startRouter } from './test-router.ts';

describe('commands that go on', () => {
  it('listen sends whole rows on change, .dead on removal, and no snapshot', async () => {
    const { client, port } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    const other = await logIn(port);
    await other.talk(...secret('before'));
    client.send('/ppp/secret/listen', '.tag=L');
    await client.talk('/system/identity/print', '.tag=sync');
    const { ret } = await other.talk(...secret('ann'));
    await other.talk('/ppp/secret/set', `=.id=${ret}`, '=comment=new');
    await other.talk('/ppp/secret/set', `=.id=${ret}`, '=comment=new');
    await other.talk('/ppp/secret/remove', `=.id=${ret}`);
    await client.sentence((words) => words.includes('=.dead=true'));
    const events = client.received.filter((words) => words[0] === '!re' && words[1] === '.tag=L').map(attributes);
    expect(events).toHaveLength(3);
    expect(events[0]).toMatchObject({ '.id': ret, name: 'ann', profile: 'plan-a' });
    expect(events[1]).toMatchObject({ '.id': ret, name: 'ann', comment: 'new' });
    expect(events[2]).toEqual({ '.id': ret, '.dead': 'true' });
    other.close();
  });

  it('cancel ends with trap, its own done, then the command’s done', async () => {
    const { client } = await startRouter();
    client.send('/ppp/active/listen', '.tag=L');
    client.send('/cancel', '=tag=L', '.tag=C');
    await client.sentence((words) => words[0] === '!done' && words[1] === '.tag=L');
    expect(client.received).toEqual([
      ['!trap', '.tag=L', '=category=2', '=message=interrupted'],
      ['!done', '.tag=C'],
      ['!done', '.tag=L'],
    ]);
  });

  it('cancel without a tag ends everything, and events stop', async () => {
    const { client, router } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    client.send('/ppp/secret/listen', '.tag=A');
    client.send('/log/print', '=follow-only=', '.tag=B');
    client.send('/cancel');
    await client.sentence((words) => words[0] === '!done' && words[1] === '.tag=B');
    expect(client.received.filter((words) => words[0] === '!trap')).toHaveLength(2);
    const before = client.received.length;
    await client.talk(...secret('ann'));
    expect(client.received).toHaveLength(before + 1);
    expect(router.rows('/ppp/secret')).toHaveLength(1);
  });

  it('cancel reaches a print that is still being read', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ name: `home-${index}`, service: 'l2tp' }));
    const { client } = await startRouter({ seed: { '/ppp/secret': rows } });
    client.send('/ppp/secret/print', '.tag=P');
    await client.sentence((words) => words[1] === '.tag=P');
    client.send('/cancel', '=tag=P', '.tag=C');
    await client.sentence((words) => words[0] === '!done' && words[1] === '.tag=P');
    expect(client.received.at(-3)).toEqual(['!trap', '.tag=P', '=category=2', '=message=interrupted']);
    expect(client.received.length).toBeLessThan(20_000);
  });

  it('follow gives the snapshot, then the changes; a query filters both', async () => {
    const { client } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    await client.talk(...secret('ann'));
    await client.talk(...secret('bob', '=disabled=yes'));
    client.send('/ppp/secret/print', '=follow=', '?disabled=no', '=.proplist=.id,name', '.tag=F');
    await client.sentence((words) => words.includes('=name=ann') && words.includes('.tag=F'));
    await client.talk('/ppp/secret/enable', '=.id=bob');
    await client.talk('/ppp/secret/disable', '=.id=ann');
    const events = client.received.filter((words) => words[1] === '.tag=F').map(attributes);
    expect(events).toEqual([{ '.id': '*1', name: 'ann' }, { '.id': '*2', name: 'bob' }, { '.id': '*1', '.dead': 'true' }]);
  });

  it('interval repeats the table in sections', async () => {
    const { client } = await startRouter();
    client.send('/ppp/profile/print', '=interval=0.2', '=.proplist=name', '.tag=I');
    await client.sentence((words) => words.includes('=.section=1') && words.includes('=name=default'));
    expect(client.received.filter((words) => words.includes('=.section=0'))).toHaveLength(3);
    expect((await client.talk('/ppp/profile/print', '=interval=0.1')).traps).toHaveLength(1);
  });

  it('monitor-traffic measures what the counters count, within the rate limit', async () => {
    const { client, router } = await startRouter();
    await client.talk(...secret('ann'));
    await eventually(() => router.sessions().length === 1, 'a session');
    const { rows } = await client.talk('/interface/monitor-traffic', '=interface=ether1,<pppoe-ann>', '=once=');
    expect(rows.map((row) => row.name)).toEqual(['ether1', '<pppoe-ann>']);
    expect(Number(rows[1]!['tx-bits-per-second'])).toBeGreaterThan(0);
    expect(Number(rows[1]!['tx-bits-per-second'])).toBeLessThanOrEqual(20e6);
    expect(Number(rows[1]!['rx-bits-per-second'])).toBeLessThanOrEqual(5e6);
    client.send('/interface/monitor-traffic', '=interface=<pppoe-ann>', '=interval=20ms', '.tag=M');
    await eventually(() => client.received.filter((words) => words[1] === '.tag=M').length >= 3, 'three readings');
    router.hangUp('ann');
    await client.sentence((words) => words[0] === '!done' && words[1] === '.tag=M');
    expect((await client.talk('/interface/monitor-traffic', '=interface=none', '=once=')).traps).toEqual([
      { category: '1', message: 'input does not match any value of interface' },
    ]);
    const measured = await client.talk('/interface/monitor-traffic', '=interface=ether1', '=interval=50ms', '=duration=120ms', '.tag=D');
    expect(measured.rows.length).toBeGreaterThan(1);
    expect(measured.rows.map((row) => row['.section'])).toEqual(measured.rows.map((_, index) => String(index)));
    // In the order of a real router's answer.
    expect(Object.keys(measured.rows[0]!)).toEqual([
      'name', 'rx-packets-per-second', 'rx-bits-per-second', 'fp-rx-packets-per-second', 'fp-rx-bits-per-second', 'rx-drops-per-second', 'rx-errors-per-second',
      'tx-packets-per-second', 'tx-bits-per-second', 'fp-tx-packets-per-second', 'fp-tx-bits-per-second', 'tx-drops-per-second', 'tx-queue-drops-per-second', 'tx-errors-per-second', '.section',
    ]);
  });

  it('ping reaches homes that are online and nobody else in the pool', async () => {
    const { client, router } = await startRouter();
    await client.talk(...secret('ann'));
    await eventually(() => router.sessions().length === 1, 'a session');
    const up = await client.talk('/tool/ping', `=address=${router.sessions()[0]!.address}`, '=count=3', '=interval=10ms');
    expect(up.rows.map((row) => [row.seq, row.sent, row.received, row.status])).toEqual([['0', '1', '1', undefined], ['1', '2', '2', undefined], ['2', '3', '3', undefined]]);
    expect(up.rows[2]!.time).toMatch(/^\d+ms(\d+us)?$/);
    const down = await client.talk('/tool/ping', '=address=10.64.0.19', '=count=1');
    expect(down.rows).toEqual([{ seq: '0', host: '10.64.0.19', status: 'timeout', sent: '1', received: '0', 'packet-loss': '100' }]);
    client.send('/ping', '=address=192.0.2.1', '=interval=10ms', '.tag=P');
    await eventually(() => client.received.filter((words) => words[1] === '.tag=P').length >= 3, 'an endless ping');
    client.send('/cancel', '=tag=P', '.tag=C');
    await client.sentence((words) => words[0] === '!done' && words[1] === '.tag=P');
  });

  it('drops a client that does not read its events, and nobody else', async () => {
    const { client, port, router } = await startRouter({ maxPendingBytes: 64 * 1024, dialDelayMs: [60_000, 60_000] });
    const lazy = await logIn(port);
    lazy.send('/ppp/secret/listen', '.tag=L');
    await lazy.talk('/system/identity/print', '.tag=sync');
    lazy.socket.pause();
    client.send('/ppp/secret/listen', '.tag=L');
    const { ret } = await client.talk(...secret('ann'));
    // Kernel buffers take some megabytes before the router notices.
    for (let round = 0; router.connections() > 1 && round < 5000; round += 1) {
      await client.talk('/ppp/secret/set', `=.id=${ret}`, `=comment=${round}${'x'.repeat(30_000)}`);
    }
    expect(router.connections()).toBe(1);
    expect((await client.talk('/system/identity/print')).rows).toHaveLength(1);
    lazy.close();
  });
});
