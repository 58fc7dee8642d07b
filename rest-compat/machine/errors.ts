import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError, domainErrorOf, type ErrorDetail } from '#kernel/errors.ts';

/**
 * What went wrong with a REST request, before a dialect gives it a body. `code` is one of the graph's codes, or one of the
 * machine's own for what never reaches the graph.
 */
export class RestError extends Error {
  override name = 'RestError';
  readonly code: string;
  readonly details: ErrorDetail[];
  /** Headers that belong to the error: `Retry-After`, `Allow`. */
  readonly headers: Record<string, string>;

  constructor(code: MachineErrorCode | (string & {}), message: string, options: { details?: ErrorDetail[]; headers?: Record<string, string>; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details ?? [];
    this.headers = options.headers ?? {};
  }
}

/** Codes of what the machine refuses itself. */
export type MachineErrorCode =
  | 'MALFORMED_BODY'
  | 'MALFORMED_ADDRESS'
  | 'BODY_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'METHOD_NOT_ALLOWED'
  | 'UNKNOWN_PATH'
  | 'TENANT_REQUIRED'
  | 'NOT_IMPLEMENTED'
  | 'UPGRADE_REQUIRED'
  | 'REQUEST_TIMEOUT';

/** The HTTP status of each code, where a dialect does not say otherwise. */
export const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  VALIDATION_ERROR: 422,
  BAD_USER_INPUT: 422,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL_ERROR: 500,
  MALFORMED_BODY: 400,
  MALFORMED_ADDRESS: 400,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  METHOD_NOT_ALLOWED: 405,
  UNKNOWN_PATH: 404,
  TENANT_REQUIRED: 400,
  NOT_IMPLEMENTED: 501,
  UPGRADE_REQUIRED: 426,
  REQUEST_TIMEOUT: 408,
};

/** Codes with which GraphQL says that an operation of ours is wrong: that is our fault, not the caller's. */
const OUR_FAULT = new Set(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'OPERATION_RESOLUTION_FAILURE', 'INTERNAL_SERVER_ERROR']);

const INTERNAL = 'Something went wrong here. Name the request id when you ask about it.';

/**
 * The status of a code. A code that is not in the table is a specific one of a subgraph's catalogue
 * (`NETWORK_VALUE_REJECTED`): the graph refused for a reason that it names, so it is the caller's request that cannot be done.
 */
export function statusOf(code: string, overrides: Readonly<Record<string, number>> = {}): number {
  return overrides[code] ?? STATUS_OF_CODE[code] ?? (code.startsWith('NETWORK_ROUTER_') ? 503 : 422);
}

/** A GraphQL error as a REST error. `fields` renames the fields in the details to those of the route. */
export function fromGraphQLError(error: GraphQLError | GraphQLFormattedError, fields: Readonly<Record<string, string>> = {}): RestError {
  const code = typeof error.extensions?.code === 'string' ? error.extensions.code : 'INTERNAL_ERROR';
  if (OUR_FAULT.has(code) || code === 'INTERNAL_ERROR') return new RestError('INTERNAL_ERROR', INTERNAL, { cause: error });
  const details = Array.isArray(error.extensions?.details) ? (error.extensions.details as ErrorDetail[]) : [];
  const renamed = details.map((detail) => ({ ...detail, field: fields[detail.field] ?? detail.field }));
  return new RestError(code, error.message, { details: renamed, headers: code === 'UNAVAILABLE' ? { 'retry-after': '5' } : {}, cause: error });
}

/** Anything thrown, as a REST error. What was not foreseen becomes INTERNAL_ERROR; its own words stay in `cause` for the log. */
export function asRestError(error: unknown): RestError {
  if (error instanceof RestError) return error;
  const domain = domainErrorOf(error);
  if (domain instanceof DomainError) return fromGraphQLError(domain);
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new RestError('BODY_TOO_LARGE', 'The request body is larger than this address takes.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new RestError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new RestError('MALFORMED_BODY', 'The request body is not valid JSON.');
  }
  if (error instanceof GraphQLError) return fromGraphQLError(error);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new RestError('MALFORMED_BODY', 'The request cannot be read.', { cause: error });
  return new RestError('INTERNAL_ERROR', INTERNAL, { cause: error });
}
