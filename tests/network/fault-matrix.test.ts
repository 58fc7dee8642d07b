/**
 * Each fault of a router in each situation in which it can strike, told by what a user cares about.
 *
 * A fault that lasts until somebody mends the router: the work waits or rests, says why, loses nothing, and comes to its end
 * when the router is mended. One that passes, or merely annoys: the work comes to its end by itself. Either way each row is on the
 * router once, and nothing is taken for drift that is none. Runs of ops wait and go on in tests/journeys/router-dies.test.ts.
 */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import {
  accessOf, admin, applied, onConsole, PLAN, PROFILE, provisioned, saga, SECRET, SESSIONS, startNetwork, STATUS, step, VERIFY,
  type AtEnd, type NetworkHarness, type SessionEvent, type StepResult, type Subscriber,
} from './network-harness.ts';

type Situation = 'onboarding' | 'apply' | 'suspension' | 'streaming';

/** A router of a cell's own. */
interface Site extends TestRouter {
  routerId: string;
  /** What is undone at the end of the cell. */
  atEnd: AtEnd;
  /** Other clients that hold sessions of the router's API. */
  others: Socket[];
}

interface Fault {
  name: string;
  /** Brings it about, in the middle of what `situation` writes where that makes a difference. */
  begin(site: Site, situation: Situation): Promise<void>;
  /** Of one that lasts: how it is mended, and the reason that is shown until then. */
  lasting?: { code: RegExp; end(site: Site): Promise<void> };
  /** Where it is not to be seen in time: another test says so. */
  except?: Situation[];
}

const PLAN_ROUTER = 'mutation ($input: PlanRouterInput!) { planRouter(input: $input) { plan { hash counts { adds changes removals kicks conflicts pending } } } }';
const APPLY_FIELDS = 'id state reason { code } total done skipped refused failed';
const APPLY = `mutation ($input: ApplyPlanInput!) { applyPlan(input: $input) { apply { ${APPLY_FIELDS} } } }`;
const RESUME = `mutation ($id: ID!) { resumeApply(input: { id: $id }) { apply { ${APPLY_FIELDS} } } }`;
const WATCH = `subscription ($id: ID!) { planApply(id: $id) { ${APPLY_FIELDS} } }`;
const SET_DESIRED = 'mutation ($input: SetAccessDesiredInput!) { setAccessDesired(input: $input) { access { desired } } }';

interface ApplyState {
  id: string;
  state: string;
  reason: { code: string } | null;
  total: number;
  done: number;
}

/** What a situation writes: there the passing faults strike. */
const WRITES: Record<Exclude<Situation, 'streaming'>, string[]> = {
  onboarding: ['/ppp/profile/add', '/ppp/secret/add'],
  apply: ['/ppp/profile/add', '/ppp/secret/add'],
  suspension: ['/ppp/secret/set', '/ppp/active/remove'],
};

/** The line goes and may come back at once: what follows goes through login and the reading of everything under the fault. */
const dropLine = async ({ simulator: { faults } }: Site) => {
  await faults.set({ unreachable: true });
  await faults.clear('unreachable');
};

/** A fault that slows or disguises what the router says, and hinders nobody. */
const annoying = (name: string, settings: Parameters<TestRouter['simulator']['faults']['set']>[0]): Fault => ({
  name,
  async begin(site, situation) {
    await site.simulator.faults.set(settings);
    if (situation === 'streaming') await dropLine(site);
  },
});

const FAULTS: Fault[] = [
  {
    // First, because it is polled every 15 s then.
    name: 'refusing to tell of changes, but not what there is',
    async begin(site) {
      await site.simulator.faults.set({ refuseRights: ['/ppp/active/listen'] });
      await dropLine(site);
    },
    except: ['onboarding', 'apply', 'suspension'],
  },
  {
    name: 'unreachable',
    begin: ({ simulator }) => simulator.faults.set({ unreachable: true }),
    lasting: { code: /^NETWORK_ROUTER_UNREACHABLE$/, end: ({ simulator }) => simulator.faults.clear('unreachable') },
  },
  {
    name: 'hanging',
    begin: ({ simulator }) => simulator.faults.set({ hang: true }),
    lasting: { code: /^NETWORK_ROUTER_(TIMEOUT|UNREACHABLE)$/, end: ({ simulator }) => simulator.faults.clear('hang') },
    // It is 30 s until a line that says nothing is given up: plan-apply.test.ts and client-against-simulator.test.ts wait for it.
    except: ['apply', 'streaming'],
  },
  annoying('slow', { latencyMs: 300 }),
  annoying('answering in fragments of one byte', { fragmentBytes: 1 }),
  {
    name: 'cut in mid-sentence',
    async begin({ simulator: { faults } }, situation) {
      if (situation === 'streaming') {
        // In the middle of the next event, and again in the middle of the list that is read then.
        await faults.set({ dropAfterBytes: 40 });
        faults.cutOn('/ppp/active/print', 'mid-reply');
      } else for (const write of WRITES[situation]) faults.cutOn(write, 'mid-reply');
    },
  },
  {
    name: 'rebooted',
    async begin({ simulator }, situation) {
      if (situation === 'streaming') return simulator.reboot();
      // It has done the last write and goes down before it says so.
      simulator.faults.cutOn(WRITES[situation].at(-1)!, 'silent');
      void eventually('the write before the reboot', 30_000, () => ((simulator.faults.current().cuts ?? []).length === 0 ? true : undefined)).then(() => simulator.reboot());
    },
  },
  {
    name: 'full: other clients hold all sessions of its API',
    async begin({ simulator, port, others, atEnd }) {
      while (others.length < 2) others.push(connect(port, '127.0.0.1'));
      atEnd(async () => others.forEach((other) => other.destroy()));
      await Promise.all(others.map((other) => once(other, 'connect')));
      await eventually('them to be counted', 5_000, () => (simulator.connections() === 3 ? true : undefined));
      // Our line goes with the next byte, and there is no place for another.
      await simulator.faults.set({ maxSessions: 2, dropAfterBytes: 0 });
    },
    lasting: { code: /^NETWORK_ROUTER_UNREACHABLE$/, end: async ({ others }) => others.splice(0).forEach((other) => other.destroy()) },
  },
  annoying('clamping the rate of commands', { rateClamp: { burst: 5, delayMs: 60 } }),
  annoying('masking passwords', { maskPasswords: true }),
  {
    name: 'refusing rights',
    async begin(site, situation) {
      const refuseRights = situation === 'streaming' ? ['/ppp/active/*'] : WRITES[situation];
      await site.simulator.faults.set({ refuseRights });
      // A `listen` that runs is not asked again.
      if (situation === 'streaming') await dropLine(site);
    },
    lasting: { code: /^NETWORK_RIGHT_MISSING$/, end: ({ simulator }) => simulator.faults.clear('refuseRights') },
  },
];

// They wait more than they work.
vi.setConfig({ maxConcurrency: 12 });

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

async function openSite(name: string, atEnd: AtEnd): Promise<Site> {
  const router = await startRouter(name);
  atEnd(() => router.simulator.stop());
  return { ...router, routerId: await graph.reachable(admin, router), atEnd, others: [] };
}

const ours = ({ simulator }: TestRouter, menu: string) => simulator.rows(menu).filter(({ comment }) => comment?.startsWith('headend:'));
const sessionOf = ({ simulator }: TestRouter, name: string) => simulator.rows('/ppp/active').find((row) => row.name === name);
const online = (site: TestRouter, { username }: Subscriber) => eventually(`${username} to dial`, 20_000, () => sessionOf(site, username));

/** Each row is there once, and nothing that is as it should be is taken for drift. */
async function expectInLine(site: Site, subscribers: readonly Subscriber[]) {
  expect(ours(site, '/ppp/profile').map(({ name }) => name)).toEqual([`headend-${PLAN.code}`]);
  expect(ours(site, '/ppp/secret').map(({ name }) => name).toSorted()).toEqual(subscribers.map(({ username }) => username).toSorted());
  const { counts } = (await graph.data(admin, PLAN_ROUTER, { input: { routerId: site.routerId } })).planRouter.plan;
  expect(counts).toEqual({ adds: 0, changes: 0, removals: 0, kicks: 0, conflicts: 0, pending: 0 });
}

/** The steps as ops takes them: one that has to wait is taken again. Answers for what had to be waited. */
async function driven(of: Subscriber, documents: readonly string[]): Promise<StepResult[]> {
  const waits: StepResult[] = [];
  for (const document of documents) {
    await eventually(`${of.username} to be done`, 60_000, async () => {
      const result = await step(graph, document, of);
      if (result.outcome === 'REJECTED') throw new Error(`${of.username} was rejected: ${JSON.stringify(result)}`);
      if (result.outcome === 'WAIT') waits.push(result);
      return result.outcome === 'DONE' ? true : undefined;
    });
  }
  return waits;
}

/** The step waits, says why, and what is wished is shown as open. */
async function expectWaiting(of: Subscriber, document: string, code: RegExp, desired: string) {
  await eventually(`${of.username} to say why it waits`, 30_000, async () => {
    const result = await step(graph, document, of);
    expect(result.outcome).toBe('WAIT');
    // The first try may still meet the line as it breaks.
    return code.test(result.code!) ? true : undefined;
  });
  expect(await accessOf(graph, of.serviceId)).toMatchObject({ desired, enforcement: { outcome: 'PENDING', acknowledgedAt: null, reason: { code: expect.stringMatching(code) } } });
}

const SITUATIONS: Record<Situation, (site: Site, fault: Fault) => Promise<void>> = {
  async onboarding(site, { begin, lasting }) {
    const of = await provisioned(graph, site.routerId);
    await begin(site, 'onboarding');
    if (lasting) {
      await expectWaiting(of, PROFILE, lasting.code, 'ENABLED');
      expect([...ours(site, '/ppp/profile'), ...ours(site, '/ppp/secret')]).toEqual([]);
      await lasting.end(site);
    }
    await driven(of, [PROFILE, SECRET, VERIFY]);
    expect(await accessOf(graph, of.serviceId)).toMatchObject({ desired: 'ENABLED', enforcement: { outcome: 'APPLIED', reason: null, acknowledgedAt: expect.any(String) } });
    expect(ours(site, '/ppp/secret')).toMatchObject([{ name: of.username, password: `pw-${of.username}`, disabled: 'false' }]);
    await expectInLine(site, [of]);
    await online(site, of);
  },

  async suspension(site, { begin, lasting }) {
    const [of, neighbour] = [await applied(graph, await provisioned(graph, site.routerId)), await applied(graph, await provisioned(graph, site.routerId))];
    await Promise.all([online(site, of), online(site, neighbour)]);
    await begin(site, 'suspension');
    await graph.data(saga, SET_DESIRED, { input: { serviceId: of.serviceId, desired: 'DISABLED', runId: uuidv7(), intent: 1 } });
    if (lasting) {
      await expectWaiting(of, SECRET, lasting.code, 'DISABLED');
      await lasting.end(site);
    }
    await driven(of, [SECRET, VERIFY]);
    expect(await accessOf(graph, of.serviceId)).toMatchObject({ desired: 'DISABLED', enforcement: { outcome: 'APPLIED', reason: null, acknowledgedAt: expect.any(String) } });
    expect(ours(site, '/ppp/secret').map(({ name, disabled }) => [name, disabled])).toEqual([[of.username, 'true'], [neighbour.username, 'false']]);
    expect(sessionOf(site, of.username)).toBeUndefined();
    await expectInLine(site, [of, neighbour]);
    await online(site, neighbour);
  },

  async apply(site, { begin, lasting }) {
    const subscribers: Subscriber[] = [];
    while (subscribers.length < 40) subscribers.push(await provisioned(graph, site.routerId));
    const { hash } = (await graph.data(admin, PLAN_ROUTER, { input: { routerId: site.routerId } })).planRouter.plan;
    // It has to last until the fault strikes in its middle. What passes waits for its write.
    await site.simulator.faults.set({ latencyMs: 150 });
    if (!lasting) await begin(site, 'apply');
    const { id } = (await graph.data(admin, APPLY, { input: { hash } })).applyPlan.apply as ApplyState;
    const events = await graph.subscribe<ApplyState>(admin, WATCH, { id }, site.atEnd);
    if (lasting) {
      await eventually('the first secrets', 20_000, () => (ours(site, '/ppp/secret').length > 0 ? true : undefined));
      await begin(site, 'apply');
      const { state } = await events.until((seen) => lasting.code.test(seen.reason?.code ?? '') && seen.state !== 'STOPPING');
      expect(['RUNNING', 'STOPPED']).toContain(state);
      expect(ours(site, '/ppp/secret').length).toBeLessThan(40);
      await lasting.end(site);
      if (state === 'STOPPED') await graph.data(admin, RESUME, { id });
    }
    expect(await events.until(({ state }) => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(state))).toMatchObject({ state: 'SUCCEEDED', reason: null, total: 41, done: 41, skipped: 0, refused: 0, failed: 0 });
    await expectInLine(site, subscribers);
    await driven(subscribers.at(-1)!, [VERIFY]);
    expect(await accessOf(graph, subscribers.at(-1)!.serviceId)).toMatchObject({ enforcement: { outcome: 'APPLIED', reason: null } });
  },

  async streaming(site, { name, begin, lasting }) {
    const subscribers = [0, 1, 2].map(() => provisioned(graph, site.routerId));
    const [stays, moves, leaves] = (await Promise.all(subscribers)) as [Subscriber, Subscriber, Subscriber];
    const all = [stays, moves, leaves];
    for (const one of all) await applied(graph, one);
    await Promise.all(all.map((one) => online(site, one)));
    // Who is online stays so until he hangs up; then he is refused.
    await onConsole(site, async (session) => void (await session.command('/ppp/secret/disable', { '.id': leaves.username })));
    const view = await watch(site);
    await view.until(() => view.shows() && all.every(({ username }) => view.idOf(username) !== undefined));
    const before = new Map([stays, moves].map(({ username }) => [username, view.idOf(username)]));

    await begin(site, 'streaming');
    site.simulator.hangUp(leaves.username);
    site.simulator.hangUp(moves.username);
    if (lasting) {
      await view.until(() => view.all().length > 0 && view.all().every(({ stale }) => stale));
      expect((await accessOf(graph, stays.serviceId)).session).toMatchObject({ name: stays.username, stale: true });
      await eventually('the reason to be shown', 30_000, async () => {
        const { reasonCode } = (await graph.data(admin, STATUS, { id: site.routerId })).router.status;
        return lasting.code.test(reasonCode ?? '') ? true : undefined;
      });
      await lasting.end(site);
    }
    await online(site, moves);
    await view.until(() => view.shows() && view.idOf(leaves.username) === undefined && ![undefined, before.get(moves.username)].includes(view.idOf(moves.username)));
    expect(view.idOf(stays.username) === before.get(stays.username)).toBe(name !== 'rebooted');
    expect(view.serviceOf(moves.username)).toBe(moves.serviceId);

    // It is followed as before.
    const settled = view.idOf(moves.username);
    site.simulator.hangUp(moves.username);
    await view.until(() => view.shows() && ![undefined, settled].includes(view.idOf(moves.username)));
    expect((await accessOf(graph, leaves.serviceId)).session).toBeNull();
  },
};

const expectOutcome = (situation: Situation, site: Site, fault: Fault) => SITUATIONS[situation](site, fault);

/** What a client of the subscription sees, put together as the schema says. */
async function watch(site: Site) {
  const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: site.routerId }, site.atEnd);
  let sessions = new Map<string, SessionEvent['session']>();
  let remaining = 0;
  const take = ({ action, session, ...event }: SessionEvent) => {
    if (action === 'SNAPSHOT' && remaining === 0) sessions = new Map();
    if (action === 'SNAPSHOT') remaining = event.remaining!;
    if (action === 'DOWN') sessions.delete(session.id);
    else sessions.set(session.id, session);
  };
  const of = (username: string) => [...sessions.values()].filter(({ name }) => name === username);
  const listed = (rows: Array<{ name?: string; address?: string | null }>) => rows.map(({ name, address }) => `${name} ${address}`).toSorted().join();
  return {
    all: () => [...sessions.values()],
    idOf: (username: string) => of(username)[0]?.id,
    serviceOf: (username: string) => of(username)[0]?.service?.id,
    /** All who are online are shown, with their addresses, and nobody else. */
    shows: () => remaining === 0 && [...sessions.values()].every(({ stale }) => !stale) && listed([...sessions.values()]) === listed(site.simulator.rows('/ppp/active')),
    async until(holds: () => boolean) {
      while (!holds()) take(await events.next());
    },
  };
}

describe.concurrent.each(FAULTS)('a router that is $name', (fault) => {
  const outcome = fault.lasting ? 'waits visibly, and comes to its end when it is mended' : 'comes to its end by itself';
  const situations = (Object.keys(SITUATIONS) as Situation[]).filter((situation) => !fault.except?.includes(situation));
  it.for(situations)(`in the middle of %s: it ${outcome}`, { timeout: 90_000 }, async (situation, { onTestFinished }) => {
    await expectOutcome(situation, await openSite(`${situation} ${fault.name}`, onTestFinished), fault);
  });
});

describe.concurrent('a router that never lets us see its sessions', () => {
  it('says so from the first dial on, and is shown as soon as it does', { timeout: 60_000 }, async ({ onTestFinished }) => {
    const router = await startRouter('secretive');
    onTestFinished(() => router.simulator.stop());
    await router.simulator.faults.set({ refuseRights: ['/ppp/active/*'] });
    const id = await graph.reachable(admin, router);
    const status = async () => (await graph.data(admin, STATUS, { id })).router.status;
    await eventually('the reason to be shown', 10_000, async () => ((await status()).reasonCode === 'NETWORK_RIGHT_MISSING' ? true : undefined));
    expect(await status()).toMatchObject({ state: 'ONLINE', reachable: true, reason: expect.stringContaining('not enough permissions') });
    const view = await watch({ ...router, routerId: id, atEnd: onTestFinished, others: [] });
    await router.simulator.faults.clear();
    await view.until(() => view.all().length > 0 && view.shows());
    expect(await status()).toMatchObject({ state: 'ONLINE', reason: null, reasonCode: null });
  });
});
