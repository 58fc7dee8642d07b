/** One API client: its login, its commands in order, what it left running, its answers. */

import type { Socket } from 'node:net';
import { execute, parseSentence } from './commands.ts';
import { makeDecoder, ProtocolError } from './codec.ts';
import type { Cut, Faults } from './faults.ts';
import { makeLogin } from './login.ts';
import type { Attributes, Outcome, Policies, Sink, World } from './menus/menu.ts';
import { HIGH_WATER, makeOutbox } from './outbox.ts';
import { formatMoment, listsConnections, saysEmpty } from './release.ts';
import type { SafeMode } from './safe-mode.ts';
import type { Row } from './table.ts';
import { failure, interrupted, notPermitted, Trap, type TrapReply } from './traps.ts';

export interface ConnectionOptions {
  socket: Socket;
  world: World;
  faults: Faults;
  safeMode: SafeMode;
  /** `api` or `api-ssl`, for the log. */
  service: string;
  /** Where `.tag` stands in an answer: second word (today), or last (very old releases). */
  tagPosition: 'second' | 'last';
  /** A client with more unread bytes than this is dropped. */
  maxPendingBytes: number;
  onClose: () => void;
}

export interface Connection {
  readonly user: string | undefined;
  close(): void;
}

interface Job {
  path: string;
  attributes: Map<string, string>;
  queries: string[];
  tag: string;
  /** Not before this moment (latency, rate clamp). */
  due: number;
  bytes: number;
}

/** A command that goes on: listen, follow, interval, monitor, ping. */
interface Running {
  tag: string;
  stop: () => void;
}

/** More waiting commands than this: the client is not read until some are done. */
const MAX_JOBS = 1000;
/** More commands of one client that go on (listen, ping …) than this are refused. */
const MAX_RUNNING = 1000;
/** How long a client has to take leave after `!fatal`. */
const GOODBYE_MS = 2000;
/** Rows of a print made in one go. */
const TURN_ROWS = 256;
/** A client that has not logged in by then is dropped. */
const LOGIN_MS = 60_000;
/** What an unknown client may say at once, and one that has logged in. */
const STRANGER = { maxWord: 64 * 1024, maxWords: 64, maxSentence: 128 * 1024 };
const USER = { maxWord: 16 * 1024 * 1024, maxWords: 4096, maxSentence: 16 * 1024 * 1024 };
/** More bytes in waiting commands than this: the client is not read until some are done. */
const MAX_JOB_BYTES = 32 * 1024 * 1024;

export function makeConnection(options: ConnectionOptions): Connection {
  const { socket, world, faults } = options;
  const remote = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  const login = makeLogin(world, remote);
  let session: { user: string; policies: Policies } | undefined;
  /** This session in /user/active and (from 7.20) /ip/service. */
  let seen: [table: string, row: Row][] = [];
  const decoder = makeDecoder(STRANGER);
  const jobs: Job[] = [];
  let jobBytes = 0;
  const stopWaiting = world.after(LOGIN_MS, () => {
    if (!session) socket.destroy();
  });
  const running = new Set<Running>();
  /** The print whose rows are leaving now. */
  let showing: { tag: string; cut: boolean } | undefined;
  let working = false;
  /** Stands for this session where safe mode asks whose it is. */
  const safeKey = {};
  let closed = false;
  const isClosed = () => closed;

  const outbox = makeOutbox({
    socket,
    faults,
    counted: () => session !== undefined,
    maxPending: options.maxPendingBytes,
    onOverflow: () => {
      world.log('system,error', `${options.service}: ${remote} does not read, connection dropped`);
      socket.destroy();
    },
  });

  function sentence(word: string, tag: string, attributes: Attributes = {}): string[] {
    const words = [word];
    if (tag !== '' && options.tagPosition === 'second') words.push(`.tag=${tag}`);
    for (const name in attributes) words.push(`=${name}=${attributes[name]}`);
    if (tag !== '' && options.tagPosition === 'last') words.push(`.tag=${tag}`);
    return words;
  }
  const reply = (word: string, tag: string, attributes?: Attributes) => outbox.write(sentence(word, tag, attributes));
  const trap = (tag: string, { message, category }: TrapReply) =>
    reply('!trap', tag, { ...(category === undefined ? {} : { category: String(category) }), message });
  function refuse(tag: string, error: unknown): void {
    const replies = error instanceof Trap ? error.replies : [{ message: failure(error instanceof Error ? error.message : String(error)).message }];
    for (const one of replies) trap(tag, one);
    reply('!done', tag);
  }
  function fatal(reason: string): void {
    outbox.write(['!fatal', reason]);
    jobs.length = 0;
    stopRunning();
    outbox.end();
    closed = true;
    // A client that never closes its side does not keep the session.
    socket.once('close', world.after(GOODBYE_MS, () => socket.destroy()));
  }
  function stopRunning(): void {
    for (const one of running) one.stop();
    running.clear();
  }

  /** Starts the endless part of a command; what it delivers before `open` waits. */
  function start({ tag, path }: Job, stream: NonNullable<Outcome['stream']>): { open(): void; one: Running } {
    let waiting: (() => void)[] | undefined = [];
    let live = true;
    const isTable = /\/(listen|print|getall)$/.test(path);
    const one: Running = { tag, stop: () => undefined };
    const deliver = (act: () => void) => {
      if (!live) return;
      if (waiting) waiting.push(act);
      else act();
    };
    const sink: Sink = {
      row: (attributes) => {
        if (!(faults.active.loseEvents && isTable)) deliver(() => reply('!re', tag, attributes));
      },
      end: (error) =>
        deliver(() => {
          live = false;
          running.delete(one);
          if (error === undefined) reply('!done', tag);
          else refuse(tag, error);
        }),
    };
    running.add(one);
    const stop = stream(sink);
    one.stop = () => {
      live = false;
      stop();
    };
    return {
      one,
      open() {
        const acts = waiting ?? [];
        waiting = undefined;
        for (const act of acts) if (live) act();
      },
    };
  }

  /** Sends the rows of a print; false when it was cancelled on the way. */
  async function show(tag: string, rows: Iterable<Attributes>): Promise<number | undefined> {
    const state = { tag, cut: false };
    showing = state;
    let count = 0;
    try {
      for (const row of rows) {
        reply('!re', tag, row);
        count += 1;
        if (outbox.pending > HIGH_WATER) await outbox.drained();
        // A long table lets other clients, and this one's cancel, have their turn.
        else if (count % TURN_ROWS === 0) await new Promise((resolve) => setImmediate(resolve));
        if (closed) return undefined;
        if (state.cut) {
          // The cancel that waits behind answers for it.
          running.add({ tag, stop: () => undefined });
          return undefined;
        }
      }
    } finally {
      showing = undefined;
    }
    return count;
  }

  async function answer(job: Job, outcome: Outcome): Promise<void> {
    const { tag } = job;
    if (outcome.stream && running.size >= MAX_RUNNING) throw failure('too many commands are running');
    const stream = outcome.stream === undefined ? undefined : start(job, outcome.stream);
    if (outcome.rows) {
      const count = await show(tag, outcome.rows);
      if (count === undefined) {
        if (stream) {
          running.delete(stream.one);
          stream.one.stop();
        }
        return;
      }
      if (count === 0 && outcome.print && saysEmpty(world.release)) reply('!empty', tag);
    }
    if (stream) stream.open();
    else reply('!done', tag, outcome.ret === undefined ? {} : { ret: outcome.ret });
  }

  function cancel(job: Job): void {
    const wanted = job.attributes.get('tag');
    const ended = [...running].filter((one) => wanted === undefined || one.tag === wanted);
    for (const one of ended) {
      one.stop();
      running.delete(one);
      trap(one.tag, interrupted());
    }
    reply('!done', job.tag);
    for (const one of ended) reply('!done', one.tag);
  }

  function leave(): void {
    for (const [table, row] of seen) world.table(table).remove(row);
    seen = [];
  }
  function enter(name: string, group: string): void {
    leave();
    const put = (table: string, values: Attributes) => seen.push([table, world.table(table).add(values, { dynamic: true })]);
    put('/user/active', { when: formatMoment(world.release, world.now()), name, address: remote, via: options.service === 'api' ? 'api' : 'api-ssl', group });
    if (listsConnections(world.release)) {
      put('/ip/service', { name: options.service, port: String(socket.localPort ?? ''), dynamic: 'true', connection: 'true', local: socket.localAddress ?? '', remote, disabled: 'false' });
    }
  }

  function logIn(job: Job): void {
    if (faults.active.refuseLogin) {
      world.log('system,error,critical', `login failure for user ${job.attributes.get('name') ?? ''} from ${remote} via ${options.service}`);
      refuse(job.tag, new Trap({ message: world.release.atLeast(6, 43) ? 'invalid user name or password (6)' : 'cannot log in' }));
      return;
    }
    try {
      const result = login(job.attributes);
      if ('challenge' in result) {
        reply('!done', job.tag, { ret: result.challenge });
        return;
      }
      session = result;
      decoder.relax(USER);
      enter(result.user, result.group);
      world.log('system,info,account', `user ${result.user} logged in from ${remote} via ${options.service}`);
      reply('!done', job.tag);
    } catch (error) {
      world.log('system,error,critical', `login failure for user ${job.attributes.get('name') ?? ''} from ${remote} via ${options.service}`);
      refuse(job.tag, error);
    }
  }

  /** The line goes in the middle of a command. */
  function cutLine(cut: Cut, job: Job, outcome: Outcome): void {
    if (cut.when === 'silent') return;
    const first = outcome.rows ? [...outcome.rows][0] : undefined;
    const half = first ? sentence('!re', job.tag, first) : sentence('!done', job.tag, outcome.ret === undefined ? {} : { ret: outcome.ret });
    if (cut.when === 'mid-reply') outbox.writeHalf(half);
    else socket.destroy();
  }

  async function handle(job: Job): Promise<void> {
    if (job.path === '/login') return logIn(job);
    if (job.path === '/quit') return fatal('session terminated on request');
    if (!session) return fatal('not logged in');
    if (job.path === '/cancel') return cancel(job);
    const { policies } = session;
    const cut = faults.takeCut(job.path);
    if (cut?.when === 'before') {
      socket.destroy();
      return;
    }
    try {
      const injected = faults.takeTrap(job.path);
      if (injected) throw new Trap(injected.category === undefined ? { message: injected.message } : { message: injected.message, category: injected.category });
      if (faults.refuses(job.path)) throw notPermitted();
      const outcome = options.safeMode.watching(safeKey, () => execute(world, job.path, job.attributes, job.queries, policies, safeKey));
      if (cut) cutLine(cut, job, outcome);
      else await answer(job, outcome);
    } catch (error) {
      if (cut && cut.when !== 'silent') socket.destroy();
      else if (!cut) refuse(job.tag, error);
    }
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    while (jobs.length > 0 && !isClosed()) {
      if (faults.active.hang) await faults.untilAnswering();
      const wait = jobs[0] ? jobs[0].due - world.now() : 0;
      if (wait > 0) await new Promise<void>((resolve) => world.after(wait, resolve));
      if (outbox.pending > HIGH_WATER) await outbox.drained();
      if (closed) break;
      const job = jobs.shift();
      if (job) {
        jobBytes -= job.bytes;
        await handle(job);
      }
      if (jobs.length < MAX_JOBS / 2 && jobBytes < MAX_JOB_BYTES && socket.isPaused()) socket.resume();
    }
    working = false;
  }

  function receive(words: readonly string[]): void {
    const parsed = parseSentence(words);
    const now = world.now();
    if (parsed.path === '/cancel' && showing) {
      const wanted = parsed.attributes.get('tag');
      if (wanted === undefined || wanted === showing.tag) showing.cut = true;
    }
    const pace = session ? faults.clampWait(now) : 0;
    const bytes = words.reduce((sum, word) => sum + word.length, 0);
    jobBytes += bytes;
    jobs.push({ ...parsed, bytes, due: now + (faults.active.latencyMs ?? 0) + pace });
  }

  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    if (closed) return;
    try {
      for (const words of decoder.push(chunk)) receive(words);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      world.log('system,error', `${options.service}: ${remote}: ${error.message}, connection closed`);
      socket.destroy();
      return;
    }
    if (jobs.length > MAX_JOBS || jobBytes > MAX_JOB_BYTES) socket.pause();
    void work();
  });
  // A reset by the client is ordinary: 'close' follows and does the rest.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
    jobs.length = 0;
    stopRunning();
    stopWaiting();
    leave();
    options.safeMode.unroll(safeKey);
    if (session) world.log('system,info,account', `user ${session.user} logged out from ${remote} via ${options.service}`);
    options.onClose();
  });

  return {
    get user() {
      return session?.user;
    },
    close: () => socket.destroy(),
  };
}
