// Runs before every npm script that needs the dependencies, on whatever Node npm itself runs on (20.19 or newer), so it
// uses nothing but Node. Installs when package-lock.json has changed since the last install, and makes sure that the
// scripts then run on the Node 24 of node_modules: an older one would be used silently otherwise.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.headend-install');
/** Holds the process id of the install that runs. Beside node_modules, which `npm ci` removes. */
const lockFile = join(root, '.installing');
const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

const fail = (line) => {
  console.error(`headend: ${line}`);
  process.exit(1);
};

const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

function checkNode() {
  const binary = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(binary) && process.versions.node.startsWith('24.')) return; // an image that has Node 24 itself and omits ours
  const version = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? 'none';
  if (!version.startsWith('v24.')) {
    fail(`the scripts need the Node 24 that comes as a dependency, but ${binary} is ${version}. Install with scripts enabled: npm ci --no-ignore-scripts`);
  }
}

/** Is the install that made the lock still running? One that was killed leaves its lock behind. */
function holderLives() {
  let pid;
  try {
    pid = Number(readFileSync(lockFile, 'utf8'));
    // Made a moment ago and not yet written, or old enough that the process of that id is another one.
    if (!pid) return Date.now() - statSync(lockFile).mtimeMs < 5_000;
    if (Date.now() - statSync(lockFile).mtimeMs > 30 * 60_000) return false;
  } catch {
    return false; // released meanwhile
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two installs in one folder at once break each other (a `npm start` beside a `npm test` on a fresh clone): one waits. */
async function lock() {
  for (let waited = 0; ; waited += 1) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot write to ${root}: ${error.message}`);
      if (!holderLives()) {
        rmSync(lockFile, { force: true });
        continue;
      }
      if (waited === 0) console.log('headend: another install is running in this folder; waiting for it …');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

let npmProcess;
function install() {
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  const began = Date.now();
  return new Promise((resolve) => {
    npmProcess = spawn(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    const progress = setInterval(() => console.log(`headend: still installing … ${Math.round((Date.now() - began) / 1000)} s`), 10_000);
    npmProcess.on('error', (error) => fail(`npm could not be started: ${error.message}`));
    npmProcess.on('exit', (code, signal) => {
      clearInterval(progress);
      resolve(code ?? signal);
    });
  });
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);
if (!installed()) {
  await lock();
  process.on('exit', () => rmSync(lockFile, { force: true }));
  // At a terminal npm gets the Ctrl-C as well; from a supervisor it does not, and would go on alone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      npmProcess?.kill('SIGTERM');
      process.exit(130);
    });
  }
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
