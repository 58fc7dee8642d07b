import DataLoader from 'dataloader';
import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { isUuid } from '#kernel/ids.ts';

/**
 * A loader of rows by id: one statement for all ids of one tick, null for an id that leads nowhere (also one that is no
 * UUID, which PostgreSQL would refuse to compare).
 */
export function loaderById<Row extends { id: string }>(load: (ids: string[]) => Promise<Row[]>): DataLoader<string, Row | null> {
  return new DataLoader<string, Row | null>(async (ids) => {
    const wanted = ids.filter(isUuid);
    const rows = wanted.length > 0 ? await load(wanted) : [];
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
  });
}

/** A loader of what belongs to a key: `none` for a key of which nothing was found. */
export function loaderByKey<Value>(load: (keys: string[]) => Promise<Map<string, Value>>, none: () => Value): DataLoader<string, Value> {
  return new DataLoader<string, Value>(async (keys) => {
    const wanted = keys.filter(isUuid);
    const found = wanted.length > 0 ? await load(wanted) : new Map<string, Value>();
    return keys.map((key) => found.get(key.toLowerCase()) ?? none());
  });
}

/**
 * A loader of what belongs to tenants: one statement for all of them for a super admin; everybody else reaches his own tenant
 * alone, whatever he asks for.
 */
export function loaderByTenant<Value>(
  { db, principal }: { db: SubgraphDatabase; principal: Pick<Principal, 'superAdmin' | 'tenantId'> },
  load: (tx: Tx, tenantIds: string[]) => Promise<Map<string, Value>>,
  none: () => Value,
): DataLoader<string, Value> {
  return loaderByKey<Value>((ids) => (principal.superAdmin ? db.system((tx) => load(tx, ids)) : db.read(tenantOf(principal), (tx) => load(tx, ids))), none);
}
