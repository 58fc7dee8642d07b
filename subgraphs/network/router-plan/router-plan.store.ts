import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, desc, eq, sql, type SQL } from '#kernel/db/drizzle.ts';
import { matchesText } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { DesiredAccess, EnforcementOutcome } from '../access/access.type.ts';
import { desiredProfile, desiredSecret } from '../access/desired-rows.ts';
import { desiredPoolMenu } from '../desired-pool/desired-pool.ts';
import { desiredQueueMenu } from '../desired-queue/desired-queue.ts';
import type { DesiredMenu } from '../desired-row/desired-row.ts';
import * as desiredStore from '../desired-row/desired-row.store.ts';
import { accesses, departures, pppCredentials, pppProfiles, routerPlanItems, routerPlans } from '../tables.ts';
import type { Difference, DifferenceReason } from './difference.ts';
import type { WishedRouter } from './differences.ts';
import type { SettledRows, WishedRows } from './row-differences.ts';
import type { RouterPlan } from './router-plan.ts';
import { PlanAction, PlanMenu, type PlanItemFilter } from './router-plan.type.ts';
import type { WishedProfile, WishedSecret } from './wished-rows.ts';

export interface PlanItem extends Difference {
  id: string;
}

/** A wish with what a step needs to write it. */
export interface WritableSecret extends WishedSecret {
  passwordSealed: string;
}

const secretColumns = {
  serviceId: accesses.serviceId,
  tenantId: accesses.tenantId,
  username: accesses.username,
  profile: { name: pppProfiles.name },
  profileId: accesses.profileId,
  desired: accesses.desired,
  passwordFingerprint: pppCredentials.passwordFingerprint,
  credentialsId: accesses.credentialsId,
  appliedFingerprint: accesses.appliedFingerprint,
  intent: accesses.intent,
  outcome: accesses.outcome,
  cutDue: accesses.cutDue,
  staticAddress: accesses.staticAddress,
  callerId: accesses.callerId,
  secretService: accesses.secretService,
};

/** `sealed`: with the passwords, which are long and wanted only where they are written. */
async function secretsWhere(tx: Tx, where: SQL | undefined, sealed: boolean): Promise<Array<WritableSecret & { desired: string }>> {
  const rows = await tx
    .select({ ...secretColumns, passwordSealed: sealed ? pppCredentials.passwordSealed : sql<string>`''` })
    .from(accesses)
    .innerJoin(pppProfiles, eq(pppProfiles.id, accesses.profileId))
    .innerJoin(pppCredentials, eq(pppCredentials.id, accesses.credentialsId))
    .where(where);
  return rows.map(({ outcome, ...row }) => {
    const { name, service = 'pppoe', profile, remoteAddress, callerId, disabled } = desiredSecret({ ...row, desired: row.desired as DesiredAccess });
    return { ...row, name, service, profile, remoteAddress: remoteAddress ?? null, callerId: callerId ?? null, disabled: disabled === true, pending: outcome === EnforcementOutcome.PENDING };
  });
}

/** All that a router is to have, in a few statements however much it is. */
export async function wishedOf(tx: Tx, tenantId: string, routerId: string): Promise<WishedRouter> {
  const secrets = await secretsWhere(tx, eq(accesses.routerId, routerId), false);
  const present = secrets.filter(({ desired }) => desired !== DesiredAccess.REMOVED);
  const left = await tx.select({ serviceId: departures.serviceId }).from(departures).where(eq(departures.routerId, routerId));
  const settled = new Set(present.filter(({ pending }) => !pending).map(({ profileId }) => profileId));
  const used = new Set(present.map(({ profileId }) => profileId));
  const profiles = await tx.select().from(pppProfiles).where(eq(pppProfiles.routerId, routerId)).orderBy(pppProfiles.id);
  return {
    tenantId,
    secrets: present,
    profiles: profiles.map((profile) => ({ ...toProfile(profile), used: used.has(profile.id), pending: !settled.has(profile.id) })),
    pools: await rowsOf(tx, desiredPoolMenu, routerId),
    queues: await rowsOf(tx, desiredQueueMenu, routerId),
    leaving: new Set([...left, ...secrets.filter(({ desired }) => desired === DesiredAccess.REMOVED)].map(({ serviceId }) => serviceId)),
  };
}

async function rowsOf(tx: Tx, menu: DesiredMenu, routerId: string): Promise<WishedRows> {
  return { rows: await desiredStore.ofRouter(tx, menu, routerId), removed: new Set(await desiredStore.removedOf(tx, menu, routerId)) };
}

/** Wishes that a comparison has found fulfilled. */
export async function noteSettled(tx: Tx, settled: readonly SettledRows[], at: Date): Promise<void> {
  for (const rows of settled) {
    await desiredStore.noteProven(tx, rows, at);
    if (rows.inOrder.length > 0) await desiredStore.noteInOrder(tx, rows.inOrder);
  }
}

/** What some services wish for on a router now; nothing of those that wish for nothing there. */
export async function secretsOf(tx: Tx, routerId: string, serviceIds: readonly string[]): Promise<WritableSecret[]> {
  const rows = await secretsWhere(tx, and(eq(accesses.routerId, routerId), anyOf(accesses.serviceId, serviceIds)), true);
  return rows.filter(({ desired }) => desired !== DesiredAccess.REMOVED);
}

export async function profilesOf(tx: Tx, profileIds: readonly string[]): Promise<WishedProfile[]> {
  const rows = await tx.select().from(pppProfiles).where(anyOf(pppProfiles.id, profileIds));
  return rows.map((row) => ({ ...toProfile(row), used: true, pending: false }));
}

/** Names of profiles that the database knows on a router: none of them may be removed there. */
export async function profileNames(tx: Tx, routerId: string): Promise<Set<string>> {
  const rows = await tx.select({ name: pppProfiles.name }).from(pppProfiles).where(eq(pppProfiles.routerId, routerId));
  return new Set(rows.map(({ name }) => name));
}

function toProfile(row: typeof pppProfiles.$inferSelect): Omit<WishedProfile, 'used' | 'pending'> {
  const { name, rateLimit, localAddress, remoteAddress } = desiredProfile(row);
  return { id: row.id, tenantId: row.tenantId, planId: row.planId, planCode: row.planCode, name, rateLimit: rateLimit ?? '', localAddress: localAddress ?? '', remotePool: remoteAddress ?? '' };
}

type PlanRow = typeof routerPlans.$inferSelect;

function toPlan({ purpose: _purpose, adds, changes, moves, removals, kicks, conflicts, unowned, pending, ...row }: PlanRow): RouterPlan {
  return { ...row, counts: { adds, changes, moves, removals, kicks, conflicts, unowned, pending } };
}

const ITEMS_AT_ONCE = 5_000;

/** With all its differences, in the order given. */
export async function insert(tx: Tx, { counts, ...plan }: RouterPlan, purpose: 'PLAN' | 'CHECK', found: readonly Difference[]): Promise<void> {
  await tx.insert(routerPlans).values({ ...plan, ...counts, purpose });
  for (let from = 0; from < found.length; from += ITEMS_AT_ONCE) {
    const rows = found.slice(from, from + ITEMS_AT_ONCE).map(({ reason, ...item }) => ({ ...item, id: uuidv7(), reasonCode: reason?.code ?? null, reasonMessage: reason?.message ?? null }));
    await tx.execute(sql`
      insert into ${routerPlanItems} (id, tenant_id, plan_id, menu, action, name, row_id, service_id, profile_id, desired_id, depth, fields, seen, wanted, reason_code, reason_message, pending)
      select r.id, ${plan.tenantId}, ${plan.id}, r.menu, r.action, r.name, r."rowId", r."serviceId", r."profileId", r."desiredId", r.depth, r.fields, r.seen, r.wanted, r."reasonCode", r."reasonMessage", r.pending
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, menu text, action text, name text, "rowId" text, "serviceId" uuid, "profileId" uuid, "desiredId" uuid, depth smallint, fields jsonb, seen text, wanted text, "reasonCode" text, "reasonMessage" text, pending boolean)`);
  }
}

export async function byIds(tx: Tx, ids: readonly string[]): Promise<RouterPlan[]> {
  return (await tx.select().from(routerPlans).where(and(anyOf(routerPlans.id, ids), eq(routerPlans.purpose, 'PLAN')))).map(toPlan);
}

/** The newest of that hash. */
export async function byHash(tx: Tx, hash: string): Promise<RouterPlan | undefined> {
  const [row] = await tx.select().from(routerPlans).where(and(eq(routerPlans.hash, hash), eq(routerPlans.purpose, 'PLAN'))).orderBy(desc(routerPlans.observedAt), desc(routerPlans.id)).limit(1);
  return row && toPlan(row);
}

export function toItem(row: typeof routerPlanItems.$inferSelect): PlanItem {
  const { id, menu, action, name, rowId, serviceId, profileId, desiredId, depth, fields, seen, wanted, reasonCode, reasonMessage, pending } = row;
  return { id, menu: menu as PlanMenu, action: action as PlanAction, name, rowId, serviceId, profileId, desiredId, depth, fields, seen, wanted, pending, reason: reasonCode === null ? null : { code: reasonCode as DifferenceReason, message: reasonMessage ?? '' } };
}

/** A page of the differences of a plan, in the order in which they are applied. */
export function items(db: SubgraphDatabase, tenantId: string, planId: string, query: ListQuery<PlanItemFilter, never>): Promise<ConnectionValue<PlanItem>> {
  const { filter } = query;
  const where = and(
    eq(routerPlanItems.planId, planId),
    filter?.menu == null ? undefined : eq(routerPlanItems.menu, filter.menu),
    filter?.action == null ? undefined : eq(routerPlanItems.action, filter.action),
    matchesText(routerPlanItems.name, filter?.name),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: {},
    id: routerPlanItems.id,
    rows: async (tx, page) =>
      (
        await tx
          .select()
          .from(routerPlanItems)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map(toItem),
    count: (tx) => tx.$count(routerPlanItems, where),
  });
}
