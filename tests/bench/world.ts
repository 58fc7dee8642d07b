import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBlueprints, subgraphNames } from '#cli/composition/blueprints.ts';
import { openReadyDatabase } from '#cli/composition/database.ts';
import { identityLookups, makePlatform, restConfig, type Platform } from '#cli/composition/platform.ts';
import { projectFile } from '#cli/composition/project.ts';
import { makeStops } from '#cli/composition/stops.ts';
import { makeSubgraph, openClock } from '#cli/composition/subgraph-part.ts';
import { makeGateway, type Gateway } from '#gateway/server.ts';
import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { loadConfig } from '#kernel/config.ts';
import { connect } from '#kernel/db/connection.ts';
import type { Database } from '#kernel/db/database.ts';
import { bootstrapRoles } from '#kernel/db/roles.ts';
import { formatDatabaseUrl, parseDatabaseUrl } from '#kernel/db/url.ts';
import { makeLogger, silentLogger } from '#kernel/logs.ts';
import type { RunningSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import type { Subgraph, Supergraph } from '#kernel/subgraph/subgraph.ts';
import { answerUnroutable, mountRest } from '#rest-compat/rest.ts';
import { SANDBOX_TENANT_ID } from '#sandbox/fixtures/plans.ts';

export const TENANT = SANDBOX_TENANT_ID;
export const admin: Principal = makePrincipal({ kind: 'user', id: '00000000-0000-7000-8000-0000000000ad', tenantId: TENANT, permissions: ['*'] });
/** What a client over the wire shows: the sandbox's key, which does not expire. */
export const API_KEY = { 'x-api-key': 'test_pk_1234567890' };

/** A fresh database of the run's server, with every role; the world that opens it migrates it. Answers the login's URL. */
export async function freshDatabase(adminUrl: string): Promise<string> {
  const name = `bench_${randomBytes(5).toString('hex')}`;
  const onAdmin = parseDatabaseUrl(adminUrl);
  const connection = await connect(onAdmin, { applicationName: 'bench set-up' });
  await connection.run(`create database ${name}`);
  await connection.end();
  const urlOf = (user: string) => formatDatabaseUrl({ ...onAdmin, user, database: name });
  await bootstrapRoles({ url: urlOf(onAdmin.user), login: 'headend', subgraphs: subgraphNames, log: silentLogger });
  return urlOf('headend');
}

/** The whole product in this process, part by part within reach of a benchmark. */
export interface World {
  platform: Platform;
  database: Database;
  running: ReadonlyMap<string, RunningSubgraph>;
  subgraphs: readonly Subgraph[];
  gateway: Gateway;
  supergraph: Supergraph;
  supergraphSdl: string;
  /** Runs an operation as the tenant's administrator; fails on any error. */
  ask<T = Record<string, ReturnType<typeof JSON.parse>>>(query: string, variables?: Record<string, unknown>): Promise<T>;
  stop(): Promise<void>;
}

export async function openWorld(databaseUrl: string): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'headend-bench-data-'));
  const config = loadConfig({ DATABASE_URL: databaseUrl, HEADEND_SANDBOX: '1', HEADEND_DATA: dataDir, LOG_LEVEL: process.env.HEADEND_BENCH_LOG ?? 'silent' });
  const log = process.env.HEADEND_BENCH_LOG ? makeLogger({ level: config.logLevel, format: 'json' }) : silentLogger;
  const platform = makePlatform(config, config.secret!, log);
  const stops = makeStops(log);
  const blueprints = await loadBlueprints();
  const opened = await openReadyDatabase({ config, postgresDir: join(dataDir, 'pg'), blueprints, roles: subgraphNames, applicationName: 'bench', log, onLost: () => undefined });
  stops.add('database', () => opened.stop());
  const clocks = await openClock(platform, opened.database, stops);
  let gateway: Gateway | undefined;
  const made: Array<Awaited<ReturnType<typeof makeSubgraph>>> = [];
  for (const blueprint of blueprints) made.push(await makeSubgraph(platform, blueprint, opened.database, clocks, () => gateway!.supergraph));
  const start = async ({ running }: (typeof made)[number]) => {
    stops.add(running.name, () => running.stop());
    await running.start();
  };
  for (const part of made) if (part.running.name !== 'ops') await start(part);
  const subgraphs = made.map(({ subgraph }) => subgraph);
  const supergraphSdl = readFileSync(projectFile('schema/supergraph.graphql'), 'utf8');
  gateway = await makeGateway({
    supergraphSdl,
    subgraphs,
    tokens: platform.tokens,
    ...identityLookups(subgraphs.find(({ name }) => name === 'identity')!),
    log,
    metrics: platform.metrics,
    config: { frameworkErrors: answerUnroutable },
  });
  const { supergraph } = gateway;
  await mountRest(gateway.app, { supergraph, principalOf: gateway.guard.principalOf, log, metrics: platform.metrics, config: restConfig(config) });
  stops.add('gateway', () => gateway!.stop());
  await start(made.find(({ running }) => running.name === 'ops')!);

  return {
    platform,
    database: opened.database,
    running: new Map(made.map(({ running }) => [running.name, running])),
    subgraphs,
    gateway,
    supergraph,
    supergraphSdl,
    async ask(query, variables) {
      const { data, errors } = await supergraph.execute({ query, variables, principal: admin, requestId: 'bench' });
      if (errors) throw new Error(`${JSON.stringify(errors)}\nin ${query}`);
      return JSON.parse(JSON.stringify(data)) as never;
    },
    async stop() {
      await stops.run();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A plan, and the simulated router on `port` registered and reachable. */
export async function furnish(world: World, router: { port: number; username: string; password: string }): Promise<{ planId: string; routerId: string }> {
  const { createPlan } = await world.ask('mutation ($input: CreatePlanInput!) { createPlan(input: $input) { plan { id } } }', {
    input: { code: 'bench', name: 'Bench', serviceType: 'PPPOE', price: { amount: '29.90', currency: 'USD' }, billingInterval: 'MONTH', access: { rateLimit: '20M/100M', localAddress: '10.64.0.1', remotePool: 'pool-pppoe' } },
  });
  return { planId: createPlan.plan.id as string, routerId: await registerRouter(world, 'bench-router', router) };
}

/** Begins to onboard one subscriber; answers the customer's id. */
export async function onboard(world: World, { planId, routerId }: { planId: string; routerId: string }, username: string): Promise<string> {
  const { onboardCustomer } = await world.ask('mutation ($input: OnboardCustomerInput!) { onboardCustomer(input: $input) { customer { id } run { id } } }', {
    input: { customer: { name: `Customer ${username}`, email: `${username}@example.com` }, planId, routerId, credentials: { username, password: `pw-${username}` }, billingDay: 5 },
  });
  let { customer } = onboardCustomer;
  // The answer does not wait long for the customer's row.
  await until('the customer of a run', 60_000, async () => (customer ??= (await world.ask('query ($id: ID!) { run(id: $id) { customer { id } } }', { id: onboardCustomer.run.id })).run.customer) !== null);
  return customer.id as string;
}

/** Registers the simulated router on `port` as well; answers its id when it is reachable. */
export async function registerRouter(world: World, name: string, router: { port: number; username: string; password: string }): Promise<string> {
  const { registerRouter: made } = await world.ask('mutation ($input: RegisterRouterInput!) { registerRouter(input: $input) { router { id } } }', {
    input: { name, host: '127.0.0.1', site: 'Bench', ...router },
  });
  const routerId = made.router.id as string;
  await until(`${name} to be reachable`, 60_000, async () => (await world.ask('query ($id: ID!) { router(id: $id) { status { reachable } } }', { id: routerId })).router.status.reachable === true);
  return routerId;
}

/** Bills what is due, again until so many customers have an invoice: billing hears of a new service a moment later. */
export async function bill(world: World, customers: number): Promise<void> {
  await until(`the invoices of ${customers} customers`, 60_000, async () => {
    await world.ask('mutation { runBilling(input: {}) { run { id } } }');
    const page = await world.ask(`{ customers(first: ${Math.min(customers, 100)}) { nodes { invoices(first: 1) { nodes { id } } } } }`);
    return page.customers.nodes.every(({ invoices }: { invoices: { nodes: unknown[] } }) => invoices.nodes.length > 0);
  }, 500);
}

/** How many sessions of the router are live, as a new subscriber is told. */
export async function liveSessions({ supergraph }: World, routerId: string): Promise<number> {
  const events = await supergraph.subscribe<{ pppSessions: { remaining: number | null } }>({
    query: 'subscription ($routerId: ID) { pppSessions(routerId: $routerId) { remaining } }',
    variables: { routerId },
    principal: admin,
    requestId: 'bench',
  });
  if (!(Symbol.asyncIterator in events)) throw new Error(JSON.stringify(events.errors));
  // A router without a session sends nothing.
  const first = await Promise.race([events.next(), new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 200))]);
  await events.return?.();
  return first === undefined || first.done ? 0 : first.value.data!.pppSessions.remaining! + 1;
}

/** Waits for what no event tells a benchmark. */
export async function until(what: string, deadlineMs: number, look: () => Promise<boolean> | boolean, everyMs = 50): Promise<void> {
  for (const end = performance.now() + deadlineMs; !(await look()); ) {
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
