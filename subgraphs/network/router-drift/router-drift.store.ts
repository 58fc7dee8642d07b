import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, eq, isNotNull, isNull, lt, notExists, sql } from '#kernel/db/drizzle.ts';
import { matchesText } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isOpenApply } from '../plan-apply/plan-apply.store.ts';
import { planApplies, routerDrifts, routerPlans, routers } from '../tables.ts';
import type { DriftState, RouterDrift } from './router-drift.ts';
import type { RouterDriftFilter, RouterDriftOrderField } from './router-drift.type.ts';

const columns = { router: { id: routers.id, tenantId: routers.tenantId, name: routers.name }, drift: routerDrifts, plan: routerPlans };

function toDrift({ router, drift, plan }: { router: { id: string; tenantId: string; name: string }; drift: typeof routerDrifts.$inferSelect | null; plan: typeof routerPlans.$inferSelect | null }): RouterDrift {
  return {
    ...router,
    planId: drift?.planId ?? null,
    digest: drift?.digest ?? null,
    drifting: drift?.drifting ?? null,
    observedAt: drift?.observedAt ?? null,
    failedAt: drift?.failedAt ?? null,
    failureCode: drift?.failureCode ?? null,
    failureMessage: drift?.failureMessage ?? null,
    counts: plan && { adds: plan.adds, changes: plan.changes, moves: plan.moves, removals: plan.removals, kicks: plan.kicks, conflicts: plan.conflicts, unowned: plan.unowned, pending: plan.pending },
  };
}

const from = (tx: Tx) => tx.select(columns).from(routers).leftJoin(routerDrifts, eq(routerDrifts.routerId, routers.id)).leftJoin(routerPlans, eq(routerPlans.id, routerDrifts.planId));

export async function ofRouter(tx: Tx, routerId: string): Promise<RouterDrift | undefined> {
  const [row] = await from(tx).where(eq(routers.id, routerId));
  return row && toDrift(row);
}

/** What was kept, with the row locked until the transaction ends; undefined when the router is gone. */
export async function lock(tx: Tx, tenantId: string, routerId: string): Promise<DriftState | undefined> {
  const [router] = await tx.select({ id: routers.id }).from(routers).where(eq(routers.id, routerId)).for('key share');
  if (!router) return undefined;
  await tx.insert(routerDrifts).values({ routerId, tenantId, planId: null, digest: null, drifting: null, observedAt: null, failedAt: null, failureCode: null, failureMessage: null }).onConflictDoNothing();
  const [row] = await tx.select().from(routerDrifts).where(eq(routerDrifts.routerId, routerId)).for('update');
  return row;
}

export async function update(tx: Tx, routerId: string, changes: Partial<DriftState>): Promise<void> {
  await tx.update(routerDrifts).set(changes).where(eq(routerDrifts.routerId, routerId));
}

export async function removePlan(tx: Tx, planId: string): Promise<void> {
  await tx.delete(routerPlans).where(eq(routerPlans.id, planId));
}

/** Whether a plan is being applied to the router: what differs then is on its way. */
export async function isBeingApplied(tx: Tx, routerId: string): Promise<boolean> {
  const [row] = await tx.select({ id: planApplies.id }).from(planApplies).where(and(eq(planApplies.routerId, routerId), isOpenApply())).limit(1);
  return row !== undefined;
}

/** Any tenant's plans that nobody has applied and that expired before; and the applied ones that ended before. */
export async function prunePlans(tx: Tx, unused: Date, applied: Date): Promise<void> {
  const use = tx.select({ one: sql`1` }).from(planApplies).where(eq(planApplies.planId, routerPlans.id));
  await tx.delete(routerPlans).where(and(eq(routerPlans.purpose, 'PLAN'), lt(routerPlans.expiresAt, unused), notExists(use)));
  await tx.delete(routerPlans).where(sql`${routerPlans.id} in (select ${planApplies.planId} from ${planApplies} where ${planApplies.finishedAt} < ${applied.toISOString()}::timestamptz)`);
}

/** A page of the tenant's routers, with what is known of each. */
export function list(db: SubgraphDatabase, tenantId: string, query: ListQuery<RouterDriftFilter, RouterDriftOrderField>): Promise<ConnectionValue<RouterDrift>> {
  const { filter } = query;
  const where = and(
    matchesText(routers.name, filter?.name),
    filter?.observed == null ? undefined : filter.observed ? isNotNull(routerDrifts.observedAt) : isNull(routerDrifts.observedAt),
    filter?.inSync == null ? undefined : filter.inSync ? eq(routerDrifts.drifting, 0) : sql`${routerDrifts.drifting} > 0`,
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { name: routers.name, observedAt: routerDrifts.observedAt, drifting: routerDrifts.drifting },
    id: routers.id,
    rows: async (tx, page) =>
      (
        await from(tx)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map(toDrift),
    count: async (tx) => {
      const [row] = await tx.select({ total: sql<number>`count(*)::int` }).from(routers).leftJoin(routerDrifts, eq(routerDrifts.routerId, routers.id)).where(where);
      return row?.total ?? 0;
    },
  });
}
