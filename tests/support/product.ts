import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Every process of the product when it runs apart. */
export const PARTS = ['identity', 'services', 'network', 'billing', 'events', 'gateway', 'ops', 'rest'] as const;
export type Part = (typeof PARTS)[number];

/** `one-process` is `headend start`; `apart` is one process a part, over HTTP and graphql-ws. */
export const MODES = ['one-process', 'apart'] as const;
export type Mode = (typeof MODES)[number];

export interface ProductOptions {
  mode: Mode;
  /** A database of the test's own; the product migrates it. */
  databaseUrl: string;
  env?: Record<string, string>;
}

/** The product as its users run it: child processes on free ports, a sandbox on a real database. */
export interface Product {
  readonly url: string;
  /** Where REST is served: the gateway's own address in one process. */
  readonly restUrl: string;
  /** Everything the processes have printed so far. */
  output(): string;
  /** SIGKILL to every process of the product (or to one part, apart): nothing is flushed, nothing is undone. */
  kill9(part?: Part): Promise<void>;
  /** Starts again what was killed, with the same ports and database. */
  start(): Promise<void>;
  /** SIGTERM, and the exit codes. */
  stop(): Promise<void>;
}

/** A second or two on an idle machine; eight processes that start at once on a busy one take their time. */
const START_DEADLINE_MS = 180_000;

export async function startProduct({ mode, databaseUrl, env = {} }: ProductOptions): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'headend-product-'));
  const ports = Object.fromEntries(await Promise.all(PARTS.map(async (part) => [part, await freePort()] as const))) as Record<Part, number>;
  const url = `http://127.0.0.1:${ports.gateway}`;
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

  const spawnPart = (name: string, args: string[]) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'start', ...args], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    running.set(name, child);
  };

  const start = async () => {
    if (mode === 'one-process') {
      if (!running.has('all')) spawnPart('all', []);
    } else {
      for (const part of PARTS) if (!running.has(part)) spawnPart(part, [part]);
    }
    await eventually(`the product to be ready at ${url}`, START_DEADLINE_MS, async () => {
      const dead = [...running].find(([, child]) => child.exitCode !== null || child.signalCode !== null);
      if (dead) throw new Error(`${dead[0]} ended instead of serving:\n${printed.slice(-4000)}`);
      const response = await fetch(`${url}/health/ready`).catch(() => undefined);
      return response?.status === 200 ? true : undefined;
    });
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

  await start();
  return {
    url,
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
