/* A simulated router as a process of its own, behind a relay that notes what is asked of it. */
import { connect, createServer, type Server } from 'node:net';
import { routerSeed } from '#sandbox/fixtures/router-seed.ts';
import { makeDecoder } from '#sandbox/routeros/codec.ts';
import { makeRouterSimulator, type RouterSimulator } from '#sandbox/routeros/simulator.ts';
import { machineTime, serveHelper } from '../helper.ts';

const ROUTER = { username: 'headend', password: 'router-password' };

interface Up {
  name: string;
  at: number;
}

const simulators: RouterSimulator[] = [];
const byPort = new Map<number, RouterSimulator>();
const relays: Server[] = [];
let asked: string[][] = [];
let ups: Up[] = [];

/** `homes` are secrets that are there from the start and nobody's. `relayed`: every sentence that is sent to it is noted. */
async function start({ homes, relayed }: { homes: number; relayed: boolean }): Promise<{ port: number } & typeof ROUTER> {
  const { '/system/identity': _identity, '/ppp/secret': _secrets, ...seed } = routerSeed;
  const simulator = makeRouterSimulator({
    port: 0,
    version: '7.18',
    identity: 'bench',
    users: [{ name: ROUTER.username, password: ROUTER.password, group: 'full' }],
    seed: {
      ...seed,
      '/ip/pool': [{ name: 'pool-pppoe', ranges: '10.64.0.2-10.64.127.254' }],
      '/ppp/secret': Array.from({ length: homes }, (_, at) => ({ name: `home-${at}`, password: 'x', service: 'pppoe', profile: 'demo-20m' })),
    },
    dialDelayMs: [20, 60],
  });
  simulator.onSessionChange(({ kind, session }) => {
    if (kind === 'up') ups.push({ name: session.name, at: machineTime() });
  });
  const { port } = await simulator.start();
  simulators.push(simulator);
  byPort.set(port, simulator);
  return { port: relayed ? await relay(port) : port, ...ROUTER };
}

function relay(port: number): Promise<number> {
  const server = createServer((client) => {
    const router = connect(port, '127.0.0.1');
    const decoder = makeDecoder({ maxWord: 1 << 20, maxWords: 1000 });
    client.on('data', (chunk) => asked.push(...decoder.push(chunk)));
    client.pipe(router);
    router.pipe(client);
    for (const [one, other] of [[client, router], [router, client]] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.setNoDelay(true);
    }
  });
  relays.push(server);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
}

serveHelper(
  {
    start,
    /** The sentences since the last call. */
    asked: () => {
      const all = asked;
      asked = [];
      return all;
    },
    /** These routers accept whatever is sent and say nothing, or answer again. */
    hang: async ({ ports, on }: { ports: number[]; on: boolean }) => {
      for (const port of ports) await byPort.get(port)!.faults.set({ hang: on });
    },
    /** These homes hang up; their modems dial again. */
    hangUp: (names: string[]) => names.filter((name) => simulators[0]!.hangUp(name)).length,
    /** The sessions that came up since the last call. */
    ups: () => {
      const all = ups;
      ups = [];
      return all;
    },
    /** Sessions of all of them. */
    online: () => simulators.reduce((sum, simulator) => sum + simulator.sessions().length, 0),
  },
  async () => {
    for (const server of relays) server.close();
    await Promise.all(simulators.map((simulator) => simulator.stop()));
  },
);
