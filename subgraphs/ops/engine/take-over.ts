import type { Logger } from '#kernel/logs.ts';
import type { RunStore } from '../run/workflow-run.store.ts';

/** Says that this process lives, and looks whether the others do. */
export interface TakeOver {
  start(): Promise<void>;
  /** Takes nothing over any more. */
  stop(): Promise<void>;
  /** Once nothing of this process runs any more: the others need not wait until they miss it. */
  sayGoodbye(): Promise<void>;
}

export interface TakeOverOptions {
  store: Pick<RunStore, 'heartbeat' | 'sayGoodbye' | 'silentExecutors' | 'forgetExecutor'>;
  executorId: string;
  /** Carries on what the executor has left. May run in several processes at once, and again. */
  takeOver: (executorId: string) => Promise<void>;
  log: Logger;
  /** How often this process says that it lives, and looks, in milliseconds. */
  everyMs?: number;
  /** Who has been silent for so long is taken for dead, in milliseconds: several heartbeats. */
  silentMs?: number;
}

/**
 * A process that dies leaves its runs to those that live: within the silence that is taken for death and one look after it
 * (12 s). A process that was only slow finds that its runs have another generation, and lets go of them.
 */
export function makeTakeOver({ store, executorId, takeOver, log, everyMs = 3_000, silentMs = 9_000 }: TakeOverOptions): TakeOver {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    await store.heartbeat(executorId);
    for (const silent of await store.silentExecutors(executorId, silentMs)) {
      if (stopped) return;
      await takeOver(silent);
      await store.forgetExecutor(silent, silentMs);
    }
  }

  function later(): void {
    timer = setTimeout(() => {
      looking = look()
        .catch((error: unknown) => {
          if (!stopped) log.warn({ err: error }, 'The other processes could not be looked after; it is tried again');
        })
        .finally(() => {
          if (!stopped) later();
        });
    }, everyMs);
    timer.unref();
  }

  return {
    async start() {
      await store.heartbeat(executorId);
      later();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
    async sayGoodbye() {
      // Without a database nobody can be told; the silence will.
      await store.sayGoodbye(executorId).catch((error: unknown) => log.debug({ err: error }, 'The other processes could not be told that this one ends'));
    },
  };
}
