import { connect as netConnect, createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { migrationFolder, tenantPolicies } from '#kernel/db/test-migrations.ts';
import { eventually } from '#tests/support/eventually.ts';
import { anyOf, id, instant, tenantId } from './columns.ts';
import { connect } from './connection.ts';
import { isForeignKeyViolation, isUnavailable, isUniqueViolation, openDatabase, sqlState, type SubgraphDatabase } from './database.ts';
import { eq, pgSchema, sql, text } from './drizzle.ts';
import { testDatabase, testPostgres, type TestDatabase } from './test-database.ts';
import { formatDatabaseUrl, parseDatabaseUrl } from './url.ts';

const TENANT_A = uuidv7();
const TENANT_B = uuidv7();
const ROWS = 200;

const network = pgSchema('network');
const sites = network.table('sites', { id: id(), tenantId: tenantId(), name: text('name').notNull(), seenAt: instant('seen_at') });

let test: TestDatabase;
let db: SubgraphDatabase;

beforeAll(async () => {
  const folder = migrationFolder([
    `CREATE TABLE network.sites (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, name text NOT NULL, seen_at timestamptz(3), parent uuid REFERENCES network.sites);
     --> statement-breakpoint
     CREATE UNIQUE INDEX sites_name ON network.sites (tenant_id, name);
     --> statement-breakpoint
     ${tenantPolicies('network.sites', 'headend_network')}`,
  ]);
  test = await testDatabase({ migrations: [{ subgraph: 'network', folder }], subgraphs: ['billing'] });
  db = test.database.forSubgraph('network');
  for (const [tenant, letter] of [[TENANT_A, 'a'], [TENANT_B, 'b']] as const) {
    await db.write(tenant, (tx) => tx.insert(sites).values(Array.from({ length: ROWS }, (_, n) => ({ tenantId: tenant, name: `${letter}${n}` }))));
  }
});
afterAll(() => test.drop());

describe('a tenant in the database', () => {
  it('sees its own rows and none of another', async () => {
    const rows = await db.read(TENANT_A, (tx) => tx.select().from(sites));
    expect(rows).toHaveLength(ROWS);
    expect(new Set(rows.map((row) => row.tenantId))).toEqual(new Set([TENANT_A]));
  });

  it('does not find a foreign row by its id, changes none and removes none', async () => {
    const [foreign] = await db.read(TENANT_B, (tx) => tx.select().from(sites).limit(1));
    expect(await db.read(TENANT_A, (tx) => tx.select().from(sites).where(eq(sites.id, foreign!.id)))).toEqual([]);
    expect(await db.write(TENANT_A, (tx) => tx.update(sites).set({ name: 'x' }).where(eq(sites.id, foreign!.id)).returning())).toEqual([]);
    expect(await db.write(TENANT_A, (tx) => tx.delete(sites).where(eq(sites.id, foreign!.id)).returning())).toEqual([]);
  });

  it('cannot insert for another, nor give a row away', async () => {
    const insert = db.write(TENANT_A, (tx) => tx.insert(sites).values({ tenantId: TENANT_B, name: 'planted' }));
    expect(sqlState(await insert.catch((error) => error))).toBe('42501');
    const move = db.write(TENANT_A, (tx) => tx.update(sites).set({ tenantId: TENANT_B }).where(eq(sites.name, 'a1')));
    expect(sqlState(await move.catch((error) => error))).toBe('42501');
  });

  it('is refused early when its id is not a UUID', async () => {
    for (const bad of ['', 'x', "' or true --", `${TENANT_A}'; drop table network.sites; --`]) {
      await expect(db.read(bad, (tx) => tx.select().from(sites))).rejects.toThrow('not a UUID');
      await expect(db.write(bad, (tx) => tx.select().from(sites))).rejects.toThrow('not a UUID');
    }
  });

  it('never meets a foreign row in 2,000 interleaved reads', async () => {
    const answers = await Promise.all(
      Array.from({ length: 2_000 }, async (_, n) => {
        const tenant = n % 2 ? TENANT_A : TENANT_B;
        const rows = await db.read(tenant, (tx) => tx.select({ tenantId: sites.tenantId }).from(sites).where(sql`${sites.name} like ${`%${n % 10}`}`));
        return rows.length > 0 && rows.every((row) => row.tenantId === tenant);
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
    const [left] = await db.system((tx) => tx.execute<{ open: number }>(sql`select count(*)::int as open from pg_stat_activity where datname = current_database() and state like 'idle in%'`));
    expect(left!.open).toBe(0);
  });
});

describe('roles', () => {
  it('show no row to a transaction without a tenant', async () => {
    const login = await connect(parseDatabaseUrl(test.url), { applicationName: 'test' });
    await login.run('begin; set local role headend_network');
    expect(await login.run('select * from network.sites')).toHaveLength(0);
    await login.end();
  });

  it('give the login itself no right at all', async () => {
    const login = await connect(parseDatabaseUrl(test.url), { applicationName: 'test' });
    await expect(login.run('select * from network.sites')).rejects.toMatchObject({ code: '42501' });
    await login.end();
  });

  it('keep a subgraph out of the schema of another', async () => {
    const billing = test.database.forSubgraph('billing');
    const answer = await billing.read(TENANT_A, (tx) => tx.select().from(sites)).catch((error) => error);
    expect(sqlState(answer)).toBe('42501');
  });

  it('let the system see all tenants', async () => {
    const [row] = await db.system((tx) => tx.execute<{ tenants: number }>(sql`select count(distinct tenant_id)::int as tenants from network.sites`));
    expect(row!.tenants).toBe(2);
  });

  it('forbid writing in a read', async () => {
    const answer = await db.read(TENANT_A, (tx) => tx.insert(sites).values({ tenantId: TENANT_A, name: 'no' })).catch((error) => error);
    expect(sqlState(answer)).toBe('25006');
  });
});

describe('transactions', () => {
  it('keep what a write did, and nothing of one that failed', async () => {
    await expect(
      db.write(TENANT_A, async (tx) => {
        await tx.insert(sites).values({ tenantId: TENANT_A, name: 'half' });
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(await db.read(TENANT_A, (tx) => tx.select().from(sites).where(eq(sites.name, 'half')))).toEqual([]);
  });

  it('tell when a failed statement was passed over instead of answering success', async () => {
    const answer = db.write(TENANT_A, async (tx) => {
      await tx.insert(sites).values({ tenantId: TENANT_A, name: 'a1' }).catch(() => {});
    });
    await expect(answer).rejects.toThrow('rolled back');
  });

  it('go on after a failure inside a savepoint', async () => {
    await db.write(TENANT_A, async (tx) => {
      const clash = await tx.transaction((inner) => inner.insert(sites).values({ tenantId: TENANT_A, name: 'a1' })).catch((error) => error);
      expect(isUniqueViolation(clash, 'sites_name')).toBe(true);
      expect(isUniqueViolation(clash, 'another')).toBe(false);
      await tx.insert(sites).values({ tenantId: TENANT_A, name: 'after-savepoint' });
    });
    expect(await db.read(TENANT_A, (tx) => tx.select().from(sites).where(eq(sites.name, 'after-savepoint')))).toHaveLength(1);
    await db.write(TENANT_A, (tx) => tx.delete(sites).where(eq(sites.name, 'after-savepoint')));
  });

  it('name foreign keys that do not hold', async () => {
    const answer = await db
      .write(TENANT_A, (tx) => tx.execute(sql`insert into network.sites (id, tenant_id, name, parent) values (${uuidv7()}, ${TENANT_A}, 'orphan', ${uuidv7()})`))
      .catch((error) => error);
    expect(isForeignKeyViolation(answer)).toBe(true);
  });

  it('are over when their function has settled', async () => {
    let kept: Parameters<Parameters<typeof db.read>[1]>[0] | undefined;
    await db.read(TENANT_A, async (tx) => {
      kept = tx;
    });
    const late = await kept!.select().from(sites).catch((error) => error);
    expect(String((late as Error).cause ?? late)).toContain('transaction is over');
  });

  it('survive a sibling query that fails unawaited', async () => {
    const answer = await db
      .read(TENANT_A, (tx) => Promise.all([tx.execute(sql`select 1 / 0`), tx.execute(sql`select nonsense`), tx.execute(sql`select 1`)]))
      .catch((error) => error);
    expect(sqlState(answer)).toBe('22012');
    expect(await db.read(TENANT_A, (tx) => tx.select().from(sites).limit(1))).toHaveLength(1);
  });

  it('end a statement that runs too long, and the pool goes on', async () => {
    const slow = openDatabase({ url: test.url, applicationName: 'slow', log: silentLogger, statementTimeoutMs: 50, max: 1 });
    const answer = await slow.forSubgraph('network').read(TENANT_A, (tx) => tx.execute(sql`select pg_sleep(20)`)).catch((error) => error);
    expect(sqlState(answer)).toBe('57014');
    expect(await slow.forSubgraph('network').read(TENANT_A, (tx) => tx.select().from(sites).limit(1))).toHaveLength(1);
    await slow.close();
  });
});

describe('the pool', () => {
  it('counts the statements of a call, and a read is one of them', async () => {
    const seen: string[] = [];
    test.database.onStatement = ({ mode, role }) => void seen.push(`${mode} ${role}`);
    await db.read(TENANT_A, (tx) => tx.select().from(sites).limit(1));
    test.database.onStatement = undefined;
    expect(seen).toEqual(['read headend_network']);
  });

  it('refuses a caller who has waited too long', async () => {
    const small = openDatabase({ url: test.url, applicationName: 'small', log: silentLogger, max: 1, poolWaitMs: 100 });
    const rooms = small.forSubgraph('network');
    // The first caller waits for the connection to be made, which is not what is looked at.
    await eventually('a connection', 10_000, () => rooms.read(TENANT_A, async () => true).catch(() => undefined));
    let leave!: () => void;
    const inside = rooms.write(TENANT_A, () => new Promise<void>((resolve) => (leave = resolve)));
    const answer = await rooms.read(TENANT_A, (tx) => tx.select().from(sites)).catch((error) => error);
    expect(answer).toMatchObject({ code: 'POOL_TIMEOUT' });
    expect(isUnavailable(answer)).toBe(true);
    leave();
    await inside;
    await small.close();
  });

  it('loses no caller when a connection is killed under it', async () => {
    const victim = openDatabase({ url: test.url, applicationName: 'victim', log: silentLogger, max: 4 });
    const rooms = victim.forSubgraph('network');
    const admin = await connect(parseDatabaseUrl(testPostgres()), { applicationName: 'killer' });
    let refused = 0;
    let answered = 0;
    const callers = Array.from({ length: 12 }, async () => {
      for (let n = 0; n < 40; n += 1) {
        await rooms.read(TENANT_A, (tx) => tx.select().from(sites).limit(1)).then(
          () => (answered += 1),
          (error) => {
            if (!isUnavailable(error)) throw error;
            refused += 1;
          },
        );
      }
    });
    for (let n = 0; n < 10; n += 1) await admin.run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'");
    await Promise.all(callers);
    await admin.end();
    expect(answered + refused).toBe(480);
    expect(answered).toBeGreaterThan(240);
    expect(await rooms.read(TENANT_A, (tx) => tx.select().from(sites).limit(1))).toHaveLength(1);
    await victim.close();
  });

  it('ends in the middle of a transaction without running the rest outside it', async () => {
    const victim = openDatabase({ url: test.url, applicationName: 'cut', log: silentLogger, max: 1 });
    const admin = await connect(parseDatabaseUrl(testPostgres()), { applicationName: 'killer' });
    const answer = await victim
      .forSubgraph('network')
      .write(TENANT_A, async (tx) => {
        await tx.insert(sites).values({ tenantId: TENANT_A, name: 'first half' });
        await admin.run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut'");
        await tx.insert(sites).values({ tenantId: TENANT_A, name: 'second half' });
      })
      .catch((error) => error);
    expect(isUnavailable(answer)).toBe(true);
    expect(await db.read(TENANT_A, (tx) => tx.select().from(sites).where(sql`${sites.name} like '%half'`))).toEqual([]);
    await admin.end();
    await victim.close();
  });

  it('does not wait for ever behind a line that has gone silent', async () => {
    const target = parseDatabaseUrl(test.url);
    let silent = false;
    const proxy = createServer((client) => {
      const server = netConnect(`${target.host}/.s.PGSQL.${target.port}`);
      client.on('data', (data) => void (silent || server.write(data)));
      server.on('data', (data) => void (silent || client.write(data)));
      for (const socket of [client, server]) socket.on('error', () => {}).on('close', () => [client, server].forEach((both) => both.destroy()));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = formatDatabaseUrl({ ...target, host: '127.0.0.1', port: (proxy.address() as AddressInfo).port });
    const far = openDatabase({ url, applicationName: 'far', log: silentLogger, stallMs: 200, max: 1 });
    const rooms = far.forSubgraph('network');
    expect(await rooms.read(TENANT_A, (tx) => tx.select().from(sites).limit(1))).toHaveLength(1);
    silent = true;
    expect(isUnavailable(await rooms.read(TENANT_A, (tx) => tx.select().from(sites)).catch((error) => error))).toBe(true);
    silent = false;
    expect(await rooms.read(TENANT_A, (tx) => tx.select().from(sites).limit(1))).toHaveLength(1);
    await far.close();
    proxy.close();
  });

  it('reads a list of ids by one statement, whatever its length', async () => {
    const ids = (await db.read(TENANT_A, (tx) => tx.select({ id: sites.id }).from(sites).limit(7))).map((row) => row.id);
    const texts = new Set<string>();
    test.database.onStatement = ({ text: statement }) => void texts.add(statement);
    for (const length of [0, 1, 3, 7]) {
      expect(await db.read(TENANT_A, (tx) => tx.select().from(sites).where(anyOf(sites.id, ids.slice(0, length))))).toHaveLength(length);
    }
    test.database.onStatement = undefined;
    expect(texts.size).toBe(1);
  });

  it('answers nothing after it was closed', async () => {
    const closed = openDatabase({ url: test.url, applicationName: 'closed', log: silentLogger });
    await closed.ping();
    await closed.close();
    await closed.close();
    await expect(closed.ping()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
  });
});

describe('listen and locks', () => {
  it('hears notifications, and once more after the connection came back', async () => {
    const listening = openDatabase({ url: test.url, applicationName: 'ear', log: silentLogger });
    const heard: string[] = [];
    let told!: () => void;
    const next = () => new Promise<void>((resolve) => (told = resolve));
    const stop = await listening.listen('weather', (payload) => {
      heard.push(payload);
      told();
    });
    let wait = next();
    await db.system((tx) => tx.execute(sql`select pg_notify('weather', 'rain')`));
    await wait;
    wait = next();
    const admin = await connect(parseDatabaseUrl(testPostgres()), { applicationName: 'killer' });
    await admin.run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ear (listen)'");
    await admin.end();
    await wait;
    wait = next();
    await db.system((tx) => tx.execute(sql`select pg_notify('weather', 'sun')`));
    await wait;
    expect(heard).toEqual(['rain', '', 'sun']);
    await stop();
    await listening.close();
  });

  it('give one holder at a time a named lock, and free it with the process that held it', async () => {
    const first = await test.database.holdLock('network');
    expect(first).toBeDefined();
    expect(await test.database.holdLock('network')).toBeUndefined();
    const other = await test.database.holdLock('another');
    expect(other).toBeDefined();
    const waiting = test.database.holdLock('network', { waitMs: 10_000 });
    await first!.release();
    const second = await waiting;
    expect(second).toBeDefined();
    await second!.release();
    await other!.release();
  });
});
