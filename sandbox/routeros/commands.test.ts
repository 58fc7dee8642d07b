import { describe, expect, it } from 'vitest';
import { startRouter, secret } from './test-router.ts';

describe('commands on menus', () => {
  it('add gives the id; print, get and find read the row back', async () => {
    const { client } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    const { ret } = await client.talk(...secret('ann', '=comment=a=b\nc', '=disabled=yes'));
    expect(ret).toMatch(/^\*[0-9A-F]+$/);
    const { rows } = await client.talk('/ppp/secret/print', '?name=ann');
    expect(rows).toEqual([
      {
        '.id': ret, name: 'ann', service: 'pppoe', 'caller-id': '', password: 'pw', profile: 'plan-a', routes: '', 'ipv6-routes': '',
        'limit-bytes-in': '0', 'limit-bytes-out': '0', 'last-logged-out': '1970-01-01 00:00:00', disabled: 'true', comment: 'a=b\nc',
      },
    ]);
    expect((await client.talk('/ppp/secret/get', `=.id=${ret}`, '=value-name=profile')).ret).toBe('plan-a');
    expect((await client.talk('/ppp/secret/find')).ret).toBe(ret);
    expect((await client.talk('/ppp/secret/print', '=count-only=')).ret).toBe('1');
    expect((await client.talk('/ppp/secret/print', '=.proplist=name,nothing')).rows).toEqual([{ name: 'ann' }]);
    expect((await client.talk('/ppp/secret/getall', '=.proplist=nothing')).rows).toEqual([{}]);
  });

  it('finds one row by key or id among other conditions, and by none that is not there', async () => {
    const { client } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    for (const name of ['ann', 'bob', 'a=b']) await client.talk(...secret(name));
    const names = async (...queries: string[]) => (await client.talk('/ppp/secret/print', '=.proplist=name', ...queries)).rows.map((row) => row.name);
    expect(await names('?name=ann')).toEqual(['ann']);
    expect(await names('?=name=a=b')).toEqual(['a=b']);
    expect(await names('?.id=*2')).toEqual(['bob']);
    expect(await names('?name=ann', '?disabled=yes')).toEqual([]);
    expect(await names('?name=ann', '?name=bob')).toEqual([]);
    expect(await names('?name=ann', '?name=bob', '?#|')).toEqual(['ann', 'bob']);
    // In the order of the table, each once.
    expect(await names('?name=a=b', '?name=ann', '?#|', '?name=nobody', '?#|', '?.id=*1', '?#|')).toEqual(['ann', 'a=b']);
    expect(await names('?name=bob', '?name=ann', '?#|', '?disabled=yes')).toEqual([]);
    expect(await names('?name=ann', '?#!')).toEqual(['bob', 'a=b']);
    expect(await names('?name=nobody')).toEqual([]);
    expect(await names('?>name=ann')).toEqual(['bob']);
    expect(await names('?-name')).toEqual([]);
  });

  it('takes names and lists for ids, and unsets with =!x= and unset', async () => {
    const { client, router } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    const first = (await client.talk(...secret('ann', '=comment=x', '=remote-address=pool-a'))).ret;
    const second = (await client.talk(...secret('bob', '=comment=y', '=remote-address=10.9.9.9'))).ret;
    await client.talk('/ppp/secret/set', `=.id=${first},${second}`, '=limit-bytes-in=7');
    await client.talk('/ppp/secret/set', '=.id=ann', '=!comment=', '=!remote-address=');
    await client.talk('/ppp/secret/unset', '=numbers=bob', '=value-name=remote-address');
    await client.talk('/ppp/secret/disable', `=.id=${first},bob`);
    const rows = router.rows('/ppp/secret');
    expect(rows.map((row) => [row['limit-bytes-in'], row.comment, row['remote-address'], row.disabled])).toEqual([
      ['7', undefined, undefined, 'true'],
      ['7', 'y', undefined, 'true'],
    ]);
    await client.talk('/ppp/secret/enable', '=.id=bob');
    await client.talk('/ppp/secret/remove', `=.id=${first},bob`);
    expect(router.rows('/ppp/secret')).toEqual([]);
  });

  it('refuses in RouterOS’ words and categories', async () => {
    const { client } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    await client.talk(...secret('ann'));
    const refusal = async (...words: string[]) => (await client.talk(...words)).traps;
    expect(await refusal(...secret('ann'))).toEqual([{ message: 'failure: secret with the same name already exists' }]);
    expect(await refusal('/ppp/secret/add', '=name=x', '=profile=gone')).toEqual([{ category: '1', message: 'input does not match any value of profile' }]);
    expect(await refusal('/ppp/profile/add', '=name=x', '=remote-address=no-pool')).toEqual([{ category: '1', message: 'input does not match any value of pool' }]);
    expect(await refusal('/ppp/secret/add', '=name=x', '=service=fax')).toEqual([{ category: '1', message: 'input does not match any value of service' }]);
    expect(await refusal('/ppp/secret/add', '=name=x', '=colour=red')).toEqual([{ message: 'unknown parameter colour' }]);
    expect(await refusal('/ppp/secret/set', '=.id=ann', '=last-logged-out=now')).toEqual([{ message: 'unknown parameter last-logged-out' }]);
    expect(await refusal('/ppp/secret/add', '=password=x')).toEqual([{ category: '0', message: 'missing =name=' }]);
    expect(await refusal('/ppp/secret/set', '=.id=*77', '=comment=x')).toEqual([{ category: '0', message: 'no such item' }]);
    expect(await refusal('/ppp/secret/remove', '=.id=ann,*77')).toEqual([{ category: '0', message: 'no such item' }]);
    expect(await refusal('/ppp/profile/remove', '=.id=default')).toEqual([{ message: 'failure: can not remove default profile' }]);
    expect(await refusal('/ip/pool/add', '=name=pool-a', '=ranges=10.1.1.1')).toEqual([{ message: 'failure: already have such name' }]);
    expect(await refusal('/ip/pool/add', '=name=p', '=ranges=ten')).toEqual([{ category: '1', message: 'value of range expects range of ip addresses' }]);
    expect(await refusal('/queue/simple/add', '=name=q', '=target=10.0.0.1', '=max-limit=1M/1M', '=limit-at=2M/1M')).toEqual([
      { message: 'failure: upload-max-limit less than upload-limit' },
    ]);
    expect(await refusal('/nowhere/print')).toEqual([
      { category: '0', message: 'no such command or directory (nowhere)' },
      { message: 'no such command prefix' },
    ]);
    expect(await refusal('/ppp/secret/dance')).toEqual([{ category: '0', message: 'no such command or directory (dance)' }, { message: 'no such command' }]);
    expect(await refusal('/system/resource/listen')).toEqual([{ message: 'unknown parameter follow-only' }]);
    expect(await refusal('/ppp/active/add', '=name=x')).toHaveLength(2);
  });

  it('keeps references by id: a rename is followed, a removal shows', async () => {
    const { client, router } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    await client.talk(...secret('ann'));
    await client.talk('/ppp/profile/set', '=.id=plan-a', '=name=plan-b');
    await client.talk('/ip/pool/set', '=.id=pool-a', '=name=pool-b');
    expect(router.rows('/ppp/secret')[0]).toMatchObject({ profile: 'plan-b' });
    expect(router.rows('/ppp/profile')[2]).toMatchObject({ name: 'plan-b', 'remote-address': 'pool-b' });
    const id = router.rows('/ppp/profile')[2]!['.id'];
    await client.talk('/ppp/profile/remove', '=.id=plan-b');
    expect(router.rows('/ppp/secret')[0]).toMatchObject({ profile: id });
  });

  it('orders queues with place-before and move, and gives numbers in bits', async () => {
    const { client, router } = await startRouter();
    await client.talk('/queue/simple/add', '=name=one', '=target=10.0.0.1', '=max-limit=10M/20M');
    await client.talk('/queue/simple/add', '=name=two', '=target=10.0.0.2', '=place-before=one');
    await client.talk('/queue/simple/add', '=name=three', '=target=10.0.0.3/24');
    const names = () => router.rows('/queue/simple').map((row) => row.name);
    expect(names()).toEqual(['two', 'one', 'three']);
    expect(router.rows('/queue/simple')[1]).toMatchObject({ target: '10.0.0.1/32', 'max-limit': '10000000/20000000' });
    await client.talk('/queue/simple/move', '=.id=three', '=destination=two');
    expect(names()).toEqual(['three', 'two', 'one']);
  });

  it('says !empty from 7.18 on and not before, for prints that find nothing only', async () => {
    const { client } = await startRouter();
    expect((await client.talk('/ppp/active/print', '.tag=a')).empty).toBe(true);
    expect((await client.talk('/ppp/secret/add', '=name=x', '=service=l2tp')).empty).toBe(false);
    expect((await client.talk('/ppp/secret/set', '=.id=x', '=comment=c')).empty).toBe(false);
    expect((await client.talk('/ppp/secret/print', '=count-only=', '?name=y')).empty).toBe(false);
    const old = await startRouter({ version: '7.16' });
    expect((await old.client.talk('/ppp/active/print')).empty).toBe(false);
  });

  it('hides passwords from 7.21 on unless asked', async () => {
    const { client } = await startRouter({ version: '7.21' });
    await client.talk(...secret('ann'));
    expect((await client.talk('/ppp/secret/print')).rows[0]!.password).not.toBe('pw');
    expect((await client.talk('/ppp/secret/print', '=show-sensitive=')).rows[0]!.password).toBe('pw');
    const old = await startRouter({ version: '7.18' });
    expect((await old.client.talk('/ppp/secret/print', '=show-sensitive=')).traps).toEqual([{ message: 'unknown parameter show-sensitive' }]);
  });

  it('writes dates as the release does', async () => {
    const at = Date.UTC(2026, 9, 2, 17, 35, 45);
    const clock = { now: () => at, after: () => () => undefined };
    const { client } = await startRouter({ version: '6.49.10', clock });
    expect((await client.talk('/log/print')).rows[0]).toMatchObject({ time: 'oct/02 17:35:45' });
    const newer = await startRouter({ version: '7.18', clock });
    expect((await newer.client.talk('/log/print')).rows[0]).toMatchObject({ time: '2026-10-02 17:35:45' });
  });

  it('answers pipelined commands in order, each with its tag', async () => {
    const { client } = await startRouter();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => client.talk('/ppp/profile/print', '=.proplist=name', `.tag=${index}`)));
    expect(answers.every((answer) => answer.rows.length === 3)).toBe(true);
    expect(client.received[0]).toEqual(['!re', '.tag=0', '=name=default']);
  });

  it('puts the tag last when told to', async () => {
    const { client } = await startRouter({ tagPosition: 'last' });
    await client.talk('/system/identity/print', '.tag=7');
    expect(client.received[0]).toEqual(['!re', '=name=test-router', '.tag=7']);
  });

  it('describes itself', async () => {
    const { client } = await startRouter({ version: '6.49.10' });
    expect((await client.talk('/system/resource/print')).rows[0]).toMatchObject({ version: '6.49.10 (long-term)', platform: 'MikroTik' });
    await client.talk('/system/identity/set', '=name=edge-1');
    expect((await client.talk('/system/identity/get', '=value-name=name')).ret).toBe('edge-1');
  });

  it('refuses a seed that makes no sense, naming the row', async () => {
    await expect(startRouter({ seed: { '/ppp/secret': [{ name: 'x', profile: 'none' }] } })).rejects.toThrow('seed /ppp/secret x: input does not match any value of profile');
  });
});
