import type { ExecutionResult } from 'graphql';
import { onTestFinished } from 'vitest';
import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import type { RunningSubgraph, SubgraphBlueprint } from '#kernel/subgraph/define-subgraph.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import type { Subgraph } from '#kernel/subgraph/subgraph.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { makeRouterConnection } from '#subgraphs/network/routeros/router-connection.ts';
import type { RouterSession } from '#subgraphs/network/routeros/session.ts';
import { network } from '#subgraphs/network/subgraph.ts';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';

/** The network subgraph on a database of its own, called as the gateway and ops call it. */
export interface NetworkHarness extends TestSubgraph {
  running: RunningSubgraph;
  /** Opens a subscription; it is left at the end of the test. Of tests that run side by side each says when that is. */
  subscribe<T>(principal: Principal, query: string, variables?: Record<string, unknown>, atEnd?: AtEnd): Promise<Events<T>>;
  /** Registers a simulated router and waits until it answers. */
  reachable(principal: Principal, router: TestRouter): Promise<string>;
}

/** Has something done when a test is over. */
export type AtEnd = (action: () => Promise<void>) => void;

export interface Events<T> {
  next(): Promise<T>;
  /** Reads until one fits; fails when the stream ends before. */
  until(fits: (event: T) => boolean): Promise<T>;
  leave(): Promise<void>;
}

export const TENANT = '00000000-0000-4000-8000-00000000000a';
export const OTHER_TENANT = '00000000-0000-4000-8000-00000000000b';
export const member = (tenantId: string, ...permissions: string[]) => makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions });
export const admin = member(TENANT, '*');
export const stranger = member(OTHER_TENANT, '*');
export const saga = makePrincipal({ kind: 'service', id: 'ops', tenantId: TENANT, permissions: ['internal:saga'] });

export async function startNetwork(): Promise<NetworkHarness> {
  let subgraph: Subgraph | undefined;
  let running: RunningSubgraph | undefined;
  const blueprint: SubgraphBlueprint = {
    ...network,
    async make(kit) {
      running = await network.make(kit);
      subgraph = localSubgraph({ name: running.name, schema: running.schema, loaders: running.loaders, log: silentLogger });
      return running;
    },
  };
  const graph = await testSubgraph(blueprint);
  return {
    ...graph,
    running: running!,
    subscribe: (principal, query, variables, atEnd) => eventsOf(subgraph!, principal, query, variables, atEnd),
    async reachable(principal, router) {
      const { registerRouter } = await graph.data(principal, REGISTER, { input: router.input });
      const { id } = registerRouter.router as { id: string };
      await eventually('the router to be reachable', 10_000, async () => ((await graph.data(principal, STATUS, { id })).router.status.reachable ? true : undefined));
      return id;
    },
  };
}

/** The events of a subscription; it is left at the end of the test. */
export async function eventsOf<T>(subgraph: Subgraph, principal: Principal, query: string, variables?: Record<string, unknown>, atEnd: AtEnd = onTestFinished): Promise<Events<T>> {
  const stream = await subgraph.subscribe<Record<string, T>>({ query, principal, requestId: 'test', ...(variables ? { variables } : {}) });
  if (!(Symbol.asyncIterator in stream)) throw Object.assign(new Error('refused'), { code: (stream as ExecutionResult).errors?.[0]?.extensions?.code });
  atEnd(async () => void (await stream.return?.()));
  const next = async (): Promise<T> => {
    const { value, done } = await stream.next();
    if (done) throw new Error('The stream ended.');
    if (value.errors) throw new Error(`An event failed: ${JSON.stringify(value.errors)}`);
    return Object.values(JSON.parse(JSON.stringify(value.data)) as Record<string, T>)[0]!;
  };
  return {
    next,
    async until(fits) {
      for (;;) {
        const event = await next();
        if (fits(event)) return event;
      }
    },
    leave: async () => void (await stream.return?.()),
  };
}

/** A simulated router for one test. */
export async function routerOfTest(name: string, version?: string): Promise<TestRouter> {
  const router = await startRouter(name, version);
  onTestFinished(() => router.simulator.stop());
  return router;
}

export const REGISTER = 'mutation ($input: RegisterRouterInput!) { registerRouter(input: $input) { router { id name host port username site active tls { mode fingerprint } status { state reachable } } } }';
export const STATUS = 'query ($id: ID!, $live: Boolean! = false) { router(id: $id) { id status(live: $live) { state reachable reason reasonCode version identity observedAt source } } }';
export const SEAL = 'mutation ($input: SealPppCredentialsInput!) { sealPppCredentials(input: $input) { credentials { id routerId } } }';
export const PROVISION = 'mutation ($input: ProvisionAccessInput!) { provisionAccess(input: $input) { access { desired username profile enforcement { outcome attempts } } } }';
export const PROFILE = 'mutation ($input: ApplyPppProfileInput!) { applyPppProfile(input: $input) { result { outcome code message } } }';
export const SECRET = 'mutation ($input: ApplyPppSecretInput!) { applyPppSecret(input: $input) { result { outcome code message } } }';
export const VERIFY = 'mutation ($input: VerifyAccessInput!) { verifyAccess(input: $input) { result { outcome code message } } }';
export const WITHDRAW = 'mutation ($input: WithdrawAccessInput!) { withdrawAccess(input: $input) { result { outcome code message } } }';
export const ACCESS = `query ($of: [_Any!]!) { entities: _entities(representations: $of) { ... on Service { id access { desired username profile staticAddress callerIdLock router { id name }
  enforcement { outcome reason { code message } acknowledgedAt lagMs attempts lastAttemptAt } session { name address callerId uptime stale source observedAt router { id } service { id } } } } } }`;
export const SESSIONS = 'subscription ($routerId: ID) { pppSessions(routerId: $routerId) { action remaining version source session { id name address callerId stale service { id } router { id } } } }';
export const TRAFFIC = 'subscription ($serviceId: ID!) { traffic(serviceId: $serviceId) { at rxBitsPerSecond txBitsPerSecond } }';
export const DISCONNECT = 'mutation ($input: DisconnectSessionInput!) { disconnectSession(input: $input) { disconnected session { id name } } }';

export interface SessionEvent {
  action: 'SNAPSHOT' | 'UP' | 'DOWN';
  remaining: number | null;
  version: number;
  source: string;
  session: { id: string; name: string; address: string | null; callerId: string | null; stale: boolean; service: { id: string } | null; router: { id: string } };
}

export const serviceRef = (id: string) => ({ __typename: 'Service', id });

export interface Subscriber {
  serviceId: string;
  credentialsId: string;
  runId: string;
  username: string;
}

let subscribers = 0;

/** Credentials sealed and rows made; nothing on the router yet. */
export async function provisioned(graph: TestSubgraph, routerId: string, changes: { username?: string; password?: string; plan?: object } = {}): Promise<Subscriber> {
  const username = changes.username ?? `sub-${(subscribers += 1)}`;
  const subscriber: Subscriber = { serviceId: uuidv7(), credentialsId: uuidv7(), runId: uuidv7(), username };
  await graph.data(saga, SEAL, { input: { id: subscriber.credentialsId, routerId, username, password: changes.password ?? `pw-${username}` } });
  await graph.data(saga, PROVISION, { input: { serviceId: subscriber.serviceId, credentialsId: subscriber.credentialsId, runId: subscriber.runId, plan: { ...PLAN, ...changes.plan } } });
  return subscriber;
}

export const PLAN = { id: '00000000-0000-4000-8000-0000000000f1', code: 'fiber_100', rateLimit: '20M/100M', localAddress: '10.64.0.1', remotePool: 'pool-pppoe' };

export interface StepResult {
  outcome: 'DONE' | 'WAIT' | 'REJECTED';
  code: string | null;
  message: string | null;
}

/** One step of the saga on the router. */
export async function step(graph: TestSubgraph, document: string, { serviceId }: Subscriber): Promise<StepResult> {
  return (Object.values(await graph.data(saga, document, { input: { serviceId } }))[0] as { result: StepResult }).result;
}

/** All steps on the router, each expected to succeed. */
export async function applied(graph: TestSubgraph, subscriber: Subscriber): Promise<Subscriber> {
  for (const document of [PROFILE, SECRET, VERIFY]) {
    const result = await step(graph, document, subscriber);
    if (result.outcome !== 'DONE') throw new Error(`${document} ended ${JSON.stringify(result)}`);
  }
  return subscriber;
}

export async function accessOf(graph: TestSubgraph, serviceId: string, principal: Principal = admin) {
  return (await graph.data(principal, ACCESS, { of: [serviceRef(serviceId)] })).entities[0].access;
}

/** What an administrator does at the router itself, past Headend. */
export async function onConsole(router: TestRouter, action: (session: RouterSession) => Promise<void>): Promise<void> {
  const line = makeRouterConnection({ host: router.input.host, port: router.port, credentials: async () => router.input });
  try {
    await action(await line.session(5_000));
  } finally {
    await line.stop();
  }
}
