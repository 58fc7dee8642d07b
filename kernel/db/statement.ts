import { Column, drizzle, getTableColumns, is, Param, type PgTable, Placeholder, type PostgresJsDatabase, sql, SQL, Subquery } from './drizzle.ts';
import type { Tx } from './tx.ts';

/** What of drizzle begins a statement. */
type Begin = Pick<PostgresJsDatabase, 'select' | 'insert' | 'update' | 'delete'>;

/** Stands for the value of that name; with a column, in the form in which the column is stored (a `Date`, an array). */
export type ValueOf = (name: string, column?: Column) => SQL;

interface Prepared {
  queryString: string;
  params: unknown[];
  fields?: Array<{ path: string[]; field: unknown }>;
  joinsNotNullableMap?: Record<string, boolean>;
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

interface Client {
  unsafe(text: string, params: unknown[]): Promise<unknown[]> & { values(): Promise<unknown[][]> };
}

/**
 * A statement that is always the same but for its values. drizzle builds its text each time anew, which costs more than all
 * else about a short statement; here it is built at the first use. For what runs often; without outer joins.
 *
 *     const byId = statement((db, value) => db.select().from(routers).where(eq(routers.id, value('id'))));
 *     const [router] = await byId(tx, { id });
 */
export function statement<Result>(build: (db: Begin, value: ValueOf) => PromiseLike<Result>): (tx: Tx, values: Record<string, unknown>) => Promise<Result> {
  let built: { text: string; bind: (values: Record<string, unknown>) => unknown[]; toRow: ((row: unknown[]) => unknown) | undefined } | undefined;

  function make(): NonNullable<typeof built> {
    const value: ValueOf = (name, column) => (column ? sql`${sql.param(sql.placeholder(name), column)}` : sql`${sql.placeholder(name)}`);
    const query = build(drizzle.mock(), value) as unknown as { prepare(name: string): Prepared };
    const { queryString: text, params, fields, joinsNotNullableMap = {} } = query.prepare('');
    if (Object.values(joinsNotNullableMap).includes(false)) throw new Error(`Outer joins are not for statement(): ${text}`);
    const binders = params.map(binderOf);
    return { text, bind: (values) => binders.map((binder) => binder(values)), toRow: fields && mapperOf(fields) };
  }

  return async (tx, values) => {
    built ??= make();
    const pending = clientOf(tx).unsafe(built.text, built.bind(values));
    if (!built.toRow) return (await pending) as Result;
    return (await pending.values()).map(built.toRow) as Result;
  };
}

/** Inserts of one whole row: each column is given, if only as null. */
export function insertOf<Table extends PgTable>(table: Table): (tx: Tx, row: Table['$inferSelect']) => Promise<unknown> {
  const names = Object.keys(getTableColumns(table));
  return statement((db, value) => db.insert(table).values(Object.fromEntries(names.map((name) => [name, value(name, getTableColumns(table)[name])])) as never));
}

/** Updates of the rows that `where` finds, one statement for each set of columns that is changed; answers how many there were. */
export function updateOf<Table extends PgTable>(table: Table, where: (value: ValueOf) => SQL | undefined): (tx: Tx, found: Record<string, unknown>, changes: Partial<Table['$inferSelect']>) => Promise<number> {
  const made = new Map<string, (tx: Tx, values: Record<string, unknown>) => Promise<unknown>>();
  const columns = getTableColumns(table);
  return async (tx, found, changes) => {
    const names = Object.keys(columns).filter((name) => (changes as Record<string, unknown>)[name] !== undefined);
    const key = names.join();
    let update = made.get(key);
    if (!update) {
      update = statement((db, value) =>
        db
          .update(table)
          .set(Object.fromEntries(names.map((name) => [name, value(`set ${name}`, columns[name])])) as never)
          .where(where(value)),
      );
      made.set(key, update);
    }
    const values: Record<string, unknown> = { ...found };
    for (const name of names) values[`set ${name}`] = (changes as Record<string, unknown>)[name];
    return ((await update(tx, values)) as { count: number }).count;
  };
}

/** Runs SQL that is always the same text, as it stands. */
export function execute<Row extends Record<string, unknown>>(tx: Tx, text: string, params: unknown[]): Promise<Row[]> {
  return clientOf(tx).unsafe(text, params) as Promise<unknown[]> as Promise<Row[]>;
}

function clientOf(tx: Tx): Client {
  return (tx as unknown as { session: { client: Client } }).session.client;
}

function binderOf(param: unknown): (values: Record<string, unknown>) => unknown {
  const given = (values: Record<string, unknown>, name: string): unknown => {
    const value = values[name];
    if (value === undefined) throw new Error(`No value for ${name} was given`);
    return value;
  };
  if (is(param, Placeholder)) return (values) => given(values, param.name);
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { encoder, value } = param;
    return (values) => {
      const plain = given(values, (value as InstanceType<typeof Placeholder>).name);
      return plain === null ? null : encoder.mapToDriverValue(plain);
    };
  }
  return () => param;
}

/** As drizzle's own, but what each column needs is found out once. */
function mapperOf(fields: NonNullable<Prepared['fields']>): (row: unknown[]) => unknown {
  const columns = fields.map(({ path, field }) => {
    const decoder = is(field, Column) ? field : is(field, SQL) ? (field as unknown as { decoder: Decoder }).decoder : is(field, Subquery) ? (field._.sql as unknown as { decoder: Decoder }).decoder : (field as { sql: { decoder: Decoder } }).sql.decoder;
    return { decoder: decoder as Decoder, outer: path.length === 2 ? path[0]! : undefined, name: path.at(-1)! };
  });
  return (row) => {
    const result: Record<string, unknown> = {};
    columns.forEach(({ decoder, outer, name }, at) => {
      const raw = row[at];
      const value = raw === null ? null : decoder.mapFromDriverValue(raw);
      if (outer === undefined) result[name] = value;
      else ((result[outer] ??= {}) as Record<string, unknown>)[name] = value;
    });
    return result;
  };
}
