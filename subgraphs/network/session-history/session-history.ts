import { isIP } from 'node:net';
import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { invalidField } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { Routers } from '../router/router.ts';
import type { SessionEndReason } from './session-history.type.ts';
import * as store from './session-history.store.ts';

/** A PPP session, live or past. */
export interface SessionRecord {
  id: string;
  routerId: string;
  serviceId: string | null;
  name: string;
  address: string | null;
  callerId: string | null;
  protocol: string | null;
  sessionId: string | null;
  routerosId: string;
  startedAt: Date;
  endedAt: Date | null;
  endReason: SessionEndReason | null;
  observedAt: Date;
  source: 'LISTEN' | 'RECONCILE';
}

/** Who held which address when. Asks the database, never a router. */
export interface SessionHistory {
  /**
   * The sessions that held an address at an instant (default: now), the newest first.
   * @throws VALIDATION_ERROR naming `address`; NOT_FOUND for the router.
   */
  at(principal: Principal, query: { address: string; at: Date | null; routerId: string | null }): Promise<SessionRecord[]>;
  /** The newest first. @throws VALIDATION_ERROR naming `address` or `after` */
  list(principal: Principal, query: store.HistoryQuery): Promise<ConnectionValue<SessionRecord>>;
}

export function makeSessionHistory({ db, clock, routers }: Pick<SubgraphKit, 'db' | 'clock'> & { routers: Pick<Routers, 'get'> }): SessionHistory {
  return {
    async at(principal, { address, at, routerId }) {
      const router = routerId === null ? null : (await routers.get(principal, routerId)).id;
      checkAddress(address);
      return db.read(tenantOf(principal), (tx) => store.at(tx, address, at ?? clock.now(), router));
    },

    async list(principal, query) {
      if (query.filter?.address != null) checkAddress(query.filter.address);
      return store.list(db, tenantOf(principal), query);
    },
  };
}

function checkAddress(address: string): void {
  // A zone (`fe80::1%eth0`) is an address to Node and none to PostgreSQL.
  if (isIP(address) === 0 || address.includes('%')) throw invalidField('address', 'INVALID_FORMAT', 'address must be an IP address.');
}
