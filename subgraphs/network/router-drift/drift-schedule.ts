import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import type { Router } from '../router/router.ts';
import type { RouterDrifts } from './router-drift.ts';
import * as store from './router-drift.store.ts';

/** Compares the routers to which this process has the line, one after the other, spread over the interval. */
export interface DriftSchedule {
  start(): void;
  stop(): Promise<void>;
  /** Soon, whenever its turn is: what is known of it is no longer true. */
  hurry(router: Pick<Router, 'id' | 'tenantId'>): void;
}

/** How often each router is compared. */
export const DRIFT_CHECK_EVERY_MS = 15 * 60_000;
const LOOK_EVERY_MS = 5_000;
/** At once: routers that hang do not hold the others up for long. */
const LANES = 4;
/** How long plans are kept that nobody has applied, and those that were. */
const UNUSED_KEPT_MS = 24 * 3_600_000;
const APPLIED_KEPT_MS = 90 * 24 * 3_600_000;
const PRUNE_EVERY_MS = 3_600_000;

export function makeDriftSchedule({ db, clock, log, fleet, drifts }: Pick<SubgraphKit, 'db' | 'clock' | 'log'> & { fleet: RouterFleet; drifts: Pick<RouterDrifts, 'observe'> }): DriftSchedule {
  /** When each router's turn comes, by the process' own clock. */
  const turns = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let prunedAt = -Infinity;
  let pruning: Promise<void> | undefined;

  const check = (router: Pick<Router, 'id' | 'tenantId'>): void => {
    turns.set(router.id, performance.now() + DRIFT_CHECK_EVERY_MS);
    const done = drifts
      .observe(router)
      .catch((error: unknown) => log.warn({ err: error, routerId: router.id }, 'A router could not be compared; it is tried again at its next turn'))
      .finally(() => running.delete(router.id));
    running.set(router.id, done);
  };

  const look = (): void => {
    const now = performance.now();
    const present = new Set<string>();
    for (const { spec, connection } of fleet.links()) {
      present.add(spec.id);
      const turn = turns.get(spec.id) ?? now + offsetOf(spec.id);
      turns.set(spec.id, turn);
      // One that is away keeps its turn until it is back: there is nothing to compare.
      if (turn <= now && running.size < LANES && !running.has(spec.id) && connection.status().state === 'online') check(spec);
    }
    for (const id of turns.keys()) if (!present.has(id)) turns.delete(id);
    if (now - prunedAt > PRUNE_EVERY_MS) {
      prunedAt = now;
      const at = clock.now().getTime();
      pruning = db.system((tx) => store.prunePlans(tx, new Date(at - UNUSED_KEPT_MS), new Date(at - APPLIED_KEPT_MS))).catch((error: unknown) => log.warn({ err: error }, 'Old plans could not be removed; it is tried again'));
    }
  };

  return {
    start() {
      timer = setInterval(look, LOOK_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await Promise.all([...running.values(), pruning]);
    },
    hurry(router) {
      if (timer === undefined || !fleet.link(router.id)) return;
      if (running.has(router.id)) turns.set(router.id, performance.now());
      else check(router);
    },
  };
}

/** A router's place in the interval: the same in every process, and spread over all of them. */
function offsetOf(routerId: string): number {
  return (Number.parseInt(routerId.replaceAll('-', '').slice(-8), 16) / 0x1_0000_0000) * DRIFT_CHECK_EVERY_MS;
}
