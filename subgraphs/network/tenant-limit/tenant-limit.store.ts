import type { Tx } from '#kernel/db/database.ts';
import { tenantLimits } from '../tables.ts';

export async function keep(tx: Tx, limit: typeof tenantLimits.$inferInsert): Promise<void> {
  const { maxRouters, updatedAt } = limit;
  await tx.insert(tenantLimits).values(limit).onConflictDoUpdate({ target: tenantLimits.tenantId, set: { maxRouters, updatedAt } });
}

/** How many routers the tenant may have, null for any number. Keeps its registrations apart until the transaction ends. */
export async function lockMaxRouters(tx: Tx): Promise<number | null> {
  const [row] = await tx.select({ maxRouters: tenantLimits.maxRouters }).from(tenantLimits).for('no key update');
  return row?.maxRouters ?? null;
}
