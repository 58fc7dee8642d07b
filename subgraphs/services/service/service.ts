import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { nextNumber } from '#kernel/db/counter.ts';
import { conflict } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as planStore from '../plan/plan.store.ts';
import { unknownPlan } from '../plan/plan.ts';
import { counters } from '../tables.ts';
import { makeServiceLife, type ServiceLife } from './service-life.ts';
import { serviceActivated, serviceCreated, serviceUpdated, serviceWithdrawn } from './service.events.ts';
import * as store from './service.store.ts';
import { moved, unknownService } from './service-status.ts';
import { ServiceStatus, type ActivateServiceInput, type CreateServiceInput, type UpdateServiceInput, type WithdrawServiceInput } from './service.type.ts';

export interface Service {
  id: string;
  /** `S-000042` */
  number: string;
  status: ServiceStatus;
  customerId: string;
  planId: string;
  planVersion: number;
  billingDay: number;
  /** The durable run that made it. */
  runId: string | null;
  createdAt: Date;
  activatedAt: Date | null;
  updatedAt: Date;
  /** Set while it is suspended, and only then. */
  suspendedAt: Date | null;
  /** `NON_PAYMENT`, `MANUAL`, or words of whoever asked for it. */
  suspensionReason: string | null;
  terminatedAt: Date | null;
  /** The newest wish that was heard; see `ServiceLife`. */
  intent: number;
  /** The run that changed the plan last, and what it was before. */
  planRunId: string | null;
  priorPlanId: string | null;
  priorPlanVersion: number | null;
}

export interface Services extends ServiceLife {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<Service>;
  list(principal: Principal, query: store.ServiceQuery): Promise<ConnectionValue<Service>>;
  /** Idempotent on `id` within one run. */
  create(principal: Principal, input: CreateServiceInput): Promise<Service>;
  /** Idempotent: an active service stays as it is. */
  activate(principal: Principal, input: ActivateServiceInput): Promise<Service>;
  update(principal: Principal, input: UpdateServiceInput): Promise<Service>;
  /** Removes what the run has made; false when there is nothing of it. */
  withdraw(principal: Principal, input: WithdrawServiceInput): Promise<boolean>;
}

export function makeServices({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): Services {
  return {
    ...makeServiceLife({ db, bus, clock }),

    async get(principal, id) {
      const [service] = await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id]));
      return service ?? unknownService(id);
    },

    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async create(principal, { id, customerId, planId, billingDay, runId }) {
      const tenantId = tenantOf(principal);
      const now = clock.now();
      try {
        return await db.write(tenantId, async (tx) => {
          if (id) {
            const [earlier] = await store.byIds(tx, [id]);
            if (earlier) return sameOrder(earlier, { customerId, billingDay, runId: runId ?? null });
          }
          const plan = (await planStore.lock(tx, planId, 'share')) ?? unknownPlan(planId);
          const service: Service = {
            id: id ?? uuidv7(),
            number: `S-${String(await nextNumber(tx, counters, tenantId, 'service')).padStart(6, '0')}`,
            status: ServiceStatus.PENDING,
            customerId,
            planId: plan.id,
            planVersion: plan.version,
            billingDay,
            runId: runId ?? null,
            createdAt: now,
            activatedAt: null,
            updatedAt: now,
            suspendedAt: null,
            suspensionReason: null,
            terminatedAt: null,
            intent: 0,
            planRunId: null,
            priorPlanId: null,
            priorPlanVersion: null,
          };
          // Both leave together: everybody else waits for the number until this commits.
          await Promise.all([store.insert(tx, tenantId, service), bus.publish(tx, [serviceCreated(tenantId, service)])]);
          return service;
        });
      } catch (error) {
        // The same call at the same moment, or an id of another tenant: the second try finds out which.
        if (!id || !isUniqueViolation(error, 'services_pkey')) throw error;
        const [earlier] = await db.read(tenantId, (tx) => store.byIds(tx, [id]));
        return earlier ? sameOrder(earlier, { customerId, billingDay, runId: runId ?? null }) : idTaken(id);
      }
    },

    async activate(principal, { id }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        const before = (await store.lock(tx, id)) ?? unknownService(id);
        if (before.status === ServiceStatus.ACTIVE) return before;
        const after = moved(before, ServiceStatus.ACTIVE, clock.now());
        await store.update(tx, after);
        const plan = (await planStore.atVersion(tx, after.planId, after.planVersion)) ?? unknownPlan(after.planId);
        await bus.publish(tx, [serviceActivated(tenantId, after, plan)]);
        return after;
      });
    },

    async update(principal, { id, billingDay }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        const before = (await store.lock(tx, id)) ?? unknownService(id);
        if (before.status === ServiceStatus.TERMINATED) throw conflict(`The service ${before.number} has ended and cannot be changed.`);
        if (billingDay == null || billingDay === before.billingDay) return before;
        const after = { ...before, billingDay, updatedAt: clock.now() };
        await store.update(tx, after);
        await bus.publish(tx, [serviceUpdated(tenantId, after)]);
        return after;
      });
    },

    async withdraw(principal, { id, runId }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        const service = await store.lock(tx, id);
        if (!service || service.runId !== runId) return false;
        await store.remove(tx, id);
        await bus.publish(tx, [serviceWithdrawn(tenantId, service)]);
        return true;
      });
    },
  };
}

/** What a repeated order answers. @throws CONFLICT when the id stands for something else. */
function sameOrder(earlier: Service, wanted: Pick<Service, 'customerId' | 'billingDay' | 'runId'>): Service {
  const same = earlier.runId === wanted.runId && earlier.customerId === wanted.customerId && earlier.billingDay === wanted.billingDay;
  return same ? earlier : idTaken(earlier.id);
}

function idTaken(id: string): never {
  throw conflict(`The id ${id} belongs to another service.`, [{ field: 'id', code: 'TAKEN', message: `id ${id} is taken.` }]);
}
