import { and, eq, lt, ne, notExists, sql } from 'drizzle-orm';
import type { Tx } from '#kernel/db/database.ts';
import { accesses, pppCredentials } from '../tables.ts';
import type { PppCredentials } from './credentials.ts';

export async function byId(tx: Tx, id: string): Promise<PppCredentials | undefined> {
  const [row] = await tx.select().from(pppCredentials).where(eq(pppCredentials.id, id));
  return row;
}

/** Whether a service that does not use these credentials has the name on the router. */
export async function isTaken(tx: Tx, credentials: Pick<PppCredentials, 'id' | 'routerId' | 'username'>): Promise<boolean> {
  const [row] = await tx
    .select({ serviceId: accesses.serviceId })
    .from(accesses)
    .where(and(eq(accesses.routerId, credentials.routerId), eq(accesses.username, credentials.username), ne(accesses.credentialsId, credentials.id)));
  return row !== undefined;
}

export async function insert(tx: Tx, credentials: PppCredentials): Promise<void> {
  await tx.insert(pppCredentials).values(credentials);
}

/** Removes credentials that no service has come to use: their onboarding ended before it got that far. */
export async function removeUnused(tx: Tx, before: Date): Promise<void> {
  const used = tx.select({ one: sql`1` }).from(accesses).where(eq(accesses.credentialsId, pppCredentials.id));
  await tx.delete(pppCredentials).where(and(lt(pppCredentials.createdAt, before), notExists(used)));
}
