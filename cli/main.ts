import './node-version.ts';
import './compile-cache.ts';
import { readFileSync } from 'node:fs';
import { defineCommand, runMain } from 'citty';
import { projectFile } from './composition/project.ts';

const { version } = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string };

const main = defineCommand({
  meta: { name: 'headend', version, description: 'Run an Internet service provider from one federated GraphQL graph.' },
  subCommands: {
    start: () => import('./commands/start.ts').then((module) => module.default),
    generate: () => import('./commands/generate.ts').then((module) => module.default),
    routes: () => import('./commands/routes.ts').then((module) => module.default),
    reset: () => import('./commands/reset.ts').then((module) => module.default),
    sandbox: () => import('./commands/sandbox.ts').then((module) => module.default),
  },
});

await runMain(main);
