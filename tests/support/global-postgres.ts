import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createLogin, startEmbeddedPostgres } from '#kernel/db/embedded-postgres.ts';
import { bootstrapRoles } from '#kernel/db/roles.ts';
import { silentLogger } from '#kernel/logs.ts';

const PREFIX = 'headend-test-';

/**
 * A PostgreSQL for each worker of the run (without fsync); `testDatabase` clones databases in it. One for all would do but for
 * long transactions: one of them holds back the bus of every database of its server, so what a test file disturbs must be its
 * own. `HEADEND_TEST_POSTGRES`, a superuser's URL, names a server of another version to run on instead, one file at a time.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.HEADEND_TEST_POSTGRES;
  if (given) {
    await createLogin(given);
    await bootstrapRoles({ url: given, login: 'headend', subgraphs: [], log: silentLogger });
    project.provide('postgresAdminUrls', [given]);
    return async () => {};
  }
  removeLeftOvers();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const servers = await Promise.all(
    Array.from({ length: project.config.maxWorkers ?? 1 }, async (_, worker) => {
      const server = await startEmbeddedPostgres({ dataDir: join(folder, `pg-${worker + 1}`), log: silentLogger, durable: false, maxConnections: 300 });
      await bootstrapRoles({ url: server.adminUrl, login: 'headend', subgraphs: [], log: silentLogger });
      return server;
    }),
  );
  project.provide('postgresAdminUrls', servers.map(({ adminUrl }) => adminUrl));
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Folders of runs that were killed. */
function removeLeftOvers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (!pid) continue;
    try {
      process.kill(Number(pid), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}
