import { readFile } from 'node:fs/promises';
import { makeGateway } from '#gateway/server.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { answerUnroutable, mountRest } from '#rest-compat/rest.ts';
import { loadBlueprints, subgraphNames } from './blueprints.ts';
import { openReadyDatabase } from './database.ts';
import type { Installation } from './installation.ts';
import { identityLookups, landingPage, restConfig, type Platform } from './platform.ts';
import { knownOperations } from './operations.ts';
import { projectFile } from './project.ts';
import { fillSandbox, startSandboxRouter } from './sandbox.ts';
import type { Stops } from './stops.ts';
import { assertHealthy, makeSubgraph, openClock } from './subgraph-part.ts';

export interface StartOptions {
  platform: Platform;
  installation: Installation;
  stops: Stops;
  /** Tells the person who waits what has just become ready. */
  progress: (line: string) => void;
  /** The process cannot go on: the database is gone for good. */
  onFatal: (reason: Error) => void;
}

/** Where a running installation is reached. */
export interface Started {
  address: string;
  /** Of the simulated router; undefined outside the sandbox. */
  routerPort: number | undefined;
}

/** Everything in one process: embedded or given database, all subgraphs, gateway, sandbox. */
export async function startAllInOne({ platform, installation, stops, progress, onFatal }: StartOptions): Promise<Started> {
  const { config, log, tokens, metrics } = platform;
  const began = performance.now();
  const blueprints = await loadBlueprints();
  const opened = await openReadyDatabase({
    config,
    postgresDir: installation.postgresDir,
    blueprints,
    roles: subgraphNames,
    applicationName: 'headend',
    log,
    onLost: onFatal,
  });
  stops.add('database', () => opened.stop());
  const clocks = await openClock(platform, opened.database, stops);
  progress(`database ready (${config.databaseUrl ? 'DATABASE_URL' : 'embedded PostgreSQL'}, ${((performance.now() - began) / 1000).toFixed(1)} s)`);

  let routerPort: number | undefined;
  if (config.sandbox) {
    const router = await startSandboxRouter({ config, installation, log });
    stops.add('sandbox router', () => router.stop());
    routerPort = router.port;
    progress(`simulated RouterOS router on 127.0.0.1:${router.port}`);
  }

  let supergraph: Supergraph | undefined;
  const theSupergraph = () => {
    if (!supergraph) throw new Error('The supergraph is called before the gateway serves.');
    return supergraph;
  };
  const made: Array<Awaited<ReturnType<typeof makeSubgraph>>> = [];
  for (const blueprint of blueprints) made.push(await makeSubgraph(platform, blueprint, opened.database, clocks, theSupergraph));
  const startPart = async (name: string) => {
    const part = made.find(({ running }) => running.name === name)!;
    stops.add(name, () => part.running.stop());
    await part.running.start();
  };
  // Ops waits for the gateway: its sagas call the whole graph, and recovered ones do so at once.
  for (const { running } of made) if (running.name !== 'ops') await startPart(running.name);

  const subgraphs = made.map(({ subgraph }) => subgraph);
  const gateway = await makeGateway({
    supergraphSdl: await readFile(projectFile('schema/supergraph.graphql'), 'utf8'),
    subgraphs,
    tokens,
    ...identityLookups(subgraphs.find(({ name }) => name === 'identity')!),
    log,
    metrics,
    checks: { database: () => opened.database.ping(), ...Object.fromEntries(made.map(({ running }) => [running.name, () => assertHealthy(running)])) },
    operations: knownOperations,
    config: { landingPage: landingPage(config), frameworkErrors: answerUnroutable },
  });
  supergraph = gateway.supergraph;
  await mountRest(gateway.app, { supergraph, principalOf: gateway.guard.principalOf, log, metrics, config: restConfig(config) });
  const address = await gateway.listen(config.port, config.host);
  stops.add('gateway', () => gateway.stop());
  await startPart('ops');
  if (routerPort !== undefined) await fillSandbox({ supergraph, log, routerPort });
  return { address, routerPort };
}
