/** A bare API client for the simulator's own tests: what it sends and gets are sentences. */

import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { encodeSentence, makeDecoder, toBytes } from './codec.ts';

export interface Answer {
  rows: Record<string, string>[];
  traps: { message: string; category?: string }[];
  empty: boolean;
  ret: string | undefined;
  fatal: string | undefined;
}

export interface TestClient {
  readonly socket: Socket;
  /** Every sentence that came, in order. */
  readonly received: string[][];
  send(...words: string[]): void;
  /** Sends and collects everything up to the `!done` (or `!fatal`) of that tag. */
  talk(...words: string[]): Promise<Answer>;
  /** The first sentence, come or to come, that fits. */
  sentence(fits: (words: string[]) => boolean): Promise<string[]>;
  /** Resolves when the router closes the line. */
  closed: Promise<void>;
  close(): void;
}

/** `=a=b` words as a record. */
export function attributes(words: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const word of words) {
    if (!word.startsWith('=')) continue;
    const split = word.indexOf('=', 1);
    out[word.slice(1, split)] = word.slice(split + 1);
  }
  return out;
}

const DEADLINE_MS = 10_000;

export async function openClient(port: number, tls?: { ca: string }): Promise<TestClient> {
  const socket: Socket = tls ? connectTls({ port, host: '127.0.0.1', ca: tls.ca, servername: 'localhost' }) : connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once(tls ? 'secureConnect' : 'connect', () => resolve());
    socket.once('error', reject);
  });
  const decoder = makeDecoder({ maxWord: 2 ** 28, maxWords: 10_000 });
  const received: string[][] = [];
  const watchers = new Set<() => void>();
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  let over = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    received.push(...decoder.push(chunk));
    wake();
  });
  const closed = new Promise<void>((resolve) =>
    socket.on('close', () => {
      over = true;
      resolve();
      wake();
    }),
  );

  /** Waits until `look` gives something. */
  function until<Found>(look: () => Found | undefined, what: string): Promise<Found> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error(`waited in vain for ${what}; came: ${JSON.stringify(received.slice(-5))}`)), DEADLINE_MS);
      const finish = (error: Error | undefined, found?: Found) => {
        clearTimeout(timer);
        watchers.delete(check);
        if (error) reject(error);
        else resolve(found as Found);
      };
      const check = () => {
        const found = look();
        if (found !== undefined) finish(undefined, found);
        else if (over) finish(new Error(`the line closed before ${what}`));
      };
      watchers.add(check);
      check();
    });
  }

  return {
    socket,
    received,
    closed,
    send: (...words) => void socket.write(encodeSentence(words.map(toBytes))),
    async talk(...words) {
      const from = received.length;
      const tag = words.find((word) => word.startsWith('.tag='));
      const mine = (sentence: string[]) => sentence.find((word) => word.startsWith('.tag=')) === tag;
      socket.write(encodeSentence(words.map(toBytes)));
      const isEnd = (sentence: string[]) => sentence[0] === '!fatal' || (sentence[0] === '!done' && mine(sentence));
      const end = await until(() => {
        const index = received.findIndex((sentence, at) => at >= from && isEnd(sentence));
        return index < 0 ? undefined : index;
      }, `the end of ${words[0]}`);
      const answer = received.slice(from, end + 1).filter((sentence) => sentence[0] === '!fatal' || mine(sentence));
      const last = answer.at(-1)!;
      return {
        rows: answer.filter((sentence) => sentence[0] === '!re').map(attributes),
        traps: answer.filter((sentence) => sentence[0] === '!trap').map((sentence) => attributes(sentence) as { message: string; category?: string }),
        empty: answer.some((sentence) => sentence[0] === '!empty'),
        ret: attributes(last).ret,
        fatal: last[0] === '!fatal' ? last[1] : undefined,
      };
    },
    sentence: (fits) => until(() => received.find(fits), 'a sentence'),
    close: () => socket.destroy(),
  };
}

/** Connects and logs in as admin with an empty password, whichever way the release wants. */
export async function logIn(port: number, credentials: { name?: string; password?: string } = {}): Promise<TestClient> {
  const client = await openClient(port);
  const { name = 'admin', password = '' } = credentials;
  const first = await client.talk('/login', `=name=${name}`, `=password=${password}`);
  if (first.ret !== undefined) {
    await client.talk('/login', `=name=${name}`, `=response=${challengeResponse(password, first.ret)}`);
  }
  client.received.length = 0;
  return client;
}

/** The answer to a login challenge (`=ret=`, hex) of releases before 6.43. */
export function challengeResponse(password: string, challenge: string): string {
  const digest = createHash('md5').update(Buffer.concat([Buffer.from([0]), Buffer.from(password), Buffer.from(challenge, 'hex')])).digest('hex');
  return `00${digest}`;
}

/** Polls until `look` holds; fails after ten seconds. */
export async function eventually(look: () => boolean, what: string): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!look()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
