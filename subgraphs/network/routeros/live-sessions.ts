/**
 * Who is online at one router: one `/ppp/active/listen` for everybody, a model in memory, a snapshot and changes for
 * each subscriber.
 *
 * `listen` has no heartbeat, no sequence and no replay, and a removal carries only an id. So the model is checked:
 * a full read after every (re)connection, a count every minute, a full comparison every five, and at once when an event
 * does not fit. What a check finds becomes an UP or DOWN with source `RECONCILE`.
 */
import { makeBootWatch } from './boot-watch.ts';
import type { RouterConnection } from './router-connection.ts';
import type { RouterSession, RouterStream, Row } from './session.ts';
import { RouterOsError } from './errors.ts';
import { makeLiveFeed } from './live-feed.ts';
import { LiveModel, hasChanged, isSameSession, toLiveSession, type LiveChange, type LiveSession, type ObservationSource } from './live-model.ts';
import { silentLog, systemRuntime, type Log, type Runtime, type TimerHandle } from './runtime.ts';

export type { LiveChange, LiveSession, ObservationSource } from './live-model.ts';

export interface LiveSessionsOptions {
  readonly connection: RouterConnection;
  readonly runtime?: Runtime;
  readonly log?: Log;
  /** Listen from `start()` to `stop()` (default), or only while somebody subscribes and 30 s longer. */
  readonly mode?: 'always' | 'while-subscribed';
  readonly lingerMs?: number;
  /** Default 60 000. */
  readonly countEveryMs?: number;
  /** Default 300 000. */
  readonly compareEveryMs?: number;
  /** Where `/ppp/active/listen` is not supported the menu is read this often instead. Default 15 000. */
  readonly pollEveryMs?: number;
  /** Changes a slow subscriber may have waiting before it gets a new snapshot. Default 1000. */
  readonly queueLimit?: number;
  /** Deadline of a full read. Default 30 000. */
  readonly printTimeoutMs?: number;
}

export interface LiveSessions {
  start(): void;
  stop(): Promise<void>;
  sessions(): LiveSession[];
  /** The newest session of that name; undefined when it is not online (or, with `staleSince()` set, was not). */
  byName(name: string): LiveSession | undefined;
  /** Grows with every change. */
  readonly version: number;
  /** Whether a full read has ever succeeded. */
  readonly synced: boolean;
  staleSince(): Date | null;
  /** An iterator that begins with a SNAPSHOT. It must be ended with `return()` (a `for await` does). */
  subscribe(): AsyncIterableIterator<LiveChange, void, void>;
  /** Every change, synchronously, unbounded: for the owner of the router, not for clients. Answers its own removal. */
  onChange(listener: (change: LiveChange) => void): () => void;
  /**
   * Fills an empty model with what an earlier owner of the router has seen: shown as stale, and compared with the first read, so
   * that what happened in between is announced. Does nothing once the router has been read.
   */
  seed(rows: ReadonlyArray<Omit<LiveSession, 'uptimeSeconds' | 'source' | 'staleSince'>>): void;
  /** Reads everything now and settles when the model is true. */
  resync(): Promise<void>;
  readonly counters: { readonly events: number; readonly resyncs: number; readonly missed: number; readonly reboots: number };
}

/** A session that began so long before the router did is one of before its restart. */
const BOOT_TOLERANCE_MS = 60_000;
const PROPLIST = ['.id', 'name', 'service', 'caller-id', 'address', 'uptime', 'session-id'];

export function makeLiveSessions(options: LiveSessionsOptions): LiveSessions {
  const { connection } = options;
  const runtime = options.runtime ?? systemRuntime;
  const log = options.log ?? silentLog;
  const countEveryMs = options.countEveryMs ?? 60_000;
  const compareEveryMs = options.compareEveryMs ?? 300_000;
  const timeoutMs = options.printTimeoutMs ?? 30_000;
  const model = new LiveModel();
  const counters = { events: 0, resyncs: 0, missed: 0, reboots: 0 };
  let version = 0;
  let synced = false;
  let staleSince: Date | null = null;
  let started = false;
  /** Between `stop()` and the next `start()`: nobody can subscribe. */
  let over = false;
  let session: RouterSession | null = null;
  let stream: RouterStream | null = null;
  let polling = false;
  /** It is polled for want of a right, which may be given at any time. */
  let forbidden = false;
  /** Events that came while a full read is under way; null otherwise. */
  let buffered: Row[] | null = null;
  let syncing: Promise<void> | null = null;
  let again = false;
  let failures = 0;
  let brokenListens = 0;
  let checkTimer: TimerHandle = null;
  let retryTimer: TimerHandle = null;
  let lingerTimer: TimerHandle = null;
  /** Why the last full read did not succeed on a line that lives. */
  let unread: RouterOsError | null = null;
  let comparedAt = 0;
  const boot = makeBootWatch({ runtime, timeoutMs, onReboot: () => { counters.reboots++; } });
  let unsubscribe: (() => void) | null = null;

  // ── publishing ──

  const snapshot = (): LiveChange => ({ action: 'SNAPSHOT', version, at: runtime.now(), sessions: model.all(), synced, staleSince, bootedAt: boot.bootedAt });
  const feed = makeLiveFeed({ snapshot: () => snapshot(), queueLimit: options.queueLimit ?? 1000, where: connection.where, log, onLeave: () => unwanted() });
  const publish = feed.publish;
  const announce = (action: 'UP' | 'DOWN' | 'CHANGE', row: LiveSession, rebootedAt?: Date): void => {
    version++;
    if (row.source === 'RECONCILE' && action !== 'CHANGE') counters.missed++;
    publish({ action, version, at: row.observedAt, source: row.source, session: row, nameOnline: model.hasName(row.name), ...(rebootedAt ? { rebootedAt } : {}) });
  };
  const down = (row: LiveSession, source: ObservationSource, at: Date, rebootedAt?: Date): void => {
    model.drop(row);
    announce('DOWN', { ...row, source, observedAt: at, staleSince: null }, rebootedAt);
  };

  // ── events ──

  const onEvent = (row: Row): void => {
    counters.events++;
    if (buffered !== null) buffered.push(row);
    else if (!apply(row)) requestSync('an event did not fit the model');
  };
  /** False when the event speaks of a row that we should know and do not. */
  const apply = (row: Row): boolean => {
    const id = row['.id'];
    if (id === undefined) return false;
    const at = runtime.now();
    const known = model.get(id);
    if ('.dead' in row) {
      if (known === undefined) return false;
      down(known, 'LISTEN', at);
      return true;
    }
    if (!row['name']) return false;
    const seen = toLiveSession(row, 'LISTEN', at);
    if (known !== undefined && isSameSession(known, seen)) {
      model.put(seen);
      if (hasChanged(known, seen)) announce('CHANGE', seen);
      return true;
    }
    if (known !== undefined) down(known, 'LISTEN', at);
    model.put(seen);
    announce('UP', seen);
    return true;
  };

  // ── reading everything ──

  /** What the router holds now becomes the model; the difference is announced. */
  const adopt = (rows: Row[], events: Row[], rebooted: boolean): void => {
    const at = runtime.now();
    const next = new Map<string, LiveSession>();
    for (const row of rows) if (row['.id'] !== undefined && row['name']) next.set(row['.id'], toLiveSession(row, 'RECONCILE', at));
    for (const event of events) {
      const id = event['.id'];
      if (id === undefined) continue;
      if ('.dead' in event) {
        next.delete(id);
        const known = model.get(id);
        if (known !== undefined && synced && !rebooted) down(known, 'LISTEN', at);
      } else if (event['name']) next.set(id, toLiveSession(event, 'LISTEN', at));
    }
    if (!synced) {
      for (const row of next.values()) model.put(row);
      synced = true;
      staleSince = null;
      version++;
      publish(snapshot());
      return;
    }
    for (const known of model.all()) {
      const seen = next.get(known.routerosId);
      // What another process has seen may be from before a restart that nobody saw: its ids are given out again.
      const restarted = rebooted || (known.source === 'STORED' && boot.bootedAt !== null && known.startedAt.getTime() < boot.bootedAt.getTime() - BOOT_TOLERANCE_MS);
      if (restarted || seen === undefined || !isSameSession(known, seen)) down(known, 'RECONCILE', at, restarted ? boot.bootedAt ?? at : undefined);
    }
    for (const seen of next.values()) {
      const known = model.get(seen.routerosId);
      model.put(seen);
      if (known === undefined) announce('UP', seen);
      else if (hasChanged(known, seen)) announce('CHANGE', seen);
    }
    if (staleSince !== null) {
      staleSince = null;
      version++;
      publish({ action: 'LIVE', version, at, staleSince: null, bootedAt: boot.bootedAt });
    }
  };

  const sync = async (from: RouterSession): Promise<void> => {
    counters.resyncs++;
    buffered = [];
    try {
      const rebooted = await boot.sawReboot(from);
      const rows = await from.print('/ppp/active', { proplist: PROPLIST, timeoutMs });
      if (from !== session) return;
      const events = buffered;
      buffered = null;
      comparedAt = runtime.monotonic();
      failures = 0;
      unread = null;
      connection.hinder(null);
      adopt(rows, events, rebooted);
    } finally {
      if (from === session) buffered = null;
    }
  };
  const requestSync = (reason: string): void => {
    const from = session;
    if (from === null || !started) return;
    if (syncing !== null) {
      again = true;
      return;
    }
    log.debug({ router: connection.where, reason }, 'reading all live sessions');
    syncing = sync(from).catch((error: unknown) => {
      log.warn({ router: connection.where, err: error }, 'live sessions could not be read');
      if (session === from && !from.isClosed && error instanceof RouterOsError) {
        connection.hinder((unread = error));
        // Nothing tells of changes either: what is shown may not be true any more.
        if (stream === null) growStale();
      }
      retry();
    }).finally(() => {
      syncing = null;
      if (!again) return;
      again = false;
      requestSync('asked for while reading');
    });
  };
  const retry = (): void => {
    if (session === null || session.isClosed) return; // the next connection begins anew
    failures++;
    runtime.clearTimer(retryTimer);
    retryTimer = runtime.setTimer(follow, Math.min(15_000, 500 * 2 ** Math.min(failures, 10)) * (0.5 + runtime.random() / 2));
  };

  // ── the upstream ──

  const follow = (): void => {
    const from = session;
    if (from === null || from.isClosed || !started) return;
    if (stream === null && !polling) {
      const openedAt = runtime.monotonic();
      // listen first, then print: nothing can happen between the two unseen.
      const opened = from.stream('/ppp/active/listen', {}, {
        onRow: (row) => { if (session === from && stream === opened) onEvent(row); },
        onEnd: (error) => {
          if (stream !== opened) return;
          stream = null;
          if (from.isClosed || session !== from || !started) return;
          brokenListens = runtime.monotonic() - openedAt < 10_000 ? brokenListens + 1 : 0;
          if (error?.code === 'UNSUPPORTED' || error?.code === 'FORBIDDEN' || brokenListens >= 5) {
            if (!forbidden) log.warn({ router: connection.where, err: error }, 'this router does not let us listen to /ppp/active; it is polled');
            polling = true;
            forbidden = error?.code === 'FORBIDDEN';
            scheduleCheck();
          } else retry();
        },
      });
      stream = opened;
    }
    requestSync('following the router');
    scheduleCheck();
  };

  const scheduleCheck = (): void => {
    runtime.clearTimer(checkTimer);
    checkTimer = runtime.setTimer(() => { void check(); }, polling ? options.pollEveryMs ?? 15_000 : countEveryMs);
  };
  const check = async (): Promise<void> => {
    const from = session;
    if (from === null || !started) return;
    if (polling && forbidden) {
      polling = false;
      return follow();
    }
    try {
      if (polling || runtime.monotonic() - comparedAt >= compareEveryMs) requestSync('it is time to compare');
      else if (syncing === null) {
        if (await boot.sawReboot(from)) {
          boot.forget(); // everything is dropped here
          const at = runtime.now();
          for (const known of model.all()) down(known, 'RECONCILE', at, boot.bootedAt ?? at);
          requestSync('the router was restarted');
        } else {
          const counted = await from.count('/ppp/active', { timeoutMs });
          if (from === session) connection.hinder(unread);
          if (from === session && syncing === null && counted !== model.size) requestSync('the number of sessions differs');
        }
      }
    } catch (error) {
      if (!from.isClosed) log.warn({ router: connection.where, err: error }, 'live sessions could not be counted');
      if (from === session && !from.isClosed && error instanceof RouterOsError) connection.hinder(unread ?? error);
    } finally {
      if (from === session && started) scheduleCheck();
    }
  };

  /** What is known is shown as stale from now on. */
  const growStale = (): void => {
    if (!synced || staleSince !== null) return;
    staleSince = runtime.now();
    model.markStale(staleSince);
    version++;
    publish({ action: 'STALE', version, at: staleSince, staleSince, bootedAt: boot.bootedAt });
  };
  const lose = (): void => {
    session = null;
    stream = null;
    buffered = null;
    again = false;
    runtime.clearTimer(checkTimer);
    runtime.clearTimer(retryTimer);
    unread = null;
    growStale();
  };
  const onState = (): void => {
    const current = connection.current();
    if (current === session) return;
    lose();
    if (current === null) return;
    session = current;
    polling = forbidden = false; // another firmware may listen
    brokenListens = 0;
    failures = 0;
    // A read of the old session may still be settling; it must not swallow the first one of this.
    const settle = syncing ?? Promise.resolve();
    void settle.then(() => { if (session === current) follow(); });
  };

  const attach = (): void => {
    if (started) return;
    started = true;
    unsubscribe = connection.onState(onState);
    connection.start();
    onState();
  };
  const detach = async (): Promise<void> => {
    started = false;
    unsubscribe?.();
    unsubscribe = null;
    const ending = stream;
    lose();
    await ending?.cancel();
  };
  const wanted = (): void => {
    runtime.clearTimer(lingerTimer);
    if (mode === 'while-subscribed') attach();
  };
  const unwanted = (): void => {
    if (mode !== 'while-subscribed' || feed.subscribers > 0 || !started) return;
    runtime.clearTimer(lingerTimer);
    lingerTimer = runtime.setTimer(() => { if (feed.subscribers === 0) void detach(); }, options.lingerMs ?? 30_000);
  };
  const mode = options.mode ?? 'always';

  return {
    start() {
      over = false;
      if (mode === 'always') attach();
    },
    async stop() {
      over = true;
      runtime.clearTimer(lingerTimer);
      await detach();
      feed.end();
    },
    sessions: () => model.all(),
    byName: (name) => model.newest(name),
    get version() { return version; },
    get synced() { return synced; },
    staleSince: () => staleSince,
    subscribe() {
      const subscriber = feed.subscribe(over);
      if (!over) wanted();
      return subscriber;
    },
    onChange: feed.onChange,
    seed(rows) {
      if (synced || rows.length === 0) return;
      const since = rows.reduce((newest, { observedAt }) => (observedAt > newest ? observedAt : newest), rows[0]!.observedAt);
      for (const row of rows) {
        const uptimeSeconds = Math.max(0, Math.floor((row.observedAt.getTime() - row.startedAt.getTime()) / 1000));
        model.put({ ...row, uptimeSeconds, source: 'STORED', staleSince: since });
      }
      synced = true;
      staleSince = since;
      version++;
      publish(snapshot());
    },
    async resync() {
      if (session === null) throw new RouterOsError('UNREACHABLE', connection.status().reason ?? `${connection.where}: not connected`);
      requestSync('asked for');
      for (let running = syncing; running !== null; running = syncing) await running;
    },
    counters,
  };
}
