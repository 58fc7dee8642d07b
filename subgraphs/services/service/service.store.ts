import { anyOf } from '#kernel/db/columns.ts';
import type { SubgraphDatabase, Tx } from '#kernel/db/database.ts';
import { and, asc, count, eq, getTableColumns, gt, inArray, lte, ne, sql } from '#kernel/db/drizzle.ts';
import { insertOf, statement, updateOf } from '#kernel/db/statement.ts';
import { withinTime } from '#kernel/db/filtering.ts';
import { listConnection, pageOf, type ListQuery } from '#kernel/db/list.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid } from '#kernel/ids.ts';
import { plans, services } from '../tables.ts';
import type { Service } from './service.ts';
import { ServiceStatus, type ServiceFilter, type ServiceOrderField } from './service.type.ts';

export type ServiceQuery = ListQuery<ServiceFilter, ServiceOrderField>;

const { tenantId: _owner, ...columns } = getTableColumns(services);

export async function byIds(tx: Tx, ids: string[]): Promise<Service[]> {
  return withIds(tx, { ids: ids.filter(isUuid) });
}

const withIds = statement((db, value) => db.select(columns).from(services).where(sql`${services.id} = any(${value('ids')}::uuid[])`));

/** For a change: nobody else changes it until the transaction ends. */
export async function lock(tx: Tx, id: string): Promise<Service | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await locked(tx, { id });
  return row;
}

const locked = statement((db, value) => db.select(columns).from(services).where(eq(services.id, value('id'))).for('update'));

export function list(db: SubgraphDatabase, tenantId: string, query: ServiceQuery): Promise<ConnectionValue<Service>> {
  const { filter } = query;
  const where = and(
    filter?.ids ? anyOf(services.id, filter.ids.filter(isUuid)) : undefined,
    filter?.statuses ? inArray(services.status, filter.statuses) : undefined,
    filter?.customerIds ? anyOf(services.customerId, filter.customerIds.filter(isUuid)) : undefined,
    filter?.billingDay == null ? undefined : eq(services.billingDay, filter.billingDay),
    filter?.status ? eq(services.status, filter.status) : undefined,
    filter?.customerId ? eq(services.customerId, filter.customerId) : undefined,
    filter?.planId ? (isUuid(filter.planId) ? eq(services.planId, filter.planId) : sql`${services.planId} in (select ${plans.id} from ${plans} where ${plans.code} = ${filter.planId})`) : undefined,
    withinTime(services.createdAt, filter?.createdAt),
  );
  return listConnection({
    run: (work) => db.read(tenantId, work),
    query,
    columns: { createdAt: services.createdAt, number: services.number },
    id: services.id,
    rows: (tx, page) =>
      tx
        .select(columns)
        .from(services)
        .where(and(where, page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .offset(page.offset),
    count: async (tx) => (await tx.select({ total: count() }).from(services).where(where))[0]!.total,
  });
}

/** One page of services for each of many customers, oldest first, in one statement. */
export async function pagesOfCustomers(tx: Tx, customerIds: string[], page: ServiceQuery['page']): Promise<Map<string, Omit<ConnectionValue<Service>, 'totalCount'>>> {
  const keyset = pageOf({ columns: {}, id: services.id, ...page });
  const ranked = tx
    .select({ ...columns, rank: sql<string>`row_number() over (partition by ${services.customerId} order by ${services.id})`.as('rank') })
    .from(services)
    .where(and(anyOf(services.customerId, customerIds), keyset.where))
    .as('ranked');
  const rows = await tx
    .select()
    .from(ranked)
    .where(and(gt(ranked.rank, sql`${keyset.offset}`), lte(ranked.rank, sql`${keyset.offset + keyset.limit}`)))
    .orderBy(asc(ranked.id));
  const ofCustomer = new Map<string, Service[]>(customerIds.map((id) => [id.toLowerCase(), []]));
  for (const { rank: _rank, ...service } of rows) ofCustomer.get(service.customerId)?.push(service);
  return new Map([...ofCustomer].map(([customerId, found]) => [customerId, keyset.toPage(found)]));
}

export async function countsOfCustomers(tx: Tx, customerIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.select({ customerId: services.customerId, total: count() }).from(services).where(anyOf(services.customerId, customerIds)).groupBy(services.customerId);
  return new Map(rows.map(({ customerId, total }) => [customerId, total]));
}

/** How many services tenants have that have not ended, by tenant. */
export async function countsOfTenants(tx: Tx, tenantIds: string[]): Promise<Map<string, number>> {
  const rows = await tx
    .select({ tenantId: services.tenantId, total: count() })
    .from(services)
    .where(and(anyOf(services.tenantId, tenantIds), ne(services.status, ServiceStatus.TERMINATED)))
    .groupBy(services.tenantId);
  return new Map(rows.map(({ tenantId, total }) => [tenantId, total]));
}

export async function insert(tx: Tx, tenantId: string, service: Service): Promise<void> {
  await insertService(tx, { ...service, tenantId });
}

const insertService = insertOf(services);

export async function update(tx: Tx, { id, number: _number, customerId: _customer, runId: _run, createdAt: _created, ...changes }: Service): Promise<void> {
  await updateService(tx, { id }, changes);
}

const updateService = updateOf(services, (value) => eq(services.id, value('id')));

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.delete(services).where(eq(services.id, id));
}
