import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { argsOf } from '../support/child-programs.ts';
import { makeClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/product.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const KEY = { 'x-api-key': 'test_pk_1234567890' };
const folders: string[] = [];
const children: ChildProcess[] = [];

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'headend-start-'));
  folders.push(made);
  return made;
};

const environment = (env: Record<string, string>) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(HEADEND_|DATABASE_URL|PORT$|LOG_|NODE_OPTIONS|VITEST)/.test(name))),
  PORT: '0',
  HEADEND_ROUTEROS_PORT: '0',
  ...env,
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** `headend …` (bundled) until it ends: its exit code and the lines on standard error. */
async function headend(args: string[], env: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, [...argsOf('headend'), ...args], { cwd: root, env: environment(env), stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lines: said.trim().split('\n') };
}

/** `headend start` as `npm start` runs it, on a folder of its own, until it serves. */
async function serving(dataDir: string): Promise<{ child: ChildProcess; url: string; printed: () => string }> {
  const port = String(await freePort());
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'start'], { cwd: root, env: environment({ PORT: port, HEADEND_DATA: dataDir }), stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually('the banner', 120_000, async () => {
    if (child.exitCode !== null) throw new Error(`Headend ended instead of serving:\n${said}`);
    return said.includes('Headend is up') || undefined;
  });
  return { child, url: `http://127.0.0.1:${port}`, printed: () => said };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const gone = once(child, 'exit');
  child.kill(signal);
  return ((await gone) as [number | null])[0];
}

describe('what an operator may get wrong', () => {
  const cases: Array<[name: string, prepare: (dataDir: string) => Record<string, string> | Promise<Record<string, string>>, expected: RegExp, args?: string[]]> = [
    ['a setting that is none', () => ({ PORT: 'eighty', LOG_LEVEL: 'loud' }), /^headend: The configuration is not valid: PORT .*; LOG_LEVEL .*$/],
    ['a part that there is not', () => ({}), /^headend: There is no part "frontend"; there are: gateway, /, ['start', 'frontend']],
    ['a part apart without a database', () => ({ HEADEND_SECRET: 'x'.repeat(40) }), /^headend: headend start identity needs DATABASE_URL/, ['start', 'identity']],
    ['a database without a secret', () => ({ DATABASE_URL: 'postgres://a@127.0.0.1:1/b' }), /^headend: HEADEND_SECRET is required with DATABASE_URL/],
    ['a database that is not there', () => ({ DATABASE_URL: 'postgres://a@127.0.0.1:1/b', HEADEND_SECRET: 'x'.repeat(40) }), /^headend: The database of DATABASE_URL cannot be used: connect ECONNREFUSED/],
    ['a database address without a user', () => ({ DATABASE_URL: 'postgres://', HEADEND_SECRET: 'x'.repeat(40) }), /^headend: DATABASE_URL: the user is missing$/],
    ['reset of a database that is not ours', () => ({ DATABASE_URL: 'postgres://a@127.0.0.1:1/b', HEADEND_SANDBOX: '1' }), /^headend: DATABASE_URL is set; reset empties only the embedded sandbox\.$/, ['reset']],
    ['a data folder that is a file', (dataDir) => { const file = join(dataDir, 'file'); writeFileSync(file, ''); return { HEADEND_DATA: file }; }, /^headend: The data folder .*file cannot be used: /],
    ['a secret that cannot be read', (dataDir) => { mkdirSync(join(dataDir, 'secret')); return {}; }, /^headend: .*secret cannot be read: EISDIR/],
    ['a database without its secret', (dataDir) => { mkdirSync(join(dataDir, 'postgres')); writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '18\n'); return {}; }, /^headend: .*secret is missing, but there is a database beside it/],
    ['a database folder whose version is gone', (dataDir) => { mkdirSync(join(dataDir, 'postgres')); writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), ''); writeFileSync(join(dataDir, 'secret'), 'x'.repeat(40)); return {}; }, /^headend: The data folder .*postgres is broken: its PG_VERSION holds no version/],
  ];

  it('is answered by one clear line each, and nothing is destroyed', async () => {
    const answers = await inTurns(2, cases, async ([name, prepare, expected, args = ['start']]) => {
      const dataDir = folder();
      const env = await prepare(dataDir);
      const { code, lines } = await headend(args, { HEADEND_DATA: dataDir, ...env });
      return { name, expected, code, lines };
    });
    for (const { name, expected, code, lines } of answers) {
      expect(lines.join('\n'), name).toMatch(expected);
      expect(lines, name).toHaveLength(1);
      expect(code, name).toBe(1);
    }
  }, 120_000);

  it('includes ports that others have: of Headend and of its simulated router', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const dataDir = folder();
    const answers = await Promise.all([headend(['start'], { HEADEND_DATA: dataDir, PORT: String(port) }), headend(['start'], { HEADEND_DATA: dataDir, HEADEND_ROUTEROS_PORT: String(port) })]);
    other.close();
    expect(answers[0].lines).toEqual([`headend: The port ${port} is taken by another program (or another Headend). Stop it, or choose another: PORT=${port + 1} npm start`]);
    expect(answers[1].lines).toEqual([`headend: The port ${port} of the simulated router is taken. Stop what uses it, or choose another: HEADEND_ROUTEROS_PORT=${port + 10} npm start`]);
    expect(existsSync(join(dataDir, 'postgres')), 'nothing was started').toBe(false);
  }, 60_000);

  const older = spawnSync('sh', ['-c', 'for n in /usr/bin/node /usr/local/bin/node; do v=$($n --version 2>/dev/null) && case $v in v2[0-3].*) echo $n; exit;; esac; done'], { encoding: 'utf8' }).stdout.trim();
  it.runIf(older !== '')('includes an older Node: one line, and `headend` hands over to its own', () => {
    const directly = spawnSync(older, ['--import', 'tsx', 'cli/main.ts', 'start'], { cwd: root, encoding: 'utf8', env: environment({ HEADEND_DATA: folder() }) });
    expect(directly.stderr.trim()).toMatch(/^headend: Node 24 is needed, this is v2\d\.\S+\. Use "npm start" or "npx headend …": they take the one in node_modules\.$/);
    expect(directly.status).toBe(1);
    const handedOver = spawnSync(older, ['cli/headend.mjs', '--version'], { cwd: root, encoding: 'utf8', env: environment({}) });
    expect(handedOver).toMatchObject({ status: 0, stdout: `${(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version}\n` });
  });
});

describe('an installation', () => {
  it('is one process a folder, survives kill -9, drains on SIGTERM and can be emptied', async () => {
    const dataDir = folder();
    const first = await serving(dataDir);
    const { made } = await makeClient(first.url, KEY).ask<{ made: { customer: { id: string } } }>('mutation { made: createCustomer(input: { name: "Ada" }) { customer { id } } }');

    const [second, reset] = await Promise.all([headend(['start'], { HEADEND_DATA: dataDir }), headend(['reset'], { HEADEND_DATA: dataDir })]);
    for (const { code, lines } of [second, reset]) expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(/^headend: Another Headend \(process \d+\) is using the data folder .*: stop it first/)] });

    await ended(first.child, 'SIGKILL');
    const again = await serving(dataDir);
    const client = makeClient(again.url, KEY);
    expect(await client.ask('query ($id: ID!) { customer(id: $id) { name } }', { id: made.customer.id })).toEqual({ customer: { name: 'Ada' } });

    const closed = new Promise<number>((resolve) => {
      const socket = createClient({ url: `${again.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: KEY, lazy: false, retryAttempts: 0, onNonLazyError: () => undefined, on: { closed: (event) => resolve((event as { code: number }).code), connected: () => void ended(again.child, 'SIGTERM').then((code) => expect(code).toBe(0)) } });
      void socket;
    });
    expect(await closed).toBe(1001);
    if (again.child.exitCode === null) await once(again.child, 'exit');
    expect(again.child.exitCode).toBe(0);

    expect((await headend(['reset'], { HEADEND_DATA: dataDir })).code).toBe(0);
    expect(['postgres', 'sandbox', 'secret'].filter((name) => existsSync(join(dataDir, name)))).toEqual([]);
  }, 240_000);
});

/** A few at a time: the machine has few cores. */
async function inTurns<T, R>(width: number, items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.map((item, index) => ({ item, index }));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next.index] = await run(next.item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
