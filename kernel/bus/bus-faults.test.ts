import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { isUnavailable, openDatabase, type Database } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#kernel/db/embedded-postgres.ts';
import { migrate } from '#kernel/db/migrate.ts';
import { bootstrapRoles } from '#kernel/db/roles.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { argsOf } from '#tests/support/child-programs.ts';
import { migrationFolder, tenantPolicies } from '#kernel/db/test-migrations.ts';
import { busMigrations, makeBus, type Bus, type ConsumeOptions } from './bus.ts';

// A server of its own: these tests hold transactions open and kill it, which every other test would feel.
const TENANT = uuidv7();
let folder: string;
let server: EmbeddedPostgres;
let database: Database;
const running: Bus[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headend-bus-'));
  server = await startEmbeddedPostgres({ dataDir: join(folder, 'pg'), log: silentLogger });
  await bootstrapRoles({ url: server.adminUrl, login: 'headend', subgraphs: ['network', 'services'], log: silentLogger });
  const effects = migrationFolder([
    `CREATE TABLE services.effects (id bigint GENERATED ALWAYS AS IDENTITY, tenant_id uuid NOT NULL, subject text NOT NULL);
     --> statement-breakpoint
     ${tenantPolicies('services.effects', 'headend_services')}`,
  ]);
  await migrate(server.url, [busMigrations, { subgraph: 'services', folder: effects }]);
  database = openDatabase({ url: server.url, applicationName: 'test', log: silentLogger });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((started) => started.stop()));
  await database.forSubgraph('network').system(async (tx) => {
    for (const table of ['bus.outbox', 'bus.inbox', 'bus.cursors', 'services.effects']) await tx.execute(sql.raw(`delete from ${table}`));
  });
});
afterAll(async () => {
  await database.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function bus(subgraph: string, pollMs = 1_000): Bus {
  const made = makeBus({ database, subgraph, log: silentLogger, clock: systemClock, newId: uuidv7, pollMs });
  running.push(made);
  return made;
}

const event = (subject: string) => ({ type: 'network.session.up', tenantId: TENANT, subject, payload: {} });
const publish = (network: Bus, subject: string): Promise<void> => database.forSubgraph('network').write(TENANT, (tx) => network.publish(tx, [event(subject)]));
const effect: ConsumeOptions['handle'] = async (heard, tx) => void (await tx.execute(sql`insert into services.effects (tenant_id, subject) values (${heard.tenantId}, ${heard.subject})`));
const effects = async (): Promise<string[]> =>
  (await database.forSubgraph('services').system((tx) => tx.execute<{ subject: string }>(sql`select subject from services.effects order by id`))).map((row) => row.subject);

async function until(condition: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('It did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the bus under fault', () => {
  it('does not pass over what an older transaction commits later, neither for consumers nor for tails', async () => {
    const network = bus('network', 20);
    const services = bus('services', 20);
    const heard: string[] = [];
    services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: async ({ subject }) => void heard.push(subject) });
    await services.start();
    await network.start();
    const tail = network.tail({ tenantId: TENANT });

    let commit!: () => void;
    const gate = new Promise<void>((resolve) => (commit = resolve));
    let written!: () => void;
    const inside = new Promise<void>((resolve) => (written = resolve));
    const older = database.forSubgraph('network').write(TENANT, async (tx) => {
      await network.publish(tx, [event('older, committed last')]);
      written();
      await gate;
    });
    await inside;
    await publish(network, 'younger, committed first');
    // Both buses look many times and must see nothing yet.
    let looks = 0;
    database.onStatement = ({ mode, text }) => {
      if (mode === 'system' && text.includes('as held')) looks += 1;
    };
    await until(() => looks >= 20);
    database.onStatement = undefined;
    expect(heard).toEqual([]);
    commit();
    await older;
    await until(() => heard.length === 2);
    expect(heard).toEqual(['older, committed last', 'younger, committed first']);
    expect([(await tail.next()).value.subject, (await tail.next()).value.subject]).toEqual(heard);
    await tail.return!();
  });

  it('leaves exactly one effect of each event when consumers are killed between the work and the commit', async () => {
    const network = bus('network');
    for (let n = 0; n < 30; n += 1) await publish(network, String(n));
    for (const killAt of ['4', '4', '5', '17', '29']) {
      const child = spawn(process.execPath, [...argsOf('busConsumer'), server.url, killAt], { stdio: 'inherit' });
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      expect(signal).toBe('SIGKILL');
    }
    const services = bus('services');
    services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: effect });
    await services.start();
    await until(async () => (await effects()).length >= 30);
    expect(await effects()).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
  }, 120_000);

  it('loses no acknowledged event and doubles none when PostgreSQL is killed again and again', async () => {
    const network = bus('network', 50);
    const services = bus('services', 50);
    services.consume({ consumer: 'sessions', types: ['network.session.up'], handle: effect });
    await services.start();
    await network.start();
    const tail = network.tail({ tenantId: TENANT });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { subject } of tail) seen.push(subject);
    })();
    const acknowledged: string[] = [];
    let stopped = false;
    const publishing = (async () => {
      for (let n = 0; !stopped; n += 1) {
        try {
          await publish(network, String(n));
          acknowledged.push(String(n));
        } catch (error) {
          if (!isUnavailable(error)) throw error;
        }
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      const before = acknowledged.length;
      await until(() => acknowledged.length > before + 60);
      await server.kill9ForTests();
    }
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + 60);
    stopped = true;
    await publishing;
    const last = acknowledged.at(-1)!;
    await until(async () => (await effects()).includes(last) && seen.includes(last));
    await tail.return!();
    await reading;
    for (const subjects of [await effects(), seen]) {
      const found = new Set(subjects);
      expect(subjects.length).toBe(found.size);
      expect(acknowledged.filter((subject) => !found.has(subject))).toEqual([]);
    }
  });
});
