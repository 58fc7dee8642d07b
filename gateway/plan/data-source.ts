import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError, Kind, parse, type ExecutionResult } from 'graphql';
import { DomainError, unavailable } from '#kernel/errors.ts';
import { makeLru } from '#kernel/lru.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import type { GraphRequest, Subgraph } from '#kernel/subgraph/subgraph.ts';

/** What the plan executor hands every sub-request: who asks, and for which request of which client. */
export type OperationContextValue = Pick<GraphRequest, 'principal' | 'requestId' | 'signal'>;

export interface DataSourceOptions {
  subgraph: Subgraph;
  /** Milliseconds that one sub-request may take. */
  deadlineMs: number;
  /** The same for a mutation: a step on a slow router takes longer than any read may. */
  mutationDeadlineMs: number;
  log: Logger;
  metrics?: Metrics;
}

/** Errors as a subgraph gives them, with paths as the sub-request has them. */
type SubgraphResponse = Awaited<ReturnType<GraphQLDataSource['process']>>;

/**
 * A subgraph as the plan executor wants it. A subgraph that is away or hangs answers with UNAVAILABLE for the fields that
 * were asked of it; the rest of the client's query goes on.
 */
export function makeDataSource({ subgraph, deadlineMs, mutationDeadlineMs, log, metrics }: DataSourceOptions): GraphQLDataSource {
  const seconds = metrics?.histogram('headend_gateway_subgraph_seconds', 'How long subgraphs take to answer the gateway', ['subgraph', 'outcome']);
  return {
    async process({ request, context }) {
      const { principal, requestId, signal } = context as OperationContextValue;
      const started = performance.now();
      const query = request.query!;
      let outcome = 'ok';
      try {
        const result = await withDeadline(subgraph.name, query.startsWith('mutation') ? mutationDeadlineMs : deadlineMs, signal, (bounded) =>
          subgraph.execute({ query, variables: request.variables, operationName: request.operationName, principal, requestId, signal: bounded }),
        );
        if (result.errors) outcome = 'error';
        return result as SubgraphResponse;
      } catch (error) {
        outcome = 'unavailable';
        if (!(error instanceof DomainError)) log.error({ requestId, subgraph: subgraph.name, err: error }, 'A subgraph failed to answer');
        const cause = error instanceof DomainError ? error : unavailable(`The subgraph ${subgraph.name} could not answer.`);
        return { data: null, errors: unavailablePaths(query).map((path) => new GraphQLError(cause.message, { path, extensions: cause.extensions })) };
      } finally {
        seconds?.observe({ subgraph: subgraph.name, outcome }, (performance.now() - started) / 1000);
      }
    },
  };
}

/** Rejects with UNAVAILABLE when the work is not done in time, and tells the work to stop. */
export async function withDeadline<T>(name: string, deadlineMs: number, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const stopNow = () => stop.abort();
  signal?.addEventListener('abort', stopNow, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(unavailable(`No answer from the subgraph ${name} within ${deadlineMs / 1000} s.`));
      stop.abort();
    }, deadlineMs);
  });
  try {
    return await Promise.race([work(stop.signal), late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stopNow);
  }
}

const paths = makeLru<string, ReadonlyArray<ReadonlyArray<string | number>>>(1000);

/**
 * The paths that an answer that did not come leaves empty: each root field of the sub-request, or its first entity (one
 * error for a whole list of entities: they all miss for the same reason).
 */
function unavailablePaths(query: string): ReadonlyArray<ReadonlyArray<string | number>> {
  const known = paths.get(query);
  if (known) return known;
  const names: string[] = [];
  for (const definition of parse(query).definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const selection of definition.selectionSet.selections) {
      if (selection.kind === Kind.FIELD) names.push(selection.alias?.value ?? selection.name.value);
    }
  }
  const made = names.length === 0 ? [[]] : names.map((name) => (name === '_entities' ? [name, 0] : [name]));
  paths.set(query, made);
  return made;
}

/** A data source whose first answer is given: an event of a subscription, then what the subgraph itself says. */
export function startingWith(event: ExecutionResult, source: GraphQLDataSource): GraphQLDataSource {
  let first = true;
  return {
    process(options) {
      if (!first) return source.process(options);
      first = false;
      return Promise.resolve(event as SubgraphResponse);
    },
  };
}
