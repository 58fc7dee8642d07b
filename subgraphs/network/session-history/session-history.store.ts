import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, count, desc, eq, getTableColumns, gt, isNotNull, isNull, lt, lte, or, sql, type SQL } from '#kernel/db/drizzle.ts';
import { listConnection, pageOf, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { isUuid } from '#kernel/ids.ts';
import { routers, sessionHistory } from '../tables.ts';
import type { SessionRecord } from './session-history.ts';
import type { PppSessionHistoryFilter, SessionEndReason } from './session-history.type.ts';

export type HistoryQuery = ListQuery<PppSessionHistoryFilter, 'startedAt'>;
export type HistoryPage = Omit<ConnectionValue<SessionRecord>, 'totalCount'>;

/** A session that is up, as it is kept: what the live view of its router can be filled from. */
export type OpenSession = Pick<SessionRecord, 'name' | 'address' | 'callerId' | 'sessionId' | 'routerosId' | 'startedAt' | 'observedAt'> & { service: string | null };

/** Which session an event is about: the router's id of it begins anew when the router does, so it says nothing of an ended one. */
export interface SessionKey {
  name: string;
  sessionId: string | null;
}

export interface ClosedSession extends SessionKey {
  at: Date;
  reason: SessionEndReason;
}

const { tenantId: _owner, ...columns } = getTableColumns(sessionHistory);
const NEWEST_FIRST = [{ field: 'startedAt' as const, direction: OrderDirection.DESC }];
const SORTED = { columns: { startedAt: sessionHistory.startedAt }, id: sessionHistory.id, orderBy: NEWEST_FIRST };
/** Two reckonings of one session's start differ by what the router rounds and the network takes. */
const SAME_START_SECONDS = 60;

const toRecord = (row: Omit<typeof sessionHistory.$inferSelect, 'tenantId'>): SessionRecord => ({ ...row, endReason: row.endReason as SessionEndReason | null, source: row.source as SessionRecord['source'] });

/** Who held an address at an instant, the newest session first. */
export async function at(tx: Tx, address: string, instant: Date, routerId: string | null): Promise<SessionRecord[]> {
  const rows = await tx
    .select(columns)
    .from(sessionHistory)
    .where(and(eq(sessionHistory.address, address), lte(sessionHistory.startedAt, instant), or(isNull(sessionHistory.endedAt), gt(sessionHistory.endedAt, instant)), routerId === null ? undefined : eq(sessionHistory.routerId, routerId)))
    .orderBy(desc(sessionHistory.startedAt), desc(sessionHistory.id));
  return rows.map(toRecord);
}

export function list(db: SubgraphDatabase, tenantId: string, query: HistoryQuery): Promise<ConnectionValue<SessionRecord>> {
  const filter = query.filter ?? {};
  const isId = (column: typeof sessionHistory.routerId | typeof sessionHistory.serviceId, id: string | null | undefined): SQL | undefined =>
    id == null ? undefined : isUuid(id) ? eq(column, id) : sql`false`;
  const where = and(
    isId(sessionHistory.serviceId, filter.serviceId),
    isId(sessionHistory.routerId, filter.routerId),
    filter.name == null ? undefined : eq(sessionHistory.name, filter.name),
    filter.address == null ? undefined : eq(sessionHistory.address, filter.address),
    filter.from == null ? undefined : or(isNull(sessionHistory.endedAt), gt(sessionHistory.endedAt, filter.from)),
    filter.to == null ? undefined : lt(sessionHistory.startedAt, filter.to),
    filter.open == null ? undefined : filter.open ? isNull(sessionHistory.endedAt) : isNotNull(sessionHistory.endedAt),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query: { ...query, orderBy: NEWEST_FIRST },
    columns: SORTED.columns,
    id: sessionHistory.id,
    rows: async (tx, page) =>
      (
        await tx
          .select(columns)
          .from(sessionHistory)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map(toRecord),
    count: (tx) => tx.$count(sessionHistory, where),
  });
}

/** One page of sessions for each of many services, newest first, in one statement. */
export async function pagesOfServices(tx: Tx, serviceIds: string[], page: HistoryQuery['page']): Promise<Map<string, HistoryPage>> {
  const keyset = pageOf({ ...SORTED, ...page });
  const ranked = tx
    .select({ ...columns, rank: sql<string>`row_number() over (partition by ${sessionHistory.serviceId} order by ${sessionHistory.startedAt} desc, ${sessionHistory.id} desc)`.as('rank') })
    .from(sessionHistory)
    .where(and(anyOf(sessionHistory.serviceId, serviceIds), keyset.where))
    .as('ranked');
  const rows = await tx
    .select()
    .from(ranked)
    .where(and(gt(ranked.rank, sql`${keyset.offset}`), lte(ranked.rank, sql`${keyset.offset + keyset.limit}`)))
    .orderBy(desc(ranked.startedAt), desc(ranked.id));
  const ofService = new Map<string, SessionRecord[]>(serviceIds.map((id) => [id.toLowerCase(), []]));
  for (const { rank: _rank, ...row } of rows) ofService.get(row.serviceId!)?.push(toRecord(row));
  return new Map([...ofService].map(([serviceId, found]) => [serviceId, keyset.toPage(found)]));
}

export async function countsOfServices(tx: Tx, serviceIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.select({ serviceId: sessionHistory.serviceId, total: count() }).from(sessionHistory).where(anyOf(sessionHistory.serviceId, serviceIds)).groupBy(sessionHistory.serviceId);
  return new Map(rows.map(({ serviceId, total }) => [serviceId!, total]));
}

// ── written by whoever has the line to the router ──

/** The sessions of a router that are up as far as is known. */
export async function openOfRouter(tx: Tx, routerId: string): Promise<OpenSession[]> {
  const { name, address, callerId, protocol: service, sessionId, routerosId, startedAt, observedAt } = sessionHistory;
  return tx.select({ name, address, callerId, service, sessionId, routerosId, startedAt, observedAt }).from(sessionHistory).where(and(eq(sessionHistory.routerId, routerId), isNull(sessionHistory.endedAt)));
}

/** Adds sessions; one that is there already is passed over, so that a repetition changes nothing. */
export async function insert(tx: Tx, tenantId: string, records: readonly SessionRecord[]): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map((record) => ({
    id: record.id, router_id: record.routerId, service_id: record.serviceId, name: record.name, address: record.address, caller_id: record.callerId, protocol: record.protocol,
    session_id: record.sessionId, routeros_id: record.routerosId, started_at: record.startedAt, ended_at: record.endedAt, end_reason: record.endReason, observed_at: record.observedAt, source: record.source,
  }));
  await tx.execute(sql`
    insert into ${sessionHistory} (id, tenant_id, router_id, service_id, name, address, caller_id, protocol, session_id, routeros_id, started_at, ended_at, end_reason, observed_at, source)
    select n.id, ${tenantId}::uuid, n.router_id, n.service_id, n.name, n.address, n.caller_id, n.protocol, n.session_id, n.routeros_id, n.started_at, n.ended_at, n.end_reason, n.observed_at, n.source
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(id uuid, router_id uuid, service_id uuid, name text, address inet, caller_id text, protocol text, session_id text,
           routeros_id text, started_at timestamptz, ended_at timestamptz, end_reason text, observed_at timestamptz, source text)
     where not exists (select from ${sessionHistory} h
                        where h.name = n.name and h.router_id = n.router_id and h.session_id is not distinct from n.session_id and h.ended_at is null)
       and not exists (select from ${sessionHistory} h
                        where h.name = n.name and h.router_id = n.router_id and h.session_id is not distinct from n.session_id
                          and h.started_at between n.started_at - make_interval(secs => ${SAME_START_SECONDS}) and n.started_at + make_interval(secs => ${SAME_START_SECONDS}))`);
}

/** What became known of sessions while they are up. */
export async function update(tx: Tx, routerId: string, changes: ReadonlyArray<SessionKey & { address: string | null; callerId: string | null; at: Date }>): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ name, sessionId, address, callerId, at: observedAt }) => ({ name, session_id: sessionId, address, caller_id: callerId, at: observedAt }));
  await tx.execute(sql`
    update ${sessionHistory} h set address = coalesce(c.address, h.address), caller_id = coalesce(c.caller_id, h.caller_id), observed_at = c.at
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(name text, session_id text, address inet, caller_id text, at timestamptz)
     where h.router_id = ${routerId}::uuid and h.name = c.name and h.session_id is not distinct from c.session_id and h.ended_at is null`);
}

/** Ends sessions of a router; those that are not up stay as they are. */
export async function close(tx: Tx, routerId: string, closed: readonly ClosedSession[], observedAt: Date): Promise<void> {
  if (closed.length === 0) return;
  const rows = closed.map(({ name, sessionId, at: endedAt, reason }) => ({ name, session_id: sessionId, ended_at: endedAt, reason }));
  await tx.execute(sql`
    update ${sessionHistory} h set ended_at = greatest(c.ended_at, h.started_at), end_reason = c.reason, observed_at = ${observedAt.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(name text, session_id text, ended_at timestamptz, reason text)
     where h.router_id = ${routerId}::uuid and h.name = c.name and h.session_id is not distinct from c.session_id and h.ended_at is null`);
}

/** Users who came up on a router: their sessions on other routers that are away are ghosts. */
export async function closeGhosts(tx: Tx, routerId: string, came: ReadonlyArray<{ name: string; startedAt: Date }>): Promise<void> {
  if (came.length === 0) return;
  const rows = came.map(({ name, startedAt }) => ({ name, at: startedAt }));
  await tx.execute(sql`
    update ${sessionHistory} h set ended_at = greatest(c.at, h.started_at), end_reason = 'GHOST'
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(name text, at timestamptz), ${routers} r
     where h.name = c.name and h.router_id <> ${routerId}::uuid and h.ended_at is null and r.id = h.router_id and r.seen_reachable is false`);
}

/** Opens sessions again that were given up while their router was away; answers those that were. */
export async function reopen(tx: Tx, routerId: string, sessions: ReadonlyArray<SessionKey & { startedAt: Date }>, observedAt: Date): Promise<SessionKey[]> {
  if (sessions.length === 0) return [];
  const rows = sessions.map(({ name, sessionId, startedAt }) => ({ name, session_id: sessionId, started_at: startedAt }));
  const opened = await tx.execute<{ name: string; session_id: string | null }>(sql`
    update ${sessionHistory} h set ended_at = null, end_reason = null, observed_at = ${observedAt.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(name text, session_id text, started_at timestamptz)
     where h.router_id = ${routerId}::uuid and h.name = c.name and h.session_id is not distinct from c.session_id and h.end_reason in ('GHOST', 'ROUTER_LOST')
       and h.started_at between c.started_at - make_interval(secs => ${SAME_START_SECONDS}) and c.started_at + make_interval(secs => ${SAME_START_SECONDS})
    returning h.name, h.session_id`);
  return opened.map((row) => ({ name: row.name, sessionId: row.session_id }));
}

/** Ends all sessions of a router at once. */
export async function closeAll(tx: Tx, routerId: string, endedAt: Date, reason: SessionEndReason): Promise<void> {
  await tx
    .update(sessionHistory)
    .set({ endedAt: sql`greatest(${endedAt.toISOString()}::timestamptz, ${sessionHistory.startedAt})`, endReason: reason })
    .where(and(eq(sessionHistory.routerId, routerId), isNull(sessionHistory.endedAt)));
}

/** Any tenant's routers that have been away since before an instant and still have sessions that are up on paper. */
export async function longLost(tx: Tx, before: Date): Promise<Array<{ tenantId: string; routerId: string; since: Date }>> {
  const rows = await tx
    .select({ tenantId: routers.tenantId, routerId: routers.id, since: routers.seenAt })
    .from(routers)
    .where(
      and(
        eq(routers.seenReachable, false),
        lt(routers.seenAt, before),
        sql`exists (select from ${sessionHistory} h where h.tenant_id = ${routers.tenantId} and h.router_id = ${routers.id} and h.ended_at is null)`,
      ),
    );
  return rows.map(({ since, ...row }) => ({ ...row, since: since! }));
}

/** Makes the partition of a month (its first day, UTC); as the system, which owns the tables. */
export async function makePartition(tx: Tx, month: string): Promise<void> {
  await tx.execute(sql`select network.make_session_partition(${month}::date)`);
}

/** Drops the months that are over and needed no more; as the system. Gives way to whoever reads. */
export async function dropPartitions(tx: Tx, keepFrom: Date): Promise<number> {
  await tx.execute(sql`set local lock_timeout = '2s'`);
  const [row] = await tx.execute<{ dropped: number }>(sql`select network.drop_session_partitions(${keepFrom.toISOString()}::timestamptz) as dropped`);
  return row!.dropped;
}
