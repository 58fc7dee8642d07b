import { createHash } from 'node:crypto';
import { conflict, type DomainError } from '#kernel/errors.ts';
import { instant } from './columns.ts';
import type { Tx } from './database.ts';
import { and, eq, type PgSchema, primaryKey, text, uuid } from './drizzle.ts';

/**
 * The table of idempotency keys of one subgraph; each has its own, because a subgraph's role reaches only its own schema.
 * The migration that makes it:
 *
 *     create table <schema>.idempotency_keys (
 *       tenant_id uuid not null, operation text not null, key text not null, request_hash text not null, result_id uuid,
 *       created_at timestamptz(3) not null, primary key (tenant_id, operation, key));
 */
export function idempotencyTable<Name extends string>(schema: PgSchema<Name>) {
  return schema.table(
    'idempotency_keys',
    {
      tenantId: uuid('tenant_id').notNull(),
      operation: text('operation').notNull(),
      key: text('key').notNull(),
      requestHash: text('request_hash').notNull(),
      resultId: uuid('result_id'),
      createdAt: instant('created_at').notNull(),
    },
    (table) => [primaryKey({ columns: [table.tenantId, table.operation, table.key] })],
  );
}

export interface OnceRequest {
  tenantId: string;
  /** The mutation, e.g. `createCustomer`: the same key means something else in another one. */
  operation: string;
  /** What the client sent; null: nothing is remembered. */
  key: string | null | undefined;
  /** What was asked for, without the key and without secrets (a plain hash of it is kept). */
  input: object;
  now: Date;
}

/**
 * Makes something once per key, inside the transaction that makes it: the same key and input answers what was made first,
 * another input is CONFLICT. A second caller waits at the key's row until the first has committed or failed; when it
 * failed, nothing is remembered and the second one makes it.
 */
export async function once<T extends { id: string }>(
  tx: Tx,
  table: ReturnType<typeof idempotencyTable>,
  { tenantId, operation, key, input, now }: OnceRequest,
  make: () => Promise<T>,
  find: (id: string) => Promise<T>,
): Promise<T> {
  if (key == null) return make();
  const { first, resultId } = await take(tx, table, { tenantId, operation, key, input, now });
  if (first) {
    const made = await make();
    await tx.update(table).set({ resultId: made.id }).where(rowOf(table, { tenantId, operation, key }));
    return made;
  }
  if (!resultId) throw reused();
  return find(resultId);
}

type Keyed = OnceRequest & { key: string };

/**
 * The same for what no transaction can make, because it is made on a device: remembers the key before. False: it was taken
 * before for the same input, and whether anything came of it has to be looked for.
 * @throws CONFLICT for another input
 */
export async function takeKey(tx: Tx, table: ReturnType<typeof idempotencyTable>, request: Keyed): Promise<boolean> {
  return (await take(tx, table, request)).first;
}

/** Nothing came of it: the key is free again. */
export async function forgetKey(tx: Tx, table: ReturnType<typeof idempotencyTable>, of: Pick<Keyed, 'tenantId' | 'operation' | 'key'>): Promise<void> {
  await tx.delete(table).where(rowOf(table, of));
}

async function take(tx: Tx, table: ReturnType<typeof idempotencyTable>, request: Keyed): Promise<{ first: boolean; resultId: string | null }> {
  const { tenantId, operation, key, input, now } = request;
  const requestHash = createHash('sha256').update(canonical(input)).digest('hex');
  const taken = await tx.insert(table).values({ tenantId, operation, key, requestHash, createdAt: now }).onConflictDoNothing().returning({ key: table.key });
  if (taken.length > 0) return { first: true, resultId: null };
  const [earlier] = await tx.select().from(table).where(rowOf(table, request));
  if (earlier?.requestHash !== requestHash) throw reused();
  return { first: false, resultId: earlier.resultId };
}

function rowOf(table: ReturnType<typeof idempotencyTable>, { tenantId, operation, key }: Pick<Keyed, 'tenantId' | 'operation' | 'key'>) {
  return and(eq(table.tenantId, tenantId), eq(table.operation, operation), eq(table.key, key));
}

function reused(): DomainError {
  return conflict('This idempotency key has been used with another input.', [{ field: 'idempotencyKey', code: 'REUSED', message: 'idempotencyKey has been used with another input: take a new one.' }]);
}

/** JSON with sorted keys; what is null counts as absent, as it does in the graph. */
function canonical(input: unknown): string {
  return JSON.stringify(input, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, field]) => field != null).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
