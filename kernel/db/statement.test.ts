import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { instant, tenantId } from './columns.ts';
import type { SubgraphDatabase } from './database.ts';
import { eq, integer, jsonb, pgSchema, sql, text, uuid } from './drizzle.ts';
import { execute, insertOf, statement, updateOf } from './statement.ts';
import { testDatabase, type TestDatabase } from './test-database.ts';
import { migrationFolder, tenantPolicies } from './test-migrations.ts';

const TENANT = uuidv7();
const things = pgSchema('network').table('things', {
  id: uuid('id').primaryKey(),
  tenantId: tenantId(),
  name: text('name').notNull(),
  size: integer('size'),
  tags: text('tags').array(),
  data: jsonb('data').$type<{ a: number }>(),
  at: instant('at').notNull(),
});
const others = pgSchema('network').table('others', { id: uuid('id').primaryKey() });
let test: TestDatabase;
let db: SubgraphDatabase;
beforeAll(async () => {
  const folder = migrationFolder([
    `CREATE TABLE network.things (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, name text NOT NULL, size integer, tags text[], data jsonb, at timestamptz(3) NOT NULL);
     --> statement-breakpoint
     ${tenantPolicies('network.things', 'headend_network')}`,
  ]);
  test = await testDatabase({ migrations: [{ subgraph: 'network', folder }] });
  db = test.database.forSubgraph('network');
});
afterAll(() => test.drop());

const thing = (changes: Partial<typeof things.$inferSelect> = {}): typeof things.$inferSelect => ({ id: uuidv7(), tenantId: TENANT, name: 'one', size: null, tags: ['a', 'b,"'], data: { a: 1 }, at: new Date('2026-01-02T03:04:05.678Z'), ...changes });
const insert = insertOf(things);
const byId = statement((tx, value) => tx.select().from(things).where(eq(things.id, value('id'))));

describe('a statement', () => {
  it('stores and answers what drizzle would', async () => {
    const one = thing();
    await db.write(TENANT, (tx) => insert(tx, one));
    await db.read(TENANT, async (tx) => {
      expect(await byId(tx, { id: one.id })).toEqual([one]);
      expect(await tx.select().from(things).where(eq(things.id, one.id))).toEqual([one]);
    });
  });

  it('answers joined rows apart, and expressions', async () => {
    const one = thing();
    const other = things;
    const joined = statement((tx, value) => tx.select({ thing: things, twice: { length: sql<number>`length(${things.name}) * 2` } }).from(other).where(eq(things.id, value('id'))));
    await db.write(TENANT, (tx) => insert(tx, one));
    expect(await db.read(TENANT, (tx) => joined(tx, { id: one.id }))).toEqual([{ thing: one, twice: { length: 6 } }]);
  });

  it('changes the columns that are given, null among them, and tells how many rows there were', async () => {
    const one = thing({ size: 3 });
    const update = updateOf(things, (value) => eq(things.id, value('id')));
    const at = new Date('2027-01-01T00:00:00.001Z');
    await db.write(TENANT, async (tx) => {
      await insert(tx, one);
      expect(await update(tx, { id: one.id }, { size: null, at, name: undefined, data: { a: 2 } })).toBe(1);
      expect(await update(tx, { id: uuidv7() }, { size: 1 })).toBe(0);
      expect(await byId(tx, { id: one.id })).toEqual([{ ...one, size: null, at, data: { a: 2 } }]);
    });
  });

  it('is of the transaction it runs in: savepoint, tenant, end', async () => {
    const one = thing();
    const late = await db.write(TENANT, async (tx) => {
      await tx
        .transaction(async (inner) => {
          await insert(inner, one);
          throw new Error('back');
        })
        .catch(() => {});
      expect(await byId(tx, { id: one.id })).toEqual([]);
      await insert(tx, one);
      return tx;
    });
    expect(await db.read(uuidv7(), (tx) => byId(tx, { id: one.id }))).toEqual([]);
    await expect(byId(late, { id: one.id })).rejects.toThrow('This transaction is over');
  });

  it('refuses a value that is missing, and outer joins', async () => {
    await expect(db.read(TENANT, (tx) => byId(tx, {}))).rejects.toThrow('No value for id was given');
    const outer = statement((tx) => tx.select({ id: things.id }).from(things).leftJoin(others, sql`true`));
    await expect(db.read(TENANT, (tx) => outer(tx, {}))).rejects.toThrow('Outer joins');
  });

  it('runs a text as it stands', async () => {
    expect(await db.read(TENANT, (tx) => execute(tx, 'select $1::text || $2::text as both', ['a', 'b']))).toEqual([{ both: 'ab' }]);
  });
});
