import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionResult } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeBus } from '#kernel/bus/bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { fromClaims } from '#kernel/access/principal.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { argsOf } from '#tests/support/child-programs.ts';
import { eventually } from '#tests/support/eventually.ts';
import { rounds, runSeed, seeded } from '#tests/support/seeded.ts';
import { ONBOARD_CUSTOMER } from './onboarding/onboard-customer.saga.ts';
import { makeRunStore, type RunStore } from './run/workflow-run.store.ts';
import { newRun, type WorkflowRun } from './run/workflow-run.ts';
import { makeFakeGraph, REJECTED, WAIT, type Answer, type Call } from './testing/fake-graph.ts';
import { ONBOARD, subscriber, TENANT } from './testing/ops-process.ts';

/** `SEED=… ROUNDS=…` repeats a failure or runs a longer form. */
const ROUNDS = rounds(4).length;
/** Calls in the middle of which the process is killed. */
const STEPS = ['CreateCustomer', 'CreateService', 'ProvisionAccess', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'ActivateService'];

const graph = makeFakeGraph();
let test: TestDatabase;
let server: Server;
let graphUrl: string;
let store: RunStore;
const children = new Set<OpsChild>();

beforeAll(async () => {
  test = await testDatabase({ migrations: [{ subgraph: 'ops', folder: new URL('./migrations/', import.meta.url) }] });
  const { database } = test;
  store = makeRunStore({ db: database.forSubgraph('ops'), bus: makeBus({ database, subgraph: 'ops', log: silentLogger, clock: systemClock, newId: uuidv7 }), clock: systemClock });
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { principal, ...rest } = JSON.parse(body) as { principal: Parameters<typeof fromClaims>[0]; query: string; requestId: string };
    response.end(JSON.stringify(await graph.execute({ ...rest, principal: fromClaims(principal) })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  graphUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const child of children) await child.kill();
  graph.reset();
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await test.drop();
});

interface OpsChild {
  ready: Promise<void>;
  ask(query: string, variables: Record<string, unknown>): Promise<ExecutionResult>;
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

function startChild(executor = 'ops-crash', quiet = false): OpsChild {
  const child: ChildProcess = spawn(process.execPath, argsOf('ops'), {
    env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: test.url, GRAPH_URL: graphUrl, HEADEND_EXECUTOR: executor },
    stdio: ['ignore', 'inherit', quiet ? 'ignore' : 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (result: ExecutionResult) => void>();
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let asked = 0;
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: { ready?: true; id?: number; result?: ExecutionResult }) => {
      if (message.ready) resolve();
      else waiting.get(message.id!)?.(message.result!);
    });
    void exited.then((code) => reject(new Error(`The child ended with ${code} before it was ready.`)));
  });
  ready.catch(() => {});
  const ops: OpsChild = {
    ready,
    ask: (query, variables) =>
      new Promise((resolve) => {
        asked += 1;
        waiting.set(asked, resolve);
        child.send({ id: asked, query, variables });
      }),
    async kill(signal = 'SIGKILL') {
      children.delete(ops);
      child.kill(signal);
      return exited;
    },
  };
  children.add(ops);
  return ops;
}

/** The newest run of the tenant, once `is` holds of it. */
const newest = (what: string, is: (run: WorkflowRun) => boolean): Promise<WorkflowRun> =>
  eventually(what, 30_000, async () => {
    const { nodes } = await store.list(TENANT, { page: { first: 1, after: null, offset: null }, orderBy: [{ field: 'CREATED_AT', direction: 'DESC' }] });
    return nodes[0] && is(nodes[0]) ? nodes[0] : undefined;
  });

/** Kills the process the first time the operation is called: before the graph does it, or after. */
function killIn(operation: string, moment: 'before' | 'after', victim: () => OpsChild): Promise<void> {
  return new Promise((resolve) => {
    graph.answer(`Onboarding${operation}`, async (call: Call, nth): Promise<Answer | undefined> => {
      if (nth > 1) return undefined;
      if (moment === 'after') graph.perform(call);
      await victim().kill();
      resolve();
      return 'hang';
    });
  });
}

describe('ops, killed with SIGKILL', () => {
  it(`completes every run after a restart, with each effect exactly once (${ROUNDS} rounds, SEED=${runSeed})`, { timeout: 30_000 + ROUNDS * 30_000 }, async () => {
    const random = seeded(runSeed);
    let child = startChild();
    await child.ready;
    for (let round = 1; round <= ROUNDS; round += 1) {
      graph.reset();
      const step = STEPS[Math.floor(random() * STEPS.length)]!;
      const moment = random() < 0.5 ? 'before' : 'after';
      const killed = killIn(step, moment, () => child);
      void child.ask(ONBOARD, { input: subscriber() });
      await killed;
      child = startChild();
      const where = `round ${round}: killed ${moment} ${step}`;
      const run = await newest(`${where}: the run to end`, ({ finishedAt }) => finishedAt !== null);
      expect([where, run.state, ...run.steps.map(({ state }) => state)]).toEqual([where, 'SUCCEEDED', ...run.steps.map(() => 'DONE')]);
      expect([where, Object.fromEntries(graph.made)]).toEqual([where, Object.fromEntries([...graph.things.keys()].map((key) => [key, 1]))]);
      expect([where, [...graph.things.keys()].map((key) => key.split(':')[0]).sort()]).toEqual([where, ['access', 'active', 'credentials', 'customer', 'profile', 'secret', 'service']]);
      await child.ready;
    }
  });

  it('goes on waiting, and taking back, where it was killed', { timeout: 60_000 }, async () => {
    let away = true;
    graph.answer('OnboardingApplySecret', () => ({ data: { applyPppSecret: { result: away ? WAIT : REJECTED } } }));
    let child = startChild();
    await child.ready;
    void child.ask(ONBOARD, { input: subscriber() });
    await newest('the run to wait', ({ state }) => state === 'WAITING');
    await child.kill();
    away = false;
    const killed = killIn('WithdrawService', 'after', () => child);
    child = startChild();
    await killed;
    child = startChild();
    const run = await newest('the run to fail', ({ finishedAt }) => finishedAt !== null);
    expect(run).toMatchObject({ state: 'FAILED', error: { code: 'NETWORK_FOREIGN_SECRET' }, customerId: null, serviceId: null });
    expect([...graph.things.keys()].filter((key) => !key.startsWith('credentials'))).toEqual([]);
  });

  it('begins a run that was recorded but never begun', { timeout: 60_000 }, async () => {
    const ids = { runId: uuidv7(), customerId: uuidv7(), serviceId: uuidv7(), credentialsId: uuidv7() };
    const input = { customer: { name: 'Ada' }, billingDay: 1, plan: { id: uuidv7(), code: 'fiber', access: { rateLimit: '1M', localAddress: '10.0.0.1', remotePool: 'p' } } };
    const run = newRun({ id: ids.runId, tenantId: TENANT, startedBy: null, definition: ONBOARD_CUSTOMER, context: { input, ids, results: {} }, now: new Date() });
    await store.create(run, null);
    startChild();
    await newest('the run to succeed', ({ id, state }) => id === ids.runId && state === 'SUCCEEDED');
    expect([...graph.made.values()].every((times) => times === 1)).toBe(true);
  });
});

describe('two ops processes', () => {
  it('start at once on a fresh database, share a key, and stop cleanly', { timeout: 60_000 }, async () => {
    await dropEngineSchema();
    const both = [startChild('ops-1'), startChild('ops-2')];
    await Promise.all(both.map((child) => child.ready));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => both[index % 2]!.ask(ONBOARD, { input: subscriber({ idempotencyKey: 'shared' }) })));
    const ids = answers.map(({ data, errors }) => (data as { onboardCustomer: { run: { id: string } } } | null)?.onboardCustomer.run.id ?? errors);
    expect(new Set(ids).size).toBe(1);
    await newest('the run to succeed', ({ id, state }) => id === ids[0] && state === 'SUCCEEDED');
    expect(graph.operations().filter((name) => name === 'CreateCustomer')).toHaveLength(1);
    graph.answer('OnboardingApplyProfile', () => ({ data: { applyPppProfile: { result: WAIT } } }));
    void both[0]!.ask(ONBOARD, { input: subscriber() });
    await newest('another run to wait', ({ id, state }) => id !== ids[0] && state === 'WAITING');
    expect(await Promise.all(both.map((child) => child.kill('SIGTERM')))).toEqual([0, 0]);
  });
});

describe('an ops process that is gone', () => {
  it('leaves its runs to one that lives: each goes on there, with each effect once', { timeout: 90_000 }, async () => {
    let away = true;
    graph.answer('OnboardingApplySecret', () => (away ? { data: { applyPppSecret: { result: WAIT } } } : undefined));
    const [dying, living] = [startChild('ops-dying'), startChild('ops-living')];
    await Promise.all([dying.ready, living.ready]);
    void dying.ask(ONBOARD, { input: subscriber() });
    const waiting = await newest('the run to wait', ({ state }) => state === 'WAITING');
    // Recorded in the moment of its death, and never begun.
    const ids = { runId: uuidv7(), customerId: uuidv7(), serviceId: uuidv7(), credentialsId: uuidv7() };
    const input = { customer: { name: 'Ada' }, billingDay: 1, plan: { id: uuidv7(), code: 'fiber', access: { rateLimit: '1M', localAddress: '10.0.0.1', remotePool: 'p' } } };
    await store.create(newRun({ id: ids.runId, tenantId: TENANT, startedBy: null, definition: ONBOARD_CUSTOMER, context: { input, ids, results: {} }, now: new Date() }), null);
    await dying.kill();
    away = false;
    for (const id of [waiting.id, ids.runId]) {
      const run = await eventually(`the run ${id} to succeed elsewhere`, 40_000, async () => {
        const found = await store.byId(TENANT, id);
        return found?.finishedAt ? found : undefined;
      });
      expect(run.state).toBe('SUCCEEDED');
    }
    expect((await store.byId(TENANT, waiting.id))!.generation).toBe(2);
    expect([...graph.made.values()].every((times) => times === 1)).toBe(true);
    // When it lives again, nothing of it is left to be taken up.
    const back = startChild('ops-dying');
    await back.ready;
    expect([...graph.made.values()].every((times) => times === 1)).toBe(true);
  });
});

describe('a second ops process of the same name', () => {
  it('refuses to start while the first lives, and starts once it has been killed', { timeout: 90_000 }, async () => {
    const first = startChild('ops-name');
    await first.ready;
    const second = startChild('ops-name', true);
    await expect(second.ready).rejects.toThrow('before it was ready');
    const third = startChild('ops-name');
    await first.kill();
    await third.ready;
  });
});

async function dropEngineSchema(): Promise<void> {
  const { connect } = await import('#kernel/db/connection.ts');
  const { parseDatabaseUrl } = await import('#kernel/db/url.ts');
  const connection = await connect(parseDatabaseUrl(test.url), { applicationName: 'test' });
  await connection.run('drop schema if exists dbos_ops cascade');
  await connection.end();
}
