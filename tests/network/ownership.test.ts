import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Principal } from '#kernel/access/principal.ts';
import { connect } from '#kernel/db/connection.ts';
import { sql } from '#kernel/db/drizzle.ts';
import { parseDatabaseUrl } from '#kernel/db/url.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { remoteSubgraph } from '#kernel/subgraph/remote.ts';
import type { Subgraph } from '#kernel/subgraph/subgraph.ts';
import { rawOf } from '#subgraphs/network/routeros/session.ts';
import { argsOf } from '../support/child-programs.ts';
import { eventually } from '../support/eventually.ts';
import { tap, type WireTap } from '../support/wire-tap.ts';
import type { TestRouter } from '../support/router.ts';
import { ACCESS, admin, DISCONNECT, eventsOf, onConsole, PROFILE, provisioned, REGISTER, routerOfTest, saga, SECRET, serviceRef, SESSIONS, startNetwork, STATUS, step, TENANT, TRAFFIC, VERIFY, WITHDRAW, type NetworkHarness, type SessionEvent } from './network-harness.ts';

const SECRET_OF_TESTS = 'a secret of the tests, long enough for all';
/** What the issue allows: from the owner's death to the next login. */
const TAKEOVER_MS = 15_000;

/** A router whose line runs through a tap. */
interface TappedRouter {
  id: string;
  router: TestRouter;
  line: WireTap;
}

interface OtherProcess {
  subgraph: Subgraph;
  child: ChildProcess;
  data(principal: Principal, query: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

let graph: NetworkHarness;
// Each on a database of its own: who has which router depends on how many there are.
beforeEach(async () => {
  graph = await startNetwork();
});
afterEach(() => graph.stop());

/** Another process of the network, on the same database. */
async function startOther(): Promise<OtherProcess> {
  const child = spawn(process.execPath, [...argsOf('network'), graph.test.url, SECRET_OF_TESTS], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`The network process ended with ${code}.`)));
  });
  const subgraph = remoteSubgraph({ name: 'network', url: `${url}/graphql`, tokens: graph.tokens, log: silentLogger, deadlineMs: 20_000 });
  onTestFinished(() => subgraph.stop());
  return {
    subgraph,
    child,
    async data(principal, query, variables) {
      const { data, errors } = await subgraph.execute({ query, principal, requestId: 'test', ...(variables ? { variables } : {}) });
      if (errors) throw new Error(JSON.stringify(errors));
      return data!;
    },
  };
}

const leases = async () => {
  const rows = await graph.kit.db.system((tx) => tx.execute(sql`select router_id, owner from network.router_leases`));
  return rows as unknown as Array<{ router_id: string; owner: string | null }>;
};
/** Ends the database sessions that stand for processes, as a failing network or server would. */
async function loseTheLocks(): Promise<void> {
  const connection = await connect(parseDatabaseUrl(graph.test.url), { applicationName: 'test' });
  await connection.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like '%(lock network:process:%'");
  await connection.end();
}
const ownerOf = async (routerId: string) => (await leases()).find((lease) => lease.router_id === routerId)?.owner ?? null;

async function tappedRouter(name: string): Promise<TappedRouter> {
  const router = await routerOfTest(name);
  const line = await tap(router.port);
  onTestFinished(() => line.close());
  const { registerRouter } = await graph.data(admin, REGISTER, { input: { ...router.input, port: line.port } });
  const { id } = registerRouter.router as { id: string };
  await eventually('the router to be reachable', 15_000, async () => ((await graph.data(admin, STATUS, { id })).router.status.reachable ? true : undefined));
  return { id, router, line };
}

/** Two routers, one here and one with another process. */
async function shared(): Promise<{ there: TappedRouter; here: TappedRouter; other: OtherProcess }> {
  const both = [await tappedRouter('first'), await tappedRouter('second')];
  const mine = await ownerOf(both[0]!.id);
  const other = await startOther();
  const there = await eventually('the other process to have its share', 30_000, async () => {
    const all = await leases();
    const given = both.find(({ id }) => all.some((lease) => lease.router_id === id && lease.owner !== null && lease.owner !== mine));
    return given && given.line.open() === 1 ? given : undefined;
  });
  await eventually('both processes to see it online', 20_000, async () => ((await graph.data(admin, STATUS, { id: there.id })).router.status.state === 'ONLINE' ? true : undefined));
  return { there, here: both.find((one) => one !== there)!, other };
}

const homesOnline = ({ router }: TappedRouter) => eventually('the demo homes to dial', 15_000, () => (router.simulator.sessions().length >= 3 ? true : undefined));

describe('several processes of the network', () => {
  it('share the routers; each serves every subscriber and every call, wherever the line is', { timeout: 120_000 }, async () => {
    const { there, here, other } = await shared();
    await Promise.all([homesOnline(there), homesOnline(here)]);
    expect([there.line.most, here.line.most]).toEqual([1, 1]);

    // From here, over the other process: steps, live sessions, disconnection, reads, traffic.
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: there.id });
    await events.until(({ remaining }) => remaining === 0);
    const sub = await provisioned(graph, there.id);
    for (const document of [PROFILE, SECRET, VERIFY]) expect(await step(graph, document, sub)).toMatchObject({ outcome: 'DONE' });
    const up = await events.until(({ action, session }) => action === 'UP' && session.name === sub.username && session.address !== null);
    expect(up).toMatchObject({ source: 'LISTEN', session: { service: { id: sub.serviceId }, stale: false } });
    expect((await graph.data(admin, ACCESS, { of: [serviceRef(sub.serviceId)] })).entities[0].access.session).toMatchObject({ name: sub.username, stale: false });
    expect((await graph.data(admin, STATUS, { id: there.id, live: true })).router.status).toMatchObject({ state: 'ONLINE', source: 'READ' });
    expect((await graph.data(admin, 'query ($id: ID) { pppSecrets(routerId: $id, first: 100) { nodes { name } } }', { id: there.id })).pppSecrets.nodes).toContainEqual({ name: sub.username });
    expect((await graph.data(admin, 'query ($of: ID!) { pingService(serviceId: $of, count: 1) { online received } }', { of: sub.serviceId }).catch((error: Error) => error.message))).toBeDefined();
    const traffic = await graph.subscribe<{ txBitsPerSecond: number }>(admin, TRAFFIC, { serviceId: sub.serviceId });
    await traffic.until(({ txBitsPerSecond }) => txBitsPerSecond > 0);
    expect((await graph.data(admin, DISCONNECT, { input: { serviceId: sub.serviceId } })).disconnectSession).toMatchObject({ disconnected: true });
    await events.until(({ action, session }) => action === 'DOWN' && session.id === up.session.id);

    // And the other way round: the other process over this one.
    const theirs = await eventsOf<SessionEvent>(other.subgraph, admin, SESSIONS, { routerId: here.id });
    await theirs.until(({ remaining }) => remaining === 0);
    const second = await provisioned(graph, here.id);
    for (const document of [PROFILE, SECRET, VERIFY]) expect(Object.values(await other.data(saga, document, { input: { serviceId: second.serviceId } }))[0]).toMatchObject({ result: { outcome: 'DONE' } });
    await theirs.until(({ action, session }) => action === 'UP' && session.service?.id === second.serviceId);
    // A router that one process registers, changes and removes is so for the other.
    await other.data(admin, 'mutation ($id: ID!) { removeRouter(input: { id: $id }) { id } }', { id: (await tappedRouter('short-lived')).id });
    expect([there.line.most, here.line.most]).toEqual([1, 1]);
  });

  it('keep the bytes of a comment that is no UTF-8 when a secret is taken over and given back through the other', { timeout: 120_000 }, async () => {
    const { there } = await shared();
    const written = Buffer.from('Jos\xe9 \x80 5', 'latin1');
    const commentOf = async () => {
      let bytes: Buffer | undefined;
      await onConsole(there.router, async (session) => {
        const [row] = await session.print('/ppp/secret', { where: { name: 'demo-alice' } });
        bytes = Buffer.from(rawOf(row!)!['comment']!);
      });
      return bytes!;
    };
    await onConsole(there.router, async (session) => void (await session.command('/ppp/secret/set', { '.id': 'demo-alice', comment: written })));
    const plan = { id: uuidv7(), code: 'demo', name: 'Demo', rateLimit: '5M/20M', localAddress: '10.64.0.1', remotePool: 'pool-pppoe' };
    const { openSecretAdoption } = await graph.data(saga, 'mutation ($input: OpenSecretAdoptionInput!) { openSecretAdoption(input: $input) { item { id customerName } } }', { input: { id: uuidv7(), routerId: there.id, name: 'demo-alice', plans: [plan], customerNameFrom: 'COMMENT' } });
    const { id: itemId, customerName } = openSecretAdoption.item;
    expect(customerName).toBe('José € 5');
    const of = { serviceId: uuidv7(), runId: uuidv7() };
    await graph.data(saga, 'mutation ($input: ProvisionAdoptionInput!) { provisionAdoption(input: $input) { item { id } } }', { input: { itemId, ...of, plan } });
    expect((await graph.data(saga, 'mutation ($input: ApplyAdoptionInput!) { applyAdoption(input: $input) { result { outcome } } }', { input: { itemId, serviceId: of.serviceId } })).applyAdoption.result).toEqual({ outcome: 'DONE' });
    expect(await commentOf()).toEqual(Buffer.concat([Buffer.from(`headend:${TENANT}:secret:${of.serviceId} `), written]));
    expect((await graph.data(saga, WITHDRAW, { input: of })).withdrawAccess.result).toMatchObject({ outcome: 'DONE' });
    expect(await commentOf()).toEqual(written);
  });

  it('take over within 15 s when the owner is killed, and nobody misses a session', { timeout: 120_000 }, async () => {
    const { there, other } = await shared();
    await homesOnline(there);
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: there.id });
    await events.until(({ remaining }) => remaining === 0);
    const killed = Date.now();
    other.child.kill('SIGKILL');
    there.router.simulator.hangUp('demo-bob');
    const gone = await events.until(({ action, session }) => action === 'SNAPSHOT' && session.stale);
    expect(gone.session.router.id).toBe(there.id);
    await eventually('the router to be taken over', TAKEOVER_MS, () => (there.line.open() === 1 ? true : undefined));
    expect(Date.now() - killed).toBeLessThan(TAKEOVER_MS);
    // All again, live, with the session that came up meanwhile.
    const seen = new Set<string>();
    await events.until(({ action, session, remaining }) => {
      if (!session.stale && action !== 'DOWN') seen.add(session.name);
      return seen.size === 3 && !session.stale && remaining !== 1;
    });
    expect(seen).toEqual(new Set(['demo-alice', 'demo-bob', 'demo-carol']));
    there.router.simulator.hangUp('demo-carol');
    await events.until(({ action, session }) => action === 'DOWN' && session.name === 'demo-carol');
    expect(there.line.most).toBe(1);
  });

  it('take over from an owner that hangs; when it wakes up it writes nothing more', { timeout: 120_000 }, async () => {
    const { there, other } = await shared();
    await homesOnline(there);
    const sub = await provisioned(graph, there.id);
    const before = await ownerOf(there.id);
    const line = there.line.connections.findLast((one) => one.open)!;
    const stopped = Date.now();
    other.child.kill('SIGSTOP');
    // What it is asked for now waits in its socket until it wakes up.
    const asked = other.subgraph.execute({ query: PROFILE, variables: { input: { serviceId: sub.serviceId } }, principal: saga, requestId: 'test' }).catch(() => undefined);
    await eventually('the router to be taken over', TAKEOVER_MS + 5_000, async () => ((await ownerOf(there.id)) !== before && there.line.open() === 2 ? true : undefined));
    expect(Date.now() - stopped).toBeLessThan(TAKEOVER_MS + 5_000);
    await eventually('the new owner to see it online', 15_000, async () => ((await graph.data(admin, STATUS, { id: there.id })).router.status.state === 'ONLINE' ? true : undefined));
    const sent = line.sent;
    other.child.kill('SIGCONT');
    await eventually('the old line to be closed', 15_000, () => (line.open ? undefined : true));
    await asked;
    expect(line.sent).toBe(sent);
    expect(there.line.open()).toBe(1);
    expect(await step(graph, PROFILE, sub)).toMatchObject({ outcome: 'DONE' });
  });
});

describe('one process alone', () => {
  it('lets go of its routers when its database connection is lost, and takes them back; streams go on and steps wait meanwhile', { timeout: 60_000 }, async () => {
    const there = await tappedRouter('regained');
    await homesOnline(there);
    const sub = await provisioned(graph, there.id);
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: there.id });
    await events.until(({ remaining }) => remaining === 0);
    const logins = there.line.connections.length;
    await loseTheLocks();
    await eventually('its line to be closed and dialled anew', 15_000, () => (there.line.connections.length > logins ? true : undefined));
    await events.until(({ action, remaining, session }) => action === 'SNAPSHOT' && remaining === 0 && !session.stale);
    await eventually('the step to be taken', 15_000, async () => ((await step(graph, PROFILE, sub)).outcome === 'DONE' ? true : undefined));
    expect(there.line.most).toBe(1);
  });
});
