import type { LandingPage } from '#gateway/http/landing-page.ts';
import type { Principal } from '#kernel/access/principal.ts';
import { makePrincipal } from '#kernel/access/principal.ts';
import { makeTokens, type Tokens } from '#kernel/access/tokens.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { unauthenticated } from '#kernel/errors.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { Logger } from '#kernel/logs.ts';
import { makeMetrics, type Metrics } from '#kernel/metrics.ts';
import type { RestConfig } from '#rest-compat/rest.ts';
import type { Subgraph } from '#kernel/subgraph/subgraph.ts';

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
