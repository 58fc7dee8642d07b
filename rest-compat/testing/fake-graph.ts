import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, execute, subscribe, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { Principal } from '#kernel/access/principal.ts';
import { makeEventQueue, type EventQueue } from '#kernel/subgraph/event-queue.ts';
import { slowConsumer } from '#kernel/subgraph/slow-consumer.ts';
import type { GraphRequest, Supergraph } from '#kernel/subgraph/subgraph.ts';

/** What a root field of the fake graph is asked. */
export interface Asked {
  principal: Principal;
  requestId: string;
}

/** A root field: what it answers, or throws. */
export type Field = (args: never, asked: Asked) => unknown;

export interface FakeGraph extends Supergraph {
  schema: GraphQLSchema;
  /** Every request that came, in order. */
  requests: GraphRequest[];
}

/** The graph's own API schema, as generated and committed: an operation that this takes, the product takes. */
export const neededSchema = (): GraphQLSchema => buildSchema(readFileSync(join(import.meta.dirname, '../../schema/api.graphql'), 'utf8'), { assumeValidSDL: true });

/** A graph of root fields given by the test, over the schema that the routes need. */
export function makeFakeGraph(fields: Record<string, Field>, schema = neededSchema()): FakeGraph {
  const requests: GraphRequest[] = [];
  const args = ({ document, variables, operationName, principal, requestId }: GraphRequest) => ({
    schema,
    document: document!,
    variableValues: variables,
    operationName,
    rootValue: fields,
    contextValue: { principal, requestId } satisfies Asked,
  });
  return {
    schema,
    requests,
    execute: (async (request: GraphRequest) => {
      requests.push(request);
      return execute(args(request));
    }) as Supergraph['execute'],
    subscribe: (async (request: GraphRequest) => {
      requests.push(request);
      return (await subscribe(args(request))) as AsyncIterableIterator<ExecutionResult> | ExecutionResult;
    }) as Supergraph['subscribe'],
  };
}

/** A source of subscription events that a test pushes into. */
export function makeEvents<T>(): EventQueue<T> & { closed: Promise<void> } {
  let resolve!: () => void;
  const closed = new Promise<void>((done) => {
    resolve = done;
  });
  const overflow = () => {
    const fail = () => {
      throw slowConsumer();
    };
    return new Proxy({}, { get: () => fail }) as T;
  };
  const queue = makeEventQueue<T>({ max: 500, overflow, onClose: resolve });
  return Object.assign(queue, { closed });
}
