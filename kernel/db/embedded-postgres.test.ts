import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { argsOf } from '#tests/support/child-programs.ts';
import { connect } from './connection.ts';
import { isUnavailable, openDatabase } from './database.ts';
import { sql } from './drizzle.ts';
import { chooseRunAs, findPostgresBinaries, linkLibraries } from './embedded-binaries.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { bootstrapRoles } from './roles.ts';
import { parseDatabaseUrl } from './url.ts';

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'headend-embedded-'));
  cleanUp.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function start(dataDir: string, options: { onExit?: (reason: Error) => void; durable?: boolean } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLogger, durable: false, ...options });
  cleanUp.push(() => server.stop());
  return server;
}

interface Started {
  child: ChildProcess;
  answer: { url?: string; adminUrl?: string; pid?: number; error?: string };
}

async function startApart(dataDir: string, durable = ''): Promise<Started> {
  const child = spawn(process.execPath, [...argsOf('embeddedPostgres'), dataDir, durable], { stdio: ['pipe', 'pipe', 'inherit'] });
  cleanUp.push(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, answer: JSON.parse(line) as Started['answer'] };
}

/** Alive and not merely waiting to be collected. */
function alive(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== '';
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('It did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// Each sets up a cluster or two, which takes seconds of CPU and a thousand fsyncs.
describe('the embedded server', { timeout: 120_000 }, () => {
  it('serves on a socket without a TCP port, to a login without power, and keeps its data', async () => {
    const dataDir = join(folder(), 'pg');
    const first = await start(dataDir);
    const login = await connect(parseDatabaseUrl(first.url), { applicationName: 'test' });
    const [row] = await login.run(
      "select rolsuper, rolbypassrls, rolcreaterole, rolinherit, current_setting('listen_addresses') as tcp, current_setting('server_version_num')::int / 10000 as major from pg_roles where rolname = current_user",
    );
    expect(row).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolinherit: false, tcp: '', major: 18 });
    await login.end();
    const admin = await connect(parseDatabaseUrl(first.adminUrl), { applicationName: 'test' });
    await admin.run('create table kept (n int); insert into kept values (42)');
    await admin.end();
    await first.stop();
    const second = await start(dataDir);
    const again = await connect(parseDatabaseUrl(second.adminUrl), { applicationName: 'test' });
    expect([...(await again.run('select n from kept'))]).toEqual([{ n: 42 }]);
    await again.end();
  });

  it('refuses a second user of the folder in one line, whether in this process or another, and the first goes on', async () => {
    const dataDir = join(folder(), 'pg');
    const first = await start(dataDir);
    const line = new RegExp(`^Another Headend \\(process ${process.pid}\\) is using the data folder .*pg: stop it first, or choose another folder$`);
    await expect(startEmbeddedPostgres({ dataDir, log: silentLogger })).rejects.toThrow(line);
    expect((await startApart(dataDir)).answer.error).toMatch(line);
    const still = await connect(parseDatabaseUrl(first.url), { applicationName: 'test' });
    await still.end();
  });

  it('lets one of two win that start at once on an empty folder', async () => {
    const dataDir = join(folder(), 'pg');
    const both = await Promise.all([startApart(dataDir), startApart(dataDir)]);
    const won = both.filter(({ answer }) => answer.url);
    expect(won).toHaveLength(1);
    expect(both.find(({ answer }) => !answer.url)!.answer.error).toMatch(/^Another Headend/);
    const login = await connect(parseDatabaseUrl(won[0]!.answer.url!), { applicationName: 'test' });
    await login.end();
    won[0]!.child.stdin!.write('stop\n');
    await once(won[0]!.child, 'exit');
    expect(alive(won[0]!.answer.pid!)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('stops by itself when its Headend is killed, and every acknowledged row is there afterwards', async () => {
    const dataDir = join(folder(), 'pg');
    const { child, answer } = await startApart(dataDir, 'durable');
    const writer = await connect(parseDatabaseUrl(answer.adminUrl!), { applicationName: 'test' });
    await writer.run('create table kept (n int)');
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await writer.run('insert into kept values ($1)', [acknowledged + 1]);
        acknowledged += 1;
        if (acknowledged === 50) child.kill('SIGKILL');
      }
    })();
    await expect(writing).rejects.toThrow(Error);
    // The next start does not wait for the old server: it sees to it that it is gone.
    const next = await start(dataDir);
    expect(alive(answer.pid!)).toBe(false);
    const reader = await connect(parseDatabaseUrl(next.adminUrl), { applicationName: 'test' });
    const [row] = await reader.run('select count(*)::int as n from kept');
    expect(row!.n).toBeGreaterThanOrEqual(acknowledged);
    await reader.end();
    await writer.end();
  });

  it.runIf(process.platform === 'linux')('stops a server that an earlier run left behind', async () => {
    const dataDir = join(folder(), 'pg');
    await (await start(dataDir)).stop();
    const binaries = findPostgresBinaries();
    const { prefix } = chooseRunAs(binaries.postgres, undefined);
    const [command, ...rest] = [...prefix, binaries.postgres, '-D', dataDir, '-c', 'listen_addresses=', '-k', dataDir];
    const orphan = spawn(command!, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    cleanUp.push(() => orphan.kill('SIGKILL'));
    await until(() => existsSync(join(dataDir, '.s.PGSQL.5432')));
    const next = await start(dataDir);
    expect(alive(orphan.pid!)).toBe(false);
    expect(next.pid).not.toBe(orphan.pid);
  });

  it('comes back after kill -9, and the same pool and the same listener go on', async () => {
    const server = await start(join(folder(), 'pg'), { durable: true });
    await bootstrapRoles({ url: server.adminUrl, login: 'headend', subgraphs: ['network'], log: silentLogger });
    const database = openDatabase({ url: server.url, applicationName: 'test', log: silentLogger, max: 4 });
    cleanUp.push(() => database.close());
    const db = database.forSubgraph('network');
    await db.system((tx) => tx.execute(sql`create schema network`));
    await db.system((tx) => tx.execute(sql`create table network.kept (n int)`));
    let heard = 0;
    await database.listen('weather', () => (heard += 1));
    const acknowledged: number[] = [];
    let stopped = false;
    const writers = [1, 2, 3, 4].map(async (worker) => {
      for (let n = worker * 1_000_000; !stopped; n += 1) {
        try {
          await db.system((tx) => tx.execute(sql`insert into network.kept values (${n}::int)`));
          acknowledged.push(n);
        } catch (error) {
          if (!isUnavailable(error)) throw error;
        }
      }
    });
    for (let round = 0; round < 3; round += 1) {
      const before = acknowledged.length;
      await until(() => acknowledged.length > before + 50);
      await server.kill9ForTests();
    }
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + 50);
    stopped = true;
    await Promise.all(writers);
    const rows = await db.system((tx) => tx.execute<{ n: number }>(sql`select n from network.kept`));
    const kept = new Set(rows.map((row) => row.n));
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
    await until(() => heard > 0); // told after the reconnect that it may have missed something
    const told = heard;
    await db.system((tx) => tx.execute(sql`select pg_notify('weather', '')`));
    await until(() => heard > told);
    expect(await db.read(uuidv7(), (tx) => tx.execute(sql`select 1 as one`))).toHaveLength(1);
  });

  it('refuses a folder that is not a cluster, is of another version or is broken, in one line, and leaves it as it is', async () => {
    const parent = folder();
    const strange = join(parent, 'strange');
    mkdirSync(strange);
    writeFileSync(join(strange, 'holiday.jpg'), 'sea');
    await expect(start(strange)).rejects.toThrow(/^The data folder .*strange is not empty and is not a PostgreSQL data folder .*nothing was changed$/);
    expect(readdirSync(strange)).toEqual(['holiday.jpg']);

    const old = join(parent, 'old');
    mkdirSync(old);
    writeFileSync(join(old, 'PG_VERSION'), '14\n');
    await expect(start(old)).rejects.toThrow(/^The data folder .*old was made by PostgreSQL 14, this Headend brings 18/);
    expect(readdirSync(old)).toEqual(['PG_VERSION']);

    const file = join(parent, 'file');
    writeFileSync(file, 'x');
    await expect(start(file)).rejects.toThrow(/is not a folder$/);

    const broken = join(parent, 'broken');
    await (await start(broken)).stop();
    const control = join(broken, 'global', 'pg_control');
    const garbage = Buffer.alloc(8_192, 7);
    writeFileSync(control, garbage);
    const message = await start(broken).catch((error: Error) => error.message);
    expect(message).toMatch(/^PostgreSQL could not start on .*broken: .+; nothing was changed$/);
    expect(message).not.toContain('\n');
    expect(readFileSync(control)).toEqual(garbage);
  });

  it('uses a short private folder for the socket when the data folder has a long name', async () => {
    const dataDir = join(folder(), 'a'.repeat(60), 'b'.repeat(60), 'pg');
    const server = await start(dataDir);
    const { host } = parseDatabaseUrl(server.url);
    cleanUp.push(() => rmSync(host, { recursive: true, force: true }));
    expect(Buffer.byteLength(`${host}/.s.PGSQL.5432`)).toBeLessThan(104);
    expect(lstatSync(host).mode & 0o777).toBe(0o700);
    const login = await connect(parseDatabaseUrl(server.url), { applicationName: 'test' });
    await login.end();
  });

  it('gives up with a reason when its folder is removed, and leaves a new cluster at that place alone', async () => {
    const parent = folder();
    const dataDir = join(parent, 'pg');
    let reason: Error | undefined;
    const first = await start(dataDir, { onExit: (error) => (reason = error) });
    const pid = first.pid;
    rmSync(parent, { recursive: true, force: true });
    mkdirSync(parent);
    const second = await start(dataDir);
    // Elsewhere nobody can see in which folder a process works: there the old server ends when it notices.
    expect(process.platform === 'linux' && alive(pid)).toBe(false);
    await until(() => reason !== undefined);
    expect(reason!.message).toMatch(/was removed while Headend was running$/);
    await first.stop();
    await second.stop();
    const third = await start(dataDir);
    const login = await connect(parseDatabaseUrl(third.url), { applicationName: 'test' });
    await login.end();
  });

  it('makes the symbolic links of its libraries where an install script did not', () => {
    const root = folder();
    mkdirSync(join(root, 'native', 'lib'), { recursive: true });
    writeFileSync(join(root, 'native', 'lib', 'libx.so.1.2'), 'x');
    writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]));
    linkLibraries(root);
    linkLibraries(root);
    expect(readlinkSync(join(root, 'native', 'lib', 'libx.so.1'))).toBe('libx.so.1.2');
  });
});
