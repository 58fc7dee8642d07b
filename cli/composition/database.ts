import type { Config } from '#kernel/config.ts';
import { busMigrations } from '#kernel/bus/bus.ts';
import { openDatabase, type Database } from '#kernel/db/database.ts';
import { startEmbeddedPostgres } from '#kernel/db/embedded-postgres.ts';
import { migrate } from '#kernel/db/migrate.ts';
import { bootstrapRoles } from '#kernel/db/roles.ts';
import type { Logger } from '#kernel/logs.ts';
import type { SubgraphBlueprint } from '#kernel/subgraph/define-subgraph.ts';
import { UserError } from './user-error.ts';

export interface OpenedDatabase {
  database: Database;
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  config: Config;
  /** The embedded server's folder, used without a DATABASE_URL. */
  postgresDir: string;
  blueprints: readonly SubgraphBlueprint[];
  /** Every subgraph whose role must exist, also those that other processes run. */
  roles: readonly string[];
  applicationName: string;
  log: Logger;
  onLost: (reason: Error) => void;
}

/** The database, ready to serve: started where it is ours to start, roles made, the named subgraphs' schemas migrated. */
export async function openReadyDatabase({ config, postgresDir, blueprints, roles, applicationName, log, onLost }: DatabaseOptions): Promise<OpenedDatabase> {
  const embedded = config.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir: postgresDir, log, onExit: onLost }).catch(asUserError) : undefined;
  const url = embedded?.url ?? config.databaseUrl!;
  try {
    await bootstrapRoles({ url: embedded?.adminUrl ?? url, ...(embedded ? { login: 'headend' } : {}), subgraphs: roles, log });
    await migrate(url, [busMigrations, ...blueprints.map(({ name, migrations }) => ({ subgraph: name, folder: migrations }))], { log });
  } catch (error) {
    await embedded?.stop();
    throw embedded ? error : asReachError(error);
  }
  const database = openDatabase({ url, max: config.databasePool, applicationName, log });
  return {
    database,
    async stop() {
      await database.close();
      await embedded?.stop();
    },
  };
}

/** The supervisor's errors are one clear line each. */
function asUserError(error: unknown): never {
  throw new UserError(error instanceof Error ? error.message : String(error));
}

function asReachError(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT', 'ENOENT', 'CONNECT_TIMEOUT', '28P01', '28000', '3D000'].includes(code)) {
    return new UserError(`The database of DATABASE_URL cannot be used: ${(error as Error).message}`);
  }
  return error instanceof Error && error.message.includes('Let an administrator') ? new UserError(error.message) : error;
}
