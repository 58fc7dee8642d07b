import { createHash } from 'node:crypto';
import { anonymous, type Principal } from '#kernel/access/principal.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import type { Clock } from '#kernel/clock.ts';
import { forbidden, notFound, unauthenticated } from '#kernel/errors.ts';
import { makeLru } from '#kernel/lru.ts';

/** What a client can show, by header name in lower case. Values as they came. */
export type Credentials = Record<string, unknown>;

export interface GuardOptions {
  tokens: Pick<Tokens, 'verifyAccess'>;
  /** The principal of an API key; throws UNAUTHENTICATED for a key that is unknown or revoked. */
  resolveApiKey: (key: string) => Promise<Principal>;
  /** The id of a tenant named by id or slug, or null when there is none. */
  resolveTenant: (idOrSlug: string) => Promise<string | null>;
  clock: Clock;
}

export interface Guard {
  /**
   * The one principal of a request, from `Authorization: Bearer …`, `X-API-Key` and `X-Tenant-ID`. No credentials:
   * anonymous (the fields decide). Throws UNAUTHENTICATED for bad or expired ones, FORBIDDEN for a foreign tenant.
   */
  principalOf(credentials: Credentials): Promise<Principal>;
}

/** How long an answer about credentials is believed: a revoked key or a removed right works at most this much longer. */
const BELIEVE_MS = 30_000;

/** Turns whatever the client sent into one Principal. The same credentials give the same object while they are cached. */
export function makeGuard({ tokens, resolveApiKey, resolveTenant, clock }: GuardOptions): Guard {
  const known = makeLru<string, Principal>(10_000);

  const remember = async (key: string, make: () => Promise<Principal>): Promise<Principal> => {
    const cached = known.get(key);
    const now = clock.now().getTime();
    if (cached && (cached.expiresAt === null || cached.expiresAt * 1000 > now)) return cached;
    const principal = await make();
    known.set(key, principal, Date.now() + BELIEVE_MS);
    return principal;
  };

  const ofBearer = (authorization: string): Promise<Principal> => {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw unauthenticated('The Authorization header must read "Bearer <access token>".');
    return remember(`token:${digest(token)}`, () => tokens.verifyAccess(token));
  };

  const inTenant = async (principal: Principal, wanted: string): Promise<Principal> => {
    if (wanted === principal.tenantId || principal.kind === 'anonymous') return principal;
    const tenantId = await resolveTenant(wanted);
    if (tenantId !== null && tenantId === principal.tenantId) return principal;
    if (!principal.superAdmin) throw forbidden('You may act in your own tenant only.');
    if (tenantId === null) throw notFound('tenant', wanted);
    return { ...principal, tenantId };
  };

  return {
    async principalOf(credentials) {
      const authorization = text(credentials, 'authorization');
      const apiKey = text(credentials, 'x-api-key');
      const tenant = text(credentials, 'x-tenant-id');
      const principal = authorization ? await ofBearer(authorization) : apiKey ? await remember(`key:${digest(apiKey)}`, () => resolveApiKey(apiKey)) : anonymous;
      if (!tenant || principal.kind === 'anonymous') return principal;
      const scope = `tenant:${tenant}:${digest(authorization ?? apiKey ?? '')}`;
      return remember(scope, () => inTenant(principal, tenant));
    },
  };
}

/** Header names in any case (`Authorization` in a connection_init payload); empty is absent. */
function text(credentials: Credentials, name: string): string | undefined {
  const value = credentials[name] ?? Object.entries(credentials).find(([key]) => key.toLowerCase() === name)?.[1];
  const single = Array.isArray(value) ? (value[0] as unknown) : value;
  return typeof single === 'string' && single.trim() !== '' ? single.trim() : undefined;
}

/** The cache holds no credentials in clear. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
