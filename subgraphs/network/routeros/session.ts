/**
 * One logged-in line to a router, shared by many callers: tagged commands in a bounded window, streams beside it,
 * a deadline for every command, and one typed end for everything when the line goes.
 */
import { encodeSentence, type Sentence, type Word } from './codec.ts';
import { commandWords, queriesOf } from './command-words.ts';
import { RouterOsError, errorFromTraps, type Trap } from './errors.ts';
import type { Transport } from './dial.ts';
import { countOf, keepRaw, reads, type Reply, type RouterSession, type Row, type SessionCounters, type SessionOptions } from './router-session.ts';
import { silentLog, systemRuntime, type TimerHandle } from './runtime.ts';

export type { Attributes, CommandOptions, PrintOptions } from './command-words.ts';
export { queriesOf } from './command-words.ts';
export { countOf, rawOf, reads } from './router-session.ts';
export type { Reply, RouterSession, RouterStream, Row, SessionCounters, SessionOptions, StreamOptions } from './router-session.ts';

interface Exchange {
  readonly tag: string;
  readonly path: string;
  readonly writes: boolean;
  readonly kind: 'command' | 'stream' | 'internal';
  words: Word[] | null;
  sent: boolean;
  /** Settled for its caller; kept so that what still comes for its tag is known and dropped. */
  abandoned: boolean;
  readonly rows: Row[];
  readonly traps: Trap[];
  timer: TimerHandle;
  grace: TimerHandle;
  onRow: ((row: Row) => void) | null;
  settle(error: RouterOsError | null, reply: Reply | null): void;
  /** When the router is done with it, settled or not. */
  onGone: (() => void) | null;
}

const MAX_ABANDONED = 1000;

/** Takes over a logged-in transport. */
export function makeSession(transport: Transport, options: SessionOptions = {}): RouterSession {
  const runtime = options.runtime ?? systemRuntime;
  const log = options.log ?? silentLog;
  const window = options.window ?? 16;
  const queueLimit = options.queueLimit ?? 1000;
  const commandTimeoutMs = options.commandTimeoutMs ?? 10_000;
  const livenessMs = options.livenessMs ?? 15_000;
  const livenessTimeoutMs = options.livenessTimeoutMs ?? 15_000;
  const active = new Map<string, Exchange>();
  const queue: Exchange[] = [];
  const counts = { commands: 0, rows: 0, traps: 0, timeouts: 0, late: 0, untagged: 0, unknownReplies: 0, callbackErrors: 0 };
  let nextTag = 0;
  let inFlight = 0;
  let streams = 0;
  let abandoned = 0;
  let writable = true;
  let outbox: Buffer[] = [];
  let ended: RouterOsError | null = null;
  let heardAt = runtime.monotonic();
  let probeTimer: TimerHandle = null;
  let resolveClosed!: (error: RouterOsError) => void;
  const closed = new Promise<RouterOsError>((resolve) => { resolveClosed = resolve; });

  const isolated = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      counts.callbackErrors++;
      log.error({ router: transport.where, err: error }, 'a RouterOS row callback failed');
    }
  };

  // All sentences of one tick leave in one write: with a write a word, Nagle and delayed ACK cost 40 ms a command.
  const flush = (): void => {
    if (outbox.length === 0 || ended !== null) return;
    if (options.mayWrite?.() === false) return end(new RouterOsError('CLOSED', `${transport.where}: this process does not look after the router any more`));
    const batch = outbox.length === 1 ? outbox[0]! : Buffer.concat(outbox);
    outbox = [];
    if (!transport.write(batch)) writable = false;
  };
  const send = (words: readonly Word[]): void => {
    outbox.push(encodeSentence(words));
    if (outbox.length === 1) queueMicrotask(flush);
  };
  const pump = (): void => {
    const hasRoom = (): boolean => ended === null && writable && inFlight < window;
    while (hasRoom() && queue.length > 0) {
      inFlight++;
      transmit(queue.shift()!);
    }
  };
  const transmit = (exchange: Exchange): void => {
    const words = exchange.words!;
    exchange.words = null;
    exchange.sent = true;
    active.set(exchange.tag, exchange);
    send(words);
  };

  const stopTimers = (exchange: Exchange): void => {
    runtime.clearTimer(exchange.timer);
    runtime.clearTimer(exchange.grace);
  };
  /** The caller is answered while the router may still talk: ask it to stop, and know its late words. */
  const abandon = (exchange: Exchange, error: RouterOsError): void => {
    if (exchange.abandoned || ended !== null) return;
    stopTimers(exchange);
    exchange.abandoned = true;
    exchange.onRow = null;
    if (!exchange.sent) {
      const index = queue.indexOf(exchange);
      if (index >= 0) queue.splice(index, 1);
    } else {
      if (exchange.kind === 'command') inFlight--;
      abandoned++;
      cancelOnRouter(exchange);
    }
    exchange.settle(error, null);
    if (abandoned > MAX_ABANDONED) end(new RouterOsError('PROTOCOL', `${transport.where}: more than ${MAX_ABANDONED} cancelled commands were never ended by the router`));
    else pump();
  };
  const cancelOnRouter = (exchange: Exchange): void => {
    const cancel = makeExchange('/cancel', 'internal', () => undefined);
    cancel.words = ['/cancel', `=tag=${exchange.tag}`, `.tag=${cancel.tag}`];
    transmit(cancel);
  };
  const makeExchange = (path: string, kind: Exchange['kind'], settle: Exchange['settle']): Exchange => ({
    tag: (++nextTag).toString(36), path, kind, writes: !reads(path), words: null, sent: false, abandoned: false,
    rows: [], traps: [], timer: null, grace: null, onRow: null, settle, onGone: null,
  });

  const finish = (exchange: Exchange, ret: string | null): void => {
    active.delete(exchange.tag);
    stopTimers(exchange);
    if (exchange.abandoned) abandoned--;
    else {
      if (exchange.kind === 'command') inFlight--;
      exchange.settle(exchange.traps.length > 0 ? errorFromTraps(exchange.path, exchange.traps, exchange.writes) : null, { rows: exchange.rows, ret });
    }
    exchange.onGone?.();
    pump();
  };

  const onSentence = (sentence: Sentence): void => {
    heardAt = runtime.monotonic();
    if (ended !== null) return;
    if (sentence.reply === '!fatal') {
      const reason = sentence.attributes['message'] ?? sentence.words.join(' ');
      end(new RouterOsError('FATAL', `${transport.where}: the router ended the session: ${reason || 'no reason given'}`));
      return;
    }
    if (sentence.tag === null || sentence.tag === '') {
      counts.untagged++;
      log.debug({ router: transport.where, reply: sentence.reply }, 'untagged RouterOS sentence ignored');
      return;
    }
    const exchange = active.get(sentence.tag);
    if (exchange === undefined) {
      counts.late++;
      return;
    }
    switch (sentence.reply) {
      case '!re':
        if (exchange.abandoned) counts.late++;
        else {
          counts.rows++;
          if (sentence.raw !== null) keepRaw(sentence.attributes, sentence.raw);
          if (exchange.onRow === null) exchange.rows.push(sentence.attributes);
          else isolated(() => exchange.onRow?.(sentence.attributes));
        }
        return;
      case '!trap': {
        counts.traps++;
        const category = sentence.attributes['category'];
        exchange.traps.push({
          message: sentence.attributes['message'] ?? sentence.words.join(' '),
          category: category === undefined || !/^\d+$/.test(category) ? null : Number(category),
        });
        // Some traps are the last word on a command although the protocol promises a !done.
        if (exchange.traps.length === 1 && !exchange.abandoned) {
          exchange.grace = runtime.setTimer(() => {
            abandon(exchange, errorFromTraps(exchange.path, exchange.traps, exchange.writes));
          }, options.trapGraceMs ?? 1000);
        }
        return;
      }
      case '!done':
        finish(exchange, sentence.attributes['ret'] ?? null);
        return;
      case '!empty': // 7.18+: nothing to reply; its !done follows
        return;
      default:
        counts.unknownReplies++;
        log.debug({ router: transport.where, reply: sentence.reply, command: exchange.path }, 'unknown RouterOS reply word ignored');
    }
  };

  const end = (error: RouterOsError): void => {
    if (ended !== null) return;
    ended = error;
    runtime.clearTimer(probeTimer);
    outbox = [];
    const all = [...active.values(), ...queue];
    active.clear();
    queue.length = 0;
    inFlight = 0;
    transport.destroy();
    for (const exchange of all) {
      stopTimers(exchange);
      if (!exchange.abandoned) {
        exchange.abandoned = true;
        exchange.settle(new RouterOsError(error.code === 'FATAL' || error.code === 'PROTOCOL' ? error.code : 'CLOSED', error.message, {
          command: exchange.path, outcomeUnknown: exchange.sent && exchange.writes, cause: error,
        }), null);
      }
      exchange.onGone?.();
    }
    resolveClosed(error);
  };

  const probe = (): void => {
    const askedAt = runtime.monotonic();
    const exchange = makeExchange('/system/identity/print', 'internal', (error, reply) => {
      // A trap is an answer too: the router lives.
      if (ended === null) isolated(() => options.onAlive?.(error === null ? reply?.rows[0]?.['name'] ?? null : null));
      if (ended === null) probeTimer = runtime.setTimer(probe, livenessMs);
    });
    exchange.words = ['/system/identity/print', `.tag=${exchange.tag}`];
    const judge = (): void => {
      // Let bytes that already wait in the socket be read first: it may be us who was slow.
      setImmediate(() => {
        if (ended !== null || !active.has(exchange.tag)) return;
        const silence = runtime.monotonic() - Math.max(heardAt, askedAt);
        if (silence < livenessTimeoutMs) exchange.timer = runtime.setTimer(judge, livenessTimeoutMs - silence);
        else end(new RouterOsError('CLOSED', `${transport.where}: the router has been silent for ${Math.round(silence / 1000)} s`));
      });
    };
    exchange.timer = runtime.setTimer(judge, livenessTimeoutMs);
    transmit(exchange);
  };

  const session: RouterSession = {
    command(path, attributes = {}, opts = {}) {
      return new Promise<Reply>((resolve, reject) => {
        if (ended !== null) return reject(new RouterOsError('CLOSED', ended.message, { command: path, cause: ended }));
        if (opts.signal?.aborted) return reject(new RouterOsError('INTERRUPTED', `${path}: given up before it was sent`, { command: path }));
        if (queue.length >= queueLimit) return reject(new RouterOsError('BUSY', `${transport.where}: ${queueLimit} commands are waiting already`, { command: path }));
        const exchange = makeExchange(path, 'command', (error, reply) => {
          opts.signal?.removeEventListener('abort', onAbort);
          if (error !== null) reject(error);
          else resolve(reply!);
        });
        const unknown = (): boolean => exchange.sent && exchange.writes;
        const onAbort = (): void => abandon(exchange, new RouterOsError('INTERRUPTED', `${path}: given up`, { command: path, outcomeUnknown: unknown() }));
        exchange.words = commandWords(path, attributes, opts, exchange.tag);
        const timeoutMs = opts.timeoutMs ?? commandTimeoutMs;
        exchange.timer = runtime.setTimer(() => {
          counts.timeouts++;
          abandon(exchange, exchange.traps.length > 0
            ? errorFromTraps(path, exchange.traps, exchange.writes)
            : new RouterOsError('TIMEOUT', `${transport.where}: ${path} was not answered within ${timeoutMs} ms`, { command: path, outcomeUnknown: unknown() }));
        }, timeoutMs);
        opts.signal?.addEventListener('abort', onAbort, { once: true });
        counts.commands++;
        queue.push(exchange);
        pump();
      });
    },

    async print(menu, opts = {}) {
      return (await session.command(`${menu}/print`, {}, { ...opts, queries: queriesOf(opts) })).rows;
    },

    async count(menu, opts = {}) {
      return countOf(menu, await session.command(`${menu}/print`, { 'count-only': '' }, { ...opts, queries: queriesOf(opts) }));
    },

    stream(path, attributes, opts) {
      let resolveEnded!: (error: RouterOsError | null) => void;
      const streamEnded = new Promise<RouterOsError | null>((resolve) => { resolveEnded = resolve; });
      let cancelled = false;
      const finishStream = (error: RouterOsError | null): void => {
        opts.signal?.removeEventListener('abort', onAbort);
        resolveEnded(error);
        isolated(() => opts.onEnd?.(error));
      };
      let gone!: () => void;
      const goneFromRouter = new Promise<void>((resolve) => { gone = resolve; });
      const exchange = makeExchange(path, 'stream', (error) => {
        streams--;
        finishStream(cancelled ? null : error);
      });
      exchange.words = commandWords(path, attributes, opts, exchange.tag);
      exchange.onGone = gone;
      exchange.onRow = (row) => opts.onRow(row);
      const cancel = async (): Promise<void> => {
        if (!cancelled && !exchange.abandoned && ended === null && active.has(exchange.tag)) {
          cancelled = true;
          abandon(exchange, new RouterOsError('INTERRUPTED', `${path}: cancelled`, { command: path }));
        }
        if (!active.has(exchange.tag)) return;
        let timer: TimerHandle = null;
        await Promise.race([goneFromRouter, new Promise<void>((resolve) => { timer = runtime.setTimer(resolve, 5000); })]);
        runtime.clearTimer(timer);
      };
      const onAbort = (): void => { void cancel(); };
      if (ended !== null || opts.signal?.aborted) {
        const error = ended === null ? null : new RouterOsError('CLOSED', ended.message, { command: path, cause: ended });
        queueMicrotask(() => finishStream(error));
        return { cancel: async () => undefined, ended: streamEnded };
      }
      opts.signal?.addEventListener('abort', onAbort, { once: true });
      streams++;
      counts.commands++;
      transmit(exchange);
      return { cancel, ended: streamEnded };
    },

    close(reason = 'the session was closed') {
      end(new RouterOsError('CLOSED', `${transport.where}: ${reason}`));
    },
    closed,
    get isClosed() { return ended !== null; },
    counters: Object.defineProperties(counts, {
      inFlight: { get: () => inFlight, enumerable: true },
      queued: { get: () => queue.length, enumerable: true },
      streams: { get: () => streams, enumerable: true },
      bytesRead: { get: () => transport.bytesRead, enumerable: true },
      bytesWritten: { get: () => transport.bytesWritten, enumerable: true },
    }) as unknown as SessionCounters,
  };

  transport.attach({
    onSentence,
    onDrain: () => { writable = true; pump(); },
    onClose: (error) => end(error),
  });
  if (livenessMs > 0 && ended === null) probeTimer = runtime.setTimer(probe, livenessMs);
  return session;
}
