import type { Database } from './database.ts';

/** Tells of changes of rows that carry a version, from whichever process they come. */
export interface RowWatch<Row extends { id: string; version: number }> {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whoever has just recorded a change here says so: its followers of this process need not read it. */
  offer(row: Row): void;
  /**
   * The row as it is, then as it is after each change; changes that come faster than they are taken are told as one. Ends
   * when there is no such row, when `signal` ends, or when the watch stops. `known`: the row as its caller has just recorded it,
   * in place of a first look.
   */
  follow(tenantId: string, id: string, signal?: AbortSignal, known?: Row): AsyncGenerator<Row, void, void>;
}

export interface RowWatchOptions<Row extends { id: string; version: number }> {
  database: Pick<Database, 'listen'>;
  /** Whoever changes a row notifies here, with its id, and behind a space its version where he knows it. */
  channel: string;
  find: (tenantId: string, id: string) => Promise<Row | null>;
}

/** How often a follower looks by itself: a notification that was lost costs this much, in milliseconds. */
const LOOK_ANYWAY_MS = 5_000;

/** Whoever is offered rows is offered the next one as well, a moment before or after its notification. */
const OFFER_MS = 20;

/** One that follows a row. */
interface Follower<Row> {
  /** The row is changed by this process, as far as is known. */
  offers: boolean;
  /** The newest version that he was handed or is offered. */
  version: number;
  offered: Row | undefined;
  wake: () => void;
}

export function makeRowWatch<Row extends { id: string; version: number }>({ database, channel, find }: RowWatchOptions<Row>): RowWatch<Row> {
  const followers = new Map<string, Set<Follower<Row>>>();
  let unlisten: (() => Promise<void>) | undefined;
  let stopped = false;

  const wakeAll = () => {
    for (const all of followers.values()) for (const { wake } of all) wake();
  };

  async function* follow(tenantId: string, id: string, signal?: AbortSignal, known?: Row): AsyncGenerator<Row, void, void> {
    let changed = false;
    let resume: (() => void) | undefined;
    const wake = () => {
      changed = true;
      resume?.();
    };
    const follower: Follower<Row> = { offers: known !== undefined, version: known?.version ?? 0, offered: known, wake };
    const all = followers.get(id) ?? new Set();
    followers.set(id, all.add(follower));
    signal?.addEventListener('abort', wake);
    try {
      let version = 0;
      for (;;) {
        if (stopped || signal?.aborted) return;
        changed = false;
        const row = follower.offered ?? (await find(tenantId, id));
        follower.offered = undefined;
        if (!row) return;
        if (row.version > version) {
          version = row.version;
          follower.version = Math.max(follower.version, version);
          yield row;
        }
        if (changed || follower.offered || stopped || signal?.aborted) continue;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_ANYWAY_MS);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    } finally {
      signal?.removeEventListener('abort', wake);
      all.delete(follower);
      if (all.size === 0) followers.delete(id);
    }
  }

  return {
    follow,
    offer(row) {
      for (const follower of followers.get(row.id) ?? []) {
        if (row.version <= follower.version) continue;
        follower.offers = true;
        follower.version = row.version;
        follower.offered = row;
        follower.wake();
      }
    },
    async start() {
      unlisten = await database.listen(channel, (payload) => {
        // An empty payload follows a lost connection: anything may have changed.
        if (payload === '') return wakeAll();
        const [id, told] = payload.split(' ', 2);
        const version = told === undefined ? Infinity : Number(told);
        for (const follower of followers.get(id!) ?? []) {
          const wake = () => {
            if (version > follower.version) follower.wake();
          };
          if (follower.offers) setTimeout(wake, OFFER_MS).unref();
          else wake();
        }
      });
    },
    async stop() {
      stopped = true;
      wakeAll();
      await unlisten?.();
    },
  };
}
