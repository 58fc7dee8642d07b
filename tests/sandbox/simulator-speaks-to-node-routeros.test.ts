import { RouterOSAPI } from 'node-routeros';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRouterSimulator, type RouterSimulator } from '#sandbox/routeros/simulator.ts';
import { routerHabits, routerIdentity, routerSeed, routerUsers } from '#sandbox/fixtures/router-seed.ts';

/** An unmodified client that knows nothing of the simulator. 6.49 because node-routeros 1.6.9 does not survive `!empty`. */
describe('the unmodified node-routeros 1.6.9', () => {
  let router: RouterSimulator;
  let client: RouterOSAPI;

  beforeAll(async () => {
    router = makeRouterSimulator({
      port: 0, version: '6.49.10', identity: routerIdentity, users: routerUsers, seed: routerSeed, hangUpAfterMs: routerHabits, dialDelayMs: [5, 20],
    });
    const { port } = await router.start();
    client = new RouterOSAPI({ host: '127.0.0.1', port, user: 'admin', password: '', timeout: 10 });
    client.on('error', () => undefined);
    await client.connect();
  });

  afterAll(async () => {
    await client.close();
    await router.stop();
  });

  it('logs in, reads, writes and reads back', async () => {
    expect(await client.write('/system/identity/print')).toEqual([{ name: 'sandbox-router' }]);
    const [added] = (await client.write('/ppp/secret/add', ['=name=visitor', '=password=pw', '=service=pppoe', '=profile=demo-20m'])) as { ret: string }[];
    expect(added!.ret).toMatch(/^\*/);
    await client.write('/ppp/secret/set', [`=.id=${added!.ret}`, '=comment=hello']);
    expect(await client.write('/ppp/secret/print', ['?name=visitor'])).toMatchObject([{ name: 'visitor', profile: 'demo-20m', comment: 'hello', disabled: 'false' }]);
    await expect(client.write('/ppp/secret/add', ['=name=visitor'])).rejects.toThrow('failure: secret with the same name already exists');
  });

  it('streams /ppp/active while subscribers come and go', async () => {
    const seen: string[] = [];
    let wake = () => undefined as void;
    const stream = client.writeStream('/ppp/active/listen');
    stream.on('data', (row: Record<string, string>) => {
      seen.push(row['.dead'] ? 'down' : `up ${row.name}`);
      wake();
    });
    await client.write('/system/identity/print');
    await client.write('/ppp/secret/add', ['=name=streamed', '=password=pw', '=service=pppoe', '=profile=demo-20m']);
    const until = (look: () => boolean) =>
      new Promise<void>((resolve) => {
        wake = () => look() && resolve();
        wake();
      });
    await until(() => seen.includes('up streamed'));
    router.hangUp('streamed');
    await until(() => seen.includes('down'));
    await stream.stop();
    expect((await client.write('/ppp/active/print', ['?name=streamed'])).length).toBeLessThanOrEqual(1);
  });
});
