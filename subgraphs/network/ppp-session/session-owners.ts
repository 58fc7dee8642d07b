import DataLoader from 'dataloader';
import { makeLru } from '#kernel/lru.ts';

/** Which of our services a PPP session belongs to. */
export interface SessionOwners {
  /** The service whose secret has this name on this router; null when the secret is not ours. */
  load(key: OwnerKey): Promise<string | null>;
  /** A secret of ours came, went or changed its service. Call after the commit. */
  forget(key: OwnerKey): void;
  /** What the database tells of every change, by whatever process: `[tenant, router, name]`, or nothing when something may have been missed. */
  heard(payload: string): void;
}

export interface OwnerKey {
  tenantId: string;
  routerId: string;
  /** PPP user name. */
  name: string;
}

export interface SessionOwnersOptions {
  /** The services of many sessions of one tenant, in one statement; null where there is none. */
  read: (tenantId: string, keys: ReadonlyArray<Omit<OwnerKey, 'tenantId'>>) => Promise<Array<string | null>>;
  /** Sessions remembered. Default 50,000. */
  max?: number;
}

/** Sessions whose services are read by one statement. */
const BATCH = 1_000;

/**
 * Remembers the answers beyond one request: a session that comes up is shown to every subscriber of its router, and all
 * of them ask the same. Whichever process changes access, the database tells all of them what to forget.
 */
export function makeSessionOwners({ read, max = 50_000 }: SessionOwnersOptions): SessionOwners {
  const keyOf = ({ tenantId, routerId, name }: OwnerKey) => `${tenantId} ${routerId} ${name}`;
  const make = () => {
    const lru = makeLru<string, Promise<string | null>>(max);
    return new DataLoader<OwnerKey, string | null, string>(
      async (keys) => {
        const answers = new Map<OwnerKey, string | null | Error>();
        const byTenant = Map.groupBy(keys, (key) => key.tenantId);
        await Promise.all(
          [...byTenant].map(async ([tenantId, ofTenant]) => {
            const found = await read(tenantId, ofTenant).catch((error: unknown) => error as Error);
            ofTenant.forEach((key, at) => answers.set(key, found instanceof Error ? found : found[at]!));
          }),
        );
        return keys.map((key) => answers.get(key)!);
      },
      {
        maxBatchSize: BATCH,
        cacheKeyFn: keyOf,
        cacheMap: { get: (key) => lru.get(key), set: (key, value) => lru.set(key, value), delete: (key) => lru.delete(key), clear: () => undefined },
      },
    );
  };
  let loader = make();

  return {
    load(key) {
      const from = loader;
      const answer = from.load(key);
      // A failure is not an answer: the next one asks again.
      answer.catch(() => from.clear(key));
      return answer;
    },
    forget: (key) => void loader.clear(key),
    heard(payload) {
      if (payload === '') {
        loader = make();
        return;
      }
      const [tenantId, routerId, name] = JSON.parse(payload) as [string, string, string];
      loader.clear({ tenantId, routerId, name });
    },
  };
}
