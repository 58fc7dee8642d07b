import type { Principal } from '#kernel/access/principal.ts';
import type { Clock } from '#kernel/clock.ts';
import { notFound } from '#kernel/errors.ts';
import { checkQuery, pick, type DirectList, type DirectQuery } from '../direct/direct-list.ts';
import { isRouterOsId } from '../direct/direct-menu.ts';
import type { DirectRouters } from '../direct/direct-router.ts';
import { routerUnavailable } from '../errors.ts';
import { formatDuration } from '../routeros/normalise.ts';
import type { LiveSession } from '../routeros/live-sessions.ts';
import type { RouterLink } from '../router/router-fleet.ts';
import type { Router } from '../router/router.ts';

/** A row of `/ppp/active` as the live view of its router has it. */
export interface PppActiveRow {
  id: string;
  name: string;
  service: string;
  callerId: string | null;
  address: string | null;
  /** `1w2d3h4m5s` */
  uptime: string;
  uptimeSeconds: number;
  encoding: string | null;
  interface: string | null;
  localAddress: string | null;
  observedAt: Date;
  stale: boolean;
  router: Router;
}

/** The live sessions of a router as rows. They come from the view that is kept by listening, not from a read. */
export interface PppActives {
  /** While the router is away: what was last seen, as stale. @throws UNAVAILABLE when nothing has ever been seen. */
  list(principal: Principal, query: DirectQuery): Promise<DirectList<PppActiveRow>>;
  /** @throws NOT_FOUND; UNAVAILABLE */
  get(principal: Principal, id: string, routerId: string | null | undefined): Promise<PppActiveRow>;
}

export function makePppActives({ direct, clock }: { direct: DirectRouters; clock: Clock }): PppActives {
  /** The link, with a view that is filled. */
  const viewOf = async (router: Router): Promise<RouterLink> => {
    const link = direct.link(router);
    // Just registered, or this process has just begun: the first reading is under way or fails here with its reason.
    if (!link.live.synced) await direct.read(router, () => link.live.resync());
    if (!link.live.synced) throw routerUnavailable({ code: 'NETWORK_ROUTER_TIMEOUT', message: 'The live sessions of this router could not be read yet.' });
    return link;
  };

  const toRow = (live: LiveSession, router: Router, now: Date): PppActiveRow => {
    const stale = live.staleSince !== null;
    const uptimeSeconds = Math.max(0, Math.floor(((stale ? live.observedAt : now).getTime() - live.startedAt.getTime()) / 1_000));
    return {
      id: live.routerosId,
      name: live.name,
      service: live.service ?? '',
      callerId: live.callerId,
      address: live.address,
      uptime: formatDuration(uptimeSeconds),
      uptimeSeconds,
      // The view does not keep these two: they say nothing that changes, and thousands of rows are held.
      encoding: null,
      localAddress: null,
      interface: live.service === 'pppoe' ? `<pppoe-${live.name}>` : null,
      observedAt: live.observedAt,
      stale,
      router,
    };
  };

  return {
    async list(principal, query) {
      checkQuery(query);
      const router = await direct.meant(principal, query.routerId);
      const { live } = await viewOf(router);
      const now = clock.now();
      const { nodes, ...rest } = pick(
        live.sessions().map((session) => ({ id: session.routerosId, name: session.name, session })),
        query,
        live.staleSince() ?? now,
        ({ name, session }) => [name, session.address, session.callerId],
      );
      return { ...rest, nodes: nodes.map(({ session }) => toRow(session, router, now)) };
    },

    async get(principal, id, routerId) {
      const router = await direct.meant(principal, routerId);
      const session = isRouterOsId(id) ? (await viewOf(router)).live.sessions().find((one) => one.routerosId === id) : undefined;
      if (!session) throw notFound('PPP session', id);
      return toRow(session, router, clock.now());
    },
  };
}
