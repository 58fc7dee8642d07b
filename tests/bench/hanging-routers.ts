import { uuidv7 } from '#kernel/ids.ts';
import type { Benchmark } from './benchmark.ts';
import { startHelper } from './helper.ts';
import { inParallel, median, percentile, short } from './measure.ts';
import { admin, freshDatabase, furnish, onboard, openWorld, registerRouter, until, type World } from './world.ts';

const ROUTERS = 50;
const HANGING = 10;
const AT_ONCE = 8;

type Address = { port: number; username: string; password: string };

const LIST = '{ routers(first: 100) { nodes { id name status { reachable reason } } } customers(first: 20) { nodes { name services { nodes { status access { enforcement { outcome } session { address } } } } } } }';
const READ = 'query ($routerId: ID!) { pppSecrets(routerId: $routerId, first: 10) { totalCount nodes { name } } }';
const SESSIONS = 'subscription ($routerId: ID) { pppSessions(routerId: $routerId) { action remaining session { id name } } }';
const DISCONNECT = 'mutation ($input: DisconnectSessionInput!) { disconnectSession(input: $input) { disconnected } }';

/** Milliseconds, one value each time. */
type Figures = Record<'list' | 'read' | 'cut' | 'onboarding', number[]>;

export const hangingRouters: Benchmark = {
  name: 'hanging-routers',
  limit: 'the same work on the same forty routers while all fifty answer',
  notes: `Fifty routers, all answering; then ten of them accept whatever is sent and never say a word, while onboardings on them wait and reads of them are asked for all the time; then they answer again, and so on in turns. A list comes
from memory and the database, a read goes to the router itself, an onboarding is the whole run. A ratio of 1 says that nobody notices the ten.`,
  async run({ adminUrl, quick, progress }) {
    const databaseUrl = await freshDatabase(adminUrl);
    const fleet = await startHelper('router', { core: 1 });
    const world = await openWorld(databaseUrl);
    try {
      const addresses: Address[] = [];
      for (let at = 0; at < ROUTERS; at += 1) addresses.push(await fleet.ask<Address>('start', { homes: 3, relayed: false }));
      const { planId, routerId } = await furnish(world, addresses[0]!);
      const ids = [routerId];
      for (const [at, address] of addresses.entries()) if (at > 0) ids.push(await registerRouter(world, `bench-${at}`, address));
      const answering = ids.slice(0, ROUTERS - HANGING);
      const hanging = ids.slice(ROUTERS - HANGING);
      const ports = addresses.slice(ROUTERS - HANGING).map(({ port }) => port);
      await until('the homes to dial', 30_000, async () => (await fleet.ask<number>('online')) === 3 * ROUTERS);

      const turns: Record<'calm' | 'beside', Figures[]> = { calm: [], beside: [] };
      for (let turn = -1; turn < (quick ? 2 : 5); turn += 1) {
        const calm = await measure(world, planId, answering);
        await fleet.ask('hang', { ports, on: true });
        await until('the ten to be shown as away', 120_000, async () => (await awayOf(world, hanging)) === HANGING);
        const waiting = waitFor(world, planId, hanging);
        const beside = await measure(world, planId, answering);
        await waiting.stop();
        await fleet.ask('hang', { ports, on: false });
        await until('the ten to answer again', 120_000, async () => (await awayOf(world, hanging)) === 0);
        progress(`ms, all answer / ten hang: ${Object.keys(calm).map((what) => `${what} ${short(median(calm[what as keyof Figures]))}/${short(median(beside[what as keyof Figures]))}`).join(', ')}; ${waiting.refused()} reads of the ten refused`);
        if (turn < 0) continue;
        turns.calm.push(calm);
        turns.beside.push(beside);
      }
      const line = (what: keyof Figures, says: string) => {
        const all = (of: Figures[]) => of.flatMap((figures) => figures[what]);
        return {
          what: `${says}, beside ${HANGING} of ${ROUTERS} that hang`,
          against: 'none hangs',
          ratios: turns.beside.map((beside, at) => median(turns.calm[at]![what]) / median(beside[what])),
          figures: `p50 ${short(median(all(turns.beside)))} ms, p99 ${short(percentile(all(turns.beside), 0.99))} ms; none hangs: ${short(median(all(turns.calm)))} and ${short(percentile(all(turns.calm), 0.99))} ms`,
        };
      };
      return [
        line('list', 'lists of routers and of customers with services and sessions'),
        line('read', 'secrets read from a router'),
        line('cut', 'session cut by hand, until that is answered and its DOWN is with a subscriber'),
        line('onboarding', 'onboarding until it has succeeded'),
      ];
    } finally {
      await world.stop();
      await fleet.stop();
    }
  },
};

/** Once over all the routers, a few at a time. */
async function measure(world: World, planId: string, routerIds: readonly string[]): Promise<Figures> {
  const figures: Figures = { list: [], read: [], cut: [], onboarding: [] };
  const timed = async (what: keyof Figures, work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    figures[what].push(performance.now() - began);
  };
  await inParallel(routerIds, AT_ONCE, async (routerId) => {
    await timed('list', () => world.ask(LIST));
    await timed('read', () => world.ask(READ, { routerId }));
    const events = await world.supergraph.subscribe<{ pppSessions: { action: string; remaining: number | null; session: { id: string; name: string } } }>({ query: SESSIONS, variables: { routerId }, principal: admin, requestId: 'bench' });
    if (!(Symbol.asyncIterator in events)) throw new Error(JSON.stringify(events.errors));
    const next = async (fits: (event: { action: string; session: { id: string; name: string } }) => boolean) => {
      for (;;) {
        const { value, done } = await events.next();
        if (done || !value.data) throw new Error(`The stream ended: ${JSON.stringify(value)}`);
        if (fits(value.data.pppSessions)) return value.data.pppSessions.session;
      }
    };
    const { id } = await next(({ session }) => session.name === 'home-0');
    await timed('cut', () => Promise.all([world.ask(DISCONNECT, { input: { sessionId: id } }), next(({ action, session }) => action === 'DOWN' && session.id === id)]));
    // It dials again: the next turn wants it there.
    await next(({ action, session }) => action === 'UP' && session.name === 'home-0');
    await events.return?.();
  });
  await inParallel(routerIds, AT_ONCE, (routerId) => timed('onboarding', () => succeeded(world, { planId, routerId })));
  return figures;
}

async function succeeded(world: World, at: { planId: string; routerId: string }): Promise<void> {
  const customerId = await onboard(world, at, `sub-${uuidv7()}`);
  await until('a run to succeed', 60_000, async () => (await world.ask('query ($id: ID!) { customer(id: $id) { services { nodes { status } } } }', { id: customerId })).customer.services.nodes[0]?.status === 'ACTIVE', 10);
}

/** An onboarding on each that waits, and always a read of each on the way. */
function waitFor(world: World, planId: string, routerIds: readonly string[]): { stop(): Promise<void>; refused(): number } {
  let over = false;
  let refused = 0;
  const readers = routerIds.map(async (routerId) => {
    await onboard(world, { planId, routerId }, `stuck-${uuidv7()}`);
    while (!over) {
      await world.ask(READ, { routerId }).catch(() => (refused += 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  return {
    refused: () => refused,
    async stop() {
      over = true;
      await Promise.all(readers);
    },
  };
}

async function awayOf(world: World, routerIds: readonly string[]): Promise<number> {
  const { routers } = await world.ask('{ routers(first: 100) { nodes { id status { reachable } } } }');
  const away = new Set(routers.nodes.filter(({ status }: { status: { reachable: boolean } }) => !status.reachable).map(({ id }: { id: string }) => id));
  return routerIds.filter((id) => away.has(id)).length;
}
