import { createHash, randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#kernel/config.ts';
import { UserError } from './user-error.ts';

/** Where an installation without a DATABASE_URL keeps what must survive a restart. */
export interface Installation {
  /** The embedded database's own folder. */
  postgresDir: string;
  /** The journal of the simulated router. */
  routerStateFile: string;
  /** Control of the simulated router by `headend sandbox router`. */
  routerControlSocket: string;
  /** Control of the fleet that `headend sandbox routers` started. */
  fleetControlSocket: string;
  secret: string;
}

/** Paths below the data folder; they need not exist. */
export function installationPaths(dataDir: string): Omit<Installation, 'secret'> & { secretFile: string } {
  return {
    postgresDir: join(dataDir, 'postgres'),
    routerStateFile: join(dataDir, 'sandbox', 'router.journal'),
    routerControlSocket: socketPath(dataDir, 'router'),
    fleetControlSocket: socketPath(dataDir, 'fleet'),
    secretFile: join(dataDir, 'secret'),
  };
}

/** A Unix socket's path has about 100 bytes: below a deep data folder it moves to the system's folder for temporary files. */
function socketPath(dataDir: string, of: 'router' | 'fleet'): string {
  const path = join(dataDir, 'sandbox', `${of}.sock`);
  if (Buffer.byteLength(path) <= 100) return path;
  return join(tmpdir(), `headend-${of}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}.sock`);
}

/** Makes the data folder and its secret where they are missing. Never replaces what is there. */
export function openInstallation(config: Config): Installation {
  const { secretFile, ...paths } = installationPaths(config.dataDir);
  try {
    mkdirSync(join(config.dataDir, 'sandbox'), { recursive: true, mode: 0o700 });
    accessSync(config.dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UserError(`The data folder ${config.dataDir} cannot be used: ${(error as Error).message}. Set HEADEND_DATA to another one.`);
  }
  return { ...paths, secret: config.secret ?? readSecret(secretFile, paths.postgresDir) };
}

function readSecret(file: string, postgresDir: string): string {
  if (existsSync(file)) {
    let secret: string;
    try {
      secret = readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw new UserError(`${file} cannot be read: ${(error as Error).message}. Headend needs the right to it; it signs tokens and opens sealed passwords.`);
    }
    if (secret.length < 32) throw new UserError(`${file} holds no usable secret (32 characters or more). Restore it from a backup: without it sealed router and PPP passwords cannot be opened.`);
    return secret;
  }
  // A database without its secret has passwords that nothing can open: making a new secret would hide that until a
  // router is dialled.
  if (existsSync(join(postgresDir, 'PG_VERSION'))) {
    throw new UserError(`${file} is missing, but there is a database beside it. Restore the file from a backup, or empty the sandbox with: npm run reset`);
  }
  const secret = randomBytes(32).toString('base64url');
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
  return secret;
}
