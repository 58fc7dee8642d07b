import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { credentialsContext } from '../credentials/credentials.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import { desiredPoolMenu } from '../desired-pool/desired-pool.ts';
import { desiredQueueMenu } from '../desired-queue/desired-queue.ts';
import { readRows } from '../desired-row/desired-row.ts';
import { readActive, readProfiles, readSecrets } from '../routeros/ppp-rows.ts';
import type { Difference } from './difference.ts';
import { differences, type ObservedRouter } from './differences.ts';
import { settledRows, type SettledRows } from './row-differences.ts';
import * as store from './router-plan.store.ts';
import type { HashPassword } from './wished-rows.ts';

/** Compares a router with the database: reads the one, then the other, and holds no transaction meanwhile. */
export interface RouterObserver {
  /** @throws RouterOsError */
  compare(router: { id: string; tenantId: string }): Promise<{ seen: ObservedRouter; found: Difference[]; settled: SettledRows[] }>;
}

/** A router with twenty thousand secrets answers in a few seconds; one that is busy in more. */
const READ_DEADLINE_MS = 25_000;

/** Keyed hash of a password as it is compared in this tenant. */
export const passwordHash = ({ secretBox }: Pick<SubgraphKit, 'secretBox'>, tenantId: string): HashPassword => (password, credentialsId) => secretBox.fingerprint(password, credentialsContext({ tenantId, id: credentialsId }));

export function makeRouterObserver({ db, clock, secretBox, fleet }: Pick<SubgraphKit, 'db' | 'clock' | 'secretBox'> & { fleet: RouterFleet }): RouterObserver {
  const observe = (routerId: string): Promise<ObservedRouter> =>
    // One comparison of a router at a time: each moves megabytes.
    fleet.work(routerId, { key: 'compare', deadlineMs: READ_DEADLINE_MS }, async ({ session }) => {
      const at = clock.now();
      const version = fleet.link(routerId)?.connection.status().version ?? null;
      const limits = { timeoutMs: READ_DEADLINE_MS };
      const [secrets, profiles, pools, queues, sessions] = await Promise.all([
        readSecrets(session, version, limits),
        readProfiles(session, limits),
        readRows(session, desiredPoolMenu, limits),
        readRows(session, desiredQueueMenu, limits),
        readActive(session, limits),
      ]);
      return { secrets, profiles, pools, queues, sessions, version, at };
    });

  return {
    async compare({ id, tenantId }) {
      const seen = await observe(id);
      // After the router: a secret that was made meanwhile is wished for by now.
      const wished = await db.read(tenantId, (tx) => store.wishedOf(tx, tenantId, id));
      const found = await differences(seen, wished, { hash: passwordHash({ secretBox }, tenantId) });
      return { seen, found, settled: [settledRows(desiredPoolMenu, seen.pools, wished.pools, found), settledRows(desiredQueueMenu, seen.queues, wished.queues, found)] };
    },
  };
}
