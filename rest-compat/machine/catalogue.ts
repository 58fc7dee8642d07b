import type { GraphQLSchema } from 'graphql';
import type { Dialect } from './dialect.ts';
import { RestError } from './errors.ts';
import { generatedDocuments, readAwaited, readOperation, type DocumentTexts, type Operation } from './operations.ts';
import type { Method, Route } from './route.ts';

/** A documented operation that has no route yet: it answers 501 in its dialect's words. */
export interface Unserved {
  id: string;
  method: Method;
  path: string;
  /** Whether the document describes a WebSocket. */
  stream?: boolean;
  section: string;
}

/** One dialect with everything that belongs to it. */
export interface DialectModule {
  dialect: Dialect;
  routes: readonly Route[];
  /** Documented, and not served yet. */
  unserved: readonly Unserved[];
  /**
   * Operations that the graph may still lack: their routes answer 501 until it has them. Any other operation that the graph does not
   * take keeps REST from starting.
   */
  awaited: ReadonlySet<string>;
  /** Where the operations come from. Default: `schema/operations/`, and the awaited ones from `operations/awaited/`. */
  documents?: DocumentTexts;
}

/** A route with its operations found. */
export interface ServedRoute {
  route: Route;
  dialect: Dialect;
  /** By name: every operation the route uses. */
  operations: ReadonlyMap<string, Operation>;
  /** Operations of it that the graph does not offer yet: the route answers 501. */
  missing: readonly string[];
}

export interface Catalogue {
  dialects: readonly Dialect[];
  routes: readonly ServedRoute[];
  unserved: ReadonlyArray<Unserved & { dialect: Dialect }>;
}

/** What `headend routes` prints. */
export interface ListedRoute {
  method: string;
  path: string;
  dialect: string;
  id: string;
  /** The GraphQL operation, those of a composition in order; `(intake)` behind an intake's. */
  operation: string;
  /** `awaiting`: the graph lacks an operation of it; `unserved`: documented, no route yet. Both answer 501. */
  status: 'served' | 'awaiting' | 'unserved';
}

/** What a route asks of the graph, in the order in which it runs. */
function partsOf(route: Route): Array<{ operation: string; toVariables?: unknown }> {
  const { before = [], stream } = route;
  return stream ? [...before, ...stream.subscriptions, ...(stream.snapshot ? [stream.snapshot] : [])] : [...before, route];
}

/** Every operation that a route names, in the order in which they run. */
export function operationsOf(route: Route): string[] {
  return [...new Set(partsOf(route).map(({ operation }) => operation))];
}

/** What the names of a dialect's operations begin with, because operations are unique in the whole project: `Mikroops`. */
export const prefixOf = ({ name }: Dialect): string => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * Joins routes and operations. Throws one Error that lists everything wrong: an operation that is not generated and not awaited, that the
 * graph does not take, of the wrong kind, that is given no variables where it needs some, or that no route uses.
 */
export function makeCatalogue(modules: readonly DialectModule[], schema: GraphQLSchema): Catalogue {
  const problems: string[] = [];
  const routes: ServedRoute[] = [];
  for (const { dialect, routes: own, awaited, documents } of modules) {
    const texts = documents ?? { ...readAwaited(dialect.name), ...generatedDocuments };
    const operations = new Map<string, Operation>();
    const operationOf = (name: string): Operation | undefined => {
      const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
      if (text !== undefined && !operations.has(name)) operations.set(name, readOperation(name, text, schema));
      return operations.get(name);
    };
    for (const route of own) {
      if (route.dialect !== dialect.name) problems.push(`${route.id} says it is of the dialect ${route.dialect}, but stands among those of ${dialect.name}.`);
      const found = new Map<string, Operation>();
      const missing: string[] = [];
      for (const name of operationsOf(route)) {
        const operation = operationOf(name);
        if (!operation) {
          problems.push(`${route.id}: there is no operation ${name} in schema/operations. Write it into rest-compat/operations/${dialect.name} and run "npm run generate".`);
          continue;
        }
        found.set(name, operation);
        if (operation.problems.length === 0) continue;
        if (awaited.has(name)) missing.push(name);
        else problems.push(`${route.id}: the graph does not take ${name}: ${operation.problems.join(' ')}`);
      }
      const streamed = new Set(route.stream?.subscriptions.map((subscription) => subscription.operation));
      for (const [name, { kind }] of found) if ((kind === 'subscription') !== streamed.has(name)) problems.push(`${route.id}: ${name} is a ${kind}.`);
      for (const { operation, toVariables } of partsOf(route)) if (!toVariables && found.get(operation)?.needsVariables) problems.push(`${route.id}: ${operation} needs variables.`);
      routes.push({ route, dialect, operations: found, missing });
    }
    for (const name of Object.keys(texts)) if (name.startsWith(prefixOf(dialect)) && !operations.has(name)) problems.push(`rest-compat/operations/${dialect.name}: no route uses ${name}.`);
  }
  if (problems.length > 0) throw new Error(`The REST routes do not fit the graph:\n  ${[...new Set(problems)].join('\n  ')}`);
  return { dialects: modules.map((module) => module.dialect), routes, unserved: modules.flatMap(({ dialect, unserved }) => unserved.map((entry) => ({ ...entry, dialect }))) };
}

/** @throws RestError NOT_IMPLEMENTED while the graph lacks an operation of the route. */
export function refuseUnready({ route, missing }: ServedRoute): void {
  if (missing.length > 0) throw new RestError('NOT_IMPLEMENTED', `${route.id} is documented, but not served yet: the graph does not offer ${missing.join(', ')}.`);
}

export function listCatalogue({ routes, unserved }: Catalogue): ListedRoute[] {
  return [
    ...routes.map(({ route, missing }) => ({
      method: route.stream ? 'WS' : route.method,
      path: route.path,
      dialect: route.dialect,
      id: route.id,
      operation: operationsOf(route).join(' + ') + (route.intake ? ' (intake)' : ''),
      status: missing.length > 0 ? ('awaiting' as const) : ('served' as const),
    })),
    ...unserved.map(({ id, method, path, stream, dialect }) => ({ method: stream ? 'WS' : method, path, dialect: dialect.name, id, operation: '', status: 'unserved' as const })),
  ];
}
