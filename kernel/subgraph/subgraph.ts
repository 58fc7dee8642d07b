import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Principal } from '#kernel/access/principal.ts';

/** One operation against one subgraph, or against the supergraph. */
export interface GraphRequest {
  /** The operation as text. It is also the key under which the parsed and validated document is cached. */
  query: string;
  /** The parsed operation, where the caller has it (a query plan does). */
  document?: DocumentNode;
  variables?: Record<string, unknown>;
  operationName?: string;
  principal: Principal;
  requestId: string;
  /** Ends the operation early: a subscription's upstream is closed, a query's answer no longer awaited. */
  signal?: AbortSignal;
}

/** What runs operations: the same shape in process and over HTTP + graphql-ws. */
export interface Executable {
  /** A query or a mutation. Never rejects for what the operation did wrong: that stands in `errors`. Rejects when out of reach. */
  execute<T = Record<string, unknown>>(request: GraphRequest): Promise<ExecutionResult<T>>;
  /** A subscription: the events, or one result with `errors` when it is refused. Closing the iterator ends the upstream. */
  subscribe<T = Record<string, unknown>>(request: GraphRequest): Promise<AsyncIterableIterator<ExecutionResult<T>> | ExecutionResult<T>>;
}

/** One domain of the graph, wherever it runs. */
export interface Subgraph extends Executable {
  readonly name: string;
}

/** The whole graph, as ops and rest-compat see it: the gateway object in process, HTTP + graphql-ws apart. */
export type Supergraph = Executable;

/** What a resolver is handed as its context. */
export interface SubgraphContext<Loaders = Record<string, never>> {
  principal: Principal;
  requestId: string;
  /** Made anew per request, and per event in a subscription, so that nothing stale or foreign is served. */
  loaders: Loaders;
  signal?: AbortSignal;
}
