import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, eq, sql } from '#kernel/db/drizzle.ts';
import { matchesText, occursIn } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { accesses, routers } from '../tables.ts';
import type { TlsMode } from './router-address.ts';
import type { RouterSpec } from './router-fleet.ts';
import type { LastSeen } from './router-status.ts';
import type { Router } from './router.ts';
import type { RouterFilter, RouterOrderField, RouterTlsMode } from './router.type.ts';

/** What a list asks for. */
export type RouterQuery = ListQuery<RouterFilter, RouterOrderField>;

type Row = typeof routers.$inferSelect;

function toRouter(row: Row): Router {
  return {
    id: row.id,
    tenantId: row.tenantId,
    name: row.name,
    host: row.host,
    port: row.port,
    username: row.username,
    passwordSealed: row.passwordSealed,
    site: row.site,
    tls: { mode: row.tlsMode as RouterTlsMode, fingerprint: row.tlsFingerprint },
    active: row.active,
    seen: { reachable: row.seenReachable, reason: row.seenReason, reasonCode: row.seenReasonCode, version: row.seenVersion, identity: row.seenIdentity, at: row.seenAt },
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function toColumns(router: Router) {
  return {
    name: router.name,
    host: router.host,
    port: router.port,
    username: router.username,
    passwordSealed: router.passwordSealed,
    site: router.site,
    tlsMode: router.tls.mode as TlsMode,
    tlsFingerprint: router.tls.fingerprint,
    active: router.active,
    updatedAt: router.updatedAt,
  };
}

/** How many routers tenants have, by tenant. */
export async function countsOfTenants(tx: Tx, tenantIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.select({ tenantId: routers.tenantId, total: sql<number>`count(*)::int` }).from(routers).where(anyOf(routers.tenantId, tenantIds)).groupBy(routers.tenantId);
  return new Map(rows.map(({ tenantId, total }) => [tenantId, total]));
}

/** Any tenant's, for the owner of their lines, the oldest first. */
export async function specsOf(tx: Tx, routerIds: readonly string[]): Promise<Array<{ spec: RouterSpec; seen: LastSeen }>> {
  const rows = await tx.select().from(routers).where(anyOf(routers.id, routerIds)).orderBy(routers.createdAt, routers.id);
  return rows.map((row) => {
    const router = toRouter(row);
    return { spec: specOf(router), seen: router.seen };
  });
}

export function specOf(router: Router): RouterSpec {
  return {
    id: router.id,
    tenantId: router.tenantId,
    host: router.host,
    port: router.port,
    username: router.username,
    passwordSealed: router.passwordSealed,
    tlsMode: router.tls.mode as TlsMode,
    tlsFingerprint: router.tls.fingerprint,
  };
}

export async function byIds(tx: Tx, ids: readonly string[]): Promise<Router[]> {
  if (ids.length === 0) return [];
  return (await tx.select().from(routers).where(anyOf(routers.id, ids))).map(toRouter);
}

export async function lock(tx: Tx, id: string): Promise<Router | undefined> {
  const [row] = await tx.select().from(routers).where(eq(routers.id, id)).for('update');
  return row && toRouter(row);
}

export async function active(tx: Tx): Promise<Router | undefined> {
  const [row] = await tx.select().from(routers).where(eq(routers.active, true));
  return row && toRouter(row);
}

export async function count(tx: Tx): Promise<number> {
  return tx.$count(routers);
}

export async function insert(tx: Tx, router: Router): Promise<void> {
  await tx.insert(routers).values({ id: router.id, tenantId: router.tenantId, createdAt: router.createdAt, ...toColumns(router) });
}

export async function update(tx: Tx, router: Router): Promise<void> {
  await tx.update(routers).set(toColumns(router)).where(eq(routers.id, router.id));
}

/** Makes one router of the tenant the active one. */
export async function activate(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.update(routers).set({ active: false, updatedAt: now }).where(and(eq(routers.active, true), sql`${routers.id} <> ${id}`));
  await tx.update(routers).set({ active: true, updatedAt: now }).where(and(eq(routers.id, id), eq(routers.active, false)));
}

export async function servicesUsing(tx: Tx, routerId: string): Promise<number> {
  return tx.$count(accesses, eq(accesses.routerId, routerId));
}

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.delete(routers).where(eq(routers.id, id));
}

/** Keeps an observation; false when the router is gone. */
export async function keepSeen(tx: Tx, id: string, seen: LastSeen): Promise<boolean> {
  const rows = await tx
    .update(routers)
    .set({ seenReachable: seen.reachable, seenReason: seen.reason, seenReasonCode: seen.reasonCode, seenVersion: seen.version, seenIdentity: seen.identity, seenAt: seen.at })
    .where(eq(routers.id, id))
    .returning({ id: routers.id });
  return rows.length > 0;
}

/** A page of the tenant's routers. */
export function list(db: SubgraphDatabase, tenantId: string, query: RouterQuery): Promise<ConnectionValue<Router>> {
  const { filter } = query;
  const where = and(
    occursIn([routers.name, routers.host, routers.site], filter?.search),
    matchesText(routers.name, filter?.name),
    matchesText(routers.site, filter?.site),
    filter?.reachable == null ? undefined : eq(routers.seenReachable, filter.reachable),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { name: routers.name, site: routers.site, createdAt: routers.createdAt },
    id: routers.id,
    rows: async (tx, page) =>
      (
        await tx
          .select()
          .from(routers)
          .where(and(where, page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit)
          .offset(page.offset)
      ).map(toRouter),
    count: (tx) => tx.$count(routers, where),
  });
}
