import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isForeignKeyViolation, isUniqueViolation } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import { conflict, invalidField, notFound, type DomainError } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid, uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { deviceFailure, routerUnavailable } from '../errors.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { idempotencyKeys } from '../tables.ts';
import * as historyStore from '../session-history/session-history.store.ts';
import { SessionEndReason } from '../session-history/session-history.type.ts';
import { lockMaxRouters } from '../tenant-limit/tenant-limit.store.ts';
import { checkedRouterFields } from './router-address.ts';
import type { RouterFleet } from './router-fleet.ts';
import { statusOf, type LastSeen, type RouterStatusValue } from './router-status.ts';
import * as store from './router.store.ts';
import { ObservationSource, RouterTlsMode, type RegisterRouterInput, type UpdateRouterInput } from './router.type.ts';

export interface Router {
  id: string;
  tenantId: string;
  name: string;
  host: string;
  port: number;
  username: string;
  /** Opens with `passwordContext`. */
  passwordSealed: string;
  site: string | null;
  tls: { mode: RouterTlsMode; fingerprint: string | null };
  active: boolean;
  seen: LastSeen;
  createdAt: Date;
  updatedAt: Date;
}

export interface Routers {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<Router>;
  /**
   * The router that a request means: the named one, or the tenant's active one.
   * @throws NOT_FOUND; VALIDATION_ERROR naming `routerId` when none is named and none is active.
   */
  meant(principal: Principal, routerId: string | null | undefined): Promise<Router>;
  list(principal: Principal, query: store.RouterQuery): Promise<ConnectionValue<Router>>;
  /** Answers at once; the router is dialled behind it. @throws CONFLICT: `host` TAKEN, or `tenant` LIMIT_REACHED. */
  register(principal: Principal, input: RegisterRouterInput): Promise<Router>;
  update(principal: Principal, input: UpdateRouterInput): Promise<Router>;
  /** @throws CONFLICT while services use it. */
  remove(principal: Principal, id: string): Promise<string>;
  activate(principal: Principal, id: string): Promise<Router>;
  /** What the line knows; never asks the router. */
  status(router: Router): RouterStatusValue;
  /** Asks the router now. @throws UNAVAILABLE with the reason, at the latest after two seconds. */
  liveStatus(router: Router): Promise<RouterStatusValue>;
}

/** How long a live status may take. */
const LIVE_DEADLINE_MS = 2_000;

/** What the sealed password of a router is bound to. */
export const passwordContext = (tenantId: string, routerId: string) => `tenant:${tenantId}:router:${routerId}`;

export function makeRouters({ db, clock, secretBox, fleet }: Pick<SubgraphKit, 'db' | 'clock' | 'secretBox'> & { fleet: RouterFleet }): Routers {
  const status = (router: Router) => statusOf(fleet.link(router.id)?.connection.status(), router.seen);

  return {
    async get(principal, id) {
      const [router] = isUuid(id) ? await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id])) : [];
      return router ?? unknownRouter(id);
    },

    async meant(principal, routerId) {
      if (routerId != null) return this.get(principal, routerId);
      const router = await db.read(tenantOf(principal), (tx) => store.active(tx));
      if (!router) throw invalidField('routerId', 'REQUIRED', 'Name a routerId: this tenant has no active router (see activateRouter).');
      return router;
    },

    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async register(principal, { idempotencyKey, ...input }) {
      const tenantId = tenantOf(principal);
      const { name, host, port, username, password, site, tls } = checkedRouterFields({ ...input, tls: input.tls ?? { mode: RouterTlsMode.OFF } });
      const now = clock.now();
      const id = uuidv7();
      const made: Router = {
        id,
        tenantId,
        name: name!,
        host: host!,
        port: port!,
        username: username!,
        passwordSealed: secretBox.seal(password!, passwordContext(tenantId, id)),
        site: site ?? null,
        tls: { mode: tls!.mode as RouterTlsMode, fingerprint: tls!.fingerprint },
        active: false,
        seen: { reachable: null, reason: null, reasonCode: null, version: null, identity: null, at: null },
        createdAt: now,
        updatedAt: now,
      };
      // The key remembers a hash of the input; of the password it gets a keyed one.
      const remembered = { ...input, password: secretBox.fingerprint(password!, `tenant:${tenantId}:registerRouter`) };
      const write = () =>
        db.write(tenantId, (tx) =>
          once(
            tx,
            idempotencyKeys,
            { tenantId, operation: 'registerRouter', key: idempotencyKey, input: remembered, now },
            async () => {
              const maxRouters = await lockMaxRouters(tx);
              if (maxRouters !== null && (await store.count(tx)) >= maxRouters) throw limitReached(maxRouters);
              const router = { ...made, active: (await store.active(tx)) === undefined };
              await store.insert(tx, router);
              return router;
            },
            async (earlier) => (await store.byIds(tx, [earlier]))[0] ?? unknownRouter(earlier),
          ),
        );
      try {
        // Two first routers at once both want to be the active one: the second sees the first when it tries again.
        const router = await write().catch((error: unknown) => {
          if (isUniqueViolation(error, 'routers_active_key')) return write();
          throw error;
        });
        await fleet.put(store.specOf(router));
        return router;
      } catch (error) {
        throw isUniqueViolation(error, 'routers_address_key') ? addressTaken(made) : error;
      }
    },

    async update(principal, { id, ...input }) {
      const tenantId = tenantOf(principal);
      if (!isUuid(id)) unknownRouter(id);
      const changes = checkedRouterFields({
        name: input.name ?? undefined,
        host: input.host ?? undefined,
        port: input.port ?? undefined,
        username: input.username ?? undefined,
        password: input.password ?? undefined,
        site: input.site ?? undefined,
        tls: input.tls ?? undefined,
      });
      const wanted = { host: changes.host ?? '', port: changes.port ?? 0 };
      try {
        const router = await db.write(tenantId, async (tx) => {
          const before = (await store.lock(tx, id)) ?? unknownRouter(id);
          const after: Router = {
            ...before,
            name: changes.name ?? before.name,
            host: changes.host ?? before.host,
            port: changes.port ?? before.port,
            username: changes.username ?? before.username,
            passwordSealed: changes.password === undefined ? before.passwordSealed : secretBox.seal(changes.password, passwordContext(tenantId, before.id)),
            site: changes.site === undefined ? before.site : changes.site,
            tls: changes.tls ? { mode: changes.tls.mode as RouterTlsMode, fingerprint: changes.tls.fingerprint } : before.tls,
            updatedAt: clock.now(),
          };
          Object.assign(wanted, { host: after.host, port: after.port });
          await store.update(tx, after);
          return after;
        });
        await fleet.put(store.specOf(router));
        return router;
      } catch (error) {
        throw isUniqueViolation(error, 'routers_address_key') ? addressTaken(wanted) : error;
      }
    },

    async remove(principal, id) {
      const tenantId = tenantOf(principal);
      if (!isUuid(id)) unknownRouter(id);
      const inUse = (services: string): DomainError => {
        const message = `The router is used by ${services}: move or end them first.`;
        return conflict(message, [{ field: 'id', code: 'IN_USE', message }]);
      };
      try {
        const removed = await db.write(tenantId, async (tx) => {
          const router = (await store.lock(tx, id)) ?? unknownRouter(id);
          const services = await store.servicesUsing(tx, router.id);
          if (services > 0) throw inUse(services === 1 ? '1 service' : `${services} services`);
          await store.remove(tx, router.id);
          await historyStore.closeAll(tx, router.id, clock.now(), SessionEndReason.ROUTER_REMOVED);
          return router.id;
        });
        fleet.remove(removed);
        return removed;
      } catch (error) {
        // A service that came between the count and the removal.
        throw isForeignKeyViolation(error) ? inUse('a service') : error;
      }
    },

    async activate(principal, id) {
      if (!isUuid(id)) unknownRouter(id);
      const write = () =>
        db.write(tenantOf(principal), async (tx) => {
          const router = (await store.lock(tx, id)) ?? unknownRouter(id);
          await store.activate(tx, router.id, clock.now());
          return { ...router, active: true };
        });
      return write().catch((error: unknown) => {
        if (isUniqueViolation(error, 'routers_active_key')) return write();
        throw error;
      });
    },

    status,

    async liveStatus(router) {
      const line = fleet.link(router.id)?.connection;
      if (!line) throw routerUnavailable({ code: 'NETWORK_ROUTER_UNREACHABLE', message: 'Nobody looks after this router at the moment.' });
      // Somebody asks: do not wait for the end of the back-off. A refused login is not hurried, routers ban for that.
      if (line.status().state === 'backing-off') line.retryNow();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new RouterOsError('TIMEOUT', `${line.where}: no answer within ${LIVE_DEADLINE_MS / 1_000} s`)), LIVE_DEADLINE_MS);
      });
      try {
        // A little less, so that the line's own reason comes before ours.
        const refreshed = await Promise.race([line.refresh(LIVE_DEADLINE_MS - 200), late]);
        return { ...statusOf(refreshed, router.seen), source: ObservationSource.READ };
      } catch (error) {
        if (error instanceof RouterOsError) throw routerUnavailable(deviceFailure(error), 'status');
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function limitReached(maxRouters: number): DomainError {
  const message = `This tenant may have ${maxRouters === 1 ? '1 router' : `${maxRouters} routers`}, and has them.`;
  return conflict(message, [{ field: 'tenant', code: 'LIMIT_REACHED', message }]);
}

function addressTaken({ host, port }: Pick<Router, 'host' | 'port'>): DomainError {
  const message = `There is a router at ${host}:${port} already.`;
  return conflict(message, [{ field: 'host', code: 'TAKEN', message }]);
}

export function unknownRouter(id: string): never {
  throw notFound('router', id);
}
