import type { z } from 'zod';
import type { Principal } from '#kernel/access/principal.ts';
import type { Answer, Limit, Page } from './dialect.ts';
import type { OperationName, ResultOf, VariablesOf } from './operations.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a map may use of a request: everything is validated. */
export interface Input<Params = Record<string, string>, Query = Record<string, unknown>, Body = unknown> {
  params: Params;
  query: Query;
  body: Body;
  /** Of a list: the page asked for. Else everything. */
  page: Page;
  principal: Principal;
  /** The address the request came from, without the IPv4-in-IPv6 prefix. */
  sourceAddress: string;
  /** A header of the request, by its name in lower case. */
  header(name: string): string | undefined;
}

/** What the operations before the main one have answered, by the name of their step. */
export type Found = Readonly<Record<string, Record<string, unknown>>>;

/** One operation of a composition: it runs before the main one, and what it answers is `found[as]`. */
export interface Step<I = Input> {
  as: string;
  operation: string;
  toVariables?(input: I, found: Found): Record<string, unknown>;
}

/** Frames of a stream are JSON objects. */
export type Frame = Record<string, unknown>;

/** A WebSocket stream: the present state first, then what changes. */
export interface Stream<I = Input> {
  /** Subscriptions whose events are merged, in order of arrival. An event that maps to null is not sent. */
  subscriptions: ReadonlyArray<{
    operation: string;
    toVariables?(input: I, found: Found): Record<string, unknown>;
    toFrame(data: Record<string, unknown>, input: I, found: Found): Frame | Frame[] | null;
  }>;
  /**
   * The first frame: a query that runs after the subscriptions are open, so that no change falls between the two. What
   * changes meanwhile waits and is sent after it.
   */
  snapshot?: {
    operation: string;
    toVariables?(input: I, found: Found): Record<string, unknown>;
    toFrame(data: Record<string, unknown>, input: I, found: Found): Frame;
  };
  /**
   * Where the document lets a client log in by its first message: the access token in that message, or null when it is another one. Without
   * it the handshake must carry the credentials.
   */
  tokenIn?(message: unknown): string | null;
}

/** A documented REST operation as data: which GraphQL operation it is, and how names are translated on the way in and out. */
export interface Route {
  /** The documented operation, e.g. `mikroops.ppp.secret.get`. */
  id: string;
  dialect: string;
  method: Method;
  /** With `:name` for parameters. */
  path: string;
  summary: string;
  /** Longer words for the API pages. */
  description?: string;
  /** Section of the document: the heading under which the API pages show it. */
  section: string;
  auth: 'none' | 'user';
  /**
   * `required`: a super admin must name a tenant. `none`: the route is about no tenant. `{ query }`: the tenant is in the header or,
   * for super admins, in this query parameter.
   */
  tenant: 'required' | 'none' | { query: string };
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body may be left out. */
  bodyOptional?: boolean;
  /** Takes form bodies as well: RouterOS' `/tool fetch` sends them by default. */
  acceptsForm?: boolean;
  /** A list: paged in the dialect's way. `most` is the longest page, null for no bound; `usual` the length when none is asked for. */
  list?: { most: number | null };
  /** Several routes on one method and path: the first one whose `when` takes the body answers. */
  when?(body: unknown): boolean;
  /** A named composition: operations that run one after the other before the main one. */
  before?: readonly Step[];
  /** The main operation: a query or mutation by name, or the first subscription of a stream. */
  operation: string;
  toVariables?(input: Input, found: Found): Record<string, unknown>;
  toResponse?(data: Record<string, unknown>, input: Input, found: Found): Answer;
  /** The data of the answer, for the API pages. */
  response?: z.ZodType;
  /** Of a success. Default 200. */
  status?: number;
  /** In place of the dialect's limits. */
  limit?: Limit;
  /** From the graph's field names in error details to the route's. */
  fields?: Readonly<Record<string, string>>;
  stream?: Stream;
  /** Answers without the usual way through one operation: an intake that batches (see `intake/`). */
  intake?: string;
}

type OutputOf<Schema, Otherwise> = Schema extends z.ZodType ? z.output<Schema> : Otherwise;

type InputOf<Params, Query, Body> = Input<OutputOf<Params, Record<string, string>>, OutputOf<Query, Record<string, unknown>>, OutputOf<Body, undefined>>;

/** One operation with the map of its variables, checked against the graph. */
interface Asked<Name extends OperationName, I, F> {
  operation: Name;
  toVariables?(input: I, found: F): VariablesOf<Name>;
}

/** A union over all operations: the name decides on the types of the maps beside it. */
type AnyStep<I> = { [Name in OperationName]: Asked<Name, I, Found> & { as: string } }[OperationName];
type AnySnapshot<I, F> = { [Name in OperationName]: Asked<Name, I, F> & { toFrame(data: ResultOf<Name>, input: I, found: F): Frame } }[OperationName];
type AnySubscription<I, F> = { [Name in OperationName]: Asked<Name, I, F> & { toFrame(data: ResultOf<Name>, input: I, found: F): Frame | Frame[] | null } }[OperationName];

/** What the steps have found, by their names. */
type FoundBy<Steps> = Steps extends ReadonlyArray<infer S> ? { readonly [One in S as One extends { as: infer As extends string } ? As : never]: One extends { operation: infer Name extends OperationName } ? ResultOf<Name> : never } : Found;

interface TypedStream<I, F> extends Pick<Stream, 'tokenIn'> {
  subscriptions: ReadonlyArray<AnySubscription<I, F>>;
  snapshot?: AnySnapshot<I, F>;
}

type Plain = Omit<Route, 'params' | 'query' | 'body' | 'before' | 'operation' | 'toVariables' | 'toResponse' | 'stream' | 'intake'>;

interface TypedRoute<Name extends OperationName, Params, Query, Body, Steps> extends Plain, Asked<Name, InputOf<Params, Query, Body>, FoundBy<Steps>> {
  params?: Params;
  query?: Query;
  body?: Body;
  before?: Steps;
  toResponse?(data: ResultOf<Name>, input: InputOf<Params, Query, Body>, found: FoundBy<Steps>): Answer;
  stream?: TypedStream<InputOf<Params, Query, Body>, FoundBy<Steps>>;
}

type Fields = z.ZodObject | undefined;

/** A route whose maps are checked against its schemas and, by the names of its operations, against the graph. */
export function defineRoute<
  Name extends OperationName,
  Params extends Fields = undefined,
  Query extends Fields = undefined,
  Body extends z.ZodType | undefined = undefined,
  const Steps extends ReadonlyArray<AnyStep<InputOf<Params, Query, Body>>> = [],
>(route: TypedRoute<Name, Params, Query, Body, Steps>): Route {
  // The machine hands a map exactly what the schemas beside it let through, and what the graph has answered.
  return route as unknown as Route;
}

/** A subscription that several streams share. */
export function defineSubscription<Name extends OperationName>(subscription: Asked<Name, Input, Found> & { toFrame(data: ResultOf<Name>): Frame | Frame[] | null }): AnySubscription<unknown, unknown> {
  return subscription as unknown as AnySubscription<unknown, unknown>;
}

/** A route that an intake answers: its map makes what the intake takes. */
export function defineIntake<Body extends z.ZodType>(
  route: Plain & { operation: OperationName; intake: string; body: Body; toVariables(input: InputOf<undefined, undefined, Body>): Record<string, unknown> },
): Route {
  return route as unknown as Route;
}

/** A route whose operation stands in `operations/awaited/`, because the graph does not offer it yet: nothing can check its maps till then. */
export function defineAwaited<Data extends object, Params extends Fields = undefined, Query extends Fields = undefined, Body extends z.ZodType | undefined = undefined>(
  route: Omit<TypedRoute<never, Params, Query, Body, []>, 'operation' | 'toVariables' | 'toResponse'> & {
    operation: string;
    toVariables?(input: InputOf<Params, Query, Body>, found: Found): Record<string, unknown>;
    toResponse?(data: Data, input: InputOf<Params, Query, Body>, found: Found): Answer;
  },
): Route {
  return route as unknown as Route;
}
