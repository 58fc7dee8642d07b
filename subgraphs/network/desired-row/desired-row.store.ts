import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, asc, eq, getTableColumns, gte, isNotNull, isNull, sql, type PgColumn, type SQL } from '#kernel/db/drizzle.ts';
import { matchesText } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { desiredIpPools, desiredQueues } from '../tables.ts';
import type { DesiredMenu, DesiredRow } from './desired-row.ts';
import type { DesiredRowFilter } from './desired-row.type.ts';

/** The table of a menu. Typed as the one of them: what they share has the same names, the rest is asked for by name. */
const tableOf = ({ kind }: DesiredMenu) => (kind === 'pool' ? desiredIpPools : (desiredQueues as unknown as typeof desiredIpPools));
const columnOf = (menu: DesiredMenu, field: string): PgColumn => (getTableColumns(tableOf(menu)) as Record<string, PgColumn>)[field]!;

type Row = typeof desiredIpPools.$inferSelect & { position?: number; moved?: boolean };

function toDesired({ properties }: DesiredMenu, row: Row): DesiredRow {
  const { id, tenantId, routerId, name, note, adopted, appliedDigest, appliedNote, appliedAt, createdAt, updatedAt, position = 0, moved = false } = row;
  const kept = row as unknown as Record<string, string | boolean | null>;
  const values = Object.fromEntries(properties.map(({ field }) => [field, typeof kept[field] === 'boolean' ? (kept[field] ? 'yes' : null) : (kept[field] ?? null)]));
  return { id, tenantId, routerId, name, values, note, position, moved, adopted, appliedDigest, appliedNote, appliedAt, createdAt, updatedAt };
}

/** As the table has it. */
function toColumns(menu: DesiredMenu, { values, position, moved, ...row }: Partial<DesiredRow>) {
  const columns = Object.fromEntries(Object.entries(values ?? {}).map(([field, value]) => [field, columnOf(menu, field).dataType === 'boolean' ? value === 'yes' : value]));
  // A menu without an order has no columns for it.
  const place = menu.direct.ordered ? { ...(position === undefined ? {} : { position }), ...(moved === undefined ? {} : { moved }) } : {};
  return { ...row, ...columns, ...place } as Partial<typeof desiredIpPools.$inferInsert>;
}

const wished = (menu: DesiredMenu): SQL => isNull(tableOf(menu).removedAt);

/** In their order: of a menu without one by their names. */
function inOrder(menu: DesiredMenu): SQL[] {
  const table = tableOf(menu);
  return [...(menu.direct.ordered ? [asc(columnOf(menu, 'position'))] : []), asc(table.name), asc(table.id)];
}

async function select(tx: Tx, menu: DesiredMenu, where: SQL | undefined): Promise<DesiredRow[]> {
  const rows = await tx.select().from(tableOf(menu)).where(and(wished(menu), where)).orderBy(...inOrder(menu));
  return rows.map((row) => toDesired(menu, row));
}

export async function byIds(tx: Tx, menu: DesiredMenu, ids: readonly string[]): Promise<DesiredRow[]> {
  return select(tx, menu, anyOf(tableOf(menu).id, ids));
}

/** All that is wished for on a router, in its order. */
export async function ofRouter(tx: Tx, menu: DesiredMenu, routerId: string): Promise<DesiredRow[]> {
  return select(tx, menu, eq(tableOf(menu).routerId, routerId));
}

export async function byName(tx: Tx, menu: DesiredMenu, routerId: string, name: string): Promise<DesiredRow | undefined> {
  return (await select(tx, menu, and(eq(tableOf(menu).routerId, routerId), eq(tableOf(menu).name, name))))[0];
}

/** What nobody wishes for any more and the router may still have. */
export async function removedOf(tx: Tx, menu: DesiredMenu, routerId: string): Promise<string[]> {
  const table = tableOf(menu);
  return (await tx.select({ id: table.id }).from(table).where(and(eq(table.routerId, routerId), isNotNull(table.removedAt)))).map(({ id }) => id);
}

export async function insert(tx: Tx, menu: DesiredMenu, row: DesiredRow): Promise<void> {
  await tx.insert(tableOf(menu)).values(toColumns(menu, row) as typeof desiredIpPools.$inferInsert);
}

export async function update(tx: Tx, menu: DesiredMenu, id: string, changes: Partial<DesiredRow>): Promise<void> {
  await tx.update(tableOf(menu)).set(toColumns(menu, changes)).where(eq(tableOf(menu).id, id));
}

/** What leans on a row that gets another name leans on it under that name, as it does on a router. */
export async function renameReferences(tx: Tx, menu: DesiredMenu, { routerId, from, to, now }: { routerId: string; from: string; to: string; now: Date }): Promise<void> {
  const table = tableOf(menu);
  await tx.update(table).set({ ...toColumns(menu, { values: { [menu.reference.field]: to } }), updatedAt: now }).where(and(wished(menu), eq(table.routerId, routerId), eq(columnOf(menu, menu.reference.field), from)));
}

/** Nobody wishes for it any more. One that the router has is remembered until it is known to be gone there. */
export async function remove(tx: Tx, menu: DesiredMenu, { id, appliedAt }: Pick<DesiredRow, 'id' | 'appliedAt'>, now: Date): Promise<void> {
  if (appliedAt === null) await forget(tx, menu, [id]);
  else await tx.update(tableOf(menu)).set({ removedAt: now, updatedAt: now }).where(eq(tableOf(menu).id, id));
}

/** Nothing is known of it any more. */
export async function forget(tx: Tx, menu: DesiredMenu, ids: readonly string[]): Promise<void> {
  await tx.delete(tableOf(menu)).where(anyOf(tableOf(menu).id, ids));
}

/** The place behind all of a router's. The router must be locked. */
export async function end(tx: Tx, menu: DesiredMenu, routerId: string): Promise<number> {
  if (!menu.direct.ordered) return 0;
  const [row] = await tx.select({ end: sql<number>`coalesce(max(${desiredQueues.position}) + 1, 0)` }).from(desiredQueues).where(and(wished(menu), eq(desiredQueues.routerId, routerId)));
  return row?.end ?? 0;
}

/** Makes room in the order of a router at this place. */
export async function makeRoom(tx: Tx, routerId: string, position: number): Promise<void> {
  await tx.update(desiredQueues).set({ position: sql`${desiredQueues.position} + 1` }).where(and(eq(desiredQueues.routerId, routerId), isNull(desiredQueues.removedAt), gte(desiredQueues.position, position)));
}

/** A wish that the router is proven to have. */
export interface ProvenWish {
  id: string;
  digest: string;
  note: string | null;
}

/** What a router is now known to have, and what it has not any more, by the ids of what was wished for. */
export async function noteProven(tx: Tx, { menu, applied, gone }: { menu: DesiredMenu; applied: readonly ProvenWish[]; gone: readonly string[] }, at: Date): Promise<void> {
  if (gone.length > 0) await tx.delete(tableOf(menu)).where(and(anyOf(tableOf(menu).id, gone), isNotNull(tableOf(menu).removedAt)));
  if (applied.length === 0) return;
  await tx.execute(sql`
    update ${tableOf(menu)} as d set applied_digest = r.digest, applied_note = r.note, applied_at = ${at.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(applied)}::jsonb) as r(id uuid, digest text, note text) where d.id = r.id`);
}

/** The router has these in their order; one that was put elsewhere since they were read is left out. */
export async function noteInOrder(tx: Tx, queues: ReadonlyArray<Pick<DesiredRow, 'id' | 'position'>>): Promise<void> {
  const moved = JSON.stringify(queues.map(({ id, position }) => ({ id, position })));
  await tx.execute(sql`update ${desiredQueues} as d set moved = false from jsonb_to_recordset(${moved}::jsonb) as r(id uuid, position integer) where d.id = r.id and d.position = r.position`);
}

/** A page of the tenant's wishes. */
export function list<Field extends string>(db: SubgraphDatabase, tenantId: string, menu: DesiredMenu, query: ListQuery<DesiredRowFilter, Field>): Promise<ConnectionValue<DesiredRow>> {
  const { filter } = query;
  const table = tableOf(menu);
  const where = and(
    wished(menu),
    filter?.routerId == null ? undefined : isUuid(filter.routerId) ? eq(table.routerId, filter.routerId) : sql`false`,
    matchesText(table.name, filter?.name),
    filter?.applied == null ? undefined : filter.applied ? isNotNull(table.appliedAt) : isNull(table.appliedAt),
  );
  const columns = { name: table.name, createdAt: table.createdAt, ...(menu.direct.ordered ? { position: columnOf(menu, 'position') } : {}) } as Record<string, PgColumn>;
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: columns as Record<Field, PgColumn>,
    id: table.id,
    rows: async (tx, page) =>
      (
        await tx
          .select()
          .from(table)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map((row) => toDesired(menu, row)),
    count: (tx) => tx.$count(table, where),
  });
}
