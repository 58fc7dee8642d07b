import type { Tx } from '#kernel/db/database.ts';
import { sql, type SQL } from '#kernel/db/drizzle.ts';
import type { MigrationSet } from '#kernel/db/migrate.ts';
import { preferIndexes } from '#kernel/db/plans.ts';
import { arrayText } from '#kernel/db/recordset.ts';
import { execute } from '#kernel/db/statement.ts';
import { formatCursor, type DomainEvent, type NewEvent, type Position } from './event.ts';

/** The bus' own schema: apply it before any subgraph's. */
export const busMigrations: MigrationSet = { subgraph: 'bus', folder: new URL('./migrations/', import.meta.url) };

/**
 * The horizon. Identity values and clocks order by when a row was written, not by when it became visible: reading "all
 * after the last one seen" loses what a slower transaction commits later with a lower number. Every row carries the id of
 * its transaction, and only those below the oldest transaction still running are read: nothing can appear below them.
 */
const XMIN = sql`pg_snapshot_xmin(pg_current_snapshot())`;

/** Columns under other names than the tables': `order by xid` would otherwise sort the text of the answer. */
const EVENT = sql`e.id as event_id, e.type as event_type, e.tenant_id as event_tenant, e.subject as event_subject,
  to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as event_at, e.payload as event_payload,
  e.xid::text as event_xid, e.seq::text as event_seq`;

interface EventRow extends Record<string, unknown> {
  event_id: string | null;
  event_type: string;
  event_tenant: string;
  event_subject: string;
  event_at: string;
  event_payload: Record<string, unknown>;
  event_xid: string;
  event_seq: string;
}

/** An event and its place. */
export interface PlacedEvent {
  event: DomainEvent;
  position: Position;
}

function placed(row: EventRow): PlacedEvent {
  const position = { xid: BigInt(row.event_xid), seq: BigInt(row.event_seq) };
  return {
    position,
    event: {
      id: row.event_id!,
      type: row.event_type,
      tenantId: row.event_tenant,
      subject: row.event_subject,
      at: row.event_at,
      payload: row.event_payload,
      cursor: formatCursor(position),
    },
  };
}

const after = (xid: SQL | string, seq: SQL | string): SQL => sql`(e.xid, e.seq) > (${xid}::xid8, ${seq}::bigint)`;

export async function insertEvents(tx: Tx, source: string, events: Array<NewEvent & { id: string; at: string }>): Promise<void> {
  const columns = [
    arrayText('uuid', events, ({ id }) => id),
    arrayText('uuid', events, ({ tenantId }) => tenantId),
    arrayText('text', events, ({ type }) => type),
    arrayText('text', events, ({ subject }) => subject),
    arrayText('timestamptz', events, ({ at }) => at),
    arrayText('jsonb', events, ({ payload }) => JSON.stringify(payload)),
  ];
  await execute(tx, INSERT_EVENTS, [source, ...columns]);
}

// Of what runs for every event the text stands ready: building it costs as much as running it.
const INSERT_EVENTS = `
  insert into bus.outbox (source, id, tenant_id, type, subject, at, payload)
  select $1::text, r.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::jsonb[]) as r`;

/** Registers a consumer, or tells of its new list of types. A new one begins where it is told to. */
export async function registerConsumer(tx: Tx, consumer: string, types: string[], from: 'earliest' | 'now'): Promise<void> {
  await tx.execute(sql`
    insert into bus.cursors (consumer, types, xid, seq)
    values (${consumer}, ${sql.param(types)}::text[], ${from === 'earliest' ? sql`'0'::xid8` : XMIN}, -1)
    on conflict (consumer) do update set types = excluded.types where bus.cursors.types is distinct from excluded.types`);
}

export interface Look {
  /** All events of transactions below this one are visible or will never be. */
  xmin: bigint;
  /** There are events that an older running transaction holds back. */
  held: boolean;
  /** Which of the asked consumers have something to do now. */
  due: string[];
  /** Those for whom there is nothing below `xmin`, and where they stand. */
  idle: Array<{ consumer: string; cursor: Position }>;
  /** Milliseconds until the next failed event is tried again; undefined when none waits. */
  retryMs: number | undefined;
}

/** What a former look has found: behind `cursor`, there is nothing for the consumer below the transaction id `below`. */
export interface Passed {
  consumer: string;
  cursor: Position;
  below: bigint;
}

/**
 * One look at everything: what may be read, and who has work. What was looked at once is not looked at again, however much of it
 * concerns others, unless the consumer was moved back meanwhile.
 */
export async function look(tx: Tx, passed: readonly Passed[]): Promise<Look> {
  const known = JSON.stringify(passed.map(({ consumer, cursor, below }) => ({ consumer, xid: cursor.xid.toString(), seq: cursor.seq.toString(), below: below.toString() })));
  preferIndexes(tx);
  const [row] = await tx.execute<{ xmin: string; held: boolean; due: string[] | null; idle: Array<{ consumer: string; xid: string; seq: string }> | null; retry_ms: number | null }>(sql`
      with s as (select ${XMIN} as xmin),
      places as (
        select c.consumer, c.types, c.retry_at, c.xid, c.seq, (c.xid, c.seq) >= (k.xid, k.seq) and c.xid < k.below as passed, k.below
          from jsonb_to_recordset(${known}::jsonb) as k(consumer text, xid xid8, seq bigint, below xid8)
          join bus.cursors c on c.consumer = k.consumer),
      found as materialized (
        select p.consumer, p.xid, p.seq, p.retry_at,
               exists (select from bus.outbox e
                        where (e.xid, e.seq) > (case when p.passed then p.below else p.xid end, case when p.passed then -1 else p.seq end) and e.xid < s.xmin and e.type = any(p.types)) as finds
          from places p, s)
      select s.xmin::text as xmin,
             coalesce((select o.xid from bus.outbox o order by o.xid desc, o.seq desc limit 1) >= s.xmin, false) as held,
             (select jsonb_agg(jsonb_build_object('consumer', consumer, 'xid', xid::text, 'seq', seq::text)) from found where not finds) as idle,
             (select array_agg(consumer) from found where finds and (retry_at is null or retry_at <= clock_timestamp())) as due,
             (select (extract(epoch from min(retry_at) - clock_timestamp()) * 1000)::int from found where finds and retry_at > clock_timestamp()) as retry_ms
        from s`);
  const idle = (row!.idle ?? []).map(({ consumer, xid, seq }) => ({ consumer, cursor: { xid: BigInt(xid), seq: BigInt(seq) } }));
  return { xmin: BigInt(row!.xmin), held: row!.held, due: row!.due ?? [], idle, retryMs: row!.retry_ms ?? undefined };
}

export interface Batch {
  /** Where the consumer stands: the condition of the next step. */
  cursor: Position;
  attempts: number;
  events: PlacedEvent[];
}

/** What a consumer has to handle next, in order. Undefined: it must wait, because its first event failed a moment ago. */
export async function readBatch(tx: Tx, consumer: string, limit: number): Promise<Batch | undefined> {
  // The first of many in the index's order; else all that waits is read and sorted for each batch.
  preferIndexes(tx);
  const rows = await tx.execute<EventRow & { cursor_xid: string; cursor_seq: string; attempts: number; waits: boolean }>(sql`
    select c.xid::text as cursor_xid, c.seq::text as cursor_seq, c.attempts, coalesce(c.retry_at > clock_timestamp(), false) as waits, e.*
      from bus.cursors c
      left join lateral (
        select ${EVENT} from bus.outbox e
         where (e.xid, e.seq) > (c.xid, c.seq) and e.xid < ${XMIN} and e.type = any(c.types)
         order by e.xid, e.seq limit ${limit}
      ) e on true
     where c.consumer = ${consumer}
     order by e.event_xid::xid8, e.event_seq::bigint`);
  const first = rows[0];
  if (!first || first.waits) return undefined;
  return {
    cursor: { xid: BigInt(first.cursor_xid), seq: BigInt(first.cursor_seq) },
    attempts: first.attempts,
    events: rows.filter((row) => row.event_id !== null).map(placed),
  };
}

/**
 * Moves a consumer from one place to the next. False: another process holds it or has moved it on. The row stays locked
 * until the transaction ends, so one process at a time handles an event, and a process that dies lets go at once.
 */
export async function advance(tx: Tx, consumer: string, from: Position, to: Position): Promise<boolean> {
  const rows = await execute(tx, ADVANCE, [consumer, from.xid.toString(), from.seq.toString(), to.xid.toString(), to.seq.toString()]);
  return rows.length === 1;
}

const ADVANCE = `
  update bus.cursors set xid = $4::text::xid8, seq = $5::text::bigint, failing = null, attempts = 0, retry_at = null, error = null
   where consumer = (
     select c.consumer from bus.cursors c
      where c.consumer = $1 and c.xid = $2::text::xid8 and c.seq = $3::text::bigint
        for update skip locked)
  returning 1 as moved`;

/** Answers those of a tenant's events that this consumer has not handled yet. */
export async function enterInbox(tx: Tx, consumer: string, tenantId: string, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await execute<{ event_id: string }>(tx, ENTER_INBOX, [consumer, tenantId, [...eventIds]]);
  return new Set(rows.map(({ event_id }) => event_id));
}

const ENTER_INBOX = `
  insert into bus.inbox (consumer, event_id, tenant_id) select $1::text, id, $2::uuid from unnest($3::uuid[]) as e(id)
  on conflict do nothing returning event_id`;

/** Notes that the event at the head failed; it is tried again after `delayMs`. */
export async function noteFailure(tx: Tx, consumer: string, at: Position, event: DomainEvent, error: string, delayMs: number): Promise<void> {
  await tx.execute(sql`
    update bus.cursors set failing = ${event.id}, attempts = attempts + 1, error = ${error},
           retry_at = clock_timestamp() + ${delayMs}::int * interval '1 millisecond'
     where consumer = ${consumer} and xid = ${at.xid.toString()}::xid8 and seq = ${at.seq.toString()}::bigint`);
}

export async function park(tx: Tx, consumer: string, event: DomainEvent, attempts: number, error: string): Promise<void> {
  await tx.execute(sql`
    insert into bus.parked (consumer, event_id, tenant_id, event, attempts, error)
    values (${consumer}, ${event.id}, ${event.tenantId}, ${JSON.stringify(event)}::jsonb, ${attempts}, ${error})
    on conflict do nothing`);
}

export interface ParkedEvent {
  consumer: string;
  event: DomainEvent;
  attempts: number;
  error: string;
}

export async function readParked(tx: Tx, source: string): Promise<ParkedEvent[]> {
  const rows = await tx.execute<{ consumer: string; event: DomainEvent; attempts: number; error: string }>(sql`
    select consumer, event, attempts, error from bus.parked
     where split_part(consumer, ':', 1) = ${source} order by parked_at, event_id limit 1000`);
  return rows.map((row) => ({ consumer: row.consumer.slice(source.length + 1), event: row.event, attempts: row.attempts, error: row.error }));
}

/** True when it was parked and is so no more. */
export async function unpark(tx: Tx, consumer: string, eventId: string): Promise<boolean> {
  const rows = await tx.execute(sql`delete from bus.parked where consumer = ${consumer} and event_id = ${eventId} returning 1 as gone`);
  return rows.length === 1;
}

export interface TailBatch {
  events: PlacedEvent[];
  xmin: bigint;
  pruned: Position;
}

/** Events of the tenant whose transaction this is, in order, above `from` and, when given, up to `to`. */
export async function readTail(tx: Tx, tenantId: string, from: Position, to: Position | undefined, filter: { types?: string[]; subject?: string }, limit: number): Promise<TailBatch> {
  const upTo = to ? sql`and (e.xid, e.seq) <= (${to.xid.toString()}::xid8, ${to.seq.toString()}::bigint)` : sql``;
  const ofTypes = filter.types ? sql`and e.type = any(${sql.param(filter.types)}::text[])` : sql``;
  const ofSubject = filter.subject === undefined ? sql`` : sql`and e.subject = ${filter.subject}`;
  const rows = await tx.execute<EventRow & { xmin: string; pruned_xid: string; pruned_seq: string }>(sql`
    select s.xmin::text as xmin, p.xid::text as pruned_xid, p.seq::text as pruned_seq, e.*
      from (select ${XMIN} as xmin) s cross join bus.pruned p
      left join lateral (
        select ${EVENT} from bus.outbox e
         where e.tenant_id = ${tenantId} and ${after(from.xid.toString(), from.seq.toString())} and e.xid < s.xmin ${upTo} ${ofTypes} ${ofSubject}
         order by e.xid, e.seq limit ${limit}
      ) e on true
     order by e.event_xid::xid8, e.event_seq::bigint`);
  const first = rows[0]!;
  return {
    events: rows.filter((row) => row.event_id !== null).map(placed),
    xmin: BigInt(first.xmin),
    pruned: { xid: BigInt(first.pruned_xid), seq: BigInt(first.pruned_seq) },
  };
}

export async function readLag(tx: Tx, consumers: string[]): Promise<Array<{ consumer: string; behind: number; oldest: string | null }>> {
  preferIndexes(tx);
  return tx.execute<{ consumer: string; behind: number; oldest: string | null }>(sql`
    select c.consumer, count(e.id)::int as behind,
           to_char(min(e.at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as oldest
      from bus.cursors c
      left join bus.outbox e on (e.xid, e.seq) > (c.xid, c.seq) and e.type = any(c.types)
     where c.consumer = any(${sql.param(consumers)}::text[])
     group by c.consumer order by c.consumer`);
}

/** A transaction id above that of everything that is committed by now. */
export async function readCeiling(tx: Tx): Promise<bigint> {
  const [row] = await tx.execute<{ ceiling: string }>(sql`select pg_snapshot_xmax(pg_current_snapshot())::text as ceiling`);
  return BigInt(row!.ceiling);
}

/** Whether the consumer has handled all that concerns it below a transaction id. */
export async function hasPassed(tx: Tx, consumer: string, ceiling: bigint): Promise<boolean> {
  const [row] = await tx.execute<{ passed: boolean }>(sql`
    select not exists (
      select from bus.cursors c join bus.outbox e on (e.xid, e.seq) > (c.xid, c.seq) and e.type = any(c.types)
       where c.consumer = ${consumer} and e.xid < ${ceiling.toString()}::xid8) as passed`);
  return row!.passed;
}

/** Lets consumers that have nothing to do pass over what does not concern them, so that their next look is short. */
export async function passOver(tx: Tx, consumers: string[]): Promise<void> {
  preferIndexes(tx);
  await tx.execute(sql`
    with s as materialized (select ${XMIN} as xmin),
    idle as (
      select c.consumer from bus.cursors c, s
       where c.consumer = any(${sql.param(consumers)}::text[]) and c.xid < s.xmin and c.failing is null
         and not exists (select from bus.outbox e where (e.xid, e.seq) > (c.xid, c.seq) and e.xid < s.xmin and e.type = any(c.types))
         for update of c skip locked)
    update bus.cursors c set xid = s.xmin, seq = -1 from idle, s where c.consumer = idle.consumer`);
}

/** Removes events that happened before `before` (ISO) and that every consumer has passed. At most `limit`; answers how many. */
export async function pruneEvents(tx: Tx, before: string, limit: number): Promise<number> {
  const [row] = await tx.execute<{ removed: number }>(sql`
    with passed as (
      select e.id, e.xid, e.seq from bus.outbox e
       where e.at < ${before}::timestamptz and e.xid < ${XMIN}
         and not exists (select from bus.cursors c where (c.xid, c.seq) < (e.xid, e.seq) and e.type = any(c.types))
       order by e.xid, e.seq limit ${limit}),
    gone as (delete from bus.outbox o using passed where o.id = passed.id returning o.xid, o.seq),
    last as (select xid, seq from gone order by xid desc, seq desc limit 1),
    mark as (update bus.pruned p set xid = last.xid, seq = last.seq from last where (p.xid, p.seq) < (last.xid, last.seq) returning 1)
    select count(*)::int as removed from gone`);
  await tx.execute(sql`
    delete from bus.inbox where (consumer, event_id) in (
      select consumer, event_id from bus.inbox where handled_at < ${before}::timestamptz limit ${limit})`);
  return row!.removed;
}

/**
 * Transaction ids belong to one server. When the data was moved to another (restored from a dump), new ones start low
 * again and would sort below what is already delivered: nothing new would ever be heard. The old rows are renumbered.
 */
export async function rebase(tx: Tx): Promise<boolean> {
  const [row] = await tx.execute<{ foreign: boolean }>(sql`
    select exists (select from bus.outbox where xid >= pg_snapshot_xmax(pg_current_snapshot()))
        or exists (select from bus.cursors where xid > pg_snapshot_xmax(pg_current_snapshot())) as foreign`);
  if (!row!.foreign) return false;
  await tx.execute(sql`lock table bus.cursors, bus.outbox in access exclusive mode`);
  await tx.execute(sql`
    update bus.cursors c set xid = '3', seq = (select count(*) from bus.outbox o where (o.xid, o.seq) <= (c.xid, c.seq))`);
  await tx.execute(sql`update bus.pruned set xid = '3', seq = 0 where xid > '3'`);
  // In two steps: the numbers are unique at every moment.
  await tx.execute(sql`create temporary table renumbered on commit drop as select id, row_number() over (order by xid, seq) as place from bus.outbox`);
  await tx.execute(sql`update bus.outbox o set xid = '3', seq = -r.place from renumbered r where r.id = o.id`);
  await tx.execute(sql`update bus.outbox set seq = -seq where seq < 0`);
  await tx.execute(sql`select setval(pg_get_serial_sequence('bus.outbox', 'seq'), (select greatest(coalesce(max(seq), 0), 1) from bus.outbox))`);
  return true;
}
