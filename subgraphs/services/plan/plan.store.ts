import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, count, eq, isNull, ne, or } from '#kernel/db/drizzle.ts';
import { statement } from '#kernel/db/statement.ts';
import { matchesText, occursIn } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { ServiceStatus } from '../service/service.type.ts';
import { plans, planVersions, services } from '../tables.ts';
import type { Plan } from './plan.ts';
import type { PlanFilter, PlanOrderField } from './plan.type.ts';

export type PlanQuery = ListQuery<PlanFilter, PlanOrderField>;

/** Plans with the terms of their present version. */
const present = (tx: Pick<Tx, 'select'>) =>
  tx
    .select({ plan: plans, terms: planVersions })
    .from(plans)
    .innerJoin(planVersions, and(eq(planVersions.tenantId, plans.tenantId), eq(planVersions.planId, plans.id), eq(planVersions.version, plans.version)));

type PlanRow = { plan: typeof plans.$inferSelect; terms: typeof planVersions.$inferSelect };

function toPlan({ plan, terms }: PlanRow): Plan {
  const { tenantId: _tenantId, ...fields } = plan;
  const { rateLimit, localAddress, remotePool, billingInterval, graceDays } = terms;
  return { ...fields, billingInterval, graceDays, price: { minor: terms.priceMinor, currency: terms.currency }, access: { rateLimit, localAddress, remotePool } };
}

function named(idOrCode: string) {
  return and(isNull(plans.removedAt), isUuid(idOrCode) ? or(eq(plans.id, idOrCode), eq(plans.code, idOrCode)) : eq(plans.code, idOrCode));
}

/** A plan on sale, by id or code. */
export async function find(tx: Tx, idOrCode: string): Promise<Plan | undefined> {
  const [row] = await (isUuid(idOrCode) ? withIdOrCode : withCode)(tx, { idOrCode });
  return row && toPlan(row);
}

const withIdOrCode = statement((db, value) => present(db).where(and(isNull(plans.removedAt), or(eq(plans.id, value('idOrCode')), eq(plans.code, value('idOrCode'))))));
const withCode = statement((db, value) => present(db).where(and(isNull(plans.removedAt), eq(plans.code, value('idOrCode')))));

/**
 * The same, and nobody changes it (`share`) or uses it anew (`update`) until the transaction ends. Locked before it is read:
 * a statement that waits for the lock would still join the version from before the wait.
 */
export async function lock(tx: Tx, idOrCode: string, strength: 'share' | 'update'): Promise<Plan | undefined> {
  const [locked] = isUuid(idOrCode) ? await lockFor[strength](tx, { idOrCode }) : await tx.select({ id: plans.id }).from(plans).where(named(idOrCode)).for(strength);
  return locked && find(tx, locked.id);
}

const lockingFor = (strength: 'share' | 'update') =>
  statement((db, value) =>
    db
      .select({ id: plans.id })
      .from(plans)
      .where(and(isNull(plans.removedAt), or(eq(plans.id, value('idOrCode')), eq(plans.code, value('idOrCode')))))
      .for(strength),
  );
const lockFor = { share: lockingFor('share'), update: lockingFor('update') };

/** Also those out of sale: what was sold once still leads to them. */
export async function byIds(tx: Tx, ids: string[]): Promise<Plan[]> {
  return (await present(tx).where(anyOf(plans.id, ids))).map(toPlan);
}

/** A plan with the terms that it had under a version; on sale or not. */
export async function atVersion(tx: Tx, id: string, version: number): Promise<Plan | undefined> {
  const [row] = await tx
    .select({ plan: plans, terms: planVersions })
    .from(plans)
    .innerJoin(planVersions, and(eq(planVersions.tenantId, plans.tenantId), eq(planVersions.planId, plans.id), eq(planVersions.version, version)))
    .where(eq(plans.id, id));
  return row && { ...toPlan(row), version };
}

export function list(db: SubgraphDatabase, tenantId: string, query: PlanQuery): Promise<ConnectionValue<Plan>> {
  const { filter } = query;
  const where = and(
    isNull(plans.removedAt),
    occursIn([plans.code, plans.name], filter?.search),
    matchesText(plans.code, filter?.code),
    matchesText(plans.name, filter?.name),
    filter?.serviceType ? eq(plans.serviceType, filter.serviceType) : undefined,
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { createdAt: plans.createdAt, code: plans.code, name: plans.name },
    id: plans.id,
    rows: async (tx, page) =>
      (
        await present(tx)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map(toPlan),
    count: async (tx) => (await tx.select({ total: count() }).from(plans).where(where))[0]!.total,
  });
}

export async function insert(tx: Tx, tenantId: string, plan: Plan): Promise<void> {
  const { id, code, name, serviceType, version, createdAt, updatedAt, removedAt } = plan;
  await tx.insert(plans).values({ id, tenantId, code, name, serviceType, version, createdAt, updatedAt, removedAt });
  await insertVersion(tx, tenantId, plan);
}

export async function update(tx: Tx, tenantId: string, plan: Plan, { newVersion }: { newVersion: boolean }): Promise<void> {
  if (newVersion) await insertVersion(tx, tenantId, plan);
  await tx.update(plans).set({ name: plan.name, version: plan.version, updatedAt: plan.updatedAt }).where(eq(plans.id, plan.id));
}

async function insertVersion(tx: Tx, tenantId: string, { id, version, price, billingInterval, access, graceDays, updatedAt }: Plan): Promise<void> {
  await tx.insert(planVersions).values({ planId: id, version, tenantId, priceMinor: price.minor, currency: price.currency, billingInterval, ...access, graceDays, createdAt: updatedAt });
}

export async function remove(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.update(plans).set({ removedAt: at, updatedAt: at }).where(eq(plans.id, id));
}

/** How many services that have not ended are on the plan. */
export async function servicesUsing(tx: Tx, planId: string): Promise<number> {
  const [row] = await tx.select({ total: count() }).from(services).where(and(eq(services.planId, planId), ne(services.status, ServiceStatus.TERMINATED)));
  return row!.total;
}
