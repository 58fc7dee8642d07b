import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/logs.ts';
import { migrationFolder, tenantPolicies } from '#kernel/db/test-migrations.ts';
import { connect, type Connection } from './connection.ts';
import { sql } from './drizzle.ts';
import { assertTenantIsolation } from './isolation.ts';
import { migrate } from './migrate.ts';
import { bootstrapRoles } from './roles.ts';
import { testDatabase, testPostgres, type TestDatabase } from './test-database.ts';
import { formatDatabaseUrl, parseDatabaseUrl } from './url.ts';

let test: TestDatabase;
let admin: Connection;
/** PostgreSQL 16 brought grants that are not inherited one by one; before, the login itself is set so. */
let since16: boolean;

beforeAll(async () => {
  test = await testDatabase({ subgraphs: ['network', 'billing', 'support', 'services'] });
  admin = await connect({ ...parseDatabaseUrl(testPostgres()), database: parseDatabaseUrl(test.url).database }, { applicationName: 'test' });
  since16 = (await admin.run("select current_setting('server_version_num')::int >= 160000 as yes"))[0]!.yes as boolean;
});
afterAll(async () => {
  await admin.end();
  await test.drop();
});

const count = async (table: string): Promise<number> => (await admin.run(`select count(*)::int as n from ${table}`))[0]!.n as number;

describe('migrations', () => {
  it('are applied once, also when several processes start at once, and new ones follow', async () => {
    const first = 'CREATE SCHEMA "support";\n--> statement-breakpoint\nCREATE TABLE support.tickets (id uuid PRIMARY KEY);';
    const folder = migrationFolder([first]);
    await Promise.all([1, 2, 3, 4].map(() => migrate(test.url, { subgraph: 'support', folder })));
    expect(await count('drizzle.support')).toBe(1);
    migrationFolder([first, 'INSERT INTO support.tickets VALUES (gen_random_uuid());'], { into: folder });
    await migrate(test.database, { subgraph: 'support', folder });
    await migrate(test.database, { subgraph: 'support', folder });
    expect(await count('support.tickets')).toBe(1);
    const [owner] = await admin.run("select tableowner from pg_tables where schemaname = 'support'");
    expect(owner!.tableowner).toBe('headend_system');
    const login = await connect(parseDatabaseUrl(test.url), { applicationName: 'test' });
    await login.run('set role headend_support');
    expect(await login.run('select * from support.tickets')).toHaveLength(1);
    await login.end();
  });

  it('leave nothing behind when one of them fails', async () => {
    const folder = migrationFolder(['CREATE TABLE services.plans (id uuid PRIMARY KEY);', 'CREATE TABLE services.plans (id uuid PRIMARY KEY);']);
    await expect(migrate(test.url, { subgraph: 'services', folder })).rejects.toThrow('Migrations of services: relation "plans" already exists');
    expect((await admin.run("select to_regclass('services.plans') is null as absent"))[0]!.absent).toBe(true);
  });

  it('refuse an applied file that was edited, and a new one that is dated before an applied one', async () => {
    const folder = migrationFolder(['CREATE TABLE billing.notes (n int);'], { firstWhen: 5_000 });
    await migrate(test.url, { subgraph: 'billing', folder });
    migrationFolder(['CREATE TABLE billing.notes (n bigint);'], { into: folder, firstWhen: 5_000 });
    await expect(migrate(test.url, { subgraph: 'billing', folder })).rejects.toThrow('was edited after it had been applied');
    migrationFolder(['CREATE TABLE billing.other (n int);'], { into: folder, firstWhen: 4_000 });
    await expect(migrate(test.url, { subgraph: 'billing', folder })).rejects.toThrow('is older than one that was applied');
  });
});

describe('the check of tenant isolation', () => {
  it('passes for the bus', async () => {
    // How far old events are gone, and by how much the sandbox's clock is moved: neither belongs to a tenant.
    const [row] = await test.database.forSubgraph('network').system((tx) => tx.execute<{ open: number }>(sql`select count(*)::int as open from pg_class where relnamespace = 'bus'::regnamespace and relkind = 'r' and not relforcerowsecurity and relname not in ('pruned', 'sandbox_clock')`));
    expect(row!.open).toBe(0);
  });

  it('passes for tables written as the README says, and finds every way to break it', async () => {
    const folder = migrationFolder([
      `CREATE TABLE network.routers (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
       --> statement-breakpoint
       ${tenantPolicies('network.routers', 'headend_network')}
       --> statement-breakpoint
       CREATE TABLE network.models (id uuid PRIMARY KEY);`,
    ]);
    await migrate(test.url, { subgraph: 'network', folder });
    const check = (globalTables: string[] = ['models']) => assertTenantIsolation(test.database, 'network', { globalTables });
    await check();
    await expect(check([])).rejects.toThrow('network.models: has no tenant_id and is not listed as global');

    const breaks: Array<[broken: string, mended: string, finding: string]> = [
      ['alter table network.routers no force row level security', 'alter table network.routers force row level security', 'not enabled and forced'],
      ['alter table network.routers disable row level security', 'alter table network.routers enable row level security', 'not enabled and forced'],
      ['create policy all_of_it on network.routers using (true)', 'drop policy all_of_it on network.routers', 'policy all_of_it does not compare tenant_id'],
      ['create policy loose on network.routers for insert to headend_network with check (true)', 'drop policy loose on network.routers', 'policy loose does not compare'],
      ['grant truncate on network.routers to headend_network', 'revoke truncate on network.routers from headend_network', 'headend_network may TRUNCATE'],
      ['alter table network.routers alter tenant_id drop not null', 'alter table network.routers alter tenant_id set not null', 'tenant_id may be null'],
      ['create view network.seen as select * from network.routers; grant select on network.seen to headend_network', 'drop view network.seen', 'security_invoker'],
      ["create function network.peek() returns int language sql security definer as 'select 1'", 'drop function network.peek()', "peek(): runs with its owner's rights"],
      ['grant usage on schema billing to headend_network', 'revoke usage on schema billing from headend_network', 'may enter the schema billing'],
      ['alter policy system on network.routers to headend_billing', 'alter policy system on network.routers to headend_system', 'no policy for headend_system'],
    ];
    for (const [broken, mended, finding] of breaks) {
      await admin.run(broken);
      await expect(check(), broken).rejects.toThrow(finding);
      await admin.run(mended);
    }
    await check();
  });
});

describe('the set-up of roles', () => {
  it('can be repeated, by several at once, and then only reads', async () => {
    const url = formatDatabaseUrl({ ...parseDatabaseUrl(testPostgres()), database: parseDatabaseUrl(test.url).database });
    const subgraphs = ['identity', 'analytics', 'platform', 'events', 'ops'];
    await Promise.all([1, 2, 3, 4].map(() => bootstrapRoles({ url, login: 'headend', subgraphs, log: silentLogger })));
    await bootstrapRoles({ url: test.url, subgraphs, log: silentLogger });
    const [row] = await admin.run(`select pg_has_role('headend', 'headend_ops', '${since16 ? 'SET' : 'MEMBER'}') as may_enter, pg_has_role('headend', 'headend_ops', 'USAGE') as inherits`);
    expect(row).toEqual({ may_enter: true, inherits: false });
  });

  it('tells an administrator what to run when the login may not, and works once that was run', async () => {
    const { host } = parseDatabaseUrl(test.url);
    await admin.run('create role plain_owner login');
    await admin.run('create database plain owner postgres');
    try {
      const url = formatDatabaseUrl({ user: 'plain_owner', database: 'plain', host });
      const message = await bootstrapRoles({ url, subgraphs: ['network', 'extra'], log: silentLogger }).catch((error: Error) => error.message);
      expect(message).toContain('The database login "plain_owner" may not create what Headend needs');
      const statements = message!.split('\n\n')[1]!;
      expect(statements).toContain('create role "headend_extra" nologin;');
      const inPlain = await connect({ ...parseDatabaseUrl(testPostgres()), database: 'plain' }, { applicationName: 'test' });
      await inPlain.run(statements);
      await inPlain.end();
      await bootstrapRoles({ url, subgraphs: ['network', 'extra'], log: silentLogger });
      await migrate(url, { subgraph: 'network', folder: migrationFolder(['CREATE TABLE network.a (id uuid);']) });
    } finally {
      await admin.run('drop database plain');
      await admin.run('drop role plain_owner');
      await admin.run('drop role if exists headend_extra');
    }
  });

  it('works for a login that may create roles but is no superuser', async () => {
    const { host } = parseDatabaseUrl(test.url);
    await admin.run('create role builder login createrole');
    await admin.run('create database built owner builder');
    try {
      const url = formatDatabaseUrl({ user: 'builder', database: 'built', host });
      // Where headend_system and headend_bus exist on the server already they belong to its administrator.
      const refusal = await bootstrapRoles({ url, subgraphs: ['fresh'], log: silentLogger }).then(() => undefined, (error: Error) => error.message);
      expect([undefined, expect.stringContaining('may not create what Headend needs')]).toContainEqual(refusal);
      await admin.run(`grant headend_system, headend_bus to builder with admin option${since16 ? ', inherit false' : ''}`);
      await bootstrapRoles({ url, subgraphs: ['fresh'], log: silentLogger });
      await migrate(url, { subgraph: 'fresh', folder: migrationFolder(['CREATE TABLE fresh.a (id uuid);']) });
    } finally {
      await admin.run('drop database built');
      await admin.run('drop owned by builder cascade').catch(() => {});
      await admin.run('drop role if exists headend_fresh');
      await admin.run('drop role builder');
    }
  });
});
