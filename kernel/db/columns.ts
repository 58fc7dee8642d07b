import { uuidv7 } from '#kernel/ids.ts';
import { bigint, customType, sql, type SQL, type SQLWrapper, timestamp, uuid } from './drizzle.ts';

/*
 * Columns that look the same in every subgraph. Each states its name in the database. They are functions: drizzle binds a
 * column to the table it is used in.
 */

/** Primary key: a UUIDv7 made here, never by the server (PostgreSQL 15 has none). */
export const id = () => uuid('id').primaryKey().$defaultFn(() => uuidv7());

/** The tenant that owns the row; the table needs the row-level security of kernel/db/README.md. */
export const tenantId = () => uuid('tenant_id').notNull();

/**
 * An instant, to the millisecond and no finer: JavaScript's Date holds no more, and a keyset cursor made from a Date would
 * skip the rows in between.
 */
export const instant = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: 'date' });

export const createdAt = () => instant('created_at').notNull().default(sql`now()`);

export const updatedAt = () =>
  instant('updated_at')
    .notNull()
    .default(sql`now()`)
    .$onUpdateFn(() => sql`now()`);

/** Money in minor units; its currency stands in a column beside it. */
export const minorUnits = (name: string) => bigint(name, { mode: 'bigint' });

/** An address or network (`inet`), as text. */
export const inet = customType<{ data: string; driverData: string }>({ dataType: () => 'inet' });

/** Bytes (`bytea`), for sealed secrets and hashes. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

/**
 * `column = any(list)`: one statement however long the list is. `inArray` writes one parameter a value, and every length is
 * another prepared statement.
 */
export function anyOf(column: SQLWrapper & { getSQLType(): string }, values: readonly string[]): SQL {
  return sql`${column} = any(${sql.param([...values])}::${sql.raw(column.getSQLType())}[])`;
}
