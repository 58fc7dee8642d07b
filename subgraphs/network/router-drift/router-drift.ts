import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { Alerts } from '../alert/alert.ts';
import { AlertKind } from '../alert/alert.type.ts';
import { deviceFailure, routerUnavailable, type DeviceFailure } from '../errors.ts';
import { unknownRouter, type Router, type Routers } from '../router/router.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { Difference } from '../router-plan/difference.ts';
import type { RouterObserver } from '../router-plan/observe-router.ts';
import { planOf } from '../router-plan/router-plan.ts';
import * as planStore from '../router-plan/router-plan.store.ts';
import { PlanAction, type PlanCounts, type PlanItemFilter } from '../router-plan/router-plan.type.ts';
import { digest } from '../router-plan/wished-rows.ts';
import * as store from './router-drift.store.ts';
import type { RouterDriftFilter, RouterDriftOrderField } from './router-drift.type.ts';

/** What is kept of the last comparison of a router. */
export interface DriftState {
  planId: string | null;
  digest: string | null;
  drifting: number | null;
  observedAt: Date | null;
  failedAt: Date | null;
  failureCode: string | null;
  failureMessage: string | null;
}

export interface RouterDrift extends DriftState {
  /** Of the router. */
  id: string;
  tenantId: string;
  name: string;
  counts: PlanCounts | null;
}

export interface RouterDrifts {
  /** @throws NOT_FOUND; VALIDATION_ERROR naming `routerId` */
  get(principal: Principal, routerId: string | null | undefined): Promise<RouterDrift>;
  list(principal: Principal, query: ListQuery<RouterDriftFilter, RouterDriftOrderField>): Promise<ConnectionValue<RouterDrift>>;
  items(drift: RouterDrift, query: ListQuery<PlanItemFilter, never>): Promise<ConnectionValue<planStore.PlanItem>>;
  /** Compares now. @throws NOT_FOUND; VALIDATION_ERROR naming `routerId`; UNAVAILABLE with the router's own reason. */
  check(principal: Principal, routerId: string | null | undefined): Promise<RouterDrift>;
  /** Compares one that this process has the line to, keeps what it finds and raises or clears the alert. Fails with nothing but our own faults. */
  observe(router: Pick<Router, 'id' | 'tenantId'>): Promise<void>;
}

export interface RouterDriftsOptions extends Pick<SubgraphKit, 'db'> {
  clock: SubgraphKit['clock'];
  routers: Pick<Routers, 'meant'>;
  observer: RouterObserver;
  alerts: Alerts;
}

/** What nobody is at work on, and what is ours to look after. */
export const isDrift = ({ action, pending, reason }: Pick<Difference, 'action' | 'pending' | 'reason'>): boolean =>
  !pending && action !== PlanAction.UNOWNED && (action !== PlanAction.KICK || reason?.code === 'DISABLED');

export function makeRouterDrifts({ db, clock, routers, observer, alerts }: RouterDriftsOptions): RouterDrifts {
  const find = async (tenantId: string, routerId: string): Promise<RouterDrift> => (await db.read(tenantId, (tx) => store.ofRouter(tx, routerId))) ?? unknownRouter(routerId);

  /** @throws RouterOsError */
  const compare = async (router: Pick<Router, 'id' | 'tenantId'>): ReturnType<RouterObserver['compare']> => {
    const first = await observer.compare(router);
    if (!first.found.some(isDrift)) return first;
    // The router is read before the database: what enforcement proved in between looks like drift, once.
    return observer.compare(router);
  };

  const keep = async (router: Pick<Router, 'id' | 'tenantId'>): Promise<void> => {
    const { seen, found, settled } = await compare(router);
    const drifting = found.filter(isDrift).length;
    const all = digest(found);
    const plan = planOf(router, seen, found, { maxChanges: 0, maxRemovals: 0, requestedBy: null });
    await db.write(router.tenantId, async (tx) => {
      const before = await store.lock(tx, router.tenantId, router.id);
      // Removed meanwhile, or another comparison came later and was quicker.
      if (!before || (before.observedAt && before.observedAt > seen.at)) return;
      await planStore.noteSettled(tx, settled, seen.at);
      const changes = { drifting, observedAt: seen.at, failedAt: null, failureCode: null, failureMessage: null };
      if (before.digest === all) {
        await store.update(tx, router.id, changes);
      } else {
        await planStore.insert(tx, plan, 'CHECK', found);
        await store.update(tx, router.id, { ...changes, digest: all, planId: plan.id });
        if (before.planId) await store.removePlan(tx, before.planId);
      }
      const of = { tenantId: router.tenantId, kind: AlertKind.ROUTER_DRIFT, routerId: router.id };
      if (drifting > 0) await alerts.raise(tx, { ...of, details: { count: drifting, message: messageOf(found.filter(isDrift)) } });
      else await alerts.clear(tx, of);
    });
  };

  const keepFailure = ({ id, tenantId }: Pick<Router, 'id' | 'tenantId'>, { code, message }: DeviceFailure): Promise<void> =>
    db.write(tenantId, async (tx) => {
      if (await store.lock(tx, tenantId, id)) await store.update(tx, id, { failedAt: clock.now(), failureCode: code, failureMessage: message });
    });

  return {
    async get(principal, routerId) {
      const router = await routers.meant(principal, routerId);
      return find(router.tenantId, router.id);
    },
    list: (principal, query) => store.list(db, tenantOf(principal), query),
    // Of a router that was never compared there are none: no plan has the router's own id.
    items: ({ id, tenantId, planId }, query) => planStore.items(db, tenantId, planId ?? id, query),

    async check(principal, routerId) {
      const router = await routers.meant(principal, routerId);
      try {
        await keep(router);
      } catch (error) {
        if (!(error instanceof RouterOsError)) throw error;
        const failure = deviceFailure(error);
        await keepFailure(router, failure);
        throw routerUnavailable(failure);
      }
      return find(router.tenantId, router.id);
    },

    async observe(router) {
      if (await db.read(router.tenantId, (tx) => store.isBeingApplied(tx, router.id))) return;
      try {
        await keep(router);
      } catch (error) {
        if (!(error instanceof RouterOsError)) throw error;
        await keepFailure(router, deviceFailure(error));
      }
    },
  };
}

function messageOf(found: readonly Difference[]): string {
  const shown = found.slice(0, 3).map(({ name }) => name).join(', ');
  return `The router differs from what is wished for in ${found.length === 1 ? '1 row' : `${found.length} rows`}: ${shown}${found.length > 3 ? ', …' : ''}.`;
}
