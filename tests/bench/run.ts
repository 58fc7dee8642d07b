// npm run bench [-- name …] [-- --quick] [-- --write] [-- --prof]
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '#kernel/db/embedded-postgres.ts';
import { silentLogger } from '#kernel/logs.ts';
import type { Measurement } from './benchmark.ts';
import { benchmarks } from './list.ts';
import { markdownNotes, markdownTable, plainTable, type Section } from './report.ts';

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
function inOwnProcess(name: string): Promise<Measurement[]> {
  return new Promise((resolve, reject) => {
    const profiling = flags.has('--prof') ? ['--cpu-prof', `--cpu-prof-dir=${join(root, 'data', 'bench-profiles')}`] : [];
    const child = fork(fileURLToPath(new URL('./processes/one.ts', import.meta.url)), [name], {
      cwd: root,
      execArgv: ['--import', 'tsx', '--expose-gc', '--max-semi-space-size=32', ...profiling],
      env: { ...process.env, NODE_OPTIONS: '', HEADEND_BENCH_POSTGRES: postgres.adminUrl, HEADEND_BENCH_QUICK: quick ? '1' : '', HEADEND_BENCH_PROF: flags.has('--prof') ? '1' : '' },
      serialization: 'advanced',
    });
    let measurements: Measurement[] | undefined;
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
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

const sections: Section[] = [];
const failed: string[] = [];
const loads = [loadavg()[0]!];
const began = performance.now();
try {
  for (const { name, limit, notes } of chosen) {
    const started = performance.now();
    process.stderr.write(`── ${name} (ratios to: ${limit})\n`);
    try {
      sections.push({ name, limit, notes, measurements: await inOwnProcess(name) });
    } catch (error) {
      failed.push(`${name}: ${(error as Error).message}`);
    }
    loads.push(loadavg()[0]!);
    process.stderr.write(`── ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

const versionOf = (name: string) => (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB; load average while it ran ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}${Math.max(...loads) > cpus().length * 1.5 ? ' (NOISY: other work shared the machine)' : ''}`;
const versions = [`node ${process.versions.node}`, ...['graphql', '@apollo/gateway', 'graphql-ws', 'ws', 'fastify', 'postgres', 'node-routeros'].map((name) => `${name} ${versionOf(name)}`)].join(', ');

console.log(`\n${plainTable(sections)}\n`);
console.log(`Machine: ${machine}.\nVersions: ${versions}.\n${quick ? 'QUICK run: shows that it works, its ratios are rough. ' : ''}${((performance.now() - began) / 1000).toFixed(0)} s.`);
if (failed.length > 0) console.error(`Failed: ${failed.join('; ')}`);

if (flags.has('--write') && failed.length === 0) {
  const file = join(root, 'docs', 'benchmarks.md');
  writeFileSync(
    file,
    `# Benchmarks

Written by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}${quick ? ' (quick run: rough)' : ''}. The notes below
the table stand in the benchmarks' own files, \`tests/bench/*.ts\`.

- Machine: ${machine}.
- Versions: ${versions}; PostgreSQL embedded, without fsync (both sides of a ratio alike).

**How to read it.** A ratio is the speed of Headend divided by the speed of its peer, both measured in turns (A B, B A, …) in one run:
1 is as fast, 0.5 needs twice the time, 10 is ten times as fast. The column shows the median of n repetitions, then the smallest and the
largest. A wide span means that the machine was busy with something else. Absolute figures hold for this run on this machine and compare
with nothing else. Nothing in \`npm test\` asserts any of this.

${markdownTable(sections)}

## What is slow, and why

${markdownNotes(sections)}
`,
  );
  console.log(`Written to docs/benchmarks.md.`);
}
process.exit(failed.length > 0 ? 1 : 0);
