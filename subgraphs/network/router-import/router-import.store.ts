import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, asc, eq, inArray, isNotNull, isNull, lt, notInArray, or, sql, type SQL } from '#kernel/db/drizzle.ts';
import { occursIn } from '#kernel/db/filtering.ts';
import { listConnection, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { accesses, departures, routerImportItems, routerImports } from '../tables.ts';
import type { ItemKind, ProposedPlan, Treatment } from './proposal.ts';
import type { ImportCounts, ImportState, ItemState, RouterImport, RouterImportItem } from './router-import.ts';

/** The channel on which the change of an import is told; its payload is the import's id. */
export const IMPORT_CHANNEL = 'network_import';

export type ImportQuery = ListQuery<{ routerId?: string | null; state?: ImportState | null }, 'createdAt'>;
export type ItemQuery = ListQuery<{ kind?: ItemKind | null; treatment?: Treatment | null; state?: ItemState | null; search?: string | null }, 'position'>;

/** Rows an insert holds: fewer values than a statement may have parameters. */
const CHUNK = 500;

export async function byIds(tx: Tx, ids: readonly string[]): Promise<RouterImport[]> {
  return tx.select().from(routerImports).where(anyOf(routerImports.id, ids));
}

export async function lock(tx: Tx, id: string): Promise<RouterImport | undefined> {
  const [row] = await tx.select().from(routerImports).where(eq(routerImports.id, id)).for('update');
  return row;
}

export async function insert(tx: Tx, row: RouterImport): Promise<boolean> {
  const made = await tx.insert(routerImports).values(row).onConflictDoNothing().returning({ id: routerImports.id });
  return made.length > 0;
}

/** Changes an import, and tells of it. */
export async function update(tx: Tx, id: string, changes: Partial<Omit<RouterImport, 'id' | 'tenantId' | 'version'>> = {}): Promise<RouterImport> {
  const [row] = await tx
    .update(routerImports)
    .set({ ...changes, version: sql`${routerImports.version} + 1` })
    .where(eq(routerImports.id, id))
    .returning();
  await tx.execute(sql`select pg_notify(${IMPORT_CHANNEL}, ${id})`);
  return row!;
}

export function list(db: SubgraphDatabase, tenantId: string, query: ImportQuery): Promise<ConnectionValue<RouterImport>> {
  const { filter } = query;
  const where = and(filter?.routerId ? eq(routerImports.routerId, filter.routerId) : undefined, filter?.state ? eq(routerImports.state, filter.state) : undefined);
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { createdAt: routerImports.createdAt },
    id: routerImports.id,
    rows: (tx, page) => tx.select().from(routerImports).where(and(where, page.where)).orderBy(...page.orderBy).limit(page.limit).offset(page.offset),
    count: (tx) => tx.$count(routerImports, where),
  });
}

/** The items of an import, in the router's order. */
export function listItems(db: SubgraphDatabase, tenantId: string, importId: string, query: ItemQuery): Promise<ConnectionValue<RouterImportItem>> {
  const { filter } = query;
  const where = and(
    eq(routerImportItems.importId, importId),
    filter?.kind ? eq(routerImportItems.kind, filter.kind) : undefined,
    filter?.treatment ? eq(routerImportItems.treatment, filter.treatment) : undefined,
    filter?.state ? eq(routerImportItems.state, filter.state) : undefined,
    occursIn([routerImportItems.name, routerImportItems.customerName], filter?.search),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query: { ...query, orderBy: query.orderBy?.length ? query.orderBy : [{ field: 'position', direction: 'ASC' }] },
    columns: { position: routerImportItems.position },
    id: routerImportItems.id,
    rows: (tx, page) => tx.select().from(routerImportItems).where(and(where, page.where)).orderBy(...page.orderBy).limit(page.limit).offset(page.offset),
    count: (tx) => tx.$count(routerImportItems, where),
  });
}

export async function itemsByIds(tx: Tx, ids: readonly string[]): Promise<RouterImportItem[]> {
  return tx.select().from(routerImportItems).where(anyOf(routerImportItems.id, ids));
}

export async function lockItem(tx: Tx, id: string): Promise<RouterImportItem | undefined> {
  const [row] = await tx.select().from(routerImportItems).where(eq(routerImportItems.id, id)).for('update');
  return row;
}

export async function insertItems(tx: Tx, rows: readonly RouterImportItem[]): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK) await tx.insert(routerImportItems).values(rows.slice(at, at + CHUNK));
}

export async function updateItem(tx: Tx, id: string, changes: Partial<Omit<RouterImportItem, 'id' | 'tenantId' | 'importId'>>): Promise<RouterImportItem> {
  const [row] = await tx.update(routerImportItems).set(changes).where(eq(routerImportItems.id, id)).returning();
  return row!;
}

/** Secrets that follow the plan of a profile, as far as they have not been begun: one statement however many (see `treatmentOf`). */
export async function followPlan(tx: Tx, profileItemId: string, plan: ProposedPlan | null): Promise<void> {
  const { owned, excluded, problems, state, planChosen } = routerImportItems;
  const skipped = plan === null ? sql`true` : sql`${excluded} or ${problems} @> '[{"blocks": true}]'::jsonb`;
  await tx
    .update(routerImportItems)
    .set({ plan, treatment: sql`case when ${owned} then 'OWNED' when ${skipped} then 'SKIP' else 'ADOPT' end` })
    .where(and(eq(routerImportItems.profileItemId, profileItemId), eq(planChosen, false), notInArray(state, ['RUNNING', 'DONE'])));
}

/** The plan of a profile and all that follows it: it has been made. */
export async function planMade(tx: Tx, profileItemId: string, plan: ProposedPlan): Promise<void> {
  const withoutId = sql`${routerImportItems.plan} ->> 'id' is null`;
  await tx.update(routerImportItems).set({ plan, treatment: 'USE_PLAN' }).where(and(eq(routerImportItems.id, profileItemId), withoutId));
  await tx.update(routerImportItems).set({ plan }).where(and(eq(routerImportItems.profileItemId, profileItemId), eq(routerImportItems.planChosen, false), withoutId));
}

export async function running(tx: Tx, importId: string): Promise<RouterImportItem[]> {
  return tx
    .select()
    .from(routerImportItems)
    .where(and(eq(routerImportItems.importId, importId), eq(routerImportItems.state, 'RUNNING')))
    .orderBy(asc(routerImportItems.position));
}

/** The next that are to be taken over. The import must be locked. */
export async function open(tx: Tx, importId: string, limit: number): Promise<RouterImportItem[]> {
  return tx.select().from(routerImportItems).where(and(eq(routerImportItems.importId, importId), isOpen())).orderBy(asc(routerImportItems.position)).limit(limit);
}

/** What failed or had changed is tried again. */
export async function reopen(tx: Tx, importId: string): Promise<void> {
  await tx
    .update(routerImportItems)
    .set({ state: 'OPEN', outcomeCode: null, outcomeMessage: null, runId: null, customerId: null, serviceId: null, finishedAt: null })
    .where(and(eq(routerImportItems.importId, importId), inArray(routerImportItems.state, ['FAILED', 'SKIPPED']), eq(routerImportItems.treatment, 'ADOPT')));
}

export async function hasOpen(tx: Tx, importId: string): Promise<boolean> {
  const [row] = await tx.select({ id: routerImportItems.id }).from(routerImportItems).where(and(eq(routerImportItems.importId, importId), or(isOpen(), eq(routerImportItems.state, 'RUNNING')))).limit(1);
  return row !== undefined;
}

function isOpen(): SQL | undefined {
  return and(eq(routerImportItems.state, 'OPEN'), eq(routerImportItems.treatment, 'ADOPT'));
}

/** User names that services have on a router, or have not given up there yet. */
export async function takenNames(tx: Tx, routerId: string): Promise<Set<string>> {
  const [names, left] = await Promise.all([
    tx.select({ name: accesses.username, secretName: accesses.secretName }).from(accesses).where(eq(accesses.routerId, routerId)),
    tx.select({ name: departures.username }).from(departures).where(eq(departures.routerId, routerId)),
  ]);
  return new Set([...names.flatMap(({ name, secretName }) => [name, ...(secretName === null ? [] : [secretName])]), ...left.map(({ name }) => name)]);
}

/** Passwords of proposals that nobody can apply any more are forgotten. */
export async function forgetPasswords(tx: Tx, now: Date): Promise<void> {
  const expired = tx.select({ id: routerImports.id }).from(routerImports).where(and(lt(routerImports.expiresAt, now), notInArray(routerImports.state, ['APPLYING', 'CANCELLING'])));
  await tx
    .update(routerImportItems)
    .set({ passwordSealed: null })
    .where(and(isNotNull(routerImportItems.passwordSealed), or(inArray(routerImportItems.importId, expired), and(isNull(routerImportItems.importId), isNotNull(routerImportItems.finishedAt)))));
}

/** How many items of each kind there are, by import: one statement however many imports. */
export async function counts(tx: Tx, importIds: readonly string[]): Promise<Map<string, ImportCounts>> {
  const { kind, treatment, state } = routerImportItems;
  const count = (condition: SQL | undefined) => sql<number>`count(*) filter (where ${condition})::int`;
  const secret = (by: SQL | undefined) => count(and(eq(kind, 'SECRET'), by));
  const rows = await tx
    .select({
      importId: routerImportItems.importId,
      profiles: count(eq(kind, 'PROFILE')),
      secrets: count(eq(kind, 'SECRET')),
      pools: count(eq(kind, 'POOL')),
      createPlans: count(eq(treatment, 'CREATE_PLAN')),
      usePlans: count(eq(treatment, 'USE_PLAN')),
      adopt: secret(eq(treatment, 'ADOPT')),
      owned: secret(eq(treatment, 'OWNED')),
      skip: secret(eq(treatment, 'SKIP')),
      withoutPassword: secret(and(eq(treatment, 'ADOPT'), isNull(routerImportItems.passwordFingerprint))),
      online: secret(and(eq(treatment, 'ADOPT'), eq(routerImportItems.online, true))),
      open: secret(isOpen()),
      running: secret(eq(state, 'RUNNING')),
      done: secret(eq(state, 'DONE')),
      skipped: secret(eq(state, 'SKIPPED')),
      failed: secret(eq(state, 'FAILED')),
    })
    .from(routerImportItems)
    .where(anyOf(routerImportItems.importId, importIds))
    .groupBy(routerImportItems.importId);
  return new Map(rows.map(({ importId, ...rest }) => [importId!, rest]));
}
