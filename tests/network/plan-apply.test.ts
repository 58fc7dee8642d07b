import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeBus } from '#kernel/bus/bus.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { TEST_SECRET } from '#kernel/subgraph/test-subgraph.ts';
import { network } from '#subgraphs/network/subgraph.ts';
import { argsOf } from '../support/child-programs.ts';
import { eventually } from '../support/eventually.ts';
import type { TestRouter } from '../support/router.ts';
import { accessOf, admin, applied, onConsole, PLAN, provisioned, routerOfTest, saga, SECRET, startNetwork, step, TENANT, VERIFY, type NetworkHarness, type Subscriber } from './network-harness.ts';

const STATE = 'id state reason { code message } total done skipped refused failed startedAt finishedAt';
const PLAN_ROUTER = 'mutation ($input: PlanRouterInput!) { planRouter(input: $input) { plan { id hash counts { adds changes removals kicks conflicts unowned } } } }';
const APPLY = `mutation ($input: ApplyPlanInput!) { applyPlan(input: $input) { apply { ${STATE} router { id } plan { id apply { id } } } } }`;
const GET = `query ($id: ID!, $first: Int, $filter: PlanApplyStepFilter) { planApply(id: $id) { ${STATE} steps(first: $first, filter: $filter) { totalCount nodes { outcome at reason { code } item { menu action name } } } } }`;
const LIST = 'query ($filter: PlanApplyFilter) { planApplies(filter: $filter) { nodes { id state } } }';
const WATCH = `subscription ($id: ID!) { planApply(id: $id) { ${STATE} } }`;
const verb = (name: 'stopApply' | 'resumeApply' | 'cancelApply') => `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { apply { ${STATE} } } }`;
const SET_DESIRED = 'mutation ($input: SetAccessDesiredInput!) { setAccessDesired(input: $input) { access { desired } } }';

interface State {
  id: string;
  state: string;
  reason: { code: string; message: string } | null;
  total: number;
  done: number;
  skipped: number;
  refused: number;
  failed: number;
}

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

const plan = async (routerId: string, more: object = {}, of = graph) => (await of.data(admin, PLAN_ROUTER, { input: { routerId, ...more } })).planRouter.plan;
const apply = async (hash: string, more: object = {}): Promise<State> => (await graph.data(admin, APPLY, { input: { hash, ...more } })).applyPlan.apply;
const refusal = (hash: string, more: object = {}) => graph.fault(admin, APPLY, { input: { hash, ...more } });
const stateOf = async (id: string, variables: object = {}, of = graph) => (await of.data(admin, GET, { id, first: 100, ...variables })).planApply;
const act = async (name: 'stopApply' | 'resumeApply' | 'cancelApply', id: string): Promise<State> => (await graph.data(admin, verb(name), { input: { id } }))[name].apply;
const reaches = (id: string, states: string[], deadlineMs = 30_000, of = graph): Promise<State> =>
  eventually(`the applying to be ${states.join(' or ')}`, deadlineMs, async () => {
    const found = (await of.data(admin, `query ($id: ID!) { planApply(id: $id) { ${STATE} } }`, { id })).planApply as State;
    return states.includes(found.state) ? found : undefined;
  });
const succeeded = async (hash: string, more: object = {}): Promise<State> => reaches((await apply(hash, more)).id, ['SUCCEEDED']);

const secretsOn = (router: TestRouter) => router.simulator.rows('/ppp/secret');
const ours = (router: TestRouter) => secretsOn(router).filter(({ comment }) => comment?.startsWith('headend:'));

async function empty(name: string, version?: string) {
  const router = await routerOfTest(name, version);
  return { router, routerId: await graph.reachable(admin, router) };
}

async function inhabited(name: string, howMany: number, version?: string) {
  const { router, routerId } = await empty(name, version);
  const subscribers: Subscriber[] = [];
  for (let count = 0; count < howMany; count += 1) subscribers.push(await applied(graph, await provisioned(graph, routerId)));
  return { router, routerId, subscribers };
}

async function waiting(name: string, howMany: number, version?: string) {
  const { router, routerId } = await empty(name, version);
  const subscribers: Subscriber[] = [];
  for (let count = 0; count < howMany; count += 1) subscribers.push(await provisioned(graph, routerId));
  return { router, routerId, subscribers };
}

const byHand = (router: TestRouter, name: string, command: 'set' | 'remove', attributes: Record<string, string> = {}, menu = '/ppp/secret') =>
  onConsole(router, async (session) => {
    const [row] = await session.print(menu, { where: { name }, proplist: ['.id'] });
    await session.command(`${menu}/${command}`, { '.id': row!['.id']!, ...attributes });
  });

describe('applyPlan', () => {
  it('brings what somebody has done by hand back into line, and touches nothing that is not ours', async () => {
    const { router, routerId, subscribers: [one, two, three] } = await inhabited('mended', 3);
    await byHand(router, one!.username, 'set', { disabled: 'yes', password: 'somebody-else', 'remote-address': '10.9.9.9' });
    await byHand(router, two!.username, 'remove');
    await byHand(router, three!.username, 'set', { name: 'renamed', comment: `headend:${TENANT}:secret:${three!.serviceId} call before noon` });
    await byHand(router, `headend-${PLAN.code}`, 'set', { 'rate-limit': '1M/1M' }, '/ppp/profile');
    await onConsole(router, async (session) => void (await session.command('/ppp/secret/add', { name: 'left-behind', comment: `headend:${TENANT}:secret:${uuidv7()}` })));
    const foreign = secretsOn(router).filter(({ comment }) => !comment?.startsWith('headend:'));
    const made = await plan(routerId);
    expect(made.counts).toMatchObject({ adds: 1, changes: 3, removals: 1 });
    const state = await succeeded(made.hash);
    expect(state).toMatchObject({ total: 5, done: 5, skipped: 0, refused: 0, failed: 0, reason: null });
    expect((await plan(routerId)).counts).toMatchObject({ adds: 0, changes: 0, removals: 0, conflicts: 0 });
    const rows = new Map(secretsOn(router).map((row) => [row.name, row]));
    expect(rows.get(one!.username)).toMatchObject({ password: `pw-${one!.username}`, disabled: 'false' });
    expect(rows.get(three!.username)!.comment).toContain('call before noon');
    expect(rows.has('left-behind')).toBe(false);
    expect(secretsOn(router).filter(({ comment }) => !comment?.startsWith('headend:'))).toEqual(foreign);
    // Its steps, each with its result, in the order in which they were done.
    const { steps } = await stateOf(state.id, { filter: { outcomeIn: ['DONE'] } });
    expect(steps.nodes.map(({ outcome, item }: { outcome: string; item: { menu: string; action: string } }) => `${outcome} ${item.action} ${item.menu}`)).toEqual(['DONE CHANGE PROFILE', 'DONE CHANGE SECRET', 'DONE CHANGE SECRET', 'DONE ADD SECRET', 'DONE REMOVE SECRET']);
  });

  it('makes what was never there, and what it has made is enforcement\'s to find', async () => {
    const { router, routerId, subscribers } = await waiting('first', 5);
    const state = await succeeded((await plan(routerId)).hash);
    expect(state).toMatchObject({ total: 6, done: 6 });
    expect(ours(router).map(({ name }) => name)).toEqual(subscribers.map(({ username }) => username));
    expect(await step(graph, VERIFY, subscribers[0]!)).toMatchObject({ outcome: 'DONE' });
    expect(await accessOf(graph, subscribers[0]!.serviceId)).toMatchObject({ enforcement: { outcome: 'APPLIED' } });
  });

  it('refuses more changes and removals than the plan may have, with the counts, unless they are raised', async () => {
    const { router, routerId, subscribers } = await inhabited('limited', 2);
    await byHand(router, subscribers[0]!.username, 'remove');
    await onConsole(router, async (session) => void (await session.command('/ppp/secret/add', { name: 'left', comment: `headend:${TENANT}:secret:${uuidv7()}` })));
    const { hash } = await plan(routerId, { maxChanges: 0, maxRemovals: 0 });
    expect(await refusal(hash)).toMatchObject({ code: 'CONFLICT', fields: ['maxChanges', 'maxRemovals'], message: expect.stringContaining('1 rows') });
    expect(await refusal(hash, { maxChanges: 1 })).toMatchObject({ code: 'CONFLICT', fields: ['maxRemovals'] });
    expect(await succeeded(hash, { maxChanges: 1, maxRemovals: 1 })).toMatchObject({ done: 2 });
  });

  it('refuses a plan that has expired, whose router has changed, that was applied, and that nobody made', async () => {
    const { router, routerId, subscribers: [one, two] } = await inhabited('stale', 2);
    await byHand(router, one!.username, 'remove');
    const { hash } = await plan(routerId);
    await byHand(router, two!.username, 'set', { disabled: 'yes' });
    const second = await plan(routerId);
    // What the first plan touches is as it was; the second saw more.
    await byHand(router, two!.username, 'set', { disabled: 'yes', profile: 'default' });
    expect(await refusal(second.hash)).toMatchObject({ code: 'CONFLICT', fields: ['hash'], message: expect.stringContaining(two!.username) });
    expect(await succeeded(hash)).toMatchObject({ done: 1 });
    expect(await refusal(hash)).toMatchObject({ code: 'CONFLICT', fields: ['hash'], message: expect.stringContaining('applied already') });
    expect(await refusal('nobody-made-this')).toMatchObject({ code: 'NOT_FOUND' });
    const third = await plan(routerId);
    graph.clock.advance(16 * 60);
    onTestFinished(() => graph.clock.advance(-16 * 60));
    expect(await refusal(third.hash)).toMatchObject({ code: 'CONFLICT', fields: ['hash'], message: expect.stringContaining('15 minutes') });
  });

  it('answers the same key with the same applying', async () => {
    const { routerId } = await waiting('keyed', 1);
    const { hash } = await plan(routerId);
    const first = await apply(hash, { idempotencyKey: 'apply-1' });
    await reaches(first.id, ['SUCCEEDED']);
    expect((await apply(hash, { idempotencyKey: 'apply-1' })).id).toBe(first.id);
    expect(await refusal(hash, { idempotencyKey: 'apply-1', kickSessions: true })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
  });

  it('lets one plan at a time be applied to a router; of two at once one is refused', async () => {
    const { router, routerId } = await waiting('two-at-once', 30);
    await router.simulator.faults.set({ latencyMs: 200 });
    const [one, two] = [await plan(routerId), await plan(routerId, { maxChanges: 500 })];
    expect(two.hash).toBe(one.hash);
    const answers = await Promise.all([refusal(one.hash), refusal(one.hash)]);
    expect(answers.map(({ code }) => code).sort()).toEqual(['CONFLICT', 'OK']);
    const [running] = (await graph.data(admin, LIST, { filter: { routerId } })).planApplies.nodes;
    await reaches(running.id, ['SUCCEEDED']);
    expect(ours(router).length).toBe(30);
  });

  it('sees no difference in hidden passwords afterwards, and writes each once', async () => {
    const { router, routerId, subscribers } = await waiting('masked', 3, '7.21');
    await succeeded((await plan(routerId)).hash);
    expect(secretsOn(router).find(({ name }) => name === subscribers[0]!.username)).toMatchObject({ password: `pw-${subscribers[0]!.username}` });
    expect((await plan(routerId)).counts).toMatchObject({ adds: 0, changes: 0 });
    router.simulator.faults.trapOn('/ppp/secret/set', 'failure: something was written');
    expect(await step(graph, SECRET, subscribers[0]!)).toMatchObject({ outcome: 'DONE' });
  });

  it('skips what is no longer wanted: the wish of now is never overwritten by a plan of before', async () => {
    const { router, routerId, subscribers } = await waiting('overtaken', 40);
    await router.simulator.faults.set({ latencyMs: 100 });
    // The profile comes first; while it is written, the wish for the last secret changes.
    const { hash } = await plan(routerId);
    router.simulator.faults.cutOn('/ppp/profile/add', 'silent');
    const { id } = await apply(hash);
    const last = subscribers.at(-1)!;
    await graph.data(saga, SET_DESIRED, { input: { serviceId: last.serviceId, desired: 'DISABLED', runId: uuidv7(), intent: 1 } });
    await router.simulator.faults.set({ unreachable: true });
    await router.simulator.faults.clear();
    const state = await reaches(id, ['SUCCEEDED'], 60_000);
    expect(state).toMatchObject({ total: 41, done: 40, skipped: 1 });
    expect(secretsOn(router).find(({ name }) => name === last.username)).toBeUndefined();
  });
});

describe('sessions', () => {
  it('are ended when that is asked for, and only those whose reason holds', async () => {
    const { router, routerId, subscribers: [one, two] } = await inhabited('kicked', 2);
    await eventually('both to be online', 10_000, () => ([one, two].every((sub) => router.simulator.sessions().some(({ name }) => name === sub!.username)) ? true : undefined));
    await byHand(router, one!.username, 'set', { profile: 'demo-20m' });
    const before = router.simulator.sessions().find(({ name }) => name === one!.username)!;
    const made = await plan(routerId);
    expect(made.counts).toMatchObject({ changes: 1, kicks: 1 });
    const other = router.simulator.sessions().find(({ name }) => name === two!.username)!;
    expect(await succeeded(made.hash, { kickSessions: true })).toMatchObject({ total: 2, done: 2 });
    expect(router.simulator.sessions().find(({ name }) => name === one!.username)?.sessionId).not.toBe(before.sessionId);
    expect(router.simulator.sessions().find(({ name }) => name === two!.username)?.sessionId).toBe(other.sessionId);
  });

  it('run on otherwise', async () => {
    const { router, routerId, subscribers: [one] } = await inhabited('left-online', 1);
    await eventually('it to be online', 10_000, () => (router.simulator.sessions().some(({ name }) => name === one!.username) ? true : undefined));
    await byHand(router, one!.username, 'set', { profile: 'demo-20m' });
    const before = router.simulator.sessions().find(({ name }) => name === one!.username)!;
    const { id } = await succeeded((await plan(routerId)).hash);
    expect((await stateOf(id, { filter: { outcomeIn: ['SKIPPED'] } })).steps.nodes).toMatchObject([{ item: { action: 'KICK' }, reason: { code: 'NOT_ASKED_FOR' } }]);
    expect(router.simulator.sessions().find(({ name }) => name === one!.username)?.sessionId).toBe(before.sessionId);
  });
});

describe('an apply that meets trouble', () => {
  it('stops at the first refusal with the router\'s words, goes on when it is asked to, and ends when it is cancelled', async () => {
    const { router, routerId } = await waiting('trapped', 20);
    router.simulator.faults.trapOn('/ppp/secret/add', 'failure: disk is full', { times: 1 });
    const { id } = await apply((await plan(routerId)).hash);
    const stopped = await reaches(id, ['STOPPED']);
    expect(stopped).toMatchObject({ failed: 1, reason: { code: 'NETWORK_VALUE_REJECTED', message: expect.stringContaining('disk is full') } });
    // Another plan has to wait for it.
    expect(await refusal((await plan(routerId)).hash)).toMatchObject({ code: 'CONFLICT', fields: ['hash'] });
    await act('resumeApply', id);
    expect(await reaches(id, ['SUCCEEDED'])).toMatchObject({ done: 21, failed: 0, reason: null });
    expect(await graph.fault(admin, verb('stopApply'), { input: { id } })).toMatchObject({ code: 'CONFLICT' });
    expect(await graph.fault(admin, verb('cancelApply'), { input: { id } })).toMatchObject({ code: 'CONFLICT' });
  });

  it('waits visibly while the line is away, and does nothing twice when it is back', async () => {
    const { router, routerId } = await waiting('dropped', 60);
    await router.simulator.faults.set({ latencyMs: 50 });
    router.simulator.faults.cutOn('/ppp/secret/add', 'after');
    router.simulator.faults.cutOn('/ppp/secret/add', 'mid-reply');
    const { id } = await apply((await plan(routerId)).hash);
    expect(await reaches(id, ['SUCCEEDED'], 60_000)).toMatchObject({ done: 61, refused: 0, failed: 0 });
    expect(ours(router).length).toBe(60);
    expect(new Set(ours(router).map(({ name }) => name)).size).toBe(60);
  });

  /** An apply of forty secrets that has brought the first of them to a slow router. */
  const underWay = async (name: string) => {
    const { router, routerId } = await waiting(name, 40);
    await router.simulator.faults.set({ latencyMs: 100 });
    const { id } = await apply((await plan(routerId)).hash);
    await eventually('the first secrets', 20_000, () => (ours(router).length > 3 ? true : undefined));
    return { router, id };
  };

  it('says that it waits for a router that is unreachable, and can be stopped and cancelled meanwhile', async () => {
    const { router, id } = await underWay('gone');
    await router.simulator.faults.set({ unreachable: true });
    await eventually('it to say so', 30_000, async () => ((await stateOf(id)).reason?.code === 'NETWORK_ROUTER_UNREACHABLE' ? true : undefined));
    await act('stopApply', id);
    await reaches(id, ['STOPPED']);
    expect((await act('cancelApply', id)).state).toBe('CANCELLED');
    const there = ours(router).length;
    await router.simulator.faults.clear();
    expect(ours(router).length).toBe(there);
    expect(await graph.fault(admin, verb('resumeApply'), { input: { id } })).toMatchObject({ code: 'CONFLICT' });
  });

  it('says that it waits for a router that hangs in the middle and stays so, and goes on to the end, each row once, when it answers again', async () => {
    const { router, id } = await underWay('frozen');
    // It accepts connections and commands, and answers nothing: what was on the wire may have been done.
    await router.simulator.faults.set({ hang: true });
    const reason = await eventually('it to say so', 60_000, async () => (await stateOf(id)).reason ?? undefined);
    expect(reason.code).toMatch(/^NETWORK_ROUTER_/);
    expect((await stateOf(id)).state).toBe('RUNNING');
    await router.simulator.faults.clear();
    expect(await reaches(id, ['SUCCEEDED'], 60_000)).toMatchObject({ done: 41, refused: 0, failed: 0 });
    expect(new Set(ours(router).map(({ name }) => name)).size).toBe(ours(router).length);
    expect(ours(router).length).toBe(40);
  }, 180_000);

  it('refuses a row that somebody changes while it runs, and says so at the end', async () => {
    const { router, routerId, subscribers } = await inhabited('interfered', 3);
    for (const { username } of subscribers) await byHand(router, username, 'set', { disabled: 'yes' });
    const waitingToo = await provisioned(graph, routerId, { plan: { id: uuidv7(), code: 'other' } });
    const { hash } = await plan(routerId);
    // Its first step hangs until the line is cut; meanwhile an administrator is at one of the rows.
    router.simulator.faults.cutOn('/ppp/profile/add', 'silent');
    const { id } = await apply(hash);
    await eventually('the first step', 20_000, () => (router.simulator.rows('/ppp/profile').some(({ name }) => name === 'headend-other') ? true : undefined));
    await byHand(router, subscribers[1]!.username, 'set', { profile: 'default' });
    await router.simulator.faults.set({ unreachable: true });
    await router.simulator.faults.clear();
    expect(await reaches(id, ['FAILED'], 60_000)).toMatchObject({ done: 4, refused: 1, reason: { code: 'NETWORK_PLAN_STALE' } });
    expect((await stateOf(id, { filter: { outcomeIn: ['REFUSED'] } })).steps.nodes).toMatchObject([{ item: { name: subscribers[1]!.username }, reason: { code: 'NETWORK_PLAN_STALE' } }]);
    expect(secretsOn(router).find(({ name }) => name === waitingToo.username)).toBeDefined();
  });
});

describe('a stopped apply', () => {
  it('rests after the steps in hand, goes on from there, and is watched from anywhere', async () => {
    const { router, routerId } = await waiting('rested', 60);
    await router.simulator.faults.set({ latencyMs: 200 });
    const { id } = await apply((await plan(routerId)).hash);
    const events = await graph.subscribe<State>(admin, WATCH, { id });
    expect((await events.next()).id).toBe(id);
    await eventually('the first secrets', 20_000, () => (ours(router).length > 0 ? true : undefined));
    expect(['STOPPING', 'STOPPED']).toContain((await act('stopApply', id)).state);
    await events.until(({ state }) => state === 'STOPPED');
    const there = ours(router).length;
    expect(there).toBeLessThan(60);
    expect((await stateOf(id)).done).toBe(there + 1);
    await router.simulator.faults.clear();
    await act('resumeApply', id);
    expect(await events.until(({ state }) => state === 'SUCCEEDED')).toMatchObject({ done: 61 });
    await expect(events.next()).rejects.toThrow('ended');
  });
});

describe('an apply whose process is killed', () => {
  it('is gone on with by the next owner of the router: every row once', { timeout: 120_000 }, async () => {
    const { router, routerId } = await waiting('killed', 90);
    await router.simulator.faults.set({ latencyMs: 200 });
    const { id } = await apply((await plan(routerId)).hash);
    await eventually('the first secrets', 20_000, () => (ours(router).length > 0 ? true : undefined));
    await graph.running.stop();
    const child = spawn(process.execPath, [...argsOf('network'), graph.test.url, TEST_SECRET], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
    onTestFinished(() => void child.kill('SIGKILL'));
    const before = ours(router).length;
    await eventually('the child to go on', 40_000, () => (ours(router).length > before + 10 ? true : undefined));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(ours(router).length).toBeLessThan(90);
    const next = await network.make({ ...graph.kit, bus: makeBus({ database: graph.kit.database, subgraph: 'network', log: graph.kit.log, clock: graph.kit.clock, newId: uuidv7 }) });
    onTestFinished(() => next.stop());
    await next.start();
    expect(await reaches(id, ['SUCCEEDED'], 60_000)).toMatchObject({ total: 91, done: 91, refused: 0, failed: 0 });
    expect(ours(router).length).toBe(90);
  });
});
