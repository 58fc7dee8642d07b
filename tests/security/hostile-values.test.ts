import { readFileSync } from 'node:fs';
import { buildSchema, getNullableType, isEnumType, isInputObjectType, isListType, type GraphQLInputType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { makeTokens } from '#kernel/access/tokens.ts';
import type { TestDatabase } from '#kernel/db/test-database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { makeClient, type Client, type GraphError } from '../support/client.ts';
import { productDatabase, startProduct, type Product } from '../support/product.ts';
import { longForm } from '../support/seeded.ts';
import { completeCall, rootFields, type RootField } from '../support/schema-walk.ts';

const SECRET = 'a-secret-for-the-test-of-hostile-values';
const fields = rootFields(buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'), { assumeValidSDL: true }));

const TEXTS = ['', 'a'.repeat(10_000), '😀\u202e', 'a\u0000b', '\ud800', "'; drop table identity.customers; --", '%_*?\r\n', '-1'];
const NUMBERS = [-1, 0, 2_147_483_647, -2_147_483_648, 1e308];

/** What a hostile or careless client puts where a value of this scalar belongs. */
const HOSTILE: Record<string, unknown[]> = {
  ID: [...TEXTS, '00000000-0000-0000-0000-000000000000', 7],
  String: TEXTS,
  Int: NUMBERS,
  Float: NUMBERS,
  Boolean: ['yes'],
  Decimal: ['', 'NaN', '-1', '1e400', '9'.repeat(40), '0.000000000001', '1,5', 1.1],
  CurrencyCode: ['', 'usd', 'XXX', 'US\u0000', '😀'],
  Date: ['', '2026-02-30', '0000-00-00', '9999-12-31', '-271821-04-20'],
  DateTime: ['', 'yesterday', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '+275760-09-13T00:00:00Z'],
  JSONObject: [{ ['__proto__']: { admin: true }, 'a\u0000b': 'c\u0000d', long: 'x'.repeat(100_000) }, nested(60)],
};
HOSTILE.JSON = HOSTILE.JSONObject!;
const ANY_TYPE: unknown[] = [null, [[{}]]];

function nested(depth: number): unknown {
  return depth === 0 ? 'end' : { down: nested(depth - 1) };
}

type Path = ReadonlyArray<string | number>;

/** Every place of a complete call where a client writes a value of its own. */
function places(type: GraphQLInputType, path: Path): Array<{ path: Path; scalar: string }> {
  const bare = getNullableType(type);
  if (isListType(bare)) return places(bare.ofType as GraphQLInputType, [...path, 0]);
  if (isInputObjectType(bare)) return Object.values(bare.getFields()).flatMap((field) => places(field.type, [...path, field.name]));
  return [{ path, scalar: isEnumType(bare) ? 'String' : bare.name }];
}

function replaced<T>(value: T, [step, ...rest]: Path, by: unknown): T {
  if (step === undefined) return by as T;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string | number, unknown>;
  copy[step] = replaced(copy[step], rest, by);
  return copy as T;
}

interface Attempt {
  what: string;
  variables: Record<string, unknown>;
}

/** Of the values of a place one in three, other ones in the next place: in the short form each is tried on each scalar somewhere, in the long one everywhere. */
const SHARE = longForm ? 1 : 3;

function attempts({ field }: RootField, variables: Record<string, unknown>, share = SHARE): Attempt[] {
  return field.args
    .flatMap((arg) => places(arg.type, [arg.name]))
    .flatMap(({ path, scalar }, place) => [...(HOSTILE[scalar] ?? TEXTS), ...ANY_TYPE].filter((_, at) => (at + place + field.name.length) % share === 0).map((by) => ({ what: `${path.join('.')} = ${(JSON.stringify(by) ?? 'undefined').slice(0, 60)}`, variables: replaced(variables, path, by) })));
}

describe('values that a hostile client sends', () => {
  let database: TestDatabase;
  let product: Product;
  const tokens = makeTokens({ secret: SECRET });
  const clients: Client[] = [];

  /** Those who get past the rules of one root field or another. */
  const everybody = async (): Promise<Client[]> => {
    const tenantId = uuidv7();
    const made = [
      makeClient(product.url, { authorization: `Bearer ${await tokens.signAccess(makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions: ['*'] }), 900)}` }),
      makeClient(product.url, { authorization: `Bearer ${await tokens.signService({ service: 'ops', tenantId, onBehalfOf: null, runId: uuidv7(), permissions: ['internal:saga', 'internal:callbacks'] })}` }),
      makeClient(product.url, { authorization: `Bearer ${await tokens.signAccess(makePrincipal({ kind: 'user', id: uuidv7(), tenantId, superAdmin: true }), 900)}` }),
    ];
    clients.push(...made);
    return made;
  };

  beforeAll(async () => {
    database = await productDatabase();
    product = await startProduct({ mode: 'one-process', databaseUrl: database.url, env: { HEADEND_SECRET: SECRET } });
  }, 240_000);

  afterAll(async () => {
    for (const client of clients) await client.close();
    await product?.stop();
    await database?.drop();
  });

  it.each(fields.filter(({ kind, field }) => kind !== 'subscription' && field.args.length > 0).map((field) => [`${field.kind} ${field.name}`, field] as const))(
    '%s answers what a client can understand to any value',
    async (_name, field) => {
      const call = completeCall(field);
      const candidates = await everybody();
      let client = candidates[0]!;
      for (const candidate of candidates) {
        client = candidate;
        if ((await candidate.send(call.document, call.variables)).errors?.[0]?.extensions.code !== 'FORBIDDEN') break;
      }
      const bad: string[] = [];
      const judge = ({ what, status, errors }: { what: string; status: number; errors?: GraphError[] | undefined }) => {
        const codes = (errors ?? []).map(({ extensions }) => extensions?.code ?? 'none');
        if (status >= 500 || codes.some((code) => code === 'INTERNAL_ERROR' || code === 'none')) bad.push(`${what}: ${status} ${codes.join(', ')}`);
      };
      const waiting = attempts(field, call.variables);
      const worker = async () => {
        for (let attempt = waiting.pop(); attempt; attempt = waiting.pop()) judge({ what: attempt.what, ...(await client.send(call.document, attempt.variables)) });
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      expect(bad).toEqual([]);
    },
    120_000,
  );

  it.each(fields.filter(({ kind, field }) => kind === 'subscription' && field.args.length > 0).map((field) => [`${field.kind} ${field.name}`, field] as const))('%s refuses any id that is none', async (_name, field) => {
    const call = completeCall(field);
    const [client] = await everybody();
    for (const { what, variables } of attempts(field, call.variables, 1).filter(({ variables: tried }) => Object.values(tried).some((value) => value !== null))) {
      const events = client!.subscribe(call.document, variables);
      const error = await events.next().then(
        () => undefined,
        (refused: unknown) => (refused as { errors?: GraphError[] }).errors?.[0] ?? (Array.isArray(refused) ? (refused as GraphError[])[0] : undefined),
      );
      await events.return?.();
      expect(['NOT_FOUND', 'VALIDATION_ERROR'], what).toContain(error?.extensions.code);
    }
  });

  it('has logged no error of its own', () => {
    // That a busy machine kept it from its heartbeat is no fault of a value.
    const faults = product.output().split('\n').filter((line) => line.includes('"level":50') && !line.includes('The heartbeat of this process'));
    expect(faults).toEqual([]);
  });
});

// Keeps the list above honest: a scalar that comes tomorrow gets hostile values tomorrow.
it('knows hostile values of every scalar that clients may send', () => {
  const scalars = new Set(fields.flatMap(({ field }) => field.args.flatMap((arg) => places(arg.type, [arg.name]).map(({ scalar }) => scalar))));
  expect([...scalars].filter((name) => !(name in HOSTILE))).toEqual([]);
});
