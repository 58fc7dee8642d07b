import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, asc, eq, inArray, isNotNull, isNull, ne, or, sql } from '#kernel/db/drizzle.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { isStep } from '../router-plan/difference.ts';
import { toItem, type PlanItem } from '../router-plan/router-plan.store.ts';
import { PlanAction } from '../router-plan/router-plan.type.ts';
import { accesses, planApplies, pppProfiles, routerPlanItems } from '../tables.ts';
import type { PlanApply, PlanStep, StepEnd } from './plan-apply.ts';
import { PlanApplyState, PlanStepOutcome, type PlanApplyFilter, type PlanApplyOrderField, type PlanStepFilter } from './plan-apply.type.ts';

/** In these it is somebody's to work on. */
const RUNNABLE = [PlanApplyState.QUEUED, PlanApplyState.RUNNING, PlanApplyState.STOPPING, PlanApplyState.CANCELLING];
const STEPS = Object.values(PlanAction).filter((action) => isStep({ action }));
/** A process that has not said for so long that it is at it is taken for dead. By the database's clock: it is one for all. */
const CLAIM = sql`now() + interval '15 seconds'`;

function toApply({ claimedBy: _claimedBy, claimedUntil: _claimedUntil, ...row }: typeof planApplies.$inferSelect): PlanApply {
  return { ...row, state: row.state as PlanApplyState };
}

export async function insert(tx: Tx, apply: PlanApply): Promise<void> {
  await tx.insert(planApplies).values(apply);
}

export async function byIds(tx: Tx, ids: readonly string[]): Promise<PlanApply[]> {
  return (await tx.select().from(planApplies).where(anyOf(planApplies.id, ids))).map(toApply);
}

export async function ofPlans(tx: Tx, planIds: readonly string[]): Promise<PlanApply[]> {
  return (await tx.select().from(planApplies).where(anyOf(planApplies.planId, planIds))).map(toApply);
}

/** With whether a process is at it at this moment. */
export async function lock(tx: Tx, id: string): Promise<(PlanApply & { worked: boolean }) | undefined> {
  const [row] = await tx.select({ row: planApplies, worked: sql<boolean>`coalesce(${planApplies.claimedUntil} > now(), false)` }).from(planApplies).where(eq(planApplies.id, id)).for('update');
  return row && { ...toApply(row.row), worked: row.worked };
}

export async function update(tx: Tx, id: string, changes: Partial<PlanApply>): Promise<void> {
  await tx.update(planApplies).set(changes).where(eq(planApplies.id, id));
}

/** It is being worked on, or will be as soon as somebody has the line. */
export const isOpenApply = () => inArray(planApplies.state, RUNNABLE);

/** Any tenant's that wait for somebody to work on them. */
export async function runnable(tx: Tx, process: string): Promise<Array<Pick<PlanApply, 'id' | 'tenantId' | 'routerId'>>> {
  return tx
    .select({ id: planApplies.id, tenantId: planApplies.tenantId, routerId: planApplies.routerId })
    .from(planApplies)
    .where(and(inArray(planApplies.state, RUNNABLE), sql`(${planApplies.claimedUntil} is null or ${planApplies.claimedUntil} < now() or ${planApplies.claimedBy} = ${process})`));
}

/** Takes it, or says that one is still at it; undefined when it is not (any more) this process' to work on. */
export async function claim(tx: Tx, id: string, process: string): Promise<PlanApply | undefined> {
  const [row] = await tx
    .update(planApplies)
    .set({ claimedBy: process, claimedUntil: CLAIM })
    .where(and(eq(planApplies.id, id), inArray(planApplies.state, RUNNABLE), sql`(${planApplies.claimedBy} is null or ${planApplies.claimedBy} = ${process} or ${planApplies.claimedUntil} < now())`))
    .returning();
  return row && toApply(row);
}

/** What this process has found out about what it has claimed; undefined when another has it by now. */
export async function note(tx: Tx, id: string, process: string, changes: Partial<PlanApply>, ends: readonly StepEnd[] = []): Promise<PlanApply | undefined> {
  const count = (outcome: PlanStepOutcome) => ends.filter((one) => one.outcome === outcome).length;
  const [row] = await tx
    .update(planApplies)
    .set({
      ...changes,
      done: sql`${planApplies.done} + ${count(PlanStepOutcome.DONE)}`,
      skipped: sql`${planApplies.skipped} + ${count(PlanStepOutcome.SKIPPED)}`,
      refused: sql`${planApplies.refused} + ${count(PlanStepOutcome.REFUSED)}`,
      failed: sql`${planApplies.failed} + ${count(PlanStepOutcome.FAILED)}`,
      claimedUntil: CLAIM,
    })
    .where(and(eq(planApplies.id, id), eq(planApplies.claimedBy, process)))
    .returning();
  return row && toApply(row);
}

export async function release(tx: Tx, id: string, process: string): Promise<void> {
  await tx.update(planApplies).set({ claimedBy: null, claimedUntil: null }).where(and(eq(planApplies.id, id), eq(planApplies.claimedBy, process)));
}

/** The next steps that have not ended, in their order. */
export async function waiting(tx: Tx, planId: string, limit: number): Promise<PlanItem[]> {
  const rows = await tx.select().from(routerPlanItems).where(and(eq(routerPlanItems.planId, planId), isNull(routerPlanItems.outcome), inArray(routerPlanItems.action, STEPS))).orderBy(asc(routerPlanItems.id)).limit(limit);
  return rows.map(toItem);
}

/** All that a plan acts upon, with what it has seen. */
export async function steps(tx: Tx, planId: string): Promise<PlanItem[]> {
  return (await tx.select().from(routerPlanItems).where(and(eq(routerPlanItems.planId, planId), inArray(routerPlanItems.action, STEPS)))).map(toItem);
}

export async function end(tx: Tx, ends: readonly StepEnd[], at: Date): Promise<void> {
  if (ends.length === 0) return;
  const rows = JSON.stringify(ends.map(({ itemId, outcome, reason }) => ({ id: itemId, outcome, code: reason?.code ?? null, message: reason?.message ?? null })));
  await tx.execute(sql`
    update ${routerPlanItems} as i set outcome = r.outcome, outcome_code = r.code, outcome_message = r.message, outcome_at = ${at.toISOString()}::timestamptz
      from jsonb_to_recordset(${rows}::jsonb) as r(id uuid, outcome text, code text, message text) where i.id = r.id`);
}

/** Sessions are not to be ended. */
export async function skipKicks(tx: Tx, planId: string, at: Date): Promise<void> {
  await tx
    .update(routerPlanItems)
    .set({ outcome: PlanStepOutcome.SKIPPED, outcomeCode: 'NOT_ASKED_FOR', outcomeMessage: 'The plan was applied without ending sessions.', outcomeAt: at })
    .where(and(eq(routerPlanItems.planId, planId), eq(routerPlanItems.action, PlanAction.KICK)));
}

/** What failed is to be tried again. */
export async function retryFailed(tx: Tx, planId: string): Promise<void> {
  await tx.update(routerPlanItems).set({ outcome: null, outcomeCode: null, outcomeMessage: null, outcomeAt: null }).where(and(eq(routerPlanItems.planId, planId), eq(routerPlanItems.outcome, PlanStepOutcome.FAILED)));
}

/** Wishes that a step has read, by service and number. */
type ReadWish = { serviceId: string; intent: number };

/**
 * Before secrets leave for the router: from here on a removal looks there. Answers the services whose wish is still the
 * one that was read.
 */
export async function noteSecretsSent(tx: Tx, routerId: string, wishes: readonly ReadWish[]): Promise<Set<string>> {
  const rows = await tx.execute(sql`
    update ${accesses} as a set profile_sent = true, secret_sent = true, secret_name = coalesce(a.secret_name, a.username)
      from jsonb_to_recordset(${JSON.stringify(wishes)}::jsonb) as r("serviceId" uuid, intent bigint)
     where a.service_id = r."serviceId" and a.intent = r.intent and a.router_id = ${routerId} returning a.service_id as id`);
  return new Set((rows as unknown as Array<{ id: string }>).map(({ id }) => id));
}

export async function noteProfilesSent(tx: Tx, profileIds: readonly string[]): Promise<void> {
  await tx.update(accesses).set({ profileSent: true }).where(and(anyOf(accesses.profileId, profileIds), eq(accesses.profileSent, false)));
}

/** The router has these secrets, with the passwords of these hashes. */
export async function noteSecretsApplied(tx: Tx, routerId: string, wishes: ReadonlyArray<ReadWish & { fingerprint: string; name: string }>): Promise<void> {
  if (wishes.length === 0) return;
  await tx.execute(sql`
    update ${accesses} as a set applied_fingerprint = r.fingerprint, secret_name = r.name, secret_sent = true, profile_sent = true
      from jsonb_to_recordset(${JSON.stringify(wishes)}::jsonb) as r("serviceId" uuid, intent bigint, fingerprint text, name text)
     where a.service_id = r."serviceId" and a.intent = r.intent and a.router_id = ${routerId}`);
}

/** Of these names those that the database wishes for on the router by now. */
export async function wishedProfiles(tx: Tx, routerId: string, names: readonly string[]): Promise<Set<string>> {
  const rows = await tx.select({ name: pppProfiles.name }).from(pppProfiles).where(and(eq(pppProfiles.routerId, routerId), anyOf(pppProfiles.name, names)));
  return new Set(rows.map(({ name }) => name));
}

export function list(db: SubgraphDatabase, tenantId: string, query: ListQuery<PlanApplyFilter, PlanApplyOrderField>): Promise<ConnectionValue<PlanApply>> {
  const { filter } = query;
  const where = and(
    filter?.routerId == null ? undefined : isUuid(filter.routerId) ? eq(planApplies.routerId, filter.routerId) : sql`false`,
    filter?.stateIn == null ? undefined : anyOf(planApplies.state, filter.stateIn),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { createdAt: planApplies.createdAt },
    id: planApplies.id,
    rows: async (tx, page) =>
      (
        await tx
          .select()
          .from(planApplies)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map(toApply),
    count: (tx) => tx.$count(planApplies, where),
  });
}

/** A page of the steps of a plan, in their order. */
export function stepPage(db: SubgraphDatabase, tenantId: string, planId: string, query: ListQuery<PlanStepFilter, never>): Promise<ConnectionValue<PlanStep>> {
  const { filter } = query;
  const where = and(
    eq(routerPlanItems.planId, planId),
    inArray(routerPlanItems.action, STEPS),
    filter?.outcomeIn == null ? undefined : anyOf(routerPlanItems.outcome, filter.outcomeIn),
    filter?.waiting == null ? undefined : filter.waiting ? isNull(routerPlanItems.outcome) : isNotNull(routerPlanItems.outcome),
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
      ).map((row) => ({
        id: row.id,
        item: toItem(row),
        outcome: row.outcome as PlanStepOutcome | null,
        reason: row.outcomeCode === null ? null : { code: row.outcomeCode, message: row.outcomeMessage ?? '' },
        at: row.outcomeAt,
      })),
    count: (tx) => tx.$count(routerPlanItems, where),
  });
}


/** Of these services, and of all profiles, those whose step in the plan did not come to what it was for. */
export async function troubled(tx: Tx, planId: string, serviceIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .select({ serviceId: routerPlanItems.serviceId, profileId: routerPlanItems.profileId })
    .from(routerPlanItems)
    .where(and(eq(routerPlanItems.planId, planId), ne(routerPlanItems.action, PlanAction.KICK), ne(routerPlanItems.outcome, PlanStepOutcome.DONE), or(anyOf(routerPlanItems.serviceId, serviceIds), isNotNull(routerPlanItems.profileId))));
  return new Set(rows.flatMap(({ serviceId, profileId }) => [serviceId, profileId]).filter((id) => id !== null));
}

/** To another state, as long as it is in one of these; false when it is not. */
export async function move(tx: Tx, id: string, from: readonly PlanApplyState[], changes: Partial<PlanApply> & { state: PlanApplyState }): Promise<PlanApply | undefined> {
  const [row] = await tx.update(planApplies).set(changes).where(and(eq(planApplies.id, id), inArray(planApplies.state, [...from]))).returning();
  return row && toApply(row);
}
