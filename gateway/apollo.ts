import { AsyncLocalStorage } from 'node:async_hooks';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { maskError } from '#kernel/subgraph/mask-error.ts';
import { limitsRule, type Limits } from './guard/limits.ts';
import type { OperationContextValue } from './plan/data-source.ts';
import type { Executor } from './plan/executor.ts';
import type { Planner } from './plan/planner.ts';
import { notHere } from './supergraph.ts';

export interface ApolloOptions {
  planner: Planner;
  executor: Executor;
  limits: Limits;
  introspection: boolean;
  /** The page for browsers. */
  landingPage: string;
  log: Logger;
  metrics?: Metrics;
}

export interface Apollo {
  server: ApolloServer<OperationContextValue>;
  /** Runs the handling of one HTTP request, so that every error in it can name the request. */
  inRequest<T>(requestId: string, work: () => T): T;
}

/** Apollo Server over our planner and executor: GraphQL over HTTP, persisted queries, CSRF prevention. */
export function makeApollo({ planner, executor, limits, introspection, landingPage, log, metrics }: ApolloOptions): Apollo {
  // Apollo's formatError is not told which request an error belongs to.
  const requestIds = new AsyncLocalStorage<string>();
  const seconds = metrics?.histogram('headend_gateway_operation_seconds', 'How long operations take', ['kind', 'outcome']);

  const run = async (source: string, document: DocumentNode, operationName: string | undefined, variables: Record<string, unknown> | undefined, context: OperationContextValue): Promise<ExecutionResult> => {
    const started = performance.now();
    const operation = planner.plan(source, document, operationName);
    if (operation.primary) return { errors: [notHere()] };
    const { data, errors, extensions } = await executor.run(operation, variables, context);
    seconds?.observe({ kind: operation.kind, outcome: errors ? 'error' : 'ok' }, (performance.now() - started) / 1000);
    if (extensions) log.warn({ requestId: context.requestId, ...extensions }, 'A subgraph answered what its schema does not allow');
    return { ...(errors ? { errors } : {}), ...(data === undefined ? {} : { data }) };
  };

  const formatError = (formatted: GraphQLFormattedError, raw: unknown): GraphQLFormattedError => {
    const requestId = requestIds.getStore() ?? '';
    const error = raw instanceof GraphQLError ? raw : new GraphQLError('Unexpected error.', { originalError: raw as Error });
    const masked = maskError(error, { log, requestId });
    if (masked === error) return { ...formatted, extensions: { ...formatted.extensions, requestId } };
    return { message: masked.message, ...(error.path ? { path: error.path } : {}), extensions: { ...masked.extensions, requestId } };
  };

  const pages: ApolloServerPlugin<OperationContextValue> = {
    async serverWillStart() {
      return {
        async renderLandingPage() {
          return { html: landingPage };
        },
      };
    },
  };

  const { schema: apiSchema, supergraphSdl } = planner;
  const server = new ApolloServer<OperationContextValue>({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema, coreSupergraphSdl: supergraphSdl });
        return () => undefined;
      },
      async load() {
        return {
          executor: (request) =>
            run(request.source, request.document, request.request.operationName, request.request.variables, request.context as OperationContextValue) as Promise<ExecutionResult<Record<string, unknown>, Record<string, unknown>>>,
        };
      },
      async stop() {},
    },
    plugins: [pages],
    formatError,
    introspection,
    validationRules: [limitsRule(limits)],
    parseOptions: { maxTokens: limits.tokens },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: string) => log.warn({}, message),
      error: (message: string) => log.error({}, message),
    },
  });
  return { server, inRequest: (requestId, work) => requestIds.run(requestId, work) };
}
