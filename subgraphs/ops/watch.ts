import type { Database } from '#kernel/db/database.ts';
<<<<<<< HEAD:subgraphs/ops/run/run-watch.ts
import { makeRowWatch, type RowWatch } from '#kernel/db/row-watch.ts';
import type { RunStore } from './workflow-run.store.ts';
import { RUN_CHANNEL } from './workflow-run.store.ts';
import type { WorkflowRun } from './workflow-run.ts';

/** Tells of changes of runs, from whichever process they come. */
export type RunWatch = RowWatch<WorkflowRun>;

export function makeRunWatch({ database, store }: { database: Pick<Database, 'listen'>; store: Pick<RunStore, 'byId'> }): RunWatch {
  return makeRowWatch({ database, channel: RUN_CHANNEL, find: (tenantId, id) => store.byId(tenantId, id) });
=======

/** Tells of changes of rows, from whichever process they come. */
export interface Watch<Row> {
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * The row as it is, then as it is after each change; changes that come faster than they are taken are told as one. Ends
   * when `signal` does, or when the watch stops.
   */
  follow(tenantId: string, id: string, signal?: AbortSignal): AsyncGenerator<Row, void, void>;
}

/** How often a follower looks by itself: a notification that was lost costs this much, in milliseconds. */
const LOOK_ANYWAY_MS = 5_000;

export interface WatchOptions<Row> {
  database: Pick<Database, 'listen'>;
  /** Where the change of a row is told: the payload is its id. */
  channel: string;
  read: (tenantId: string, id: string) => Promise<Row | null>;
}

/** `version` rises with every change of a row. */
export function makeWatch<Row extends { version: number }>({ database, channel, read }: WatchOptions<Row>): Watch<Row> {
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
        const row = await read(tenantId, id);
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
>>>>>>> a916bf1 (Bulk: suspend, resume, change of plan and move for a frozen selection, paced, with an outcome for each service):subgraphs/ops/watch.ts
}
