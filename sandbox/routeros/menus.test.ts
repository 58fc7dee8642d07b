import { describe, expect, it } from 'vitest';
import { MENUS } from './menus/index.ts';
import { available } from './menus/menu.ts';
import { parseRelease } from './release.ts';
import { eventually, logIn, openClient, type TestClient } from './test-client.ts';
import { makeHandClock, secret, SEED, startRouter } from './test-router.ts';

const quiet = { dialDelayMs: [60_000, 60_000] } as const;
const refusal = async (client: TestClient, ...words: string[]) => (await client.talk(...words)).traps.map(({ message }) => message);

describe.each(['6.42.12', '6.49.10', '7.16', '7.18', '7.21'])('the menus of %s', (version) => {
  it('all print what they have, count it, and say nothing that only another release says', async () => {
    const release = parseRelease(version);
    const { client } = await startRouter({ version });
    const printed = MENUS.filter((menu) => menu.commands.includes('print'));
    for (const menu of printed.filter((each) => !available(each, release))) expect((await client.talk(`${menu.path}/print`)).traps, menu.path).not.toEqual([]);
    for (const menu of printed.filter((each) => available(each, release))) {
      const answer = await client.talk(`${menu.path}/print`);
      expect(answer.traps, menu.path).toEqual([]);
      expect(answer.empty, menu.path).toBe(answer.rows.length === 0 && release.atLeast(7, 18));
      expect((await client.talk(`${menu.path}/getall`, '=count-only=')).ret, menu.path).toBe(String(answer.rows.length));
      const properties = answer.rows.flatMap((row) => Object.keys(row).filter((property) => property !== '.id'));
      expect(properties.filter((property) => !available(menu.properties[property]!, release)), menu.path).toEqual([]);
    }
  });
});

describe('what a client may leave out or shorten', () => {
  it('a value that begins one choice is that choice; one that begins several, or all, is refused', async () => {
    const { client, router } = await startRouter(quiet);
    await client.talk('/ppp/profile/add', '=name=plan-b');
    await client.talk('/ip/pool/add', '=name=pool-b', '=ranges=10.9.0.0/24');
    expect(await refusal(client, ...secret('ann'), '=profile=plan-b', '=service=pppo')).toEqual([]);
    expect(await refusal(client, '/ppp/secret/set', '=.id=ann', '=profile=default-')).toEqual([]);
    expect(router.rows('/ppp/secret')[0]).toMatchObject({ profile: 'default-encryption', service: 'pppoe' });
    expect((await client.talk('/ppp/secret/set', '=.id=ann', '=profile=plan')).traps).toEqual([{ category: '1', message: 'ambiguous value of profile, more than one possible value matches input' }]);
    expect(await refusal(client, '/ppp/secret/set', '=.id=ann', '=remote-address=')).toEqual(['ambiguous value of pool, more than one possible value matches input']);
    expect(await refusal(client, '/ip/pool/set', '=.id=pool-a', '=next-pool=')).toEqual(['ambiguous value of next-pool, more than one possible value matches input']);
    expect(await refusal(client, '/ppp/profile/set', '=.id=plan-b', '=session-timeout=soon')).toEqual(['invalid time value for argument session-timeout']);
  });

  it('ids in any case, and places and comments where RouterOS takes them', async () => {
    const { client, router } = await startRouter(quiet);
    for (const [name, comment] of [['one', 'first'], ['two', 'x'], ['three', 'x']]) await client.talk('/queue/simple/add', `=name=${name}`, '=target=10.0.0.1', `=comment=${comment}`);
    for (let id = 4; id <= 10; id += 1) await client.talk(...secret(`home-${id}`));
    const names = () => router.rows('/queue/simple').map((row) => row.name);
    await client.talk('/queue/simple/move', '=numbers=2', '=destination=0');
    expect(names()).toEqual(['three', 'one', 'two']);
    await client.talk('/queue/simple/move', '=numbers=first', '=destination=*FFFF');
    expect(names()).toEqual(['three', 'two', 'one']);
    await client.talk('/queue/simple/move', '=.id=one,three', '=destination=two');
    expect(names()).toEqual(['one', 'three', 'two']);
    expect(await refusal(client, '/queue/simple/move', '=.id=one', '=destination=one')).toEqual(['failure: can not move object before itself']);
    expect(await refusal(client, '/queue/simple/move', '=destination=one')).toEqual(['missing =.id=']);
    expect(await refusal(client, '/ppp/secret/set', '=.id=*007', '=comment=seventh')).toEqual([]);
    expect(router.rows('/ppp/secret').find((row) => row.comment === 'seventh')?.['.id']).toBe('*7');
    expect(await refusal(client, '/ppp/secret/remove', '=.id=*zz')).toEqual(['invalid internal item number']);
    expect(await refusal(client, '/ppp/secret/remove', '=.id=*ff')).toEqual(['no such item']);
    expect(await refusal(client, '/ppp/secret/get', '=.id=*7', '=value-name=colour')).toEqual(['input does not match any value of value-name']);
  });

  it('a queue gets a name, halves of pairs are doubled, a parent must exist', async () => {
    const { client, router } = await startRouter(quiet);
    await client.talk('/queue/simple/add', '=target=10.0.0.1', '=priority=3', '=burst-time=10', '=max-limit=5M');
    expect(router.rows('/queue/simple')[0]).toMatchObject({ name: 'queue1', priority: '3/3', 'burst-time': '10s/10s', 'max-limit': '5000000/5000000' });
    expect(await refusal(client, '/queue/simple/add', '=target=10.0.0.2', '=parent=none-such')).toEqual(['input does not match any value of parent']);
    expect(await refusal(client, '/queue/simple/add', '=target=10.0.0.2', '=priority=9')).toEqual(['value of priority out of range (1..8)']);
  });

  it('addresses get their network and are refused twice; scripts run by id or name; the log takes lines', async () => {
    const { client, router } = await startRouter(quiet);
    const { ret } = await client.talk('/ip/address/add', '=address=172.16.1.1/24', '=interface=ether1');
    expect((await client.talk('/ip/address/print', `?.id=${ret}`, '?address=172.16.1.1/24')).rows[0]).toMatchObject({ network: '172.16.1.0', 'actual-interface': 'ether1' });
    await client.talk('/ip/address/set', `=.id=${ret}`, '=address=172.16.2.9/29');
    expect(router.rows('/ip/address')[0]).toMatchObject({ network: '172.16.2.8' });
    expect(await refusal(client, '/ip/address/add', '=address=172.16.2.9/29', '=interface=ether1')).toEqual(['failure: already have such address']);
    expect(await refusal(client, '/ip/address/add', '=address=127.0.0.2/32', '=interface=xxx')).toEqual(['input does not match any value of interface']);
    const lease = ['/ip/dns/static/add', '=type=A', '=name=example.com', '=ttl=30', '=address=1.0.0.0'] as const;
    expect(await refusal(client, ...lease)).toEqual([]);
    expect(await refusal(client, ...lease)).toEqual(['failure: entry already exists']);
    await client.talk('/system/script/add', '=name=hello', '=source=:log info hello');
    await client.talk('/system/script/run', '=number=hello');
    expect(await refusal(client, '/system/script/run', '=numbers=hello')).toEqual(['unknown parameter numbers']);
    expect(await refusal(client, '/system/script/run')).toEqual(['missing =.id=']);
    expect(router.rows('/system/script')[0]).toMatchObject({ 'run-count': '1' });
    await client.talk('/log/warning', '=message=from a client');
    expect(router.rows('/log').at(-1)).toMatchObject({ topics: 'script,warning', message: 'from a client' });
  });

  it('counters start anew when reset', async () => {
    const clock = makeHandClock();
    const { client, router } = await startRouter({ clock, dialDelayMs: [1, 1] });
    await client.talk(...secret('ann'));
    clock.advance(60_000);
    const read = () => router.rows('/interface').find((row) => row.dynamic === 'true')!;
    expect(Number(read()['tx-byte'])).toBeGreaterThan(1_000_000);
    await client.talk('/interface/reset-counters', '=.id=<pppoe-ann>');
    expect(read()).toMatchObject({ 'tx-byte': '0', 'rx-packet': '0' });
    await client.talk('/queue/simple/reset-counters-all');
    expect(router.rows('/queue/simple')[0]!.bytes).toBe('0/0');
    clock.advance(1000);
    expect(Number(read()['tx-byte'])).toBeGreaterThan(0);
    const { rows } = await client.talk('/interface/monitor-traffic', '=interface=aggregate', '=once=');
    expect(rows).toHaveLength(1);
    expect(Number(rows[0]!['tx-bits-per-second'])).toBeGreaterThan(0);
  });
});

describe('health, clock and packages', () => {
  it('look as the release has them', async () => {
    const old = await startRouter({ version: '6.49.10' });
    expect((await old.client.talk('/system/health/print')).rows).toEqual([{ voltage: '24.1', temperature: '38' }]);
    expect((await old.client.talk('/system/clock/print')).rows[0]!.date).toMatch(/^[a-z]{3}\/\d\d\/\d{4}$/);
    expect((await old.client.talk('/system/resource/print')).rows[0]!['build-time']).toBe('Feb/24/2025 09:31:10');
    expect((await old.client.talk('/safe-mode/take')).traps).toHaveLength(2);
    const { client } = await startRouter({ version: '7.21' });
    expect((await client.talk('/system/health/print', '=.proplist=name,value')).rows).toEqual([{ name: 'voltage', value: '24.1' }, { name: 'temperature', value: '38' }]);
    expect((await client.talk('/system/clock/print')).rows[0]!.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await client.talk('/system/package/print')).rows).toMatchObject([{ name: 'routeros', version: '7.21' }]);
    expect((await client.talk('/interface/wireless/print')).traps.map(({ message }) => message)).toEqual(['no such command or directory (wireless)', 'no such command prefix']);
  });
});

describe('users and groups', () => {
  it('are made, log in with the rights of their group, and go', async () => {
    const { client, port, router } = await startRouter(quiet);
    await client.talk('/user/group/add', '=name=billing', '=policy=api,read,write');
    expect((await client.talk('/user/group/print', '?name=billing')).rows[0]!.policy).toMatch(/^read,write,api,!local,.*!policy/);
    await client.talk('/user/add', '=name=erp', '=password=secret', '=group=billing');
    const erp = await logIn(port, { name: 'erp', password: 'secret' });
    expect(await refusal(erp, ...secret('ann'))).toEqual([]);
    expect(await refusal(erp, '/tool/ping', '=address=192.0.2.1', '=count=1')).toEqual(['not enough permissions (9)']);
    expect(await refusal(erp, '/user/add', '=name=x', '=group=full')).toEqual(['not enough permissions (9)']);
    expect(await refusal(erp, '/system/reboot')).toEqual(['not enough permissions (9)']);
    expect((await erp.talk('/user/print', '?name=erp')).rows[0]).not.toHaveProperty('password');
    expect((await erp.talk('/user/active/print', '=.proplist=name,via,address')).rows).toContainEqual({ name: 'erp', via: 'api', address: '127.0.0.1' });
    expect(await refusal(client, '/user/group/remove', '=.id=billing')).toEqual(['failure: group has some users']);
    expect(await refusal(client, '/user/remove', '=.id=admin')).toEqual(['failure: can not remove the last user with full rights']);
    erp.close();
    await eventually(() => router.rows('/user/active').length === 1, 'the session gone');
    await client.talk('/user/set', '=.id=erp', '=address=10.0.0.0/8');
    const stranger = await openClient(port);
    expect(await refusal(stranger, '/login', '=name=erp', '=password=secret')).toEqual(['invalid user name or password (6)']);
    await client.talk('/user/set', '=.id=erp', '=address=', '=group=read');
    await client.talk('/user/group/set', '=.id=read', '=policy=read');
    expect(await refusal(stranger, '/login', '=name=erp', '=password=secret')).toEqual(['std failure: not allowed (9)']);
    stranger.close();
  });

  it('hidden passwords show to those who may see them, and by fault on any release', async () => {
    const { client, port, router } = await startRouter({ ...quiet, version: '7.21', seed: { ...SEED, '/user/group': [{ name: 'blind', policy: 'api,read' }] }, users: [{ name: 'admin', password: '' }, { name: 'eye', password: '', group: 'blind' }] });
    await client.talk(...secret('ann'));
    const eye = await logIn(port, { name: 'eye' });
    expect((await eye.talk('/ppp/secret/print')).rows[0]!.password).toBe('*****');
    expect(await refusal(eye, '/ppp/secret/print', '=show-sensitive=')).toEqual(['not enough permissions (9)']);
    eye.close();
    const old = await startRouter({ ...quiet, version: '7.16' });
    await old.client.talk(...secret('ann'));
    await old.router.faults.set({ maskPasswords: true });
    expect((await old.client.talk('/ppp/secret/print')).rows[0]!.password).toBe('*****');
    expect((await old.client.talk('/ppp/secret/print', '=show-sensitive=')).rows[0]!.password).toBe('pw');
    expect(router.rows('/ppp/secret')[0]!.password).toBe('pw');
  });

  it('sees its own connection in /ip/service from 7.20 on', async () => {
    const { client } = await startRouter({ version: '7.21' });
    expect((await client.talk('/ip/service/print', '?name=api', '?dynamic=true')).rows).toMatchObject([{ connection: 'true', remote: '127.0.0.1' }]);
    expect((await client.talk('/ip/service/print', '?name=api', '?dynamic=false')).rows).toHaveLength(1);
  });
});

describe('safe mode', () => {
  it('undoes what was changed when the session is lost, and keeps what was released', async () => {
    const { client, port, router } = await startRouter(quiet);
    await client.talk(...secret('ann', '=comment=old'));
    await client.talk(...secret('bob'));
    const other = await logIn(port);
    await other.talk('/safe-mode/take');
    expect(await refusal(client, '/safe-mode/take')).toHaveLength(1);
    await other.talk(...secret('cem'));
    await other.talk('/ppp/secret/set', '=.id=ann', '=comment=new', '=disabled=yes');
    await other.talk('/ppp/secret/remove', '=.id=bob');
    await client.talk(...secret('dan'));
    other.close();
    await eventually(() => router.connections() === 1, 'the session lost');
    expect(router.rows('/ppp/secret').map((row) => [row['.id'], row.name, row.comment, row.disabled]).toSorted()).toEqual([['*1', 'ann', 'old', 'false'], ['*2', 'bob', undefined, 'false'], ['*4', 'dan', undefined, 'false']]);
    await client.talk('/safe-mode/take');
    await client.talk('/ppp/secret/remove', '=.id=dan');
    await client.talk('/safe-mode/unroll');
    expect(router.rows('/ppp/secret')).toHaveLength(3);
    await client.talk('/safe-mode/take');
    await client.talk('/ppp/secret/remove', '=.id=dan');
    await client.talk('/safe-mode/release');
    client.close();
    await eventually(() => router.connections() === 0, 'the session gone');
    expect(router.rows('/ppp/secret')).toHaveLength(2);
  });
});
