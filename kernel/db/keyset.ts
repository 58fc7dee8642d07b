import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { isUuid } from '#kernel/ids.ts';
import { is, type PgColumn, PgEnumColumn, sql, type SQL } from './drizzle.ts';

/** One entry of a list's `orderBy`. */
export interface OrderBy<Field extends string = string> {
  field: Field;
  direction: 'ASC' | 'DESC';
}

export interface KeysetOptions<Field extends string> {
  /** What the list may be sorted by; the keys are the names of the rows' properties. */
  columns: Record<Field, PgColumn>;
  /** The column that makes the order total; its property is `id`. */
  id: PgColumn;
  /** Empty or absent: by id, oldest first. */
  orderBy?: ReadonlyArray<OrderBy<Field>> | null | undefined;
  /** Rows a page. The caller clamps it (`first` ≤ 100). */
  first: number;
  /** `endCursor` of the page before. */
  after?: string | null | undefined;
  /** For clients that count pages; not together with `after`. */
  offset?: number | null | undefined;
}

export interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

export interface Page<Row> {
  nodes: Row[];
  edges: Array<{ cursor: string; node: Row }>;
  pageInfo: PageInfo;
}

export interface Keyset {
  /** To be and-ed with the list's own filter; undefined on the first page. */
  where: SQL | undefined;
  orderBy: SQL[];
  /** One more than asked for: the extra row tells that there is a next page. */
  limit: number;
  offset: number;
  /** Cuts the extra row off and makes the cursors. Rows carry `id` and the properties that were sorted by. */
  toPage<Row extends { id: string }>(rows: Row[]): Page<Row>;
}

/** Thrown for a cursor or an offset that cannot be; `field` names the argument. */
export class PagingError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.name = 'PagingError';
    this.field = field;
  }
}

interface SortKey {
  /** The row's property. */
  field: string;
  column: PgColumn;
  descending: boolean;
}

/** A value as it stands in a cursor: the text PostgreSQL reads, or null. */
type KeyText = string | null;

/**
 * One page of a list by keyset on (sort columns, id): stable while rows come and go, and as fast on the last page as on the
 * first where an index has that order. Nulls sort last, in both directions. Cursors are opaque and valid for one order only.
 * Sortable instants must be `timestamptz(3)` (`columns.ts`).
 *
 * ```ts
 * const page = keysetPage({ columns: { name: customers.name }, id: customers.id, orderBy, first, after, offset });
 * const rows = await tx.select().from(customers).where(and(filter, page.where)).orderBy(...page.orderBy).limit(page.limit).offset(page.offset);
 * return page.toPage(rows);
 * ```
 * @throws PagingError
 */
export function keysetPage<Field extends string>(options: KeysetOptions<Field>): Keyset {
  const keys: SortKey[] = [];
  for (const { field, direction } of options.orderBy ?? []) {
    const column = options.columns[field];
    if (!column) throw new PagingError('orderBy', `Cannot sort by ${JSON.stringify(field)}`);
    if (!keys.some((key) => key.field === field)) keys.push({ field, column, descending: direction === 'DESC' });
  }
  if (!keys.some((key) => key.field === 'id')) keys.push({ field: 'id', column: options.id, descending: keys.at(-1)?.descending ?? false });
  const offset = options.offset ?? 0;
  if (!Number.isInteger(offset) || offset < 0 || offset > 1_000_000) throw new PagingError('offset', 'offset is a whole number from 0 to 1,000,000');
  if (!Number.isInteger(options.first) || options.first < 0) throw new PagingError('first', 'first is a whole number from 0');
  const after = options.after ?? undefined;
  if (after !== undefined && offset > 0) throw new PagingError('after', 'after and offset cannot be used together');
  const mark = fingerprint(keys);

  return {
    where: after === undefined ? undefined : beyond(keys, decode(after, mark, keys)),
    orderBy: keys.map(({ column, descending }) => (descending ? sql`${column} desc${nullsLast(column)}` : sql`${column} asc`)),
    limit: options.first + 1,
    offset,
    toPage(rows) {
      const nodes = rows.slice(0, options.first);
      const edges = nodes.map((node) => ({ node, cursor: encode(mark, keys, node as unknown as Record<string, unknown>) }));
      return {
        nodes,
        edges,
        pageInfo: {
          hasNextPage: rows.length > options.first,
          hasPreviousPage: after !== undefined || offset > 0,
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
        },
      };
    },
  };
}

/** PostgreSQL puts nulls first in a descending order; said only where there can be any, so that plain indexes fit. */
function nullsLast(column: PgColumn): SQL {
  return column.notNull || column.primary ? sql`` : sql` nulls last`;
}

/** (a, b, id) beyond the cursor: `a > x or (a = x and (b > y or (b = y and id > z)))`, each in its own direction. */
function beyond(keys: SortKey[], values: KeyText[]): SQL {
  const total = keys.every(({ column }) => column.notNull || column.primary);
  const oneWay = keys.every(({ descending }) => descending === keys[0]!.descending);
  if (total && oneWay) {
    // A row comparison is one range of an index; the nested form is not.
    const columns = sql.join(keys.map(({ column }) => sql`${column}`), sql`, `);
    const bounds = sql.join(keys.map((key, at) => literal(key.column, values[at]!)), sql`, `);
    return keys[0]!.descending ? sql`(${columns}) < (${bounds})` : sql`(${columns}) > (${bounds})`;
  }
  let condition: SQL | undefined;
  for (let at = keys.length - 1; at >= 0; at -= 1) {
    const { column, descending } = keys[at]!;
    const value = values[at]!;
    const nullable = !column.notNull && !column.primary;
    const equal = value === null ? sql`${column} is null` : sql`${column} = ${literal(column, value)}`;
    // Nulls are last: beyond a value lie the greater ones and the nulls, beyond null nothing.
    const further =
      value === null ? undefined : sql`${column} ${descending ? sql`<` : sql`>`} ${literal(column, value)}${nullable ? sql` or ${column} is null` : sql``}`;
    const inner = condition ? sql`(${equal} and ${condition})` : undefined;
    condition = further && inner ? sql`(${further} or ${inner})` : further ? sql`(${further})` : (inner ?? sql`false`);
  }
  return condition!;
}

function literal(column: PgColumn, text: string | null): SQL {
  // By way of text: the driver would otherwise encode the parameter by the type, and take 'true' for a false boolean.
  return sql`${text}::text::${sql.raw(typeName(column))}`;
}

function typeName(column: PgColumn): string {
  if (is(column, PgEnumColumn)) {
    const { schema, enumName } = column.enum;
    return `${schema ? `"${schema}".` : ''}"${enumName}"`;
  }
  return column.getSQLType();
}

/** Short mark of the order, so that a cursor of another order is refused instead of answering nonsense. */
function fingerprint(keys: SortKey[]): string {
  return createHash('sha256').update(keys.map((key) => `${key.field}${key.descending ? '-' : '+'}`).join()).digest('base64url').slice(0, 6);
}

function encode(mark: string, keys: SortKey[], row: Record<string, unknown>): string {
  const values = keys.map(({ field }): KeyText => {
    const value = row[field];
    if (value === undefined) throw new Error(`keysetPage: the rows lack the property ${JSON.stringify(field)} they are sorted by`);
    if (value === null) return null;
    return value instanceof Date ? value.toISOString() : String(value);
  });
  return Buffer.from(JSON.stringify([mark, ...values])).toString('base64url');
}

function decode(cursor: string, mark: string, keys: SortKey[]): KeyText[] {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    content = undefined;
  }
  if (!Array.isArray(content) || typeof content[0] !== 'string') throw new PagingError('after', 'The cursor is not one of ours');
  const [found, ...values] = content as [string, ...unknown[]];
  if (found !== mark) throw new PagingError('after', 'The cursor belongs to another order of the list');
  if (values.length !== keys.length || !keys.every((key, at) => fits(key.column, values[at]))) throw new PagingError('after', 'The cursor is not one of ours');
  return values as KeyText[];
}

/** True when PostgreSQL will read the text as that type: a forged cursor must not become a database error. */
function fits(column: PgColumn, value: unknown): boolean {
  if (value === null) return !column.notNull && !column.primary;
  if (typeof value !== 'string' || value.includes('\0')) return false;
  if (is(column, PgEnumColumn)) return column.enumValues.includes(value);
  const type = column.getSQLType();
  if (type === 'uuid') return isUuid(value);
  if (type.startsWith('timestamp')) return isInstant(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
  if (type === 'date') return isInstant(value, /^\d{4}-\d\d-\d\d$/);
  if (type === 'smallint' || type === 'integer' || type === 'serial' || type === 'bigint' || type === 'bigserial') {
    const limit = type === 'smallint' ? 2n ** 15n : type.startsWith('big') ? 2n ** 63n : 2n ** 31n;
    return /^-?\d{1,19}$/.test(value) && BigInt(value) < limit && BigInt(value) >= -limit;
  }
  if (type.startsWith('numeric') || type === 'real' || type === 'double precision') return /^-?\d{1,40}(\.\d{1,40})?(e[+-]?\d{1,3})?$/.test(value);
  if (type === 'boolean') return value === 'true' || value === 'false';
  if (type === 'inet' || type === 'cidr') {
    const [address, bits, ...rest] = value.split('/');
    const version = isIP(address!);
    return version > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)));
  }
  return true;
}

/** A date of that form that exists (JavaScript takes 31 February for 3 March) in a year PostgreSQL knows. */
function isInstant(value: string, form: RegExp): boolean {
  const at = form.test(value) ? new Date(value) : undefined;
  return at !== undefined && !Number.isNaN(at.getTime()) && at.getUTCFullYear() > 0 && at.toISOString().startsWith(value.slice(0, 10));
}
