import type { Tx } from '#kernel/db/database.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { accesses, departures } from '../tables.ts';

/** The services whose secrets have these names on these routers, in the order of `keys`; null where the secret is not ours. */
export async function servicesOf(tx: Tx, keys: ReadonlyArray<{ routerId: string; name: string }>): Promise<Array<string | null>> {
  const rows = await tx.execute<{ place: number; service: string }>(sql`
    select k.place::int as place, a.service_id as service
      from unnest(${sql.param(keys.map((key) => key.routerId))}::uuid[], ${sql.param(keys.map((key) => key.name))}::text[]) with ordinality as k (router_id, name, place)
      join (select tenant_id, service_id, router_id, username from ${accesses}
            union all select tenant_id, service_id, router_id, username from ${departures}) a on a.router_id = k.router_id and a.username = k.name`);
  const found = keys.map((): string | null => null);
  for (const { place, service } of rows) found[place - 1] = service;
  return found;
}
