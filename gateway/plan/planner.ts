import { buildOperationContext } from '@apollo/gateway';
import { operationFromDocument, Supergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode, type QueryPlan, type SubscriptionNode } from '@apollo/query-planner';
import { getOperationAST, GraphQLError, Kind, parse, print, visit, type DocumentNode, type FieldNode, type GraphQLSchema, type OperationTypeNode } from 'graphql';
import { makeLru } from '#kernel/lru.ts';
import type { Metrics } from '#kernel/metrics.ts';

/** One operation with the plan of how the subgraphs answer it. */
export interface PlannedOperation {
  kind: OperationTypeNode;
  /** What execution needs besides the plan: the operation and its fragments. */
  context: ReturnType<typeof buildOperationContext>;
  /** A query's or mutation's plan; for a subscription, the plan of one event: the event itself, then what it leads to. */
  plan: QueryPlan;
  /** A subscription's first part, asked of the one subgraph that owns it. */
  primary?: SubscriptionNode['primary'];
  /** The subgraph is asked for exactly what the client asks: its events are the answer, with nothing to add and nothing to shape. */
  straight?: boolean;
}

export interface Planner {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly apiSchema: Schema;
  /** With the types and fields that clients do not see. */
  readonly supergraphSchema: GraphQLSchema;
  readonly supergraphSdl: string;
  /** The subgraphs that the supergraph was composed from. */
  readonly subgraphNames: readonly string[];
  /**
   * Plans once per operation, however its text is laid out: what was planned from a file is found again for the same words in code.
   * `document` is parsed and valid. Throws a GraphQLError when no operation is meant.
   */
  plan(source: string, document: DocumentNode, operationName: string | undefined): PlannedOperation;
}

export interface PlannerOptions {
  /** Plans kept. */
  max?: number;
  metrics?: Metrics;
}

/** Query planning over the committed supergraph; this file and `executor.ts` alone know Apollo's planner. */
export function makePlanner(supergraphSdl: string, { max = 1000, metrics }: PlannerOptions = {}): Planner {
  // The SDL was checked when it was composed.
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  const apiSchema = supergraph.apiSchema();
  const schema = apiSchema.toGraphQLJSSchema();
  const queryPlanner = new QueryPlanner(supergraph);
  const counted = metrics?.counter('headend_gateway_plans_total', 'Query plans made, because no plan was there');
  /** By text, which is what every call has; and by what the text says. */
  const byText = makeLru<string, PlannedOperation>(max);
  const planned = makeLru<string, PlannedOperation>(max);

  return {
    schema,
    apiSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    supergraphSdl,
    subgraphNames: [...supergraph.subgraphsMetadata()].map(({ name }) => name),
    plan(source, document, operationName) {
      const key = `${operationName ?? ''}\n${source}`;
      const known = byText.get(key);
      if (known) return known;
      const context = contextOf(schema, document, operationName);
      const meaning = `${context.operation.name?.value ?? ''}\n${print(document)}`;
      let made = planned.get(meaning);
      if (!made) {
        made = shape(context, queryPlanner.buildQueryPlan(operationFromDocument(apiSchema, withFirmSelections(document), { operationName })));
        planned.set(meaning, made);
        counted?.inc();
      }
      byText.set(key, made);
      return made;
    },
  };
}

function contextOf(schema: GraphQLSchema, operationDocument: DocumentNode, operationName: string | undefined): PlannedOperation['context'] {
  try {
    return buildOperationContext({ schema, operationDocument, operationName });
  } catch (error) {
    throw new GraphQLError((error as Error).message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
  }
}

/**
 * Every object keeps one selection that no @skip or @include can remove. Apollo's planner leaves an object out when the
 * variables remove all of its selections: `customer { ...Details @include(if: $more) }` would answer null instead of an
 * empty object, and null everything above it where the field is non-null, without an error. The plan alone asks for this;
 * the answer is shaped by what the client wrote.
 */
function withFirmSelections(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field(field) {
      if (!field.selectionSet || field.selectionSet.selections.some((selection) => selection.kind === Kind.FIELD && !selection.directives?.length)) return undefined;
      return { ...field, selectionSet: { ...field.selectionSet, selections: [FIRM, ...field.selectionSet.selections] } };
    },
  });
}

const FIRM: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** A subscription's plan becomes the sequence that runs for each event (Apollo's executor refuses the node itself). */
function shape(context: PlannedOperation['context'], plan: QueryPlan): PlannedOperation {
  const kind = context.operation.operation;
  if (plan.node?.kind !== 'Subscription') return { kind, context, plan };
  const { primary, rest } = plan.node;
  const nodes: PlanNode[] = rest ? [primary, rest] : [primary];
  const straight = !rest && print(getOperationAST(parse(primary.operation))!.selectionSet) === print(context.operation.selectionSet);
  return { kind, context, primary, straight, plan: { kind: 'QueryPlan', node: { kind: 'Sequence', nodes } } };
}
