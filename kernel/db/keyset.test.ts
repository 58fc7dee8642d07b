import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { migrationFolder, tenantPolicies } from '#kernel/db/test-migrations.ts';
import { instant } from './columns.ts';
import type { SubgraphDatabase } from './database.ts';
import { and, bigint, boolean, integer, pgSchema, sql, text, uuid } from './drizzle.ts';
import { keysetPage, PagingError, type OrderBy } from './keyset.ts';
import { testDatabase, type TestDatabase } from './test-database.ts';

const TENANT = uuidv7();
const schema = pgSchema('identity');
const customerState = schema.enum('customer_state', ['NEW', 'ACTIVE', 'GONE']);
const customers = schema.table('customers', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  name: text('name').notNull(),
  score: integer('score'),
  balance: bigint('balance', { mode: 'bigint' }).notNull(),
  state: customerState('state').notNull(),
  vip: boolean('vip').notNull(),
  seenAt: instant('seen_at'),
});
const columns = { name: customers.name, score: customers.score, balance: customers.balance, state: customers.state, vip: customers.vip, seenAt: customers.seenAt };
type Field = keyof typeof columns;

let test: TestDatabase;
let db: SubgraphDatabase;

beforeAll(async () => {
  const folder = migrationFolder([
    `CREATE TYPE identity.customer_state AS ENUM ('NEW', 'ACTIVE', 'GONE');
     --> statement-breakpoint
     CREATE TABLE identity.customers (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, name text NOT NULL, score integer, balance bigint NOT NULL,
       state identity.customer_state NOT NULL, vip boolean NOT NULL, seen_at timestamptz(3));
     --> statement-breakpoint
     ${tenantPolicies('identity.customers', 'headend_identity')}`,
  ]);
  test = await testDatabase({ migrations: [{ subgraph: 'identity', folder }] });
  db = test.database.forSubgraph('identity');
  // Few different values, so that every order has many ties; instants with microseconds, as now() gives them.
  await db.write(TENANT, (tx) =>
    tx.execute(sql`
      insert into identity.customers
      select gen_random_uuid(), ${TENANT}, 'name ' || (n % 7), nullif(n % 5, 0), 9007199254740993 + n % 3, (array['NEW','ACTIVE','GONE'])[1 + n % 3]::identity.customer_state, n % 2 = 0,
             case when n % 4 = 0 then null else timestamptz '2026-01-01' + (n % 11) * interval '0.000407 second' end
        from generate_series(1, 120) n`),
  );
});
afterAll(() => test.drop());

async function page(options: { orderBy?: OrderBy<Field>[]; first: number; after?: string | null; offset?: number }) {
  const keyset = keysetPage({ columns, id: customers.id, ...options });
  const rows = await db.read(TENANT, (tx) => tx.select().from(customers).where(and(sql`true`, keyset.where)).orderBy(...keyset.orderBy).limit(keyset.limit).offset(keyset.offset));
  return keyset.toPage(rows);
}

async function walk(orderBy: OrderBy<Field>[], first: number): Promise<string[]> {
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const answer: Awaited<ReturnType<typeof page>> = await page({ orderBy, first, after });
    seen.push(...answer.nodes.map((row) => row.id));
    if (!answer.pageInfo.hasNextPage || seen.length > 120) return seen;
    after = answer.pageInfo.endCursor;
  }
}

describe('pages by keyset', () => {
  it('show every row exactly once, in one order, for any order and page size', async () => {
    const order = fc.uniqueArray(
      fc.record({ field: fc.constantFrom(...(Object.keys(columns) as Field[])), direction: fc.constantFrom('ASC' as const, 'DESC' as const) }),
      { selector: ({ field }) => field, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(order, fc.integer({ min: 7, max: 50 }), async (orderBy, first) => {
        const whole = (await page({ orderBy, first: 500 })).nodes.map((row) => row.id);
        expect(whole).toHaveLength(120);
        expect(await walk(orderBy, first)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('agree with offsets', async () => {
    const orderBy: OrderBy<Field>[] = [{ field: 'name', direction: 'DESC' }];
    const whole = (await page({ orderBy, first: 500 })).nodes.map((row) => row.id);
    const third = await page({ orderBy, first: 10, offset: 20 });
    expect(third.nodes.map((row) => row.id)).toEqual(whole.slice(20, 30));
    expect(third.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect((await page({ orderBy, first: 10, after: third.pageInfo.endCursor })).nodes.map((row) => row.id)).toEqual(whole.slice(30, 40));
  });

  it('put rows without a value last in both directions', async () => {
    for (const direction of ['ASC', 'DESC'] as const) {
      const scores = (await page({ orderBy: [{ field: 'score', direction }], first: 500 })).nodes.map((row) => row.score);
      expect(scores.slice(-24).every((score) => score === null)).toBe(true);
      expect(scores[0]).toBe(direction === 'ASC' ? 1 : 4);
    }
  });

  it('answer an empty page for first: 0 and behind the last row', async () => {
    expect((await page({ first: 0 })).pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null });
    const last = (await page({ first: 500 })).pageInfo.endCursor;
    expect((await page({ first: 10, after: last })).nodes).toEqual([]);
  });

  it('refuse cursors that are forged, broken or of another order, naming `after`, before the database sees them', async () => {
    const orderBy: OrderBy<Field>[] = [{ field: 'seenAt', direction: 'ASC' }];
    const cursor = (await page({ orderBy, first: 1 })).pageInfo.endCursor!;
    const [mark] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string];
    const forge = (...values: unknown[]): string => Buffer.from(JSON.stringify([mark, ...values])).toString('base64url');
    const id = uuidv7();
    const bad = ['', 'x', '!!!', forge(), forge('2026-01-01T00:00:00.000Z'), forge('yesterday', id), forge('2026-02-31T00:00:00.000Z', id), forge('2026-01-01T00:00:00.000Z', 'x'), forge({}, id), forge('2026-01-01T00:00:00.000Z', null), forge("';drop table x", id), forge('\0', id)];
    for (const after of bad) {
      const error = await page({ orderBy, first: 1, after }).catch((reason) => reason);
      expect(error, after).toBeInstanceOf(PagingError);
      expect(error.field).toBe('after');
    }
    await expect(page({ orderBy: [{ field: 'name', direction: 'ASC' }], first: 1, after: cursor })).rejects.toThrow('another order');
    await expect(page({ first: 1, after: cursor, offset: 3, orderBy })).rejects.toThrow('after and offset');
    await expect(page({ first: 1, offset: -1 })).rejects.toMatchObject({ field: 'offset' });
    await expect(page({ first: 1, orderBy: [{ field: 'password' as Field, direction: 'ASC' }] })).rejects.toMatchObject({ field: 'orderBy' });
  });

  it('take any text as a cursor without ever reaching the database with it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'))), async (after) => {
        await expect(page({ first: 1, after })).rejects.toBeInstanceOf(PagingError);
      }),
      { numRuns: 200 },
    );
  });
});
