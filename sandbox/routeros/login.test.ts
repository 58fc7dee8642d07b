import { describe, expect, it } from 'vitest';
import { challengeResponse, openClient } from './test-client.ts';
import { startRouter } from './test-router.ts';

const users = [{ name: 'ops', password: 'sécret' }, { name: 'admin', password: '' }];

describe('login', () => {
  it('takes name and password in one sentence from 6.43 on', async () => {
    const { port } = await startRouter({ users });
    const client = await openClient(port);
    expect(await client.talk('/login', '=name=ops', '=password=sécret')).toMatchObject({ traps: [], ret: undefined });
    expect((await client.talk('/system/identity/print')).rows).toEqual([{ name: 'test-router' }]);
    client.close();
  });

  it('refuses a wrong password with the release’s words and no category, and lets the client try again', async () => {
    for (const [version, message] of [['7.18', 'invalid user name or password (6)'], ['6.49.10', 'invalid user name or password (6)']] as const) {
      const { port } = await startRouter({ version });
      const client = await openClient(port);
      expect((await client.talk('/login', '=name=admin', '=password=x')).traps).toEqual([{ message }]);
      expect((await client.talk('/login', '=name=admin', '=password=')).traps).toEqual([]);
      client.close();
    }
  });

  it('asks for an MD5 response before 6.43', async () => {
    const { port } = await startRouter({ version: '6.42.12', users });
    const client = await openClient(port);
    const { ret } = await client.talk('/login', '=name=ops', '=password=ignored');
    expect(ret).toMatch(/^[0-9a-f]{32}$/);
    expect((await client.talk('/login', '=name=ops', `=response=${challengeResponse('wrong', ret!)}`)).traps).toEqual([{ message: 'cannot log in' }]);
    // A challenge is good once.
    expect((await client.talk('/login', '=name=ops', `=response=${challengeResponse('sécret', ret!)}`)).traps).toHaveLength(1);
    const second = await client.talk('/login');
    expect((await client.talk('/login', '=name=ops', `=response=${challengeResponse('sécret', second.ret!)}`)).traps).toEqual([]);
    expect((await client.talk('/ppp/active/print')).fatal).toBeUndefined();
    client.close();
  });

  it('between 6.43 and 6.49 hands out a challenge and refuses its answer', async () => {
    const { port } = await startRouter({ version: '6.49.10' });
    const client = await openClient(port);
    const { ret } = await client.talk('/login');
    expect((await client.talk('/login', '=name=admin', `=response=${challengeResponse('', ret!)}`)).traps).toEqual([{ message: 'invalid user name or password (6)' }]);
    client.close();
  });

  it('ends the line when a command comes before the login', async () => {
    const { port } = await startRouter();
    const client = await openClient(port);
    expect((await client.talk('/ppp/secret/print', '.tag=1')).fatal).toBe('not logged in');
    await client.closed;
  });

  it('says goodbye on /quit', async () => {
    const { client } = await startRouter();
    expect((await client.talk('/quit')).fatal).toBe('session terminated on request');
    await client.closed;
  });

  it('closes on a control byte', async () => {
    const { client } = await startRouter();
    client.socket.write(Buffer.from([0xf8]));
    await client.closed;
    expect(client.received).toEqual([]);
  });

  it('lets a reader read and no more', async () => {
    const { port } = await startRouter();
    const client = await openClient(port);
    await client.talk('/login', '=name=watcher', '=password=look');
    expect((await client.talk('/ppp/profile/print')).rows).toHaveLength(3);
    expect((await client.talk('/ppp/secret/add', '=name=x')).traps).toEqual([{ message: 'not enough permissions (9)' }]);
    client.close();
  });
});
