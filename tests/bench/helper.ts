import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const canPin = cpus().length > 1 && spawnSync('taskset', ['-p', String(process.pid)]).status === 0;

/** A process that works for a benchmark and must not share its CPU. */
export interface Helper {
  /** Asks it for one of the things it can do. Rejects with its error. */
  ask<Answer = void>(what: string, input?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** What a helper can do, by name. */
export type Abilities = Record<string, (input: never) => unknown>;

interface Question {
  id: number;
  what: string;
  input: unknown;
}

type Reply = { id: number; answer?: unknown; error?: string };

/** Pins a process to a core where that is possible. */
export function pin(pid: number, core: number): void {
  if (canPin) spawnSync('taskset', ['-a', '-cp', String(core % cpus().length), String(pid)]);
}

/** Starts `processes/<name>.ts`, pinned to a core where one is given. */
export async function startHelper(name: string, { core }: { core?: number } = {}): Promise<Helper> {
  const profiling = process.env.HEADEND_BENCH_PROF ? ['--cpu-prof', `--cpu-prof-name=${name}.${process.pid}.cpuprofile`, `--cpu-prof-dir=${join(root, 'data', 'bench-profiles')}`] : [];
  const child = fork(fileURLToPath(new URL(`./processes/${name}.ts`, import.meta.url)), [], {
    cwd: root,
    execArgv: ['--import', 'tsx', '--expose-gc', ...profiling],
    env: { ...process.env, NODE_OPTIONS: '' },
    serialization: 'advanced',
  });
  if (core !== undefined) pin(child.pid!, core);
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let asked = 0;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (message) => {
    const { id, answer, error } = message as Reply;
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(answer as never);
    else asker?.reject(new Error(`${name}: ${error}`));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The helper ${name} ended (${code})`));
    waiting.clear();
  });
  const ask = <Answer>(what: string, input?: unknown) =>
    new Promise<Answer>((resolve, reject) => {
      const id = (asked += 1);
      waiting.set(id, { resolve, reject });
      child.send({ id, what, input } satisfies Question);
    });
  await ask('ready');
  return {
    ask,
    async stop() {
      if (!child.connected) return void (await ended);
      await ask('stop').catch(() => undefined);
      await endsWithinSeconds(child, ended, 10);
    },
  };
}

async function endsWithinSeconds(child: ChildProcess, ended: Promise<void>, seconds: number): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  await ended;
  clearTimeout(timer);
}

/** The helper's side: answers until it is stopped. */
export function serveHelper(abilities: Abilities, stop: () => Promise<void> | void): void {
  const all: Abilities = { ready: () => undefined, stop, ...abilities };
  process.on('message', (message) => {
    const { id, what, input } = message as Question;
    void (async () => {
      const reply: Reply = await Promise.resolve(all[what]!(input as never)).then(
        (answer) => ({ id, answer }),
        (error: unknown) => ({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
      process.send!(reply, () => {
        if (what === 'stop') process.exit(0);
      });
    })();
  });
  // The benchmark died: nobody is left to serve.
  process.once('disconnect', () => process.exit(0));
}

/** Nanoseconds of the machine's monotonic clock as milliseconds: the same in every process. */
export function machineTime(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
