import type { Tx } from './database.ts';
import { bigint, type PgSchema, primaryKey, sql, text, uuid } from './drizzle.ts';
import { statement } from './statement.ts';

/**
 * Counters of people-facing numbers, one row per tenant and kind. The migration that makes the table:
 *
 *     create table <schema>.counters (tenant_id uuid not null, name text not null, value bigint not null, primary key (tenant_id, name));
 */
export function counterTable<Name extends string>(schema: PgSchema<Name>) {
  return schema.table(
    'counters',
    { tenantId: uuid('tenant_id').notNull(), name: text('name').notNull(), value: bigint('value', { mode: 'number' }).notNull() },
    (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
  );
}

/**
 * The next number of a kind in a tenant: 1, 2, 3 … A counter of its own per tenant, because a shared sequence would tell
 * each tenant how the others grow. The row stays locked until the transaction ends: call it late.
 */
export async function nextNumber(tx: Tx, table: ReturnType<typeof counterTable>, tenantId: string, name: string): Promise<number> {
  let next = statements.get(table);
  if (!next) statements.set(table, (next = nextOf(table)));
  const [row] = await next(tx, { tenantId, name });
  return row!.value;
}

const statements = new WeakMap<ReturnType<typeof counterTable>, ReturnType<typeof nextOf>>();

const nextOf = (table: ReturnType<typeof counterTable>) =>
  statement((db, value) =>
    db
      .insert(table)
      .values({ tenantId: value('tenantId'), name: value('name'), value: 1 })
      .onConflictDoUpdate({ target: [table.tenantId, table.name], set: { value: sql`${table.value} + 1` } })
      .returning({ value: table.value }),
  );
