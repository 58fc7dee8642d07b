import { busMigrations, makeBus } from '#kernel/bus/bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { connect } from '#kernel/db/connection.ts';
import { openDatabase } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { migrate } from '#kernel/db/migrate.ts';
import { parseDatabaseUrl } from '#kernel/db/url.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import type { Benchmark, Measurement } from './benchmark.ts';
import { compare, inParallel, median, ratiosOf, short } from './measure.ts';
import { freshDatabase, TENANT } from './world.ts';

const AT_ONCE = 8;

export const bus: Benchmark = {
  name: 'bus',
  limit: 'bare INSERTs of the same rows, each batch its own transaction',
  notes: `Publishing is one INSERT of all events of a transaction. Handling costs two statements of the bus (cursor and inbox) and the handler's own for each event; consecutive events of one tenant
share a transaction while that is quick. The order of one consumer is kept, so its events are handled one after the other.`,
  async run({ adminUrl, quick }) {
    const url = await freshDatabase(adminUrl);
    await migrate(url, busMigrations);
    const database = openDatabase({ url, applicationName: 'bench', log: silentLogger });
    const db = database.forSubgraph('services');
    const make = (subgraph: string) => makeBus({ database, subgraph, log: silentLogger, clock: systemClock, newId: uuidv7 });
    const publisher = make('services');
    const hearer = make('network');
    let handled = 0;
    let wake: (() => void) | undefined;
    hearer.consume({
      consumer: 'bench',
      types: ['services.bench.happened'],
      async handle() {
        handled += 1;
        wake?.();
      },
    });
    await publisher.start();
    await hearer.start();
    const bare = await Promise.all(Array.from({ length: AT_ONCE }, () => connect(parseDatabaseUrl(url), { applicationName: 'bare' })));
    await db.system(async (tx) => {
      await tx.execute(sql`create table bus.bench (seq bigserial primary key, id uuid not null, type text not null, tenant_id uuid not null, subject text not null, at timestamptz not null, payload jsonb not null)`);
      await tx.execute(sql`grant all on bus.bench to public`);
      await tx.execute(sql`grant all on sequence bus.bench_seq_seq to public`);
      await tx.execute(sql`grant usage on schema bus to public`);
    });

    const event = () => ({ type: 'services.bench.happened', tenantId: TENANT, subject: uuidv7(), payload: { planId: uuidv7(), name: 'Fiber 100', amount: '29.90' } });
    const insert = 'insert into bus.bench (id, type, tenant_id, subject, at, payload) select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[], $6::jsonb[])';
    const measurements: Measurement[] = [];
    try {
      for (const batch of [1, 100]) {
        const rounds = (quick ? 100 : 400) / (batch === 1 ? 1 : 10);
        const jobs = Array.from({ length: rounds });
        const total = rounds * batch;
        const published: number[] = [];
        const batchOf = () => Array.from({ length: batch }, event);
        const measured = await compare(
          {
            handled: async () => {
              const goal = handled + total;
              const done = new Promise<void>((resolve) => (wake = () => (handled >= goal ? resolve() : undefined)));
              const began = performance.now();
              await inParallel(jobs, AT_ONCE, () => db.write(TENANT, (tx) => publisher.publish(tx, batchOf())));
              published.push(total / ((performance.now() - began) / 1000));
              await done;
              wake = undefined;
              return total;
            },
            bare: async () => {
              await inParallel(jobs, AT_ONCE, async (_, at) => {
                const events = batchOf();
                const now = new Date().toISOString();
                await bare[at % AT_ONCE]!.run(insert, [events.map(() => uuidv7()), events.map(({ type }) => type), events.map(({ tenantId }) => tenantId), events.map(({ subject }) => subject), events.map(() => now), events.map(({ payload }) => JSON.stringify(payload))]);
              });
              return total;
            },
          },
          quick ? { repetitions: 3, ms: 0 } : { repetitions: 7, ms: 600 },
        );
        measurements.push({
          what: `published by ${AT_ONCE} writers, ${batch} to a transaction, until handled by one consumer`,
          against: 'bare INSERT',
          ratios: ratiosOf(measured.handled.rates, measured.bare.rates),
          figures: `${short(median(measured.handled.rates))} events a second handled, ${short(median(published))} published; bare ${short(median(measured.bare.rates))}`,
        });
      }
    } finally {
      await hearer.stop();
      await publisher.stop();
      await Promise.all(bare.map((connection) => connection.end()));
      await database.close();
    }
    return measurements;
  },
};
