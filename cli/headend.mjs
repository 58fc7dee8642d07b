#!/usr/bin/env node
// `npx headend …`: the same as `node --import tsx cli/main.ts …`, from any folder, whatever Node the shell finds first.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const own = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (!existsSync(own('node_modules/.headend-install')) && !existsSync(own('node_modules/tsx'))) {
  console.error('headend: the dependencies are not installed. Run "npm start" (or "npm ci") in the project first.');
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) >= 24) {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./main.ts');
} else {
  // An older Node only hands over to the one that came as a dependency.
  const binary = own('node_modules/.bin/node');
  if (!existsSync(binary)) {
    console.error(`headend: Node 24 is needed, this is ${process.version}. "npm ci" in the project installs one beside it.`);
    process.exit(1);
  }
  const child = spawn(binary, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
