import type { Database } from './database.ts';

/** Tells of changes of rows that carry a version, from whichever process they come. */
export interface RowWatch<Row extends { version: number }> {
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * The row as it is, then as it is after each change; changes that come faster than they are taken are told as one. Ends
   * when there is no such row, when `signal` ends, or when the watch stops.
   */
  follow(tenantId: string, id: string, signal?: AbortSignal): AsyncGenerator<Row, void, void>;
}

export interface RowWatchOptions<Row extends { version: number }> {
  database: Pick<Database, 'listen'>;
  /** Whoever changes a row notifies here, with its id. */
  channel: string;
  find: (tenantId: string, id: string) => Promise<Row | null>;
}

/** How often a follower looks by itself: a notification that was lost costs this much, in milliseconds. */
const LOOK_ANYWAY_MS = 5_000;

export function makeRowWatch<Row extends { version: number }>({ database, channel, find }: RowWatchOptions<Row>): RowWatch<Row> {
  const waking = new Map<string, Set<() => void>>();
  let unlisten: (() => Promise<void>) | undefined;
  let stopped = false;

  const wakeAll = () => {
    for (const wakes of waking.values()) for (const wake of wakes) wake();
  };

  async function* follow(tenantId: string, id: string, signal?: AbortSignal): AsyncGenerator<Row, void, void> {
    let changed = false;
    let resume: (() => void) | undefined;
    const wake = () => {
      changed = true;
      resume?.();
    };
    const wakes = waking.get(id) ?? new Set();
    waking.set(id, wakes.add(wake));
    signal?.addEventListener('abort', wake);
    try {
      let version = 0;
      for (;;) {
        if (stopped || signal?.aborted) return;
        changed = false;
        const row = await find(tenantId, id);
        if (!row) return;
        if (row.version > version) {
          version = row.version;
          yield row;
        }
        if (changed || stopped || signal?.aborted) continue;
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
      wakes.delete(wake);
      if (wakes.size === 0) waking.delete(id);
    }
  }

  return {
    follow,
    async start() {
      unlisten = await database.listen(channel, (id) => {
        // An empty payload follows a lost connection: anything may have changed.
        if (id === '') wakeAll();
        else for (const wake of waking.get(id) ?? []) wake();
      });
    },
    async stop() {
      stopped = true;
      wakeAll();
      await unlisten?.();
    },
  };
}
