import { RouterOsError } from '../routeros/errors.ts';

/**
 * Orders the work of many sagas on one router. Two pieces of work with a key in common (one profile, one secret) never
 * overlap, so that nobody decides on a row that another is changing; the rest runs side by side, within a bound that the
 * router bears. What waits for several keys at once is not overtaken on any of them.
 */
export interface DeviceQueue {
  /**
   * Waits for its turn; answers the function that gives it back.
   * @throws RouterOsError `BUSY` when `signal` aborts first, or when too much waits already.
   */
  acquire(keys: string | readonly string[], signal: AbortSignal): Promise<() => void>;
  readonly waiting: number;
  readonly running: number;
}

export interface DeviceQueueOptions {
  /** Pieces of work at once. Default 8: each has one command on the wire at a time, the session's window is 16. */
  concurrency?: number;
  /** Pieces of work that may wait. Default 1000. */
  limit?: number;
}

interface Waiting {
  keys: readonly string[];
  start(): void;
}

export function makeDeviceQueue({ concurrency = 8, limit = 1000 }: DeviceQueueOptions = {}): DeviceQueue {
  /** Keys that are being worked on. */
  const taken = new Set<string>();
  const queue: Waiting[] = [];
  let running = 0;

  const pump = () => {
    const awaited = new Set<string>();
    for (let at = 0; at < queue.length && running < concurrency; ) {
      const next = queue[at]!;
      if (next.keys.some((key) => taken.has(key) || awaited.has(key))) {
        for (const key of next.keys) awaited.add(key);
        at += 1;
        continue;
      }
      queue.splice(at, 1);
      for (const key of next.keys) taken.add(key);
      running += 1;
      next.start();
    }
  };

  return {
    acquire(wanted, signal) {
      if (queue.length >= limit) return Promise.reject(new RouterOsError('BUSY', `${queue.length} pieces of work wait for this router already`));
      return new Promise((resolve, reject) => {
        const entry: Waiting = {
          keys: typeof wanted === 'string' ? [wanted] : wanted,
          start() {
            signal.removeEventListener('abort', onAbort);
            let given = false;
            resolve(() => {
              if (given) return;
              given = true;
              for (const key of entry.keys) taken.delete(key);
              running -= 1;
              pump();
            });
          },
        };
        const onAbort = () => {
          const at = queue.indexOf(entry);
          if (at >= 0) queue.splice(at, 1);
          // What it held back by waiting for several keys may go now.
          pump();
          reject(new RouterOsError('BUSY', 'other work on this router did not end in time'));
        };
        if (signal.aborted) return onAbort();
        signal.addEventListener('abort', onAbort, { once: true });
        queue.push(entry);
        pump();
      });
    },
    get waiting() {
      return queue.length;
    },
    get running() {
      return running;
    },
  };
}
