import { getOperationAST, GraphQLError, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode, type ValidationRule } from 'graphql';
import { makeLru } from '#kernel/lru.ts';

/** A document that may be executed, or why it may not. */
export type Prepared = { document: DocumentNode; errors?: undefined } | { document?: undefined; errors: readonly GraphQLError[] };

export interface Documents {
  /** Parses and validates once per text. `document` saves the parsing where the caller has it. */
  prepare(query: string, document?: DocumentNode): Prepared;
}

export interface DocumentsOptions {
  schema: GraphQLSchema;
  rules?: readonly ValidationRule[];
  /** Documents kept. */
  max?: number;
  /** A text with more tokens is refused while it is parsed. */
  maxTokens?: number;
}

/** Good documents by text. Bad ones are not kept: they would push out the good ones. */
export function makeDocuments({ schema, rules = specifiedRules, max = 2000, maxTokens }: DocumentsOptions): Documents {
  const good = makeLru<string, Prepared>(max);
  return {
    prepare(query, given) {
      const known = good.get(query);
      if (known) return known;
      let document = given;
      if (!document) {
        const parsed = parseDocument(query, maxTokens);
        if (parsed instanceof GraphQLError) return { errors: [parsed] };
        document = parsed;
      }
      const errors = validate(schema, document, rules);
      if (errors.length > 0) return { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
      const prepared: Prepared = { document };
      good.set(query, prepared);
      return prepared;
    },
  };
}

/** The document, or the syntax error with its code. */
export function parseDocument(query: string, maxTokens?: number): DocumentNode | GraphQLError {
  try {
    return parse(query, maxTokens === undefined ? undefined : { maxTokens });
  } catch (error) {
    return withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED');
  }
}

/** The operation that is meant, or the error that says why it is not clear. */
export function operationOf(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode | GraphQLError {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  const message = operationName ? `There is no operation named ${JSON.stringify(operationName)} in the document.` : 'Say by operationName which operation of the document to run.';
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, { nodes: error.nodes, source: error.source, positions: error.positions, extensions: { code, ...error.extensions } });
}
