import type { Principal } from '#kernel/access/principal.ts';
import { routerUnavailable } from '../errors.ts';
import type { RouterPort } from '../routeros/ensure-row.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { RouterSession } from '../routeros/session.ts';
import type { RouterFleet, RouterLink } from '../router/router-fleet.ts';
import type { Router, Routers } from '../router/router.ts';
import { directError } from './direct-errors.ts';
import type { DirectProperty } from './direct-menu.ts';

/** Commands that a client has asked for directly: within five seconds, or not at all. */
export interface DirectRouters {
  /** @throws NOT_FOUND; VALIDATION_ERROR naming `routerId`. */
  meant(principal: Principal, routerId: string | null | undefined): Promise<Router>;
  /** @throws UNAVAILABLE when this process has no line to the router. */
  link(router: Pick<Router, 'id'>): RouterLink;
  /** Reads, beside all other work. @throws UNAVAILABLE; VALIDATION_ERROR for what the router refuses, naming `field`. */
  read<T>(router: Pick<Router, 'id'>, action: (port: RouterPort) => Promise<T>, field?: string): Promise<T>;
  /** Writes, after other work on the same key. @throws UNAVAILABLE; CONFLICT; VALIDATION_ERROR naming the property's field. */
  write<T>(router: Router, work: { key: string | readonly string[]; properties?: readonly DirectProperty[]; field?: string }, action: (port: RouterPort) => Promise<T>): Promise<T>;
}

/** From the call to the answer. */
const DEADLINE_MS = 5_000;
/** How much of it a read waits for a line that is down. */
const LINE_WAIT_MS = 2_000;

export function makeDirectRouters({ fleet, routers }: { fleet: RouterFleet; routers: Pick<Routers, 'meant'> }): DirectRouters {
  const link = (router: Pick<Router, 'id'>): RouterLink => {
    const found = fleet.link(router.id);
    if (!found) throw routerUnavailable({ code: 'NETWORK_ROUTER_UNREACHABLE', message: 'Nobody looks after this router at the moment.' });
    return found;
  };

  return {
    meant: (principal, routerId) => routers.meant(principal, routerId),

    link,

    async read(router, action, field) {
      const endsAt = performance.now() + DEADLINE_MS;
      try {
        const { connection } = link(router);
        const doing = connection.session(LINE_WAIT_MS).then((session) => action(within(session, endsAt)));
        return await before(endsAt, doing, () => new RouterOsError('TIMEOUT', `${connection.where}: no answer within ${DEADLINE_MS / 1_000} s`));
      } catch (error) {
        throw error instanceof RouterOsError ? directError(error, [], field) : error;
      }
    },

    async write(router, { key, properties, field }, action) {
      const endsAt = performance.now() + DEADLINE_MS;
      link(router);
      try {
        return await fleet.work(router.id, { key, deadlineMs: DEADLINE_MS }, ({ session }) => action(within(session, endsAt)));
      } catch (error) {
        throw error instanceof RouterOsError ? directError(error, properties, field) : error;
      }
    },
  };
}

/** What comes of `doing`, or the error when it takes longer. */
function before<T>(endsAt: number, doing: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), endsAt - performance.now());
    doing.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

/** A session whose commands all end by the same moment. */
function within(session: RouterSession, endsAt: number): RouterPort {
  const limited = <O extends object>(options: O | undefined) => ({ ...options, timeoutMs: Math.max(1, endsAt - performance.now()) }) as O & { timeoutMs: number };
  return {
    command: (path, attributes, options) => session.command(path, attributes, limited(options)),
    print: (menu, options) => session.print(menu, limited(options)),
    count: (menu, options) => session.count(menu, limited(options)),
  };
}
