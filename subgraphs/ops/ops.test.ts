import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutionResult } from 'graphql';
import { anonymous, makePrincipal } from '#kernel/access/principal.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { assertTenantIsolation } from '#kernel/db/isolation.ts';
import { eventually } from '#tests/support/eventually.ts';
import { failure, makeFakeGraph, REJECTED, WAIT } from './testing/fake-graph.ts';
import { makeOps, ONBOARD, operator, OTHER_TENANT, PASSWORD, RUN_FIELDS, subscriber, TENANT, type OpsProcess, type RunSeen } from './testing/ops-process.ts';

let test: TestDatabase;
let ops: OpsProcess;
const graph = makeFakeGraph();

beforeAll(async () => {
  test = await testDatabase({ migrations: [{ subgraph: 'ops', folder: new URL('./migrations/', import.meta.url) }] });
  ops = await makeOps({ database: test.database, graph });
});
afterAll(async () => {
  await ops.running.stop();
  await test.drop();
});
afterEach(() => graph.reset());

const run = async (id: string): Promise<RunSeen> => (await ops.ask<{ run: RunSeen }>(`query ($id: ID!) { run(id: $id) { ${RUN_FIELDS} } }`, { id })).data!.run;
const onboard = (changes: Record<string, unknown> = {}) =>
  ops.ask<{ onboardCustomer: { customer: { id: string } | null; service: { id: string } | null; run: RunSeen } }>(ONBOARD, { input: subscriber(changes) });
const begin = async (changes: Record<string, unknown> = {}) => {
  const { data, errors } = await onboard(changes);
  expect(errors).toBeUndefined();
  return data!.onboardCustomer;
};
const when = (id: string, what: string, is: (seen: RunSeen) => boolean): Promise<RunSeen> =>
  eventually(what, 20_000, async () => {
    const seen = await run(id);
    return is(seen) ? seen : undefined;
  });
const until = (id: string, state: string): Promise<RunSeen> => when(id, `the run to be ${state}`, (seen) => seen.state === state);
const states = (seen: RunSeen) => Object.fromEntries(seen.steps.map(({ name, state }) => [name, state]));
const act = (field: 'cancelRun' | 'retryRun', id: string) =>
  ops.ask<Record<string, { run: RunSeen }>>(`mutation ($input: ${field === 'cancelRun' ? 'CancelRunInput' : 'RetryRunInput'}!) { ${field}(input: $input) { run { ${RUN_FIELDS} } } }`, { input: { id } });

describe('ops before its start', () => {
  it('answers UNAVAILABLE and makes nothing', async () => {
    const { errors } = await onboard();
    expect(errors?.[0]?.extensions?.code).toBe('UNAVAILABLE');
    expect(graph.calls).toEqual([]);
  });
});

describe('ops', () => {
  beforeAll(() => ops.running.start());

  it('onboards: every step once, in order, with minted ids, as a service on behalf of the caller', async () => {
    const { customer, service, run: begun } = await begin();
    expect([customer?.id, service?.id]).toEqual([expect.any(String), expect.any(String)]);
    const ended = await until(begun.id, 'SUCCEEDED');
    expect(new Set(Object.values(states(ended)))).toEqual(new Set(['DONE']));
    expect(ended.steps.map(({ name }) => name)).toEqual(['credentials', 'customer', 'service', 'access', 'profile', 'secret', 'verify', 'activate']);
    expect(graph.operations()).toEqual(['Plan', 'SealCredentials', 'CreateCustomer', 'CreateService', 'ProvisionAccess', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'ActivateService']);
    const provision = graph.calls.find(({ operation }) => operation === 'OnboardingProvisionAccess')!;
    expect(provision.input).toMatchObject({ serviceId: service!.id, runId: begun.id, plan: { code: 'fiber', rateLimit: '10M/50M' } });
    expect(provision.request.principal).toMatchObject({ kind: 'service', id: 'ops', tenantId: TENANT, onBehalfOf: 'user-1', runId: begun.id });
    expect([...provision.request.principal.permissions]).toContain('internal:saga');
  });

  it('waits visibly while the router is away and goes on when it is back', async () => {
    let away = true;
    graph.answer('OnboardingApplyProfile', () => (away ? { data: { applyPppProfile: { result: WAIT } } } : undefined));
    const { run: begun } = await begin();
    const waiting = await until(begun.id, 'WAITING');
    expect(waiting.steps[4]).toMatchObject({ name: 'profile', state: 'WAITING', error: { code: 'NETWORK_ROUTER_UNREACHABLE' }, nextAttemptAt: expect.any(String) });
    away = false;
    const ended = await until(begun.id, 'SUCCEEDED');
    expect(ended.steps[4]).toMatchObject({ state: 'DONE', error: null, nextAttemptAt: null });
    expect(ended.steps[4]!.attempts).toBeGreaterThan(1);
  });

  it('waits when the graph is out of reach, hiding where it is', async () => {
    graph.answer('OnboardingVerifyAccess', (_call, nth) => (nth === 1 ? 'unreachable' : nth === 2 ? failure('INTERNAL_ERROR', 'masked') : undefined));
    const { run: begun } = await begin();
    const waiting = await until(begun.id, 'WAITING');
    expect(JSON.stringify(waiting)).not.toContain('10.9.8.7');
    expect((await until(begun.id, 'SUCCEEDED')).steps[6]!.attempts).toBe(3);
  });

  it('takes back what was done, last first, when the router rejects', async () => {
    graph.answer('OnboardingApplySecret', () => ({ data: { applyPppSecret: { result: REJECTED } } }));
    const { run: begun } = await begin();
    const ended = await until(begun.id, 'FAILED');
    expect(graph.operations().slice(-3)).toEqual(['WithdrawAccess', 'WithdrawService', 'WithdrawCustomer']);
    expect(states(ended)).toEqual({ credentials: 'UNDONE', customer: 'UNDONE', service: 'UNDONE', access: 'UNDONE', profile: 'UNDONE', secret: 'FAILED', verify: 'SKIPPED', activate: 'SKIPPED' });
    expect(ended).toMatchObject({ customer: null, service: null, error: { code: 'NETWORK_FOREIGN_SECRET' } });
    expect([...graph.things.keys()].filter((key) => !key.startsWith('credentials'))).toEqual([]);
  });

  it('waits with the undo, visibly, while the router is away', async () => {
    let away = true;
    graph.answer('OnboardingApplySecret', () => ({ data: { applyPppSecret: { result: REJECTED } } }));
    graph.answer('OnboardingWithdrawAccess', () => (away ? { data: { withdrawAccess: { result: WAIT } } } : undefined));
    const { run: begun } = await begin();
    const undoing = await when(begun.id, 'the undo to wait', ({ steps }) => steps[3]!.state === 'WAITING');
    expect(undoing).toMatchObject({ state: 'UNDOING', error: { code: 'NETWORK_FOREIGN_SECRET' } });
    expect(undoing.steps[3]).toMatchObject({ error: { code: 'NETWORK_ROUTER_UNREACHABLE' }, nextAttemptAt: expect.any(String) });
    expect((await act('cancelRun', begun.id)).errors?.[0]?.extensions?.code).toBe('CONFLICT');
    away = false;
    expect((await act('retryRun', begun.id)).errors).toBeUndefined();
    await until(begun.id, 'FAILED');
  });

  it('answers what is wrong with the input by its own fields, and leaves nothing behind', async () => {
    const code = (result: ExecutionResult) => result.errors?.[0]?.extensions;
    graph.answer('OnboardingPlan', () => failure('NOT_FOUND', 'There is no plan with the id "fiber".'));
    expect(code(await onboard())).toMatchObject({ code: 'NOT_FOUND', details: [{ field: 'planId' }] });
    expect(graph.operations()).toEqual(['Plan']);
    graph.reset();
    graph.answer('OnboardingSealCredentials', () => failure('VALIDATION_ERROR', 'username is taken', [{ field: 'credentials.username', code: 'TAKEN', message: 'taken' }]));
    expect(code(await onboard())).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'credentials.username', code: 'TAKEN' }] });
    graph.reset();
    graph.answer('OnboardingSealCredentials', () => failure('NOT_FOUND', 'There is no router.'));
    expect(code(await onboard({ routerId: '019a0000-0000-7000-8000-0000000000ff' }))).toMatchObject({ code: 'NOT_FOUND', details: [{ field: 'routerId' }] });
    graph.reset();
    graph.answer('OnboardingCreateCustomer', () => failure('VALIDATION_ERROR', 'email is taken.', [{ field: 'email', code: 'TAKEN', message: 'email is taken.' }]));
    const taken = await onboard();
    expect(code(taken)).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'customer.email', code: 'TAKEN', message: 'customer.email is taken.' }] });
    graph.reset();
    graph.answer('OnboardingCreateService', () => failure('NOT_FOUND', 'There is no plan.', [{ field: 'planId', code: 'UNKNOWN', message: 'gone' }]));
    expect(code(await onboard())).toMatchObject({ code: 'NOT_FOUND', details: [{ field: 'planId' }] });
    expect([...graph.things.keys()].filter((key) => !key.startsWith('credentials'))).toEqual([]);
    graph.reset();
    expect(code(await onboard({ customer: { name: ' ', email: 'nope' }, billingDay: 31, credentials: { username: '', password: 'x' } }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: expect.arrayContaining(['customer.name', 'customer.email', 'billingDay', 'credentials.username'].map((field) => expect.objectContaining({ field }))),
    });
    expect(graph.calls).toEqual([]);
  });

  it('cancels a waiting run at once and takes it back', async () => {
    graph.answer('OnboardingApplyProfile', () => ({ data: { applyPppProfile: { result: WAIT } } }));
    const { run: begun } = await begin();
    await when(begun.id, 'three attempts', ({ steps }) => steps[4]!.attempts >= 3);
    const began = performance.now();
    expect((await act('cancelRun', begun.id)).errors).toBeUndefined();
    const ended = await until(begun.id, 'CANCELLED');
    // The third pause is three seconds or more.
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(states(ended)).toMatchObject({ customer: 'UNDONE', service: 'UNDONE', access: 'UNDONE', profile: 'UNDONE', secret: 'SKIPPED' });
    expect(graph.operations().slice(-3)).toEqual(['WithdrawAccess', 'WithdrawService', 'WithdrawCustomer']);
    for (const field of ['cancelRun', 'retryRun'] as const) expect((await act(field, begun.id)).errors?.[0]?.extensions?.code).toBe('CONFLICT');
  });

  it('cannot be cancelled once the last step is under way', async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    graph.answer('OnboardingActivateService', async () => void (await held));
    const { run: begun } = await begin();
    await when(begun.id, 'the last step', ({ steps }) => steps[7]!.state === 'RUNNING');
    expect((await act('cancelRun', begun.id)).errors?.[0]?.extensions?.code).toBe('CONFLICT');
    finish();
    await until(begun.id, 'SUCCEEDED');
  });

  it('tries a waiting run at once when asked to', async () => {
    let away = true;
    graph.answer('OnboardingApplySecret', () => (away ? { data: { applyPppSecret: { result: WAIT } } } : undefined));
    const { run: begun } = await begin();
    await when(begun.id, 'three attempts', ({ steps }) => steps[5]!.attempts >= 3);
    away = false;
    const began = performance.now();
    await act('retryRun', begun.id);
    await until(begun.id, 'SUCCEEDED');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('starts a failed run anew with the same ids, unless its credentials are gone', async () => {
    graph.answer('OnboardingCreateService', (_call, nth) => (nth === 1 ? failure('CONFLICT', 'not now') : undefined));
    const refused = await onboard();
    expect(refused.errors?.[0]?.extensions?.code).toBe('CONFLICT');
    const [first] = (await ops.ask<{ runs: { nodes: RunSeen[] } }>(`{ runs(first: 1, filter: { state: FAILED }, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { ${RUN_FIELDS} } } }`)).data!.runs.nodes;
    expect((await act('retryRun', first!.id)).errors).toBeUndefined();
    await until(first!.id, 'SUCCEEDED');
    const ids = graph.calls.filter(({ operation }) => operation === 'OnboardingCreateService').map(({ input }) => input.id);
    expect(ids).toEqual([ids[0], ids[0]]);
    graph.reset();
    graph.answer('OnboardingVerifyAccess', () => ({ data: { verifyAccess: { result: REJECTED } } }));
    const { run: begun } = await begin();
    await until(begun.id, 'FAILED');
    expect((await act('retryRun', begun.id)).errors?.[0]).toMatchObject({ extensions: { code: 'CONFLICT' }, message: expect.stringContaining('onboard the customer again') });
  });

  it('makes one run of a hundred calls with one idempotency key, and refuses another input under it', async () => {
    const results = await Promise.all(Array.from({ length: 100 }, () => onboard({ idempotencyKey: 'once' })));
    expect(results.filter(({ errors }) => errors)).toEqual([]);
    const ids = new Set(results.map(({ data }) => data!.onboardCustomer.run.id));
    expect(ids.size).toBe(1);
    expect(new Set(results.map(({ data }) => data!.onboardCustomer.service?.id)).size).toBe(1);
    const [id] = ids;
    await until(id!, 'SUCCEEDED');
    expect(graph.operations().filter((name) => name === 'SealCredentials')).toHaveLength(1);
    expect((await begin({ idempotencyKey: 'once' })).run).toMatchObject({ id, state: 'SUCCEEDED' });
    const other = await onboard({ idempotencyKey: 'once', credentials: { username: 'ada', password: 'another' } });
    expect(other.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: [{ field: 'idempotencyKey', code: 'REUSED' }] });
  });

  it('lets a refused input be corrected under its key', async () => {
    graph.answer('OnboardingCreateCustomer', (_call, nth) => (nth === 1 ? failure('VALIDATION_ERROR', 'no', [{ field: 'email', code: 'TAKEN', message: 'no' }]) : undefined));
    expect((await onboard({ idempotencyKey: 'corrected' })).errors).toBeDefined();
    await begin({ idempotencyKey: 'corrected', customer: { name: 'Ada Byron', email: 'other@example.com' } });
  });

  it('answers before there is a customer when none can be made yet; the run goes on', async () => {
    let away = true;
    graph.answer('OnboardingCreateCustomer', () => (away ? failure('UNAVAILABLE', 'The subgraph identity is out of reach.') : undefined));
    const { customer, service, run: begun } = await begin();
    expect([customer, service, begun.state]).toEqual([null, null, 'WAITING']);
    away = false;
    await act('retryRun', begun.id);
    expect((await until(begun.id, 'SUCCEEDED')).customer).not.toBeNull();
  });

  it('tells unavailability of what it needs before anything is made', async () => {
    graph.answer('OnboardingPlan', () => 'unreachable');
    expect((await onboard({ idempotencyKey: 'away' })).errors?.[0]).toMatchObject({ message: 'The graph is out of reach.', extensions: { code: 'UNAVAILABLE' } });
    expect(graph.operations()).toEqual(['Plan']);
    graph.reset();
    const { run: begun } = await begin({ idempotencyKey: 'away' });
    await until(begun.id, 'SUCCEEDED');
  });

  it('refuses whoever may not', async () => {
    const as = async (permissions: string[]) => (await ops.ask(ONBOARD, { input: subscriber() }, makePrincipal({ ...operator, permissions }))).errors?.[0]?.extensions?.code;
    expect((await ops.ask(ONBOARD, { input: subscriber() }, anonymous)).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    expect(await as(['customer:write'])).toBe('FORBIDDEN');
    expect(await as(['service:write'])).toBe('FORBIDDEN');
    expect((await ops.ask('{ runs { totalCount } }', {}, makePrincipal({ ...operator, permissions: ['customer:read'] }))).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect(graph.calls).toEqual([]);
  });

  it('streams a run: as it is, each change, then the end', async () => {
    let away = true;
    graph.answer('OnboardingApplyProfile', () => (away ? { data: { applyPppProfile: { result: WAIT } } } : undefined));
    const { run: begun } = await begin();
    await until(begun.id, 'WAITING');
    const query = `subscription ($id: ID!) { run(id: $id) { ${RUN_FIELDS} } }`;
    const events = (await ops.follow(query, { id: begun.id })) as AsyncIterableIterator<ExecutionResult<{ run: RunSeen }>>;
    const seen: RunSeen[] = [];
    for await (const { data } of events) {
      seen.push(data!.run);
      away = false;
    }
    expect(seen[0]!.state).toBe('WAITING');
    expect(seen.at(-1)!.state).toBe('SUCCEEDED');
    expect(await ops.follow(query, { id: TENANT })).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    const stranger = makePrincipal({ ...operator, tenantId: OTHER_TENANT, permissions: ['*'] });
    expect(await ops.follow(query, { id: begun.id }, stranger)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  it('ends a stream whose client has gone', async () => {
    graph.answer('OnboardingApplyProfile', () => ({ data: { applyPppProfile: { result: WAIT } } }));
    const { run: begun } = await begin();
    const events = (await ops.follow(`subscription ($id: ID!) { run(id: $id) { state } }`, { id: begun.id })) as AsyncIterableIterator<ExecutionResult>;
    await events.next();
    await until(begun.id, 'WAITING');
    await events.return?.();
    expect(await events.next()).toEqual({ value: undefined, done: true });
    await act('cancelRun', begun.id);
    await until(begun.id, 'CANCELLED');
  });

  it('lists runs by state and customer, page by page, within the tenant', async () => {
    const { run: begun, customer } = await begin();
    await until(begun.id, 'SUCCEEDED');
    const list = async (args: string, principal = operator) =>
      (await ops.ask<{ runs: { totalCount: number; nodes: Array<{ id: string; state: string; kind: string }>; pageInfo: { endCursor: string; hasNextPage: boolean } } }>(
        `{ runs(${args}) { totalCount nodes { id state kind } pageInfo { endCursor hasNextPage } } }`, {}, principal)).data!.runs;
    expect((await list(`filter: { customerId: "${customer!.id}", kind: ONBOARD_CUSTOMER }`)).nodes.map(({ id }) => id)).toEqual([begun.id]);
    expect((await list('filter: { state: SUCCEEDED }')).nodes.every(({ state }) => state === 'SUCCEEDED')).toBe(true);
    const order = 'orderBy: [{ field: CREATED_AT, direction: DESC }]';
    const first = await list(`first: 2, ${order}`);
    const second = await list(`first: 2, ${order}, after: "${first.pageInfo.endCursor}"`);
    expect(first.nodes[0]!.id).toBe(begun.id);
    expect(second.nodes.map(({ id }) => id)).not.toContain(first.nodes[1]!.id);
    expect((await list('first: 5', makePrincipal({ ...operator, tenantId: OTHER_TENANT, permissions: ['*'] }))).totalCount).toBe(0);
    const wrong = await ops.ask('{ runs(after: "nonsense") { totalCount } }');
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'after' }] });
    expect((await ops.ask('{ run(id: "nonsense") { id } }')).errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
  });

  it('announces every change on the bus', async () => {
    const { run: begun } = await begin();
    await until(begun.id, 'SUCCEEDED');
    const rows = await test.database.forSubgraph('ops').system((tx) => tx.execute<{ type: string; payload: { state: string } }>(sql`select type, payload from bus.outbox where subject = ${begun.id} order by seq`));
    expect(rows.length).toBeGreaterThan(8);
    expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(['ops.run.changed']));
    expect(rows.at(-1)!.payload.state).toBe('SUCCEEDED');
  });

  it('keeps no password in any table, its own or the engine\'s', async () => {
    const found = await test.database.forSubgraph('ops').system(async (tx) => {
      const tables = await tx.execute<{ name: string }>(sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('ops', 'bus')`);
      const hits: string[] = [];
      for (const { name } of tables) {
        const [row] = await tx.execute<{ hits: number }>(sql`select count(*)::int as hits from ${sql.raw(name)} t where t::text like ${`%${PASSWORD}%`}`);
        if (row!.hits > 0) hits.push(name);
      }
      return { tables: tables.length, hits };
    });
    expect(found.tables).toBeGreaterThanOrEqual(3);
    expect(found.hits).toEqual([]);
    const engine = await engineText(test.url);
    expect(engine).toContain('Ada Byron');
    expect(engine).not.toContain(PASSWORD);
  });

  it('keeps tenants apart in the database', () => expect(assertTenantIsolation(test.database, 'ops')).resolves.toBeUndefined());

  it('counts runs and attempts', async () => {
    const text = await ops.metrics.registry.metrics();
    expect(text).toContain('headend_ops_step_attempts_total{kind="ONBOARD_CUSTOMER",step="customer",outcome="DONE"}');
  });
});

/** Everything that the engine has stored, as text. */
async function engineText(url: string): Promise<string> {
  const { connect } = await import('#kernel/db/connection.ts');
  const { parseDatabaseUrl } = await import('#kernel/db/url.ts');
  const connection = await connect(parseDatabaseUrl(url), { applicationName: 'test' });
  try {
    const tables = await connection.run("select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'dbos_ops'");
    expect(tables.length).toBeGreaterThan(5);
    let text = '';
    for (const { name } of tables) {
      for (const row of await connection.run(`select t::text as row from ${name as string} t`)) text += `${row.row as string}\n`;
    }
    return text;
  } finally {
    await connection.end();
  }
}
