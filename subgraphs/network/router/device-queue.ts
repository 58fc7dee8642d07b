import { RouterOsError } from '../routeros/errors.ts';

/**
 * Orders the work of many sagas on one router. Two pieces of work with the same key (one profile, one secret) never
 * overlap, so that nobody decides on a row that another is changing; the rest runs side by side, within a bound that the
 * router bears.
 */
export interface DeviceQueue {
  /**
   * Waits for its turn; answers the function that gives it back.
   * @throws RouterOsError `BUSY` when `signal` aborts first, or when too much waits already.
   */
  acquire(key: string, signal: AbortSignal): Promise<() => void>;
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
  key: string;
  start(): void;
}

export function makeDeviceQueue({ concurrency = 8, limit = 1000 }: DeviceQueueOptions = {}): DeviceQueue {
  const running = new Set<string>();
  const queue: Waiting[] = [];

  const pump = () => {
    for (let at = 0; at < queue.length && running.size < concurrency; ) {
      const next = queue[at]!;
      if (running.has(next.key)) {
        at += 1;
        continue;
      }
      queue.splice(at, 1);
      running.add(next.key);
      next.start();
    }
  };

  return {
    acquire(key, signal) {
      if (queue.length >= limit) return Promise.reject(new RouterOsError('BUSY', `${queue.length} pieces of work wait for this router already`));
      return new Promise((resolve, reject) => {
        const entry: Waiting = {
          key,
          start() {
            signal.removeEventListener('abort', onAbort);
            let given = false;
            resolve(() => {
              if (given) return;
              given = true;
              running.delete(key);
              pump();
            });
          },
        };
        const onAbort = () => {
          const at = queue.indexOf(entry);
          if (at >= 0) queue.splice(at, 1);
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
      return running.size;
    },
  };
}
