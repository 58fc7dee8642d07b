import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isInputObjectType, isNonNullType, type GraphQLInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { makeTokens } from '#kernel/access/tokens.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { makeClient, type Client, type GraphError } from '../support/client.ts';
import { MODES } from '../support/product.ts';
import { rootFields, type RootField } from '../support/schema-walk.ts';
import { SHARED_SECRET, sharedProduct, type SharedProduct } from '../support/shared-product.ts';

/** Root fields that nobody needs to log in for. A new one is a decision, made here. */
const PUBLIC = new Set(['login', 'refresh', 'logout', 'register']);

/** Root fields that need a login but no particular right. */
const ANY_LOGIN = new Set(['me']);

const fields = rootFields(buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'), { assumeValidSDL: true }));
const guarded = fields.filter(({ name }) => !PUBLIC.has(name));

/** The input types of a mutation's `input`, for what must be named when it is missing. */
function requiredInputFields({ field }: RootField): string[] {
  const input = field.args.find(({ name }) => name === 'input');
  const type = input && getNamedType(input.type);
  if (!type || !isInputObjectType(type)) return [];
  return Object.values((type as GraphQLInputObjectType).getFields())
    .filter((inputField) => isNonNullType(inputField.type) && inputField.defaultValue === undefined)
    .map(({ name }) => name);
}

describe.each(MODES)('every root field of the graph (%s)', (mode) => {
  let product: SharedProduct;
  const tokens = makeTokens({ secret: SHARED_SECRET });
  const clients: Client[] = [];

  const clientOf = async (fieldsOfPrincipal: Parameters<typeof makePrincipal>[0]): Promise<Client> => {
    const client = makeClient(product.url, { authorization: `Bearer ${await tokens.signAccess(makePrincipal(fieldsOfPrincipal), 900)}` });
    clients.push(client);
    return client;
  };

  /** The first error of a call, over HTTP or, for a subscription, over its WebSocket. */
  const firstError = async (client: Client, { kind, document }: RootField, variables: Record<string, unknown>): Promise<GraphError | undefined> => {
    if (kind !== 'subscription') return (await client.send(document, variables)).errors?.[0];
    const events = client.subscribe(document, variables);
    try {
      await events.next();
      return undefined;
    } catch (error) {
      return (error as { errors?: GraphError[] }).errors?.[0] ?? (Array.isArray(error) ? (error as GraphError[])[0] : undefined);
    } finally {
      await events.return?.();
    }
  };

  beforeAll(async () => {
    product = await sharedProduct(mode);
  }, 240_000);

  afterAll(async () => {
    for (const client of clients) await client.close();
  });

  it.each(guarded.map((field) => [`${field.kind} ${field.name}`, field] as const))('%s refuses nobody in particular', async (_name, field) => {
    const nobody = makeClient(product.url);
    clients.push(nobody);
    expect(await firstError(nobody, field, field.variables)).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it.each(guarded.filter(({ name }) => !ANY_LOGIN.has(name)).map((field) => [`${field.kind} ${field.name}`, field] as const))('%s refuses whoever lacks the right', async (_name, field) => {
    const powerless = await clientOf({ kind: 'user', id: uuidv7(), tenantId: uuidv7(), permissions: ['nothing:useful'] });
    expect(await firstError(powerless, field, field.variables)).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it.each(fields.filter((field) => requiredInputFields(field).length > 0).map((field) => [`${field.kind} ${field.name}`, field] as const))('%s names every field that is missing from its input', async (_name, field) => {
    const admin = await clientOf({ kind: 'user', id: uuidv7(), tenantId: uuidv7(), permissions: ['*'] });
    const error = await firstError(admin, field, { ...field.variables, input: {} });
    expect(error?.extensions.code).toBe('VALIDATION_ERROR');
    expect(error?.extensions.details?.map((detail) => detail.field).sort()).toEqual(requiredInputFields(field).sort());
  });
});
