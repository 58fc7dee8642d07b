import { sql, type SQL } from './drizzle.ts';

/** What a column of a recordset is made of. Of `text` anything; of the others what PostgreSQL writes without quotes. */
type ColumnType = 'uuid' | 'date' | 'smallint' | 'integer' | 'bigint' | 'numeric' | 'text' | 'timestamptz' | 'jsonb';
type Cell = string | number | bigint | null;

/**
 * Rows as a table within a statement, `unnest(…) as <name>(<columns>)`: one array a column, of its type. For many rows at once: the
 * server reads them in less than half the time that `jsonb_to_recordset` takes.
 * @param columns by name: the type, and what stands in a row's cell.
 */
export function recordset<Row>(name: string, rows: readonly Row[], columns: Record<string, readonly [type: ColumnType, cell: (row: Row) => Cell]>): SQL {
  const arrays = Object.values(columns).map(([type, cell]) => sql`${arrayText(type, rows, cell)}::${sql.raw(type)}[]`);
  return sql`unnest(${sql.join(arrays, sql`, `)}) as ${sql.identifier(name)}(${sql.join(Object.keys(columns).map((column) => sql.identifier(column)), sql`, `)})`;
}

/** An array of the server's, as text: one cell a row. */
export function arrayText<Row>(type: ColumnType, rows: readonly Row[], cell: (row: Row) => Cell): string {
  const quoted = type === 'text' || type === 'timestamptz' || type === 'jsonb';
  let literal = '';
  for (const row of rows) {
    const value = cell(row);
    literal += `${literal === '' ? '' : ','}${value === null ? 'NULL' : quoted ? quote(String(value)) : value}`;
  }
  return `{${literal}}`;
}

const quote = (text: string): string => `"${/["\\]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : text}"`;
