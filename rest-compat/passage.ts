import { createHash } from 'node:crypto';
import { anonymous, makePrincipal, type Principal } from '#kernel/access/principal.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import type { Clock } from '#kernel/clock.ts';
import { forbidden, notFound, unauthenticated } from '#kernel/errors.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { makeLru } from '#kernel/lru.ts';
import type { Executable } from '#kernel/subgraph/subgraph.ts';
import { fromGraphQLError } from './machine/errors.ts';
import type { Credentials } from './machine/request.ts';

export interface PassageOptions {
  tokens: Pick<Tokens, 'verifyAccess' | 'signAccess' | 'signService'>;
  clock: Clock;
  /** The graph, for what REST cannot know: the id of a tenant named by its short name, and whether an API key is good. */
  ask: Executable['execute'];
}

/** How a client's credentials pass through REST apart to the gateway. */
export interface Passage {
  /** Throws UNAUTHENTICATED for bad or expired credentials, FORBIDDEN for a foreign tenant, NOT_FOUND for an unknown one. */
  principalOf(credentials: Credentials): Promise<Principal>;
  /** The headers that show the gateway who this principal is. */
  headersOf(principal: Principal): Promise<Record<string, string>>;
}

/** How long a token of ours is good, and how long before its end it is made anew. */
const TTL_SECONDS = 120;
const MARGIN_SECONDS = 20;
const BELIEVE_MS = 30_000;

/**
 * The client's own token or API key goes on as it came. Only where a super admin acts in a tenant that it does not name, a short-lived one is
 * signed for exactly that principal in that tenant; it never outlives the client's.
 */
export function makePassage({ tokens, clock, ask }: PassageOptions): Passage {
  const known = makeLru<string, Principal>(10_000);
  const originals = new WeakMap<Principal, Record<string, string>>();
  const signed = new WeakMap<Principal, { token: Promise<string>; until: number }>();
  const nowMs = () => clock.now().getTime();
  const alive = (principal: Principal | undefined): principal is Principal => principal !== undefined && (principal.expiresAt === null || principal.expiresAt * 1000 > nowMs());

  const ofToken = async (token: string): Promise<Principal> => {
    const key = digest(token);
    const cached = known.get(key);
    if (alive(cached)) return cached;
    const principal = await tokens.verifyAccess(token);
    originals.set(principal, { authorization: `Bearer ${token}` });
    known.set(key, principal, Date.now() + BELIEVE_MS);
    return principal;
  };

  // What the key may do is decided by the graph, which is shown the key itself with every operation.
  const ofApiKey = async (apiKey: string, tenant: string | undefined): Promise<Principal> => {
    const key = `key ${tenant ?? ''} ${digest(apiKey)}`;
    const cached = known.get(key);
    if (cached) return cached;
    const principal = makePrincipal({ kind: 'apiKey', id: digest(apiKey) });
    originals.set(principal, { 'x-api-key': apiKey, ...(tenant ? { 'x-tenant-id': tenant } : {}) });
    const { errors } = await ask({ query: '{ __typename }', principal, requestId: uuidv7() });
    if (errors) throw fromGraphQLError(errors[0]!);
    known.set(key, principal, Date.now() + BELIEVE_MS);
    return principal;
  };

  const inTenant = async (principal: Principal, wanted: string): Promise<Principal> => {
    const { data, errors } = await ask<{ tenant: { id: string } | null }>({ query: 'query RestTenant($id: ID!) { tenant(id: $id) { id } }', variables: { id: wanted }, principal, requestId: uuidv7() });
    const code = errors?.[0]?.extensions?.code;
    const tenantId = data?.tenant?.id;
    if (tenantId !== undefined && tenantId === principal.tenantId) return principal;
    if (!principal.superAdmin) throw forbidden('You may act in your own tenant only.');
    if (tenantId !== undefined) return { ...principal, tenantId };
    if (code === 'NOT_FOUND' || errors === undefined) throw notFound('tenant', wanted);
    throw fromGraphQLError(errors[0]!);
  };

  /** A token of ours for a principal that has none of its own. */
  const tokenOf = (principal: Principal): Promise<string> => {
    if (principal.kind === 'anonymous') return tokens.signService({ service: 'rest', tenantId: null, onBehalfOf: null, runId: null, permissions: [] });
    const before = signed.get(principal);
    if (before && before.until > nowMs()) return before.token;
    const { kind, id, tenantId, onBehalfOf, runId, permissions, expiresAt } = principal;
    const left = expiresAt === null ? TTL_SECONDS : Math.min(TTL_SECONDS, Math.max(1, Math.floor(expiresAt - nowMs() / 1000)));
    const token = kind === 'service' ? tokens.signService({ service: id!, tenantId, onBehalfOf, runId, permissions }, left) : tokens.signAccess(principal, left);
    signed.set(principal, { token, until: nowMs() + Math.max(0, left - MARGIN_SECONDS) * 1000 });
    token.catch(() => signed.delete(principal));
    return token;
  };

  return {
    async principalOf(credentials) {
      const { authorization } = credentials;
      const wanted = credentials['x-tenant-id'];
      if (!authorization) {
        const key = credentials['x-api-key'];
        return key ? ofApiKey(key, wanted) : anonymous;
      }
      const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
      if (!token) throw unauthenticated('The Authorization header must read "Bearer <access token>".');
      const principal = await ofToken(token);
      if (!wanted || wanted === principal.tenantId) return principal;
      const key = `${wanted} ${digest(token)}`;
      const cached = known.get(key);
      if (alive(cached)) return cached;
      const there = await inTenant(principal, wanted);
      known.set(key, there, Date.now() + BELIEVE_MS);
      return there;
    },

    async headersOf(principal) {
      return originals.get(principal) ?? { authorization: `Bearer ${await tokenOf(principal)}` };
    },
  };
}

/** The cache holds no credentials in clear. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
