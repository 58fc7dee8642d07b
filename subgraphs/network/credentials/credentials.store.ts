import type { Tx } from '#kernel/db/database.ts';
import { and, eq, lt, ne, notExists, or, sql } from '#kernel/db/drizzle.ts';
import { accesses, departures, pppCredentials } from '../tables.ts';
import type { PppCredentials } from './credentials.ts';

export async function byId(tx: Tx, id: string): Promise<PppCredentials | undefined> {
  const [row] = await tx.select().from(pppCredentials).where(eq(pppCredentials.id, id));
  return row;
}

export async function ofService(tx: Tx, serviceId: string): Promise<PppCredentials | undefined> {
  const [row] = await tx.select({ credentials: pppCredentials }).from(accesses).innerJoin(pppCredentials, eq(pppCredentials.id, accesses.credentialsId)).where(eq(accesses.serviceId, serviceId));
  return row?.credentials;
}

/**
 * Whether a service has the name on the router, or has not given it up there yet: another than `serviceId`, or than the one
 * that uses these credentials.
 */
export async function isTaken(tx: Tx, { id, routerId, username, serviceId }: Pick<PppCredentials, 'id' | 'routerId' | 'username'> & { serviceId?: string }): Promise<boolean> {
  const others = serviceId === undefined ? ne(accesses.credentialsId, id) : ne(accesses.serviceId, serviceId);
  const [row] = await tx
    .select({ serviceId: accesses.serviceId })
    .from(accesses)
    .where(and(eq(accesses.routerId, routerId), or(eq(accesses.username, username), eq(accesses.secretName, username)), others))
    .limit(1);
  if (row) return true;
  const [left] = await tx
    .select({ serviceId: departures.serviceId })
    .from(departures)
    .where(and(eq(departures.routerId, routerId), eq(departures.username, username), serviceId === undefined ? undefined : ne(departures.serviceId, serviceId)))
    .limit(1);
  return left !== undefined;
}

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.delete(pppCredentials).where(eq(pppCredentials.id, id));
}

/** The service has moved: its credentials are for another router now. */
export async function move(tx: Tx, id: string, routerId: string): Promise<void> {
  await tx.update(pppCredentials).set({ routerId }).where(eq(pppCredentials.id, id));
}

export async function insert(tx: Tx, credentials: PppCredentials): Promise<void> {
  await tx.insert(pppCredentials).values(credentials);
}

/** Removes credentials that no service has come to use: their onboarding ended before it got that far. */
export async function removeUnused(tx: Tx, before: Date): Promise<void> {
  const used = tx.select({ one: sql`1` }).from(accesses).where(or(eq(accesses.credentialsId, pppCredentials.id), eq(accesses.priorCredentialsId, pppCredentials.id)));
  await tx.delete(pppCredentials).where(and(lt(pppCredentials.createdAt, before), notExists(used)));
}
