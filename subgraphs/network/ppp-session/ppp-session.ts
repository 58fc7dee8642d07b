import { createHash } from 'node:crypto';
import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { invalidField, notFound } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { shareEvent } from '#kernel/subgraph/shared-events.ts';
import * as accessStore from '../access/access.store.ts';
import { deviceFailure, routerUnavailable } from '../errors.ts';
import type { FleetMetrics } from '../router/fleet-metrics.ts';
import type { DeviceTools, RouterFleet, RouterLink } from '../router/router-fleet.ts';
import type { Router, Routers } from '../router/router.ts';
import * as routerStore from '../router/router.store.ts';
import { ObservationSource } from '../router/router.type.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { LiveChange, LiveSession } from '../routeros/live-sessions.ts';
import type { PppActiveRow } from '../routeros/ppp.ts';
import { expand, followLink } from '../streams.ts';
import { disconnectRequested } from './ppp-session.events.ts';
import { PppSessionAction, type DisconnectSessionInput } from './ppp-session.type.ts';
import type { SessionOwners } from './session-owners.ts';

/** A PPP session as the graph shows it. */
export interface PppSession {
  id: string;
  tenantId: string;
  routerId: string;
  name: string;
  address: string | null;
  callerId: string | null;
  /** Seconds. */
  uptime: number;
  startedAt: Date;
  observedAt: Date;
  source: ObservationSource;
  stale: boolean;
  /** Its router, read once for all sessions of a snapshot; absent where the request's loader does as well. */
  loadRouter?: () => Promise<Router | null>;
}

export interface PppSessionChange {
  action: PppSessionAction;
  session: PppSession;
  remaining: number | null;
  version: number;
  at: Date;
  source: ObservationSource;
}

export interface PppSessions {
  /** The newest session of a PPP user, from memory. */
  current(of: { routerId: string; username: string }): PppSession | null;
  /**
   * The live sessions of a router: all of them, then every change.
   * @throws NOT_FOUND for the router; VALIDATION_ERROR naming `routerId` when none is named and none is active.
   */
  open(principal: Principal, routerId: string | null | undefined): Promise<AsyncIterableIterator<PppSessionChange, void, void>>;
  /** Which service it belongs to; null when its secret is not ours. */
  serviceOf(session: PppSession): Promise<string | null>;
  /**
   * Cuts a session and proves by a read-back that it is gone. Who asked is on record before the router is told.
   * @throws NOT_FOUND; VALIDATION_ERROR; UNAVAILABLE with the router's reason.
   */
  disconnect(principal: Principal, input: DisconnectSessionInput): Promise<{ disconnected: boolean; session: PppSession | null }>;
}

export interface PppSessionsOptions extends Pick<SubgraphKit, 'db' | 'bus' | 'clock'> {
  fleet: RouterFleet;
  routers: Routers;
  owners: SessionOwners;
  metrics: FleetMetrics;
}

const DISCONNECT_DEADLINE_MS = 8_000;
/** The router ends a session a moment after it has confirmed that it will. */
const READ_BACKS = 20;
const READ_BACK_EVERY_MS = 100;
/** How old what one subscriber is shown of a snapshot may be when it is shown to another. */
const SNAPSHOT_SHARED_MS = 100;

/** Says which session it is across processes and reconnections to the router: its row's `.id` does not. */
function sessionIdOf(routerId: string, { name, sessionId, callerId }: Pick<LiveSession, 'name' | 'sessionId' | 'callerId'>): string {
  const mark = createHash('sha256').update([name, sessionId, callerId].join('\0')).digest('hex').slice(0, 16);
  return `${routerId}:${mark}`;
}

export function makePppSessions({ db, bus, clock, fleet, routers, owners, metrics }: PppSessionsOptions): PppSessions {
  const toSession = ({ spec }: RouterLink, live: LiveSession, over = false): PppSession => {
    const stale = live.staleSince !== null;
    const until = stale || over ? live.observedAt : clock.now();
    return {
      id: sessionIdOf(spec.id, live),
      tenantId: spec.tenantId,
      routerId: spec.id,
      name: live.name,
      address: live.address,
      callerId: live.callerId,
      uptime: Math.max(0, Math.floor((until.getTime() - live.startedAt.getTime()) / 1_000)),
      startedAt: live.startedAt,
      observedAt: live.observedAt,
      source: ObservationSource[live.source],
      stale,
    };
  };

  const snapshot = (link: RouterLink, version: number, at: Date, sessions: readonly LiveSession[]): PppSessionChange[] => {
    // Asked for now, so that the services of thousands are read by a few statements instead of one each.
    for (const { name } of sessions) owners.load({ tenantId: link.spec.tenantId, routerId: link.spec.id, name }).catch(() => undefined);
    let router: Promise<Router | null> | undefined;
    const loadRouter = () => {
      const reading = (router ??= db.read(link.spec.tenantId, async (tx) => (await routerStore.byIds(tx, [link.spec.id]))[0] ?? null));
      // A failure is not an answer: the next event asks again.
      reading.catch(() => (router = undefined));
      return reading;
    };
    return sessions.map((live, index) => {
      const session = { ...toSession(link, live), loadRouter };
      return { action: PppSessionAction.SNAPSHOT, session, remaining: sessions.length - 1 - index, version, at, source: session.source };
    });
  };

  /**
   * One session's change is the same for all subscribers of its router, however many: it is made, and answered, once. So is a
   * snapshot, for a moment, because they come by the thousand when a gateway was restarted; whoever reads it later (he is new, or
   * slow) must see the rows as they are then, for what happened before is not told him again.
   */
  const made = new WeakMap<LiveChange, readonly PppSessionChange[]>();
  const snapshots = new WeakMap<RouterLink, { of: LiveChange; until: number; rows: readonly PppSessionChange[] }>();
  const toSharedChanges = (link: RouterLink, change: LiveChange): readonly PppSessionChange[] => {
    if (!('session' in change)) {
      const latest = snapshots.get(link);
      if (latest && latest.of.action === change.action && latest.of.version === change.version && performance.now() < latest.until) return latest.rows;
      const until = performance.now() + SNAPSHOT_SHARED_MS;
      const rows = toChanges(link, change).map((row) => shareEvent(row, until));
      snapshots.set(link, { of: change, until, rows });
      return rows;
    }
    const known = made.get(change);
    if (known) return known;
    const changes = toChanges(link, change).map((row) => shareEvent(row));
    made.set(change, changes);
    return changes;
  };

  const toChanges = (link: RouterLink, change: LiveChange): PppSessionChange[] => {
    switch (change.action) {
      case 'SNAPSHOT':
        return snapshot(link, change.version, change.at, change.sessions);
      case 'STALE':
      case 'LIVE':
        // Each row's `stale` has changed: they are all shown anew.
        return snapshot(link, change.version, change.at, link.live.sessions());
      case 'UP':
      case 'CHANGE':
      case 'DOWN': {
        const over = change.action === 'DOWN';
        const action = over ? PppSessionAction.DOWN : PppSessionAction.UP;
        return [{ action, session: toSession(link, change.session, over), remaining: null, version: change.version, at: change.at, source: ObservationSource[change.source] }];
      }
    }
  };

  /** What the input means: the router, and which of its active rows. */
  const meant = async (principal: Principal, { serviceId, sessionId }: DisconnectSessionInput): Promise<{ routerId: string; name: string; isIt: (row: PppActiveRow) => boolean }> => {
    if ((serviceId == null) === (sessionId == null)) throw invalidField('serviceId', 'REQUIRED', 'Give either serviceId or sessionId.');
    if (serviceId != null) {
      const [access] = isUuid(serviceId) ? await db.read(tenantOf(principal), (tx) => accessStore.byServices(tx, [serviceId])) : [];
      if (!access) throw notFound('access of a service', serviceId);
      return { routerId: access.routerId, name: access.username, isIt: (row) => row.name === access.username };
    }
    const routerId = sessionId!.slice(0, sessionId!.lastIndexOf(':'));
    const link = isUuid(routerId) ? fleet.link(routerId) : undefined;
    const live = link?.spec.tenantId === tenantOf(principal) ? link.live.sessions().find((one) => sessionIdOf(routerId, one) === sessionId) : undefined;
    if (!live) throw notFound('session', sessionId!);
    return { routerId, name: live.name, isIt: (row) => sessionIdOf(routerId, row) === sessionId };
  };

  const cut = async ({ ppp }: DeviceTools, name: string, isIt: (row: PppActiveRow) => boolean): Promise<PppActiveRow | undefined> => {
    const rows = (await ppp.listActive(name)).filter(isIt);
    if (rows.length === 0) return undefined;
    for (const row of rows) await ppp.removeActive({ id: row.id });
    for (let attempt = 1; ; attempt += 1) {
      const left = await ppp.listActive(name);
      if (!rows.some((row) => left.some((one) => one.id === row.id && one.sessionId === row.sessionId))) return rows[0];
      if (attempt === READ_BACKS) throw new RouterOsError('MISMATCH', `the session of "${name}" is still there after its removal`);
      await new Promise((resolve) => setTimeout(resolve, READ_BACK_EVERY_MS));
    }
  };

  return {
    current({ routerId, username }) {
      const link = fleet.link(routerId);
      const live = link?.live.byName(username);
      return link && live ? toSession(link, live) : null;
    },

    async open(principal, routerId) {
      const router = await routers.meant(principal, routerId);
      return followLink(fleet, router.id, (link) => expand(link.live.subscribe(), (change) => toSharedChanges(link, change)));
    },

    serviceOf: (session) => owners.load(session),

    async disconnect(principal, input) {
      const { routerId, name, isIt } = await meant(principal, input);
      const of = { tenantId: tenantOf(principal), routerId, name };
      const serviceId = input.serviceId ?? (await owners.load(of));
      await db.write(of.tenantId, (tx) => bus.publish(tx, [disconnectRequested(of, serviceId, principal)]));
      try {
        const row = await fleet.work(routerId, { key: `session:${name}`, deadlineMs: DISCONNECT_DEADLINE_MS }, (tools) => cut(tools, name, isIt));
        metrics.applied('disconnect', row ? 'DONE' : 'NONE');
        const link = fleet.link(routerId);
        if (!row || !link) return { disconnected: row !== undefined, session: null };
        const now = clock.now();
        const live: LiveSession = { ...row, routerosId: row.id, startedAt: new Date(now.getTime() - row.uptimeSeconds * 1_000), observedAt: now, source: 'LISTEN', staleSince: null };
        return { disconnected: true, session: { ...toSession(link, live, true), source: ObservationSource.READ } };
      } catch (error) {
        metrics.applied('disconnect', 'FAILED');
        if (error instanceof RouterOsError) throw routerUnavailable(deviceFailure(error));
        throw error;
      }
    },
  };
}
