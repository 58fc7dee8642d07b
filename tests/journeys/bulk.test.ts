import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BulkItemsDocument,
  BulkJobDocument,
  CancelBulkDocument,
  CreatePlanDocument,
  OnboardCustomerDocument,
  PreviewBulkDocument,
  RegisterRouterDocument,
  ResumeBulkDocument,
  RunDocument,
  ServiceOnRouterDocument,
  StartBulkDocument,
  StopBulkDocument,
  SuspendServiceDocument,
  type BulkJobFieldsFragment,
  type PreviewBulkInput,
} from '#schema/operations/graphql.ts';
import type { TestDatabase } from '#kernel/db/test-database.ts';
import { loggedIn, type Client, type GraphError } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES, productDatabase, startProduct, type Product } from '../support/product.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { onConsole } from '../network/network-harness.ts';
import { planInput } from './operations.ts';

/** How many services are changed at a time. */
const SERVICES = 20;
/** As many are done before the job is stopped: the first two rounds of onboarding, with the one that is suspended by hand among them. */
const LIMIT = 10;
const SLOW_MS = 120_000;

type Job = BulkJobFieldsFragment;

describe.each(MODES)('the same for many services (%s)', (mode) => {
  let database: TestDatabase;
  let product: Product;
  let core: TestRouter;
  let edge: TestRouter;
  let client: Client;
  let coreId: string;
  let edgeId: string;
  /** By user name. */
  const services = new Map<string, string>();

  /** As a careful client does: what is out of reach for now is asked again. */
  const persistently = <T>(what: string, attempt: () => Promise<T>): Promise<T> =>
    eventually(what, SLOW_MS, () =>
      attempt().catch((error: Error & { errors?: GraphError[] }) => {
        if (error.errors && !error.errors.every(({ extensions }) => extensions.code === 'UNAVAILABLE')) throw error;
        return undefined;
      }),
    );

  const onboard = async (username: string, planId = 'fiber-100') => {
    const input = { customer: { name: `Customer ${username}`, email: `${username}@example.com` }, planId, routerId: coreId, credentials: { username, password: 'pw-of-a-subscriber' }, billingDay: 5, idempotencyKey: username };
    const { onboardCustomer } = await persistently('an onboarding', () => client.ask(OnboardCustomerDocument, { input }));
    const serviceId = await eventually(`the run of ${username} to succeed`, SLOW_MS, async () => {
      const { run } = await persistently('the run', () => client.ask<{ run: { state: string; service: { id: string } } }>('query ($id: ID!) { run(id: $id) { state service { id } } }', { id: onboardCustomer.run.id }));
      return run.state === 'SUCCEEDED' ? run.service.id : undefined;
    });
    services.set(username, serviceId);
    return serviceId;
  };

  beforeAll(async () => {
    database = await productDatabase();
    [core, edge] = await Promise.all([startRouter('core-1'), startRouter('edge-1')]);
    product = await startProduct({ mode, databaseUrl: database.url });
    client = await persistently('a login', () => loggedIn(product.url));
    for (const code of ['fiber-100', 'fiber-300']) await client.ask(CreatePlanDocument, { input: planInput(code) });
    const register = async ({ input }: TestRouter) => (await client.ask(RegisterRouterDocument, { input })).registerRouter.router.id;
    [coreId, edgeId] = [await register(core), await register(edge)];
    const names = Array.from({ length: SERVICES }, (_, at) => `sub-${String(at).padStart(2, '0')}`);
    for (let from = 0; from < names.length; from += 5) await Promise.all(names.slice(from, from + 5).map((name) => onboard(name)));
  }, 480_000);

  afterAll(async () => {
    await client?.close();
    await product?.stop();
    await Promise.all([core, edge].map((router) => router?.simulator.stop()));
    await database?.drop();
  });

  const preview = async (input: PreviewBulkInput): Promise<Job> => {
    const { previewBulk } = await client.ask(PreviewBulkDocument, { input });
    return until(previewBulk.job.id, 'PREVIEWED', ({ state }) => state === 'PREVIEWED');
  };
  const until = (id: string, what: string, is: (job: Job) => boolean): Promise<Job> =>
    eventually(`the job to be ${what}`, SLOW_MS, async () => {
      const { bulkJob } = await persistently('the job', () => client.ask(BulkJobDocument, { id }));
      return is(bulkJob!) ? bulkJob! : undefined;
    });
  const ended = (id: string) => until(id, 'at its end', ({ finishedAt }) => finishedAt !== null);
  const itemsOf = async (jobId: string) => (await client.ask(BulkItemsDocument, { bulkJobId: jobId, first: 100 })).bulkItems.nodes;
  const secretsOn = ({ simulator }: TestRouter) => simulator.rows('/ppp/secret').filter((row) => services.has(row.name ?? ''));

  it('a preview changes nothing and is frozen; stopped and resumed, each service is suspended once, with its own outcome', async () => {
    const job = await preview({ action: 'SUSPEND', filter: { planId: 'fiber-100' }, reason: 'works on the line' });
    expect(job).toMatchObject({ itemCount: SERVICES, asWished: 0, progress: { pending: SERVICES } });
    expect(job.sessionsToCut).toBeGreaterThan(0);
    expect(secretsOn(core).filter(({ disabled }) => disabled === 'true')).toEqual([]);

    // Meanwhile one is suspended by hand, and one is new.
    const early = services.get('sub-07')!;
    const { suspendService } = await client.ask(SuspendServiceDocument, { input: { serviceId: early } });
    await eventually('the suspension by hand', SLOW_MS, async () => ((await client.ask(RunDocument, { id: suspendService.run.id })).run!.state === 'SUCCEEDED' ? true : undefined));
    const late = await onboard('late');

    const cut: string[] = [];
    const unwatch = core.simulator.onSessionChange(({ kind, reason, session }) => void (kind === 'down' && reason === 'admin-reset' && cut.push(session.name)));
    await client.ask(StartBulkDocument, { input: { id: job.id, limit: LIMIT } });
    const stopped = await until(job.id, 'STOPPED', ({ state, progress }) => state === 'STOPPED' && progress.running === 0);
    expect(stopped.progress).toMatchObject({ pending: SERVICES - LIMIT, failed: 0 });
    expect(secretsOn(core).filter(({ disabled }) => disabled === 'true')).toHaveLength(LIMIT);
    await client.ask(ResumeBulkDocument, { input: { id: job.id } });
    expect(await ended(job.id)).toMatchObject({ state: 'COMPLETED', progress: { succeeded: SERVICES - 1, skipped: 1, failed: 0, pending: 0, running: 0 } });

    unwatch();
    expect(cut.length).toBe(new Set(cut).size);
    expect(cut).not.toContain('late');
    const items = await itemsOf(job.id);
    expect(items).toHaveLength(SERVICES);
    expect(items.filter(({ service }) => service.id === early)).toMatchObject([{ state: 'SKIPPED', skippedBecause: 'ALREADY_SUSPENDED', run: null }]);
    const suspended = { state: 'SUCCEEDED', service: { status: 'SUSPENDED' }, run: { state: 'SUCCEEDED' } };
    expect(items.filter(({ service }) => service.id !== early)).toMatchObject(Array.from({ length: SERVICES - 1 }, () => suspended));
    expect(secretsOn(core).filter(({ disabled }) => disabled === 'false').map(({ name }) => name)).toEqual(['late']);
    expect((await client.ask(ServiceOnRouterDocument, { id: late })).service).toMatchObject({ status: 'ACTIVE' });
  }, 300_000);

  it('killed in the middle, it goes on after the restart, and nothing is done twice', async () => {
    const { id } = await preview({ action: 'RESUME', filter: { routerId: coreId } });
    await client.ask(StartBulkDocument, { input: { id } });
    await until(id, 'under way', ({ progress }) => progress.succeeded > 2);
    const done = (await itemsOf(id)).filter(({ state }) => state === 'SUCCEEDED').map(({ run }) => run!.id);
    await client.close();
    await product.kill9('ops');
    await product.start();
    client = await persistently('a login', () => loggedIn(product.url));

    // `late` is among those on the router and was never suspended.
    expect(await ended(id)).toMatchObject({ state: 'COMPLETED', progress: { succeeded: SERVICES, failed: 0, pending: 0 } });
    const items = await itemsOf(id);
    expect(items.filter(({ state }) => state === 'SUCCEEDED').map(({ run }) => run!.id)).toEqual(expect.arrayContaining(done));
    const runs = await client.ask<{ runs: { totalCount: number } }>('query { runs(filter: { kind: RESUME_SERVICE }) { totalCount } }', {});
    expect(runs.runs.totalCount).toBe(SERVICES);
    expect(secretsOn(core).filter(({ disabled }) => disabled === 'true')).toEqual([]);
    expect(new Set(secretsOn(core).map(({ name }) => name)).size).toBe(secretsOn(core).length);
  }, 480_000);

  it('cancelled, what had begun ends and the rest is left as it was', async () => {
    const ids = [...services.values()];
    const job = await preview({ action: 'CHANGE_PLAN', filter: { serviceIds: ids }, planId: 'fiber-300' });
    await client.ask(StartBulkDocument, { input: { id: job.id } });
    await until(job.id, 'under way', ({ progress }) => progress.pending < ids.length);
    await client.ask(StopBulkDocument, { input: { id: job.id } });
    const { cancelBulk } = await client.ask(CancelBulkDocument, { input: { id: job.id } });
    expect(cancelBulk.job).toMatchObject({ state: 'CANCELLED', progress: { pending: 0 } });
    const { progress } = await ended(job.id);
    expect(progress.succeeded).toBeGreaterThan(0);
    expect(progress.succeeded + progress.skipped).toBe(ids.length);
    expect(secretsOn(core).filter(({ profile }) => profile === 'headend-fiber-300')).toHaveLength(progress.succeeded);
  }, 300_000);

  it('moved to another router, some succeed and the one whose name is taken there says so', async () => {
    const names = ['sub-00', 'sub-01', 'sub-02'];
    await onConsole(edge, (session) => session.command('/ppp/secret/add', { name: 'sub-01', password: 'x' }).then(() => undefined));
    const job = await preview({ action: 'MOVE', filter: { serviceIds: names.map((name) => services.get(name)!) }, routerId: edgeId });
    expect(job.itemCount).toBe(3);
    await client.ask(StartBulkDocument, { input: { id: job.id } });
    expect(await ended(job.id)).toMatchObject({ state: 'COMPLETED', progress: { succeeded: 2, failed: 1 } });
    const failed = (await itemsOf(job.id)).find(({ state }) => state === 'FAILED');
    expect(failed).toMatchObject({ service: { id: services.get('sub-01') }, error: { code: 'NETWORK_FOREIGN_SECRET' } });
    expect(secretsOn(core).filter(({ name }) => names.includes(name!)).map(({ name }) => name)).toEqual(['sub-01']);
  }, 300_000);
});
