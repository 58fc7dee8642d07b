import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generate as runCodegen } from '@graphql-codegen/cli';
import { defineCommand } from 'citty';
import { composeSupergraph } from '#gateway/compose.ts';
import { readSupergraphConfig } from '#gateway/supergraph-config.ts';
import { envExample } from '#kernel/config.ts';
import { COMMON_ERRORS } from '#kernel/errors.ts';
import type { SubgraphBlueprint } from '#kernel/subgraph/define-subgraph.ts';
import codegenConfig from '../../codegen.ts';
import { loadBlueprints } from '../composition/blueprints.ts';
import { projectFile, projectRoot } from '../composition/project.ts';
import { UserError } from '../composition/user-error.ts';
import { guarded } from './guard.ts';

export default defineCommand({
  meta: { name: 'generate', description: 'Write schema/, the typed operations and .env.example from the code.' },
  args: { check: { type: 'boolean', description: 'Write nothing; fail when a committed file differs from what the code says.' } },
  run: ({ args }) => guarded(() => generate(args.check ?? false)),
});

async function generate(check: boolean): Promise<void> {
  const drifted: string[] = [];
  const put = (path: string, content: string) => {
    const file = projectFile(path);
    if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
    drifted.push(path);
    if (check) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };

  const blueprints = await loadBlueprints();
  const { subgraphs } = await readSupergraphConfig(projectFile('supergraph.yaml'), {});
  const sdls = subgraphs.map(({ name, url, sdlFile }) => {
    const blueprint = blueprints.find((candidate) => candidate.name === name);
    if (!blueprint) throw new UserError(`supergraph.yaml names the subgraph ${name}, which cli/composition/blueprints.ts does not have.`);
    const sdl = blueprint.sdl();
    put(sdlFile, sdl);
    return { name, url, sdl };
  });
  const { supergraphSdl, apiSdl, hints } = composeSupergraph({ subgraphs: sdls });
  put('schema/supergraph.graphql', supergraphSdl);
  put('schema/api.graphql', apiSdl);
  put('schema/errors.md', errorCatalogue(blueprints));
  put('.env.example', envExample());
  for (const hint of hints) console.log(`hint: ${hint}`);

  process.chdir(projectRoot); // codegen takes its paths from the working folder
  const files = (await runCodegen({ ...codegenConfig, schema: apiSdl, silent: true, errorsOnly: true }, false)) as Array<{ filename: string; content: string }>;
  for (const { filename, content } of files) put(filename.replace(`${projectRoot}`, ''), content);

  if (check && drifted.length > 0) throw new UserError(`These generated files do not match the code; run "npm run generate" and commit: ${drifted.join(', ')}`);
  console.log(drifted.length === 0 ? 'headend: everything generated is up to date.' : `headend: wrote ${drifted.join(', ')}`);
}

/** Every error code a client may meet, by who speaks it. */
function errorCatalogue(blueprints: readonly SubgraphBlueprint[]): string {
  const table = (title: string, errors: Readonly<Record<string, string>>) => [`## ${title}`, '', '| code | meaning |', '|---|---|', ...Object.entries(errors).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`), ''];
  const own = blueprints.filter(({ errors }) => Object.keys(errors).length > 0);
  return [
    '# Error codes',
    '',
    'Generated from the code: run `npm run generate`. An error carries `extensions { code, details: [{ field, code, message }], requestId }`.',
    '',
    ...table('Everywhere', COMMON_ERRORS),
    ...own.flatMap(({ name, errors }) => table(name, errors)),
  ].join('\n');
}
