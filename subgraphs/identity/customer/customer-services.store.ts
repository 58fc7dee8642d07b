import { anyOf } from '#kernel/db/columns.ts';
import type { Tx } from '#kernel/db/database.ts';
import { eq } from '#kernel/db/drizzle.ts';
import { customerServices } from '../tables.ts';

export async function keep(tx: Tx, service: typeof customerServices.$inferInsert): Promise<void> {
  await tx.insert(customerServices).values(service).onConflictDoNothing();
}

export async function forget(tx: Tx, serviceId: string): Promise<void> {
  await tx.delete(customerServices).where(eq(customerServices.serviceId, serviceId));
}

/** Which of the customers have services that have not ended. */
export async function withServices(tx: Tx, customerIds: string[]): Promise<Set<string>> {
  const rows = await tx
    .selectDistinct({ customerId: customerServices.customerId })
    .from(customerServices)
    .where(anyOf(customerServices.customerId, customerIds));
  return new Set(rows.map(({ customerId }) => customerId));
}
