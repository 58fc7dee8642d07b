/**
 * Who is asking. The gateway makes exactly one Principal from whatever the client sent (access token, API key, nothing);
 * in process it travels as this object, apart as the `principal` claim of the internal token.
 */
export interface Principal {
  kind: 'anonymous' | 'user' | 'apiKey' | 'service';
  /** The user's id, the API key's id, or the service's name (`ops`, `gateway`). Null for anonymous. */
  id: string | null;
  /** The one tenant this request acts in; null when there is none (anonymous, a super admin who has named none). */
  tenantId: string | null;
  /** `noun:verb` strings; see `can`. */
  permissions: ReadonlySet<string>;
  /** May act in any tenant, one at a time. */
  superAdmin: boolean;
  /** Whom a service acts for (a user's id), for audit. */
  onBehalfOf: string | null;
  /** The durable run a service acts in. */
  runId: string | null;
  /** The login session (refresh token family) a user's token belongs to. */
  sessionId: string | null;
  /** Seconds since the epoch after which the credentials are no longer good; null when they do not end. */
  expiresAt: number | null;
}

/** Nobody in particular. */
export const anonymous: Principal = Object.freeze({
  kind: 'anonymous',
  id: null,
  tenantId: null,
  permissions: new Set<string>(),
  superAdmin: false,
  onBehalfOf: null,
  runId: null,
  sessionId: null,
  expiresAt: null,
});

/** A principal with some fields given and the rest empty. */
export function makePrincipal(fields: Partial<Omit<Principal, 'permissions'>> & { kind: Principal['kind']; permissions?: Iterable<string> }): Principal {
  return { ...anonymous, ...fields, permissions: new Set(fields.permissions ?? []) };
}

/**
 * Whether the principal holds a permission. `*` grants everything, `customer:*` every verb of a noun. Super admins hold
 * every permission except those that only services hold (`internal:*`), because a step of a saga must not be called by hand.
 */
export function can(principal: Principal, permission: string): boolean {
  if (permission.startsWith('internal:')) return principal.kind === 'service' && holds(principal, permission);
  return principal.superAdmin || holds(principal, permission);
}

function holds(principal: Principal, permission: string): boolean {
  const { permissions } = principal;
  return permissions.has(permission) || permissions.has(`${permission.slice(0, permission.indexOf(':'))}:*`) || permissions.has('*');
}

/** The JSON form that a token carries. */
export type PrincipalClaims = Omit<Principal, 'permissions'> & { permissions: string[] };

export function toClaims(principal: Principal): PrincipalClaims {
  return { ...principal, permissions: [...principal.permissions].sort() };
}

export function fromClaims(claims: PrincipalClaims): Principal {
  return makePrincipal(claims);
}
