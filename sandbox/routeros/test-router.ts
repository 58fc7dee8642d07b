/** Simulated routers for the simulator's own tests: free port, quick subscribers, stopped at the end of each test. */

import { onTestFinished } from 'vitest';
import type { SimulatorClock } from './scheduler.ts';
import { makeRouterSimulator, type RouterSimulator, type RouterSimulatorOptions } from './simulator.ts';
import { logIn, type TestClient } from './test-client.ts';

export const SEED = {
  '/ip/pool': [{ name: 'pool-a', ranges: '10.64.0.2-10.64.0.20' }],
  '/ppp/profile': [{ name: 'plan-a', 'local-address': '10.64.0.1', 'remote-address': 'pool-a', 'rate-limit': '5M/20M' }],
} as const;

/** Starts a router and logs one client in. */
export async function startRouter(options: Partial<RouterSimulatorOptions> = {}): Promise<{ router: RouterSimulator; port: number; client: TestClient }> {
  const router = makeRouterSimulator({
    port: 0,
    version: '7.18',
    identity: 'test-router',
    users: [
      { name: 'admin', password: '' },
      { name: 'watcher', password: 'look', group: 'read' },
    ],
    seed: SEED,
    dialDelayMs: [5, 15],
    bootMs: 10,
    ...options,
  });
  const { port } = await router.start();
  const client = await logIn(port);
  onTestFinished(async () => {
    client.close();
    await router.stop();
  });
  return { router, port, client };
}

/** The secret of a subscriber on `plan-a`, as `add` words. */
export const secret = (name: string, ...more: string[]) =>
  ['/ppp/secret/add', `=name=${name}`, '=password=pw', '=service=pppoe', '=profile=plan-a', ...more] as const;

/** Time that moves when told to. */
export function makeHandClock(): SimulatorClock & { advance(ms: number): void } {
  let now = Date.UTC(2026, 0, 1);
  let waiting: { due: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const entry = { due: now + ms, run };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = waiting.toSorted((a, b) => a.due - b.due)[0];
        if (!next || next.due > end) break;
        waiting = waiting.filter((other) => other !== next);
        now = next.due;
        next.run();
      }
      now = end;
    },
  };
}
