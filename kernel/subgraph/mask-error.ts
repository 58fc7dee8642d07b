import { GraphQLError } from 'graphql';
import { isUnavailable } from '#kernel/db/errors.ts';
import type { Logger } from '#kernel/logs.ts';
import { coercionError } from './coercion.ts';

/** Codes are upper snake case; lower case and numbers alone are other people's (`ECONNREFUSED` never gets into extensions). */
const CODE = /^[A-Z][A-Z0-9_]+$/;

/** Codes that libraries put on errors they did not expect. */
const UNEXPECTED = new Set(['INTERNAL_SERVER_ERROR', 'DOWNSTREAM_SERVICE_ERROR']);

export interface MaskContext {
  log: Logger;
  requestId: string;
}

/**
 * What may leave the process of an error. An error with a code of the product's catalogue (a DomainError, also one that a
 * subgraph has already masked) passes as it is; an input that does not fit its type becomes VALIDATION_ERROR; a database that
 * is away or starting becomes UNAVAILABLE, so that a client asks again; anything else is logged with the request id and answered as INTERNAL_ERROR without its message, which may hold SQL or secrets.
 */
export function maskError(error: GraphQLError, { log, requestId }: MaskContext): GraphQLError {
  const code = error.extensions?.code;
  if (code === 'BAD_USER_INPUT' || code === undefined) {
    const coercion = coercionError([error]);
    if (coercion) return coercion;
  }
  if (typeof code === 'string' && CODE.test(code) && !UNEXPECTED.has(code)) return error;
  const cause = error.originalError ?? error;
  if (isUnavailable(cause)) {
    log.warn({ requestId, path: error.path, err: cause }, 'Something the answer needs is out of reach');
    return new GraphQLError('Something the answer needs is out of reach for now; the same call may succeed later.', { path: error.path, extensions: { code: 'UNAVAILABLE' } });
  }
  log.error({ requestId, path: error.path, err: cause }, 'An unexpected error was masked');
  return new GraphQLError('Something went wrong on our side. The request id identifies it in the log.', {
    path: error.path,
    extensions: { code: 'INTERNAL_ERROR' },
  });
}
