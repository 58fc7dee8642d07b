import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Logger } from '#kernel/logs.ts';
import { connect } from './connection.ts';
import { chooseRunAs, findPostgresBinaries, parentDeathPrefix, type PostgresBinaries, type RunAs } from './embedded-binaries.ts';
import { lockFolder } from './folder-lock.ts';
import { formatDatabaseUrl, parseDatabaseUrl } from './url.ts';

export interface EmbeddedPostgresOptions {
  /** Where the cluster lives; created when absent. `<dataDir>.lock` and `<dataDir>.owner` stand beside it. */
  dataDir: string;
  log: Logger;
  /** Called when the server is gone for good (it kept failing, or its folder was removed): the process cannot go on. */
  onExit?: (reason: Error) => void;
  /** False switches fsync off: only for tests, whose data may be lost. */
  durable?: boolean;
  /** 100. */
  maxConnections?: number;
}

export interface EmbeddedPostgres {
  /** For requests: the login `headend` (no superuser, sees no row by itself) on the database `headend`. */
  url: string;
  /** For the set-up of roles only: the superuser. */
  adminUrl: string;
  /** Process id of the running server. */
  readonly pid: number;
  /** Stops the server (fast: running transactions are rolled back) and gives the folder free. */
  stop(): Promise<void>;
  /** Kills the server without warning; resolves when it is gone. The supervisor starts it again. */
  kill9ForTests(): Promise<void>;
}

const PORT = 5432;
/** `sun_path` holds 108 bytes on Linux and 104 on macOS, and `/.s.PGSQL.5432` is 15 of them. */
const SOCKET_DIR_MAX = 85;
const START_TIMEOUT_MS = 60_000;
/** So many failed starts in a row, and we give up. */
const RESTARTS_MAX = 8;

/**
 * Runs PostgreSQL for this process: on a Unix socket (no TCP port is taken), in a folder that one process at a time may
 * use. A crashed server is started again; when this process is killed, the server stops by itself, and one that did not
 * is stopped at the next start. Nothing in the folder is ever removed or overwritten.
 * @throws Error in one clear line: folder in use, not a cluster, of another major version, not permitted, not startable.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const binaries = findPostgresBinaries();
  const wanted = resolve(options.dataDir);
  try {
    mkdirSync(dirname(wanted), { recursive: true });
    accessSync(dirname(wanted), constants.W_OK);
  } catch (error) {
    throw new Error(`The folder ${dirname(wanted)} cannot be written (${(error as NodeJS.ErrnoException).code}): choose another data folder or give us the right to it`, { cause: error });
  }
  const dataDir = join(realpathSync(dirname(wanted)), basename(wanted));
  const lock = lockFolder(dataDir);
  try {
    const existing = inspectFolder(dataDir, binaries.major);
    const runAs = chooseRunAs(binaries.postgres, existing?.uid);
    await stopOrphans(dataDir, log);
    if (!existing) initialise(dataDir, binaries, runAs, log);
    const socketDir = makeSocketDir(dataDir, runAs);
    const server = makeServer({ ...options, dataDir, socketDir, binaries, runAs });
    await server.start();
    const base = { host: socketDir, port: PORT };
    const adminUrl = formatDatabaseUrl({ ...base, user: 'postgres', database: 'headend' });
    try {
      await createLogin(formatDatabaseUrl({ ...base, user: 'postgres', database: 'postgres' }));
    } catch (error) {
      await server.stop();
      throw error;
    }
    return {
      url: formatDatabaseUrl({ ...base, user: 'headend', database: 'headend' }),
      adminUrl,
      get pid() {
        return server.pid();
      },
      async stop() {
        await server.stop();
        lock.release();
      },
      kill9ForTests: () => server.kill9(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Undefined: nothing there yet. Otherwise the owner of a cluster that we can open. */
function inspectFolder(dataDir: string, major: number): { uid: number } | undefined {
  const stat = lstatSync(dataDir, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (!stat.isDirectory()) throw new Error(`The data folder ${dataDir} is not a folder`);
  let entries: string[];
  try {
    entries = readdirSync(dataDir);
  } catch (error) {
    throw new Error(`The data folder ${dataDir} cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  if (entries.length === 0) return undefined;
  if (!entries.includes('PG_VERSION')) {
    throw new Error(`The data folder ${dataDir} is not empty and is not a PostgreSQL data folder (PG_VERSION is missing); nothing was changed`);
  }
  const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (!/^[\d.]+$/.test(version)) throw new Error(`The data folder ${dataDir} is broken: its PG_VERSION holds no version. Restore the folder from a backup; nothing was changed`);
  if (version !== String(major)) {
    throw new Error(`The data folder ${dataDir} was made by PostgreSQL ${version}, this Headend brings ${major}: start it with the Headend that made it and move the data over; nothing was changed`);
  }
  return { uid: stat.uid };
}

/** Postmasters of this folder, also of a folder of this name that was deleted under them. We hold the lock: nobody's child. */
function orphansOf(dataDir: string): Array<{ pid: number; deleted: boolean }> {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const cwd = readlinkSync(`/proc/${name}/cwd`);
      const deleted = cwd === `${dataDir} (deleted)`;
      if (cwd !== dataDir && !deleted) return [];
      const program = basename(readlinkSync(`/proc/${name}/exe`).replace(/ \(deleted\)$/, ''));
      return program === 'postgres' ? [{ pid: Number(name), deleted }] : [];
    } catch {
      return []; // It ended meanwhile, or it is somebody else's.
    }
  });
}

async function stopOrphans(dataDir: string, log: Logger): Promise<void> {
  const started = Date.now();
  for (let round = 0; ; round += 1) {
    const orphans = orphansOf(dataDir);
    if (orphans.length === 0) return;
    const waited = Date.now() - started;
    if (round === 0) log.warn({ pids: orphans.map(({ pid }) => pid) }, 'A PostgreSQL server of an earlier run is still there; stopping it');
    // A server whose folder is gone must never write again: it would damage a new cluster at the same path.
    for (const { pid, deleted } of orphans) {
      const signal = deleted || waited > 20_000 ? 'SIGKILL' : waited > 10_000 ? 'SIGQUIT' : 'SIGINT';
      try {
        if (round % 40 === 0 || signal === 'SIGKILL') process.kill(pid, signal);
      } catch {
        // It ended meanwhile.
      }
    }
    if (waited > 30_000) throw new Error(`PostgreSQL (process ${orphans[0]!.pid}) of an earlier run does not stop: end it by hand`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** initdb beside the folder, then one rename: a crash on the way leaves no half-made cluster. */
function initialise(dataDir: string, binaries: PostgresBinaries, runAs: RunAs, log: Logger): void {
  const started = Date.now();
  const parent = dirname(dataDir);
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(dataDir)}.init-`)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const fresh = `${dataDir}.init-${process.pid}`;
  mkdirSync(fresh, { mode: 0o700 });
  if (runAs.owner) chownSync(fresh, runAs.owner.uid, runAs.owner.gid);
  const [command, ...rest] = [
    ...runAs.prefix, binaries.initdb, '-D', fresh, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8',
    // Sorting that does not change with the machine's C library.
    '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions',
  ];
  const run = spawnSync(command!, rest, { encoding: 'utf8', cwd: parent });
  if (run.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not set up ${dataDir}: ${lastLine(run.stderr || run.error?.message || `exit ${run.status}`)}`);
  }
  if (existsSync(dataDir)) rmdirSync(dataDir); // Known to be empty.
  renameSync(fresh, dataDir);
  log.info({ dataDir, ms: Date.now() - started, how: runAs.how }, 'A new PostgreSQL data folder was set up');
}

/** Where the socket stands: in the data folder (only its owner may enter), or in a short private folder. */
function makeSocketDir(dataDir: string, runAs: RunAs): string {
  if (Buffer.byteLength(dataDir) <= SOCKET_DIR_MAX) return dataDir;
  const dir = join(tmpdir(), `headend-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const stat = lstatSync(dir);
  const uids = [process.getuid?.(), runAs.owner?.uid];
  // In a folder that all may write to, somebody else may have been there first.
  if (!stat.isDirectory() || (process.getuid && !uids.includes(stat.uid))) throw new Error(`${dir} belongs to somebody else: remove it or set TMPDIR`);
  chmodSync(dir, 0o700);
  if (runAs.owner) chownSync(dir, runAs.owner.uid, runAs.owner.gid);
  return dir;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

interface ServerOptions extends EmbeddedPostgresOptions {
  socketDir: string;
  binaries: PostgresBinaries;
  runAs: RunAs;
}

/** The child process: start, watch, start again, stop. */
function makeServer(options: ServerOptions): { start(): Promise<void>; stop(): Promise<void>; kill9(): Promise<void>; pid(): number } {
  const { dataDir, log, runAs } = options;
  const deathPrefix = parentDeathPrefix();
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: options.socketDir,
    unix_socket_permissions: '0700',
    port: String(PORT),
    max_connections: String(options.maxConnections ?? 100),
    log_destination: 'stderr',
    logging_collector: 'off',
    lc_messages: 'C',
    timezone: 'UTC',
    jit: 'off',
    // One server, no replica: the log needs no more than crash recovery does.
    wal_level: 'minimal',
    max_wal_senders: '0',
    ...(options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const inode = lstatSync(dataDir).ino;
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  let failures = 0;

  /** Resolves when the server accepts connections; rejects with its own words when it ends before that. */
  function launch(): Promise<void> {
    const [command, ...rest] = [
      ...runAs.prefix, ...deathPrefix, options.binaries.postgres, '-D', dataDir,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const started = spawn(command!, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: dataDir, env: { ...process.env, PGDATA: dataDir } });
    child = started;
    let ready = false;
    let worst: string | undefined;
    let latest = '';
    gone = new Promise((resolveGone) => {
      started.once('exit', () => resolveGone());
      started.once('error', () => resolveGone());
    });
    return new Promise((resolveReady, reject) => {
      const timer = setTimeout(() => started.kill('SIGQUIT'), START_TIMEOUT_MS);
      createInterface({ input: started.stderr! }).on('line', (line) => {
        latest = line;
        const severe = /\b(FATAL|PANIC):\s+(.*)$/.exec(line);
        if (severe && !ready) worst ??= severe[2];
        log.debug({ line }, 'PostgreSQL');
        if (!ready && line.includes('database system is ready to accept connections')) {
          ready = true;
          clearTimeout(timer);
          resolveReady();
        }
      });
      started.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      started.once('exit', (code, signal) => {
        clearTimeout(timer);
        if (!ready) return reject(new Error(worst ?? (latest || `it ended with ${signal ?? code}`)));
        if (!stopping) {
          log.error({ code, signal }, 'PostgreSQL ended unexpectedly; starting it again');
          startAgain(0);
        }
      });
    });
  }

  function startAgain(delayMs: number): void {
    restart = setTimeout(async () => {
      if (stopping) return;
      // Also when somebody else has made another cluster of that name meanwhile.
      if (lstatSync(dataDir, { throwIfNoEntry: false })?.ino !== inode) return options.onExit?.(new Error(`The data folder ${dataDir} was removed while Headend was running`));
      try {
        await launch();
        failures = 0;
        log.warn({ pid: child?.pid }, 'PostgreSQL is running again');
      } catch (error) {
        failures += 1;
        if (failures >= RESTARTS_MAX) return options.onExit?.(new Error(`PostgreSQL does not start any more: ${(error as Error).message}`));
        log.error({ err: error, failures }, 'PostgreSQL did not start');
        startAgain(Math.min(100 * 2 ** failures, 5_000));
      }
    }, delayMs);
  }

  return {
    async start() {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await launch();
        } catch (error) {
          const { message } = error as Error;
          // Backends of a killed server need a moment to notice.
          if (/pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(message) && attempt < 40) {
            await new Promise((done) => setTimeout(done, 100));
            continue;
          }
          throw new Error(`PostgreSQL could not start on ${dataDir}: ${message}; nothing was changed`, { cause: error });
        }
      }
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      const quit = setTimeout(() => child?.kill('SIGQUIT'), 20_000);
      await gone;
      clearTimeout(quit);
    },
    async kill9() {
      child?.kill('SIGKILL');
      await gone;
    },
    pid: () => child?.pid ?? 0,
  };
}

/** The login that requests use, and its database. The superuser of `url` stays for the set-up alone. */
export async function createLogin(url: string): Promise<void> {
  const connection = await connect(parseDatabaseUrl(url), { applicationName: 'headend set-up' });
  try {
    const [found] = await connection.run("select (select true from pg_roles where rolname = 'headend') as login, (select true from pg_database where datname = 'headend') as database");
    if (!found!.login) await connection.run('create role headend login noinherit nosuperuser nobypassrls nocreatedb nocreaterole');
    if (!found!.database) await connection.run('create database headend');
  } finally {
    await connection.end();
  }
}
