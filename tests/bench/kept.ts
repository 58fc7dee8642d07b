import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Measurement } from './benchmark.ts';
import { markdownTable } from './report.ts';

/** The last run of one benchmark that was written down. */
export interface KeptRun {
  /** Civil date, UTC. */
  measuredOn: string;
  /** With smaller crowds and fewer repetitions: its ratios are rough. */
  quick: boolean;
  /** Load average of a minute before and after. */
  load: readonly [number, number];
  machine: string;
  versions: string;
  measurements: readonly Measurement[];
}

/**
 * Keeps each benchmark's last run in docs/benchmarks.json and writes docs/benchmarks.md from all of them: one can be measured
 * anew without the others, and one that failed leaves theirs as they were.
 */
export function keep(root: string, runs: Readonly<Record<string, KeptRun>>, benchmarks: readonly Benchmark[], cores: number): void {
  const file = join(root, 'docs', 'benchmarks.json');
  const former = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, KeptRun>) : {};
  const kept = Object.fromEntries(benchmarks.map(({ name }) => [name, runs[name] ?? former[name]]).filter(([, run]) => run !== undefined)) as Record<string, KeptRun>;
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  writeFileSync(join(root, 'docs', 'benchmarks.md'), pageOf(kept, benchmarks, cores));
}

function pageOf(kept: Readonly<Record<string, KeptRun>>, benchmarks: readonly Benchmark[], cores: number): string {
  const missing = benchmarks.filter(({ name }) => !kept[name]).map(({ name }) => name);
  return `# Benchmarks

Written by \`npm run bench -- --write\` (all of them, half an hour) or \`npm run bench -- NAME --write\` (that one; the others stay as
they were). The words stand in the benchmarks' own files, \`tests/bench/*.ts\`, the figures in \`docs/benchmarks.json\`.

**How to read it.** A ratio is the speed of Headend divided by the speed of its peer, both measured in turns (A B, B A, …) in one run:
1 is as fast, 0.5 needs twice the time, 10 is ten times as fast. The column shows the median of n repetitions, then the smallest and the
largest. A wide span means that the machine was busy with something else. Absolute figures hold for this run on this machine and compare
with nothing else. PostgreSQL is embedded, without fsync (both sides of a ratio alike). Nothing in \`npm test\` asserts any of this.
${missing.length > 0 ? `\nNot measured yet: ${missing.join(', ')}.\n` : ''}
${benchmarks
  .filter(({ name }) => kept[name])
  .map(({ name, limit, notes }) => sectionOf(name, limit, notes, kept[name]!, cores))
  .join('\n\n')}
`;
}

function sectionOf(name: string, limit: string, notes: string, { measuredOn, quick, load, machine, versions, measurements }: KeptRun, cores: number): string {
  // A benchmark keeps three or four processes busy by itself.
  const noisy = Math.max(...load) > cores * 3 ? '; NOISY: other work shared the machine' : '';
  return `## ${name}

Ratios to ${limit}. Measured ${measuredOn}${quick ? ' (quick: rough)' : ''} on ${machine}, load average ${load.map((value) => value.toFixed(1)).join(' before, ')} after${noisy}; ${versions}.

${markdownTable(measurements)}

${notes}`;
}
