import { createHash, timingSafeEqual } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { canonicalAddress } from './source-address.ts';

/** A router from which callbacks may come. */
export interface SourceRouter {
  id: string;
  tenantId: string;
  host: string;
  /** SHA-256 of its callback secret; null when it has none. */
  secretHash: string | null;
}

/** Who may have sent a callback. Known for some seconds, so that a burst costs one reading. */
export interface CallbackSources {
  /** Looks from whichever is known now; read it once for a batch. */
  snapshot(): Promise<SourceSnapshot>;
  /** A router came, went or got another address or secret. */
  forget(): void;
}

export interface SourceSnapshot {
  /** The routers at an address, or the one whose secret it is; none: a stranger. The oldest first. */
  of(callback: { sourceAddress: string; callbackSecret?: string | null }): readonly SourceRouter[];
}

export interface CallbackSourcesOptions {
  list: () => Promise<SourceRouter[]>;
  /** All addresses of a host name. Default: the system's resolver. */
  resolve?: (host: string) => Promise<string[]>;
  /** Default 5000. */
  ttlMs?: number;
}

const RESOLVED_FOR_MS = 60_000;
const UNRESOLVED_FOR_MS = 10_000;
/** A name server that is slower does not hold callbacks up: the name counts from the next reading on. */
const RESOLVE_WITHIN_MS = 500;

export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export function makeCallbackSources({ list, resolve = systemResolve, ttlMs = 5_000 }: CallbackSourcesOptions): CallbackSources {
  /** By host name. */
  const resolved = new Map<string, { addresses: string[]; until: number; looking: Promise<void> | null }>();
  let known: { snapshot: Promise<SourceSnapshot>; until: number } | undefined;

  const look = (host: string): Promise<void> => {
    const entry = resolved.get(host) ?? { addresses: [], until: 0, looking: null };
    resolved.set(host, entry);
    // One that takes long is waited for once, not by every reading.
    if (entry.looking || entry.until > performance.now()) return Promise.resolve();
    entry.looking = resolve(host)
      .then(
        (addresses) => Object.assign(entry, { addresses: addresses.map(canonicalAddress).filter((address) => address !== null), until: performance.now() + RESOLVED_FOR_MS }),
        // What was known stays until the name server knows better.
        () => Object.assign(entry, { until: performance.now() + UNRESOLVED_FOR_MS }),
      )
      .then(() => void (entry.looking = null));
    return entry.looking;
  };

  const read = async (): Promise<SourceSnapshot> => {
    const routers = await list();
    const names = new Set(routers.map(({ host }) => host).filter((host) => isIP(host) === 0));
    for (const host of resolved.keys()) if (!names.has(host)) resolved.delete(host);
    await within(RESOLVE_WITHIN_MS, Promise.all([...names].map(look)));
    const byAddress = new Map<string, SourceRouter[]>();
    const byHash = new Map<string, SourceRouter>();
    for (const router of routers) {
      const literal = canonicalAddress(router.host);
      for (const address of literal ? [literal] : (resolved.get(router.host)?.addresses ?? [])) {
        const there = byAddress.get(address);
        if (there) there.push(router);
        else byAddress.set(address, [router]);
      }
      if (router.secretHash) byHash.set(router.secretHash, router);
    }
    return {
      of({ sourceAddress, callbackSecret }) {
        if (callbackSecret) {
          // Found by a hash of what was sent, which nobody can steer; equal is what is equal in constant time.
          const hash = hashSecret(callbackSecret);
          const router = byHash.get(hash);
          if (router && timingSafeEqual(Buffer.from(router.secretHash!), Buffer.from(hash))) return [router];
        }
        return byAddress.get(canonicalAddress(sourceAddress) ?? '') ?? [];
      },
    };
  };

  return {
    snapshot() {
      if (known && known.until > performance.now()) return known.snapshot;
      const reading = { snapshot: read(), until: performance.now() + ttlMs };
      known = reading;
      reading.snapshot.catch(() => {
        if (known === reading) known = undefined;
      });
      return reading.snapshot;
    },
    forget() {
      known = undefined;
    },
  };
}

async function systemResolve(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Waits for `work`, but not longer. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
