import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { defineCommand } from 'citty';
import { loadConfig } from '#kernel/config.ts';
import { lockFolder } from '#kernel/db/folder-lock.ts';
import { installationPaths } from '../composition/installation.ts';
import { UserError } from '../composition/user-error.ts';
import { guarded } from './guard.ts';

export default defineCommand({
  meta: { name: 'reset', description: 'Empty the sandbox: its database, its router, its secret. Not for an installation with a DATABASE_URL.' },
  run: () =>
    guarded(async () => {
      const config = loadConfig();
      // Dropping somebody's real database is never this command's business.
      if (config.databaseUrl !== undefined) throw new UserError('DATABASE_URL is set; reset empties only the embedded sandbox.');
      const { postgresDir, routerStateFile, secretFile } = installationPaths(config.dataDir);
      if (!existsSync(config.dataDir)) {
        console.log(`headend: ${config.dataDir} does not exist; there is nothing to empty.`);
        return;
      }
      let lock;
      try {
        lock = lockFolder(postgresDir);
      } catch (error) {
        throw new UserError((error as Error).message);
      }
      // Only what Headend itself made: the folder may be one that the operator keeps other things in.
      for (const made of [postgresDir, dirname(routerStateFile), secretFile]) rmSync(made, { recursive: true, force: true });
      lock.release();
      rmSync(`${postgresDir}.lock`, { force: true });
      console.log(`headend: the sandbox in ${config.dataDir} is empty. npm start fills it anew.`);
    }),
});
