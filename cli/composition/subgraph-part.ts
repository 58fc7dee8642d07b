import { makeBus } from '#kernel/bus/bus.ts';
import { makeSandboxClock, type SandboxClock } from '#kernel/bus/sandbox-clock.ts';
import type { Clock } from '#kernel/clock.ts';
import { makeSecretBox } from '#kernel/crypto/secret-box.ts';
import type { Database } from '#kernel/db/database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { RunningSubgraph, SubgraphBlueprint, SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import type { Subgraph, Supergraph } from '#kernel/subgraph/subgraph.ts';
import { startHousekeeping } from './housekeeping.ts';
import type { Platform } from './platform.ts';
import type { Stops } from './stops.ts';

/** The clock that decides about periods, due dates and sessions: movable in a sandbox. Tokens keep to the real one. */
export async function openClock({ config, log, clock }: Platform, database: Database, stops: Stops): Promise<{ clock: Clock; sandboxClock?: SandboxClock }> {
  if (!config.sandbox) return { clock };
  const sandboxClock = makeSandboxClock({ database, log, real: clock });
  stops.add('sandbox clock', () => sandboxClock.stop());
  await sandboxClock.start();
  return { clock: sandboxClock, sandboxClock };
}

/** One subgraph, made but not started: its bus, its sealed secrets, its rooms in the database. */
export async function makeSubgraph(platform: Platform, blueprint: SubgraphBlueprint, database: Database, clocks: Awaited<ReturnType<typeof openClock>>, supergraph: () => Supergraph): Promise<{ running: RunningSubgraph; subgraph: Subgraph }> {
  const { config, secret, metrics, tokens } = platform;
  const { clock } = clocks;
  const log = platform.log.child({ subgraph: blueprint.name });
  const bus = makeBus({ database, subgraph: blueprint.name, log, clock, newId: uuidv7 });
  const kit: SubgraphKit = { config, database, db: database.forSubgraph(blueprint.name), bus, tokens, secretBox: makeSecretBox(secret), ...clocks, log, metrics, supergraph };
  const made = await blueprint.make(kit);
  let endHousekeeping: (() => void) | undefined;
  const running: RunningSubgraph = {
    ...made,
    // The bus starts after the subgraph has said what it hears, and stops before what its handlers use.
    async start() {
      await made.start();
      await bus.start();
      endHousekeeping = startHousekeeping({ bus, metrics, log });
    },
    async stop() {
      endHousekeeping?.();
      await bus.stop();
      await made.stop();
    },
  };
  const subgraph = localSubgraph({ name: made.name, schema: made.schema, loaders: made.loaders, log: platform.log, metrics });
  return { running, subgraph };
}

export async function assertHealthy(subgraph: RunningSubgraph): Promise<void> {
  if (!(await subgraph.health())) throw new Error(`${subgraph.name} cannot do its work`);
}
