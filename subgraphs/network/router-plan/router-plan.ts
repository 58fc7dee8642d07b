import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isForeignKeyViolation } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import type { ListQuery } from '#kernel/db/list.ts';
import { invalidField, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid, uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { deviceFailure, routerUnavailable } from '../errors.ts';
import { unknownRouter, type Router, type Routers } from '../router/router.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { idempotencyKeys } from '../tables.ts';
import type { Difference } from './difference.ts';
import { hashOf, type ObservedRouter } from './differences.ts';
import type { RouterObserver } from './observe-router.ts';
import * as store from './router-plan.store.ts';
import { PlanAction, type PlanCounts, type PlanItemFilter, type PlanRouterInput } from './router-plan.type.ts';

/** What it takes to bring a router into line, as it was read at one moment. */
export interface RouterPlan {
  id: string;
  tenantId: string;
  routerId: string;
  hash: string;
  observedAt: Date;
  expiresAt: Date;
  routerVersion: string | null;
  counts: PlanCounts;
  maxChanges: number;
  maxRemovals: number;
  requestedBy: string | null;
}

export interface RouterPlans {
  /**
   * Reads the router and compares; changes nothing.
   * @throws NOT_FOUND; VALIDATION_ERROR naming `routerId`; UNAVAILABLE with the router's own reason; CONFLICT of the key.
   */
  plan(principal: Principal, input: PlanRouterInput): Promise<RouterPlan>;
  /** By id, or the newest of a hash. @throws NOT_FOUND; VALIDATION_ERROR naming `hash` unless exactly one is given. */
  get(principal: Principal, which: { id?: string | null; hash?: string | null }): Promise<RouterPlan>;
  items(plan: Pick<RouterPlan, 'id' | 'tenantId'>, query: ListQuery<PlanItemFilter, never>): Promise<ConnectionValue<store.PlanItem>>;
}

/** How long a plan is believed. What it touches is looked at again before each step all the same. */
const VALID_MS = 15 * 60_000;

export function makeRouterPlans({ db, clock, routers, observer }: Pick<SubgraphKit, 'db' | 'clock'> & { routers: Pick<Routers, 'meant'>; observer: RouterObserver }): RouterPlans {
  const find = async (principal: Principal, id: string): Promise<RouterPlan> => {
    const [plan] = isUuid(id) ? await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id])) : [];
    return plan ?? unknownPlan(id);
  };

  return {
    async plan(principal, { idempotencyKey, ...input }) {
      const tenantId = tenantOf(principal);
      const router = await routers.meant(principal, input.routerId);
      const { seen, found } = await compared(observer, router);
      const plan = planOf(router, seen, found, { maxChanges: input.maxChanges, maxRemovals: input.maxRemovals, requestedBy: principal.id });
      try {
        return await db.write(tenantId, (tx) =>
          once(
            tx,
            idempotencyKeys,
            { tenantId, operation: 'planRouter', key: idempotencyKey, input, now: clock.now() },
            async () => {
              await store.insert(tx, plan, 'PLAN', found);
              return plan;
            },
            async (id) => (await store.byIds(tx, [id]))[0] ?? unknownPlan(id),
          ),
        );
      } catch (error) {
        throw isForeignKeyViolation(error) ? unknownRouter(router.id) : error;
      }
    },

    async get(principal, { id, hash }) {
      if ((id == null) === (hash == null)) throw invalidField('hash', 'REQUIRED', 'Give either id or hash.');
      if (id != null) return find(principal, id);
      return (await db.read(tenantOf(principal), (tx) => store.byHash(tx, hash!))) ?? unknownPlan(hash!);
    },

    items: ({ id, tenantId }, query) => store.items(db, tenantId, id, query),
  };
}

/** @throws UNAVAILABLE with the router's own reason. */
export async function compared(observer: RouterObserver, router: Pick<Router, 'id' | 'tenantId'>): ReturnType<RouterObserver['compare']> {
  try {
    return await observer.compare(router);
  } catch (error) {
    throw error instanceof RouterOsError ? routerUnavailable(deviceFailure(error)) : error;
  }
}

export function planOf(router: Pick<Router, 'id' | 'tenantId'>, seen: ObservedRouter, found: readonly Difference[], how: Pick<RouterPlan, 'maxChanges' | 'maxRemovals' | 'requestedBy'>): RouterPlan {
  return { id: uuidv7(), tenantId: router.tenantId, routerId: router.id, hash: hashOf(router.id, found), observedAt: seen.at, expiresAt: new Date(seen.at.getTime() + VALID_MS), routerVersion: seen.version, counts: countsOf(found), ...how };
}

/** How many rows a plan changes in any way but removing them: what its limit is about. */
export const changesIn = ({ adds, changes, moves }: PlanCounts): number => adds + changes + moves;

export function countsOf(found: readonly Difference[]): PlanCounts {
  const count = (wanted: PlanAction) => found.filter(({ action }) => action === wanted).length;
  return {
    adds: count(PlanAction.ADD),
    changes: count(PlanAction.CHANGE),
    moves: count(PlanAction.MOVE),
    removals: count(PlanAction.REMOVE),
    kicks: count(PlanAction.KICK),
    conflicts: count(PlanAction.CONFLICT),
    unowned: count(PlanAction.UNOWNED),
    pending: found.filter(({ pending }) => pending).length,
  };
}

export function unknownPlan(id: string): never {
  throw notFound('plan of a router', id);
}
