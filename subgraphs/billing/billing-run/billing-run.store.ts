import type { CivilDate } from '#kernel/civil-time.ts';
import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, asc, count, eq, getTableColumns, ne, sql } from '#kernel/db/drizzle.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import { billingRuns, billingRunTotals, parkedSubscriptions, subscriptions } from '../tables.ts';
import { BillingRunState, type BillingRunFilter, type BillingRunOrderField } from './billing-run.type.ts';

export type BillingRunQuery = ListQuery<BillingRunFilter, BillingRunOrderField>;

export interface BillingRun {
  id: string;
  asOf: CivilDate;
  state: BillingRunState;
  invoices: number;
  /** Id of the principal who asked first; null: the schedule. */
  requestedBy: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

export interface Parked {
  subscriptionId: string;
  serviceId: string;
  code: string;
  message: string;
}

const { tenantId: _owner, ...columns } = getTableColumns(billingRuns);

export async function byIds(tx: Tx, ids: string[]): Promise<BillingRun[]> {
  return tx
    .select(columns)
    .from(billingRuns)
    .where(anyOf(billingRuns.id, ids.filter(isUuid)));
}

export function list(db: SubgraphDatabase, tenantId: string, query: BillingRunQuery): Promise<ConnectionValue<BillingRun>> {
  const where = query.filter?.state ? eq(billingRuns.state, query.filter.state) : undefined;
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { asOf: billingRuns.asOf, startedAt: billingRuns.startedAt },
    id: billingRuns.id,
    rows: (tx, page) =>
      tx
        .select(columns)
        .from(billingRuns)
        .where(and(where, page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: async (tx) => (await tx.select({ total: count() }).from(billingRuns).where(where))[0]!.total,
  });
}

/**
 * The run of a day: made where there is none; begun again when it has ended although something is due (a service activated
 * since, one that was parked). Otherwise as it is.
 */
export async function open(tx: Tx, tenantId: string, run: BillingRun): Promise<BillingRun> {
  const made = await tx
    .insert(billingRuns)
    .values({ ...run, tenantId })
    .onConflictDoNothing({ target: [billingRuns.tenantId, billingRuns.asOf] })
    .returning({ id: billingRuns.id });
  if (made.length > 0) return run;
  const [found] = await tx.select(columns).from(billingRuns).where(eq(billingRuns.asOf, run.asOf)).for('no key update');
  if (found!.state === BillingRunState.RUNNING) return found!;
  const [due] = await tx.execute(sql`select from ${subscriptions} where due_on <= ${run.asOf}::date limit 1`);
  if (!due && found!.state === BillingRunState.SUCCEEDED) return found!;
  // Whoever asks again wants what was parked to be tried again.
  await tx.delete(parkedSubscriptions).where(eq(parkedSubscriptions.runId, found!.id));
  const again = { ...found!, state: BillingRunState.RUNNING, finishedAt: null };
  await tx.update(billingRuns).set({ state: again.state, finishedAt: null }).where(eq(billingRuns.id, again.id));
  return again;
}

/** Nothing happens when another process has ended it already. */
export async function finish(tx: Tx, id: string, state: BillingRunState.SUCCEEDED | BillingRunState.FAILED, at: Date): Promise<void> {
  await tx
    .update(billingRuns)
    .set({ state, finishedAt: at })
    .where(and(eq(billingRuns.id, id), ne(billingRuns.state, state)));
}

/** Adds what one chunk has issued. The row stays locked until the transaction ends: call it late. Rejects when there is no such run. */
export async function progress(tx: Tx, tenantId: string, runId: string, invoices: number, totals: Money[]): Promise<void> {
  const rows = JSON.stringify(totals.map(({ minor, currency }) => ({ currency, minor: minor.toString() })));
  const [counted] = await Promise.all([
    tx.update(billingRuns).set({ invoices: sql`${billingRuns.invoices} + ${invoices}` }).where(eq(billingRuns.id, runId)).returning({ id: billingRuns.id }),
    tx.execute(sql`
      insert into ${billingRunTotals} as t (tenant_id, run_id, currency, total_minor)
      select ${tenantId}, ${runId}, currency, minor from jsonb_to_recordset(${rows}::jsonb) as r(currency text, minor bigint) order by currency
      on conflict (tenant_id, run_id, currency) do update set total_minor = t.total_minor + excluded.total_minor`),
  ]);
  if (counted.length === 0) throw new Error(`There is no billing run ${runId}`);
}

export async function park(tx: Tx, tenantId: string, runId: string, parked: Parked[], at: Date): Promise<void> {
  if (parked.length === 0) return;
  await tx
    .insert(parkedSubscriptions)
    .values(parked.map((one) => ({ ...one, tenantId, runId, createdAt: at })))
    .onConflictDoNothing();
}

export async function totalsOf(tx: Tx, runIds: string[]): Promise<Map<string, Money[]>> {
  const rows = await tx.select().from(billingRunTotals).where(anyOf(billingRunTotals.runId, runIds)).orderBy(asc(billingRunTotals.currency));
  const found = new Map<string, Money[]>();
  for (const { runId, totalMinor, currency } of rows) found.set(runId, [...(found.get(runId) ?? []), { minor: totalMinor, currency }]);
  return found;
}

export async function parkedOf(tx: Tx, runIds: string[]): Promise<Map<string, Parked[]>> {
  const rows = await tx.select().from(parkedSubscriptions).where(anyOf(parkedSubscriptions.runId, runIds)).orderBy(asc(parkedSubscriptions.subscriptionId));
  const found = new Map<string, Parked[]>();
  for (const { runId, subscriptionId, serviceId, code, message } of rows) found.set(runId, [...(found.get(runId) ?? []), { subscriptionId, serviceId, code, message }]);
  return found;
}

/** Runs that were begun and not ended, of all tenants. As the system. */
export async function running(tx: Tx): Promise<Array<{ tenantId: string; id: string }>> {
  return tx.select({ tenantId: billingRuns.tenantId, id: billingRuns.id }).from(billingRuns).where(eq(billingRuns.state, BillingRunState.RUNNING));
}
