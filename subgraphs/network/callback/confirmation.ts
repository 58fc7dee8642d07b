import type { Logger } from '#kernel/logs.ts';
import type { RouterFleet, RouterLink } from '../router/router-fleet.ts';

/** Looks at the router after callbacks: they say that something happened, the router says what is. */
export interface Confirmation {
  /** Something was said about this user; the look follows soon, one for all that is said meanwhile. */
  hint(routerId: string, name: string): void;
  stop(): void;
}

export interface ConfirmationOptions {
  fleet: Pick<RouterFleet, 'link'>;
  log: Logger;
  /** Told of every look: at some users, or at all. */
  onRead: (kind: 'names' | 'all') => void;
  /** What is said within this time is looked at together. Default 250: the router writes its list after the script has run. */
  gatherMs?: number;
  /** Pause between two looks at one router. Default 1000. */
  pauseMs?: number;
}

interface Waiting {
  /** Null: too many to ask for by name. */
  names: Set<string> | null;
}

/** Users that are asked for by name; more, and everything is compared. */
const BY_NAME = 8;
const READ_WITHIN_MS = 5_000;

export function makeConfirmation({ fleet, log, onRead, gatherMs = 250, pauseMs = 1_000 }: ConfirmationOptions): Confirmation {
  const waiting = new Map<string, Waiting>();
  /** Routers that are looked at, or were a moment ago. */
  const busy = new Map<string, NodeJS.Timeout | null>();
  let stopped = false;

  const differs = async ({ connection, live }: RouterLink, names: ReadonlySet<string>): Promise<boolean> => {
    const session = connection.current();
    if (!session) return false;
    onRead('names');
    const wanted = [...names];
    const queries = [...wanted.map((name) => `?name=${name}`), ...wanted.slice(1).map(() => '?#|')];
    const rows = await session.print('/ppp/active', { queries, proplist: ['.id', 'name', 'session-id'], timeoutMs: READ_WITHIN_MS });
    return wanted.some((name) => {
      const known = live.byName(name);
      const there = rows.filter((row) => row['name'] === name);
      return known ? !there.some((row) => row['.id'] === known.routerosId && (row['session-id'] || null) === known.sessionId) : there.length > 0;
    });
  };

  const look = async (routerId: string): Promise<void> => {
    const { names } = waiting.get(routerId)!;
    waiting.delete(routerId);
    const link = fleet.link(routerId);
    // A router that is away is read as a whole when it is back.
    if (!link?.connection.current()) return;
    if (names && !(await differs(link, names))) return;
    onRead('all');
    await link.live.resync();
  };

  const lookIn = (routerId: string, ms: number): void => {
    const timer = setTimeout(() => {
      busy.set(routerId, null);
      look(routerId)
        .catch((error: unknown) => log.warn({ routerId, err: error }, 'The sessions could not be read after a PPPoE callback'))
        .finally(() => {
          busy.delete(routerId);
          if (!stopped && waiting.has(routerId)) lookIn(routerId, pauseMs);
        });
    }, ms);
    timer.unref();
    busy.set(routerId, timer);
  };

  return {
    hint(routerId, name) {
      if (stopped) return;
      const entry = waiting.get(routerId) ?? { names: new Set<string>() };
      waiting.set(routerId, entry);
      entry.names?.add(name);
      if (entry.names && entry.names.size > BY_NAME) entry.names = null;
      if (!busy.has(routerId)) lookIn(routerId, gatherMs);
    },
    stop() {
      stopped = true;
      for (const timer of busy.values()) clearTimeout(timer ?? undefined);
      busy.clear();
      waiting.clear();
    },
  };
}
