import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PARTS } from '#cli/commands/start.ts';
import { readSupergraphConfig } from '#gateway/supergraph-config.ts';
import { configSchema } from '#kernel/config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string) => readFileSync(join(root, path), 'utf8');

const health = z.strictObject({
  test: z.array(z.string()).min(2).refine(([kind]) => kind === 'CMD', 'is not the exec form'),
  interval: z.string(),
  timeout: z.string(),
  retries: z.number(),
  start_period: z.string(),
});

/** The part of the compose specification that the file may use: what is not here is a typing error or needs a look. */
const fileShape = z.strictObject({
  'x-environment': z.unknown(),
  'x-part': z.unknown(),
  'x-health': z.unknown(),
  'x-needs-postgres': z.unknown(),
  services: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/),
    z.strictObject({
      image: z.string(),
      build: z.literal('.').optional(),
      command: z.array(z.string()).min(1),
      environment: z.record(z.string().regex(/^[A-Z][A-Z_]*$/), z.string()),
      depends_on: z.record(z.string(), z.strictObject({ condition: z.literal(['service_healthy', 'service_started']) })).optional(),
      healthcheck: z.union([health, z.strictObject({ disable: z.literal(true) })]),
      ports: z.array(z.string().regex(/^\$\{[A-Z_]+:-127\.0\.0\.1:\d+\}:\d+$/)).optional(),
      volumes: z.array(z.string()).optional(),
      profiles: z.array(z.string()).optional(),
      network_mode: z.string().optional(),
      restart: z.literal('unless-stopped'),
      stop_grace_period: z.string().regex(/^\d+s$/),
      cap_drop: z.array(z.string()).optional(),
      security_opt: z.array(z.string()).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

const compose = fileShape.parse(parse(text('docker-compose.yml'), { merge: true }));
const { subgraphs } = await readSupergraphConfig(join(root, 'supergraph.yaml'), {});
const parts = Object.entries(compose.services).filter(([, { image }]) => image === 'headend');
const part = (name: string) => new Map(parts).get(name)!;
const overrideOf = (name: string) => `HEADEND_${name.toUpperCase().replaceAll('-', '_')}_URL`;
const healthPort = (name: string) => {
  const { healthcheck } = part(name);
  return 'test' in healthcheck ? Number(healthcheck.test.at(-1)) : undefined;
};

/** As `.dockerignore` and the borders have it. */
const TEST_CODE = /[.]test[.]ts$|\/test-[^/]+[.]ts$|\/testing\//;
const packageOf = (name: string) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');

/** Variables that only compose itself reads. */
const COMPOSE_ONLY = ['HEADEND_DATABASE_PASSWORD', 'POSTGRES_PASSWORD', 'HEADEND_PUBLISH', 'HEADEND_PUBLISH_REST'];

describe('docker-compose.yml', () => {
  it('has a service for every subgraph of supergraph.yaml, the gateway and REST', () => {
    expect(parts.map(([name]) => name).sort()).toEqual(['gateway', 'rest', 'sandbox', ...subgraphs.map(({ name }) => name)].sort());
  });

  it.each(parts)('starts %s by a part that headend knows', (name, { command }) => {
    expect(command).toEqual(['start', name]);
    expect(PARTS).toContain(name);
  });

  it.each(parts)('gives %s only settings that the config schema or supergraph.yaml has', (_name, { environment }) => {
    const known = new Set([...Object.keys(configSchema.shape), ...subgraphs.map(({ name }) => overrideOf(name))]);
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
  });

  it('asks its reader only for settings of the config schema and for what operations.md explains', () => {
    const asked = new Set([...text('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!));
    for (const name of COMPOSE_ONLY) expect(text('docs/operations.md')).toContain(name);
    expect([...asked].filter((name) => !(name in configSchema.shape) && !COMPOSE_ONLY.includes(name))).toEqual([]);
  });

  it('refuses to start without the secret and the passwords, and gives all parts the same', () => {
    for (const [, { environment }] of parts) {
      expect(environment.HEADEND_SECRET).toMatch(/^\$\{HEADEND_SECRET:\?.+\}$/);
      expect(environment.DATABASE_URL).toMatch(/^postgres:\/\/headend:\$\{HEADEND_DATABASE_PASSWORD:\?.+\}@postgres:5432\/headend$/);
      const own = new Set(['PORT', 'HEADEND_REST_PORT', 'HEADEND_EXECUTOR', 'HEADEND_ROUTEROS_PORT', 'HEADEND_ADMIN_EMAIL', 'HEADEND_ADMIN_PASSWORD']);
      const shared = Object.entries(environment).filter(([name]) => !own.has(name));
      expect(Object.fromEntries(shared)).toEqual(compose['x-environment']);
    }
    expect(compose.services.postgres!.environment.POSTGRES_PASSWORD).toMatch(/:\?/);
  });

  it('serves each subgraph under its service name, on the port and path of supergraph.yaml', () => {
    for (const { name, url } of subgraphs) {
      const { port, pathname } = new URL(url);
      expect(part(name).environment[overrideOf(name)]).toBe(`http://${name}:${port}${pathname}`);
      expect(healthPort(name)).toBe(Number(port));
    }
  });

  it('publishes and checks the ports that gateway and REST listen on', () => {
    const { PORT } = part('gateway').environment;
    const { HEADEND_REST_PORT } = part('rest').environment;
    expect(part('gateway').environment.HEADEND_GATEWAY_URL).toBe(`http://gateway:${PORT}`);
    expect(part('gateway').ports![0]!.endsWith(`:${PORT}`)).toBe(true);
    expect(part('rest').ports![0]!.endsWith(`:${HEADEND_REST_PORT}`)).toBe(true);
    expect([healthPort('gateway'), healthPort('rest')]).toEqual([Number(PORT), Number(HEADEND_REST_PORT)]);
  });

  it('waits for services that exist and have a health check, without a circle', () => {
    const order: string[] = [];
    const visit = (name: string, path: string[]) => {
      expect(path).not.toContain(name);
      if (order.includes(name)) return;
      for (const needed of Object.keys(compose.services[name]!.depends_on ?? {})) {
        expect(compose.services).toHaveProperty(needed);
        expect(compose.services[needed]!.healthcheck).toHaveProperty('test');
        visit(needed, [...path, name]);
      }
      order.push(name);
    };
    for (const name of Object.keys(compose.services)) visit(name, []);
    // Sagas call the gateway, which calls every other subgraph.
    for (const { name } of subgraphs) expect(part(name).depends_on).toHaveProperty('postgres');
    const beforeOps = subgraphs.map(({ name }) => name).filter((name) => name !== 'ops');
    expect(Object.keys(part('gateway').depends_on!).sort()).toEqual(beforeOps.sort());
    expect(part('ops').depends_on).toHaveProperty('gateway');
  });

  it('keeps the sandbox behind its profile', () => {
    expect(Object.entries(compose.services).filter(([, { profiles }]) => profiles).map(([name, { profiles }]) => [name, profiles])).toEqual([['sandbox', ['sandbox']]]);
  });

  it('mounts files and volumes that exist', () => {
    const sources = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]!));
    const there = (source: string) => (source.startsWith('./') ? existsSync(join(root, source)) : source in compose.volumes);
    expect(sources.filter((source) => !there(source))).toEqual([]);
  });
});

describe('the Dockerfile', () => {
  const instructions = text('Dockerfile').replaceAll('\\\n', ' ').split('\n').filter((line) => /^[A-Z]+ /.test(line));
  const copied = instructions.filter((line) => line.startsWith('COPY ') && !line.includes('--from=')).flatMap((line) => line.split(/\s+/).slice(1, -1));

  it('copies paths that exist and that .dockerignore lets through', () => {
    const ignored = new Set(text('.dockerignore').split('\n').filter((line) => line && !line.startsWith('#')));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(copied.filter((path) => ignored.has(path.split('/')[0]!))).toEqual([]);
  });

  it('copies every folder that the imports of package.json name and the running product uses', () => {
    const { imports } = JSON.parse(text('package.json')) as { imports: Record<string, string> };
    const folders = Object.values(imports).map((target) => target.slice(2, -2));
    expect(folders.filter((folder) => !copied.includes(folder))).toEqual(['tests']);
    expect(copied).toEqual(expect.arrayContaining(['tsconfig.json', 'supergraph.yaml', 'scripts/health.mjs']));
  });

  it('starts node itself, on the Node that package.json tests with, as a user that is not root', () => {
    const { devDependencies } = JSON.parse(text('package.json')) as { devDependencies: { node: string } };
    const bases = instructions.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]!);
    for (const base of bases) expect(base).toMatch(new RegExp(`^node:${devDependencies.node.split('.')[0]}-`));
    expect(instructions).toContain('ENTRYPOINT ["node", "--import", "tsx", "cli/main.ts"]');
    expect(existsSync(join(root, 'cli/main.ts'))).toBe(true);
    expect(instructions).toContain('USER node');
    expect(instructions.findIndex((line) => line.startsWith('USER'))).toBeGreaterThan(instructions.findLastIndex((line) => line.startsWith('RUN')));
  });

  it('needs no development dependency: whatever its code imports is a dependency', () => {
    const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> };
    expect(dependencies).toHaveProperty('tsx');
    const folders = copied.filter((path) => !path.includes('.') && path !== 'LICENSE');
    const files = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,mjs}`, { cwd: root })).filter((file) => !TEST_CODE.test(file));
    expect(files.length).toBeGreaterThan(300);
    const missing = files.flatMap((file) =>
      [...text(file).matchAll(/^(?:import|export)(?! type)[^;]*?from '([^'.#][^']*)'|^import '([^'.#][^']*)'|\bimport\('([^'.#][^']*)'\)/gm)]
        .map(([, from, bare, dynamic]) => from ?? bare ?? dynamic!)
        .filter((name) => !name.startsWith('node:') && !(packageOf(name) in dependencies))
        .map((name) => `${file}: ${name}`),
    );
    // `headend generate` is a developer's command and loads its tool only when it is called.
    expect(missing).toEqual(['cli/commands/generate.ts: @graphql-codegen/cli']);
  });
});

describe('npm run start:apart', () => {
  it('names the variable that is missing, before it starts anything', () => {
    const folder = mkdtempSync(join(tmpdir(), 'headend-apart-'));
    const { HEADEND_SECRET: _secret, ...env } = process.env;
    const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/apart.mjs'], { cwd: root, encoding: 'utf8', env: { ...env, NODE_OPTIONS: '', HEADEND_DATA: join(folder, 'data') } });
    expect(stderr).toContain('required variable HEADEND_SECRET is missing a value');
    expect(stdout).not.toContain('serves on');
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
