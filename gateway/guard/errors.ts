import { GraphQLError, type ExecutionResult } from 'graphql';
import { maskError, type MaskContext } from '#kernel/subgraph/mask-error.ts';

/** The last touch before an error leaves: masked where it was not foreseen, and always with the request id. */
export function finishError(error: GraphQLError, context: MaskContext): GraphQLError {
  const masked = maskError(error, context);
  return new GraphQLError(masked.message, {
    nodes: masked.nodes,
    source: masked.source,
    positions: masked.positions,
    path: masked.path ?? error.path,
    extensions: { ...masked.extensions, requestId: context.requestId },
  });
}

/** A result whose errors are fit for the client. What composition of the answer noticed (`valueCompletion`) is for the log. */
export function finishResult(result: ExecutionResult, context: MaskContext): ExecutionResult {
  const { errors, data, extensions } = result;
  // As it is, so that an answer that many share stays one object.
  if (!errors && !extensions) return result;
  const completion = extensions?.valueCompletion;
  if (completion) context.log.warn({ requestId: context.requestId, valueCompletion: completion }, 'A subgraph answered what its schema does not allow');
  return {
    ...(errors ? { errors: errors.map((error) => finishError(error, context)) } : {}),
    ...(data === undefined ? {} : { data }),
  };
}
