// Starts what docker-compose.yml describes, without an engine: the same processes with the same environment, in the same
// order (depends_on, health checks). Only what a container has of its own is replaced: host names become 127.0.0.1, ports
// move with --ports, the database is the given DATABASE_URL or the embedded one, HEADEND_DATA is a folder here.
//
//   npm run start:apart -- [--ports 8100] [--sandbox]
//
// --ports N   gateway on N, REST on N+1, subgraphs from N+2 on; default: the ports of the file
// --sandbox   HEADEND_SANDBOX=1 and the profile `sandbox`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({ options: { ports: { type: 'string' }, sandbox: { type: 'boolean', default: false }, 'database-only': { type: 'string' } } });

if (options['database-only']) await serveDatabase(resolve(options['database-only']));
else await startAll();

/** The stand-in of the service `postgres`, as a process of its own so that Ctrl-C reaches it last. Tells its URL on standard output. */
async function serveDatabase(dataDir) {
  const [{ startEmbeddedPostgres }, { makeLogger }, { bootstrapRoles }, { subgraphNames }] = await Promise.all(
    ['kernel/db/embedded-postgres.ts', 'kernel/logs.ts', 'kernel/db/roles.ts', 'cli/composition/blueprints.ts'].map((path) => import(join(root, path))),
  );
  const log = makeLogger({ level: 'warn', format: 'json' });
  const server = await startEmbeddedPostgres({ dataDir, log, maxConnections: 200, onExit: () => process.exit(1) });
  // The login of its URL may not make roles; in a container it may (scripts/postgres-login.sh).
  await bootstrapRoles({ url: server.adminUrl, login: 'headend', subgraphs: subgraphNames, log });
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void server.stop().then(() => process.exit(0)));
  console.log(`url ${server.url}`);
}

async function startAll() {
  const env = { ...process.env, ...(options.sandbox ? { HEADEND_SANDBOX: '1' } : {}) };
  const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
  const parts = Object.entries(compose.services).filter(([, { command, profiles = [] }]) => command?.[0] === 'start' && (profiles.length === 0 || (options.sandbox && profiles.includes('sandbox'))));
  const dataDir = resolve(env.HEADEND_DATA || join(root, 'data', 'apart'));
  const portOf = movedPorts(parts, options.ports);
  const running = [];
  let stopping;

  const stop = (reason, code) => {
    stopping ??= (async () => {
      if (running.length > 0) console.log(`apart: ${reason}; stopping …`);
      for (const child of running.toReversed()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }
      if (running.length > 0) console.log('apart: all parts have stopped.');
      process.exit(code);
    })();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(signal, 0));

  /** A process in a group of its own: Ctrl-C at the terminal is ours to pass on, in order. Its lines appear under its name. */
  const run = (name, command, environment) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...command], { cwd: root, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => console.log(`${name.padEnd(8)} | ${line}`));
    child.on('exit', (code, signal) => {
      if (!stopping) void stop(`${name} ended (${signal ?? code})`, 1);
    });
    return child;
  };

  try {
    let databaseUrl = env.DATABASE_URL;
    const startDatabase = async () => {
      const child = run('postgres', ['scripts/apart.mjs', '--database-only', join(dataDir, 'postgres')], env);
      for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('url ')) return line.slice(4);
      throw new Error('the embedded PostgreSQL did not start');
    };
    // Before anything is started: a variable that the file requires and nobody has set.
    for (const [, service] of parts) environmentOf(service, env, { databaseUrl: '', dataDir, portOf });
    databaseUrl ||= await startDatabase();

    const healthy = new Map();
    const started = new Map();
    const startPart = async ([name, service]) => {
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        if (needed === 'postgres') continue;
        await started.get(needed).promise;
        if (condition === 'service_healthy') await healthy.get(needed).promise;
      }
      if (stopping) return;
      run(name, ['cli/main.ts', ...service.command], { ...bare(env), ...environmentOf(service, env, { databaseUrl, dataDir, portOf }) });
      started.get(name).resolve();
      if (service.healthcheck?.disable) return;
      const [, , script, port] = service.healthcheck.test;
      while (!(await check(script, portOf(port)))) {
        if (stopping) return;
        await new Promise((done) => setTimeout(done, 500));
      }
      healthy.get(name).resolve();
    };
    for (const [name] of parts) {
      started.set(name, Promise.withResolvers());
      healthy.set(name, Promise.withResolvers());
    }
    await Promise.all(parts.map(startPart));
    if (!stopping) console.log(`apart: every part is healthy; GraphQL on http://127.0.0.1:${portOf(compose.services.gateway.environment.PORT)}/graphql, REST on http://127.0.0.1:${portOf(compose.services.rest.environment.HEADEND_REST_PORT)}`);
  } catch (error) {
    console.error(`apart: ${error.message}`);
    await stop('fault', 1);
  }
}

/** What a container would have of its own; the rest of this shell's settings must not leak into a part. */
function bare(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => ['PATH', 'HOME', 'TMPDIR', 'LANG'].includes(name)));
}

/** The environment of one service as the file gives it, with what belongs to the container replaced. */
function environmentOf({ environment }, env, { databaseUrl, dataDir, portOf }) {
  const replaced = { DATABASE_URL: databaseUrl, HEADEND_DATA: dataDir, HEADEND_HOST: '127.0.0.1' };
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      if (name in replaced) return [name, replaced[name]];
      const text = interpolate(String(value), env);
      if (name === 'PORT' || name === 'HEADEND_REST_PORT') return [name, String(portOf(text))];
      return [name, text.replace(/^http:\/\/([a-z-]+):(\d+)/, (_all, _host, port) => `http://127.0.0.1:${portOf(port)}`)];
    }),
  );
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?what is missing}`, as compose reads them. */
function interpolate(text, env) {
  return text.replace(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_all, name, kind, rest) => {
    if (env[name]) return env[name];
    if (kind === '?') throw new Error(`required variable ${name} is missing a value: ${rest}`);
    return kind === '-' ? rest : '';
  });
}

/** From a port of the file to the port here: the same, or a row of ports from `base` on. */
function movedPorts(parts, base) {
  const ports = ['gateway', 'rest', ...parts.map(([name]) => name).filter((name) => !['gateway', 'rest', 'sandbox'].includes(name))].map((name) => parts.find(([part]) => part === name)[1].healthcheck.test.at(-1));
  if (base === undefined) return (port) => Number(port);
  if (!/^\d{4,5}$/.test(base)) throw new Error('--ports takes a port number, e.g. --ports 8100');
  const moved = new Map(ports.map((port, index) => [port, Number(base) + index]));
  return (port) => moved.get(String(port)) ?? Number(port);
}

/** The container's own health check, run as it stands in the file. */
async function check(script, port) {
  const child = spawn(process.execPath, [join(root, script), String(port)], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code === 0;
}
