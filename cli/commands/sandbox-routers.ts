import { defineCommand } from 'citty';
import { loadConfig } from '#kernel/config.ts';
import { makeFleet, type Fleet, type FleetRouter } from '#sandbox/routeros/fleet.ts';
import { KNOWN_VERSIONS } from '#sandbox/routeros/release.ts';
import { installationPaths } from '../composition/installation.ts';
import { SANDBOX_ROUTER_HOST } from '../composition/sandbox.ts';
import { UserError } from '../composition/user-error.ts';
import { guarded } from './guard.ts';

/** Well above the sandbox's own router, so that both run side by side. */
const BASE_PORT = 18_728;
/** How often the way up is told, ms. */
const PROGRESS_MS = 1000;

function whole(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number < least) throw new UserError(`--${name} must be a whole number of at least ${least}, not ${JSON.stringify(text)}.`);
  return number;
}

const megabytes = () => `${Math.round(process.memoryUsage().rss / 1e6)} MB`;
const seconds = () => `${(performance.now() / 1000).toFixed(1)} s`;

/** Tells once a second how many homes are online, until all are. */
async function tellProgress(fleet: Fleet, subscribers: number, stopping: AbortSignal): Promise<void> {
  for (let told = -1; told < subscribers && !stopping.aborted; ) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PROGRESS_MS);
      stopping.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    });
    const online = fleet.online();
    if (online === told || stopping.aborted) continue;
    told = online;
    console.log(`${online} of ${subscribers} homes online after ${seconds()}, ${megabytes()}`);
  }
}

/** One line a router, for people and for scripts that cut at tabs. */
const table = (routers: readonly FleetRouter[], host: string) =>
  ['name\taddress\trelease\tsubscribers', ...routers.map(({ name, port, version, subscribers }) => `${name}\t${host}:${port}\t${version}\t${subscribers}`)].join('\n');

export const routers = defineCommand({
  meta: { name: 'routers', description: 'A fleet of simulated routers with subscribers that dial in, in one process, until Ctrl-C. Nothing of it is kept.' },
  args: {
    count: { type: 'string', default: '10', description: 'how many routers' },
    subscribers: { type: 'string', default: '1000', description: 'PPPoE subscribers of all routers together' },
    'base-port': { type: 'string', default: String(BASE_PORT), description: 'the first router’s port; the others follow' },
    host: { type: 'string', default: SANDBOX_ROUTER_HOST, description: 'address to listen on' },
    release: { type: 'string', default: KNOWN_VERSIONS.join(','), description: 'RouterOS versions, dealt out in turn' },
    user: { type: 'string', default: 'admin', description: 'the API user of every router' },
    password: { type: 'string', default: '', description: 'its password' },
    restless: { type: 'string', default: '0', description: 'of a thousand modems so many hang up after two to ten minutes and dial again' },
  },
  run: ({ args }) =>
    guarded(async () => {
      const subscribers = whole('subscribers', args.subscribers, 0);
      const { fleetControlSocket } = installationPaths(loadConfig().dataDir);
      const fleet = makeFleet({
        count: whole('count', args.count, 1),
        subscribers,
        basePort: whole('base-port', args['base-port'], 0),
        host: args.host,
        releases: args.release.split(',').map((version) => version.trim()),
        user: { name: args.user, password: args.password },
        restlessPerMille: whole('restless', args.restless, 0),
        socketPath: fleetControlSocket,
      });
      let started: FleetRouter[];
      try {
        started = await fleet.start();
      } catch (error) {
        const { code, port } = error as NodeJS.ErrnoException & { port?: number };
        if (code === 'EADDRINUSE') throw new UserError(`The port ${port ?? ''} is taken. Choose others: --base-port ${whole('base-port', args['base-port'], 0) + 1000}`);
        throw error;
      }
      console.log(table(started, args.host));
      console.log(`${started.length} routers listen after ${seconds()}, ${megabytes()}. User ${args.user}, ${args.password === '' ? 'empty password' : 'the password you gave'}. Switches: headend sandbox router off --name ${started[0]!.name}. Ctrl-C stops.`);
      const stopping = new AbortController();
      const stopped = new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      });
      void stopped.then(() => stopping.abort());
      await tellProgress(fleet, subscribers, stopping.signal);
      await stopped;
      await fleet.stop();
      console.log('The routers are off.');
    }),
});
