import { anyOf } from '#kernel/db/columns.ts';
import { isForeignKeyViolation, type SubgraphDatabase, type Tx } from '#kernel/db/database.ts';
import { and, eq, inArray, ne, notExists, or, sql } from '#kernel/db/drizzle.ts';
import { occursIn } from '#kernel/db/filtering.ts';
import { insertOf, statement, updateOf } from '#kernel/db/statement.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import type { PppCredentials } from '../credentials/credentials.ts';
import { accesses, departures, pppCredentials, pppProfiles, removedAccesses, routers } from '../tables.ts';
import type { Access, Departure, PppProfile, ShownAccess } from './access.ts';
import { DesiredAccess, EnforcementOutcome, type AccessFilter, type AccessOrderField } from './access.type.ts';

const COLUMNS = { access: accesses, profile: pppProfiles };

function toAccess({ access, profile }: { access: typeof accesses.$inferSelect; profile: PppProfile }): Access {
  const { profileId: _profileId, desired, outcome, ...rest } = access;
  return { ...rest, desired: desired as DesiredAccess, outcome: outcome as EnforcementOutcome, profile };
}

/** By service, with their profiles: one statement however many. */
export async function byServices(tx: Tx, serviceIds: readonly string[]): Promise<Access[]> {
  return (await ofServices(tx, { serviceIds: [...serviceIds] })).map(toAccess);
}

const ofServices = statement((db, value) =>
  db.select(COLUMNS).from(accesses).innerJoin(pppProfiles, eq(pppProfiles.id, accesses.profileId)).where(sql`${accesses.serviceId} = any(${value('serviceIds')}::uuid[])`),
);

export type AccessQuery = ListQuery<AccessFilter, AccessOrderField>;

/** A page of the tenant's accesses. */
export function list(db: SubgraphDatabase, tenantId: string, query: AccessQuery): Promise<ConnectionValue<Access & { id: string }>> {
  const { filter } = query;
  const where = and(
    filter?.routerId ? (isUuid(filter.routerId) ? eq(accesses.routerId, filter.routerId) : sql`false`) : undefined,
    filter?.desired ? eq(accesses.desired, filter.desired) : undefined,
    filter?.outcome ? eq(accesses.outcome, filter.outcome) : undefined,
    occursIn([accesses.username], filter?.search),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { createdAt: accesses.createdAt, username: accesses.username },
    id: accesses.serviceId,
    rows: async (tx, page) => {
      const rows = await tx
        .select(COLUMNS)
        .from(accesses)
        .innerJoin(pppProfiles, eq(pppProfiles.id, accesses.profileId))
        .where(and(where, page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset);
      return rows.map((row) => ({ ...toAccess(row), id: row.access.serviceId }));
    },
    count: (tx) => tx.$count(accesses, where),
  });
}

/** By service, for showing: of services that have none any more, the proof of its removal. A second statement only for those. */
export async function shownOfServices(tx: Tx, serviceIds: readonly string[]): Promise<ShownAccess[]> {
  const present = await byServices(tx, serviceIds);
  const found = new Set(present.map(({ serviceId }) => serviceId));
  const missing = serviceIds.filter((id) => !found.has(id.toLowerCase()));
  if (missing.length === 0) return present;
  const gone = await tx.select().from(removedAccesses).where(anyOf(removedAccesses.serviceId, missing));
  return [
    ...present,
    ...gone.map(({ profileName, ...row }): ShownAccess => ({ ...row, profile: { name: profileName }, desired: DesiredAccess.REMOVED, outcome: EnforcementOutcome.APPLIED, reasonCode: null, reasonMessage: null, staticAddress: null, callerId: null })),
  ];
}

export async function isRemoved(tx: Tx, serviceId: string): Promise<boolean> {
  const [row] = await tx.select({ id: removedAccesses.serviceId }).from(removedAccesses).where(eq(removedAccesses.serviceId, serviceId));
  return row !== undefined;
}

/** With the sealed credentials, for a step on the router. */
export async function forDevice(tx: Tx, serviceId: string): Promise<{ access: Access; credentials: PppCredentials } | undefined> {
  const [row] = await withCredentials(tx, { serviceId });
  return row && { access: toAccess(row), credentials: row.credentials };
}

const withCredentials = statement((db, value) =>
  db
    .select({ ...COLUMNS, credentials: pppCredentials })
    .from(accesses)
    .innerJoin(pppProfiles, eq(pppProfiles.id, accesses.profileId))
    .innerJoin(pppCredentials, eq(pppCredentials.id, accesses.credentialsId))
    .where(eq(accesses.serviceId, value('serviceId'))),
);

/** Keeps provisionings on one router apart until the transaction ends; removals of the router too. */
export async function lockRouter(tx: Tx, routerId: string): Promise<boolean> {
  return (await lockedRouter(tx, { routerId })).length > 0;
}

const lockedRouter = statement((db, value) => db.select({ id: routers.id }).from(routers).where(eq(routers.id, value('routerId'))).for('no key update'));

/**
 * Whether a service other than this one has the address on the router as its own, or may want it back there. The router must
 * be locked.
 */
export async function addressIsTaken(tx: Tx, { routerId, address, serviceId }: { routerId: string; address: string; serviceId: string }): Promise<boolean> {
  const has = and(eq(accesses.routerId, routerId), eq(accesses.staticAddress, address));
  const had = and(eq(accesses.priorRouterId, routerId), eq(accesses.priorStaticAddress, address));
  const [row] = await tx.select({ id: accesses.serviceId }).from(accesses).where(and(or(has, had), ne(accesses.serviceId, serviceId))).limit(1);
  return row !== undefined;
}

/** All profiles that a plan has on a router. */
export async function profilesOf(tx: Tx, routerId: string, planId: string): Promise<PppProfile[]> {
  return ofPlan(tx, { routerId, planId });
}

const ofPlan = statement((db, value) =>
  db
    .select()
    .from(pppProfiles)
    .where(and(eq(pppProfiles.routerId, value('routerId')), eq(pppProfiles.planId, value('planId'))))
    .orderBy(pppProfiles.createdAt, pppProfiles.id),
);

export async function profileById(tx: Tx, id: string): Promise<PppProfile | undefined> {
  const [row] = await tx.select().from(pppProfiles).where(eq(pppProfiles.id, id));
  return row;
}

export async function profileNamed(tx: Tx, routerId: string, name: string): Promise<PppProfile | undefined> {
  const [row] = await tx.select().from(pppProfiles).where(and(eq(pppProfiles.routerId, routerId), eq(pppProfiles.name, name)));
  return row;
}

export async function profileNames(tx: Tx, routerId: string, names: string[]): Promise<string[]> {
  const rows = await tx.select({ name: pppProfiles.name }).from(pppProfiles).where(and(eq(pppProfiles.routerId, routerId), inArray(pppProfiles.name, names)));
  return rows.map((row) => row.name);
}

export async function insertProfile(tx: Tx, profile: PppProfile): Promise<void> {
  await tx.insert(pppProfiles).values(profile);
}

export async function insert(tx: Tx, { profile, ...access }: Access): Promise<void> {
  await insertAccess(tx, { ...access, profileId: profile.id });
}

const insertAccess = insertOf(accesses);

/** Counts a call of the router. */
export async function countAttempt(tx: Tx, serviceId: string, at: Date): Promise<void> {
  await attempt(tx, { serviceId, at });
}

const attempt = statement((db, value) =>
  db
    .update(accesses)
    .set({ attempts: sql`${accesses.attempts} + 1`, lastAttemptAt: value('at', accesses.lastAttemptAt) })
    .where(eq(accesses.serviceId, value('serviceId'))),
);

export type AccessChanges = Partial<Omit<Access, 'serviceId' | 'tenantId' | 'profile'>> & { profileId?: string };

export async function update(tx: Tx, serviceId: string, changes: AccessChanges): Promise<void> {
  await updateAny(tx, { serviceId }, changes);
}

const updateAny = updateOf(accesses, (value) => eq(accesses.serviceId, value('serviceId')));

/** What a step has found out, unless the wish or the router has changed since it read the access: then false. */
export async function updateSame(tx: Tx, { serviceId, intent, routerId }: Pick<Access, 'serviceId' | 'intent' | 'routerId'>, changes: AccessChanges): Promise<boolean> {
  return (await updateUnchanged(tx, { serviceId, intent, routerId }, changes)) > 0;
}

const updateUnchanged = updateOf(accesses, (value) => and(eq(accesses.serviceId, value('serviceId')), eq(accesses.intent, value('intent')), eq(accesses.routerId, value('routerId'))));

export async function lock(tx: Tx, serviceId: string): Promise<Access | undefined> {
  // Both leave together; the second runs when the first has its lock, and sees what was committed until then.
  const [, [access]] = await Promise.all([lockedAccess(tx, { serviceId }), byServices(tx, [serviceId])]);
  return access;
}

const lockedAccess = statement((db, value) => db.select({ id: accesses.serviceId }).from(accesses).where(eq(accesses.serviceId, value('serviceId'))).for('no key update'));

/** Whether a service other than this one has the profile, or had it on a router that it has not left yet. */
export async function profileIsShared(tx: Tx, profileId: string, serviceId: string): Promise<boolean> {
  const [access] = await tx.select({ id: accesses.serviceId }).from(accesses).where(and(or(eq(accesses.profileId, profileId), eq(accesses.priorProfileId, profileId)), ne(accesses.serviceId, serviceId))).limit(1);
  if (access) return true;
  const [departure] = await tx.select({ id: departures.serviceId }).from(departures).where(and(eq(departures.profileId, profileId), ne(departures.serviceId, serviceId))).limit(1);
  return departure !== undefined;
}

/** Profiles on the router that nobody has, nor may want back: `serviceId` alone has given its former one up. */
export async function unusedProfiles(tx: Tx, routerId: string, serviceId: string): Promise<PppProfile[]> {
  const used = tx.select({ one: sql`1` }).from(accesses).where(or(eq(accesses.profileId, pppProfiles.id), and(eq(accesses.priorProfileId, pppProfiles.id), ne(accesses.serviceId, serviceId))));
  const left = tx.select({ one: sql`1` }).from(departures).where(eq(departures.profileId, pppProfiles.id));
  return tx.select().from(pppProfiles).where(and(eq(pppProfiles.routerId, routerId), notExists(used), notExists(left))).limit(20);
}

/** Removes the row of a profile, unless somebody has it. */
export async function removeProfileRow(tx: Tx, profileId: string): Promise<void> {
  const used = tx.select({ one: sql`1` }).from(accesses).where(eq(accesses.profileId, profileId));
  const left = tx.select({ one: sql`1` }).from(departures).where(eq(departures.profileId, profileId));
  try {
    await tx.transaction((savepoint) => savepoint.delete(pppProfiles).where(and(eq(pppProfiles.id, profileId), notExists(used), notExists(left))));
  } catch (error) {
    // A service that took the profile in this moment keeps it.
    if (!isForeignKeyViolation(error)) throw error;
  }
}

/** Removes the rows of an access; the profile's stays while another service has it. */
export async function remove(tx: Tx, access: Access): Promise<void> {
  await tx.delete(accesses).where(eq(accesses.serviceId, access.serviceId));
  await tx.delete(pppCredentials).where(anyOf(pppCredentials.id, [access.credentialsId, access.priorCredentialsId].filter((id) => id !== null)));
  await removeProfileRow(tx, access.profile.id);
}

/** Keeps the proof that nothing is left of an access. */
export async function keepRemoval(tx: Tx, access: Access, proof: { acknowledgedAt: Date; lagMs: number }): Promise<void> {
  const { serviceId, tenantId, routerId, username, profile, attempts, lastAttemptAt } = access;
  await tx.insert(removedAccesses).values({ serviceId, tenantId, routerId, username, profileName: profile.name, attempts, lastAttemptAt, ...proof }).onConflictDoNothing();
}

/** Where the services may still have something although they have moved on; with the profiles they had there. */
export async function departuresOf(tx: Tx, serviceIds: readonly string[]): Promise<Departure[]> {
  const rows = await tx.select({ departure: departures, profile: pppProfiles }).from(departures).innerJoin(pppProfiles, eq(pppProfiles.id, departures.profileId)).where(anyOf(departures.serviceId, serviceIds)).orderBy(departures.since);
  return rows.map(({ departure: { profileId: _profileId, ...rest }, profile }) => ({ ...rest, profile }));
}

export async function insertDeparture(tx: Tx, { profile, ...departure }: Departure): Promise<void> {
  const row = { ...departure, profileId: profile.id };
  await tx.insert(departures).values(row).onConflictDoUpdate({ target: [departures.serviceId, departures.routerId], set: row });
}

export async function updateDeparture(tx: Tx, { serviceId, routerId }: Pick<Departure, 'serviceId' | 'routerId'>, changes: Partial<Omit<Departure, 'serviceId' | 'routerId' | 'tenantId' | 'profile'>>): Promise<void> {
  await tx.update(departures).set(changes).where(and(eq(departures.serviceId, serviceId), eq(departures.routerId, routerId)));
}

export async function removeDeparture(tx: Tx, { serviceId, routerId }: Pick<Departure, 'serviceId' | 'routerId'>): Promise<void> {
  await tx.delete(departures).where(and(eq(departures.serviceId, serviceId), eq(departures.routerId, routerId)));
}
