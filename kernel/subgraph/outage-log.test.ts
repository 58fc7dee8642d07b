import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { silentLogger, type Logger } from '#kernel/logs.ts';
import { makeOutageLog } from './outage-log.ts';
import { remoteSubgraph } from './remote.ts';

function listening(): { lines: Array<[level: string, fields: object, message: string]>; log: Logger } {
  const lines: Array<[string, object, string]> = [];
  const note = (level: string) => (fields: object, message = '') => void lines.push([level, fields, message]);
  const log: Logger = { ...silentLogger, info: note('info'), warn: note('warn'), child: () => log };
  return { lines, log };
}

describe('a peer that is out of reach', () => {
  it('is told of at once, then every ten seconds with a count, and once when it is back', () => {
    const { lines, log } = listening();
    let time = 0;
    const outage = makeOutageLog({ log, peer: 'the subgraph ops', now: () => time });
    outage.reached();
    for (; time < 25_000; time += 500) outage.unreachable({}, 'Cannot reach the subgraph ops.');
    expect(lines).toEqual([0, 20, 20].map((_, at) => ['warn', { times: at === 0 ? 1 : 20 }, 'Cannot reach the subgraph ops.']));
    outage.reached();
    outage.reached();
    expect(lines.slice(3)).toEqual([['info', { seconds: 25 }, 'The subgraph ops is reached again.']]);
    outage.unreachable({}, 'Cannot reach the subgraph ops.');
    expect(lines.slice(4)).toEqual([['warn', { times: 1 }, 'Cannot reach the subgraph ops.']]);
  });

  it('fails each of its requests all the same, and answers the first that reaches it', async () => {
    const server = createServer((_request, response) => response.end('{"data":{"ok":true}}'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { lines, log } = listening();
    const subgraph = remoteSubgraph({ name: 'ops', url: `http://127.0.0.1:${port}/graphql`, tokens: { signInternal: async () => 'token' }, log });
    onTestFinished(async () => {
      await subgraph.stop();
      server.close();
    });
    const ask = () => subgraph.execute({ query: '{ ok }', principal: makePrincipal({ kind: 'anonymous' }), requestId: 'r' });
    for (let asked = 0; asked < 5; asked += 1) await expect(ask()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'Cannot reach the subgraph ops.' });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect(await ask()).toEqual({ data: { ok: true } });
    expect(lines.map(([level, , message]) => [level, message])).toEqual([['warn', 'Cannot reach the subgraph ops.'], ['info', 'The subgraph ops is reached again.']]);
  });
});
