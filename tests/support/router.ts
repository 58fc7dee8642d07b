import { makeRouterSimulator, type RouterSimulator } from '#sandbox/routeros/simulator.ts';
import { routerSeed } from '#sandbox/fixtures/router-seed.ts';

export interface TestRouter {
  simulator: RouterSimulator;
  port: number;
  /** What `registerRouter` takes. */
  input: { name: string; host: string; port: number; username: string; password: string; site: string };
}

/** A simulated router in the test's own process, so that it outlives a product that is killed. Its subscribers dial at once. `homes`: so many more of them, `demo-home-1` and on. */
export async function startRouter(name: string, version = '7.18', homes = 0): Promise<TestRouter> {
  const { '/system/identity': _identity, ...rest } = routerSeed;
  const more = Array.from({ length: homes }, (_, n) => ({ name: `demo-home-${n + 1}`, password: 'home-demo', service: 'pppoe', profile: 'demo-20m', comment: 'demo home' }));
  const seed = { ...rest, '/ppp/secret': [...rest['/ppp/secret']!, ...more] };
  const simulator = makeRouterSimulator({ port: 0, version, identity: name, users: [{ name: 'headend', password: 'router-password', group: 'full' }], seed, dialDelayMs: [20, 60], bootMs: 50 });
  const { port } = await simulator.start();
  return { simulator, port, input: { name, host: '127.0.0.1', port, username: 'headend', password: 'router-password', site: 'Test rack' } };
}
