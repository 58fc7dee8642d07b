/**
 * A bounded cache: the entry that has not been read for longest goes first; an entry may also end by age. Bounded because
 * what clients send (query texts, tokens) is the key.
 */
export interface Lru<K, V> {
  get(key: K): V | undefined;
  /** `expiresAt` in milliseconds since the epoch; without it only the bound removes the entry. */
  set(key: K, value: V, expiresAt?: number): void;
  delete(key: K): void;
  readonly size: number;
}

export function makeLru<K, V>(max: number, now: () => number = Date.now): Lru<K, V> {
  // A Map keeps insertion order: re-inserting on read makes the first key the least recently used one.
  const entries = new Map<K, { value: V; expiresAt: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      if (entry.expiresAt <= now()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, expiresAt = Infinity) {
      entries.delete(key);
      entries.set(key, { value, expiresAt });
      if (entries.size > max) entries.delete(entries.keys().next().value as K);
    },
    delete(key) {
      entries.delete(key);
    },
    get size() {
      return entries.size;
    },
  };
}
