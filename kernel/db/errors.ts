/** The SQLSTATE, constraint and so on of a PostgreSQL error, however deep drizzle has wrapped it. */
interface PostgresFault {
  code?: unknown;
  constraint_name?: unknown;
  constraint?: unknown;
}

/** Walks `cause` (drizzle wraps in DrizzleQueryError) to the first error that carries a `code`. */
function faultOf(error: unknown): PostgresFault | undefined {
  for (let at: unknown = error, depth = 0; at && typeof at === 'object' && depth < 8; depth += 1) {
    if (typeof (at as PostgresFault).code === 'string') return at as PostgresFault;
    at = (at as { cause?: unknown }).cause;
  }
  return undefined;
}

/** The five-character SQLSTATE (or the driver's own code, as `CONNECTION_CLOSED`), if the error has one. */
export function sqlState(error: unknown): string | undefined {
  return faultOf(error)?.code as string | undefined;
}

function violates(error: unknown, code: string, constraint?: string): boolean {
  const fault = faultOf(error);
  if (fault?.code !== code) return false;
  return constraint === undefined || fault.constraint_name === constraint || fault.constraint === constraint;
}

/** SQLSTATE 23505; with `constraint`, only for the unique index or constraint of that name. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23505', constraint);
}

/** SQLSTATE 23503; with `constraint`, only for the foreign key of that name. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23503', constraint);
}

/** SQLSTATE 23P01 (an exclusion constraint, for instance two address ranges that overlap). */
export function isExclusionViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23P01', constraint);
}

/** SQLSTATE 23514. */
export function isCheckViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23514', constraint);
}

/** SQLSTATE 40001 or 40P01: the same transaction may succeed when tried again. */
export function isSerializationFailure(error: unknown): boolean {
  const code = sqlState(error);
  return code === '40001' || code === '40P01';
}

const UNAVAILABLE = new Set([
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
  '57P01', '57P02', '57P03', '53300',
  'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT', 'POOL_TIMEOUT', 'POOL_CLOSED',
  'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
]);

/**
 * The database could not be reached, was shutting down or starting up, or had no connection free in time. Whether a
 * commit that was under way took place is unknown then.
 */
export function isUnavailable(error: unknown): boolean {
  const code = sqlState(error);
  return code !== undefined && (UNAVAILABLE.has(code) || code.startsWith('08'));
}

/** An error of our own with a `code` that {@link isUnavailable} knows. */
export function unavailable(code: 'CONNECTION_CLOSED' | 'POOL_TIMEOUT' | 'POOL_CLOSED' | 'CONNECT_TIMEOUT', message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code });
}
