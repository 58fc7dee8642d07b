import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '#tests/support/eventually.ts';
import { failure, makeFakeGraph, PLAN, ROUTER, WAIT, type Life } from '../testing/fake-graph.ts';
import { makeOps, OTHER_TENANT, type OpsProcess } from '../testing/ops-process.ts';

let test: TestDatabase;
let ops: OpsProcess;
const graph = makeFakeGraph();

beforeAll(async () => {
  test = await testDatabase({ migrations: [{ subgraph: 'ops', folder: new URL('../migrations/', import.meta.url) }] });
  ops = await makeOps({ database: test.database, graph });
  await ops.bus.start();
  await ops.running.start();
});
afterAll(async () => {
  await ops.bus.stop();
  await ops.running.stop();
  await test.drop();
});
afterEach(() => graph.reset());

const FIELDS = 'id action state itemCount sessionsToCut asWished error { code message } startedBy expiresAt finishedAt progress { pending running waiting succeeded failed skipped }';
interface Seen {
  id: string;
  state: string;
  itemCount: number;
  sessionsToCut: number;
  asWished: number;
  error: { code: string } | null;
  startedBy: string | null;
  finishedAt: string | null;
  progress: { pending: number; running: number; waiting: number; succeeded: number; failed: number; skipped: number };
}
interface Item {
  position: number;
  state: string;
  skippedBecause: string | null;
  error: { code: string } | null;
  service: { id: string };
  run: { id: string; kind: string } | null;
}

/** Services that are in use, of one customer each. */
const living = (count: number, changes: Partial<Life> = {}): string[] =>
  Array.from({ length: count }, () => {
    const serviceId = uuidv7();
    graph.lives.set(serviceId, { customerId: uuidv7(), status: 'ACTIVE', reason: null, planId: 'plan-before', intent: 0, desired: 'ENABLED', onRouter: 'ENABLED', changedBy: null, ...changes });
    return serviceId;
  });
const life = (id: string): Life => graph.lives.get(id)!;
const send = (field: string, input: object) => ops.ask<Record<string, { job: Seen }>>(`mutation ($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { job { ${FIELDS} } } }`, { input });
const act = async (field: string, input: object): Promise<Seen> => {
  const { data, errors } = await send(field, input);
  expect(errors).toBeUndefined();
  return data![field]!.job;
};
const refusal = async (field: string, input: object) => (await send(field, input)).errors?.[0]?.extensions as { code: string; details?: Array<{ field: string; code: string }> } | undefined;
const look = async (id: string) => (await ops.ask<{ bulkJob: Seen }>(`query ($id: ID!) { bulkJob(id: $id) { ${FIELDS} } }`, { id })).data!.bulkJob;
const until = (id: string, what: string, is: (job: Seen) => boolean): Promise<Seen> =>
  eventually(`the job to be ${what}`, 100_000, async () => {
    const seen = await look(id);
    return is(seen) ? seen : undefined;
  });
const ended = (id: string, state = 'COMPLETED') => until(id, state, (job) => job.state === state && job.finishedAt !== null);
const items = async (jobId: string, more = '') =>
  (await ops.ask<{ bulkItems: { nodes: Item[]; totalCount: number } }>(`query ($id: ID!) { bulkItems(bulkJobId: $id, first: 100${more}) { totalCount nodes { position state skippedBecause error { code } service { id } run { id kind } } } }`, { id: jobId })).data!.bulkItems;
const itemOf = async (jobId: string, serviceId: string) => (await items(jobId)).nodes.find(({ service }) => service.id === serviceId)!;
const timesSuspended = (serviceId: string) => graph.calls.filter(({ operation, input }) => operation === 'LifecycleMarkSuspended' && input.id === serviceId).length;

describe('a preview', () => {
  it('counts services, sessions and what is as wished, writes nothing, and is of a frozen selection', async () => {
    const ids = living(4, { planId: 'p' });
    const [off] = living(1, { planId: 'p', status: 'SUSPENDED', onRouter: 'DISABLED', desired: 'DISABLED' });
    living(1, { planId: 'p', status: 'TERMINATED' });
    living(3, { planId: 'another' });
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' }, reason: 'a storm' });
    expect(job).toMatchObject({ state: 'PREVIEWED', itemCount: 5, sessionsToCut: 4, asWished: 1, expiresAt: expect.any(String), progress: { pending: 5 } });
    expect(new Set(graph.operations())).toEqual(new Set(['BulkServices']));

    // One changes by itself, one comes, one goes.
    Object.assign(life(ids[0]!), { status: 'SUSPENDED' });
    graph.lives.delete(ids[1]!);
    const [late] = living(1, { planId: 'p' });
    await act('startBulk', { id: job.id });
    expect(await ended(job.id)).toMatchObject({ startedBy: 'user-1', progress: { succeeded: 2, skipped: 3, pending: 0, running: 0, failed: 0 } });
    expect(await itemOf(job.id, ids[0]!)).toMatchObject({ state: 'SKIPPED', skippedBecause: 'ALREADY_SUSPENDED', run: null });
    expect(await itemOf(job.id, ids[1]!)).toMatchObject({ state: 'SKIPPED', skippedBecause: 'GONE' });
    expect(await itemOf(job.id, off!)).toMatchObject({ state: 'SKIPPED', skippedBecause: 'ALREADY_SUSPENDED' });
    expect(await itemOf(job.id, ids[2]!)).toMatchObject({ state: 'SUCCEEDED', run: { kind: 'SUSPEND_SERVICE' } });
    expect(life(ids[2]!)).toMatchObject({ status: 'SUSPENDED', reason: 'a storm', onRouter: 'DISABLED' });
    expect(life(late!)).toMatchObject({ status: 'ACTIVE' });
  });

  it('of a router asks network for the services on it, page by page', async () => {
    const here = living(130, { planId: 'p' });
    living(5, { planId: 'p', routerId: uuidv7() });
    const [other] = living(1, { planId: 'another' });
    const job = await act('previewBulk', { action: 'MOVE', filter: { routerId: ROUTER, planId: 'p' }, routerId: uuidv7() });
    const done = await until(job.id, 'PREVIEWED', ({ state }) => state === 'PREVIEWED');
    expect(done).toMatchObject({ itemCount: 130, sessionsToCut: 130 });
    expect(graph.operations().filter((operation) => operation === 'BulkAccesses')).toHaveLength(2);
    const { nodes, totalCount } = await items(job.id);
    expect([nodes.length, totalCount]).toEqual([100, 130]);
    expect(nodes.map(({ position }) => position)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(here).toContain(nodes[99]!.service.id);
    expect(await itemOf(job.id, other!)).toBeUndefined();
  });

  it('waits for a graph that is away, visibly', async () => {
    living(2, { planId: 'p' });
    let away = true;
    graph.answer('BulkServices', () => (away ? failure('UNAVAILABLE', 'Not now.') : undefined));
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' } });
    expect(job).toMatchObject({ state: 'PREVIEWING', error: { code: 'UNAVAILABLE' } });
    expect(await refusal('startBulk', { id: job.id })).toMatchObject({ code: 'CONFLICT' });
    away = false;
    expect(await until(job.id, 'PREVIEWED', ({ state }) => state === 'PREVIEWED')).toMatchObject({ itemCount: 2, error: null });
  });

  it('is refused for what makes no sense, by field', async () => {
    expect(await refusal('previewBulk', { action: 'SUSPEND', filter: {} })).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'filter' }] });
    expect(await refusal('previewBulk', { action: 'CHANGE_PLAN', filter: { planId: 'p' } })).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'planId', code: 'REQUIRED' }] });
    graph.answer('OnboardingPlan', () => failure('NOT_FOUND', 'There is no such plan.'));
    expect(await refusal('previewBulk', { action: 'CHANGE_PLAN', filter: { planId: 'p' }, planId: 'q' })).toMatchObject({ code: 'NOT_FOUND', details: [{ field: 'planId' }] });
  });

  it('is one for one key, and nobody else\'s', async () => {
    living(1, { planId: 'p' });
    const input = { action: 'SUSPEND', filter: { planId: 'p' }, idempotencyKey: uuidv7() };
    const job = await act('previewBulk', input);
    expect((await act('previewBulk', input)).id).toBe(job.id);
    expect(await refusal('previewBulk', { ...input, reason: 'other' })).toMatchObject({ code: 'CONFLICT' });
    const stranger = makePrincipal({ kind: 'user', id: 'user-2', tenantId: OTHER_TENANT, permissions: ['*'] });
    const reader = makePrincipal({ kind: 'user', id: 'user-3', tenantId: OTHER_TENANT, permissions: ['service:read'] });
    for (const document of ['query ($id: ID!) { bulkJob(id: $id) { id } }', 'query ($id: ID!) { bulkItems(bulkJobId: $id) { totalCount } }', 'mutation ($id: ID!) { startBulk(input: { id: $id }) { job { id } } }']) {
      expect((await ops.ask(document, { id: job.id }, stranger)).errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
    }
    expect((await ops.ask('mutation ($id: ID!) { startBulk(input: { id: $id }) { job { id } } }', { id: job.id }, reader)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});

describe('a job', () => {
  it('begins with so many as it is told, stops, and goes on when it is resumed: each service once', async () => {
    const ids = living(12, { planId: 'p' });
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' } });
    await act('startBulk', { id: job.id, limit: 3 });
    const stopped = await until(job.id, 'STOPPED with three done', ({ state, progress }) => state === 'STOPPED' && progress.succeeded === 3);
    expect(stopped.progress).toMatchObject({ pending: 9, running: 0 });
    expect((await items(job.id, ', filter: { state: SUCCEEDED }')).nodes.map(({ position }) => position)).toEqual([1, 2, 3]);
    await act('resumeBulk', { id: job.id });
    expect(await ended(job.id)).toMatchObject({ progress: { succeeded: 12 } });
    expect(ids.map(timesSuspended)).toEqual(ids.map(() => 1));
    expect(await refusal('resumeBulk', { id: job.id })).toMatchObject({ code: 'CONFLICT' });
  });

  it('that is cancelled leaves out what has not begun, and what has begun goes on', async () => {
    living(3, { planId: 'p' });
    let away = true;
    graph.answer('LifecycleApplySecret', () => (away ? { data: { applyPppSecret: { result: WAIT } } } : undefined));
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' } });
    await act('startBulk', { id: job.id, limit: 1 });
    await until(job.id, 'waiting', ({ progress }) => progress.waiting === 1);
    expect(await act('cancelBulk', { id: job.id })).toMatchObject({ state: 'CANCELLED', finishedAt: null, progress: { running: 1, skipped: 2 } });
    away = false;
    expect(await ended(job.id, 'CANCELLED')).toMatchObject({ progress: { succeeded: 1, skipped: 2 } });
    expect((await items(job.id)).nodes.map(({ skippedBecause }) => skippedBecause)).toEqual([null, 'CANCELLED', 'CANCELLED']);
  });

  it('tells for each service what was refused, and why', async () => {
    const [good, bad] = living(2, { planId: 'p' });
    graph.answer('LifecycleChangeAccessPlan', ({ input }) => (input.serviceId === bad ? failure('VALIDATION_ERROR', 'No router would take the plan.') : undefined));
    const job = await act('previewBulk', { action: 'CHANGE_PLAN', filter: { planId: 'p' }, planId: 'fiber' });
    await act('startBulk', { id: job.id });
    expect(await ended(job.id)).toMatchObject({ progress: { succeeded: 1, failed: 1 } });
    expect(await itemOf(job.id, bad!)).toMatchObject({ state: 'FAILED', error: { code: 'VALIDATION_ERROR' } });
    expect(life(good!).planId).toBe(PLAN);
  });

  it('of which a router is away holds up those on it alone, and only so many of them are tried', async () => {
    const dead = uuidv7();
    living(32, { planId: 'p', routerId: dead });
    const alive = living(4, { planId: 'p' });
    let away = true;
    graph.answer('LifecycleApplySecret', ({ input }) => (away && life(input.serviceId as string).routerId === dead ? { data: { applyPppSecret: { result: WAIT } } } : undefined));
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' } });
    await act('startBulk', { id: job.id });
    const held = await until(job.id, 'held up by the dead router alone', ({ progress }) => progress.succeeded === 4);
    expect(held.state).toBe('RUNNING');
    expect(held.progress.pending).toBeGreaterThan(0);
    expect(alive.every((id) => life(id).onRouter === 'DISABLED')).toBe(true);
    away = false;
    expect(await ended(job.id)).toMatchObject({ progress: { succeeded: 36 } });
  }, 120_000);

  it('whose service cannot be looked up now tries it again, and does it once', async () => {
    const [only] = living(1, { planId: 'p' });
    graph.answer('LifecycleService', (_call, nth) => (nth <= 2 ? failure('UNAVAILABLE', 'Not now.') : undefined));
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' } });
    await act('startBulk', { id: job.id });
    await until(job.id, 'told why', () => true);
    expect(await ended(job.id)).toMatchObject({ progress: { succeeded: 1 } });
    expect(timesSuspended(only!)).toBe(1);
  });

  it('goes on with what a process that died had taken and not begun', async () => {
    const ids = living(2, { planId: 'p' });
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' } });
    await test.database.forSubgraph('ops').system((tx) =>
      tx.execute(sql`update ops.bulk_items set state = 'RUNNING', attempts = 1, claimed_by = 'dead', claimed_at = now() - interval '1 hour' where job_id = ${job.id} and position = 1`),
    );
    await act('startBulk', { id: job.id });
    expect(await ended(job.id)).toMatchObject({ progress: { succeeded: 2 } });
    expect(ids.map(timesSuspended)).toEqual([1, 1]);
  });

  it('whose service gets a newer wish meanwhile says so', async () => {
    const [only] = living(1, { planId: 'p' });
    let away = true;
    graph.answer('LifecycleApplySecret', () => (away ? { data: { applyPppSecret: { result: WAIT } } } : undefined));
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' } });
    await act('startBulk', { id: job.id });
    await until(job.id, 'waiting', ({ progress }) => progress.waiting === 1);
    expect((await ops.ask('mutation ($id: ID!) { resumeService(input: { serviceId: $id }) { run { id } } }', { id: only })).errors).toBeUndefined();
    away = false;
    expect(await ended(job.id)).toMatchObject({ progress: { skipped: 1 } });
    expect(await itemOf(job.id, only!)).toMatchObject({ state: 'SKIPPED', skippedBecause: 'SUPERSEDED' });
  });

  it('is followed: as it is, with every change, until it ends', async () => {
    living(3, { planId: 'p' });
    const job = await act('previewBulk', { action: 'SUSPEND', filter: { planId: 'p' } });
    const stream = await ops.follow(`subscription ($id: ID!) { bulkJob(id: $id) { ${FIELDS} } }`, { id: job.id });
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    const states: string[] = [];
    const following = (async () => {
      for await (const { data } of stream as AsyncIterable<{ data: { bulkJob: Seen } }>) states.push(`${data.bulkJob.state} ${data.bulkJob.progress.succeeded}`);
    })();
    await eventually('the first event', 10_000, () => states[0]);
    await act('startBulk', { id: job.id });
    await following;
    expect(states[0]).toBe('PREVIEWED 0');
    expect(states.at(-1)).toBe('COMPLETED 3');
  });
});
