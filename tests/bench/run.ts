// npm run bench [-- name …] [-- --quick] [-- --write] [-- --prof]
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '#kernel/db/embedded-postgres.ts';
import { silentLogger } from '#kernel/logs.ts';
import type { Benchmark, Measurement } from './benchmark.ts';
import { benchmarks } from './list.ts';
import { keep, type KeptRun } from './kept.ts';
import { plainTable, type Section } from './report.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** A benchmark that hangs must not hold the others. */
const DEADLINE_MS = 360_000;
const FLAGS = ['--quick', '--write', '--prof'];
const args = process.argv.slice(2);
const flags = new Set(args.filter((arg) => arg.startsWith('--')));
const wanted = args.filter((arg) => !arg.startsWith('--'));
const unknown = [...flags].filter((flag) => !FLAGS.includes(flag)).concat(wanted.filter((name) => !benchmarks.some((bench) => bench.name === name)));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. Benchmarks: ${benchmarks.map(({ name }) => name).join(', ')}. Flags: ${FLAGS.join(', ')}.`);
  process.exit(2);
}
const quick = flags.has('--quick');
const chosen = benchmarks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

const folder = mkdtempSync(join(tmpdir(), 'headend-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'pg'), log: silentLogger, durable: false, maxConnections: 300 });

/** One benchmark in a process of its own: the heap and the timers of one never meet another. */
function inOwnProcess({ name, deadlineMs = DEADLINE_MS }: Benchmark): Promise<Measurement[]> {
  return new Promise((resolve, reject) => {
    const profiling = flags.has('--prof') ? ['--cpu-prof', `--cpu-prof-dir=${join(root, 'data', 'bench-profiles')}`] : [];
    const child = fork(fileURLToPath(new URL('./processes/one.ts', import.meta.url)), [name], {
      cwd: root,
      execArgv: ['--import', 'tsx', '--expose-gc', '--max-semi-space-size=32', ...profiling],
      env: { ...process.env, NODE_OPTIONS: '', HEADEND_BENCH_POSTGRES: postgres.adminUrl, HEADEND_BENCH_QUICK: quick ? '1' : '', HEADEND_BENCH_PROF: flags.has('--prof') ? '1' : '' },
      serialization: 'advanced',
    });
    let measurements: Measurement[] | undefined;
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    child.on('message', (message) => {
      measurements = message as Measurement[];
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (measurements && code === 0) resolve(measurements);
      else reject(new Error(`ended with ${signal ?? code}`));
    });
  });
}

const versionOf = (name: string) => (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB`;
const versions = [`node ${process.versions.node}`, ...['graphql', '@apollo/gateway', 'graphql-ws', 'ws', 'fastify', 'postgres', 'node-routeros'].map((name) => `${name} ${versionOf(name)}`)].join(', ');
const sections: Section[] = [];
const runs: Record<string, KeptRun> = {};
const failed: string[] = [];
const began = performance.now();
try {
  for (const benchmark of chosen) {
    const { name, limit } = benchmark;
    const started = performance.now();
    const before = loadavg()[0]!;
    process.stderr.write(`── ${name} (ratios to: ${limit})\n`);
    try {
      const measurements = await inOwnProcess(benchmark);
      sections.push({ name, measurements });
      runs[name] = { measuredOn: new Date().toISOString().slice(0, 10), quick, load: [before, loadavg()[0]!], machine, versions, measurements };
      // At once: a later one that fails, or somebody who has waited long enough, loses nothing.
      if (flags.has('--write')) keep(root, runs, benchmarks, cpus().length);
    } catch (error) {
      failed.push(`${name}: ${(error as Error).message}`);
    }
    process.stderr.write(`── ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

console.log(`\n${plainTable(sections)}\n`);
console.log(`Machine: ${machine}; load average now ${loadavg()[0]!.toFixed(1)}.\nVersions: ${versions}.\n${quick ? 'QUICK run: shows that it works, its ratios are rough. ' : ''}${((performance.now() - began) / 1000).toFixed(0)} s.`);
if (failed.length > 0) console.error(`Failed: ${failed.join('; ')}`);

if (flags.has('--write') && sections.length > 0) console.log('Written to docs/benchmarks.md.');
process.exit(failed.length > 0 ? 1 : 0);
