import { invalidField } from '#kernel/errors.ts';
import type { checkedPage, ConnectionValue } from '#kernel/graphql/connection.ts';
import type { Tx } from './database.ts';
import type { PgColumn } from './drizzle.ts';
import { keysetPage, PagingError, type Keyset, type KeysetOptions, type OrderBy } from './keyset.ts';

/** What a list resolver hands on: which page of which rows in which order. */
export interface ListQuery<Filter, Field extends string> {
  page: ReturnType<typeof checkedPage>;
  filter?: Filter | null;
  orderBy?: ReadonlyArray<OrderBy<Field>> | null;
}

export interface ListOptions<Row, Field extends string> {
  /** Enters the database: `(work) => db.read(tenantId, work)`. */
  run: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  query: ListQuery<unknown, Field>;
  /** What the list may be sorted by; the keys are properties of the rows. */
  columns: Record<Field, PgColumn>;
  id: PgColumn;
  /** The page's rows: and its `where`, its `orderBy`, its `limit` and its `offset` to the list's own statement. */
  rows: (tx: Tx, page: Keyset) => Promise<Row[]>;
  /** How many rows match in all; runs only when `totalCount` was asked for. */
  count: (tx: Tx) => Promise<number>;
}

/** A page of a list as the graph answers it. @throws VALIDATION_ERROR naming `after`, `offset` or `orderBy`. */
export async function listConnection<Row extends { id: string }, Field extends string>({ run, query, columns, id, rows, count }: ListOptions<Row, Field>): Promise<ConnectionValue<Row>> {
  const keyset = pageOf({ columns, id, orderBy: query.orderBy, ...query.page });
  const page = await run(async (tx) => keyset.toPage(await rows(tx, keyset)));
  return { ...page, totalCount: () => run(count) };
}

/** `keysetPage` with its errors in the graph's form. */
export function pageOf<Field extends string>(options: KeysetOptions<Field>): Keyset {
  try {
    return keysetPage(options);
  } catch (error) {
    if (error instanceof PagingError) throw invalidField(error.field, 'INVALID_FORMAT', error.message);
    throw error;
  }
}
