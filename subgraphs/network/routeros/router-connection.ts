/**
 * Keeps one session to one router: dials, supervises, redials with full-jitter back-off, and says what it knows.
 * A router's `api` service allows 20 sessions by default, shared by all its users: nobody dials beside this.
 */
import { RouterOsError } from './errors.ts';
import { openTransport, type OpenTransport, type TlsSettings } from './dial.ts';
import type { DecoderOptions } from './codec.ts';
import { makeSession, type RouterSession, type SessionOptions } from './session.ts';
import { parseDuration } from './normalise.ts';
import { silentLog, systemRuntime, type Log, type Runtime, type TimerHandle } from './runtime.ts';

/** `auth-refused` is tried again too, more slowly: somebody may correct the password on the router. */
export type ConnectionState = 'idle' | 'connecting' | 'online' | 'backing-off' | 'auth-refused' | 'stopped';

export interface RouterStatus {
  readonly state: ConnectionState;
  /** True only with a live, answering session; false when the last attempt failed; null before the first result. */
  readonly reachable: boolean | null;
  /** Why not, in words for an operator; while online what hinders the work all the same (`hinder`), as a rule null. */
  readonly reason: string | null;
  readonly reasonCode: RouterOsError['code'] | null;
  /** When `reachable` took its value. */
  readonly since: Date | null;
  /** E.g. `7.18 (stable)`; the last known one while away. */
  readonly version: string | null;
  readonly identity: string | null;
  readonly uptimeSeconds: number | null;
  /** When the router last answered, or last failed to. */
  readonly observedAt: Date | null;
  /** SHA-256 of the certificate seen at the last dial; null without TLS. */
  readonly peerFingerprint: string | null;
}

export interface RouterConnectionOptions extends DecoderOptions {
  readonly host: string;
  readonly port?: number;
  readonly tls?: TlsSettings;
  /** Asked at every dial, so that the password is decrypted only then. */
  readonly credentials: () => Promise<{ readonly username: string; readonly password: string }>;
  /** Default 5000. */
  readonly dialTimeoutMs?: number;
  /** Default 500 to 15 000. */
  readonly backoff?: { readonly minMs: number; readonly maxMs: number };
  /** Wait after a refused login; default 20 000: with the pause of a waiting run (15 s) less than the minute in which a change is promised (routers ban clients that hammer). */
  readonly authRetryMs?: number;
  readonly session?: Omit<SessionOptions, 'runtime' | 'log' | 'onAlive'>;
  readonly open?: OpenTransport;
  readonly runtime?: Runtime;
  readonly log?: Log;
}

export interface RouterConnection {
  /** Dials and keeps dialling. `session()` starts it too. */
  start(): void;
  /** Ends the session and all waiting callers; it can be started again. */
  stop(): Promise<void>;
  /**
   * The live session; waits up to `deadlineMs` (default 2000, 0 does not wait) for one. Rejects with `UNREACHABLE`
   * (`AUTH` or `TLS` when that is why) and the last reason, at the deadline or when `signal` aborts.
   */
  session(deadlineMs?: number, signal?: AbortSignal): Promise<RouterSession>;
  /** The live session or null, without waiting. */
  current(): RouterSession | null;
  status(): RouterStatus;
  /** Called after every change of state, with the session when it is `online`. Answers its own removal. */
  onState(listener: (status: RouterStatus, session: RouterSession | null) => void): () => void;
  /** Dials now instead of at the end of the back-off (credentials changed, an operator asks). */
  retryNow(): void;
  /** A router that is online keeps from us what is needed all the time (its live sessions, say): shown as the reason until null is told or the session ends. */
  hinder(by: RouterOsError | null): void;
  /** Reads version, name and uptime now; rejects like a command. */
  refresh(deadlineMs?: number): Promise<RouterStatus>;
  readonly where: string;
}

export function makeRouterConnection(options: RouterConnectionOptions): RouterConnection {
  const runtime = options.runtime ?? systemRuntime;
  const log = options.log ?? silentLog;
  const open = options.open ?? openTransport;
  const { minMs, maxMs } = options.backoff ?? { minMs: 500, maxMs: 15_000 };
  const where = `${options.host}:${options.port ?? (options.tls === undefined || options.tls.mode === 'off' ? 8728 : 8729)}`;
  const listeners = new Set<(status: RouterStatus, session: RouterSession | null) => void>();
  const waiters = new Set<(session: RouterSession | null) => void>();
  let status: RouterStatus = {
    state: 'idle', reachable: null, reason: null, reasonCode: null, since: null, version: null, identity: null,
    uptimeSeconds: null, observedAt: null, peerFingerprint: null,
  };
  let lastError: RouterOsError | null = null;
  let live: RouterSession | null = null;
  let attempt = 0;
  let timer: TimerHandle = null;
  let dialling: { abort: AbortController; done: Promise<void> } | null = null;

  const publish = (change: Partial<RouterStatus>): void => {
    const now = runtime.now();
    const flipped = change.reachable !== undefined && change.reachable !== status.reachable;
    status = { ...status, ...change, ...(flipped ? { since: now } : {}) };
    for (const listener of listeners) {
      try {
        listener(status, live);
      } catch (error) {
        log.error({ router: where, err: error }, 'a router state listener failed');
      }
    }
  };

  const readSystem = async (session: RouterSession, timeoutMs: number): Promise<Partial<RouterStatus>> => {
    const [resource, identity] = await Promise.all([
      session.print('/system/resource', { proplist: ['version', 'uptime'], timeoutMs }).catch(unlessLost),
      session.print('/system/identity', { timeoutMs }).catch(unlessLost),
    ]);
    return {
      version: resource?.[0]?.['version'] ?? status.version,
      identity: identity?.[0]?.['name'] ?? status.identity,
      uptimeSeconds: parseDuration(resource?.[0]?.['uptime']),
      observedAt: runtime.now(),
    };
  };

  const failed = (error: RouterOsError): void => {
    lastError = error;
    live = null;
    const refused = error.code === 'AUTH';
    const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 20));
    attempt++;
    const wait = refused ? options.authRetryMs ?? 20_000 : Math.max(minMs, runtime.random() * ceiling);
    log.warn({ router: where, code: error.code, reason: error.message, retryInMs: Math.round(wait) }, 'router not reachable');
    runtime.clearTimer(timer);
    timer = runtime.setTimer(dial, wait);
    publish({ state: refused ? 'auth-refused' : 'backing-off', reachable: false, reason: error.message, reasonCode: error.code, observedAt: runtime.now() });
  };

  const dial = (): void => {
    if (dialling !== null || live !== null || status.state === 'stopped') return;
    runtime.clearTimer(timer);
    const abort = new AbortController();
    const done = connect(abort.signal).finally(() => { dialling = null; });
    dialling = { abort, done };
    publish({ state: 'connecting' });
  };

  /** A database that hangs must not hang the connection, nor its `stop()`. */
  const credentialsInTime = async (signal: AbortSignal): Promise<{ username: string; password: string }> => {
    let late: TimerHandle = null;
    try {
      return await Promise.race([
        // In a later turn, so that `dialling` is set before anything can fail.
        Promise.resolve().then(() => options.credentials()),
        new Promise<never>((_, reject) => {
          late = runtime.setTimer(() => reject(new Error('its credentials could not be read in time')), options.dialTimeoutMs ?? 5000);
          signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
        }),
      ]);
    } finally {
      runtime.clearTimer(late);
    }
  };

  const connect = async (signal: AbortSignal): Promise<void> => {
    let session: RouterSession | null = null;
    try {
      const credentials = await credentialsInTime(signal);
      const transport = await open({
        host: options.host, username: credentials.username, password: credentials.password, signal,
        ...(options.port === undefined ? {} : { port: options.port }),
        ...(options.tls === undefined ? {} : { tls: options.tls }),
        ...(options.limits === undefined ? {} : { limits: options.limits }),
        ...(options.fallbackEncoding === undefined ? {} : { fallbackEncoding: options.fallbackEncoding }),
        timeoutMs: options.dialTimeoutMs ?? 5000,
      });
      const opened = session = makeSession(transport, {
        ...options.session, runtime, log,
        onAlive: (identity) => {
          if (live === opened) status = { ...status, identity: identity ?? status.identity, observedAt: runtime.now() };
        },
      });
      const giveUp = (): void => opened.close('the connection was stopped');
      signal.addEventListener('abort', giveUp, { once: true });
      // Some routers accept a login and answer nothing after it: online means answering.
      const seen = await readSystem(opened, options.dialTimeoutMs ?? 5000);
      signal.removeEventListener('abort', giveUp);
      if (signal.aborted || opened.isClosed) throw new RouterOsError('CLOSED', `${where}: the connection ended`);
      live = opened;
      const onlineAt = runtime.monotonic();
      void opened.closed.then((error) => {
        if (live !== opened) return;
        // A router that lets us in only to drop us at once is not a fresh start for the back-off.
        if (runtime.monotonic() - onlineAt >= maxMs) attempt = 0;
        failed(error);
      });
      if (attempt > 0) log.info({ router: where, attempts: attempt }, 'router reachable again');
      publish({ ...seen, state: 'online', reachable: true, reason: null, reasonCode: null, peerFingerprint: transport.peerFingerprint });
      for (const wake of waiters) wake(opened);
    } catch (error) {
      session?.close('the dial failed');
      if (signal.aborted) return;
      failed(error instanceof RouterOsError ? error : new RouterOsError('UNREACHABLE', `${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error }));
    }
  };

  const unreachable = (): RouterOsError => {
    const code = lastError?.code === 'AUTH' || lastError?.code === 'TLS' ? lastError.code : 'UNREACHABLE';
    return new RouterOsError(code, status.state === 'stopped' ? `${where}: the connection is stopped` : lastError?.message ?? `${where}: not connected yet`, { cause: lastError ?? undefined });
  };

  const connection: RouterConnection = {
    where,
    start() {
      if (status.state === 'stopped') status = { ...status, state: 'idle' };
      if (status.state !== 'idle') return;
      if (dialling === null) dial();
      else void dialling.done.then(() => { if (status.state === 'idle') dial(); }); // the dial of before stop() is still ending
    },
    async stop() {
      runtime.clearTimer(timer);
      const closing = live;
      live = null;
      publish({ state: 'stopped' });
      closing?.close('the connection was stopped');
      dialling?.abort.abort();
      for (const wake of waiters) wake(null);
      await dialling?.done;
    },
    session(deadlineMs = 2000, signal) {
      if (live !== null && !live.isClosed) return Promise.resolve(live);
      if (status.state === 'stopped') return Promise.reject(unreachable());
      connection.start();
      if (deadlineMs <= 0 || signal?.aborted) return Promise.reject(unreachable());
      return new Promise<RouterSession>((resolve, reject) => {
        const settle = (session: RouterSession | null): void => {
          waiters.delete(settle);
          runtime.clearTimer(deadline);
          signal?.removeEventListener('abort', onAbort);
          if (session === null) reject(unreachable());
          else resolve(session);
        };
        const onAbort = (): void => settle(null);
        const deadline = runtime.setTimer(() => settle(null), deadlineMs);
        signal?.addEventListener('abort', onAbort, { once: true });
        waiters.add(settle);
      });
    },
    current: () => (live !== null && !live.isClosed ? live : null),
    status: () => status,
    onState(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    retryNow() {
      if (status.state === 'backing-off' || status.state === 'auth-refused') {
        attempt = 0;
        dial();
      }
    },
    hinder(by) {
      if (live === null || (by?.code ?? null) === status.reasonCode) return;
      publish({ reason: by?.message ?? null, reasonCode: by?.code ?? null });
    },
    async refresh(deadlineMs = 2000) {
      const session = await connection.session(deadlineMs);
      const seen = await readSystem(session, deadlineMs);
      if (session === live) publish(seen);
      return status;
    },
  };
  return connection;
}

/** A router that refuses to tell its version still works; one that does not answer does not. */
function unlessLost(error: unknown): null {
  if (error instanceof RouterOsError && ['FORBIDDEN', 'UNSUPPORTED', 'NOT_FOUND', 'FAILURE', 'BAD_VALUE'].includes(error.code)) return null;
  throw error;
}
