import { isUnavailable, unavailable } from './errors.ts';
import type { Connection } from './connection.ts';

export interface PoolOptions {
  /** Upper bound of open connections. */
  max: number;
  /** Opens one connection; `onLost` must be called when it is gone. */
  open: (onLost: (connection: Connection) => void) => Promise<Connection>;
  /** How long a caller waits for a free connection before it is refused, in milliseconds. */
  waitMs: number;
  /** How long a caller waits for a server that cannot be reached (it may be restarting), in milliseconds. */
  patienceMs: number;
  /** A server that has owed an answer for so long is taken for gone (a cut line says nothing), in milliseconds. */
  stallMs: number;
}

/** Connections, lent one at a time; waits are bounded and first come, first served. */
export interface Pool {
  lease(): Promise<Connection>;
  /** Gives a connection back. Statements already sent on it (a closing commit) may still be under way. */
  release(connection: Connection): void;
  /** Open connections and callers waiting for one. */
  stats(): { open: number; idle: number; waiting: number };
  close(): Promise<void>;
}

interface Waiter {
  since: number;
  timer: NodeJS.Timeout;
  resolve: (connection: Connection) => void;
  reject: (error: Error) => void;
}

const IDLE_MS = 60_000;
const LIFETIME_MS = 60 * 60_000;
/** Each prepared statement costs the server some 10 to 50 KB; a connection that has collected this many is replaced. */
const PREPARED_MAX = 400;
const RETRY_MS = 50;

export function makePool(options: PoolOptions): Pool {
  const idle: Connection[] = [];
  const all = new Map<Connection, { openedAt: number; idleSince: number }>();
  const waiters: Waiter[] = [];
  const leased = new Set<Connection>();
  let opening = 0;
  let retry: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  let drained: (() => void) | undefined;

  const reaper = setInterval(() => {
    for (const connection of all.keys()) {
      if (connection.stalledMs > options.stallMs) connection.destroy(unavailable('CONNECTION_CLOSED', `The database gave no answer for ${options.stallMs} ms`));
    }
    const before = Date.now() - IDLE_MS;
    // The list is used from its end, so the longest unused stand at its beginning.
    while (idle[0] && (all.get(idle[0])?.idleSince ?? 0) < before) discard(idle.shift()!);
  }, Math.min(options.stallMs / 2, 30_000));
  reaper.unref();

  function discard(connection: Connection): void {
    all.delete(connection);
    void connection.end();
  }

  function onLost(connection: Connection): void {
    all.delete(connection);
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    if (!leased.has(connection)) pump();
  }

  function pump(): void {
    while (waiters.length > 0 && idle.length > 0) {
      const waiter = waiters.shift()!;
      clearTimeout(waiter.timer);
      const connection = idle.pop()!;
      leased.add(connection);
      waiter.resolve(connection);
    }
    if (retry || closing) return;
    while (opening < waiters.length && all.size + opening < options.max) void openOne();
  }

  async function openOne(): Promise<void> {
    opening += 1;
    try {
      const connection = await options.open(onLost);
      opening -= 1;
      if (closing) return void connection.end();
      if (!connection.lost) {
        all.set(connection, { openedAt: Date.now(), idleSince: Date.now() });
        idle.push(connection);
      }
    } catch (error) {
      opening -= 1;
      const patient = isUnavailable(error) && waiters.some((waiter) => Date.now() - waiter.since < options.patienceMs);
      while (waiters[0] && !(patient && Date.now() - waiters[0].since < options.patienceMs)) {
        const waiter = waiters.shift()!;
        clearTimeout(waiter.timer);
        waiter.reject(error as Error);
        if (!isUnavailable(error)) break;
      }
      if (patient && !retry && !closing) {
        retry = setTimeout(() => {
          retry = undefined;
          pump();
        }, RETRY_MS);
      }
    }
    pump();
  }

  return {
    lease() {
      if (closing) return Promise.reject(unavailable('POOL_CLOSED', 'The database is being closed'));
      if (waiters.length === 0 && idle.length > 0) {
        const connection = idle.pop()!;
        leased.add(connection);
        return Promise.resolve(connection);
      }
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          since: Date.now(),
          resolve,
          reject,
          timer: setTimeout(() => {
            waiters.splice(waiters.indexOf(waiter), 1);
            reject(unavailable('POOL_TIMEOUT', `No database connection was free within ${options.waitMs} ms`));
          }, options.waitMs),
        };
        waiters.push(waiter);
        pump();
      });
    },
    release(connection) {
      leased.delete(connection);
      const entry = all.get(connection);
      if (connection.lost || !entry) {
        all.delete(connection);
      } else if (closing || connection.prepared.size > PREPARED_MAX || Date.now() - entry.openedAt > LIFETIME_MS) {
        discard(connection);
      } else {
        entry.idleSince = Date.now();
        idle.push(connection);
      }
      pump();
      if (leased.size === 0) drained?.();
    },
    stats: () => ({ open: all.size, idle: idle.length, waiting: waiters.length }),
    close() {
      closing ??= (async () => {
        clearInterval(reaper);
        clearTimeout(retry);
        for (const waiter of waiters.splice(0)) {
          clearTimeout(waiter.timer);
          waiter.reject(unavailable('POOL_CLOSED', 'The database is being closed'));
        }
        // What is under way may finish, for five seconds.
        if (leased.size > 0) {
          let timer: NodeJS.Timeout | undefined;
          await Promise.race([
            new Promise<void>((resolve) => (drained = resolve)),
            new Promise<void>((resolve) => (timer = setTimeout(resolve, 5_000))),
          ]);
          clearTimeout(timer);
        }
        await Promise.all([...all.keys()].map((connection) => connection.end()));
      })();
      return closing;
    },
  };
}
