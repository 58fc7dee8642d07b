import type { Log } from '../routeros/runtime.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { makeLiveMirror } from '../routeros/live-mirror.ts';
import type { LiveChange } from '../routeros/live-sessions.ts';
import type { LogLines } from '../routeros/log-lines.ts';
import type { RouterConnection, RouterStatus } from '../routeros/router-connection.ts';
import { countOf, queriesOf, reads, type RouterSession, type SessionCounters } from '../routeros/session.ts';
import type { Traffic } from '../routeros/traffic.ts';
import type { RouterLink, RouterSpec } from '../router/router-link.ts';
import type { PeerClient } from './peer-client.ts';

/** A router that another process looks after: the same link, whose commands travel to the owner and whose events come from it. */
export interface RemoteLink extends RouterLink {
  readonly token: number;
  onStatus(status: RouterStatus, login: number): void;
  onChange(change: LiveChange): void;
  /** Its owner is out of reach, or does not look after it any more: what is known of it is stale from now on. */
  orphan(): void;
  /** Another link stands in its place. */
  close(): void;
}

export interface RemoteLinkOptions {
  client: PeerClient;
  spec: RouterSpec;
  token: number;
  status: RouterStatus;
  login: number;
  live: LiveChange;
  log: Log;
}

/** How long the owner has beyond a command's own deadline to say that it was missed. */
const GRACE_MS = 1_000;
const COMMAND_TIMEOUT_MS = 10_000;
const SESSION_WAIT_MS = 2_000;
const NOBODY = 'Nobody looks after this router at the moment.';

export function makeRemoteLink({ client, spec, token, status: first, login: firstLogin, live: snapshot, log }: RemoteLinkOptions): RemoteLink {
  const routerId = spec.id;
  const where = `${spec.host}:${spec.port}`;
  const listeners = new Set<(status: RouterStatus, session: RouterSession | null) => void>();
  let status = first;
  let login = firstLogin;
  let session: ReturnType<typeof makeRemoteSession> | null = null;

  const live = makeLiveMirror({ where, log, resync: async () => void (await client.call('resync', routerId, {})) });
  live.apply(snapshot);

  const take = (next: RouterStatus, nextLogin: number): void => {
    if (session && (next.state !== 'online' || nextLogin !== login)) {
      session.end(new RouterOsError('CLOSED', next.reason ?? `${where}: the session ended`));
      session = null;
    }
    login = nextLogin;
    status = next;
    if (next.state === 'online') session ??= makeRemoteSession(client, routerId, where);
    for (const listener of listeners) listener(status, session);
  };
  take(first, firstLogin);

  const unreachable = (): RouterOsError => new RouterOsError(status.reasonCode === 'AUTH' || status.reasonCode === 'TLS' ? status.reasonCode : 'UNREACHABLE', status.reason ?? `${where}: not connected yet`);
  const onState: RouterConnection['onState'] = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const connection: RouterConnection = {
    where,
    start: () => undefined,
    stop: async () => undefined,
    session(deadlineMs = SESSION_WAIT_MS, signal) {
      if (session) return Promise.resolve(session);
      if (deadlineMs <= 0 || signal?.aborted) return Promise.reject(unreachable());
      return new Promise((resolve, reject) => {
        const end = (found: RouterSession | null) => {
          clearTimeout(timer);
          unsubscribe();
          signal?.removeEventListener('abort', onAbort);
          if (found) resolve(found);
          else reject(unreachable());
        };
        const onAbort = () => end(null);
        const timer = setTimeout(() => end(null), deadlineMs);
        const unsubscribe = onState((_status, now) => {
          if (now) end(now);
        });
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
    current: () => session,
    status: () => status,
    onState,
    retryNow: () => void client.call('retry', routerId, {}).catch(() => undefined),
    // Its owner says so by itself.
    hinder: () => undefined,
    async refresh(deadlineMs = SESSION_WAIT_MS) {
      return (await client.call('refresh', routerId, { deadlineMs }, { timeoutMs: deadlineMs + GRACE_MS })) as RouterStatus;
    },
  };

  const traffic = (what: 'traffic' | 'interfaces'): Traffic => ({
    watch: (name) => watchRemote(client, routerId, { what, name }),
    poke: () => undefined,
    stop: async () => undefined,
    watchedNames: 0,
    upstreams: 0,
  });
  const logs: LogLines = { watch: () => watchRemote(client, routerId, { what: 'logs', name: '' }), stop: async () => undefined };

  const orphan = (): void => {
    take({ ...status, state: 'backing-off', reachable: null, reason: NOBODY, reasonCode: 'UNREACHABLE' }, login);
    live.lose(new Date());
  };

  return {
    spec,
    token,
    connection,
    live,
    traffic: traffic('traffic'),
    interfaces: traffic('interfaces'),
    logs,
    queue: {
      async acquire(key, signal) {
        let release: () => void = () => undefined;
        await client.call('acquire', routerId, { key }, { signal, onHeld: (cancel) => (release = cancel) }).catch((error: unknown) => {
          if (error instanceof RouterOsError && error.code === 'INTERRUPTED') throw new RouterOsError('BUSY', 'other work on this router did not end in time');
          throw error;
        });
        return release;
      },
      waiting: 0,
      running: 0,
    },
    onStatus: take,
    onChange: (change) => live.apply(change),
    orphan,
    close() {
      orphan();
      void live.stop();
    },
  };
}

/** The owner's login session, as far as others use it. */
function makeRemoteSession(client: PeerClient, routerId: string, where: string): RouterSession & { end: (error: RouterOsError) => void } {
  let ended: RouterOsError | null = null;
  let resolveClosed!: (error: RouterOsError) => void;
  const closed = new Promise<RouterOsError>((resolve) => {
    resolveClosed = resolve;
  });
  const counts = { commands: 0, rows: 0, traps: 0, timeouts: 0, late: 0, untagged: 0, unknownReplies: 0, callbackErrors: 0, inFlight: 0, queued: 0, streams: 0, bytesRead: 0, bytesWritten: 0 };

  const session: RouterSession & { end: (error: RouterOsError) => void } = {
    async command(path, attributes = {}, { signal, timeoutMs = COMMAND_TIMEOUT_MS, queries, proplist } = {}) {
      if (ended) throw new RouterOsError('CLOSED', ended.message, { command: path, cause: ended });
      counts.commands += 1;
      const params = { path, attributes, timeoutMs, queries, proplist };
      return (await client.call('command', routerId, params, { timeoutMs: timeoutMs + GRACE_MS, writes: !reads(path), ...(signal ? { signal } : {}) })) as Awaited<ReturnType<RouterSession['command']>>;
    },
    async print(menu, options = {}) {
      return (await session.command(`${menu}/print`, {}, { ...options, queries: queriesOf(options) })).rows;
    },
    async count(menu, options = {}) {
      return countOf(menu, await session.command(`${menu}/print`, { 'count-only': '' }, { ...options, queries: queriesOf(options) }));
    },
    stream(path, attributes, { onRow, onEnd, signal, queries, proplist }) {
      let resolveEnded!: (error: RouterOsError | null) => void;
      const over = new Promise<RouterOsError | null>((resolve) => {
        resolveEnded = resolve;
      });
      const cancel = client.open(routerId, { path, attributes, queries, proplist }, {
        onRow,
        onEnd(error) {
          signal?.removeEventListener('abort', cancel);
          resolveEnded(error);
          onEnd?.(error);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      return { cancel: async () => cancel(), ended: over };
    },
    close(reason = 'the session was closed') {
      session.end(new RouterOsError('CLOSED', `${where}: ${reason}`));
    },
    end(error) {
      if (ended) return;
      ended = error;
      resolveClosed(error);
    },
    closed,
    get isClosed() {
      return ended !== null;
    },
    counters: counts as SessionCounters,
  };
  return session;
}

/** Items one by one, as they are read here: the owner's queue for this reader joins what comes faster. */
function watchRemote<T>(client: PeerClient, routerId: string, params: object): AsyncIterableIterator<T, void, void> {
  const { id, cancel } = client.begin('watch', routerId, params);
  let over = false;
  let leave: (() => void) | undefined;
  const left = new Promise<IteratorResult<T, void>>((resolve) => {
    leave = () => resolve({ done: true, value: undefined });
  });
  return {
    next() {
      if (over) return left;
      const item = client.call('next', routerId, { watch: id }).catch(() => ({ done: true, value: undefined })) as Promise<IteratorResult<T, void>>;
      return Promise.race([item, left]);
    },
    return() {
      if (!over) cancel();
      over = true;
      leave?.();
      return left;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
