import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, count, eq, getTableColumns, isNull } from '#kernel/db/drizzle.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { apiKeys, tenants } from '../tables.ts';
import type { ApiKey } from './api-key.ts';

export type ApiKeyQuery = ListQuery<never, never>;

const { tenantId: _owner, hash: _hash, ...columns } = getTableColumns(apiKeys);

/** As the system: a key of a tenant that may be worked in. */
export async function byHash(tx: Tx, hash: string): Promise<(ApiKey & { tenantId: string }) | undefined> {
  const [row] = await tx
    .select({ ...columns, tenantId: apiKeys.tenantId })
    .from(apiKeys)
    .innerJoin(tenants, eq(tenants.id, apiKeys.tenantId))
    .where(and(eq(apiKeys.hash, hash), eq(tenants.active, true), isNull(tenants.removedAt)));
  return row;
}

/** For a change: nobody else changes it until the transaction ends. */
export async function lock(tx: Tx, id: string): Promise<ApiKey | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await tx.select(columns).from(apiKeys).where(eq(apiKeys.id, id)).for('update');
  return row;
}

export function list(db: SubgraphDatabase, tenantId: string, query: ApiKeyQuery): Promise<ConnectionValue<ApiKey>> {
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: {},
    id: apiKeys.id,
    rows: (tx, page) =>
      tx
        .select(columns)
        .from(apiKeys)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: async (tx) => (await tx.select({ total: count() }).from(apiKeys))[0]!.total,
  });
}

export async function insert(tx: Tx, tenantId: string, apiKey: ApiKey, hash: string): Promise<void> {
  await tx.insert(apiKeys).values({ ...apiKey, tenantId, hash });
}

export async function revoke(tx: Tx, { id, revokedAt }: ApiKey): Promise<void> {
  await tx.update(apiKeys).set({ revokedAt }).where(eq(apiKeys.id, id));
}
