import { anyOf } from '#kernel/db/columns.ts';
import type { Tx } from '#kernel/db/database.ts';
import { and, count, desc, eq, getTableColumns, gt, lt, min, sql, type SQL } from '#kernel/db/drizzle.ts';
import { withinTime } from '#kernel/db/filtering.ts';
import { customers, serviceCustomers, timelineEntries } from '../tables.ts';
import type { TimelineEntry } from './timeline-entry.ts';
import type { TimelineKind } from './timeline-kind.ts';
import type { Heard } from './timeline.events.ts';

/** The channel on which a longer timeline is told to whoever watches; its payload is the customer's id. */
export const TIMELINE_CHANNEL = 'events_timeline';

const { tenantId: _owner, recordedAt: _recorded, once: _once, ...columns } = getTableColumns(timelineEntries);

export async function keepCustomer(tx: Tx, tenantId: string, customerId: string): Promise<void> {
  await tx.insert(customers).values({ tenantId, customerId, lastPosition: 0 }).onConflictDoNothing();
}

/** With his entries and his services; who watches is told. */
export async function forgetCustomer(tx: Tx, customerId: string): Promise<void> {
  await tx.delete(customers).where(eq(customers.customerId, customerId));
  await tx.execute(sql`select pg_notify(${TIMELINE_CHANNEL}, ${customerId})`);
}

/** Nothing for a customer of whom nothing is known. */
export async function keepServiceCustomer(tx: Tx, { serviceId, customerId }: { serviceId: string; customerId: string }): Promise<void> {
  await tx.execute(sql`
    insert into ${serviceCustomers} (tenant_id, service_id, customer_id)
    select tenant_id, ${serviceId}::uuid, customer_id from ${customers} where customer_id = ${customerId}::uuid
    on conflict do nothing`);
}

/** What is written of an event. */
export type NewEntry = Heard & { id: string; at: string; recordedAt: Date };

/**
 * Adds entries to customers' timelines, in their order, and tells who watches, in one statement. A customer's row stays locked until the
 * transaction ends, so that positions become visible in their order: whoever has read up to one has missed none below it.
 * Answers the ids of those that were added: not of what is there already, nor of what nobody is known for.
 */
export async function append(tx: Tx, entries: readonly NewEntry[]): Promise<ReadonlySet<string>> {
  const json = JSON.stringify(entries.map(({ id, kind, whose, facts, once, at, recordedAt }, n) => ({ n, id, kind, ...whose, facts, once, at, recordedAt: recordedAt.toISOString() })));
  const rows = await tx.execute<{ id: string }>(sql`
    with heard as (
      select coalesce(h."customerId", (select s.customer_id from ${serviceCustomers} s where s.service_id = h."serviceId")) as customer_id, h.n, h.id, h.kind, h.at, h."recordedAt" as recorded_at, h.facts, h.once
        from jsonb_to_recordset(${json}::jsonb) as h("customerId" uuid, "serviceId" uuid, n integer, id uuid, kind text, at timestamptz, "recordedAt" timestamptz, facts jsonb, once text)
    ), told as (
      select distinct on (customer_id, coalesce(once, id::text)) * from heard h
       where not exists (select from ${timelineEntries} e where e.customer_id = h.customer_id and (e.id = h.id or e.once = h.once))
       order by customer_id, coalesce(once, id::text), n
    ), placed as (
      update ${customers} c set last_position = c.last_position + t.entries
        from (select customer_id, count(*)::integer as entries from told group by customer_id) t
       where c.customer_id = t.customer_id
      returning c.tenant_id, c.customer_id, c.last_position - t.entries as below
    ), entered as (
      insert into ${timelineEntries} (tenant_id, customer_id, position, id, kind, at, recorded_at, facts, once)
      select p.tenant_id, p.customer_id, p.below + row_number() over (partition by p.customer_id order by t.n), t.id, t.kind, t.at, t.recorded_at, t.facts, t.once
        from told t join placed p on p.customer_id = t.customer_id
      returning customer_id, id
    )
    select id::text, pg_notify(${TIMELINE_CHANNEL}, customer_id::text) from entered`);
  return new Set(rows.map(({ id }) => id));
}

/** How far a timeline goes: its oldest entry that is kept, and its newest. Undefined for a customer of whom nothing is known. */
export async function bounds(tx: Tx, customerId: string): Promise<{ first: number; last: number } | undefined> {
  const [row] = await tx
    .select({ last: customers.lastPosition, first: min(timelineEntries.position) })
    .from(customers)
    .leftJoin(timelineEntries, eq(timelineEntries.customerId, customers.customerId))
    .where(eq(customers.customerId, customerId))
    .groupBy(customers.lastPosition);
  return row && { last: row.last, first: row.first ?? row.last + 1 };
}

/**
 * The next entries of these kinds above a position, in order, and up to which position that was looked: by one snapshot, so
 * that what is passed over is passed over for good. Undefined when the customer is no longer known.
 */
export async function entriesAfter(tx: Tx, customerId: string, position: number, kinds: readonly TimelineKind[], limit: number): Promise<{ entries: TimelineEntry[]; upTo: number } | undefined> {
  const next = tx
    .select(columns)
    .from(timelineEntries)
    .where(and(eq(timelineEntries.customerId, customerId), gt(timelineEntries.position, position), anyOf(timelineEntries.kind, kinds)))
    .orderBy(timelineEntries.position)
    .limit(limit)
    .as('next');
  const rows = await tx
    .select({ last: customers.lastPosition, entry: { id: next.id, customerId: next.customerId, position: next.position, kind: next.kind, at: next.at, facts: next.facts } })
    .from(customers)
    .leftJoin(next, sql`true`)
    .where(eq(customers.customerId, customerId))
    .orderBy(next.position);
  if (rows.length === 0) return undefined;
  const entries = rows.flatMap(({ entry }) => (entry ? [entry] : []));
  return { entries, upTo: entries.length === limit ? entries.at(-1)!.position : rows[0]!.last };
}

/** Where the timelines of many customers end, of whatever tenants. As the system: for who waits for them to grow. */
export async function lastPositions(tx: Tx, customerIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx
    .select({ customerId: customers.customerId, last: customers.lastPosition })
    .from(customers)
    .where(anyOf(customers.customerId, customerIds));
  return new Map(rows.map(({ customerId, last }) => [customerId, last]));
}

/** Which entries of a customer are listed. */
export interface EntryFilter {
  kinds: readonly TimelineKind[];
  at?: { from?: Date | null; to?: Date | null } | null;
}

const matching = ({ kinds, at }: EntryFilter): SQL | undefined => and(anyOf(timelineEntries.kind, kinds), withinTime(timelineEntries.at, at));

/** The newest entries of each of many customers, below a position when one is given; one more than asked for. */
export async function newestOfCustomers(tx: Tx, customerIds: readonly string[], filter: EntryFilter, page: { first: number; below: number | null; offset: number }): Promise<Map<string, TimelineEntry[]>> {
  const wanted = sql`unnest(${sql.param([...customerIds])}::uuid[])`;
  const found = tx
    .select(columns)
    .from(timelineEntries)
    .where(and(sql`${timelineEntries.customerId} = wanted.id`, page.below === null ? undefined : lt(timelineEntries.position, page.below), matching(filter)))
    .orderBy(desc(timelineEntries.position))
    .limit(page.first + 1)
    .offset(page.offset)
    .as('found');
  const rows = await tx
    .select({ id: found.id, customerId: found.customerId, position: found.position, kind: found.kind, at: found.at, facts: found.facts })
    .from(sql`${wanted} as wanted(id)`)
    .innerJoinLateral(found, sql`true`)
    .orderBy(desc(found.position));
  const ofCustomer = new Map<string, TimelineEntry[]>();
  for (const row of rows) ofCustomer.set(row.customerId, [...(ofCustomer.get(row.customerId) ?? []), row]);
  return ofCustomer;
}

export async function countsOfCustomers(tx: Tx, customerIds: readonly string[], filter: EntryFilter): Promise<Map<string, number>> {
  const rows = await tx
    .select({ customerId: timelineEntries.customerId, total: count() })
    .from(timelineEntries)
    .where(and(anyOf(timelineEntries.customerId, customerIds), matching(filter)))
    .groupBy(timelineEntries.customerId);
  return new Map(rows.map(({ customerId, total }) => [customerId, total]));
}

/** Tenants that have entries recorded before an instant. As the system. */
export async function tenantsWithOld(tx: Tx, before: Date): Promise<string[]> {
  const rows = await tx.selectDistinct({ tenantId: timelineEntries.tenantId }).from(timelineEntries).where(lt(timelineEntries.recordedAt, before));
  return rows.map(({ tenantId }) => tenantId);
}

/** Removes entries recorded before an instant, but never a customer's newest: from it on, his timeline can always be resumed. Answers how many. */
export async function removeOld(tx: Tx, before: Date, limit: number): Promise<number> {
  const rows = await tx.execute(sql`
    delete from ${timelineEntries} e using (
      select o.customer_id, o.position from ${timelineEntries} o join ${customers} c on c.customer_id = o.customer_id
       where o.recorded_at < ${before.toISOString()}::timestamptz and o.position < c.last_position
       order by o.recorded_at limit ${limit}) old
     where e.customer_id = old.customer_id and e.position = old.position
    returning 1 as gone`);
  return rows.length;
}
