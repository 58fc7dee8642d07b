import { describe, expect, it, onTestFinished } from 'vitest';
import { makeBus } from '#kernel/bus/bus.ts';
import { connect } from '#kernel/db/connection.ts';
import { parseDatabaseUrl } from '#kernel/db/url.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { network } from '#subgraphs/network/subgraph.ts';
import { eventually } from '../support/eventually.ts';
import { admin, applied, PROFILE, provisioned, routerOfTest, SESSIONS, startNetwork, STATUS, step, type NetworkHarness, type SessionEvent } from './network-harness.ts';

async function startOne(): Promise<NetworkHarness> {
  const graph = await startNetwork();
  onTestFinished(() => graph.stop());
  return graph;
}

/** Another process on the same database: it has a bus of its own. */
const anotherProcess = ({ kit }: NetworkHarness) => network.make({ ...kit, bus: makeBus({ database: kit.database, subgraph: 'network', log: kit.log, clock: kit.clock, newId: uuidv7 }) });

/** Ends the database session that holds the routers, as a failing network or server would. */
async function loseTheLock(graph: NetworkHarness): Promise<void> {
  const connection = await connect(parseDatabaseUrl(graph.test.url), { applicationName: 'test' });
  await connection.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like '%(lock network:routers)'");
  await connection.end();
}

describe('the ownership of the routers', () => {
  it('belongs to one process: a second one refuses to start with one clear line', async () => {
    const graph = await startOne();
    const second = await anotherProcess(graph);
    await expect(second.start()).rejects.toThrow(/^another network process owns the routers/);
    await second.stop();
  });

  it('passes on when the first process stops, and its lines are closed by then', async () => {
    const graph = await startOne();
    const router = await routerOfTest('handed-over');
    const id = await graph.reachable(admin, router);
    const other = await anotherProcess(graph);
    onTestFinished(() => other.stop());
    await graph.running.stop();
    expect(await graph.running.health()).toBe(false);
    await other.start();
    await eventually('the second process to log in', 10_000, () => (router.simulator.connections() === 1 ? true : undefined));
    expect(await other.health()).toBe(true);
    // What the first has seen of the router was kept.
    expect((await graph.data(admin, STATUS, { id })).router.status).toMatchObject({ state: 'UNKNOWN', reachable: true, source: 'STORED', identity: 'handed-over' });
  });

  it('is let go of when its database connection is lost, and taken back; streams go on and steps wait meanwhile', async () => {
    const graph = await startOne();
    const router = await routerOfTest('regained');
    await eventually('the demo homes to dial', 10_000, () => (router.simulator.sessions().length >= 3 ? true : undefined));
    const id = await graph.reachable(admin, router);
    const sub = await applied(graph, await provisioned(graph, id));
    const events = await graph.subscribe<SessionEvent>(admin, SESSIONS, { routerId: id });
    await events.until(({ remaining }) => remaining === 0);
    await loseTheLock(graph);
    await eventually('the router to be let go', 10_000, async () => ((await graph.running.health()) ? undefined : true));
    expect(await step(graph, PROFILE, sub)).toMatchObject({ outcome: 'WAIT', code: 'NETWORK_ROUTER_UNREACHABLE' });
    await eventually('the routers to be owned again', 15_000, async () => ((await graph.running.health()) ? true : undefined));
    await events.until(({ action, remaining }) => action === 'SNAPSHOT' && remaining === 0);
    await eventually('the step to be taken', 15_000, async () => ((await step(graph, PROFILE, sub)).outcome === 'DONE' ? true : undefined));
    expect(router.simulator.connections()).toBe(1);
  });
});
