import { readFileSync } from 'node:fs';
import { buildSchema, getNullableType, isInputObjectType, type GraphQLInputType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { makeTokens } from '#kernel/access/tokens.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '../support/eventually.ts';
import { loggedIn, makeClient, type Client, type GraphError } from '../support/client.ts';
import { MODES } from '../support/product.ts';
import { rootFields, sample, type RootField } from '../support/schema-walk.ts';
import { SHARED_SECRET, sharedProduct, type SharedProduct } from '../support/shared-product.ts';

const fields = rootFields(buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'), { assumeValidSDL: true }));

/** What an id may lead to, in the order in which a field's name is searched for it: `markServicePlanChanged` is about a Service. */
const NOUNS = ['Bulk', 'ApiKey', 'Customer', 'Service', 'Router', 'Role', 'User', 'Tenant', 'Alert', 'Apply', 'Plan', 'BillingRun', 'Invoice', 'Payment', 'Subscription', 'Credentials', 'Run', 'Item', 'IpPool', 'Queue'] as const;
type Noun = (typeof NOUNS)[number];

/** Ids that their caller makes, so that a repetition is known: no row needs to be there. */
const MADE_BY_THE_CALLER = /^(create\w+\.input\.id|sealPppCredentials\.input\.id|open(RouterImport|SecretAdoption)\.input\.id|\w+\.input\.runId)$/;

/** Ids that lead to no row of ours: of a router's own tables, or of what it shows just now. tests/network has them. */
const ON_THE_ROUTER = /^(ppp|ipPool|simpleQueue|(?!\w*Desired|release)\w+(IpPool|PppSecret|PppProfile|SimpleQueue))\w*\.(input\.)?(id|before|placeBefore)$|^disconnectSession\.input\.sessionId$/;

/** Ids of others that a saga carries from subgraph to subgraph: the owner checked them before the run began. */
const CARRIED_BY_SAGAS = /^(createService\.input\.customerId|sealPppCredentials\.input\.serviceId|provisionAccess\.input\.(serviceId|credentialsId)|provisionAdoption\.input\.serviceId|\w+\.input\.plans?\.id|\w+Access\w*\.input\.plan\.id)$/;

/** Steps that undo others do nothing where nothing was done. */
const UNDOES = /^(withdraw[A-Z]|revert[A-Z]|leaveRouters$)/;

/** Root fields of the whole installation. */
const GLOBAL = new Set(['createTenant', 'updateTenant', 'deleteTenant', 'assignUserToTenant']);

/** Filters find nothing where there is nothing. */
const FILTERS = /\.filter\./;

interface Place {
  root: RootField;
  path: string[];
  name: string;
  noun: Noun | undefined;
}

function nounOf(fieldName: string, idName: string): Noun | undefined {
  const text = ['id', 'before'].includes(idName) ? fieldName : idName.replace(/Id$/, '');
  return NOUNS.find((noun) => text.toLowerCase().includes(noun.toLowerCase()));
}

/** Every place in the arguments of a root field where an id stands, optional ones too. */
const places: Place[] = fields.flatMap((root) => {
  const walk = (type: GraphQLInputType, path: string[]): Place[] => {
    const bare = getNullableType(type);
    if (isInputObjectType(bare)) return Object.values(bare.getFields()).flatMap((field) => walk(field.type, [...path, field.name]));
    return bare.toString() === 'ID' ? [{ root, path, name: `${root.name}.${path.join('.')}`, noun: nounOf(root.name, path.at(-1)!) }] : [];
  };
  return root.field.args.flatMap((arg) => walk(arg.type, [arg.name]));
});
const tested = places.filter(({ name }) => !MADE_BY_THE_CALLER.test(name) && !ON_THE_ROUTER.test(name) && !CARRIED_BY_SAGAS.test(name) && !FILTERS.test(name));

/** Values that get past the checks of form, so that the id is what is judged. */
const PLAUSIBLE: Record<string, unknown> = {
  email: 'mallory@example.com',
  password: 'long-enough-1',
  rateLimit: '10M/10M',
  localAddress: '10.9.0.1',
  ranges: '10.9.0.2-10.9.0.9',
  permissions: ['plan:read'],
  intent: 1,
  code: 'sample',
  role: undefined,
};

/** Fields that are optional in the schema and without which the call makes no sense. */
const COMPLETED: Record<string, Record<string, unknown>> = { sealPppCredentials: { username: 'mallory', password: 'x' }, adoptPppSecret: { billingDay: 1 }, adoptIpPool: { name: 'pool' }, adoptQueue: { name: 'queue' } };

function withValues(value: unknown, ids: Partial<Record<Noun, string>>, fieldName: string): unknown {
  if (Array.isArray(value) || value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key in PLAUSIBLE && typeof inner !== 'object') return [key, PLAUSIBLE[key]];
      const noun = /^id$|Id$/.test(key) ? nounOf(fieldName, key) : undefined;
      return [key, (noun && ids[noun]) ?? withValues(inner, ids, fieldName)];
    }),
  );
}

function put(target: Record<string, unknown>, [step, ...rest]: string[], value: string): Record<string, unknown> {
  return { ...target, [step!]: rest.length === 0 ? value : put((target[step!] ?? {}) as Record<string, unknown>, rest, value) };
}

describe.each(MODES)('an id in the arguments of a root field (%s)', (mode) => {
  let product: SharedProduct;
  const tokens = makeTokens({ secret: SHARED_SECRET });
  const clients: Client[] = [];
  let victim: Partial<Record<Noun, string>>;
  let own: Partial<Record<Noun, string>>;
  let attackers: { user: Client; saga: Client; superAdmin: Client };

  const clientWith = async (token: Promise<string>): Promise<Client> => {
    const client = makeClient(product.url, { authorization: `Bearer ${await token}` });
    clients.push(client);
    return client;
  };
  const sagaOf = (tenantId: string) => clientWith(tokens.signService({ service: 'ops', tenantId, onBehalfOf: null, runId: uuidv7(), permissions: ['internal:saga'] }));

  /** A tenant with one row of everything that a client can make without a router in reach. */
  const furnish = async (name: string, everything: Client): Promise<{ tenantId: string; ids: Partial<Record<Noun, string>>; user: Client }> => {
    const { createTenant } = await everything.ask<{ createTenant: { tenant: { id: string } } }>('mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }', { input: { slug: name, name, currency: 'USD' } });
    const tenantId = createTenant.tenant.id;
    const user = await clientWith(tokens.signAccess(makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions: ['*'] }), 900));
    const make = async (client: Client, field: string, type: string, input: object): Promise<string> => {
      const query = `mutation ($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) { made: ${field}(input: $input) { ${type} { id } } }`;
      const { made } = await client.ask<{ made: Record<string, { id: string }> }>(query, { input });
      return made[type]!.id;
    };
    const Customer = await make(user, 'createCustomer', 'customer', { name });
    const Plan = await make(user, 'createPlan', 'plan', {
      code: 'plan', name, serviceType: 'PPPOE', price: { amount: '1.00', currency: 'USD' }, billingInterval: 'MONTH', access: { rateLimit: '1M/1M', localAddress: '10.1.0.1', remotePool: 'pool' },
    });
    const saga = await sagaOf(tenantId);
    const Service = await make(saga, 'createService', 'service', { customerId: Customer, planId: Plan, billingDay: 1, runId: uuidv7() });
    // In use, or its state would be what is judged.
    await make(saga, 'activateService', 'service', { id: Service });
    const Router = await make(user, 'registerRouter', 'router', { name, host: '127.0.0.1', port: 1, username: 'x', password: 'x' });
    const ids = {
      Tenant: tenantId,
      Customer,
      Plan,
      Router,
      IpPool: await make(user, 'createDesiredIpPool', 'pool', { routerId: Router, name, ranges: '10.9.0.2-10.9.0.9' }),
      Queue: await make(user, 'createDesiredQueue', 'queue', { routerId: Router, name, target: '10.9.0.2' }),
      Role: await make(user, 'createRole', 'role', { code: 'helper', name, permissions: ['plan:read'] }),
      User: await make(user, 'createUser', 'user', { username: `user-of-${name}`, email: `user@${name}.example`, password: 'long-enough-1' }),
      ApiKey: await make(user, 'createApiKey', 'apiKey', { name, permissions: ['plan:read'] }),
      Service,
      Bulk: await make(user, 'previewBulk', 'job', { action: 'SUSPEND', filter: { statuses: ['ACTIVE'] } }),
      Run: await make(user, 'onboardCustomer', 'run', { customer: { name }, planId: Plan, billingDay: 1, credentials: { username: name, password: 'x' } }),
    };
    return { tenantId, ids, user };
  };

  beforeAll(async () => {
    product = await sharedProduct(mode);
    const everything = await eventually('the super admin of the sandbox', 20_000, () => loggedIn(product.url, { username: 'admin', password: 'password123' }).catch(() => undefined));
    clients.push(everything);
    ({ ids: victim } = await furnish('victim', everything));
    const attacker = await furnish('attacker', everything);
    own = attacker.ids;
    attackers = {
      user: attacker.user,
      saga: await sagaOf(attacker.tenantId),
      superAdmin: await clientWith(tokens.signAccess(makePrincipal({ kind: 'user', id: uuidv7(), tenantId: attacker.tenantId, superAdmin: true }), 900)),
    };
  }, 240_000);

  afterAll(async () => {
    for (const client of clients) await client.close();
  });

  const firstError = async (client: Client, { kind }: RootField, document: string, variables: Record<string, unknown>): Promise<GraphError | undefined> => {
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

  /** The answer to an id, by whoever of the attacker's tenant gets past the rules; super admins are everywhere at home. */
  const answerTo = async ({ root, path }: Place, id: string, who: ReadonlyArray<keyof typeof attackers>): Promise<{ by: string; code: string | undefined; details: unknown }> => {
    const args = root.field.args.filter((arg) => arg.name === path[0] || arg.name in root.variables);
    const document = `${root.kind} (${args.map((arg) => `$${arg.name}: ${arg.type.toString()}`).join(', ')}) { ${root.name}(${args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')}) { __typename } }`;
    const given = withValues(Object.fromEntries(args.map((arg) => [arg.name, root.variables[arg.name] ?? (path.length > 1 ? sample(arg.type) : undefined)])), own, root.name);
    const input = { ...(given as Record<string, object>).input, ...COMPLETED[root.name] };
    const variables = put({ ...(given as Record<string, unknown>), ...(path[0] === 'input' ? { input } : {}) }, path, id);
    let answer: { by: string; code: string | undefined; details: unknown } = { by: 'nobody', code: 'FORBIDDEN', details: undefined };
    for (const by of who) {
      const error = await firstError(attackers[by], root, document, variables);
      answer = { by, code: error?.extensions.code, details: error?.extensions.details ?? error?.message };
      if (answer.code !== 'FORBIDDEN') break;
    }
    return answer;
  };

  it.each(tested.map((place) => [`${place.root.kind} ${place.name}`, place] as const))('%s that nobody has is NOT_FOUND', async (_name, place) => {
    const answer = await answerTo(place, uuidv7(), ['user', 'saga', 'superAdmin']);
    expect(['NOT_FOUND', ...(UNDOES.test(place.root.name) ? [undefined] : [])], JSON.stringify(answer)).toContain(answer.code);
  });

  it.each(tested.filter(({ noun }) => noun !== undefined && noun !== 'Tenant').map((place) => [`${place.root.kind} ${place.name}`, place] as const))('%s of another tenant is NOT_FOUND', async (_name, place) => {
    const foreign = victim[place.noun!];
    if (foreign === undefined) return;
    const answer = await answerTo(place, foreign, ['user', 'saga']);
    // What only super admins may do, the users and sagas of a tenant may not do at all.
    expect(['NOT_FOUND', ...(GLOBAL.has(place.root.name) ? ['FORBIDDEN'] : []), ...(UNDOES.test(place.root.name) ? [undefined] : [])], JSON.stringify(answer)).toContain(answer.code);
  });

  it('leaves what the victim has as it was', async () => {
    const { Customer, Plan, Service, Router } = victim;
    const admin = await clientWith(tokens.signAccess(makePrincipal({ kind: 'user', id: uuidv7(), tenantId: victim.Tenant!, permissions: ['*'] }), 900));
    const there = await admin.ask(
      'query ($customer: ID!, $plan: ID, $service: ID!, $router: ID!) { customer(id: $customer) { name } plan(id: $plan) { name } service(id: $service) { status } router(id: $router) { name } roles { totalCount } users { totalCount } apiKeys { totalCount } }',
      { customer: Customer, plan: Plan, service: Service, router: Router },
    );
    expect(there).toMatchObject({ customer: { name: 'victim' }, plan: { name: 'victim' }, service: { status: 'ACTIVE' }, router: { name: 'victim' }, apiKeys: { totalCount: 1 } });
  });
});

// Keeps the generated tests honest: an id whose meaning they do not know would silently be tested by half.
it('knows what every id in the schema means', () => {
  expect(tested.filter(({ noun }) => noun === undefined).map(({ name }) => name)).toEqual([]);
});
