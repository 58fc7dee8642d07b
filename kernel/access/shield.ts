import { createRequire } from 'node:module';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type * as Shield from 'graphql-shield';
import type * as Middleware from 'graphql-middleware';
import { domainErrorOf, forbidden, invalidField, unauthenticated } from '#kernel/errors.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';
import { can } from './principal.ts';

/**
 * The one place that knows graphql-shield. Its ESM build does not load on Node 24, and its `chain` and `race` throw there,
 * so it is loaded as CommonJS and only what works is handed on.
 */
const require = createRequire(import.meta.url);
const shieldLibrary = require('graphql-shield') as typeof Shield;
const middlewareLibrary = require('graphql-middleware') as typeof Middleware;

export type Rule = ReturnType<typeof shieldLibrary.rule> extends (...args: never[]) => infer R ? R | ReturnType<typeof shieldLibrary.and> : never;

/** Rules by type name: one per field, e.g. `{ Query: { customers: permission('customer:read') } }`. */
export type RuleMap = Record<string, Record<string, Rule>>;

export const { and, or, not, allow, deny } = shieldLibrary;

type RuleCheck = (parent: unknown, args: Record<string, unknown>, context: SubgraphContext<unknown>) => true | Error | Promise<true | Error>;

/** A rule of one's own. Never cached: a cached rule that read its arguments would answer for other arguments. */
export function rule(check: RuleCheck): Rule {
  return shieldLibrary.rule({ cache: 'no_cache' })(async (parent: unknown, args: Record<string, unknown>, context: SubgraphContext<unknown>) => check(parent, args, context));
}

/** Anybody who has logged in, in whatever tenant or none. */
export const authenticated: Rule = rule((_parent, _args, { principal }) => principal.kind !== 'anonymous' || unauthenticated());

/**
 * Who holds the permission, inside one tenant. This is the rule of nearly every root field: it implies that the request
 * names exactly one tenant, which the database then enforces row by row.
 */
export function permission(name: string): Rule {
  return rule((_parent, _args, { principal }) => {
    if (principal.kind === 'anonymous') return unauthenticated();
    if (!can(principal, name)) return forbidden(`This needs the permission ${name}.`);
    if (principal.tenantId === null) return invalidField('X-Tenant-ID', 'REQUIRED', 'Name the tenant you act in with the X-Tenant-ID header: its UUID or its slug.');
    return true;
  });
}

/** On a field of `Tenant`: who holds the permission in that very tenant, and super admins, whichever they act in. */
export function permissionInThatTenant(name: string): Rule {
  return rule((parent, _args, { principal }) => {
    if (principal.kind === 'anonymous') return unauthenticated();
    if (!can(principal, name)) return forbidden(`This needs the permission ${name}.`);
    return principal.superAdmin || principal.tenantId === (parent as { id: string }).id || forbidden('You may look into your own tenant only.');
  });
}

/** Who holds the permission for the whole installation: super admins, and services. */
export function globalPermission(name: string): Rule {
  return rule((_parent, _args, { principal }) => {
    if (principal.kind === 'anonymous') return unauthenticated();
    if (!principal.superAdmin && !(principal.kind === 'service' && can(principal, name))) return forbidden(`This needs the permission ${name} for the whole installation.`);
    return true;
  });
}

/** Evaluates a rule outside of shield's middleware: at subscribe, and before an entity is resolved. */
export async function enforce(wanted: Rule, parent: unknown, args: object, context: SubgraphContext<unknown>, info?: GraphQLResolveInfo): Promise<void> {
  const result = await wanted.resolve(parent as object, args, context as never, info as never, SHIELD_OPTIONS as never);
  if (result === true) return;
  throw result instanceof Error ? result : forbidden();
}

const SHIELD_OPTIONS = {
  // Our own errors carry what the client needs, and the gateway masks the rest; shield would hide both.
  allowExternalErrors: true,
  debug: false,
  fallbackError: (error: unknown) => (error instanceof Error ? (domainErrorOf(error) ?? error) : forbidden()),
};

/** Puts the rules around the resolvers of a schema. Only declared resolvers are wrapped: default ones would cost four times the time. */
export function shieldSchema(schema: GraphQLSchema, rules: RuleMap): GraphQLSchema {
  const generator = shieldLibrary.shield(rules, { ...SHIELD_OPTIONS, fallbackRule: allow });
  return middlewareLibrary.applyMiddlewareToDeclaredResolvers(schema, generator);
}
