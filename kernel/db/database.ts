import type { PoolConfig } from 'pg';
import { isUuid } from '#kernel/ids.ts';
import type { Logger } from '#kernel/logs.ts';
import { connect } from './connection.ts';
import { unavailable } from './errors.ts';
import { makeListener } from './listener.ts';
import { makePool } from './pool.ts';
import { openTx, type Tx } from './tx.ts';
import { parseDatabaseUrl } from './url.ts';

export type { Tx } from './tx.ts';

export { isCheckViolation, isExclusionViolation, isForeignKeyViolation, isSerializationFailure, isUnavailable, isUniqueViolation, sqlState } from './errors.ts';

export interface DatabaseOptions {
  /** `postgresql://user:password@host/database`, or `…?host=/directory` for a Unix socket. */
  url: string;
  /** Upper bound of the pool; 16. */
  max?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  log: Logger;
  /** The server ends a statement that runs longer; 15,000 ms. */
  statementTimeoutMs?: number;
  /** A server that owes an answer for longer is taken for gone; 5 s above `statementTimeoutMs`. */
  stallMs?: number;
  /** How long a caller waits for a free connection; 10,000 ms. */
  poolWaitMs?: number;
  /** How long a caller waits for a server that is down or restarting; 2,000 ms. */
  patienceMs?: number;
}

/** One statement of a transaction's work; begin, role, tenant and commit are not counted. */
export interface StatementSeen {
  text: string;
  role: string;
  /** `read`, `write` or `system`: the call it belongs to. */
  mode: 'read' | 'write' | 'system';
}

/** A process's way to PostgreSQL: one pool, one LISTEN connection. */
export interface Database {
  readonly url: string;
  /** Told of every statement; for tests and benchmarks that hold a query budget. */
  onStatement: ((statement: StatementSeen) => void) | undefined;
  /** @param role the subgraph's name or role: `network` and `headend_network` are the same. */
  forSubgraph(role: string): SubgraphDatabase;
  /**
   * LISTEN on one dedicated connection. It reconnects by itself; `onNotify` is also called once, with an empty payload,
   * after each reconnect, because a notification may have been missed. Resolves to the function that stops it.
   */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  /**
   * A lock that one holder at a time has across all processes on this database, on a connection of its own (never a
   * transaction). Resolves to undefined when another holds it and `waitMs` (0) is over.
   */
  holdLock(name: string, options?: { waitMs?: number; onLost?: () => void }): Promise<HeldLock | undefined>;
  /** Options of node-postgres for the same database (DBOS). */
  pgOptions(): PoolConfig;
  /** Open, idle and waited-for connections. */
  stats(): { open: number; idle: number; waiting: number };
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Lets running transactions finish (5 s), then closes. Safe to call twice. */
  close(): Promise<void>;
}

export interface HeldLock {
  release(): Promise<void>;
}

/** The database as one subgraph's role sees it. */
export interface SubgraphDatabase {
  /**
   * A read-only transaction inside one tenant, in one flight: begin, role, tenant and the first query leave together and
   * the commit is not waited for. Without any row of another tenant, whatever the query forgets.
   * @throws Error when `tenantId` is not a UUID.
   */
  read<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A read-write transaction inside one tenant. Commits when `work` resolves, rolls back when it rejects. Never retries. */
  write<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * A read-write transaction as `headend_system`, which sees all tenants: log-in look-up, background listings of
   * (tenant, id), global tables. Work on a tenant's rows belongs in `read` and `write`.
   */
  system<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** The role that owns every schema and sees every tenant. */
export const SYSTEM_ROLE = 'headend_system';

/** `network` → `headend_network`; a role's name is answered as it is. */
export function roleOf(subgraph: string): string {
  const role = subgraph.startsWith('headend_') ? subgraph : `headend_${subgraph}`;
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(role)) throw new Error(`Not a role name: ${JSON.stringify(subgraph)}`);
  return role;
}

/** Session settings of every pooled connection. */
const IDLE_IN_TRANSACTION_MS = 30_000;

export function openDatabase(options: DatabaseOptions): Database {
  const target = parseDatabaseUrl(options.url);
  const pool = makePool({
    max: options.max ?? 16,
    waitMs: options.poolWaitMs ?? 10_000,
    patienceMs: options.patienceMs ?? 2_000,
    stallMs: options.stallMs ?? (options.statementTimeoutMs ?? 15_000) + 5_000,
    open: (onLost) =>
      connect(target, {
        applicationName: options.applicationName,
        log: options.log,
        settings: {
          statement_timeout: String(options.statementTimeoutMs ?? 15_000),
          idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_MS),
        },
        onLost,
      }),
  });
  const listener = makeListener(target, { applicationName: options.applicationName, log: options.log });

  const database: Database = {
    url: options.url,
    onStatement: undefined,
    forSubgraph(subgraph) {
      const role = roleOf(subgraph);
      return {
        async read(tenantId, work) {
          return transact('read', role, tenantSetting(tenantId), work);
        },
        async write(tenantId, work) {
          return transact('write', role, tenantSetting(tenantId), work);
        },
        system: (work) => transact('system', SYSTEM_ROLE, '', work),
      };
    },
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    async holdLock(name, { waitMs = 0, onLost } = {}) {
      let released = false;
      const connection = await connect(target, {
        applicationName: `${options.applicationName} (lock ${name})`.slice(0, 63),
        log: options.log,
        onLost: () => {
          if (!released) onLost?.();
        },
      });
      const release = async (): Promise<void> => {
        released = true;
        await connection.end();
      };
      try {
        const [row] = await connection.run('select pg_try_advisory_lock($1::bigint) as held', [lockKey(name)]);
        if (!row!.held) {
          if (waitMs <= 0) return void (await release());
          await connection.run(`set lock_timeout = ${Math.ceil(waitMs)}`);
          await connection.run('select pg_advisory_lock($1::bigint)', [lockKey(name)]);
        }
        return { release };
      } catch (error) {
        await release();
        if ((error as { code?: string }).code === '55P03') return undefined;
        throw error;
      }
    },
    pgOptions: () => ({
      host: target.host,
      port: target.port,
      user: target.user,
      database: target.database,
      ...(target.password === undefined ? {} : { password: target.password }),
      ssl: target.ssl === 'off' || target.ssl === 'prefer' ? false : { rejectUnauthorized: target.ssl === 'verify' },
      application_name: options.applicationName,
    }),
    stats: () => pool.stats(),
    async ping() {
      const connection = await pool.lease();
      try {
        await connection.run('select 1');
      } finally {
        pool.release(connection);
      }
    },
    async close() {
      await Promise.all([listener.close(), pool.close()]);
    },
  };

  async function transact<T>(mode: StatementSeen['mode'], role: string, tenant: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const connection = await pool.lease();
    const lease = openTx(connection, (text) => database.onStatement?.({ text, role, mode }));
    // One message of several statements: the server runs none of what follows the first that fails, so nothing of the
    // work can ever run outside the transaction or in another role. It is not awaited: the first query rides along.
    const begun = connection.run(`begin${mode === 'read' ? ' read only' : ''}; set local role "${role}"${tenant}`);
    begun.catch(() => {});
    try {
      let result: T;
      try {
        result = await work(lease.tx);
        await begun;
      } catch (error) {
        lease.close();
        connection.run('rollback').catch(() => {});
        // If the transaction could not begin, that is the reason, not the query that met it.
        await begun;
        throw connection.lost && !hasCode(error) ? withCause(connection.lost, error) : error;
      }
      lease.close();
      if (mode === 'read') {
        connection.run('commit').catch(() => {});
      } else {
        const done = await connection.run('commit');
        if (done.command !== 'COMMIT') {
          throw new Error('The transaction was rolled back: one of its statements had failed and the failure was passed over');
        }
      }
      return result;
    } finally {
      pool.release(connection);
    }
  }

  return database;
}

function tenantSetting(tenantId: string): string {
  if (!isUuid(tenantId)) throw new Error('The tenant id is not a UUID');
  return `; set local app.tenant_id = '${tenantId}'`;
}

function hasCode(error: unknown): boolean {
  for (let at: unknown = error; at && typeof at === 'object'; at = (at as { cause?: unknown }).cause) {
    if (typeof (at as { code?: unknown }).code === 'string') return true;
  }
  return false;
}

function withCause(lost: Error, cause: unknown): Error {
  return unavailable('CONNECTION_CLOSED', lost.message, cause);
}

/** A 63-bit key of pg_advisory_lock from a name (FNV-1a), as text. */
export function lockKey(name: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(`headend:${name}`)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return (hash >> 1n).toString();
}
