/* One benchmark as a process of its own; started by run.ts. */
import { benchmarks } from '../list.ts';

const benchmark = benchmarks.find(({ name }) => name === process.argv[2])!;
const measurements = await benchmark.run({
  adminUrl: process.env.HEADEND_BENCH_POSTGRES!,
  quick: process.env.HEADEND_BENCH_QUICK === '1',
  progress: (line) => process.stderr.write(`   ${line}\n`),
});
process.send!(measurements, () => process.exit(0));
