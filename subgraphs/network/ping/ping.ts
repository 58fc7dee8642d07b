import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { invalidField, notFound } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { Access } from '../access/access.ts';
import * as accessStore from '../access/access.store.ts';
import type { DirectRouters } from '../direct/direct-router.ts';
import { deviceFailure, routerUnavailable } from '../errors.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { RouterSession } from '../routeros/session.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import { toReply, totalsOf, type PingReply, type PingTotals } from './ping-replies.ts';
import { makePinger, type Pinger } from './pinger.ts';

export interface PingResult extends PingTotals {
  /** Whether there is a live session to ping. */
  online: boolean;
  address: string | null;
  replies: PingReply[];
  routerId: string;
  observedAt: Date;
}

export interface Pings {
  /**
   * Pings a subscriber from his router: `count` echoes, one a second.
   * @throws NOT_FOUND; VALIDATION_ERROR naming `count`; UNAVAILABLE with the router's reason.
   */
  once(principal: Principal, serviceId: string, count: number): Promise<PingResult>;
  /** One reply a second, also while he or his router is away. @throws NOT_FOUND */
  open(principal: Principal, serviceId: string): Promise<AsyncIterableIterator<PingReply, void, void>>;
  stop(): void;
}

/** Pings at once on one router. Each goes on for seconds, outside of the session's window. */
const AT_ONCE = 50;
/** How long the last echo may take, and the router to say so. */
const GRACE_MS = 2_000;

export function makePings({ db, fleet, direct, clock }: Pick<SubgraphKit, 'db' | 'clock'> & { fleet: RouterFleet; direct: DirectRouters }): Pings {
  const pingers = new Map<string, Pinger>();
  const running = new Map<string, number>();

  const accessOf = async (principal: Principal, serviceId: string): Promise<Access> => {
    const [access] = isUuid(serviceId) ? await db.read(tenantOf(principal), (tx) => accessStore.byServices(tx, [serviceId])) : [];
    return access ?? noAccess(serviceId);
  };

  const echoes = async (session: RouterSession, address: string, count: number): Promise<PingReply[]> => {
    const replies: PingReply[] = [];
    const stream = session.stream('/tool/ping', { address, count }, {
      onRow(row) {
        const reply = toReply(row, replies.length, clock.now());
        if (reply) replies.push(reply);
      },
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<RouterOsError>((resolve) => {
      timer = setTimeout(() => resolve(new RouterOsError('TIMEOUT', `the router did not answer within ${count + GRACE_MS / 1_000} s`)), count * 1_000 + GRACE_MS);
    });
    const error = await Promise.race([stream.ended, late]);
    clearTimeout(timer);
    void stream.cancel();
    // Cut short, the replies that came are still an answer.
    if (error && replies.length === 0) throw routerUnavailable(deviceFailure(error));
    return replies;
  };

  return {
    async once(principal, serviceId, count) {
      if (count < 1 || count > 10) throw invalidField('count', 'OUT_OF_RANGE', 'count must be from 1 to 10.');
      const { routerId, username } = await accessOf(principal, serviceId);
      const { connection, live } = direct.link({ id: routerId });
      // The first reading of a line that has just come up is under way, or fails here with its reason.
      await direct.read({ id: routerId }, async () => (live.synced && connection.current() ? undefined : live.resync()));
      const session = connection.current();
      const seen = live.byName(username);
      if (!session) throw routerUnavailable({ code: 'NETWORK_ROUTER_UNREACHABLE', message: connection.status().reason ?? `${connection.where}: not connected` });
      if (!seen?.address) return { online: false, address: null, ...totalsOf([]), replies: [], routerId, observedAt: clock.now() };
      const now = running.get(routerId) ?? 0;
      if (now >= AT_ONCE) throw routerUnavailable({ code: 'NETWORK_ROUTER_BUSY', message: `${AT_ONCE} pings run on this router already.` });
      running.set(routerId, now + 1);
      try {
        const replies = await echoes(session, seen.address, count);
        return { online: true, address: seen.address, ...totalsOf(replies), replies, routerId, observedAt: clock.now() };
      } finally {
        const left = running.get(routerId)! - 1;
        if (left === 0) running.delete(routerId);
        else running.set(routerId, left);
      }
    },

    async open(principal, serviceId) {
      const { routerId, username } = await accessOf(principal, serviceId);
      const key = `${routerId} ${username}`;
      let pinger = pingers.get(key);
      if (!pinger) {
        pinger = makePinger({ link: () => fleet.link(routerId), username, clock, onIdle: () => pingers.delete(key) });
        pingers.set(key, pinger);
      }
      return pinger.subscribe();
    },

    stop() {
      for (const pinger of pingers.values()) pinger.stop();
    },
  };
}

function noAccess(serviceId: string): never {
  throw notFound('access of a service', serviceId);
}
