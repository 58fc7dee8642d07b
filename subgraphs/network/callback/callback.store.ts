import type { Tx } from '#kernel/db/database.ts';
import { eq, sql } from '#kernel/db/drizzle.ts';
import { accesses, callbackSecrets, routers } from '../tables.ts';
import type { SourceRouter } from './callback-sources.ts';

/** All routers of all tenants, the oldest first: where callbacks may come from. For the system role. */
export async function listSources(tx: Tx): Promise<SourceRouter[]> {
  return tx
    .select({ id: routers.id, tenantId: routers.tenantId, host: routers.host, secretHash: callbackSecrets.secretHash })
    .from(routers)
    .leftJoin(callbackSecrets, eq(callbackSecrets.routerId, routers.id))
    .orderBy(routers.createdAt, routers.id);
}

/** Which of these user names belong to services on which of these routers. For the system role: one statement for all tenants. */
export async function ownersOf(tx: Tx, candidates: readonly SourceRouter[], names: readonly string[]): Promise<Array<{ routerId: string; name: string }>> {
  const tenants = [...new Set(candidates.map(({ tenantId }) => tenantId))];
  const rows = await tx.execute<{ router: string; name: string }>(sql`
    select a.router_id as router, a.username as name
      from unnest(${sql.param([...names])}::text[]) as n (name)
      join ${accesses} a on a.username = n.name
     where a.tenant_id = any(${sql.param(tenants)}::uuid[]) and a.router_id = any(${sql.param(candidates.map(({ id }) => id))}::uuid[])`);
  return rows.map(({ router, name }) => ({ routerId: router, name }));
}

export async function keepSecret(tx: Tx, secret: typeof callbackSecrets.$inferInsert): Promise<void> {
  const { secretHash, rotatedAt } = secret;
  await tx.insert(callbackSecrets).values(secret).onConflictDoUpdate({ target: callbackSecrets.routerId, set: { secretHash, rotatedAt } });
}
