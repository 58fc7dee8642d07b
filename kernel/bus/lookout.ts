import type { Database } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import { look, passOver, type Passed } from './bus.store.ts';

/** Who wants to know what is new. */
export interface Watcher {
  /** Full names. */
  consumers: readonly string[];
  /** The net below NOTIFY. */
  pollMs: number;
  log: Logger;
  /** All events of transactions below `xmin` are visible or will never be; `due`: the consumers of the list that have something to do. */
  seen(news: { xmin: bigint; due: ReadonlySet<string> }): void;
}

/** Looks for news in the outbox, for all buses that share a process's way to the database: one look, however many hear. */
export interface Lookout {
  /** From now on the watcher is told what is new. Ends with `leave`, which waits for a look under way. */
  join(watcher: Watcher): Promise<{ leave(): Promise<void> }>;
  /** Something is new. */
  wake(): void;
  /** Looks in so many milliseconds at the latest. */
  lookIn(ms: number): void;
}

const PASS_OVER_MS = 30_000;
/**
 * News that come faster are looked at together: the pause after a look is so many times as long as the look has taken. A
 * lone event is looked at at once, and a busy server is not asked all the time.
 */
const PAUSE_PER_LOOK = 4;
const PAUSE_MOST_MS = 50;

const lookouts = new WeakMap<Database, Lookout>();

export function lookoutOf(database: Database): Lookout {
  let lookout = lookouts.get(database);
  if (!lookout) lookouts.set(database, (lookout = makeLookout(database)));
  return lookout;
}

function makeLookout(database: Database): Lookout {
  // Looking is done as the system, whoever asks.
  const db = database.forSubgraph('bus');
  const watchers = new Set<Watcher>();
  /** Up to where a consumer had nothing left, so that the next look begins there. Kept by this process alone. */
  const idle = new Map<string, Passed>();
  let unlisten: Promise<() => Promise<void>> | undefined;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = 0;
  let quietUntil = 0;
  let heldDelay = 1;
  let passedOverAt = 0;

  function lookIn(ms: number): void {
    if (watchers.size === 0) return;
    const at = performance.now() + ms;
    if (timer && timerAt <= at) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(() => {
      timer = undefined;
      wake();
    }, ms);
  }

  function wake(): void {
    if (watchers.size === 0) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    const quietMs = quietUntil - performance.now();
    if (quietMs > 0) return lookIn(Math.ceil(quietMs));
    looking = lookOnce().finally(() => {
      looking = undefined;
      if (!lookAgain) return;
      lookAgain = false;
      wake();
    });
  }

  async function lookOnce(): Promise<void> {
    const told = [...watchers];
    const pollMs = Math.min(...told.map((watcher) => watcher.pollMs));
    const names = [...new Set(told.flatMap(({ consumers }) => consumers))];
    const began = performance.now();
    try {
      const news = await db.system(async (tx) => {
        if (names.length > 0 && began - passedOverAt > PASS_OVER_MS) {
          passedOverAt = began;
          await passOver(tx, names);
        }
        return look(tx, names.map((consumer) => idle.get(consumer) ?? { consumer, cursor: { xid: 0n, seq: -1n }, below: 0n }));
      });
      for (const { consumer, cursor } of news.idle) idle.set(consumer, { consumer, cursor, below: news.xmin });
      const due = new Set(news.due);
      for (const watcher of told) if (watchers.has(watcher)) watcher.seen({ xmin: news.xmin, due });
      // An older transaction still runs: nobody tells when it ends, so ask again soon, ever less often.
      heldDelay = news.held ? Math.min(heldDelay * 2, pollMs) : 1;
      lookIn(Math.min(news.held ? heldDelay : pollMs, news.retryMs ?? pollMs));
    } catch (error) {
      told[0]?.log.warn({ err: error }, 'The bus could not look for events');
      lookIn(pollMs);
    } finally {
      const ended = performance.now();
      quietUntil = ended + Math.min((ended - began) * PAUSE_PER_LOOK, PAUSE_MOST_MS);
    }
  }

  return {
    async join(watcher) {
      // Another list of types may have been registered under a known name, and the order may have been renumbered.
      for (const name of watcher.consumers) idle.delete(name);
      watchers.add(watcher);
      const leave = async (): Promise<void> => {
        watchers.delete(watcher);
        if (watchers.size === 0) {
          clearTimeout(timer);
          timer = undefined;
          idle.clear();
          const end = unlisten;
          unlisten = undefined;
          await (await end?.catch(() => undefined))?.();
        }
        await looking;
      };
      unlisten ??= database.listen('bus', () => {
        heldDelay = 1;
        wake();
      });
      try {
        await unlisten;
      } catch (error) {
        unlisten = undefined;
        watchers.delete(watcher);
        throw error;
      }
      return { leave };
    },
    wake,
    lookIn,
  };
}
