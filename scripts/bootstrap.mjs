// Runs before every npm script that needs the dependencies, on whatever Node npm itself runs on (20.19 or newer), so it
// uses nothing but Node. Installs when package-lock.json has changed since the last install, and makes sure that the
// scripts then run on the Node 24 of node_modules: an older one would be used silently otherwise.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.headend-install');
const lockDir = join(root, 'node_modules.installing');
const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

const fail = (line) => {
  console.error(`headend: ${line}`);
  process.exit(1);
};

const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

function checkNode() {
  const binary = join(root, 'node_modules', '.bin', 'node');
  const version = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? 'none';
  if (!version.startsWith('v24.')) {
    fail(`the scripts need the Node 24 that comes as a dependency, but ${binary} is ${version}. Install with scripts enabled: npm ci --no-ignore-scripts`);
  }
}

/** Two installs in one folder at once break each other (a `npm start` beside a `npm test` on a fresh clone): one waits. */
async function lock() {
  for (let waited = 0; ; waited += 1) {
    try {
      mkdirSync(lockDir);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot write to ${root}: ${error.message}`);
      // An install takes a minute or two; a lock of half an hour was left by one that was killed.
      if (Date.now() - statSync(lockDir).mtimeMs > 30 * 60_000) rmSync(lockDir, { recursive: true, force: true });
      else if (waited === 0) console.log('headend: another install is running in this folder; waiting for it …');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

function install() {
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  const began = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    const progress = setInterval(() => console.log(`headend: still installing … ${Math.round((Date.now() - began) / 1000)} s`), 10_000);
    child.on('error', (error) => fail(`npm could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      clearInterval(progress);
      resolve(code ?? signal);
    });
  });
}

if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);
if (!installed()) {
  await lock();
  const cleanUp = () => rmSync(lockDir, { recursive: true, force: true });
  process.on('exit', cleanUp);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
  if (!installed()) {
    console.log('headend: installing the dependencies from package-lock.json (once; a minute or two) …');
    const outcome = await install();
    if (outcome !== 0) fail(`npm ci failed (${outcome}). Check the network and the free disk space, then run the same command again.`);
    checkNode();
    writeFileSync(stamp, wanted);
    console.log('headend: dependencies installed.');
  }
}
checkNode();
