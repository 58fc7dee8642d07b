import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeLength, encodeSentence, makeDecoder, ProtocolError } from './codec.ts';
import { MENUS } from './menus/index.ts';
import { eventually, logIn, openClient } from './test-client.ts';
import { makeHandClock, secret, startRouter } from './test-router.ts';

/** Sends bytes, takes whatever comes, and tells when the router has closed the line. */
async function stranger(port: number, ...chunks: (Buffer | string)[]): Promise<{ socket: Socket; closed: Promise<void> }> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => {
    socket.once('connect', () => resolve());
    socket.once('close', () => resolve());
  });
  for (const chunk of chunks) socket.write(chunk);
  return { socket, closed };
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const ordinary = fc.string({ maxLength: 20, unit: 'binary' });
const property = fc.constantFrom('name', '.id', 'numbers', 'profile', 'comment', 'disabled', 'target', 'max-limit', 'ranges', 'address', 'interface', 'place-before', 'copy-from', 'destination', 'value-name', 'from', '.proplist', 'count-only', 'detail', '__proto__', 'constructor', '!comment', '');
const value = fc.oneof(ordinary, fc.constantFrom('*1', '*zz', '*FFFFFFFFFFFFFFFFFFFFFFFF', 'ann', 'plan-a', 'pool-a', 'ether1', '', 'yes', '10.0.0.1', '10M/10M', '-1', '9'.repeat(400), ',,,', '__proto__', 'toString'));
const word = fc.oneof(
  fc.tuple(property, value).map(([name, text]) => `=${name}=${text}`),
  fc.tuple(fc.constantFrom('?', '?=', '?<', '?>', '?-', '?#', '?#!', '?#0|'), property, value).map(([mark, name, text]) => `${mark}${name}=${text}`),
  fc.constantFrom('?#|', '?#&!', '?#9', '?#99999999999999999999', '?', '=', '==', '=a', '.tag', 'word'),
  ordinary.filter((text) => text !== '' && !text.startsWith('.tag')),
);
const path = fc.oneof(
  fc.tuple(
    fc.constantFrom(...MENUS.map((menu) => menu.path)),
    fc.constantFrom('print', 'getall', 'get', 'find', 'add', 'set', 'unset', 'remove', 'enable', 'disable', 'comment', 'move', 'reset-counters', 'hasOwnProperty', '__proto__', ''),
  ).map(([menu, command]) => `${menu}/${command}`),
  ordinary.filter((text) => text !== '').map((text) => `/${text}`),
);

describe('hostile input', () => {
  it('any bytes: the decoder gives sentences or a protocol error, nothing else', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 20 }), (chunks) => {
        const decoder = makeDecoder({ maxWord: 1000, maxWords: 50, maxSentence: 2000 });
        const sizes: number[] = [];
        try {
          for (const chunk of chunks) sizes.push(...decoder.push(chunk).map((words) => words.length));
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
        expect(sizes.filter((size) => size < 1 || size > 50)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('any bytes from a stranger, whole or in pieces: others are served on', async () => {
    const { client, port, router } = await startRouter();
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 4 }), fc.boolean(), async (chunks, reset) => {
        const { socket, closed } = await stranger(port, ...chunks);
        if (reset) socket.resetAndDestroy();
        else socket.end();
        await closed;
        expect((await client.talk('/system/identity/print')).rows).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
    await eventually(() => router.connections() === 1, 'the strangers gone');
  }, 60_000);

  it('any sentence of a user is answered with one done, whatever it says', async () => {
    const { client, router } = await startRouter({ dialDelayMs: [1, 5] });
    await client.talk(...secret('ann'));
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, fc.array(word, { maxLength: 6 })), { minLength: 1, maxLength: 10 }), async (commands) => {
        client.received.length = 0;
        for (const [command, words] of commands) {
          asked += 1;
          const tag = `.tag=${asked}`;
          client.socket.write(encodeSentence([command, ...words, tag]));
          await client.sentence((sentence) => sentence[0] === '!done' && sentence.includes(tag));
        }
        expect(client.received.filter((sentence) => sentence[0] === '!done')).toHaveLength(commands.length);
      }),
      { numRuns: 150 },
    );
    expect((await client.talk('/system/identity/print')).rows).toHaveLength(1);
    expect(router.connections()).toBe(1);
  }, 60_000);

  it('names that every object knows are names like others', async () => {
    const { client, router } = await startRouter();
    for (const name of ['__proto__', 'constructor', 'toString', '*1', '?x']) expect((await client.talk(...secret(name))).traps, name).toEqual([]);
    await eventually(() => router.sessionCount() === 5, 'everybody online');
    expect((await client.talk('/ppp/secret/print', '?constructor')).rows).toEqual([]);
    expect((await client.talk('/ppp/secret/get', '=.id=constructor', '=value-name=constructor')).traps).toHaveLength(1);
    expect((await client.talk('/ppp/active/print', '?name=__proto__')).rows).toHaveLength(1);
  });

  it('lengths nobody means end the line before a byte of them has come', async () => {
    const { port, router } = await startRouter();
    for (const head of [encodeLength(2 ** 28), encodeLength(2 ** 31), encodeLength(70_000), Buffer.from([0xf8]), Buffer.from([0xff, 0xff])]) await (await stranger(port, head)).closed;
    const words = Array.from({ length: 63 }, () => 'x'.repeat(60_000));
    await (await stranger(port, encodeSentence(words))).closed;
    const user = await logIn(port);
    // Seventeen megabytes in one sentence, every word of them allowed.
    for (let part = 0; part < 17; part += 1) user.socket.write(Buffer.concat([encodeLength(2 ** 20), Buffer.alloc(2 ** 20, 0x61)]));
    await user.closed;
    await eventually(() => router.connections() === 1, 'only the first client');
    expect(router.rows('/user/active')).toHaveLength(1);
  });

  it('half a sentence is waited for, but not from a stranger for ever', async () => {
    const clock = makeHandClock();
    const { client, port, router } = await startRouter({ clock });
    const halves = await Promise.all(Array.from({ length: 10 }, () => stranger(port, encodeSentence(['/login', '=name=admin']).subarray(0, 9))));
    client.socket.write(encodeSentence(['/system/identity/print', '.tag=half']).subarray(0, 12));
    await eventually(() => router.connections() === 11, 'all connected');
    clock.advance(61_000);
    await Promise.all(halves.map(({ closed }) => closed));
    await eventually(() => router.connections() === 1, 'the strangers gone');
    client.socket.write(encodeSentence(['/system/identity/print', '.tag=half']).subarray(12));
    expect(await client.sentence((words) => words.includes('.tag=half'))).toEqual(['!re', '.tag=half', '=name=test-router']);
  });

  it.each([['7.18', 20], ['6.49.10', 1000]] as const)('thousands of connections: %s takes %i, refuses the rest, and forgets all of them', async (version, most) => {
    const { client, port, router } = await startRouter({ version });
    const sockets: Socket[] = [];
    const refused: Promise<void>[] = [];
    for (let batch = 0; batch < 15; batch += 1) {
      const opened = await Promise.all(Array.from({ length: 200 }, () => stranger(port)));
      sockets.push(...opened.map(({ socket }) => socket));
      refused.push(...opened.map(({ closed }) => closed));
    }
    expect(router.connections()).toBe(most);
    expect((await client.talk('/system/identity/print')).rows).toHaveLength(1);
    for (const socket of sockets) socket.destroy();
    await Promise.all(refused);
    await eventually(() => router.connections() === 1, 'everybody gone');
    expect(router.rows('/user/active')).toHaveLength(1);
    const again = await openClient(port);
    again.close();
  }, 60_000);

  it('commands that go on are limited, and end with their client', async () => {
    const { client, port, router } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    const greedy = await logIn(port);
    for (let tag = 0; tag < 1001; tag += 1) greedy.send('/ppp/secret/listen', `.tag=${tag}`);
    await greedy.sentence((words) => words[0] === '!trap' && words.includes('.tag=1000'));
    greedy.close();
    await eventually(() => router.connections() === 1, 'the client gone');
    expect((await client.talk(...secret('ann'))).traps).toEqual([]);
  });

  it('a repeated print ends when what it asked for is gone', async () => {
    const { client } = await startRouter({ dialDelayMs: [60_000, 60_000] });
    await client.talk(...secret('ann'));
    client.send('/ppp/secret/print', '=.id=ann', '=interval=200ms', '.tag=I');
    await client.sentence((words) => words.includes('.tag=I'));
    await client.talk('/ppp/secret/remove', '=.id=ann', '.tag=R');
    expect(await client.sentence((words) => words[0] === '!trap')).toContain('=message=no such item');
    await client.sentence((words) => words[0] === '!done' && words.includes('.tag=I'));
  });
});
