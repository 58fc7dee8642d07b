import { isIP } from 'node:net';
import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { invalidField, notFound } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { Access } from '../access/access.ts';
import * as accessStore from '../access/access.store.ts';
import type { DirectRouters } from '../direct/direct-router.ts';
import { directError } from '../direct/direct-errors.ts';
import { deviceFailure, routerUnavailable } from '../errors.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { RouterSession } from '../routeros/session.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import { toReply, totalsOf, type PingReply, type PingTotals } from './ping-replies.ts';
import { makePinger, subscriberTarget, type Pinger, type PingerOptions } from './pinger.ts';

export interface PingResult extends PingTotals {
  /** Whether there is a live session to ping. */
  online: boolean;
  address: string | null;
  replies: PingReply[];
  routerId: string;
  observedAt: Date;
}

export interface AddressPing extends PingTotals {
  address: string;
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
  /**
   * Pings an address from a router: `count` echoes, one a second.
   * @throws NOT_FOUND; VALIDATION_ERROR naming `address` or `count`; UNAVAILABLE with the router's reason.
   */
  address(principal: Principal, input: { address: string; count: number; routerId?: string | null }): Promise<AddressPing>;
  /** One reply a second, also while the router is away. @throws NOT_FOUND; VALIDATION_ERROR naming `address` */
  openAddress(principal: Principal, address: string, routerId: string | null | undefined): Promise<AsyncIterableIterator<PingReply, void, void>>;
  stop(): void;
}

/** Pings at once on one router. Each goes on for seconds, outside of the session's window. */
const AT_ONCE = 50;
/** How long the last echo may take, and the router to say so. */
const GRACE_MS = 2_000;
/** How long a ping waits for a line that is down. */
const LINE_WAIT_MS = 2_000;

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
    if (error && replies.length === 0) throw error;
    return replies;
  };

  /** @throws UNAVAILABLE when enough of them run; RouterOsError */
  const within = async <T>(routerId: string, work: () => Promise<T>): Promise<T> => {
    const now = running.get(routerId) ?? 0;
    if (now >= AT_ONCE) throw routerUnavailable({ code: 'NETWORK_ROUTER_BUSY', message: `${AT_ONCE} pings run on this router already.` });
    running.set(routerId, now + 1);
    try {
      return await work();
    } finally {
      const left = running.get(routerId)! - 1;
      if (left === 0) running.delete(routerId);
      else running.set(routerId, left);
    }
  };

  /** One upstream for all who watch the same. */
  const pingerOf = (key: string, routerId: string, target: PingerOptions['target']): Pinger => {
    let pinger = pingers.get(key);
    if (!pinger) {
      pinger = makePinger({ link: () => fleet.link(routerId), target, clock, onIdle: () => pingers.delete(key) });
      pingers.set(key, pinger);
    }
    return pinger;
  };

  return {
    async once(principal, serviceId, count) {
      checkCount(count);
      const { routerId, username } = await accessOf(principal, serviceId);
      const { connection, live } = direct.link({ id: routerId });
      // The first reading of a line that has just come up is under way, or fails here with its reason.
      await direct.read({ id: routerId }, async () => (live.synced && connection.current() ? undefined : live.resync()));
      const session = connection.current();
      const seen = live.byName(username);
      if (!session) throw routerUnavailable({ code: 'NETWORK_ROUTER_UNREACHABLE', message: connection.status().reason ?? `${connection.where}: not connected` });
      if (!seen?.address) return { online: false, address: null, ...totalsOf([]), replies: [], routerId, observedAt: clock.now() };
      const address = seen.address;
      const replies = await within(routerId, () => echoes(session, address, count)).catch((error: unknown) => {
        throw error instanceof RouterOsError ? routerUnavailable(deviceFailure(error)) : error;
      });
      return { online: true, address, ...totalsOf(replies), replies, routerId, observedAt: clock.now() };
    },

    async open(principal, serviceId) {
      const { routerId, username } = await accessOf(principal, serviceId);
      return pingerOf(`${routerId} user ${username}`, routerId, subscriberTarget(username)).subscribe();
    },

    async address(principal, { address, count, routerId }) {
      checkCount(count);
      checkAddress(address);
      const router = await direct.meant(principal, routerId);
      const replies = await within(router.id, async () => echoes(await direct.link(router).connection.session(LINE_WAIT_MS), address, count)).catch((error: unknown) => {
        throw error instanceof RouterOsError ? directError(error, [], 'address') : error;
      });
      return { address, ...totalsOf(replies), replies, routerId: router.id, observedAt: clock.now() };
    },

    async openAddress(principal, address, routerId) {
      checkAddress(address);
      const router = await direct.meant(principal, routerId);
      return pingerOf(`${router.id} address ${address}`, router.id, () => address).subscribe();
    },

    stop() {
      for (const pinger of pingers.values()) pinger.stop();
    },
  };
}

function noAccess(serviceId: string): never {
  throw notFound('access of a service', serviceId);
}

function checkCount(count: number): void {
  if (count < 1 || count > 10) throw invalidField('count', 'OUT_OF_RANGE', 'count must be from 1 to 10.');
}

/** An IP address, or a name that the router resolves. */
function checkAddress(address: string): void {
  if (isIP(address) === 0 && !/^(?=.{1,253}$)(?!\d+(\.\d+)*$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(address)) {
    throw invalidField('address', 'INVALID_FORMAT', 'address must be an IP address or a host name.');
  }
}
