import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { subgraphNames } from '#cli/composition/blueprints.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { argsOf } from './child-programs.ts';
import { eventually } from './eventually.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Every process of the product when it runs apart. */
export const PARTS = ['identity', 'services', 'network', 'billing', 'events', 'gateway', 'ops', 'rest'] as const;
export type Part = (typeof PARTS)[number];

/** More of some parts, behind a front door of their own (`secondUrl`), on the same database and the same rest of the graph. */
const SECONDS = ['billing', 'ops', 'gateway'] as const;
type Process = Part | `${(typeof SECONDS)[number]}-2`;

/** `one-process` is `headend start`; `apart` is one process a part, over HTTP and graphql-ws. */
export const MODES = ['one-process', 'apart'] as const;
export type Mode = (typeof MODES)[number];

export interface ProductOptions {
  mode: Mode;
  /** A database of the test's own; the product migrates it. */
  databaseUrl: string;
  /** Apart: a second billing, ops and gateway beside the first. */
  twice?: boolean;
  /** Apart: only these parts; all of them unless given. */
  parts?: readonly Part[];
  env?: Record<string, string>;
}

/** The product as its users run it: child processes on free ports, a sandbox on a real database. */
export interface Product {
  readonly url: string;
  /** Where REST is served: the gateway's own address in one process. */
  readonly restUrl: string;
  /** The door of the second processes; without them the first one's. */
  readonly secondUrl: string;
  /** Everything the processes have printed so far. */
  output(): string;
  /** SIGKILL to every process of the product (or to one part, apart): nothing is flushed, nothing is undone. */
  kill9(part?: Process): Promise<void>;
  /** Starts again what was killed, with the same ports and database. */
  start(): Promise<void>;
  /** SIGTERM, and the exit codes. */
  stop(): Promise<void>;
}

/** A second or two on an idle machine; eight processes that start at once on a busy one take their time. */
const START_DEADLINE_MS = 300_000;

export async function startProduct({ mode, databaseUrl, twice = false, parts = PARTS, env = {} }: ProductOptions): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'headend-product-'));
  const processes: Process[] = [...parts, ...(twice ? SECONDS.map((part) => `${part}-2` as const) : [])];
  const ports = Object.fromEntries(await Promise.all([...PARTS, ...processes].map(async (name) => [name, await freePort()] as const))) as Record<Process, number>;
  const url = `http://127.0.0.1:${ports.gateway}`;
  const secondUrl = twice ? `http://127.0.0.1:${ports['gateway-2']}` : url;
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    DATABASE_URL: databaseUrl,
    HEADEND_SANDBOX: '1',
    HEADEND_DATA: dataDir,
    HEADEND_ROUTEROS_PORT: '0',
    HEADEND_DATABASE_POOL: '8',
    PORT: String(ports.gateway),
    HEADEND_GATEWAY_URL: url,
    HEADEND_REST_PORT: String(ports.rest),
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
    ...Object.fromEntries(PARTS.filter((part) => part !== 'gateway' && part !== 'rest').map((part) => [`HEADEND_${part.toUpperCase()}_URL`, `http://127.0.0.1:${ports[part]}/graphql`])),
    ...env,
  };
  let printed = '';
  const running = new Map<string, ChildProcess>();

  const second = {
    ...environment,
    PORT: String(ports['gateway-2']),
    HEADEND_GATEWAY_URL: secondUrl,
    HEADEND_BILLING_URL: `http://127.0.0.1:${ports['billing-2']}/graphql`,
    HEADEND_OPS_URL: `http://127.0.0.1:${ports['ops-2']}/graphql`,
    HEADEND_EXECUTOR: 'ops-2',
  };

  const spawnPart = (name: string, args: string[]) => {
    const child = spawn(process.execPath, [...argsOf('headend'), 'start', ...args], { cwd: root, env: name.endsWith('-2') ? second : environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    running.set(name, child);
  };

  const start = async () => {
    if (mode === 'one-process') {
      if (!running.has('all')) spawnPart('all', []);
    } else {
      for (const name of processes) if (!running.has(name)) spawnPart(name, [name.replace('-2', '')]);
    }
    for (const door of new Set([url, secondUrl])) {
      await eventually(`the product to be ready at ${door}`, START_DEADLINE_MS, async () => {
        const dead = [...running].find(([, child]) => child.exitCode !== null || child.signalCode !== null);
        if (dead) {
          const [name, child] = dead;
          // Its last words may still be under way.
          if (child.stderr && !child.stderr.readableEnded) await once(child.stderr, 'end');
          throw new Error(`${name} ended (${child.signalCode ?? child.exitCode}) instead of serving:\n${printed.slice(-4000)}`);
        }
        const response = await fetch(`${door}/health/ready`).catch(() => undefined);
        return response?.status === 200 ? true : undefined;
      });
    }
  };

  const end = async (names: string[], signal: NodeJS.Signals) => {
    await Promise.all(
      names.map(async (name) => {
        const child = running.get(name);
        if (!child) return;
        running.delete(name);
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill(signal);
        await gone;
      }),
    );
  };

  try {
    await start();
  } catch (error) {
    // Nobody gets to know the product, so nobody else would stop it.
    await end([...running.keys()], 'SIGKILL');
    throw error;
  }
  return {
    url,
    secondUrl,
    restUrl: mode === 'apart' ? `http://127.0.0.1:${ports.rest}` : url,
    output: () => printed,
    kill9: (part) => end(part && mode === 'apart' ? [part] : [...running.keys()], 'SIGKILL'),
    start,
    async stop() {
      await end([...running.keys()], 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A database of one's own with every schema of the product in it: a clone, so that a start has nothing to migrate. */
export function productDatabase(): Promise<TestDatabase> {
  return testDatabase({ migrations: subgraphNames.map((subgraph) => ({ subgraph, folder: new URL(`../../subgraphs/${subgraph}/migrations/`, import.meta.url) })) });
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
