import type DataLoader from 'dataloader';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Tx } from '#kernel/db/database.ts';
import { loaderById, loaderByKey, loaderByTenant } from '#kernel/graphql/loaders.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';
import type { Departure, ShownAccess } from './access/access.ts';
import * as accessStore from './access/access.store.ts';
import type { Alert } from './alert/alert.ts';
import * as alertStore from './alert/alert.store.ts';
import type { Callbacks, PppoeCallback } from './callback/callback.ts';
import type { PlanApplies, PlanApply } from './plan-apply/plan-apply.ts';
import * as applyStore from './plan-apply/plan-apply.store.ts';
import type { PingReply } from './ping/ping-replies.ts';
import type { Pings } from './ping/ping.ts';
import type { PppSessionChange, PppSessions } from './ppp-session/ppp-session.ts';
import type { InterfaceTraffic, InterfaceTraffics } from './router-interface/router-interface.ts';
import type { RouterLogChange, RouterLogs } from './router-log/router-log.ts';
import { NO_COUNTS, type ImportCounts, type RouterImport, type RouterImportItem } from './router-import/router-import.ts';
import type { ImportWatch } from './router-import/import-watch.ts';
import * as importStore from './router-import/router-import.store.ts';
import type { RouterPlan } from './router-plan/router-plan.ts';
import * as planStore from './router-plan/router-plan.store.ts';
import type { Router } from './router/router.ts';
import * as routerStore from './router/router.store.ts';
import * as historyStore from './session-history/session-history.store.ts';
import type { TrafficSample } from './routeros/traffic.ts';
import type { TrafficStreams } from './traffic/traffic.ts';

type Stream<T> = Promise<AsyncIterableIterator<T, void, void>>;

export interface NetworkLoaders {
  router: DataLoader<string, Router | null>;
  /** By tenant id. */
  routerCountOfTenant: DataLoader<string, number>;
  /** By service id. */
  access: DataLoader<string, ShownAccess | null>;
  /** By service id. */
  departures: DataLoader<string, Departure[]>;
  /** By service id; the same page asked of many services is one statement. */
  sessionHistoryOfService: (page: historyStore.HistoryQuery['page']) => DataLoader<string, historyStore.HistoryPage>;
  sessionCountOfService: DataLoader<string, number>;
  routerPlan: DataLoader<string, RouterPlan | null>;
  alert: DataLoader<string, Alert | null>;
  /** By plan id. */
  applyOfPlan: DataLoader<string, PlanApply | null>;
  /** How subscriptions begin: type-graphql's `subscribe` reaches no resolver instance, only the context. */
  streams: {
    pppSessions: (routerId: string | null | undefined) => Stream<PppSessionChange>;
    traffic: (serviceId: string) => Stream<TrafficSample>;
    pings: (serviceId: string) => Stream<PingReply>;
    addressPings: (address: string, routerId: string | null | undefined) => Stream<PingReply>;
    interfaceTraffic: (name: string, routerId: string | null | undefined) => Stream<InterfaceTraffic>;
    routerLogs: (routerId: string | null | undefined) => Stream<RouterLogChange>;
    pppoeCallbacks: (routerId: string | null | undefined) => Stream<PppoeCallback>;
    routerImport: (id: string, signal: AbortSignal | undefined) => Promise<AsyncGenerator<RouterImport, void, void>>;
    planApply: (id: string) => Stream<PlanApply>;
  };
  routerImport: DataLoader<string, RouterImport | null>;
  routerImportItem: DataLoader<string, RouterImportItem | null>;
  /** By import id. */
  importCounts: DataLoader<string, ImportCounts>;
}

export type NetworkContext = SubgraphContext<NetworkLoaders>;

/** Fresh per request and per event. */
export function networkLoaders(
  { db, sessions, traffic, pings, callbacks, interfaceTraffics, routerLogs, imports, planApplies }: Pick<SubgraphKit, 'db'> & { sessions: PppSessions; traffic: TrafficStreams; pings: Pings; callbacks: Callbacks; interfaceTraffics: InterfaceTraffics; routerLogs: RouterLogs; imports: ImportWatch; planApplies: PlanApplies },
  { principal }: Pick<NetworkContext, 'principal'>,
): NetworkLoaders {
  const read = <T>(work: (tx: Tx) => Promise<T>) => db.read(tenantOf(principal), work);
  const histories = new Map<string, DataLoader<string, historyStore.HistoryPage>>();
  return {
    router: loaderById((ids) => read((tx) => routerStore.byIds(tx, ids))),
    routerCountOfTenant: loaderByTenant({ db, principal }, routerStore.countsOfTenants, () => 0),
    access: loaderByKey<ShownAccess | null>(
      (serviceIds) => read(async (tx) => new Map((await accessStore.shownOfServices(tx, serviceIds)).map((access) => [access.serviceId, access]))),
      () => null,
    ),
    departures: loaderByKey<Departure[]>(
      (serviceIds) => read(async (tx) => Map.groupBy(await accessStore.departuresOf(tx, serviceIds), ({ serviceId }) => serviceId)),
      () => [],
    ),
    sessionHistoryOfService(page) {
      const key = JSON.stringify(page);
      const loader = histories.get(key) ?? loaderByKey<historyStore.HistoryPage>((ids) => read((tx) => historyStore.pagesOfServices(tx, ids, page)), emptyPage);
      histories.set(key, loader);
      return loader;
    },
    sessionCountOfService: loaderByKey((ids) => read((tx) => historyStore.countsOfServices(tx, ids)), () => 0),
    alert: loaderById((ids) => read((tx) => alertStore.byIds(tx, ids))),
    routerPlan: loaderById((ids) => read((tx) => planStore.byIds(tx, ids))),
    applyOfPlan: loaderByKey<PlanApply | null>(
      (planIds) => read(async (tx) => new Map((await applyStore.ofPlans(tx, planIds)).map((apply) => [apply.planId, apply]))),
      () => null,
    ),
    streams: {
      pppSessions: (routerId) => sessions.open(principal, routerId),
      traffic: (serviceId) => traffic.open(principal, serviceId),
      pings: (serviceId) => pings.open(principal, serviceId),
      addressPings: (address, routerId) => pings.openAddress(principal, address, routerId),
      interfaceTraffic: (name, routerId) => interfaceTraffics.open(principal, name, routerId),
      routerLogs: (routerId) => routerLogs.open(principal, routerId),
      pppoeCallbacks: (routerId) => callbacks.open(principal, routerId),
      routerImport: (id, signal) => imports.follow(principal, id, signal),
      planApply: (id) => planApplies.open(principal, id),
    },
    routerImport: loaderById((ids) => read((tx) => importStore.byIds(tx, ids))),
    routerImportItem: loaderById((ids) => read((tx) => importStore.itemsByIds(tx, ids))),
    importCounts: loaderByKey<ImportCounts>((ids) => read((tx) => importStore.counts(tx, ids)), () => NO_COUNTS),
  };
}

function emptyPage(): historyStore.HistoryPage {
  return { nodes: [], edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } };
}
