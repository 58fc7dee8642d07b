import { GraphQLError } from 'graphql';

/** What went wrong with one input field. `field` is the path below the argument, e.g. `customer.email`. */
export interface ErrorDetail {
  field: string;
  /** Machine-readable reason, e.g. `REQUIRED`, `INVALID_FORMAT`, `TAKEN`, `OUT_OF_RANGE`, `UNKNOWN`. */
  code: string;
  /** For people; names the field and what is expected. */
  message: string;
}

/**
 * The codes every part may use, with what they mean to a client. Specific ones (`NETWORK_ROUTER_UNREACHABLE`) live in the
 * subgraph's `errors.ts`; all of them are listed in `schema/errors.md`.
 */
export const COMMON_ERRORS = {
  UNAUTHENTICATED: 'No credentials, or they are wrong, expired or revoked.',
  FORBIDDEN: 'The caller is known but lacks the permission, or names a tenant that is not its own.',
  NOT_FOUND: 'There is no such thing, or it belongs to another tenant.',
  VALIDATION_ERROR: 'An input cannot be taken; `details` names every wrong field by its path below the argument.',
  CONFLICT: 'The request contradicts the present state: a name is taken, a thing is in use, an idempotency key was used with another input.',
  RATE_LIMITED: 'Too many requests; try again later.',
  UNAVAILABLE: 'Something the answer needs is out of reach for now; the same call may succeed later.',
  INTERNAL_ERROR: 'A fault of ours. The request id finds it in the logs.',
  BAD_REQUEST: 'The request cannot be read as GraphQL over this protocol.',
  SLOW_CONSUMER: 'A subscription was ended because its client did not keep up; subscribe again.',
  GRAPHQL_PARSE_FAILED: 'The document has a syntax error.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema, or is beyond a limit (depth, aliases, root fields).',
  OPERATION_RESOLUTION_FAILURE: 'The document has several operations, and none or an unknown one was named.',
} as const;

export type CommonErrorCode = keyof typeof COMMON_ERRORS;

export interface DomainErrorOptions {
  details?: ErrorDetail[];
  cause?: unknown;
}

/**
 * An error that is part of the product's contract: its code and message reach the client as they are. Anything else
 * that is thrown is masked as INTERNAL_ERROR and only logged (see `maskError`).
 */
export class DomainError extends GraphQLError {
  readonly code: string;
  readonly details: ErrorDetail[];

  constructor(code: CommonErrorCode | (string & {}), message: string, options: DomainErrorOptions = {}) {
    super(message, {
      originalError: options.cause instanceof Error ? options.cause : undefined,
      extensions: { code, ...(options.details?.length ? { details: options.details } : {}) },
    });
    this.name = 'DomainError';
    this.code = code;
    this.details = options.details ?? [];
  }
}

/** An input that cannot be taken, with every field that is wrong. */
export function validationError(details: ErrorDetail[]): DomainError {
  const message = details.length === 1 ? details[0]!.message : `${details.length} fields are not valid: ${details.map((d) => d.field).join(', ')}`;
  return new DomainError('VALIDATION_ERROR', message, { details });
}

/** One wrong field. */
export function invalidField(field: string, code: string, message: string): DomainError {
  return validationError([{ field, code, message }]);
}

/**
 * There is no such thing, or it belongs to another tenant: the two answer alike, so that ids of other tenants cannot be
 * probed.
 */
export function notFound(noun: string, id: string): DomainError {
  return new DomainError('NOT_FOUND', `There is no ${noun} with the id ${JSON.stringify(id)}.`);
}

/** The request contradicts the present state (a name that is taken, a thing that is in use). */
export function conflict(message: string, details: ErrorDetail[] = []): DomainError {
  return new DomainError('CONFLICT', message, { details });
}

/** The caller has not shown who it is. */
export function unauthenticated(message = 'Log in first: send an access token or an API key.'): DomainError {
  return new DomainError('UNAUTHENTICATED', message);
}

/** The caller is known, but lacks the right. */
export function forbidden(message = 'You are not allowed to do this.'): DomainError {
  return new DomainError('FORBIDDEN', message);
}

/** Something the answer needs is out of reach for now; the same call may succeed later. */
export function unavailable(message: string, cause?: unknown): DomainError {
  return new DomainError('UNAVAILABLE', message, { cause });
}

/** The DomainError inside an error that execution has wrapped in a located GraphQLError, if there is one. */
export function domainErrorOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (error instanceof GraphQLError && error.originalError) return domainErrorOf(error.originalError);
  return undefined;
}
