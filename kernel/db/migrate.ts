import { fileURLToPath } from 'node:url';
import { silentLogger, type Logger } from '#kernel/logs.ts';
import { connect, type Connection } from './connection.ts';
import { lockKey, roleOf, SYSTEM_ROLE, type Database } from './database.ts';
import { type MigrationMeta, readMigrationFiles } from './drizzle.ts';
import { openTx, type Tx } from './tx.ts';
import { parseDatabaseUrl } from './url.ts';

/** The reviewed SQL of one subgraph: `folder/0000_name.sql` and `folder/meta/_journal.json`. */
export interface MigrationSet {
  /** Names the table of applied migrations and the role that gets rights on the schema. */
  subgraph: string;
  /** The PostgreSQL schema it owns; default: the subgraph's name. */
  schema?: string;
  folder: URL;
}

/**
 * Applies what has not been applied yet, in order, as `headend_system`, under an advisory lock: two processes may start
 * at once. All pending migrations of one set commit together or not at all. The schema is created here, and tables made
 * in it are open to the subgraph's role by default (select, insert, update, delete); a migration revokes what goes too far.
 * @throws Error when an applied migration was edited afterwards, or when a new one bears an older date than an applied one
 * (it would be passed over in silence).
 */
export async function migrate(database: Pick<Database, 'url'> | string, sets: MigrationSet | readonly MigrationSet[], options: { log?: Logger } = {}): Promise<void> {
  const log = options.log ?? silentLogger;
  const url = typeof database === 'string' ? database : database.url;
  const connection = await connect(parseDatabaseUrl(url), {
    applicationName: 'headend migrate',
    log,
    settings: { lock_timeout: '120000', idle_in_transaction_session_timeout: '600000' },
  });
  try {
    for (const set of Array.isArray(sets) ? (sets as readonly MigrationSet[]) : [sets as MigrationSet]) await migrateSet(connection, set, log);
  } finally {
    await connection.end();
  }
}

async function migrateSet(connection: Connection, set: MigrationSet, log: Logger): Promise<void> {
  const folder = fileURLToPath(set.folder).replace(/\/$/, '');
  const migrations = readMigrationFiles({ migrationsFolder: folder });
  const schema = set.schema ?? set.subgraph;
  if (!/^[a-z][a-z0-9_]*$/.test(schema)) throw new Error(`Not a schema name: ${JSON.stringify(schema)}`);
  await connection.run(`begin; set local role "${SYSTEM_ROLE}"`);
  try {
    if (pendingOf(set, migrations, await applied(connection, set)).length === 0) {
      await connection.run('rollback');
      return;
    }
    await connection.run('select pg_advisory_xact_lock($1::bigint)', [lockKey('migrate')]);
    const pending = pendingOf(set, migrations, await applied(connection, set));
    if (pending.length > 0) {
      await openSchema(connection, schema, set.subgraph);
      const started = Date.now();
      const { tx, close } = openTx(connection, () => {});
      await applyAll(tx, migrations, set.subgraph);
      close();
      log.info({ subgraph: set.subgraph, migrations: pending.length, ms: Date.now() - started }, 'Database migrated');
    }
    await connection.run('commit');
  } catch (error) {
    await connection.run('rollback').catch(() => {});
    throw new Error(`Migrations of ${set.subgraph}: ${rootMessage(error)}`, { cause: error });
  }
}

/** Hash and date of what the database says was applied, oldest first; empty when there is no table yet. */
async function applied(connection: Connection, set: MigrationSet): Promise<Array<{ hash: string; createdAt: number }>> {
  const [table] = await connection.run('select to_regclass($1) is not null as present', [`drizzle."${set.subgraph}"`]);
  if (!table!.present) return [];
  const rows = await connection.run(`select hash, created_at::text as created_at from drizzle."${set.subgraph}" order by created_at, id`);
  return rows.map((row) => ({ hash: row.hash as string, createdAt: Number(row.created_at) }));
}

function pendingOf(set: MigrationSet, migrations: MigrationMeta[], done: Array<{ hash: string; createdAt: number }>): MigrationMeta[] {
  const newest = done.at(-1)?.createdAt ?? -1;
  const byDate = new Map(done.map((row) => [row.createdAt, row.hash]));
  for (const migration of migrations) {
    const hash = byDate.get(migration.folderMillis);
    if (hash === undefined && migration.folderMillis <= newest) {
      throw new Error(`a migration dated ${migration.folderMillis} in ${set.subgraph}'s journal is older than one that was applied; give it a newer "when"`);
    }
    if (hash !== undefined && hash !== migration.hash) {
      throw new Error(`the migration dated ${migration.folderMillis} of ${set.subgraph} was edited after it had been applied; write a new one instead`);
    }
  }
  return migrations.filter((migration) => migration.folderMillis > newest);
}

async function openSchema(connection: Connection, schema: string, subgraph: string): Promise<void> {
  const role = subgraph === 'bus' ? undefined : roleOf(subgraph);
  await connection.run(`create schema if not exists "${schema}"`);
  if (!role) return;
  await connection.run(
    `grant usage on schema "${schema}" to "${role}";
     alter default privileges in schema "${schema}" grant select, insert, update, delete on tables to "${role}";
     alter default privileges in schema "${schema}" grant usage, select on sequences to "${role}"`,
  );
}

/** drizzle's own migrator; `create schema "x"`, as drizzle-kit writes it, must not fail on the schema we made. */
async function applyAll(tx: Tx, migrations: MigrationMeta[], table: string): Promise<void> {
  const tolerant = migrations.map((migration) => ({
    ...migration,
    sql: migration.sql.map((text) => text.replace(/^(\s*create\s+schema\s+)(?!if\b)/gim, '$1if not exists ')),
  }));
  const migrator = tx as unknown as { dialect: { migrate(m: MigrationMeta[], session: unknown, config: object): Promise<void> }; session: unknown };
  await migrator.dialect.migrate(tolerant, migrator.session, { migrationsSchema: 'drizzle', migrationsTable: table });
}

/** The server's own words beneath drizzle's wrapping, which repeats the whole statement. */
function rootMessage(error: unknown): string {
  let at = error as { message?: string; cause?: unknown; query?: string };
  while (at.cause && typeof at.cause === 'object') at = at.cause as typeof at;
  return at.message ?? String(error);
}
