import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '#kernel/logs.ts';
import { makePeerClient } from './peer-client.ts';

it('is given up while it waits for its token: it calls nobody any more', async () => {
  let called = 0;
  const server = createServer((socket) => {
    called += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { promise, resolve } = Promise.withResolvers<string>();
  const client = makePeerClient({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, token: () => promise, log: silentLogger, onFrame: () => undefined, onLost: () => undefined });
  client.stop();
  resolve('a-token');
  for (let turns = 0; turns < 10; turns += 1) await turn();
  expect(called).toBe(0);
  expect(client.connected).toBe(false);
});
