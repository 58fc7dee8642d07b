import { and, eq, inArray, ne, notExists, sql } from 'drizzle-orm';
import { anyOf } from '#kernel/db/columns.ts';
import { isForeignKeyViolation, type Tx } from '#kernel/db/database.ts';
import type { PppCredentials } from '../credentials/credentials.ts';
import { accesses, pppCredentials, pppProfiles, routers } from '../tables.ts';
import type { Access, PppProfile } from './access.ts';
import type { DesiredAccess, EnforcementOutcome } from './access.type.ts';

const COLUMNS = { access: accesses, profile: pppProfiles };

function toAccess({ access, profile }: { access: typeof accesses.$inferSelect; profile: PppProfile }): Access {
  const { profileId: _profileId, desired, outcome, ...rest } = access;
  return { ...rest, desired: desired as DesiredAccess, outcome: outcome as EnforcementOutcome, profile };
}

/** By service, with their profiles: one statement however many. */
export async function byServices(tx: Tx, serviceIds: readonly string[]): Promise<Access[]> {
  const rows = await tx.select(COLUMNS).from(accesses).innerJoin(pppProfiles, eq(pppProfiles.id, accesses.profileId)).where(anyOf(accesses.serviceId, serviceIds));
  return rows.map(toAccess);
}

/** With the sealed credentials, for a step on the router. */
export async function forDevice(tx: Tx, serviceId: string): Promise<{ access: Access; credentials: PppCredentials } | undefined> {
  const [row] = await tx
    .select({ ...COLUMNS, credentials: pppCredentials })
    .from(accesses)
    .innerJoin(pppProfiles, eq(pppProfiles.id, accesses.profileId))
    .innerJoin(pppCredentials, eq(pppCredentials.id, accesses.credentialsId))
    .where(eq(accesses.serviceId, serviceId));
  return row && { access: toAccess(row), credentials: row.credentials };
}

/** Keeps provisionings on one router apart until the transaction ends; removals of the router too. */
export async function lockRouter(tx: Tx, routerId: string): Promise<void> {
  await tx.select({ id: routers.id }).from(routers).where(eq(routers.id, routerId)).for('no key update');
}

/** All profiles that a plan has on a router. */
export async function profilesOf(tx: Tx, routerId: string, planId: string): Promise<PppProfile[]> {
  return tx.select().from(pppProfiles).where(and(eq(pppProfiles.routerId, routerId), eq(pppProfiles.planId, planId))).orderBy(pppProfiles.createdAt, pppProfiles.id);
}

export async function profileNames(tx: Tx, routerId: string, names: string[]): Promise<string[]> {
  const rows = await tx.select({ name: pppProfiles.name }).from(pppProfiles).where(and(eq(pppProfiles.routerId, routerId), inArray(pppProfiles.name, names)));
  return rows.map((row) => row.name);
}

export async function insertProfile(tx: Tx, profile: PppProfile): Promise<void> {
  await tx.insert(pppProfiles).values(profile);
}

export async function insert(tx: Tx, { profile, ...access }: Access): Promise<void> {
  await tx.insert(accesses).values({ ...access, profileId: profile.id });
}

/** Counts a call of the router. */
export async function countAttempt(tx: Tx, serviceId: string, at: Date): Promise<void> {
  await tx.update(accesses).set({ attempts: sql`${accesses.attempts} + 1`, lastAttemptAt: at }).where(eq(accesses.serviceId, serviceId));
}

export async function update(tx: Tx, serviceId: string, changes: Partial<Omit<Access, 'serviceId' | 'tenantId' | 'profile'>>): Promise<void> {
  await tx.update(accesses).set(changes).where(eq(accesses.serviceId, serviceId));
}

export async function lock(tx: Tx, serviceId: string): Promise<Access | undefined> {
  const [locked] = await tx.select({ id: accesses.serviceId }).from(accesses).where(eq(accesses.serviceId, serviceId)).for('no key update');
  const [access] = locked ? await byServices(tx, [serviceId]) : [];
  return access;
}

/** Whether a service other than this one has the profile. */
export async function profileIsShared(tx: Tx, profileId: string, serviceId: string): Promise<boolean> {
  const [row] = await tx.select({ id: accesses.serviceId }).from(accesses).where(and(eq(accesses.profileId, profileId), ne(accesses.serviceId, serviceId))).limit(1);
  return row !== undefined;
}

/** Removes the rows of an access; the profile's stays while another service has it. */
export async function remove(tx: Tx, access: Access): Promise<void> {
  await tx.delete(accesses).where(eq(accesses.serviceId, access.serviceId));
  await tx.delete(pppCredentials).where(eq(pppCredentials.id, access.credentialsId));
  const used = tx.select({ one: sql`1` }).from(accesses).where(eq(accesses.profileId, access.profile.id));
  try {
    await tx.transaction((savepoint) => savepoint.delete(pppProfiles).where(and(eq(pppProfiles.id, access.profile.id), notExists(used))));
  } catch (error) {
    // A service that took the profile in this moment keeps it.
    if (!isForeignKeyViolation(error)) throw error;
  }
}
