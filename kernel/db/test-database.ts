import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { busMigrations } from '#kernel/bus/bus.store.ts';
import { silentLogger, type Logger } from '#kernel/logs.ts';
import { connect } from './connection.ts';
import { lockKey, openDatabase, type Database } from './database.ts';
import { migrate, type MigrationSet } from './migrate.ts';
import { bootstrapRoles } from './roles.ts';
import { formatDatabaseUrl, parseDatabaseUrl } from './url.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser URLs of the PostgreSQL servers that `tests/support/global-postgres.ts` started for this run: one a worker. */
    postgresAdminUrls: string[];
  }
}

export interface TestDatabase {
  database: Database;
  /** The login without rights of its own, as in the product. */
  url: string;
  /** Closes and removes it. */
  drop(): Promise<void>;
}

/** Superuser URL of the PostgreSQL that serves this worker's tests, and nobody else's while they run. */
export function testPostgres(): string {
  const urls = inject('postgresAdminUrls');
  return urls[(Number(process.env.VITEST_POOL_ID ?? 1) - 1) % urls.length]!;
}

/**
 * A database of one's own with the bus and the given subgraphs' schemas in it: a clone of a template that is made once a
 * run for each set of migrations. One a test file (`beforeAll` … `afterAll(drop)`). Do not hold transactions open in it: that
 * holds up the bus of every database of the server; a test that must starts its own with `startEmbeddedPostgres`.
 */
export async function testDatabase(options: { migrations?: readonly MigrationSet[]; subgraphs?: readonly string[]; log?: Logger; max?: number } = {}): Promise<TestDatabase> {
  const adminUrl = testPostgres();
  const log = options.log ?? silentLogger;
  const sets = [busMigrations, ...(options.migrations ?? [])];
  const subgraphs = [...new Set([...(options.migrations ?? []).map((set) => set.subgraph), ...(options.subgraphs ?? [])])].sort();
  const hash = fingerprint(sets, subgraphs);
  const template = `template_${hash}`;
  const name = `test_${hash.slice(0, 6)}_${randomBytes(5).toString('hex')}`;
  const onAdmin = parseDatabaseUrl(adminUrl);
  const urlOf = (database: string, user: string): string => formatDatabaseUrl({ ...onAdmin, user, database });

  const admin = await connect(onAdmin, { applicationName: 'test set-up' });
  try {
    // The lock is of the database the administrator is in, which all test processes share.
    await admin.run('select pg_advisory_lock($1::bigint)', [lockKey('template')]);
    const [found] = await admin.run('select true as present from pg_database where datname = $1', [template]);
    if (!found) {
      const half = `${template}_half`;
      await admin.run(`drop database if exists ${half}`);
      await admin.run(`create database ${half}`);
      await bootstrapRoles({ url: urlOf(half, onAdmin.user), login: 'headend', subgraphs, log });
      await migrate(urlOf(half, 'headend'), sets, { log });
      await admin.run(`alter database ${half} rename to ${template}`);
    }
    await admin.run(`create database ${name} template ${template} strategy file_copy`);
    // Rights on the database itself are not cloned.
    await admin.run(`grant connect, create, temporary on database ${name} to headend, headend_system`);
  } finally {
    await admin.end();
  }

  const url = urlOf(name, 'headend');
  const database = openDatabase({ url, applicationName: 'test', log, ...(options.max ? { max: options.max } : {}) });
  return {
    database,
    url,
    async drop() {
      await database.close();
      const again = await connect(onAdmin, { applicationName: 'test clean-up' });
      try {
        await again.run(`drop database if exists ${name} with (force)`);
      } finally {
        await again.end();
      }
    },
  };
}

/** Changes with every byte of the migrations. */
function fingerprint(sets: readonly MigrationSet[], subgraphs: readonly string[]): string {
  const hash = createHash('sha256').update(subgraphs.join());
  for (const set of sets) {
    hash.update(`${set.subgraph} ${set.schema ?? ''}`);
    for (const file of readdirSync(set.folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.(sql|json)$/.test(file)) hash.update(file).update(readFileSync(new URL(file, set.folder)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
