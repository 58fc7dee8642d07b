import type { LandingPage } from '#gateway/http/landing-page.ts';
import type { Principal } from '#kernel/access/principal.ts';
import { makePrincipal } from '#kernel/access/principal.ts';
import { makeTokens, type Tokens } from '#kernel/access/tokens.ts';
import { makeBus } from '#kernel/bus/bus.ts';
import { makeSandboxClock, type SandboxClock } from '#kernel/bus/sandbox-clock.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { makeSecretBox } from '#kernel/crypto/secret-box.ts';
import type { Database } from '#kernel/db/database.ts';
import { unauthenticated } from '#kernel/errors.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Logger } from '#kernel/logs.ts';
import { makeMetrics, type Metrics } from '#kernel/metrics.ts';
import type { RunningSubgraph, SubgraphBlueprint, SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import type { RestConfig } from '#rest-compat/rest.ts';
import type { Subgraph, Supergraph } from '#kernel/subgraph/subgraph.ts';
import { startHousekeeping } from './housekeeping.ts';
import type { Stops } from './stops.ts';

/** What every part of one process shares. */
export interface Platform {
  config: Config;
  secret: string;
  tokens: Tokens;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export function makePlatform(config: Config, secret: string, log: Logger): Platform {
  const clock = systemClock;
  return { config, secret, clock, log, tokens: makeTokens({ secret, clock }), metrics: makeMetrics({ process: true }) };
}

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

const GATEWAY: Principal = makePrincipal({ kind: 'service', id: 'gateway', permissions: ['internal:gateway'] });

/** What the gateway's guard asks of identity. */
export function identityLookups(identity: Subgraph): { resolveApiKey: (key: string) => Promise<Principal>; resolveTenant: (idOrSlug: string) => Promise<string | null> } {
  const ask = async <T>(query: string, variables: Record<string, unknown>): Promise<T | null> => {
    const { data, errors } = await identity.execute<{ found: T | null }>({ query, variables, principal: GATEWAY, requestId: uuidv7() });
    const unexpected = errors?.find((error) => !['NOT_FOUND', 'UNAUTHENTICATED'].includes(String(error.extensions.code)));
    if (unexpected) throw unexpected;
    return data?.found ?? null;
  };
  return {
    async resolveApiKey(key) {
      const found = await ask<{ id: string; tenantId: string | null; permissions: string[]; superAdmin: boolean }>(
        'query ($key: String!) { found: _principalOfApiKey(key: $key) { id tenantId permissions superAdmin } }',
        { key },
      );
      if (!found) throw unauthenticated('The API key is not valid.');
      return makePrincipal({ kind: 'apiKey', ...found });
    },
    async resolveTenant(idOrSlug) {
      const found = await ask<{ id: string }>('query ($idOrSlug: String!) { found: _tenant(idOrSlug: $idOrSlug) { id } }', { idOrSlug });
      return found?.id ?? null;
    },
  };
}

export async function assertHealthy(subgraph: RunningSubgraph): Promise<void> {
  if (!(await subgraph.health())) throw new Error(`${subgraph.name} cannot do its work`);
}

/** The documented limits hold outside the sandbox; inside, a contract run would meet them. */
export const restConfig = ({ sandbox }: Config): RestConfig => ({ relaxedLimits: sandbox });

const FIRST_QUERY = `{
  customers(first: 10) {
    totalCount
    nodes { name services { nodes { status plan { name } access { session { address uptime } } } } }
  }
}`;

/** What the page at /graphql offers as a start; in the sandbox with credentials that work. */
export function landingPage({ sandbox }: Config): LandingPage {
  return { firstQuery: FIRST_QUERY, ...(sandbox ? { headers: { 'x-api-key': 'test_pk_1234567890' } } : {}) };
}
