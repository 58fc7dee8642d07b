import {
  createSourceEventStream,
  execute,
  GraphQLError,
  isScalarType,
  isSpecifiedScalarType,
  validate,
  ValuesOfCorrectTypeRule,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { validationError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import { coercionError } from './coercion.ts';
import { makeDocuments, parseDocument } from './documents.ts';
import { maskError } from './mask-error.ts';
import { isAnsweredOnce, makeSerials, makeSharedAnswers, scopeOf } from './shared-events.ts';
import type { GraphRequest, Subgraph, SubgraphContext } from './subgraph.ts';

export interface LocalSubgraphOptions<Loaders> {
  name: string;
  schema: GraphQLSchema;
  /** Loaders for one request, or for one event of a subscription. */
  loaders: (context: Omit<SubgraphContext<Loaders>, 'loaders'>) => Loaders;
  log: Logger;
  metrics?: Metrics;
}

/**
 * A subgraph in this process. Documents are parsed and validated once; each request has its own context. Errors leave
 * masked, so that they are the same in process and apart.
 */
export function localSubgraph<Loaders>({ name, schema, loaders, log, metrics }: LocalSubgraphOptions<Loaders>): Subgraph {
  serializeToJson(schema);
  const documents = makeDocuments({ schema });
  const logger = log.child({ subgraph: name });
  const answers = makeSharedAnswers();
  const serialOf = makeSerials();
  const operations = metrics?.counter('headend_subgraph_operations_total', 'Operations a subgraph has run', ['subgraph', 'outcome']);

  const contextOf = ({ principal, requestId, signal }: GraphRequest, ownSignal?: AbortSignal): SubgraphContext<Loaders> => {
    const base = { principal, requestId, ...(ownSignal ?? signal ? { signal: ownSignal ?? signal } : {}) };
    return { ...base, loaders: loaders(base) };
  };

  const finish = <R extends ExecutionResult>(result: R, request: GraphRequest): R => {
    operations?.inc({ subgraph: name, outcome: result.errors ? 'error' : 'ok' });
    if (!result.errors) return result;
    const coercion = result.data === undefined ? coercionError(result.errors) : undefined;
    const errors = coercion ? [coercion] : result.errors.map((error) => maskError(error, { log: logger, requestId: request.requestId }));
    return { ...result, errors };
  };

  const refused = (request: GraphRequest, errors: readonly GraphQLError[]): ExecutionResult => {
    // Literals of custom scalars pass the gateway unseen (it knows only their names): wrong ones are the client's mistake.
    const document = request.document ?? parseDocument(request.query);
    const literals = document instanceof GraphQLError ? [] : validate(schema, document, [ValuesOfCorrectTypeRule]);
    if (literals.length > 0 && literals.length === errors.length) {
      return { errors: [validationError(literals.map(({ message }) => ({ field: 'query', code: 'INVALID_FORMAT', message })))] };
    }
    // Anything else means that this subgraph's schema is not the one the supergraph was composed from.
    logger.error({ requestId: request.requestId, errors: errors.map((error) => error.message) }, 'The subgraph refused a document');
    return { errors };
  };

  const argsOf = (request: GraphRequest, document: DocumentNode, contextValue: SubgraphContext<Loaders>): ExecutionArgs => ({
    schema,
    document,
    contextValue,
    variableValues: request.variables,
    operationName: request.operationName,
  });

  const run = async (request: GraphRequest): Promise<ExecutionResult> => {
    const prepared = documents.prepare(request.query, request.document);
    if (prepared.errors) return refused(request, prepared.errors);
    return finish(await execute(argsOf(request, prepared.document, contextOf(request))), request);
  };

  const listen = async (request: GraphRequest): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> => {
    const prepared = documents.prepare(request.query, request.document);
    if (prepared.errors) return refused(request, prepared.errors);
    const { document } = prepared;
    const left = new AbortController();
    const signal = request.signal ? AbortSignal.any([request.signal, left.signal]) : left.signal;
    const source = await createSourceEventStream(argsOf(request, document, contextOf(request, signal)));
    if (!isAsyncIterable(source)) return finish(source, request);
    const events = source[Symbol.asyncIterator]();
    const among = JSON.stringify([serialOf(document), request.operationName, request.variables, scopeOf(request.principal)]);
    // Loaders anew for each event: a subscription lives for hours, and so would what they remember.
    const answer = async (rootValue: unknown) => finish(await execute({ ...argsOf(request, document, contextOf(request, signal)), rootValue }), request);
    const leave = async (): Promise<IteratorResult<ExecutionResult>> => {
      left.abort();
      await events.return?.();
      return { value: undefined, done: true };
    };
    if (request.signal) {
      if (request.signal.aborted) await leave();
      else request.signal.addEventListener('abort', () => void leave().catch(() => undefined), { once: true });
    }
    const results: AsyncIterableIterator<ExecutionResult> = {
      async next() {
        const event = await events.next();
        if (event.done) return { value: undefined, done: true };
        const result = isAnsweredOnce(event.value) ? answers.of(event.value, among, () => answer(event.value)) : answer(event.value);
        return { value: result instanceof Promise ? await result : result, done: false };
      },
      return: leave,
      async throw(error) {
        await leave();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    return results;
  };

  return { name, execute: run as Subgraph['execute'], subscribe: listen as Subgraph['subscribe'] };
}

function isAsyncIterable(value: AsyncIterable<unknown> | ExecutionResult): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value;
}

/**
 * Some scalars serialise to Date or bigint objects, which a JSON answer would turn into text. In process nothing does, so
 * the scalars do it themselves: the plan executor must see the same values in both modes.
 */
function serializeToJson(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isScalarType(type) || isSpecifiedScalarType(type)) continue;
    const { serialize } = type;
    if (jsonSerializers.has(serialize)) continue;
    const toJson = (value: unknown) => {
      const serialized = serialize(value) as { toJSON?: () => unknown } | null;
      return typeof serialized === 'object' && serialized !== null && typeof serialized.toJSON === 'function' ? serialized.toJSON() : serialized;
    };
    jsonSerializers.add(toJson);
    type.serialize = toJson;
  }
}

/** Scalars are shared by the schemas of one process: each is wrapped once. */
const jsonSerializers = new WeakSet<object>();
