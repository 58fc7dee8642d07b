import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Tx } from '#kernel/db/database.ts';
import type { ListQuery } from '#kernel/db/list.ts';
import { notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid, uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { alertCleared, alertRaised } from './alert.events.ts';
import * as store from './alert.store.ts';
import type { AlertFilter, AlertKind, AlertOrderField } from './alert.type.ts';

export interface AlertDetails {
  message: string;
  count: number;
}

export interface Alert {
  id: string;
  tenantId: string;
  kind: AlertKind;
  routerId: string;
  details: AlertDetails;
  raisedAt: Date;
  clearedAt: Date | null;
}

export interface Alerts {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<Alert>;
  list(principal: Principal, query: ListQuery<AlertFilter, AlertOrderField>): Promise<ConnectionValue<Alert>>;
  /** Raises it, unless it is raised already: then only its details change. In the transaction that has found it. */
  raise(tx: Tx, of: Pick<Alert, 'tenantId' | 'kind' | 'routerId' | 'details'>): Promise<void>;
  /** It is over; nothing when it was not raised. */
  clear(tx: Tx, of: Pick<Alert, 'kind' | 'routerId'>): Promise<void>;
}

export function makeAlerts({ db, bus, clock }: Pick<SubgraphKit, 'db' | 'bus' | 'clock'>): Alerts {
  return {
    async get(principal, id) {
      const [alert] = isUuid(id) ? await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id])) : [];
      if (!alert) throw notFound('alert', id);
      return alert;
    },
    list: (principal, query) => store.list(db, tenantOf(principal), query),
    async raise(tx, of) {
      if (await store.updateOpen(tx, of)) return;
      const alert: Alert = { ...of, id: uuidv7(), raisedAt: clock.now(), clearedAt: null };
      if (await store.insert(tx, alert)) await bus.publish(tx, [alertRaised(alert)]);
    },
    async clear(tx, of) {
      const cleared = await store.clear(tx, of, clock.now());
      if (cleared) await bus.publish(tx, [alertCleared(cleared)]);
    },
  };
}
