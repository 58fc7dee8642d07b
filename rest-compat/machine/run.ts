import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Principal } from '#kernel/access/principal.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { fromGraphQLError, RestError } from './errors.ts';
import type { Operation } from './operations.ts';

export interface RunRequest {
  operation: Operation;
  variables: Record<string, unknown>;
  principal: Principal;
  requestId: string;
  fields?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** Runs one query or mutation and answers its data. @throws RestError for what the graph refused. */
export async function run(supergraph: Supergraph, { operation, variables, principal, requestId, fields, signal }: RunRequest): Promise<Record<string, unknown>> {
  const result = await supergraph.execute({ query: operation.text, document: operation.document, operationName: operation.name, variables, principal, requestId, signal });
  return dataOf(result, fields);
}

/** Opens one subscription. @throws RestError when it is refused. */
export async function open(supergraph: Supergraph, { operation, variables, principal, requestId, fields, signal }: RunRequest): Promise<AsyncIterableIterator<ExecutionResult>> {
  const events = await supergraph.subscribe({ query: operation.text, document: operation.document, operationName: operation.name, variables, principal, requestId, signal });
  if (Symbol.asyncIterator in events) return events;
  dataOf(events, fields);
  throw new RestError('INTERNAL_ERROR', 'The stream did not open.');
}

/**
 * The data of a result, with no null among its root fields. An error fails the request when it took a root field with it; one below (a live value that could not be
 * read in time) leaves a null there, which is what the graph promises.
 */
export function dataOf(result: ExecutionResult, fields: Readonly<Record<string, string>> = {}): Record<string, unknown> {
  const { data, errors } = result;
  const fatal = errors?.find((error) => isFatal(error, data));
  if (fatal) throw fromGraphQLError(fatal, fields);
  if (!data) throw new RestError('INTERNAL_ERROR', 'The graph gave no answer.');
  if (Object.values(data).includes(null)) throw new RestError('NOT_FOUND', 'There is no such thing.');
  return data as Record<string, unknown>;
}

function isFatal(error: GraphQLError, data: ExecutionResult['data']): boolean {
  const root = error.path?.[0];
  return !data || root === undefined || data[root] === null || data[root] === undefined;
}
