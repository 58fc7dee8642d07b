import { isUnavailable, type Database, type SubgraphDatabase } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import type { TimelineEntry } from './timeline-entry.ts';
import type { TimelineKind } from './timeline-kind.ts';
import * as store from './timeline.store.ts';

export interface FollowOptions {
  tenantId: string;
  customerId: string;
  /** Entries above this position; 0 for all that are kept. */
  position: number;
  kinds: readonly TimelineKind[];
  signal?: AbortSignal | undefined;
}

/** Tells of entries as they are added, from whichever process they come. */
export interface TimelineWatch {
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * The entries above a position, then those to come: in order, each once. Reads on only when what it has read is taken, so a
   * slow reader costs one batch of memory. Ends when `signal` does, when the watch stops, and when the customer was withdrawn.
   */
  follow(options: FollowOptions): AsyncGenerator<TimelineEntry, void, void>;
}

export interface TimelineWatchOptions {
  database: Pick<Database, 'listen'>;
  db: SubgraphDatabase;
  log: Logger;
  /** Default LOOK_ANYWAY_MS. */
  lookAnywayMs?: number;
}

/** How often all followed timelines are looked at, in one statement: a notification that was lost costs this much, in milliseconds. */
const LOOK_ANYWAY_MS = 2_000;
const BATCH = 100;
/**
 * What is replayed comes as fast as the database gives it, and would overrun a client that reads well but has to be answered
 * by other subgraphs too. From the fourth full batch on there is a pause after each: at most 500 entries a second.
 */
const UNPACED_BATCHES = 3;
const PACE_MS = 200;
/** Before the next try while the database is away, in milliseconds. */
const RETRY_MS = 1_000;

interface Follower {
  position: number;
  wake: () => void;
}

export function makeTimelineWatch({ database, db, log, lookAnywayMs = LOOK_ANYWAY_MS }: TimelineWatchOptions): TimelineWatch {
  const followers = new Map<string, Set<Follower>>();
  let unlisten: (() => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let stopped = false;

  const wakeAll = () => {
    for (const of of followers.values()) for (const { wake } of of) wake();
  };

  /** Wakes who has something to read, or whose customer is gone. */
  const look = async (): Promise<void> => {
    if (followers.size === 0) return;
    const last = await db.system((tx) => store.lastPositions(tx, [...followers.keys()]));
    for (const [customerId, of] of followers) for (const { position, wake } of of) if (last.get(customerId) !== position) wake();
  };

  /** The next batch; null while the database is away. */
  const read = async ({ tenantId, customerId, kinds }: FollowOptions, position: number) => {
    try {
      return await db.read(tenantId, (tx) => store.entriesAfter(tx, customerId, position, kinds, BATCH));
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn({ err: error, tenant: tenantId }, 'A timeline could not be read; it is tried again');
      return null;
    }
  };

  async function* follow(options: FollowOptions): AsyncGenerator<TimelineEntry, void, void> {
    const { customerId, signal } = options;
    let changed = false;
    let resume: (() => void) | undefined;
    const wake = () => {
      changed = true;
      resume?.();
    };
    const pause = (ms?: number) =>
      new Promise<void>((resolve) => {
        const end = ms === undefined ? undefined : setTimeout(resolve, ms);
        resume = () => {
          clearTimeout(end);
          resolve();
        };
      });
    const over = () => stopped || signal?.aborted === true;
    const follower: Follower = { position: options.position, wake };
    const all = followers.get(customerId) ?? new Set();
    followers.set(customerId, all.add(follower));
    signal?.addEventListener('abort', wake);
    try {
      for (let fullBatches = 0; !over(); ) {
        changed = false;
        const found = await read(options, follower.position);
        if (found === undefined) return;
        for (const entry of found?.entries ?? []) {
          if (over()) return;
          yield entry;
        }
        if (found) follower.position = found.upTo;
        const full = found?.entries.length === BATCH;
        if (full) fullBatches += 1;
        if (full && fullBatches <= UNPACED_BATCHES) continue;
        if (!full) fullBatches = 0;
        if (over() || (changed && !full && found)) continue;
        await pause(full ? PACE_MS : found ? undefined : RETRY_MS);
      }
    } finally {
      signal?.removeEventListener('abort', wake);
      all.delete(follower);
      if (all.size === 0 && followers.get(customerId) === all) followers.delete(customerId);
    }
  }

  return {
    follow,
    async start() {
      unlisten = await database.listen(store.TIMELINE_CHANNEL, (customerId) => {
        // An empty payload follows a lost connection: anything may have changed.
        if (customerId === '') wakeAll();
        else for (const { wake } of followers.get(customerId) ?? []) wake();
      });
      timer = setInterval(() => {
        looking ??= look()
          .catch((error: unknown) => log.warn({ err: error }, 'The timelines could not be looked at; it is tried again'))
          .finally(() => (looking = undefined));
      }, lookAnywayMs);
      timer.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      wakeAll();
      await unlisten?.();
      await looking;
    },
  };
}
