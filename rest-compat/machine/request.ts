import type { FastifyRequest } from 'fastify';
import { anonymous, type Principal } from '#kernel/access/principal.ts';
import type { Dialect } from './dialect.ts';
import { RestError } from './errors.ts';
import type { Found, Input, Route } from './route.ts';
import { checked } from './validate.ts';

/** What a client shows, by header name in lower case: what a guard makes a Principal from. */
export type Credentials = Record<string, string | undefined>;

const HEADERS = ['authorization', 'x-api-key', 'x-tenant-id'] as const;

/** What of a route decides who gets in, before its body is looked at. */
export type Door = Pick<Route, 'auth' | 'tenant' | 'stream' | 'limit' | 'acceptsForm'>;

/** The credentials of a request to a route. Streams may carry the token as `?token=`, because browsers cannot set headers there. */
export function credentialsOf(request: FastifyRequest, route: Door): Credentials {
  const credentials: Credentials = {};
  for (const name of HEADERS) credentials[name] = single(request.headers[name]);
  const query = request.query as Record<string, unknown>;
  if (route.stream && !credentials.authorization && typeof query.token === 'string') credentials.authorization = `Bearer ${query.token}`;
  if (typeof route.tenant === 'object' && !credentials['x-tenant-id']) {
    const named = query[route.tenant.query];
    if (typeof named === 'string' && named !== '') credentials['x-tenant-id'] = named;
  }
  return credentials;
}

/** Refuses whoever may not use the route at all, before anything else of the request is looked at. */
export function admit(route: Door, principal: Principal): void {
  if (route.auth === 'none') return;
  if (principal.kind === 'anonymous') throw new RestError('UNAUTHENTICATED', 'Log in first: send the access token as "Authorization: Bearer <token>".', { headers: { 'www-authenticate': 'Bearer' } });
  // An API key belongs to one tenant; where REST runs apart, which one is known to the gateway alone.
  if (route.tenant === 'none' || principal.tenantId !== null || principal.kind === 'apiKey') return;
  if (principal.superAdmin) throw new RestError('TENANT_REQUIRED', 'Say in the header X-Tenant-ID which tenant you act in: its id or its short name.', { details: [{ field: 'X-Tenant-ID', code: 'REQUIRED', message: 'X-Tenant-ID is required for super admins here.' }] });
  throw new RestError('FORBIDDEN', 'You belong to no tenant.');
}

/** The request as its route may use it. @throws RestError VALIDATION_ERROR */
export function inputOf(request: FastifyRequest, route: Route, dialect: Dialect, principal: Principal): Input {
  const params = route.params ? checked(route.params, request.params) : (request.params as Record<string, string>);
  const query = route.query ? checked(route.query, request.query) : {};
  const page = route.list ? dialect.paging.read(checked(dialect.paging.query, request.query), route.list.most) : { limit: null, offset: 0 };
  const given = request.body === undefined && route.bodyOptional ? {} : request.body;
  const body = route.body ? checked(route.body, given) : undefined;
  return { params: params as Record<string, string>, query: query as Record<string, unknown>, body, page, principal, sourceAddress: plainAddress(request.ip), header: (name) => single(request.headers[name]) };
}

/** Runs the operations of a composition, one after the other. */
export async function runSteps(route: Route, input: Input, runOne: (operation: string, variables: Record<string, unknown>) => Promise<Record<string, unknown>>): Promise<Found> {
  const found: Record<string, Record<string, unknown>> = {};
  for (const step of route.before ?? []) found[step.as] = await runOne(step.operation, step.toVariables?.(input, found) ?? {});
  return found;
}

/** Who is counted against a limit. */
export function callerOf(principal: Principal, request: FastifyRequest): string {
  return principal === anonymous || principal.id === null ? `address:${plainAddress(request.ip)}` : `${principal.kind}:${principal.id}`;
}

/** `::ffff:192.0.2.1` is the IPv4 address inside. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
