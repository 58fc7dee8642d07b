import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, eq, isNotNull, isNull, sql } from '#kernel/db/drizzle.ts';
import { withinTime } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { alerts } from '../tables.ts';
import type { Alert } from './alert.ts';
import type { AlertFilter, AlertKind, AlertOrderField } from './alert.type.ts';

function toAlert(row: typeof alerts.$inferSelect): Alert {
  return { ...row, kind: row.kind as AlertKind };
}

const openOf = ({ kind, routerId }: Pick<Alert, 'kind' | 'routerId'>) => and(eq(alerts.kind, kind), eq(alerts.routerId, routerId), isNull(alerts.clearedAt));

export async function byIds(tx: Tx, ids: readonly string[]): Promise<Alert[]> {
  return (await tx.select().from(alerts).where(anyOf(alerts.id, ids))).map(toAlert);
}

/** False when another transaction has raised the same in this moment. */
export async function insert(tx: Tx, alert: Alert): Promise<boolean> {
  return (await tx.insert(alerts).values(alert).onConflictDoNothing().returning({ id: alerts.id })).length > 0;
}

/** False when none is open. */
export async function updateOpen(tx: Tx, alert: Pick<Alert, 'kind' | 'routerId' | 'details'>): Promise<boolean> {
  return (await tx.update(alerts).set({ details: alert.details }).where(openOf(alert)).returning({ id: alerts.id })).length > 0;
}

export async function clear(tx: Tx, of: Pick<Alert, 'kind' | 'routerId'>, at: Date): Promise<Alert | undefined> {
  const [row] = await tx.update(alerts).set({ clearedAt: at }).where(openOf(of)).returning();
  return row && toAlert(row);
}

export function list(db: SubgraphDatabase, tenantId: string, query: ListQuery<AlertFilter, AlertOrderField>): Promise<ConnectionValue<Alert>> {
  const { filter } = query;
  const where = and(
    filter?.kind == null ? undefined : eq(alerts.kind, filter.kind),
    filter?.routerId == null ? undefined : isUuid(filter.routerId) ? eq(alerts.routerId, filter.routerId) : sql`false`,
    filter?.open == null ? undefined : filter.open ? isNull(alerts.clearedAt) : isNotNull(alerts.clearedAt),
    withinTime(alerts.raisedAt, filter?.raisedAt),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { raisedAt: alerts.raisedAt },
    id: alerts.id,
    rows: async (tx, page) =>
      (
        await tx
          .select()
          .from(alerts)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map(toAlert),
    count: (tx) => tx.$count(alerts, where),
  });
}
