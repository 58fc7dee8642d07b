import type { CivilDate } from '#kernel/civil-time.ts';
import type { Tx } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { scheduleClaims } from '../tables.ts';

export type ScheduleKind = 'BILLING' | 'DUNNING';

/** True for the one process that is to do it: the first that asks, or the first after the one that died with it in hand. */
export async function claim(tx: Tx, tenantId: string, kind: ScheduleKind, asOf: CivilDate, by: string, now: Date, leaseMs: number): Promise<boolean> {
  const until = new Date(now.getTime() + leaseMs).toISOString();
  const rows = await tx.execute(sql`
    insert into ${scheduleClaims} as c (tenant_id, kind, as_of, claimed_by, claimed_until) values (${tenantId}, ${kind}, ${asOf}, ${by}, ${until}::timestamptz)
    on conflict (tenant_id, kind, as_of) do update set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
      where c.finished_at is null and c.claimed_until < ${now.toISOString()}::timestamptz
    returning kind`);
  return rows.length > 0;
}

export async function finish(tx: Tx, kind: ScheduleKind, asOf: CivilDate, at: Date): Promise<void> {
  await tx.execute(sql`update ${scheduleClaims} set finished_at = ${at.toISOString()}::timestamptz where kind = ${kind} and as_of = ${asOf}::date`);
}

/** Which (tenant, kind) are done for a day of the tenant's, for the look-up of what is due. As the system. */
export async function finished(tx: Tx, days: Array<{ tenantId: string; asOf: CivilDate }>): Promise<Set<string>> {
  const rows = await tx.execute<{ tenant_id: string; kind: string }>(sql`
    select c.tenant_id, c.kind from ${scheduleClaims} c
      join jsonb_to_recordset(${JSON.stringify(days.map(({ tenantId, asOf }) => ({ t: tenantId, d: asOf })))}::jsonb) as w(t uuid, d date) on w.t = c.tenant_id and w.d = c.as_of
     where c.finished_at is not null`);
  return new Set(rows.map(({ tenant_id, kind }) => `${tenant_id} ${kind}`));
}
