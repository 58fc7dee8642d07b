import { isUnavailable } from '#kernel/db/database.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { RouterStatus } from '../routeros/router-connection.ts';
import { routerReachability } from './router.events.ts';
import type { RouterSpec } from './router-fleet.ts';
import { statusOf, type LastSeen } from './router-status.ts';
import * as store from './router.store.ts';

/** Keeps what the lines tell of the routers, so that it is known after a restart, and announces who comes and goes. */
export interface RouterIntake {
  /** What the database holds, before the first observation comes. */
  known(routerId: string, seen: LastSeen): void;
  /** Every change of a line's state; most change nothing that is kept. */
  observed(spec: RouterSpec, status: RouterStatus): void;
  /** Waits for what is being written. */
  drain(): Promise<void>;
}

const NOTHING: LastSeen = { reachable: null, reason: null, reasonCode: null, version: null, identity: null, at: null };
const RETRY_MS = 2_000;

export function makeRouterIntake({ db, bus, log }: Pick<SubgraphKit, 'db' | 'bus' | 'log'>): RouterIntake {
  /** Per router: what is kept, what is to be kept next, and the write under way. Of many changes only the last is written. */
  const kept = new Map<string, LastSeen>();
  const next = new Map<string, { spec: RouterSpec; seen: LastSeen }>();
  const writing = new Map<string, Promise<void>>();
  let draining = false;

  const write = async (routerId: string): Promise<void> => {
    for (let item = next.get(routerId); item !== undefined; item = next.get(routerId)) {
      next.delete(routerId);
      const { spec, seen } = item;
      const before = kept.get(routerId) ?? NOTHING;
      try {
        await db.write(spec.tenantId, async (tx) => {
          const exists = await store.keepSeen(tx, routerId, seen);
          if (exists && seen.reachable !== before.reachable) await bus.publish(tx, [routerReachability(spec.tenantId, routerId, statusOf(undefined, seen))]);
        });
        kept.set(routerId, seen);
      } catch (error) {
        if (!isUnavailable(error)) {
          log.error({ routerId, err: error }, 'What was seen of a router could not be kept');
          continue;
        }
        if (!next.has(routerId)) next.set(routerId, item);
        if (draining) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  };

  const begin = (routerId: string): void => {
    if (writing.has(routerId)) return;
    const done = write(routerId).finally(() => {
      writing.delete(routerId);
      // What came between the end of the loop and here.
      if (next.has(routerId) && !draining) begin(routerId);
    });
    writing.set(routerId, done);
  };

  return {
    known: (routerId, seen) => void kept.set(routerId, seen),
    observed(spec, status) {
      if (status.reachable === null) return;
      const now = statusOf(status, NOTHING);
      const seen: LastSeen = { reachable: now.reachable, reason: now.reason, reasonCode: now.reasonCode, version: now.version, identity: now.identity, at: now.observedAt };
      const last = next.get(spec.id)?.seen ?? kept.get(spec.id) ?? NOTHING;
      // A router that stays away fails to be dialled every few seconds: that is no news.
      if (last.reachable === seen.reachable && last.reasonCode === seen.reasonCode && last.version === seen.version && last.identity === seen.identity) return;
      next.set(spec.id, { spec, seen: { ...seen, version: seen.version ?? last.version, identity: seen.identity ?? last.identity } });
      begin(spec.id);
    },
    async drain() {
      draining = true;
      await Promise.all(writing.values());
    },
  };
}
