import { uuidv7 } from '#kernel/ids.ts';
import { defineSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import { makeAccessLife } from './access/access-life.ts';
import { AccessLifeResolver } from './access/access-life.resolver.ts';
import { AccessDepartureResolver, AccessResolver, ServiceAccessResolver } from './access/access.resolver.ts';
import { accessRules } from './access/access.rules.ts';
import { makeAccesses } from './access/access.ts';
import { makeAccessEnforcement } from './access/enforce-access.ts';
import { AlertResolver } from './alert/alert.resolver.ts';
import { alertRules } from './alert/alert.rules.ts';
import { makeAlerts } from './alert/alert.ts';
import { AlertType } from './alert/alert.type.ts';
import { CallbackResolver } from './callback/callback.resolver.ts';
import { callbackRules } from './callback/callback.rules.ts';
import { makeCallbacks } from './callback/callback.ts';
import { CredentialsResolver } from './credentials/credentials.resolver.ts';
import { credentialsRules } from './credentials/credentials.rules.ts';
import { makeCredentials } from './credentials/credentials.ts';
import { DesiredIpPoolResolver } from './desired-pool/desired-pool.resolver.ts';
import { desiredPoolRules } from './desired-pool/desired-pool.rules.ts';
import { desiredPoolMenu } from './desired-pool/desired-pool.ts';
import { DesiredQueueResolver } from './desired-queue/desired-queue.resolver.ts';
import { desiredQueueRules } from './desired-queue/desired-queue.rules.ts';
import { desiredQueueMenu } from './desired-queue/desired-queue.ts';
import { makeDesiredRows } from './desired-row/desired-rows.ts';
import { makeRowAdoption } from './desired-row/row-adoption.ts';
import { makeDirectRouters } from './direct/direct-router.ts';
import { makeDirectKeys } from './direct/direct-keys.ts';
import { makeDirectRows } from './direct/direct-rows.ts';
import { IpPoolResolver } from './ip-pool/ip-pool.resolver.ts';
import { ipPoolRules } from './ip-pool/ip-pool.rules.ts';
import { ipPoolMenu } from './ip-pool/ip-pool.ts';
import { makePeers } from './peers/peers.ts';
import { networkLoaders, type NetworkLoaders } from './loaders.ts';
import { AddressPingResolver, PingResolver } from './ping/ping.resolver.ts';
import { pingRules } from './ping/ping.rules.ts';
import { makePings } from './ping/ping.ts';
import { PlanApplyResolver, RouterPlanApplyResolver } from './plan-apply/plan-apply.resolver.ts';
import { planApplyRules } from './plan-apply/plan-apply.rules.ts';
import { makePlanApplies } from './plan-apply/plan-apply.ts';
import { makePlanWorker } from './plan-apply/plan-worker.ts';
import { PppActiveResolver } from './ppp-active/ppp-active.resolver.ts';
import { pppActiveRules } from './ppp-active/ppp-active.rules.ts';
import { makePppActives } from './ppp-active/ppp-active.ts';
import { PppProfileResolver } from './ppp-profile/ppp-profile.resolver.ts';
import { pppProfileRules } from './ppp-profile/ppp-profile.rules.ts';
import { pppProfileMenu } from './ppp-profile/ppp-profile.ts';
import { PppSecretResolver } from './ppp-secret/ppp-secret.resolver.ts';
import { pppSecretRules } from './ppp-secret/ppp-secret.rules.ts';
import { makePppInactives, pppSecretMenu } from './ppp-secret/ppp-secret.ts';
import { makePppSessionIntake } from './ppp-session/ppp-session.intake.ts';
import { PppSessionResolver } from './ppp-session/ppp-session.resolver.ts';
import { pppSessionRules } from './ppp-session/ppp-session.rules.ts';
import { servicesOf } from './ppp-session/ppp-session.store.ts';
import { makePppSessions } from './ppp-session/ppp-session.ts';
import { ServiceRef } from './ppp-session/ppp-session.type.ts';
import { makeSessionOwners } from './ppp-session/session-owners.ts';
import { makeAdoptions } from './router-import/adoption.ts';
import { makeImportWatch } from './router-import/import-watch.ts';
import { RouterImportItemResolver, RouterImportResolver } from './router-import/router-import.resolver.ts';
import { routerImportEntityRule, routerImportRules } from './router-import/router-import.rules.ts';
import { makeRouterImports } from './router-import/router-import.ts';
import { RouterImportItemType, RouterImportType } from './router-import/router-import.type.ts';
import { RouterInterfaceResolver } from './router-interface/router-interface.resolver.ts';
import { routerInterfaceRules } from './router-interface/router-interface.rules.ts';
import { makeInterfaceTraffics, routerInterfaceMenu } from './router-interface/router-interface.ts';
import { RouterLogResolver } from './router-log/router-log.resolver.ts';
import { routerLogRules } from './router-log/router-log.rules.ts';
import { makeRouterLogs } from './router-log/router-log.ts';
import { RouterResourceResolver } from './router-resource/router-resource.resolver.ts';
import { routerResourceRules } from './router-resource/router-resource.rules.ts';
import { makeRouterResources } from './router-resource/router-resource.ts';
import { makeDriftSchedule } from './router-drift/drift-schedule.ts';
import { RouterDriftResolver } from './router-drift/router-drift.resolver.ts';
import { routerDriftRules } from './router-drift/router-drift.rules.ts';
import { makeRouterDrifts } from './router-drift/router-drift.ts';
import { makeRouterObserver } from './router-plan/observe-router.ts';
import { PlanItemResolver, RouterPlanResolver } from './router-plan/router-plan.resolver.ts';
import { routerPlanRules } from './router-plan/router-plan.rules.ts';
import { makeRouterPlans } from './router-plan/router-plan.ts';
import { makeFleetMetrics } from './router/fleet-metrics.ts';
import { makeRouterFleet } from './router/router-fleet.ts';
import { makeRouterIntake } from './router/router.intake.ts';
import { RouterResolver } from './router/router.resolver.ts';
import { routerEntityRule, routerRules } from './router/router.rules.ts';
import { makeRouterLeases } from './router/router-leases.ts';
import { specsOf } from './router/router.store.ts';
import { makeRouters, passwordContext } from './router/router.ts';
import { RouterType } from './router/router.type.ts';
import { TenantRef, TenantRoutersResolver, tenantRoutersRules } from './router/tenant-routers.resolver.ts';
import { assertDialLibrary } from './routeros/dial.ts';
import { makeHistoryUpkeep } from './session-history/history-upkeep.ts';
import { makeSessionRecorder } from './session-history/session-history.intake.ts';
import { ServiceSessionHistoryResolver, SessionHistoryResolver } from './session-history/session-history.resolver.ts';
import { sessionHistoryRules } from './session-history/session-history.rules.ts';
import { openOfRouter } from './session-history/session-history.store.ts';
import { makeSessionHistory } from './session-history/session-history.ts';
import { SimpleQueueResolver } from './simple-queue/simple-queue.resolver.ts';
import { simpleQueueRules } from './simple-queue/simple-queue.rules.ts';
import { simpleQueueMenu } from './simple-queue/simple-queue.ts';
import { hearTenantLimits } from './tenant-limit/tenant-limit.intake.ts';
import { TrafficResolver } from './traffic/traffic.resolver.ts';
import { trafficRules } from './traffic/traffic.rules.ts';
import { makeTrafficStreams } from './traffic/traffic.ts';
import { NETWORK_ERRORS } from './errors.ts';

/** The routers and what runs on them: access of services, live PPP sessions, traffic. */
export const network = defineSubgraph<NetworkLoaders>({
  name: 'network',
  errors: NETWORK_ERRORS,
  migrations: new URL('./migrations/', import.meta.url),
  resolvers: [RouterResolver, TenantRoutersResolver, CredentialsResolver, AccessResolver, AccessDepartureResolver, AccessLifeResolver, ServiceAccessResolver, PppSessionResolver, TrafficResolver, PppSecretResolver, PppProfileResolver, IpPoolResolver, SimpleQueueResolver, PppActiveResolver, PingResolver, AddressPingResolver, RouterInterfaceResolver, RouterResourceResolver, RouterLogResolver, CallbackResolver, SessionHistoryResolver, ServiceSessionHistoryResolver, RouterPlanResolver, PlanItemResolver, RouterImportResolver, RouterImportItemResolver, PlanApplyResolver, RouterPlanApplyResolver, RouterDriftResolver, AlertResolver, DesiredIpPoolResolver, DesiredQueueResolver],
  entities: {
    Router: { type: RouterType, rule: routerEntityRule, resolve: ({ id }, { loaders }) => loaders.router.load(id) },
    RouterImport: { type: RouterImportType, rule: routerImportEntityRule, resolve: ({ id }, { loaders }) => loaders.routerImport.load(id) },
    RouterImportItem: { type: RouterImportItemType, rule: routerImportEntityRule, resolve: ({ id }, { loaders }) => loaders.routerImportItem.load(id) },
    Service: { type: ServiceRef, resolve: 'stub' },
    Tenant: { type: TenantRef, resolve: 'stub' },
    Alert: { type: AlertType, rule: routerEntityRule, resolve: ({ id }, { loaders }) => loaders.alert.load(id) },
  },
  rules: {
    Query: { ...routerRules.Query, ...accessRules.Query, ...pppSecretRules.Query, ...pppProfileRules.Query, ...ipPoolRules.Query, ...simpleQueueRules.Query, ...pppActiveRules.Query, ...pingRules.Query, ...routerInterfaceRules.Query, ...routerResourceRules.Query, ...routerLogRules.Query, ...sessionHistoryRules.Query, ...routerPlanRules.Query, ...routerImportRules.Query, ...planApplyRules.Query, ...routerDriftRules.Query, ...alertRules.Query, ...desiredPoolRules.Query, ...desiredQueueRules.Query },
    Mutation: {
      ...routerRules.Mutation,
      ...credentialsRules.Mutation,
      ...accessRules.Mutation,
      ...pppSessionRules.Mutation,
      ...pppSecretRules.Mutation,
      ...pppProfileRules.Mutation,
      ...ipPoolRules.Mutation,
      ...simpleQueueRules.Mutation,
      ...callbackRules.Mutation,
      ...routerPlanRules.Mutation,
      ...routerImportRules.Mutation,
      ...planApplyRules.Mutation,
      ...routerDriftRules.Mutation,
      ...desiredPoolRules.Mutation,
      ...desiredQueueRules.Mutation,
    },
    Subscription: { ...pppSessionRules.Subscription, ...trafficRules.Subscription, ...pingRules.Subscription, ...routerInterfaceRules.Subscription, ...routerLogRules.Subscription, ...callbackRules.Subscription, ...routerImportRules.Subscription, ...planApplyRules.Subscription },
    Service: { ...accessRules.Service, ...sessionHistoryRules.Service },
    RouterImport: routerImportRules.RouterImport,
    Access: accessRules.Access,
    AccessDeparture: accessRules.AccessDeparture,
    PppSession: pppSessionRules.PppSession,
    PppSessionRecord: sessionHistoryRules.PppSessionRecord,
    Tenant: tenantRoutersRules.Tenant,
    PppActive: pppActiveRules.PppActive,
    PingResult: pingRules.PingResult,
    AddressPing: pingRules.AddressPing,
    PppoeCallback: callbackRules.PppoeCallback,
    RouterPlan: routerPlanRules.RouterPlan,
    PlanApply: planApplyRules.PlanApply,
    RouterDrift: routerDriftRules.RouterDrift,
    Alert: alertRules.Alert,
    DesiredIpPool: desiredPoolRules.DesiredIpPool,
    DesiredQueue: desiredQueueRules.DesiredQueue,
  },

  make(kit) {
    const { db, database, secretBox, clock, log } = kit;
    const metrics = makeFleetMetrics(kit.metrics);
    hearTenantLimits(kit);
    const owners = makeSessionOwners({ read: (tenantId, keys) => db.read(tenantId, (tx) => servicesOf(tx, keys)) });
    const observations = makeRouterIntake(kit);
    const announcements = makePppSessionIntake({ ...kit, owners });
    const upkeep = makeHistoryUpkeep(kit);
    const recorder = makeSessionRecorder({ ...kit, owners, upkeep });
    const fleet = makeRouterFleet({
      clock,
      log,
      metrics,
      async list(routerIds) {
        const routers = await db.system((tx) => specsOf(tx, routerIds));
        for (const { spec, seen } of routers) observations.known(spec.id, seen);
        return routers.map(({ spec }) => spec);
      },
      openPassword: (spec) => secretBox.open(spec.passwordSealed, passwordContext(spec.tenantId, spec.id)),
      leases: (handlers) => makeRouterLeases({ ...handlers, db, database, log, id: uuidv7() }),
      peers: (handlers) => makePeers({ ...handlers, tokens: kit.tokens, host: kit.config.host, log }),
      watch: (onRouter) => database.listen('network_routers', onRouter),
      onStatus: observations.observed,
      lastSessions: ({ id, tenantId }) => db.read(tenantId, (tx) => openOfRouter(tx, id)),
      onSession(spec, change, live) {
        const { id, tenantId } = spec;
        recorder.changed(spec, change, live);
        if (change.action === 'UP' || change.action === 'DOWN') announcements.changed({ action: change.action, tenantId, routerId: id, session: change.session });
      },
    });
    const routers = makeRouters({ ...kit, fleet });
    const sessions = makePppSessions({ ...kit, fleet, routers, owners, metrics });
    const enforcement = makeAccessEnforcement({ ...kit, fleet, owners, metrics });
    const imports = makeRouterImports({ ...kit, fleet, routers });
    const importWatch = makeImportWatch({ db, database, imports });
    const adoptions = makeAdoptions({ ...kit, fleet, owners, enforcement });
    const traffic = makeTrafficStreams({ db, fleet });
    const direct = makeDirectRouters({ fleet, routers });
    const keys = makeDirectKeys(kit);
    const callbacks = makeCallbacks({ ...kit, fleet, routers });
    const pings = makePings({ db, clock, fleet, direct });
    const interfaceTraffics = makeInterfaceTraffics({ fleet, direct, clock });
    const routerLogs = makeRouterLogs({ fleet, direct, clock });
    const observer = makeRouterObserver({ ...kit, fleet });
    const routerPlans = makeRouterPlans({ ...kit, routers, observer });
    const alerts = makeAlerts(kit);
    const drifts = makeRouterDrifts({ ...kit, routers, observer, alerts });
    const driftSchedule = makeDriftSchedule({ ...kit, fleet, drifts });
    const planWorker = makePlanWorker({ ...kit, fleet, metrics, process: uuidv7(), onEnded: driftSchedule.hurry });
    const planApplies = makePlanApplies({ ...kit, observer, poke: planWorker.poke });

    let forgetOwners: (() => Promise<void>) | undefined;

    return {
      resolvers: [
        new RouterResolver(routers),
        new TenantRoutersResolver(),
        new CredentialsResolver(makeCredentials({ ...kit, routers })),
        new AccessResolver(makeAccesses({ ...kit, owners }), enforcement, sessions),
        new AccessDepartureResolver(),
        new AccessLifeResolver(makeAccessLife({ ...kit, owners }), enforcement),
        new ServiceAccessResolver(),
        new PppSessionResolver(sessions),
        new TrafficResolver(),
        new PppSecretResolver(makeDirectRows({ menu: pppSecretMenu, direct, keys, clock, onNames: callbacks.names.note }), makePppInactives({ direct, clock })),
        new PppProfileResolver(makeDirectRows({ menu: pppProfileMenu, direct, keys, clock })),
        new IpPoolResolver(makeDirectRows({ menu: ipPoolMenu, direct, keys, clock })),
        new SimpleQueueResolver(makeDirectRows({ menu: simpleQueueMenu, direct, keys, clock })),
        new PppActiveResolver(makePppActives({ direct, clock })),
        new PingResolver(pings),
        new AddressPingResolver(pings),
        new RouterInterfaceResolver(makeDirectRows({ menu: routerInterfaceMenu, direct, keys, clock }), interfaceTraffics),
        new RouterResourceResolver(makeRouterResources({ direct, clock })),
        new RouterLogResolver(routerLogs),
        new CallbackResolver(callbacks),
        new SessionHistoryResolver(makeSessionHistory({ ...kit, routers })),
        new ServiceSessionHistoryResolver(),
        new RouterPlanResolver(routerPlans),
        new PlanItemResolver(),
        new RouterImportResolver(imports),
        new RouterImportItemResolver(imports, adoptions),
        new PlanApplyResolver(planApplies),
        new RouterPlanApplyResolver(),
        new RouterDriftResolver(drifts),
        new AlertResolver(alerts),
        new DesiredIpPoolResolver(makeDesiredRows({ ...kit, routers, menu: desiredPoolMenu }), makeRowAdoption({ ...kit, direct, menu: desiredPoolMenu })),
        new DesiredQueueResolver(makeDesiredRows({ ...kit, routers, menu: desiredQueueMenu }), makeRowAdoption({ ...kit, direct, menu: desiredQueueMenu })),
      ],
      loaders: (context) => networkLoaders({ db, sessions, traffic, pings, callbacks, interfaceTraffics, routerLogs, imports: importWatch, planApplies }, context),
      async start() {
        assertDialLibrary();
        await importWatch.start();
        forgetOwners = await database.listen('network_owners', owners.heard);
        await fleet.start();
        upkeep.start();
        planWorker.start();
        driftSchedule.start();
      },
      async stop() {
        pings.stop();
        callbacks.stop();
        await importWatch.stop();
        // While there are lines: the steps in hand are to end well.
        await planWorker.stop();
        await driftSchedule.stop();
        await fleet.stop();
        await forgetOwners?.();
        await upkeep.stop();
        await Promise.all([observations.drain(), announcements.drain(), recorder.drain()]);
      },
      // Routers that are away are shown, each in its status; they do not make the subgraph unwell.
      async health() {
        await database.ping();
        return fleet.owning;
      },
    };
  },
});
