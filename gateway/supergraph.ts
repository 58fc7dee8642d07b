import { GraphQLError, OperationTypeNode, specifiedRules, type ExecutionResult } from 'graphql';
import { DomainError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { makeDocuments, type Documents } from '#kernel/subgraph/documents.ts';
import type { Executable, GraphRequest, Supergraph } from '#kernel/subgraph/subgraph.ts';
import { finishResult } from './guard/errors.ts';
import { limitsRule, type Limits } from './guard/limits.ts';
import type { OperationContextValue } from './plan/data-source.ts';
import type { Executor } from './plan/executor.ts';
import type { PlannedOperation, Planner } from './plan/planner.ts';
import type { Subscriber } from './plan/subscribe.ts';

export interface SupergraphOptions {
  planner: Planner;
  executor: Executor;
  subscriber: Subscriber;
  log: Logger;
  metrics?: Metrics;
}

/** The graph with and without the limits for clients. */
export interface Supergraphs {
  /** For ops and REST in this process, whose operations are ours. */
  trusted: Supergraph;
  /** For whoever comes over the wire. */
  guarded(limits: Limits): Supergraph;
  /**
   * Parses, validates and plans operations that are known beforehand, one a turn so that requests are served meanwhile. Answers what
   * the graph does not take: such an operation fails when it is called, and keeps nothing else from being served.
   */
  warmUp(operations: readonly string[], signal: AbortSignal): Promise<GraphQLError[]>;
}

/** Executes and subscribes: prepare (parse, validate), plan, run, finish errors. */
export function makeSupergraphs({ planner, executor, subscriber, log, metrics }: SupergraphOptions): Supergraphs {
  const seconds = metrics?.histogram('headend_gateway_operation_seconds', 'How long operations take', ['kind', 'outcome']);

  const prepare = (documents: Documents, { query, document, operationName }: Pick<GraphRequest, 'query' | 'document' | 'operationName'>): PlannedOperation | ExecutionResult => {
    const prepared = documents.prepare(query, document);
    if (prepared.errors) return { errors: prepared.errors };
    return planner.plan(query, prepared.document, operationName);
  };

  const asResult = (error: unknown): ExecutionResult => ({
    errors: [error instanceof GraphQLError ? error : new GraphQLError('Unexpected error.', { originalError: error as Error })],
  });

  const warmUp = async (documents: Documents, operations: readonly string[], signal: AbortSignal): Promise<GraphQLError[]> => {
    const refused: GraphQLError[] = [];
    for (const query of operations) {
      if (signal.aborted) break;
      try {
        const operation = prepare(documents, { query });
        if ('errors' in operation && operation.errors) refused.push(...operation.errors);
      } catch (error) {
        refused.push(error as GraphQLError);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return refused;
  };

  const over = (documents: Documents): Supergraph => {
    const execute = async (request: GraphRequest): Promise<ExecutionResult> => {
      const started = performance.now();
      let kind = 'invalid';
      let result: ExecutionResult;
      try {
        const operation = prepare(documents, request);
        if ('plan' in operation) {
          kind = operation.kind;
          result = operation.primary ? { errors: [notHere()] } : await executor.run(operation, request.variables, contextOf(request));
        } else result = operation;
      } catch (error) {
        result = asResult(error);
      }
      seconds?.observe({ kind, outcome: result.errors ? 'error' : 'ok' }, (performance.now() - started) / 1000);
      return finishResult(result, { log, requestId: request.requestId });
    };

    const subscribe = async (request: GraphRequest): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> => {
      const finishing = { log, requestId: request.requestId };
      try {
        const operation = prepare(documents, request);
        if (!('plan' in operation)) return finishResult(operation, finishing);
        if (operation.kind !== OperationTypeNode.SUBSCRIPTION) return await execute(request);
        const events = await subscriber(operation, request.variables, contextOf(request));
        if (!isIterator(events)) return finishResult(events, finishing);
        return mapResults(events, (result) => finishResult(result, finishing));
      } catch (error) {
        return finishResult(asResult(error), finishing);
      }
    };

    return { execute: execute as Executable['execute'], subscribe: subscribe as Executable['subscribe'] };
  };

  const ours = makeDocuments({ schema: planner.schema });
  return {
    trusted: over(ours),
    guarded: (limits) => over(makeDocuments({ schema: planner.schema, rules: [...specifiedRules, limitsRule(limits)], maxTokens: limits.tokens })),
    warmUp: (operations, signal) => warmUp(ours, operations, signal),
  };
}

/** The answer to a subscription that was sent where one answer is expected. */
export function notHere(): DomainError {
  return new DomainError('BAD_REQUEST', 'Subscriptions are served over WebSockets: connect with the graphql-transport-ws protocol to the same path.');
}

function contextOf({ principal, requestId, signal }: GraphRequest): OperationContextValue {
  return { principal, requestId, ...(signal ? { signal } : {}) };
}

function isIterator(value: AsyncIterableIterator<ExecutionResult> | ExecutionResult): value is AsyncIterableIterator<ExecutionResult> {
  return Symbol.asyncIterator in value;
}

function mapResults(source: AsyncIterableIterator<ExecutionResult>, map: (result: ExecutionResult) => ExecutionResult): AsyncIterableIterator<ExecutionResult> {
  return {
    async next() {
      const item = await source.next();
      return item.done ? item : { value: map(item.value), done: false };
    },
    return: () => source.return!(),
    throw: (error) => source.throw!(error),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
