import { connect } from '#kernel/db/connection.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { parseDatabaseUrl } from '#kernel/db/url.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Benchmark, Measurement } from './benchmark.ts';
import { compare, inParallel, median, ratiosOf, short } from './measure.ts';
import { freshDatabase, openWorld, TENANT } from './world.ts';

const ROWS = 1000;

export const tenantRead: Benchmark = {
  name: 'tenant-read',
  limit: 'a bare query of the same row on a connection of its own, without role, tenant and row-level security',
  notes: `A read is one flight: begin, role, tenant and query leave together. PostgreSQL still runs four statements where the bare client runs one.`,
  async run({ adminUrl, quick }) {
    const world = await openWorld(await freshDatabase(adminUrl));
    const { database } = world;
    const db = database.forSubgraph('identity');
    const ids = Array.from({ length: ROWS }, () => uuidv7());
    await db.write(TENANT, (tx) =>
      tx.execute(sql`insert into identity.customers (id, tenant_id, account_number, name, status, created_at, updated_at)
        select id::uuid, ${TENANT}::uuid, 'B' || place, 'Customer ' || place, 'ACTIVE', now(), now() from unnest(${sql.param(ids)}::text[]) with ordinality as k (id, place)`),
    );
    const target = parseDatabaseUrl(adminUrl);
    const bare = await Promise.all(Array.from({ length: 16 }, () => connect({ ...target, database: parseDatabaseUrl(database.url).database }, { applicationName: 'bare' })));
    const anyId = () => ids[Math.floor(Math.random() * ROWS)]!;
    const measurements: Measurement[] = [];
    try {
      for (const atOnce of [1, 16]) {
        const jobs = Array.from({ length: 200 });
        const measured = await compare(
          {
            tenant: async () => {
              await inParallel(jobs, atOnce, () => db.read(TENANT, (tx) => tx.execute(sql`select id, name, account_number, status, created_at from identity.customers where id = ${anyId()}`)));
              return jobs.length;
            },
            bare: async () => {
              await inParallel(jobs, atOnce, (_, at) => bare[at % atOnce]!.run('select id, name, account_number, status, created_at from identity.customers where id = $1', [anyId()]));
              return jobs.length;
            },
          },
          quick ? { repetitions: 3, ms: 150 } : { repetitions: 9, ms: 400 },
        );
        const cpu = (of: { cpu: number[] }) => short(median(of.cpu));
        measurements.push({
          what: `db.read of one row by its key, ${atOnce} at once`,
          against: 'bare query',
          ratios: ratiosOf(measured.tenant.rates, measured.bare.rates),
          figures: `${short(median(measured.tenant.rates))} a second (bare ${short(median(measured.bare.rates))}); CPU of this process ${cpu(measured.tenant)} µs each (bare ${cpu(measured.bare)})`,
        });
      }
    } finally {
      await Promise.all(bare.map((connection) => connection.end()));
      await world.stop();
    }
    return measurements;
  },
};
