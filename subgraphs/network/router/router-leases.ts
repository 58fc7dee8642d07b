import { lockKey, type Database, type HeldLock, type SubgraphDatabase } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import * as store from './router-leases.store.ts';

/**
 * Which routers this process looks after. The heartbeat is good for `LEASE_MS` by the database's clock; a process that cannot make it in time
 * lets go of every router before anybody else may take them. A process that dies is known by its lock, which the database frees.
 */
export interface RouterLeases {
  /** Takes its share of the routers. @throws when the database cannot be reached. */
  start(): Promise<void>;
  /** Gives all back; their lines must be closed by then. */
  stop(): Promise<void>;
  /** Looks now: somebody came or went. */
  look(): Promise<void>;
  /** Its number among the owners that a router has had; undefined when it is not this process's now. */
  tokenOf(routerId: string): number | undefined;
  /** Whether this process may still write to its routers, asked before every write. */
  valid(): boolean;
}

export interface RouterLeasesOptions {
  db: SubgraphDatabase;
  database: Pick<Database, 'holdLock'>;
  log: Logger;
  /** The id of this process. */
  id: string;
  url: () => string;
  /** It looks after them from now on. */
  onTaken: (routerIds: string[]) => void;
  /** It does not any more: their lines are to be closed at once. Settles when they are. */
  onLost: (routerIds: string[]) => Promise<void>;
  onPeers: (peers: Array<{ id: string; url: string }>) => void;
}

/** How long a heartbeat is good. With `BEAT_MS`, a router whose owner hangs has another within 12 s. */
const LEASE_MS = 9_000;
const BEAT_MS = 3_000;
/** So long before the others may take its routers, this process lets go of them. */
const MARGIN_MS = 2_000;
/** Between the loss of a process's lock and the end of its leases: it closes its lines at once when it lives. */
const GRACE_MS = 1_500;
const RETRY_MS = 500;

export function makeRouterLeases({ db, database, log, id, url, onTaken, onLost, onPeers }: RouterLeasesOptions): RouterLeases {
  const lockName = `network:process:${id}`;
  const owned = new Map<string, number>();
  let lock: HeldLock | undefined;
  /** By a clock that goes on while the process is stopped, and by the wall clock, which goes on while the machine is. */
  let until = { monotonic: 0, wall: 0 };
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;
  let watchdog: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again: Promise<void> | undefined;

  const valid = () => performance.now() < until.monotonic && Date.now() < until.wall;

  const letGo = (reason: string): void => {
    until = { monotonic: 0, wall: 0 };
    const lost = [...owned.keys()];
    owned.clear();
    if (lost.length === 0) return;
    log.error({ routers: lost.length }, `${reason}: every router is let go until it is back`);
    void onLost(lost);
  };

  const hold = async (): Promise<void> => {
    if (lock) return;
    let taken: HeldLock | undefined;
    let gone = false;
    taken = await database.holdLock(lockName, {
      onLost: () => {
        gone = true;
        if (lock !== taken) return;
        lock = undefined;
        letGo('The database connection that stands for this process was lost');
        lookIn(0);
      },
    });
    if (!taken || gone) throw new Error('The lock of this process could not be held');
    lock = taken;
  };

  const beat = async (): Promise<void> => {
    await hold();
    const holding = lock;
    const asked = { monotonic: performance.now(), wall: Date.now() };
    const { held, standing, dead } = await db.system(async (tx) => {
      await store.hurry(tx);
      await store.beat(tx, { id, url: url(), lockKey: lockKey(lockName) }, LEASE_MS);
      const deadOnes = await store.noteDead(tx, id, GRACE_MS);
      const found = await store.standing(tx, id);
      let mine = await store.held(tx, id);
      const share = shareOf(found);
      if (mine.size < share) {
        await store.take(tx, id, share - mine.size);
        mine = await store.held(tx, id);
      }
      return { held: mine, standing: found, dead: deadOnes };
    });
    // What was read may be older than the loss of the lock.
    if (stopped || lock !== holding) return;
    until = { monotonic: asked.monotonic + LEASE_MS - MARGIN_MS, wall: asked.wall + LEASE_MS - MARGIN_MS };
    watch();
    onPeers(standing.peers);
    const lost = [...owned].filter(([routerId, token]) => held.get(routerId) !== token).map(([routerId]) => routerId);
    for (const routerId of lost) owned.delete(routerId);
    if (lost.length > 0) await onLost(lost);
    const taken = [...held].filter(([routerId]) => !owned.has(routerId));
    for (const [routerId, token] of taken) owned.set(routerId, token);
    if (taken.length > 0) onTaken(taken.map(([routerId]) => routerId));
    await balance(standing);
    // Their routers are free in a moment.
    if (dead > 0) lookIn(GRACE_MS + 100);
  };

  /** Gives away a few of those that are too many, so that not all lines are dialled anew at once. */
  const balance = async (standing: store.Standing): Promise<void> => {
    const share = shareOf(standing);
    const excess = owned.size - share;
    if (excess <= 0 || !standing.peers.some(({ routers }) => routers < share)) return;
    const given = [...owned.keys()].slice(0, Math.ceil(excess / 4));
    for (const routerId of given) owned.delete(routerId);
    await onLost(given);
    await db.system((tx) => store.give(tx, id, given));
    log.info({ routers: given.length }, 'Routers were given to another network process');
  };

  const watch = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      if (valid()) watch();
      else letGo('The heartbeat of this process could not be made in time');
    }, Math.max(0, until.monotonic - performance.now()) + 1);
    watchdog.unref();
  };

  const lookIn = (ms: number): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), ms);
    timer.unref();
  };

  const run = async (): Promise<void> => {
    try {
      lookIn(BEAT_MS);
      await beat();
    } catch (error) {
      if (stopped) return;
      log.warn({ err: error }, 'The leases of the routers could not be renewed; it is tried again');
      lookIn(RETRY_MS);
    }
  };

  const look = (): Promise<void> => {
    if (stopped) return Promise.resolve();
    if (looking) return (again ??= looking.then(() => { again = undefined; return look(); }));
    looking = run().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  return {
    async start() {
      stopped = false;
      try {
        lookIn(BEAT_MS);
        await beat();
      } catch (error) {
        stopped = true;
        clearTimeout(timer);
        await lock?.release();
        throw error;
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(watchdog);
      until = { monotonic: 0, wall: 0 };
      owned.clear();
      await looking;
      await db.system((tx) => store.leave(tx, id)).catch((error: unknown) => log.warn({ err: error }, 'The leases of the routers could not be given back; they run out'));
      const held = lock;
      lock = undefined;
      await held?.release();
    },
    look,
    tokenOf: (routerId) => owned.get(routerId),
    valid,
  };
}

function shareOf({ routers, peers }: store.Standing): number {
  return Math.ceil(routers / (peers.length + 1));
}
