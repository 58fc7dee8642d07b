import { Agent, request as httpRequest } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { ApolloGateway, LocalGraphQLDataSource, RemoteGraphQLDataSource, type GraphQLDataSource } from '@apollo/gateway';
import { execute, parse, type DocumentNode, type ExecutionResult } from 'graphql';
import type { Tokens } from '#kernel/access/tokens.ts';
import { remoteSubgraph } from '#kernel/subgraph/remote.ts';
import { makeGateway } from '#gateway/server.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import type { Benchmark, BenchKit, Measurement } from './benchmark.ts';
import { startHelper } from './helper.ts';
import { compare, inParallel, median, ratiosOf, short, type Variant } from './measure.ts';
import { admin, bill, freshDatabase, furnish, onboard, openWorld, until, type World } from './world.ts';

const CUSTOMERS = 50;
const REQUEST_ID = 'bench';

const CUSTOMER = 'id name accountNumber';
const MONEY = 'balance { amount currency } invoices(first: 5) { nodes { id number state total { amount } dueOn } }';
const SERVICE = 'id status plan { id name price { amount currency } }';
const ACCESS = 'access { desired username session { address callerId startedAt } }';
const OF_CUSTOMER = `${CUSTOMER} ${MONEY} services { nodes { ${SERVICE} ${ACCESS} } }`;
const ONE = `query ($id: ID!) { customer(id: $id) { ${OF_CUSTOMER} } }`;
const PAGE = `{ customers(first: ${CUSTOMERS}) { nodes { ${OF_CUSTOMER} } } }`;

/** The sub-queries that any way must ask, written by hand. */
const BY_HAND = {
  one: `query ($id: ID!) { customer(id: $id) { ${CUSTOMER} } }`,
  page: `{ customers(first: ${CUSTOMERS}) { nodes { ${CUSTOMER} } } }`,
  money: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { ${MONEY} } } }`,
  services: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { services { nodes { ${SERVICE} } } } } }`,
  access: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Service { ${ACCESS} } } }`,
};

type Json = Record<string, ReturnType<typeof JSON.parse>>;
/** One sub-query to one subgraph. */
type Ask = (subgraph: string, query: string, variables?: Json) => Promise<Json>;
/** A way of answering the operation: the data. */
type Way = (query: string, variables?: Json) => Promise<Json>;

/** The same as the gateway does, written for these two operations alone. */
function byHand(ask: Ask): Way {
  return async (query, variables) => {
    const one = query === ONE;
    const root = await ask('identity', one ? BY_HAND.one : BY_HAND.page, variables);
    const customers: Json[] = one ? [root.customer] : root.customers.nodes;
    const of = customers.map(({ id }) => ({ __typename: 'Customer', id }));
    const [ofServices, ofMoney] = await Promise.all([ask('services', BY_HAND.services, { of }), ask('billing', BY_HAND.money, { of })]);
    const services: Json[] = [];
    customers.forEach((customer, at) => {
      customer.services = ofServices._entities[at].services;
      Object.assign(customer, ofMoney._entities[at]);
      services.push(...customer.services.nodes);
    });
    const ofAccess = await ask('network', BY_HAND.access, { of: services.map(({ id }) => ({ __typename: 'Service', id })) });
    services.forEach((service, at) => (service.access = ofAccess._entities[at].access));
    return root;
  };
}

/** execute() on the subgraphs' schemas, documents parsed once, loaders anew for each. */
function askInProcess(running: World['running']): Ask {
  const documents = new Map<string, DocumentNode>();
  return async (name, query, variableValues) => {
    const { schema, loaders } = running.get(name)!;
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    return dataOf(await execute({ schema, document, variableValues, contextValue: { principal: admin, requestId: REQUEST_ID, loaders: loaders({ principal: admin }) } }));
  };
}

/** A bare keep-alive HTTP client to the subgraphs' servers. */
function askOverHttp(addresses: Record<string, string>, tokenOf: (subgraph: string) => string): Ask & { stop(): void } {
  const agent = new Agent({ keepAlive: true });
  const ask = (name: string, query: string, variables?: Json): Promise<Json> =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(JSON.stringify({ query, variables }));
      const sent = httpRequest(addresses[name]!, { agent, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': body.length, authorization: `Bearer ${tokenOf(name)}` } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(dataOf(JSON.parse(Buffer.concat(chunks).toString('utf8')) as ExecutionResult)));
      });
      sent.once('error', reject);
      sent.end(body);
    });
  return Object.assign(ask, { stop: () => agent.destroy() });
}

const ours = (supergraph: Supergraph): Way => async (query, variables) => dataOf(await supergraph.execute({ query, variables, principal: admin, requestId: REQUEST_ID }));

/** The stock class; what it has to be given is only who asks (and, in process, the loaders of a request). */
async function stock(supergraphSdl: string, buildService: (definition: { name: string; url?: string }) => GraphQLDataSource): Promise<Way & { stop(): Promise<void> }> {
  const gateway = new ApolloGateway({ supergraphSdl, buildService, logger: { debug() {}, info() {}, warn() {}, error() {} } });
  const { executor } = await gateway.load();
  const documents = new Map<string, DocumentNode>();
  const way: Way = async (query, variables) => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    const given = { document, source: query, queryHash: query, operationName: null, operation: document.definitions[0], request: { query, variables }, context: {}, cache: undefined, schema: undefined, metrics: {}, logger: console, overallCachePolicy: undefined };
    return dataOf((await executor!(given as never)) as ExecutionResult);
  };
  return Object.assign(way, { stop: () => gateway.stop() });
}

function dataOf({ data, errors }: ExecutionResult): Json {
  if (errors) throw new Error(JSON.stringify(errors));
  return data as Json;
}

export const customerQuery: Benchmark = {
  name: 'customer-query',
  limit: 'the subgraphs asked by hand, and the stock ApolloGateway class on the same subgraphs',
  notes: `By hand means the fewest calls that can give this answer, written for these two questions alone, without a gateway. What the gateway adds is the walk of the query plan and the shaping of the answer,
both Apollo's, which in process parses the operation anew for each call. Most of the time goes into the subgraphs themselves: SQL, and type-graphql's resolvers. Apart, JSON and HTTP dominate.`,
  async run(kit) {
    const databaseUrl = await freshDatabase(kit.adminUrl);
    const router = await startHelper('router');
    const address = await router.ask<{ port: number; username: string; password: string }>('start', { homes: 0, relayed: false });
    const measurements: Measurement[] = [];
    const world = await openWorld(databaseUrl);
    let ids: string[];
    try {
      const furniture = await furnish(world, address);
      ids = [];
      await inParallel(Array.from({ length: CUSTOMERS }), 4, async (_, at) => ids.push(await onboard(world, furniture, `sub-${at}`)));
      await until('every session to be seen', 60_000, async () => allOnline(await ours(world.supergraph)(PAGE)));
      await bill(world, CUSTOMERS);
      kit.progress(`${CUSTOMERS} customers online and billed; in one process …`);
      const apollo = await stock(world.supergraphSdl, ({ name }) => {
        const { schema, loaders } = world.running.get(name)!;
        const source = new LocalGraphQLDataSource(schema);
        return { process: (options) => source.process({ ...options, context: { principal: admin, requestId: REQUEST_ID, loaders: loaders({ principal: admin }) } } as never) };
      });
      measurements.push(...(await measure(kit, 'in process', ids, { headend: ours(world.supergraph), hand: byHand(askInProcess(world.running)), apollo })));
      await apollo.stop();
    } finally {
      await world.stop();
    }

    kit.progress('apart: subgraphs in a process on core 1, the gateway here …');
    const host = await startHelper('host', { core: 1 });
    try {
      await host.ask('open', { databaseUrl });
      const addresses = await host.ask<Record<string, string>>('subgraphs');
      measurements.push(...(await apart(kit, world, addresses, ids)));
    } finally {
      await host.stop();
      await router.stop();
    }
    return measurements;
  },
};

async function apart(kit: BenchKit, { platform, supergraphSdl }: World, addresses: Record<string, string>, ids: string[]): Promise<Measurement[]> {
  const tokens = await tokensOf(platform.tokens, Object.keys(addresses));
  const subgraphs = Object.entries(addresses).map(([name, url]) => remoteSubgraph({ name, url, tokens: platform.tokens, log: platform.log }));
  const gateway = await makeGateway({
    supergraphSdl,
    subgraphs,
    tokens: platform.tokens,
    resolveApiKey: async () => admin,
    resolveTenant: async () => null,
    log: platform.log,
    metrics: platform.metrics,
  });
  const apollo = await stock(supergraphSdl, ({ name }) => new RemoteGraphQLDataSource({ url: addresses[name]!, willSendRequest: ({ request }) => void request.http!.headers.set('authorization', `Bearer ${tokens.get(name)}`) }));
  const hand = askOverHttp(addresses, (name) => tokens.get(name)!);
  const headend = ours(gateway.supergraph);
  try {
    await until('every session to be seen apart', 60_000, async () => allOnline(await headend(PAGE)));
    return await measure(kit, 'apart', ids, { headend, hand: byHand(hand), apollo });
  } finally {
    hand.stop();
    await apollo.stop();
    await gateway.stop();
    await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
  }
}

const tokensOf = async (tokens: Tokens, names: string[]) => new Map(await Promise.all(names.map(async (name) => [name, await tokens.signInternal(admin, name, 3600)] as const)));

async function measure(kit: BenchKit, where: string, ids: string[], ways: Record<'headend' | 'hand' | 'apollo', Way>): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const operations = [
    { what: '1 customer', query: ONE, variables: () => ({ id: ids[Math.floor(Math.random() * ids.length)]! }) },
    { what: `${CUSTOMERS} customers`, query: PAGE, variables: () => undefined },
  ];
  for (const { what, query, variables } of operations) {
    await assertSame(ways, query, variables());
    for (const atOnce of [1, 8]) {
      const variant = (way: Way): Variant => async () => {
        await Promise.all(Array.from({ length: atOnce }, () => way(query, variables())));
        return atOnce;
      };
      const { headend, hand, apollo } = await compare({ headend: variant(ways.headend), hand: variant(ways.hand), apollo: variant(ways.apollo) }, kit.quick ? { repetitions: 3, ms: 150 } : { repetitions: 5, ms: 400 });
      const line = `${what} → balance, invoices, services → plan → session, ${where}, ${atOnce} at once`;
      const cpu = (of: { cpu: number[] }) => short(median(of.cpu) / 1000);
      const figures = `${short(median(headend.rates))} a second (by hand ${short(median(hand.rates))}, stock ${short(median(apollo.rates))}); CPU here ${cpu(headend)} ms each (${cpu(hand)}, ${cpu(apollo)})`;
      measurements.push(
        { what: line, against: 'calls by hand', ratios: ratiosOf(headend.rates, hand.rates), figures },
        { what: line, against: 'stock ApolloGateway', ratios: ratiosOf(headend.rates, apollo.rates), figures: 'as above' },
      );
    }
  }
  return measurements;
}

/** Before anything is timed: all ways give the same answer. */
async function assertSame(ways: Record<string, Way>, query: string, variables: Json | undefined): Promise<void> {
  const answers = await Promise.all(Object.values(ways).map(async (way) => JSON.parse(JSON.stringify(await way(query, variables))) as Json));
  if (!answers.every((answer) => isDeepStrictEqual(answer, answers[0]))) throw new Error(`The answers differ: ${JSON.stringify(answers)}`);
}

const allOnline = ({ customers }: Json): boolean =>
  customers.nodes.length === CUSTOMERS && customers.nodes.every(({ services }: Json) => services.nodes.length > 0 && services.nodes.every(({ access }: Json) => access?.session));
