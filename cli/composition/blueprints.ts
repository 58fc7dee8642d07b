import type { SubgraphBlueprint } from '#kernel/subgraph/define-subgraph.ts';

/** Every subgraph of the product, in the order in which they start. Ops is last: its sagas call all others. */
const loaders: Readonly<Record<string, () => Promise<SubgraphBlueprint>>> = {
  identity: async () => (await import('#subgraphs/identity/subgraph.ts')).identity,
  services: async () => (await import('#subgraphs/services/subgraph.ts')).services,
  network: async () => (await import('#subgraphs/network/subgraph.ts')).network,
  billing: async () => (await import('#subgraphs/billing/subgraph.ts')).billing,
  events: async () => (await import('#subgraphs/events/subgraph.ts')).events,
  ops: async () => (await import('#subgraphs/ops/subgraph.ts')).ops,
};

export const subgraphNames: readonly string[] = Object.keys(loaders);

/** One subgraph's code, loaded when it is asked for: a part that runs apart starts without the code of the others. */
export function loadBlueprint(name: string): Promise<SubgraphBlueprint> {
  const load = loaders[name];
  if (!load) throw new Error(`There is no subgraph ${name}.`);
  return load();
}

/** All of them, in the order in which they start. */
export function loadBlueprints(): Promise<SubgraphBlueprint[]> {
  return Promise.all(subgraphNames.map(loadBlueprint));
}
