import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#kernel/db/drizzle.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '#tests/support/eventually.ts';
import { failure, makeFakeGraph, ONLINE, REJECTED, WAIT, type Life } from '../testing/fake-graph.ts';
import { makeOps, RUN_FIELDS, TENANT, type OpsProcess, type RunSeen } from '../testing/ops-process.ts';
import * as sagas from './lifecycle.sagas.ts';

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

const FIELDS = `${RUN_FIELDS} kind supersededBy`;
type Seen = RunSeen & { kind: string; supersededBy: string | null };

/** A service that is in use. */
const living = (changes: Partial<Life> = {}): { serviceId: string; customerId: string; life: Life } => {
  const serviceId = uuidv7();
  const life: Life = { customerId: uuidv7(), status: 'ACTIVE', reason: null, planId: 'plan-before', intent: 0, desired: 'ENABLED', onRouter: 'ENABLED', changedBy: null, ...changes };
  graph.lives.set(serviceId, life);
  return { serviceId, customerId: life.customerId, life };
};
const ask = async (field: string, input: Record<string, unknown>) => {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const answer = field === 'offboardCustomer' ? 'customerId' : 'service { id }';
  return ops.ask<Record<string, { run: Seen | null }>>(`mutation ($input: ${type}!) { ${field}(input: $input) { ${answer} run { ${FIELDS} } } }`, { input });
};
const begin = async (field: string, input: Record<string, unknown>): Promise<Seen> => {
  const { data, errors } = await ask(field, input);
  expect(errors).toBeUndefined();
  return data![field]!.run!;
};
const run = async (id: string) => (await ops.ask<{ run: Seen }>(`query ($id: ID!) { run(id: $id) { ${FIELDS} } }`, { id })).data!.run;
const until = (id: string, state: string) =>
  eventually(`the run ${id} to be ${state}`, 20_000, async () => {
    const seen = await run(id);
    return seen.state === state ? seen : undefined;
  });
const ofService = async (customerId: string) => (await ops.ask<{ runs: { nodes: Seen[] } }>(`query ($id: ID!) { runs(filter: { customerId: $id }) { nodes { ${FIELDS} } } }`, { id: customerId })).data!.runs.nodes;
const hold = (operation: string, field: string) => {
  const line = { away: true };
  graph.answer(operation, () => (line.away ? { data: { [field]: { result: WAIT } } } : undefined));
  return line;
};
const away = () => hold('LifecycleApplySecret', 'applyPppSecret');

describe('the sagas of a life', () => {
  it('are plain data, and carry no place for a password', () => {
    const all = [sagas.SUSPEND_SERVICE, sagas.RESUME_SERVICE, sagas.CHANGE_PLAN, sagas.MOVE_SERVICE, sagas.SET_STATIC_ADDRESS, sagas.LOCK_CALLER_ID, sagas.RESET_CALLER_ID, sagas.RESET_PPP_PASSWORD, sagas.changeSubscriber({ plan: true, credentials: true }), sagas.offboardCustomer([{ hasAccess: true }, { hasAccess: true }])];
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    for (const { steps } of all) expect(JSON.stringify(steps.map(({ call }) => call?.variables)).toLowerCase()).not.toContain('password');
    for (const { steps } of all) expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  });
});

describe('a change of a service', () => {
  it.each([
    ['suspendService', {}, ['MarkSuspended', 'SetDesired', 'ApplySecret', 'VerifyAccess']],
    ['resumeService', {}, ['MarkResumed', 'SetDesired', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'LeaveRouters']],
    ['changePlan', { planId: 'fiber' }, ['Plan', 'MarkPlanChanged', 'ChangeAccessPlan', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'LeaveRouters']],
    ['moveService', { routerId: 'r' }, ['Router', 'MoveAccess', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'LeaveRouters']],
    ['terminateService', {}, ['MarkTerminated', 'SetDesired', 'ApplySecret', 'VerifyAccess']],
    ['resetPppPassword', { password: 'open sesame' }, ['SealCredentials', 'ChangeCredentials', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'LeaveRouters']],
    ['setStaticAddress', { address: '10.0.0.9' }, ['SetAddress', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'LeaveRouters']],
    ['lockCallerId', {}, ['Line', 'SetCallerId', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'LeaveRouters']],
    ['resetCallerId', {}, ['SetCallerId', 'ApplyProfile', 'ApplySecret', 'VerifyAccess', 'LeaveRouters']],
  ])('%s writes its rows first, then has the router follow, and ends with the read-back', async (field, input, calls) => {
    const { serviceId } = living();
    const begun = await begin(field, { serviceId, ...input });
    expect(begun.service?.id).toBe(serviceId);
    const ended = await until(begun.id, 'SUCCEEDED');
    expect(new Set(ended.steps.map(({ state }) => state))).toEqual(new Set(['DONE']));
    expect(graph.operations()).toEqual(['Service', ...calls]);
  });

  it('of an unknown, pending or ended service is refused before anything is written', async () => {
    const codes = [];
    for (const serviceId of [uuidv7(), living({ status: 'PENDING' }).serviceId, living({ status: 'TERMINATED' }).serviceId]) {
      const { errors } = await ask('suspendService', { serviceId });
      codes.push(errors?.[0]?.extensions?.code);
    }
    expect(codes).toEqual(['NOT_FOUND', 'CONFLICT', 'CONFLICT']);
    expect(graph.operations()).toEqual(['Service', 'Service', 'Service']);
  });

  it('answers the same run for the same key, and refuses the key for another input', async () => {
    const { serviceId } = living();
    const first = await begin('suspendService', { serviceId, idempotencyKey: serviceId });
    expect((await begin('suspendService', { serviceId, idempotencyKey: serviceId })).id).toBe(first.id);
    expect((await ask('suspendService', { serviceId, reason: 'ABUSE', idempotencyKey: serviceId })).errors?.[0]?.extensions?.code).toBe('CONFLICT');
    await until(first.id, 'SUCCEEDED');
  });
});

describe('the lock to a device', () => {
  const locked = async (callerId?: string) => {
    const { serviceId } = living();
    await until((await begin('lockCallerId', { serviceId, callerId })).id, 'SUCCEEDED');
    return graph.calls.find(({ operation, input }) => operation === 'LifecycleSetCallerId' && input.serviceId === serviceId)!.input;
  };

  it('is to the one that is online unless another is named; only then the session is cut', async () => {
    expect(await locked()).toMatchObject({ callerId: ONLINE, renew: false });
    expect(await locked(ONLINE.toLowerCase().replaceAll(':', '-'))).toMatchObject({ renew: false });
    expect(await locked('02:00:00:00:00:02')).toMatchObject({ callerId: '02:00:00:00:00:02', renew: true });
  });

  it('is refused when none is named and none is online', async () => {
    const { serviceId } = living({ onRouter: 'DISABLED' });
    expect((await ask('lockCallerId', { serviceId })).errors?.[0]?.extensions?.code).toBe('CONFLICT');
  });
});

describe('a suspension', () => {
  it('answers at once while the router is away, waits visibly, and is done when it is back', async () => {
    const line = away();
    const { serviceId, life } = living();
    const begun = await begin('suspendService', { serviceId, reason: 'ABUSE' });
    expect(life).toMatchObject({ status: 'SUSPENDED', reason: 'ABUSE', desired: 'DISABLED', onRouter: 'ENABLED' });
    expect((await until(begun.id, 'WAITING')).steps[2]).toMatchObject({ name: 'secret', state: 'WAITING', error: { code: WAIT.code } });
    line.away = false;
    await until(begun.id, 'SUCCEEDED');
    expect(life.onRouter).toBe('DISABLED');
  });

  it('is not given up when the router refuses: it is asked again, visibly', async () => {
    let refuses = true;
    graph.answer('LifecycleApplySecret', () => (refuses ? { data: { applyPppSecret: { result: REJECTED } } } : undefined));
    const { serviceId } = living();
    const begun = await begin('suspendService', { serviceId });
    expect((await until(begun.id, 'WAITING')).steps[2]).toMatchObject({ state: 'WAITING', error: { code: REJECTED.code } });
    refuses = false;
    await until(begun.id, 'SUCCEEDED');
  });

  it('that is cancelled stays written, and takes nothing back', async () => {
    away();
    const { serviceId, life } = living();
    const begun = await begin('suspendService', { serviceId });
    await until(begun.id, 'WAITING');
    await ops.ask('mutation ($input: CancelRunInput!) { cancelRun(input: $input) { run { id } } }', { input: { id: begun.id } });
    const ended = await until(begun.id, 'CANCELLED');
    expect(ended.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['service DONE', 'access DONE', 'secret SKIPPED', 'verify SKIPPED']);
    expect(life).toMatchObject({ status: 'SUSPENDED', desired: 'DISABLED' });
  });
});

describe('a newer wish', () => {
  it('supersedes the one that waits: the last one wins, and the router sees only that', async () => {
    const line = away();
    const { serviceId, life } = living();
    const suspension = await begin('suspendService', { serviceId });
    await until(suspension.id, 'WAITING');
    const resumption = await begin('resumeService', { serviceId });
    expect(await run(suspension.id)).toMatchObject({ state: 'SUPERSEDED', supersededBy: resumption.id });
    line.away = false;
    await until(resumption.id, 'SUCCEEDED');
    expect(life).toMatchObject({ status: 'ACTIVE', desired: 'ENABLED', onRouter: 'ENABLED' });
    expect((await ops.ask(`mutation { retryRun(input: { id: "${suspension.id}" }) { run { id } } }`)).errors?.[0]?.extensions?.code).toBe('CONFLICT');
  });

  it('of another kind takes over what the waiting one has written', async () => {
    const line = away();
    const { serviceId, life } = living();
    const suspension = await begin('suspendService', { serviceId });
    await until(suspension.id, 'WAITING');
    const change = await begin('changePlan', { serviceId, planId: 'fiber' });
    line.away = false;
    await until(change.id, 'SUCCEEDED');
    expect((await run(suspension.id)).state).toBe('SUPERSEDED');
    expect(life).toMatchObject({ status: 'SUSPENDED', onRouter: 'DISABLED' });
  });

  it('never comes before an ending, an onboarding, or an undo', async () => {
    away();
    const { serviceId } = living();
    const ending = await begin('terminateService', { serviceId });
    await until(ending.id, 'WAITING');
    graph.lives.get(serviceId)!.status = 'ACTIVE';
    expect((await ask('suspendService', { serviceId })).errors?.[0]).toMatchObject({ message: expect.stringContaining(ending.id), extensions: { code: 'CONFLICT' } });

    graph.answer('LifecycleApplySecret', () => ({ data: { applyPppSecret: { result: REJECTED } } }));
    const line = hold('LifecycleRevertAccess', 'revertAccess');
    const other = living();
    const change = await begin('changePlan', { serviceId: other.serviceId, planId: 'fiber' });
    await until(change.id, 'UNDOING');
    expect((await ask('suspendService', { serviceId: other.serviceId })).errors?.[0]?.extensions?.code).toBe('CONFLICT');
    line.away = false;
    await until(change.id, 'FAILED');
  });

  it('of ten at once leaves one run, and the router with what that run wished', async () => {
    const { serviceId, life, customerId } = living();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => ask(at % 2 === 0 ? 'suspendService' : 'resumeService', { serviceId })));
    const ids = answers.map(({ data, errors }) => Object.values(data ?? {})[0]?.run?.id ?? errors?.[0]?.message);
    await eventually('all runs to end', 20_000, async () => ((await ofService(customerId)).every(({ state }) => ['SUCCEEDED', 'SUPERSEDED'].includes(state)) ? true : undefined));
    const last = (await ofService(customerId)).findLast(({ state }) => state === 'SUCCEEDED')!;
    expect(ids).toContain(last.id);
    expect(life).toMatchObject(last.kind === 'SUSPEND_SERVICE' ? { status: 'SUSPENDED', desired: 'DISABLED', onRouter: 'DISABLED' } : { status: 'ACTIVE', desired: 'ENABLED', onRouter: 'ENABLED' });
  });
});

describe('a change of plan', () => {
  it('that the router rejects is taken back, rows and router, last first', async () => {
    graph.answer('LifecycleApplyProfile', () => ({ data: { applyPppProfile: { result: { outcome: 'REJECTED', code: 'NETWORK_UNKNOWN_POOL', message: 'no pool' } } } }));
    const { serviceId, life } = living();
    const begun = await begin('changePlan', { serviceId, planId: 'fiber' });
    const ended = await until(begun.id, 'FAILED');
    expect(ended.error).toMatchObject({ code: 'NETWORK_UNKNOWN_POOL' });
    expect(graph.operations().slice(-2)).toEqual(['RevertAccess', 'RevertPlan']);
    expect(life.planId).toBe('plan-before');
  });
});

describe('a move', () => {
  it('can no longer be cancelled once the service runs on the new router', async () => {
    const line = hold('LifecycleLeaveRouters', 'leaveRouters');
    const { serviceId } = living();
    const begun = await begin('moveService', { serviceId, routerId: 'r' });
    await until(begun.id, 'WAITING');
    expect((await ops.ask(`mutation { cancelRun(input: { id: "${begun.id}" }) { run { id } } }`)).errors?.[0]?.extensions?.code).toBe('CONFLICT');
    line.away = false;
    await until(begun.id, 'SUCCEEDED');
  });
});

describe('a subscriber', () => {
  it('is changed without a run where the router need not follow', async () => {
    const { customerId, serviceId } = living();
    const { data } = await ask('changeSubscriber', { customerId, name: 'Ada Lovelace', billingDay: 9 });
    expect(data).toMatchObject({ changeSubscriber: { service: { id: serviceId }, run: null } });
    expect(graph.calls.filter(({ operation }) => operation.startsWith('LifecycleUpdate')).map(({ input }) => input)).toEqual([{ id: customerId, name: 'Ada Lovelace' }, { id: serviceId, billingDay: 9 }]);
  });

  it('gets plan and credentials by one run, refused while another one is under way', async () => {
    const line = away();
    const { customerId } = living();
    const begun = await begin('changeSubscriber', { customerId, planId: 'fiber', credentials: { username: 'ada', password: 'open sesame' } });
    expect(begun.kind).toBe('CHANGE_SUBSCRIBER');
    expect((await ask('changeSubscriber', { customerId, name: 'B' })).errors?.[0]?.extensions?.code).toBe('CONFLICT');
    line.away = false;
    expect((await until(begun.id, 'SUCCEEDED')).steps.map(({ name }) => name)).toEqual(['service', 'access', 'credentials', 'profile', 'secret', 'verify', 'leave']);
  });

  it('is told what is wrong with his credentials before anything is changed', async () => {
    graph.answer('LifecycleSealCredentials', () => failure('VALIDATION_ERROR', 'credentials.username is used.', [{ field: 'credentials.username', code: 'TAKEN', message: 'credentials.username is used.' }]));
    const { customerId } = living();
    const { errors } = await ask('changeSubscriber', { customerId, name: 'B', credentials: { username: 'taken' } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'credentials.username', code: 'TAKEN' }] });
    expect(graph.operations()).not.toContain('UpdateCustomer');
  });

  it('may leave the moment he has come: what his onboarding still makes is not forgotten', async () => {
    // A router that takes its time.
    graph.answer('OnboardingVerifyAccess', () => new Promise((resolve) => setTimeout(() => resolve(undefined), 300)));
    const input = { customer: { name: 'Ada' }, planId: uuidv7(), billingDay: 1, credentials: { username: 'ada', password: 'open sesame' } };
    const { data } = await ops.ask<{ onboardCustomer: { customer: { id: string } } }>('mutation ($input: OnboardCustomerInput!) { onboardCustomer(input: $input) { customer { id } } }', { input });
    const { errors } = await ask('offboardCustomer', { customerId: data!.onboardCustomer.customer.id });
    expect(errors).toBeUndefined();
    const operations = graph.operations();
    expect(operations.indexOf('Subscriber')).toBeGreaterThan(operations.indexOf('ActivateService'));
    expect(operations).toContain('ActivateService');
  });

  it('who leaves is closed, and all his services end', async () => {
    const { customerId, life } = living();
    const second = living({ customerId });
    const begun = await begin('offboardCustomer', { customerId });
    await until(begun.id, 'SUCCEEDED');
    expect([life, second.life].map(({ status, onRouter }) => `${status} ${onRouter}`)).toEqual(['TERMINATED REMOVED', 'TERMINATED REMOVED']);
    expect(graph.operations()).toContain('CloseCustomer');
  });
});

describe('what billing decides', () => {
  const say = async (type: string, payload: { serviceId: string; customerId: string } & Record<string, unknown>) =>
    test.database.forSubgraph('ops').write(TENANT, (tx) => ops.bus.publish(tx, [{ type, tenantId: TENANT, subject: payload.serviceId, payload }]));
  const heardAll = () => eventually('the bus to be through', 20_000, async () => ((await ops.bus.lag()).every(({ behind }) => behind === 0) ? true : undefined));
  const kinds = async (customerId: string) => (await ofService(customerId)).map(({ kind, state }) => `${kind} ${state}`);

  it('suspends once, however often it is said, and a payment resumes', async () => {
    const { serviceId, customerId, life } = living();
    const due = { serviceId, customerId, invoiceId: uuidv7(), dueOn: '2026-01-01', graceDays: 7 };
    await say('billing.service.suspensionDue', due);
    await say('billing.service.suspensionDue', due);
    await eventually('the suspension', 20_000, () => (life.onRouter === 'DISABLED' ? true : undefined));
    expect(life).toMatchObject({ status: 'SUSPENDED', reason: 'NON_PAYMENT' });
    const settled = { serviceId, customerId, paymentId: uuidv7() };
    await say('billing.service.settled', settled);
    await say('billing.service.settled', settled);
    await eventually('the resumption', 20_000, () => (life.onRouter === 'ENABLED' ? true : undefined));
    await heardAll();
    await eventually('both runs to end', 20_000, async () => ((await kinds(customerId)).join() === 'SUSPEND_SERVICE SUCCEEDED,RESUME_SERVICE SUCCEEDED' ? true : undefined));
    // The same invoice said again after all is paid begins nothing.
    await say('billing.service.suspensionDue', due);
    await heardAll();
    expect(await kinds(customerId)).toHaveLength(2);
  });

  it('takes a suspension back that still waits for its router', async () => {
    const line = away();
    const { serviceId, customerId, life } = living();
    await say('billing.service.suspensionDue', { serviceId, customerId, invoiceId: uuidv7() });
    await eventually('the suspension to wait', 20_000, async () => ((await kinds(customerId)).join() === 'SUSPEND_SERVICE WAITING' ? true : undefined));
    await say('billing.service.settled', { serviceId, customerId, paymentId: uuidv7() });
    await eventually('it to be superseded', 20_000, async () => ((await kinds(customerId))[0] === 'SUSPEND_SERVICE SUPERSEDED' ? true : undefined));
    line.away = false;
    await eventually('the resumption', 20_000, async () => ((await kinds(customerId))[1] === 'RESUME_SERVICE SUCCEEDED' ? true : undefined));
    expect(life).toMatchObject({ status: 'ACTIVE', onRouter: 'ENABLED' });
  });

  it('neither weakens nor lifts what was suspended by hand', async () => {
    const { serviceId, customerId, life } = living();
    await until((await begin('suspendService', { serviceId, reason: 'ABUSE' })).id, 'SUCCEEDED');
    await say('billing.service.suspensionDue', { serviceId, customerId, invoiceId: uuidv7() });
    await say('billing.service.settled', { serviceId, customerId, paymentId: uuidv7() });
    await heardAll();
    expect(await kinds(customerId)).toEqual(['SUSPEND_SERVICE SUCCEEDED']);
    expect(life).toMatchObject({ status: 'SUSPENDED', reason: 'ABUSE' });
  });

  it('waits for a change that is being taken back', async () => {
    graph.answer('LifecycleApplyProfile', () => ({ data: { applyPppProfile: { result: REJECTED } } }));
    const line = hold('LifecycleRevertAccess', 'revertAccess');
    const { serviceId, customerId, life } = living();
    const change = await begin('changePlan', { serviceId, planId: 'fiber' });
    await until(change.id, 'UNDOING');
    await say('billing.service.suspensionDue', { serviceId, customerId, invoiceId: uuidv7() });
    const waiting = await eventually('the suspension to wait', 20_000, async () => (await ofService(customerId)).find(({ kind, state }) => kind === 'SUSPEND_SERVICE' && state === 'WAITING'));
    expect(waiting.steps[0]!.error).toMatchObject({ code: 'WORKFLOW_BUSY', message: expect.stringContaining(change.id) });
    line.away = false;
    await until(change.id, 'FAILED');
    await until(waiting.id, 'SUCCEEDED');
    expect(life).toMatchObject({ status: 'SUSPENDED', onRouter: 'DISABLED', planId: 'plan-before' });
  });
});

it('no password is in any row of ops', async () => {
  const [row] = await test.database.forSubgraph('ops').system((tx) => tx.execute<{ hits: number }>(sql`select count(*)::int as hits from ops.workflow_runs r where r::text like '%open sesame%'`));
  expect(row!.hits).toBe(0);
});
