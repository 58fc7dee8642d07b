import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/**
 * graphql refuses schemas of another copy of itself, and has a CommonJS and an ESM build. Node takes the CommonJS one for
 * `import` and `require` alike (graphql 16 has no `exports` map); this holds it to that, for everything we load.
 */
describe('one copy of graphql', () => {
  it('is loaded by the gateway, the schema builders and the scalars together', async () => {
    const script = `
      import { registerHooks } from 'node:module';
      const roots = new Set();
      registerHooks({ load(url, context, next) {
        const copy = /^(.*\\/node_modules\\/graphql\\/)index\\.(m?js)/.exec(url);
        if (copy) roots.add(copy[1].replace(/^file:\\/\\//, '') + copy[2]);
        return next(url, context);
      } });
      await import('reflect-metadata');
      for (const name of ['#gateway/server.ts', '#gateway/compose.ts', '#kernel/subgraph/remote.ts', 'type-graphql', 'graphql-scalars', 'graphql-middleware', 'graphql-ws', '@apollo/subgraph', '@graphql-tools/utils', 'graphql']) await import(name);
      console.log(JSON.stringify([...roots]));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: fileURLToPath(new URL('..', import.meta.url)) });
    const roots = JSON.parse(stdout.trim().split('\n').at(-1)!) as string[];
    expect(roots).toHaveLength(1);
    expect(roots[0]).toMatch(/node_modules\/graphql\/js$/);
  });
});
