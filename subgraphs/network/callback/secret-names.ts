import type { RouterFleet } from '../router/router-fleet.ts';

/** What became of the names on a router. */
export type NamesChange = { all: string[] } | { added: string } | { removed: string };

/** The names of the PPP secrets of routers, as they were last read: callbacks of users who belong to no service. */
export interface SecretNames {
  has(routerId: string, name: string): boolean;
  note(routerId: string, change: NamesChange): void;
  /** Reads the names anew where that was not done within the last seconds. Settles soon, whatever the routers do. */
  refresh(routerIds: Iterable<string>): Promise<void>;
  forget(routerId: string): void;
}

interface Known {
  names: Set<string>;
  /** No reading before this moment. */
  freshUntil: number;
  reading: Promise<void> | null;
}

const READ_WITHIN_MS = 1_500;

export function makeSecretNames({ fleet, onRead, freshMs = 5_000 }: { fleet: Pick<RouterFleet, 'link'>; onRead?: () => void; freshMs?: number }): SecretNames {
  const routers = new Map<string, Known>();

  const known = (routerId: string): Known => {
    const found = routers.get(routerId) ?? { names: new Set<string>(), freshUntil: 0, reading: null };
    routers.set(routerId, found);
    return found;
  };

  const read = async (routerId: string, entry: Known): Promise<void> => {
    const session = fleet.link(routerId)?.connection.current();
    if (!session) return;
    onRead?.();
    const rows = await session.print('/ppp/secret', { proplist: ['name'], timeoutMs: READ_WITHIN_MS }).catch(() => null);
    // A router that does not answer: what was known stays.
    if (rows) entry.names = new Set(rows.map((row) => row['name'] ?? ''));
  };

  return {
    has: (routerId, name) => routers.get(routerId)?.names.has(name) ?? false,
    note(routerId, change) {
      // Nothing is kept of routers from which no callback has come.
      const entry = routers.get(routerId);
      if (!entry) return;
      if ('all' in change) {
        entry.names = new Set(change.all);
        entry.freshUntil = performance.now() + freshMs;
      } else if ('added' in change) entry.names.add(change.added);
      else entry.names.delete(change.removed);
    },
    async refresh(routerIds) {
      await Promise.all(
        [...routerIds].map((routerId) => {
          const entry = known(routerId);
          if (entry.reading) return entry.reading;
          if (entry.freshUntil > performance.now()) return undefined;
          entry.reading = read(routerId, entry).finally(() => {
            entry.reading = null;
            entry.freshUntil = performance.now() + freshMs;
          });
          return entry.reading;
        }),
      );
    },
    forget: (routerId) => void routers.delete(routerId),
  };
}
