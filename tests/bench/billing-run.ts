import { sql } from 'drizzle-orm';
import { uuidv7 } from '#kernel/ids.ts';
import type { Benchmark } from './benchmark.ts';
import { median, short } from './measure.ts';
import { freshDatabase, openWorld, TENANT, until } from './world.ts';

/** What a billing run writes, as tables of the same columns and indexes without anything that guards them. */
const WRITTEN = ['invoices', 'invoice_lines', 'periods'];

export const billingRun: Benchmark = {
  name: 'billing-run',
  limit: 'one statement that copies the same rows (invoices, lines, periods, events) with the same indexes: INSERT … SELECT',
  notes: `The run decides every period in TypeScript, in exact arithmetic, and writes chunks of 500 subscriptions, each in one transaction of about a dozen statements whatever is in it;
the copy decides nothing. What the run spends beyond it is the deciding, JSON to and from the server, row-level security, the foreign keys, and the cursor that it moves in each subscription.`,
  async run({ adminUrl, quick, progress }) {
    const size = quick ? 1000 : 10_000;
    const world = await openWorld(await freshDatabase(adminUrl));
    const db = world.database.forSubgraph('billing');
    const rates: number[] = [];
    const copyRates: number[] = [];
    const cpu: number[] = [];
    const statements: number[] = [];
    try {
      await db.system(async (tx) => {
        for (const table of WRITTEN) await tx.execute(sql.raw(`create table billing.bench_${table} (like billing.${table} including indexes including defaults)`));
        await tx.execute(sql`create table bus.bench_outbox (like bus.outbox including indexes including defaults)`);
      });
      const asOf = new Date().toISOString().slice(0, 10);
      for (let repetition = -1; repetition < (quick ? 2 : 5); repetition += 1) {
        const batch = uuidv7();
        await db.write(TENANT, async (tx) => {
          await tx.execute(sql`
            with made as (
              insert into billing.subscriptions (id, tenant_id, service_id, customer_id, plan_id, currency, billing_day, started_on, billed_until, due_on, created_at)
              select uuidv7(), ${TENANT}, uuidv7(), uuidv7(), ${batch}, 'USD', 1 + n % 28, ${asOf}::date, ${asOf}::date, ${asOf}::date, now() from generate_series(1, ${size}::int) n
              returning id)
            insert into billing.subscription_terms (tenant_id, subscription_id, effective_from, position, plan_id, plan_code, plan_version, price_minor, currency, grace_days)
            select ${TENANT}, id, ${asOf}::date, 0, ${batch}, 'bench', 1, 2990, 'USD', 7 from made`);
        });
        let seen = 0;
        world.database.onStatement = ({ role, mode }) => (seen += role === 'headend_billing' && mode === 'write' ? 1 : 0);
        const cpuBefore = process.cpuUsage();
        const began = performance.now();
        const { runBilling } = await world.ask('mutation ($asOf: Date!) { runBilling(input: { asOf: $asOf }) { run { id } } }', { asOf });
        const id = runBilling.run.id as string;
        await until('the billing run to succeed', 120_000, async () => (await world.ask('query ($id: ID!) { billingRun(id: $id) { state } }', { id })).billingRun.state === 'SUCCEEDED', 10);
        const seconds = (performance.now() - began) / 1000;
        const { user, system } = process.cpuUsage(cpuBefore);
        world.database.onStatement = undefined;
        const { invoices, copied, copySeconds } = await copyOf(batch);
        if (invoices !== size) throw new Error(`${invoices} invoices instead of ${size}`);
        progress(`${invoices} invoices in ${short(seconds)} s; ${copied} rows copied in ${short(copySeconds)} s`);
        if (repetition < 0) continue;
        rates.push(size / seconds);
        copyRates.push(size / copySeconds);
        cpu.push((user + system) / size);
        statements.push(seen);
      }
      return [
        {
          what: `billing run of ${size} subscriptions, through the graph`,
          against: 'one INSERT … SELECT of the same rows',
          ratios: rates.map((rate, at) => rate / copyRates[at]!),
          figures: `${short(median(rates))} subscriptions a second (copied ${short(median(copyRates))}); ${short(median(statements))} SQL statements of billing in all; CPU of this process ${short(median(cpu))} µs each`,
        },
      ];
    } finally {
      await world.stop();
    }

    /** What the subscriptions of `batch` were billed, copied by one statement; the copy is thrown away. */
    async function copyOf(batch: string): Promise<{ invoices: number; copied: number; copySeconds: number }> {
      return db.system(async (tx) => {
        const of = sql`(select id from billing.subscriptions where plan_id = ${batch})`;
        await tx.execute(sql`create temporary table made_invoices on commit drop as select * from billing.invoices where subscription_id in ${of}`);
        await tx.execute(sql`create temporary table made_lines on commit drop as select * from billing.invoice_lines where invoice_id in (select id from made_invoices)`);
        await tx.execute(sql`create temporary table made_periods on commit drop as select * from billing.periods where subscription_id in ${of}`);
        await tx.execute(sql`create temporary table made_events on commit drop as select * from bus.outbox where type = 'billing.invoice.issued' and subject in (select id::text from made_invoices)`);
        const began = performance.now();
        const [row] = await tx.execute<{ invoices: number; copied: number }>(sql`
          with i as (insert into billing.bench_invoices select * from made_invoices returning 1),
               l as (insert into billing.bench_invoice_lines select * from made_lines returning 1),
               p as (insert into billing.bench_periods select * from made_periods returning 1),
               e as (insert into bus.bench_outbox select * from made_events returning 1)
          select (select count(*) from i)::int as invoices, ((select count(*) from i) + (select count(*) from l) + (select count(*) from p) + (select count(*) from e))::int as copied`);
        const copySeconds = (performance.now() - began) / 1000;
        await tx.execute(sql`truncate billing.bench_invoices, billing.bench_invoice_lines, billing.bench_periods, bus.bench_outbox`);
        return { ...row!, copySeconds };
      });
    }
  },
};
