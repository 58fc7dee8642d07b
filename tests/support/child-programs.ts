import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Programs that tests start as processes of their own, by their paths in the project. */
const PROGRAMS = {
  headend: 'cli/main.ts',
  network: 'tests/network/network-process.ts',
  ops: 'subgraphs/ops/testing/ops-child.ts',
  billing: 'subgraphs/billing/testing/billing-child.ts',
  busConsumer: 'tests/support/bus-consumer.ts',
  embeddedPostgres: 'tests/support/embedded-starter.ts',
} as const;

/** Where the run's global set-up has bundled them; without it they run as they are. */
const FOLDER = 'TEST_CHILD_PROGRAMS';

/** What Node is given to run one of them. */
export function argsOf(program: keyof typeof PROGRAMS): string[] {
  const source = PROGRAMS[program];
  const folder = process.env[FOLDER];
  return folder ? [join(folder, source.replace(/\.ts$/, '.js'))] : ['--import', 'tsx', join(root, source)];
}

/**
 * Bundles our own modules of these programs, by the compiler that tsx uses with the same settings; the dependencies stay where they are. A test run starts
 * hundreds of processes, each of which would find, compile and link some five hundred files: two thirds of the CPU of a start. `tests/house/start.test.ts` starts the product as `npm start` does.
 */
export async function buildChildPrograms(folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    tsconfig: join(root, 'tsconfig.json'),
    entryPoints: Object.values(PROGRAMS),
    outdir: folder,
    outbase: root,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: `node${process.versions.node}`,
    packages: 'external',
    keepNames: true,
    logLevel: 'warning',
    plugins: [asInItsPlace],
  });
  process.env[FOLDER] = folder;
}

/** Subpath imports are ours, and a module that asks where it is gets the answer of its source. */
const asInItsPlace: Plugin = {
  name: 'as-in-its-place',
  setup(bundling) {
    const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> };
    bundling.onResolve({ filter: /^#/ }, ({ path }) => {
      const [room, ...rest] = path.split('/');
      return { path: join(root, imports[`${room}/*`]!.replace('*', rest.join('/'))) };
    });
    bundling.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)).replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
      loader: 'ts',
    }));
  },
};
