import net from 'node:net';
import postgres from 'postgres';
import type { Logger } from '#kernel/logs.ts';
import { arrayTypes } from './array-types.ts';
import { unavailable } from './errors.ts';
import type { ConnectionTarget } from './url.ts';

/** What a query answers: its rows, with the command that ran and how many rows it touched. */
export interface QueryResult extends Array<Record<string, unknown>> {
  /** `SELECT`, `COMMIT`, … as the server named it; the last one of several statements. */
  command: string;
  count: number;
}

/**
 * One physical connection, in the hands of one postgres.js client that never reconnects: when it is lost it stays lost.
 * postgres.js' own pool would run what is still queued on a fresh connection, outside the transaction it belongs to, and
 * a query on a reserved connection that has gone brings the whole process down (a write to a null socket).
 */
export interface Connection {
  /** The postgres.js client (max 1). Queries are pipelined in the order in which they are issued. */
  readonly client: postgres.Sql;
  /** Why the connection is gone; undefined while it is usable. */
  readonly lost: Error | undefined;
  /** Runs SQL; several statements only without parameters. Parametrised ones are prepared once per connection. */
  run(text: string, params?: unknown[]): Promise<QueryResult>;
  /** Notes a query that was issued on `client` itself, for `stalledMs`. */
  watch(query: PromiseLike<unknown>): void;
  /** For how long the server has owed an answer without giving any; 0 when it owes none. */
  readonly stalledMs: number;
  /** Cuts it off at once: everything under way fails. */
  destroy(reason: Error): void;
  /** How many different parametrised statements were prepared on it: each costs the server memory. */
  readonly prepared: Set<string>;
  /** Closes it, waiting at most a second for what is under way. Never throws. */
  end(): Promise<void>;
}

export interface ConnectOptions {
  applicationName: string;
  /** Server settings of the session (`statement_timeout`: '15000', …). */
  settings?: Record<string, string>;
  /** Bound on reaching the server, in milliseconds. */
  connectTimeoutMs?: number;
  log?: Logger;
  onNotify?: (channel: string, payload: string) => void;
  /** Called once when the opened connection is lost or has been ended; a log-in that fails rejects `connect` instead. */
  onLost?: (connection: Connection) => void;
}

/** Opens one connection; resolves when the server has accepted the login. */
export async function connect(target: ConnectionTarget, options: ConnectOptions): Promise<Connection> {
  const timeoutMs = options.connectTimeoutMs ?? 5_000;
  const socket = await openSocket(target, timeoutMs);
  let handedOver = false;
  let lost: Error | undefined;
  let opened = false;
  const prepared = new Set<string>();
  let owed = 0;
  let lastAnswer = 0;
  const answered = (): void => {
    owed -= 1;
    lastAnswer = performance.now();
  };

  const settings = {
    // Not in the published types: the hooks and the socket factory of postgres.js 3.4.
    onnotify: (channel: string, payload: string) => options.onNotify?.(channel, payload),
    socket: () => {
      if (handedOver) throw unavailable('CONNECTION_CLOSED', 'The database connection was lost');
      handedOver = true;
      return socket;
    },
  };
  const client = postgres({
    host: target.host,
    port: target.port,
    user: target.user,
    pass: target.password ?? '',
    database: target.database,
    max: 1,
    ssl: target.ssl === 'off' ? false : target.ssl === 'verify' ? 'verify-full' : target.ssl,
    idle_timeout: 0,
    max_lifetime: 0,
    connect_timeout: Math.ceil(timeoutMs / 1000),
    backoff: () => 0,
    fetch_types: false,
    types: arrayTypes,
    prepare: true,
    connection: { application_name: options.applicationName, ...options.settings },
    onnotice: (notice) => options.log?.debug({ notice: notice.message }, 'PostgreSQL notice'),
    onclose: () => markLost(unavailable('CONNECTION_CLOSED', 'The database connection was lost')),
    ...settings,
  } as postgres.Options<Record<string, postgres.PostgresType>>);

  function markLost(reason: Error): void {
    if (lost) return;
    lost = reason;
    // With a time-out, always: without one it never settles after a backend crash.
    void client.end({ timeout: 0 }).catch(() => {});
    socket.destroy();
    if (opened) options.onLost?.(connection);
  }

  const connection: Connection = {
    client,
    prepared,
    get lost() {
      return lost;
    },
    run(text, params = []) {
      if (lost) return Promise.reject(lost);
      if (params.length > 0) prepared.add(text);
      const query = client.unsafe(text, params as never[], { prepare: true });
      connection.watch(query);
      return query as unknown as Promise<QueryResult>;
    },
    watch(query) {
      if (owed === 0) lastAnswer = performance.now();
      owed += 1;
      // Also keeps a failure that nobody awaits (the sibling of a Promise.all failed first) from ending the process.
      query.then(answered, answered);
    },
    get stalledMs() {
      return owed === 0 ? 0 : performance.now() - lastAnswer;
    },
    destroy: markLost,
    async end() {
      if (lost) return;
      await client.end({ timeout: 1 }).catch(() => {});
      markLost(unavailable('CONNECTION_CLOSED', 'The database connection was closed'));
    },
  };
  try {
    await connection.run('select 1');
    opened = true;
    // Before postgres.js rejects the queries under way: whoever hears of a failure must find the connection marked. (Set
    // after the log-in, because postgres.js drops all listeners when it changes to TLS.)
    for (const event of ['error', 'end', 'close']) {
      socket.prependListener(event, () => markLost(unavailable('CONNECTION_CLOSED', 'The database connection was lost')));
    }
  } catch (error) {
    markLost(error as Error);
    throw error;
  }
  return connection;
}

function openSocket(target: ConnectionTarget, timeoutMs: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = target.host.startsWith('/')
      ? net.connect(`${target.host}/.s.PGSQL.${target.port}`)
      : net.connect(target.port, target.host);
    // postgres.js reads the server's name for TLS from here.
    Object.assign(socket, { host: target.host, port: target.port });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(unavailable('CONNECT_TIMEOUT', `The database did not answer within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', onError);
      socket.setNoDelay(true);
      resolve(socket);
    });
    function onError(error: Error): void {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    }
    socket.once('error', onError);
  });
}
