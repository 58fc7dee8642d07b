import { expect } from 'vitest';
import type { TestDatabase } from '#kernel/db/test-database.ts';
import { SANDBOX_TENANT_ID } from '#sandbox/fixtures/plans.ts';
import { CreatePlanDocument, OnboardCustomerDocument, RegisterRouterDocument, RunDocument, type OnboardCustomerInput, type RunQuery } from '#schema/operations/graphql.ts';
import { assertBooks } from '#subgraphs/billing/testing/books.store.ts';
import { loggedIn, type Client, type GraphError } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { productDatabase, startProduct, type Mode, type Product } from '../support/product.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { planInput } from './operations.ts';

/** As long as a run may take once nothing stands in its way any more. */
export const SETTLE_MS = 60_000;

type Run = NonNullable<RunQuery['run']>;

/** A small provider: the product, one router, one plan. What journeys of faults have in common. */
export interface Provider {
  mode: Mode;
  product: Product;
  router: TestRouter;
  routerId: string;
  /** Logs in anew: what is out of reach for now is asked again, as a careful client does. */
  client(): Promise<Client>;
  stop(): Promise<void>;
}

export interface ProviderOptions {
  /** Where it stands; a database of its own unless given. */
  databaseUrl?: string;
  graceDays?: number;
  /** Homes at its router beside the few of the sandbox. */
  homes?: number;
  twice?: boolean;
  parts?: Parameters<typeof startProduct>[0]['parts'];
}

export async function openProvider(mode: Mode, { databaseUrl, graceDays, homes, ...more }: ProviderOptions = {}): Promise<Provider & { database: TestDatabase | undefined }> {
  const database = databaseUrl === undefined ? await productDatabase() : undefined;
  const router = await startRouter('core-1', undefined, homes);
  const product = await startProduct({ mode, databaseUrl: databaseUrl ?? database!.url, ...more });
  const client = () => persistently('a login', () => loggedIn(product.url));
  const admin = await client();
  await admin.ask(CreatePlanDocument, { input: { ...planInput('fiber-100'), ...(graceDays === undefined ? {} : { graceDays }) } });
  const { registerRouter } = await admin.ask(RegisterRouterDocument, { input: router.input });
  return {
    mode,
    product,
    router,
    routerId: registerRouter.router.id,
    client,
    database,
    async stop() {
      await product.stop();
      await router.simulator.stop();
      await database?.drop();
    },
  };
}

/** Asks until it is answered by something else than "not now". */
export function persistently<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  return eventually(what, SETTLE_MS, () =>
    attempt().catch((error: Error & { errors?: GraphError[] }) => {
      if (error.errors && !error.errors.every(({ extensions }) => extensions.code === 'UNAVAILABLE')) throw error;
      return undefined;
    }),
  );
}

export const subscriber = ({ routerId }: Provider, username: string, billingDay = 1): OnboardCustomerInput => ({
  customer: { name: `Customer ${username}`, email: `${username}@example.com` },
  planId: 'fiber-100',
  routerId,
  credentials: { username, password: `pw-${username}` },
  billingDay,
  idempotencyKey: username,
});

/** The run once it has the state; fails when it ends in another. */
export function runWhen(client: Client, id: string, state: Run['state'] = 'SUCCEEDED', deadlineMs = SETTLE_MS): Promise<Run> {
  return eventually(`the run ${id} to be ${state}`, deadlineMs, async () => {
    const { run } = await persistently('the run', () => client.ask(RunDocument, { id }));
    if (run!.state !== state && ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(run!.state)) throw new Error(`the run ${run!.state}: ${JSON.stringify(run!.steps)}`);
    return run!.state === state ? run! : undefined;
  });
}

/** Onboards and waits until the router has followed; while a part is away the call answers without customer and service. */
export async function onboarded(provider: Provider, client: Client, username: string, billingDay?: number): Promise<{ runId: string; customerId: string; serviceId: string }> {
  const { customer, service, run } = await eventually('customer and service', SETTLE_MS, async () => {
    const { onboardCustomer } = await persistently(`the onboarding of ${username}`, () => client.ask(OnboardCustomerDocument, { input: subscriber(provider, username, billingDay) }));
    return onboardCustomer.service ? onboardCustomer : undefined;
  });
  await runWhen(client, run.id);
  return { runId: run.id, customerId: customer!.id, serviceId: service!.id };
}

export const secretOf = ({ router }: Provider, username: string) => router.simulator.rows('/ppp/secret').find((row) => row.name === username);
export const sessionOf = ({ router }: Provider, username: string) => router.simulator.rows('/ppp/active').find((row) => row.name === username);

interface ServiceSeen {
  status: string;
  access: { username: string; desired: string; enforcement: { outcome: string } } | null;
}

/** Router and database tell the same: one secret a service, enabled or disabled as its service is; nobody else's, nothing waits. */
export async function expectAgreement(provider: Provider, client: Client): Promise<void> {
  const services: ServiceSeen[] = [];
  for (let offset = 0, total = 1; offset < total; offset += 100) {
    const page = await client.ask<{ services: { totalCount: number; nodes: ServiceSeen[] } }>('query ($offset: Int!) { services(first: 100, offset: $offset) { totalCount nodes { status access { username desired enforcement { outcome } } } } }', { offset });
    services.push(...page.services.nodes);
    total = page.services.totalCount;
  }
  const inDatabase = services.map(({ status, access }) => ({ name: access?.username, disabled: String(status === 'SUSPENDED'), outcome: access?.enforcement.outcome }));
  const onRouter = provider.router.simulator.rows('/ppp/secret').filter(({ name }) => !name!.startsWith('demo-')).map(({ name, disabled }) => ({ name, disabled, outcome: 'APPLIED' }));
  const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) => String(a.name).localeCompare(String(b.name));
  expect(inDatabase.sort(byName)).toEqual(onRouter.sort(byName));
  const suspended = inDatabase.filter(({ disabled }) => disabled === 'true').map(({ name }) => name!);
  expect(suspended.filter((name) => sessionOf(provider, name))).toEqual([]);
}

/** Everything that must be true of the books at any time: gapless numbers and periods, nothing doubled, sums that agree. */
export async function expectBooks(database: Pick<TestDatabase, 'database'>): Promise<{ invoices: number; payments: number }> {
  return assertBooks({ kit: { db: database.database.forSubgraph('billing') } }, SANDBOX_TENANT_ID);
}
