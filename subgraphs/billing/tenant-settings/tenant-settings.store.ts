import type { Tx } from '#kernel/db/database.ts';
import { isNull, sql } from '#kernel/db/drizzle.ts';
import { tenantSettings } from '../tables.ts';
import type { TenantSettings } from './tenant-settings.ts';

/** The tenant's row; undefined when billing has not heard of the tenant. */
export async function find(tx: Tx): Promise<TenantSettings | undefined> {
  const [row] = await tx
    .select({ timeZone: tenantSettings.timeZone, paymentTermDays: tenantSettings.paymentTermDays, currency: tenantSettings.currency })
    .from(tenantSettings);
  return row;
}

/** Makes the row with defaults where there is none, and sets what is given. */
export async function save(tx: Tx, tenantId: string, now: Date, changes: Partial<TenantSettings>): Promise<void> {
  await tx
    .insert(tenantSettings)
    .values({ tenantId, timeZone: 'UTC', paymentTermDays: 14, currency: null, ...changes, createdAt: now })
    .onConflictDoUpdate({ target: tenantSettings.tenantId, set: { ...changes, tenantId: sql`excluded.tenant_id` } });
}

/** The first service sold gives the currency, once. */
export async function adoptCurrency(tx: Tx, tenantId: string, now: Date, currency: string): Promise<void> {
  await tx.insert(tenantSettings).values({ tenantId, timeZone: 'UTC', paymentTermDays: 14, currency, createdAt: now }).onConflictDoNothing();
  await tx.update(tenantSettings).set({ currency }).where(isNull(tenantSettings.currency));
}

/** Every tenant that billing knows, for the schedule. As the system. */
export async function all(tx: Tx): Promise<Array<{ tenantId: string; timeZone: string; createdAt: Date }>> {
  return tx.select({ tenantId: tenantSettings.tenantId, timeZone: tenantSettings.timeZone, createdAt: tenantSettings.createdAt }).from(tenantSettings);
}
