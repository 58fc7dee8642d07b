import type { Tx } from '#kernel/db/database.ts';
import { and, eq, lt, ne, notExists, or, sql } from '#kernel/db/drizzle.ts';
import { insertOf, statement, type ValueOf } from '#kernel/db/statement.ts';
import { accesses, departures, pppCredentials } from '../tables.ts';
import type { PppCredentials } from './credentials.ts';

export async function byId(tx: Tx, id: string): Promise<PppCredentials | undefined> {
  const [row] = await withId(tx, { id });
  return row;
}

const withId = statement((db, value) => db.select().from(pppCredentials).where(eq(pppCredentials.id, value('id'))));

export async function ofService(tx: Tx, serviceId: string): Promise<PppCredentials | undefined> {
  const [row] = await tx.select({ credentials: pppCredentials }).from(accesses).innerJoin(pppCredentials, eq(pppCredentials.id, accesses.credentialsId)).where(eq(accesses.serviceId, serviceId));
  return row?.credentials;
}

/**
 * Whether a service has the name on the router, or has not given it up there yet: another than `serviceId`, or than the one
 * that uses these credentials.
 */
export async function isTaken(tx: Tx, { id, routerId, username, serviceId }: Pick<PppCredentials, 'id' | 'routerId' | 'username'> & { serviceId?: string }): Promise<boolean> {
  const given = { routerId, username };
  // Both leave together.
  const [used, left] = await Promise.all(
    serviceId === undefined ? [usedBeside(tx, { ...given, id }), leftBehind(tx, given)] : [usedBesideService(tx, { ...given, serviceId }), leftBesideService(tx, { ...given, serviceId })],
  );
  return used.length > 0 || left.length > 0;
}

const bearing = (value: ValueOf) => and(eq(accesses.routerId, value('routerId')), or(eq(accesses.username, value('username')), eq(accesses.secretName, value('username'))));
const leftBearing = (value: ValueOf) => and(eq(departures.routerId, value('routerId')), eq(departures.username, value('username')));
const USER = { id: accesses.serviceId };
const usedBeside = statement((db, value) => db.select(USER).from(accesses).where(and(bearing(value), ne(accesses.credentialsId, value('id')))).limit(1));
const usedBesideService = statement((db, value) => db.select(USER).from(accesses).where(and(bearing(value), ne(accesses.serviceId, value('serviceId')))).limit(1));
const leftBehind = statement((db, value) => db.select({ id: departures.serviceId }).from(departures).where(leftBearing(value)).limit(1));
const leftBesideService = statement((db, value) => db.select({ id: departures.serviceId }).from(departures).where(and(leftBearing(value), ne(departures.serviceId, value('serviceId')))).limit(1));

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.delete(pppCredentials).where(eq(pppCredentials.id, id));
}

/** The service has moved: its credentials are for another router now. */
export async function move(tx: Tx, id: string, routerId: string): Promise<void> {
  await tx.update(pppCredentials).set({ routerId }).where(eq(pppCredentials.id, id));
}

export async function insert(tx: Tx, credentials: PppCredentials): Promise<void> {
  await insertCredentials(tx, credentials);
}

const insertCredentials = insertOf(pppCredentials);

/** Removes credentials that no service has come to use: their onboarding ended before it got that far. */
export async function removeUnused(tx: Tx, before: Date): Promise<void> {
  await deleteUnused(tx, { before });
}

const deleteUnused = statement((db, value) => {
  const use = db.select({ one: sql`1` }).from(accesses).where(or(eq(accesses.credentialsId, pppCredentials.id), eq(accesses.priorCredentialsId, pppCredentials.id)));
  return db.delete(pppCredentials).where(and(lt(pppCredentials.createdAt, value('before', pppCredentials.createdAt)), notExists(use)));
});
