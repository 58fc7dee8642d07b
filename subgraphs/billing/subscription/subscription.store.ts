import type { CivilDate } from '#kernel/civil-time.ts';
import type { Tx } from '#kernel/db/database.ts';
import { and, eq, isNull, sql } from '#kernel/db/drizzle.ts';
import type { Money } from '#kernel/money.ts';
import { planPolicies, subscriptions, subscriptionTerms, suspensions } from '../tables.ts';
import type { SuspensionPolicy } from './subscription.type.ts';

export interface Subscription {
  id: string;
  serviceId: string;
  customerId: string;
  planId: string;
  currency: string;
  billingDay: number;
  startedOn: CivilDate;
  billedUntil: CivilDate;
  dueOn: CivilDate | null;
  endedOn: CivilDate | null;
  createdAt: Date;
}

export interface NewTerms {
  effectiveFrom: CivilDate;
  planId: string;
  planCode: string;
  planVersion: number;
  price: Money;
  graceDays: number;
}

/** False when the service has a subscription already. */
export async function insert(tx: Tx, tenantId: string, subscription: Subscription): Promise<boolean> {
  const made = await tx.insert(subscriptions).values({ ...subscription, tenantId }).onConflictDoNothing({ target: [subscriptions.tenantId, subscriptions.serviceId] }).returning({ id: subscriptions.id });
  return made.length > 0;
}

/** For a change: no billing run decides anything of it until the transaction ends. */
export async function lockByService(tx: Tx, serviceId: string): Promise<Subscription | undefined> {
  const [row] = await tx.select().from(subscriptions).where(eq(subscriptions.serviceId, serviceId)).for('update');
  return row;
}

/** The caller holds the subscription's lock, or has just made it. */
export async function addTerms(tx: Tx, tenantId: string, subscriptionId: string, { price, ...terms }: NewTerms): Promise<void> {
  await tx.execute(sql`
    insert into ${subscriptionTerms} (tenant_id, subscription_id, position, effective_from, plan_id, plan_code, plan_version, price_minor, currency, grace_days)
    select ${tenantId}, ${subscriptionId}, count(*) + 1, ${terms.effectiveFrom}, ${terms.planId}, ${terms.planCode}, ${terms.planVersion}, ${price.minor.toString()}::text::bigint, ${price.currency}, ${terms.graceDays}
      from ${subscriptionTerms} where subscription_id = ${subscriptionId}`);
}

export async function setPlan(tx: Tx, id: string, planId: string): Promise<void> {
  await tx.update(subscriptions).set({ planId }).where(eq(subscriptions.id, id));
}

export async function setBillingDay(tx: Tx, id: string, billingDay: number): Promise<void> {
  await tx.update(subscriptions).set({ billingDay }).where(eq(subscriptions.id, id));
}

/** Nothing happens when it is suspended already. The caller holds the subscription's lock. */
export async function openSuspension(tx: Tx, tenantId: string, subscriptionId: string, suspendedOn: CivilDate, reason: string): Promise<void> {
  await tx.execute(sql`
    insert into ${suspensions} (tenant_id, subscription_id, position, suspended_on, reason)
    select ${tenantId}, ${subscriptionId}, count(*) + 1, ${suspendedOn}, ${reason}
      from ${suspensions} where subscription_id = ${subscriptionId}
    having count(*) filter (where resumed_on is null) = 0`);
}

/** Never before the day on which it began. */
export async function closeSuspension(tx: Tx, subscriptionId: string, resumedOn: CivilDate): Promise<void> {
  await tx
    .update(suspensions)
    .set({ resumedOn: sql`greatest(${suspensions.suspendedOn}, ${resumedOn}::date)` })
    .where(and(eq(suspensions.subscriptionId, subscriptionId), isNull(suspensions.resumedOn)));
}

export async function setEnd(tx: Tx, id: string, endedOn: CivilDate): Promise<void> {
  await tx.update(subscriptions).set({ endedOn }).where(eq(subscriptions.id, id));
}

/** To be looked at by the next run: from the first undecided day on, unless that lies beyond the end. */
export async function setDue(tx: Tx, id: string): Promise<void> {
  await tx
    .update(subscriptions)
    .set({ dueOn: sql`case when ${subscriptions.endedOn} <= ${subscriptions.billedUntil} then null else ${subscriptions.billedUntil} end` })
    .where(eq(subscriptions.id, id));
}

/** Notes that there is such a plan. One that is known keeps its policy. */
export async function knowPlan(tx: Tx, tenantId: string, planId: string, suspensionPolicy: SuspensionPolicy): Promise<void> {
  await tx.insert(planPolicies).values({ tenantId, planId, suspensionPolicy }).onConflictDoNothing();
}

/** False when no such plan is known. */
export async function setPolicy(tx: Tx, planId: string, suspensionPolicy: SuspensionPolicy): Promise<boolean> {
  const changed = await tx.update(planPolicies).set({ suspensionPolicy }).where(eq(planPolicies.planId, planId)).returning({ planId: planPolicies.planId });
  if (changed.length === 0) return false;
  // What a run has put off because of a suspension is decided anew.
  await tx
    .update(subscriptions)
    .set({ dueOn: sql`${subscriptions.billedUntil}` })
    .where(and(eq(subscriptions.planId, planId), sql`${subscriptions.dueOn} > ${subscriptions.billedUntil}`));
  return true;
}
