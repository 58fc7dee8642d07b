import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import { conflict, invalidField, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { fromMoneyInput, type MoneyInput } from '#kernel/graphql/money-type.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { idempotencyKeys } from '../tables.ts';
import { planChanged, planCreated, planRemoved } from './plan.events.ts';
import * as store from './plan.store.ts';
import type { BillingInterval, CreatePlanInput, RemovePlanInput, PlanAccessChange, ServiceType, UpdatePlanInput } from './plan.type.ts';

/** What a plan gives on the network; see `PlanAccessType`. */
export interface PlanAccess {
  rateLimit: string;
  localAddress: string;
  remotePool: string;
}

/** What makes a version: services remember under which version they were sold. */
export interface PlanTerms {
  price: Money;
  billingInterval: BillingInterval;
  access: PlanAccess;
  /** Days that an overdue invoice is borne. */
  graceDays: number;
}

const DEFAULT_GRACE_DAYS = 7;

export interface Plan extends PlanTerms {
  id: string;
  code: string;
  name: string;
  serviceType: ServiceType;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** When it was taken out of sale; services that have ended still lead to it. */
  removedAt: Date | null;
}

export interface Plans {
  /** By id or code. @throws NOT_FOUND */
  get(principal: Principal, idOrCode: string): Promise<Plan>;
  list(principal: Principal, query: store.PlanQuery): Promise<ConnectionValue<Plan>>;
  create(principal: Principal, input: CreatePlanInput): Promise<Plan>;
  update(principal: Principal, input: UpdatePlanInput): Promise<Plan>;
  remove(principal: Principal, input: RemovePlanInput): Promise<string>;
}

export function makePlans({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): Plans {
  return {
    async get(principal, idOrCode) {
      const plan = await db.read(tenantOf(principal), (tx) => store.find(tx, idOrCode));
      return plan ?? unknownPlan(idOrCode);
    },

    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async create(principal, { idempotencyKey, ...input }) {
      const tenantId = tenantOf(principal);
      const now = clock.now();
      const { code, name, serviceType, billingInterval, access } = input;
      const plan: Plan = { id: uuidv7(), code, name: name.trim(), serviceType, price: priceOf(input.price), billingInterval, access, graceDays: input.graceDays ?? DEFAULT_GRACE_DAYS, version: 1, createdAt: now, updatedAt: now, removedAt: null };
      try {
        return await db.write(tenantId, (tx) =>
          once(
            tx,
            idempotencyKeys,
            { tenantId, operation: 'createPlan', key: idempotencyKey, input, now },
            async () => {
              await store.insert(tx, tenantId, plan);
              await bus.publish(tx, [planCreated(tenantId, plan)]);
              return plan;
            },
            async (id) => (await store.find(tx, id)) ?? unknownPlan(id),
          ),
        );
      } catch (error) {
        if (isUniqueViolation(error, 'plans_code_key')) throw conflict(`There is a plan with the code ${code} already.`, [{ field: 'code', code: 'TAKEN', message: `code ${code} is taken.` }]);
        throw error;
      }
    },

    async update(principal, { id, name, price, access, graceDays }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        const before = (await store.lock(tx, id, 'update')) ?? unknownPlan(id);
        const after = revise(before, { name: name?.trim(), price: price ? priceOf(price) : undefined, access: access ?? undefined, graceDays: graceDays ?? undefined }, clock.now());
        if (after === before) return before;
        await store.update(tx, tenantId, after, { newVersion: after.version > before.version });
        await bus.publish(tx, [planChanged(tenantId, after)]);
        return after;
      });
    },

    async remove(principal, { id }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        // The lock keeps new services from being made on the plan: they lock it in share mode.
        const plan = (await store.lock(tx, id, 'update')) ?? unknownPlan(id);
        const users = await store.servicesUsing(tx, plan.id);
        if (users > 0) throw conflict(`The plan ${plan.code} is used by ${users} ${users === 1 ? 'service' : 'services'} that ${users === 1 ? 'has' : 'have'} not ended.`);
        await store.remove(tx, plan.id, clock.now());
        await bus.publish(tx, [planRemoved(tenantId, plan)]);
        return plan.id;
      });
    },
  };
}

/** The plan with changes made to it: a new version when the terms differ; the same object when nothing does. */
export function revise(plan: Plan, changes: { name?: string | undefined; price?: Money | undefined; access?: PlanAccessChange | undefined; graceDays?: number | undefined }, now: Date): Plan {
  const name = changes.name ?? plan.name;
  const price = changes.price ?? plan.price;
  const access: PlanAccess = {
    rateLimit: changes.access?.rateLimit ?? plan.access.rateLimit,
    localAddress: changes.access?.localAddress ?? plan.access.localAddress,
    remotePool: changes.access?.remotePool ?? plan.access.remotePool,
  };
  const graceDays = changes.graceDays ?? plan.graceDays;
  const sameTerms =
    graceDays === plan.graceDays &&
    price.minor === plan.price.minor &&
    price.currency === plan.price.currency &&
    access.rateLimit === plan.access.rateLimit &&
    access.localAddress === plan.access.localAddress &&
    access.remotePool === plan.access.remotePool;
  if (sameTerms && name === plan.name) return plan;
  return { ...plan, name, price, access, graceDays, version: sameTerms ? plan.version : plan.version + 1, updatedAt: now };
}

function priceOf(input: MoneyInput): Money {
  const price = fromMoneyInput(input, 'price');
  if (price.minor < 0n) throw invalidField('price.amount', 'OUT_OF_RANGE', 'price.amount must not be negative.');
  return price;
}

export function unknownPlan(idOrCode: string): never {
  throw notFound('plan', idOrCode);
}
