import type { Database } from '#kernel/db/database.ts';
import type { RunStore } from './workflow-run.store.ts';
import { RUN_CHANNEL } from './workflow-run.store.ts';
import type { WorkflowRun } from './workflow-run.ts';

/** Tells of changes of runs, from whichever process they come. */
export interface RunWatch {
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * The run as it is, then as it is after each change; changes that come faster than they are taken are told as one. Ends
   * when `signal` does, or when the watch stops.
   */
  follow(tenantId: string, id: string, signal?: AbortSignal): AsyncGenerator<WorkflowRun, void, void>;
}

/** How often a follower looks by itself: a notification that was lost costs this much, in milliseconds. */
const LOOK_ANYWAY_MS = 5_000;

export function makeRunWatch({ database, store }: { database: Pick<Database, 'listen'>; store: Pick<RunStore, 'byId'> }): RunWatch {
  const waking = new Map<string, Set<() => void>>();
  let unlisten: (() => Promise<void>) | undefined;
  let stopped = false;

  const wakeAll = () => {
    for (const wakes of waking.values()) for (const wake of wakes) wake();
  };

  async function* follow(tenantId: string, id: string, signal?: AbortSignal): AsyncGenerator<WorkflowRun, void, void> {
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
        const run = await store.byId(tenantId, id);
        if (!run) return;
        if (run.version > version) {
          version = run.version;
          yield run;
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
      unlisten = await database.listen(RUN_CHANNEL, (id) => {
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
