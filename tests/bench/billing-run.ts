import { sql } from '#kernel/db/drizzle.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Benchmark } from './benchmark.ts';
import { median, short } from './measure.ts';
import { freshDatabase, openWorld, TENANT, until } from './world.ts';

/** What a billing run writes, as tables of the same columns and indexes without anything that guards them. */
const WRITTEN = ['invoices', 'invoice_lines', 'periods'];

/** The same tables with what guards them: foreign keys (to the tables that the run reads, and among the copies), checks, row-level security. */
const GUARDED = `
  create table billing.fair_invoices (like billing.invoices including indexes including defaults including constraints);
  create table billing.fair_invoice_lines (like billing.invoice_lines including indexes including defaults including constraints,
    foreign key (tenant_id, invoice_id) references billing.fair_invoices (tenant_id, id) deferrable initially deferred);
  create table billing.fair_periods (like billing.periods including indexes including defaults including constraints,
    foreign key (tenant_id, subscription_id) references billing.subscriptions (tenant_id, id),
    foreign key (tenant_id, subscription_id, previous_to) references billing.fair_periods (tenant_id, subscription_id, period_to),
    foreign key (tenant_id, invoice_id) references billing.fair_invoices (tenant_id, id) deferrable initially deferred);
  create table bus.fair_outbox (like bus.outbox including indexes including defaults including constraints);
  grant insert on bus.fair_outbox to headend_billing;
  do $$ declare t text; begin
    foreach t in array array['billing.fair_invoices', 'billing.fair_invoice_lines', 'billing.fair_periods', 'bus.fair_outbox'] loop
      execute format('alter table %s enable row level security', t);
      execute format('create policy tenant on %s to headend_billing using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    end loop;
  end $$`;

/** The rows in `made_*`, copied by one statement. */
const copyInto = (kind: 'bench' | 'fair') =>
  sql.raw(`
    with i as (insert into billing.${kind}_invoices select * from billing.made_invoices returning 1),
         l as (insert into billing.${kind}_invoice_lines select * from billing.made_lines returning 1),
         p as (insert into billing.${kind}_periods select * from billing.made_periods returning 1),
         e as (insert into bus.${kind}_outbox select * from billing.made_events returning 1)
    select (select count(*) from i)::int as invoices, ((select count(*) from i) + (select count(*) from l) + (select count(*) from p) + (select count(*) from e))::int as copied`);

export const billingRun: Benchmark = {
  name: 'billing-run',
  limit: 'one statement that copies the same rows (invoices, lines, periods, events) with the same indexes: INSERT … SELECT',
  notes: `The run decides every period in TypeScript, in exact arithmetic, and writes chunks of 500 subscriptions, two at once, each in one transaction of about a dozen statements whatever is in it;
the copy decides nothing and moves rows within the server. The second row is the same copy into tables with the same foreign keys, checks and row-level security, as the subgraph's role: what whoever
writes them rightly has to pay. What the run spends beyond that: reading what is due with its terms, deciding, sending rows as arrays, moving the cursor of each subscription (an update that no index hears of), and
the event's way to the timeline, which is taken in the same process meanwhile. The numbers are taken last and held to the commit, so the invoices, events and deferred foreign keys of two chunks are written one after the other. With two cores it is bound by the CPU of all: two thirds of it in PostgreSQL, of which a fifth is the bus and the timeline.`,
  async run({ adminUrl, quick, progress }) {
    const size = quick ? 1000 : 10_000;
    const world = await openWorld(await freshDatabase(adminUrl));
    const db = world.database.forSubgraph('billing');
    const rates: number[] = [];
    const copyRates: number[] = [];
    const fairRates: number[] = [];
    const cpu: number[] = [];
    const statements: number[] = [];
    try {
      await db.system(async (tx) => {
        for (const table of WRITTEN) await tx.execute(sql.raw(`create table billing.bench_${table} (like billing.${table} including indexes including defaults)`));
        await tx.execute(sql`create table bus.bench_outbox (like bus.outbox including indexes including defaults)`);
        for (const statement of GUARDED.split(/;\n  (?=create|grant|do)/)) await tx.execute(sql.raw(statement));
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
        const { invoices, copied, copySeconds, fairSeconds } = await copyOf(batch);
        if (invoices !== size) throw new Error(`${invoices} invoices instead of ${size}`);
        progress(`${invoices} invoices in ${short(seconds)} s; ${copied} rows copied in ${short(copySeconds)} s, guarded in ${short(fairSeconds)} s`);
        if (repetition < 0) continue;
        rates.push(size / seconds);
        copyRates.push(size / copySeconds);
        fairRates.push(size / fairSeconds);
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
        {
          what: 'the same',
          against: 'the same INSERT … SELECT, guarded: foreign keys, checks, row-level security',
          ratios: rates.map((rate, at) => rate / fairRates[at]!),
          figures: `guarded copy: ${short(median(fairRates))} a second`,
        },
      ];
    } finally {
      await world.stop();
    }

    /** What the subscriptions of `batch` were billed, copied by one statement, bare and guarded; the copies are thrown away. */
    async function copyOf(batch: string): Promise<{ invoices: number; copied: number; copySeconds: number; fairSeconds: number }> {
      const of = sql`(select id from billing.subscriptions where plan_id = ${batch})`;
      await db.system(async (tx) => {
        await tx.execute(sql`create table billing.made_invoices as select * from billing.invoices where subscription_id in ${of}`);
        await tx.execute(sql`create table billing.made_lines as select * from billing.invoice_lines where invoice_id in (select id from billing.made_invoices)`);
        await tx.execute(sql`create table billing.made_periods as select * from billing.periods where subscription_id in ${of}`);
        await tx.execute(sql`create table billing.made_events as select * from bus.outbox where type = 'billing.invoice.issued' and subject in (select id::text from billing.made_invoices)`);
      });
      const timed = async (work: () => Promise<{ invoices: number; copied: number }>) => {
        const began = performance.now();
        const row = await work();
        return { ...row, seconds: (performance.now() - began) / 1000 };
      };
      // Until the commit: that is when deferred foreign keys are looked at.
      const { seconds: copySeconds, ...bare } = await timed(() => db.system(async (tx) => (await tx.execute<{ invoices: number; copied: number }>(copyInto('bench')))[0]!));
      const { seconds: fairSeconds } = await timed(() => db.write(TENANT, async (tx) => (await tx.execute<{ invoices: number; copied: number }>(copyInto('fair')))[0]!));
      await db.system(async (tx) => {
        await tx.execute(sql`truncate billing.bench_invoices, billing.bench_invoice_lines, billing.bench_periods, bus.bench_outbox, billing.fair_invoices, billing.fair_invoice_lines, billing.fair_periods, bus.fair_outbox`);
        await tx.execute(sql`drop table billing.made_invoices, billing.made_lines, billing.made_periods, billing.made_events`);
      });
      return { ...bare, copySeconds, fairSeconds };
    }
  },
};
