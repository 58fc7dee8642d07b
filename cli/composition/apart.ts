import { readFile } from 'node:fs/promises';
import { readSupergraphConfig, type SubgraphEntry } from '#gateway/supergraph-config.ts';
import type { Principal } from '#kernel/access/principal.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/logs.ts';
import { remoteSubgraph, remoteSupergraph, type Remote } from '#kernel/subgraph/remote.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { loadBlueprint, subgraphNames } from './blueprints.ts';
import { installationPaths } from './installation.ts';
import { knownOperations } from './operations.ts';
import { identityLookups, landingPage, restConfig, type Platform } from './platform.ts';
import { projectFile } from './project.ts';
import { fillSandbox, startSandboxRouter } from './sandbox.ts';
import type { Stops } from './stops.ts';
import { UserError } from './user-error.ts';

/** Longer than the gateway's own deadlines, which decide: this one only ends what the peer has forgotten. */
const REMOTE_DEADLINE_MS = 25_000;

export interface ApartOptions {
  platform: Platform;
  stops: Stops;
  progress: (line: string) => void;
  onFatal: (reason: Error) => void;
}

// Each part loads its own code and not that of the others: a start is mostly loading.

/** One subgraph as a process of its own: the same blueprint, behind HTTP and graphql-ws. Resolves to its address. */
export async function startSubgraph(name: string, { platform, stops, onFatal }: ApartOptions): Promise<string> {
  const { config, log, tokens, metrics } = platform;
  const [{ openReadyDatabase }, { assertHealthy, makeSubgraph, openClock }, { makeSubgraphServer }] = await Promise.all([import('./database.ts'), import('./subgraph-part.ts'), import('#kernel/subgraph/serve.ts')]);
  const blueprint = await loadBlueprint(name);
  const { subgraphs } = await readSupergraphConfig(projectFile('supergraph.yaml'), config.env);
  const { port } = addressOf(subgraphs, name);
  const opened = await openReadyDatabase({
    config,
    postgresDir: installationPaths(config.dataDir).postgresDir,
    blueprints: [blueprint],
    roles: subgraphNames,
    applicationName: `headend ${name}`,
    log,
    onLost: onFatal,
  });
  stops.add('database', () => opened.stop());
  const clocks = await openClock(platform, opened.database, stops);
  const supergraph = gatewayClient(platform);
  stops.add('gateway client', () => supergraph.stop());
  const { running, subgraph } = await makeSubgraph(platform, blueprint, opened.database, clocks, () => supergraph);
  stops.add(name, () => running.stop());
  const server = await makeSubgraphServer({ subgraph, tokens, log, metrics, checks: { database: () => opened.database.ping(), [name]: () => assertHealthy(running) }, sdl: blueprint.sdl() });
  stops.add('server', () => server.stop());
  if (name === 'ops') await ready(`${gatewayUrl(platform)}/health/ready`, log, ({ status }) => status === 200 || status === 503);
  await running.start();
  return server.listen(port, config.host);
}

/** The gateway as a process of its own, over the subgraphs that `supergraph.yaml` names. Needs no database. */
export async function startGateway({ platform, stops }: ApartOptions): Promise<string> {
  const { makeGateway } = await import('#gateway/server.ts');
  const { config, log, tokens, metrics } = platform;
  const { subgraphs: entries } = await readSupergraphConfig(projectFile('supergraph.yaml'), config.env);
  const subgraphs = entries.map(({ name, url }) => remoteSubgraph({ name, url, tokens, log, deadlineMs: REMOTE_DEADLINE_MS }));
  for (const subgraph of subgraphs) stops.add(`client of ${subgraph.name}`, () => subgraph.stop());
  const gateway = await makeGateway({
    supergraphSdl: await readFile(projectFile('schema/supergraph.graphql'), 'utf8'),
    subgraphs,
    tokens,
    ...identityLookups(subgraphs.find(({ name }) => name === 'identity')!),
    log,
    metrics,
    checks: Object.fromEntries(entries.map(({ name, url }) => [name, () => assertReady(new URL('/health/ready', url))])),
    operations: knownOperations,
    config: { landingPage: landingPage(config) },
  });
  stops.add('gateway', () => gateway.stop());
  return gateway.listen(config.port, config.host);
}

/** The REST dialects as a process of their own, over the gateway's front door. Needs no database. */
export async function startRest({ platform, stops }: ApartOptions): Promise<string> {
  const { makeRestServer } = await import('#rest-compat/server.ts');
  const { config, log, tokens, metrics } = platform;
  const rest = await makeRestServer({ gatewayUrl: `${gatewayUrl(platform)}/graphql`, tokens, log, metrics, config: restConfig(config) });
  stops.add('rest', () => rest.stop());
  return rest.listen(config.restPort, config.host);
}

/** The simulated router and the fixtures, for a sandbox whose parts run apart. */
export async function startSandbox({ platform, stops }: ApartOptions): Promise<string> {
  const { config, log } = platform;
  if (!config.sandbox) throw new UserError('headend start sandbox needs HEADEND_SANDBOX=1.');
  const router = await startSandboxRouter({ config, installation: installationPaths(config.dataDir), log });
  stops.add('sandbox router', () => router.stop());
  const supergraph = gatewayClient(platform);
  stops.add('gateway client', () => supergraph.stop());
  await ready(`${gatewayUrl(platform)}/health/ready`, log, ({ status }) => status === 200);
  await fillSandbox({ supergraph, log, routerPort: router.port });
  return `127.0.0.1:${router.port}`;
}

/** The whole graph through the gateway's front door, with tokens that the service signs for itself. */
function gatewayClient(platform: Platform): Supergraph & Remote {
  const { tokens, log } = platform;
  const credentials = async ({ id, tenantId, onBehalfOf, runId, permissions }: Principal) => {
    const token = await tokens.signService({ service: id ?? 'unknown', tenantId, onBehalfOf, runId, permissions });
    return { authorization: `Bearer ${token}` };
  };
  return remoteSupergraph({ url: `${gatewayUrl(platform)}/graphql`, credentials, log, deadlineMs: REMOTE_DEADLINE_MS });
}

const gatewayUrl = ({ config }: Platform): string => (config.gatewayUrl ?? `http://127.0.0.1:${config.port}`).replace(/\/(graphql)?$/, '');

function addressOf(subgraphs: SubgraphEntry[], name: string): { port: number } {
  const entry = subgraphs.find((candidate) => candidate.name === name);
  if (!entry) throw new UserError(`supergraph.yaml has no subgraph ${name}.`);
  return { port: Number(new URL(entry.url).port || 80) };
}

async function assertReady(url: URL): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  if (!response.ok) throw new Error(`not ready (${response.status})`);
}

/** Waits, with a word every ten seconds, until a peer answers as wanted. Parts may be started in any order. */
async function ready(url: string, log: Logger, wanted: (response: Response) => boolean): Promise<void> {
  for (let told = 0; ; ) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (response && wanted(response)) return;
    const now = systemClock.now().getTime();
    if (now - told > 10_000) {
      told = now;
      log.info({ url, status: response?.status }, 'Waiting for the gateway');
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
