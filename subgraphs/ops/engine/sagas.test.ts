import { DBOS } from '@dbos-inc/dbos-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBus } from '#kernel/bus/bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { connect } from '#kernel/db/connection.ts';
import { isUnavailable } from '#kernel/db/database.ts';
import { testDatabase, testPostgres, type TestDatabase } from '#kernel/db/test-database.ts';
import { parseDatabaseUrl } from '#kernel/db/url.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeMetrics } from '#kernel/metrics.ts';
import { eventually } from '#tests/support/eventually.ts';
import { makeRunStore, type RunStore } from '../run/workflow-run.store.ts';
import { newRun, workflowId, type WorkflowRun } from '../run/workflow-run.ts';
import { makeFakeGraph, WAIT } from '../testing/fake-graph.ts';
import { ONBOARD_CUSTOMER } from '../onboarding/onboard-customer.saga.ts';
import { makeSagas, type Sagas } from './sagas.ts';

const TENANT = '019a0000-0000-7000-8000-000000000001';
const graph = makeFakeGraph();
const metrics = makeMetrics();
let test: TestDatabase;
let store: RunStore;
let sagas: Sagas;

/** Impatient sagas: pauses of milliseconds, workflows of three attempts, runs checked all the time. */
beforeAll(async () => {
  test = await testDatabase({ migrations: [{ subgraph: 'ops', folder: new URL('../migrations/', import.meta.url) }] });
  const { database } = test;
  store = makeRunStore({ db: database.forSubgraph('ops'), bus: makeBus({ database, subgraph: 'ops', log: silentLogger, clock: systemClock, newId: uuidv7 }), clock: systemClock });
  sagas = makeSagas({
    store,
    supergraph: () => graph,
    database,
    executorId: 'impatient',
    clock: systemClock,
    log: silentLogger,
    metrics,
    random: Math.random,
    newId: uuidv7,
    backOff: { firstMs: 5, longestMs: 20 },
    callDeadlineMs: 100,
    checkEveryMs: 100,
    untouchedMs: 500,
    attemptsPerGeneration: 3,
  });
  await sagas.start();
});
afterAll(async () => {
  await sagas.stop();
  await test.drop();
});

async function begin(): Promise<WorkflowRun> {
  graph.reset();
  const ids = { runId: uuidv7(), customerId: uuidv7(), serviceId: uuidv7(), credentialsId: uuidv7() };
  const input = { customer: { name: 'Ada' }, billingDay: 1, plan: { id: uuidv7(), code: 'fiber', access: { rateLimit: '1M', localAddress: '10.0.0.1', remotePool: 'p' } } };
  const run = newRun({ id: ids.runId, tenantId: TENANT, startedBy: null, definition: ONBOARD_CUSTOMER, context: { input, ids, results: {} }, now: new Date() });
  await store.create(run, null);
  return run;
}

const when = (id: string, what: string, is: (run: WorkflowRun) => boolean): Promise<WorkflowRun> =>
  eventually(what, 20_000, async () => {
    // A look may meet the connection that a test has just cut.
    const run = await store.byId(TENANT, id).catch((error: unknown) => {
      if (!isUnavailable(error)) throw error;
    });
    return run && is(run) ? run : undefined;
  });
const succeeded = (id: string) => when(id, 'the run to succeed', ({ state }) => state === 'SUCCEEDED');
const once = () => expect([...graph.made.values()].every((times) => times === 1)).toBe(true);

describe('sagas', () => {
  it('begin a run once, however often they are told to', async () => {
    const run = await begin();
    await Promise.all([sagas.begin(run), sagas.begin(run), sagas.begin(run)]);
    await succeeded(run.id);
    once();
    expect(graph.operations().filter((name) => name === 'CreateCustomer')).toHaveLength(1);
  });

  it('go on by workflow after workflow while a router is away for long', async () => {
    const run = await begin();
    graph.answer('OnboardingApplyProfile', (_call, nth) => (nth <= 10 ? { data: { applyPppProfile: { result: WAIT } } } : undefined));
    await sagas.begin(run);
    const ended = await succeeded(run.id);
    expect(ended.generation).toBe(4);
    expect(ended.steps[4]!.attempts).toBe(11);
    once();
  });

  it('take a call that is never answered for one to be made again', async () => {
    const run = await begin();
    graph.answer('OnboardingApplySecret', (_call, nth) => (nth === 1 ? 'hang' : undefined));
    await sagas.begin(run);
    await when(run.id, 'the step to wait', ({ steps }) => steps[5]!.error?.code === 'TIMEOUT' || steps[5]!.state === 'DONE');
    expect((await succeeded(run.id)).steps[5]!.attempts).toBe(2);
  });

  it('carry a run on whose workflow was lost', async () => {
    const run = await begin();
    let away = true;
    graph.answer('OnboardingVerifyAccess', () => (away ? { data: { verifyAccess: { result: WAIT } } } : undefined));
    await sagas.begin(run);
    const waiting = await when(run.id, 'the run to wait', ({ state }) => state === 'WAITING');
    // Whatever an operator does to the engine's own tables: the record of the run is what counts.
    await DBOS.cancelWorkflow(workflowId(waiting));
    const carried = await when(run.id, 'another generation', ({ generation }) => generation > waiting.generation);
    expect(carried.state).toBe('WAITING');
    away = false;
    await succeeded(run.id);
    once();
  });

  it('begin what was recorded and never begun', async () => {
    const run = await begin();
    expect((await succeeded(run.id)).generation).toBe(1);
    once();
  });

  it('live through the loss of every database connection, again and again', async () => {
    const admin = await connect(parseDatabaseUrl(testPostgres()), { applicationName: 'test' });
    const run = await begin();
    let cuts = 0;
    for (const operation of ['CreateCustomer', 'ProvisionAccess', 'ApplyProfile', 'VerifyAccess']) {
      graph.answer(`Onboarding${operation}`, async (_call, nth) => {
        if (nth > 1) return undefined;
        cuts += 1;
        await admin.run('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [parseDatabaseUrl(test.url).database]);
        return undefined;
      });
    }
    await sagas.begin(run);
    await succeeded(run.id);
    expect(cuts).toBe(4);
    once();
    await admin.end();
  });

  it('show how many runs there are, and how long the oldest waits', async () => {
    const run = await begin();
    graph.answer('OnboardingVerifyAccess', () => ({ data: { verifyAccess: { result: WAIT } } }));
    await sagas.begin(run);
    await eventually('the gauge', 10_000, async () => {
      const text = await metrics.registry.metrics();
      return /headend_ops_runs\{kind="ONBOARD_CUSTOMER",state="WAITING"\} 1/.test(text) && /headend_ops_oldest_waiting_seconds\{kind="ONBOARD_CUSTOMER"\} /.test(text) ? true : undefined;
    });
    await sagas.cancel(TENANT, run.id);
    expect((await when(run.id, 'the run to end', ({ finishedAt }) => finishedAt !== null)).state).toBe('CANCELLED');
  });
});
