import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { counterTable, nextNumber } from './counter.ts';
import type { SubgraphDatabase, Tx } from './database.ts';
import { pgSchema, sql } from './drizzle.ts';
import { idempotencyTable, once, type OnceRequest } from './idempotency.ts';
import { testDatabase, type TestDatabase } from './test-database.ts';
import { migrationFolder, tenantPolicies } from './test-migrations.ts';

const schema = pgSchema('remembering');
const keys = idempotencyTable(schema);
const counters = counterTable(schema);
const folder = migrationFolder([
  `create table remembering.idempotency_keys (
     tenant_id uuid not null, operation text not null, key text not null, request_hash text not null, result_id uuid,
     created_at timestamptz(3) not null, primary key (tenant_id, operation, key));
   --> statement-breakpoint
   create table remembering.counters (tenant_id uuid not null, name text not null, value bigint not null, primary key (tenant_id, name));
   --> statement-breakpoint
   ${tenantPolicies('remembering.idempotency_keys', 'headend_remembering')}
   --> statement-breakpoint
   ${tenantPolicies('remembering.counters', 'headend_remembering')}`,
]);

let test: TestDatabase;
let db: SubgraphDatabase;
const tenant = uuidv7();

beforeAll(async () => {
  test = await testDatabase({ migrations: [{ subgraph: 'remembering', folder }] });
  db = test.database.forSubgraph('remembering');
});
afterAll(() => test.drop());

let made = 0;
const make = async () => {
  made += 1;
  return { id: uuidv7() };
};
const run = (changes: Partial<OnceRequest> = {}, work: (tx: Tx) => Promise<{ id: string }> = make) =>
  db.write(changes.tenantId ?? tenant, (tx) => once(tx, keys, { tenantId: tenant, operation: 'make', key: 'k', input: { name: 'x' }, now: new Date(), ...changes }, () => work(tx), async (id) => ({ id })));

describe('once', () => {
  it('makes one thing for many calls at once, and answers it ever after', async () => {
    made = 0;
    const results = await Promise.all(Array.from({ length: 30 }, () => run({ key: 'many' })));
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect(made).toBe(1);
    expect(await run({ key: 'many', input: { other: null, name: 'x' } })).toEqual(results[0]);
  });

  it('refuses the key for another input, and knows nothing of it in another operation or tenant', async () => {
    const { id } = await run({ key: 'one' });
    await expect(run({ key: 'one', input: { name: 'y' } })).rejects.toMatchObject({ code: 'CONFLICT', details: [{ field: 'idempotencyKey' }] });
    expect((await run({ key: 'one', operation: 'other' })).id).not.toBe(id);
    expect((await run({ key: 'one', tenantId: uuidv7() })).id).not.toBe(id);
  });

  it('remembers nothing of what failed', async () => {
    await expect(run({ key: 'failing' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect((await run({ key: 'failing' })).id).toBeTruthy();
  });

  it('makes anew each time without a key', async () => {
    expect((await run({ key: null })).id).not.toBe((await run({ key: undefined })).id);
  });
});

describe('a counter', () => {
  it('gives each number of a tenant once, and counts every tenant for itself', async () => {
    const next = (tenantId: string) => db.write(tenantId, (tx) => nextNumber(tx, counters, tenantId, 'thing'));
    const numbers = await Promise.all(Array.from({ length: 20 }, () => next(tenant)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(await next(uuidv7())).toBe(1);
    expect(await db.read(tenant, (tx) => tx.execute(sql`select count(*)::int as rows from remembering.counters`))).toMatchObject([{ rows: 1 }]);
  });
});
