/** Many simulated routers in one process, with the homes of all their subscribers: what an operator of some size has. */

import { makeSimulatorControl } from './control.ts';
import { makeRouterSimulator, type RouterSimulator } from './simulator.ts';

export interface FleetOptions {
  count: number;
  /** PPPoE subscribers of all routers together. */
  subscribers: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** The first router's; the others follow. 0 = any free ports. */
  basePort: number;
  /** RouterOS versions, dealt out in turn. */
  releases: readonly string[];
  /** The one user of every router. */
  user: { name: string; password: string };
  /** Of each thousand modems so many hang up after two to ten minutes, and dial again. Default 0. */
  restlessPerMille?: number;
  /** Shortest and longest wait before a home dials, ms; default 2000 to 5000. */
  dialDelayMs?: readonly [number, number];
  /** Control socket for `headend sandbox router`; without one there is none. */
  socketPath?: string;
}

export interface FleetRouter {
  name: string;
  port: number;
  version: string;
  subscribers: number;
  router: RouterSimulator;
}

export interface Fleet {
  /** Listens on all ports or on none; the homes begin to dial. */
  start(): Promise<FleetRouter[]>;
  stop(): Promise<void>;
  /** Homes that are online. */
  online(): number;
}

/** What the subscribers of a fleet have bought, by turns. */
const PLANS = [
  { name: 'home-20m', 'rate-limit': '5M/20M' },
  { name: 'home-100m', 'rate-limit': '20M/100M' },
  { name: 'home-500m', 'rate-limit': '100M/500M' },
] as const;
/** A router's pool is a /16 of 10.0.0.0/8, less its first and last addresses; a fleet has no more routers than there are. */
export const MAX_ROUTERS = 250;
export const MAX_SUBSCRIBERS_EACH = 65_000;
const RESTLESS_MS = [120_000, 600_000] as const;

const numbered = (number: number, most: number) => String(number).padStart(String(most).length, '0');

export function makeFleet(options: FleetOptions): Fleet {
  const { count, subscribers, releases } = options;
  if (!Number.isInteger(count) || count < 1 || count > MAX_ROUTERS) throw new Error(`count: must be 1 to ${MAX_ROUTERS} routers`);
  if (!Number.isInteger(subscribers) || subscribers < 0 || subscribers > count * MAX_SUBSCRIBERS_EACH) throw new Error(`subscribers: must be 0 to ${MAX_SUBSCRIBERS_EACH} for each router`);
  if (options.basePort !== 0 && options.basePort + count - 1 > 65_535) throw new Error('base port: the last router’s would be above 65535');

  const routers = Array.from({ length: count }, (_, index) => {
    const name = `edge-${numbered(index + 1, Math.max(10, count))}`;
    const homes = Math.floor(subscribers / count) + (index < subscribers % count ? 1 : 0);
    const network = `10.${index + 1}`;
    const names = Array.from({ length: homes }, (_home, number) => `${name}-h${numbered(number + 1, 10_000)}`);
    const restless = names.filter((_home, number) => (number * 7919) % 1000 < (options.restlessPerMille ?? 0));
    const router = makeRouterSimulator({
      ...(options.host === undefined ? {} : { host: options.host }),
      port: options.basePort === 0 ? 0 : options.basePort + index,
      version: releases[index % releases.length]!,
      identity: name,
      users: [options.user],
      seed: {
        '/ip/pool': [{ name: 'pool-homes', ranges: `${network}.0.2-${network}.255.254` }],
        '/ip/address': [{ address: `${network}.0.1/16`, interface: 'ether2' }],
        '/ppp/profile': PLANS.map((plan) => ({ ...plan, 'local-address': `${network}.0.1`, 'remote-address': 'pool-homes' })),
        '/interface/pppoe-server/server': [{ 'service-name': 'service1', interface: 'ether2', 'default-profile': PLANS[0].name, 'one-session-per-host': 'yes' }],
        '/ppp/secret': names.map((home, number) => ({ name: home, password: `pw-${home}`, service: 'pppoe', profile: PLANS[number % PLANS.length]!.name })),
      },
      ...(options.dialDelayMs === undefined ? {} : { dialDelayMs: options.dialDelayMs }),
      hangUpAfterMs: Object.fromEntries(restless.map((home) => [home, RESTLESS_MS])),
    });
    return { name, router, version: router.version, subscribers: homes };
  });
  const control = options.socketPath === undefined ? undefined : { path: options.socketPath, server: undefined as ReturnType<typeof makeSimulatorControl> | undefined };

  return {
    async start() {
      const started: FleetRouter[] = [];
      try {
        for (const each of routers) started.push({ ...each, port: (await each.router.start()).port });
        if (control) {
          control.server = makeSimulatorControl({ socketPath: control.path, routers: Object.fromEntries(started.map(({ name, router, port }) => [name, { router, port }])) });
          await control.server.start();
        }
        return started;
      } catch (error) {
        await Promise.all(started.map(({ router }) => router.stop()));
        throw error;
      }
    },
    async stop() {
      await control?.server?.stop();
      await Promise.all(routers.map(({ router }) => router.stop()));
    },
    online: () => routers.reduce((sum, { router }) => sum + router.sessionCount(), 0),
  };
}
