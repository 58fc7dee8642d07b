/** Addresses taken from /ip/pool, seen in /ip/pool/used. */

import type { Row, Table } from './table.ts';
import { formatAddress, parseRanges } from './values.ts';

export interface Lease {
  address: string;
  release(): void;
}

interface Pool {
  text: string;
  ranges: [number, number][];
  capacity: number;
  used: Set<number>;
  /** Where the search for a free address goes on: freed addresses come round late, as on the router. */
  cursor: number;
}

/** Gives addresses of a pool and, when it is empty, of its next-pool. */
export function makeAddressPools(pools: Table, used: Table): { take(pool: string, owner: string): Lease | undefined } {
  const state = new Map<string, Pool>();

  const poolOf = (row: Row): Pool => {
    const text = row.values.ranges ?? '';
    const known = state.get(row.id);
    if (known && known.text === text) return known;
    const ranges = parseRanges(text) ?? [];
    const pool: Pool = {
      text,
      ranges,
      capacity: ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0),
      used: known?.used ?? new Set(),
      cursor: 0,
    };
    state.set(row.id, pool);
    return pool;
  };
  const nth = (pool: Pool, index: number): number => {
    let rest = index;
    for (const [first, last] of pool.ranges) {
      const size = last - first + 1;
      if (rest < size) return first + rest;
      rest -= size;
    }
    return NaN;
  };

  return {
    take(name, owner) {
      const seen = new Set<string>();
      for (let row = pools.byKey(name); row && !seen.has(row.id); row = pools.byKey(row.values['next-pool'] ?? '')) {
        seen.add(row.id);
        const pool = poolOf(row);
        for (let tries = 0; tries < pool.capacity && pool.used.size < pool.capacity; tries += 1) {
          const number = nth(pool, pool.cursor % pool.capacity);
          pool.cursor += 1;
          if (pool.used.has(number)) continue;
          pool.used.add(number);
          const address = formatAddress(number);
          const entry = used.add({ pool: row.values.name ?? '', address, owner: 'PPP', info: owner }, { dynamic: true });
          return {
            address,
            release() {
              pool.used.delete(number);
              used.remove(entry);
            },
          };
        }
      }
      return undefined;
    },
  };
}
