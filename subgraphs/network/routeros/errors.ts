/**
 * What can go wrong between us and a router, as one typed error.
 *
 * RouterOS names its failures in English text, with a category only sometimes; the classification below matches by
 * pattern, never by exact text, because the texts differ between versions and menus.
 */

/**
 * - `AUTH` login refused · `NOT_FOUND` no such row · `DUPLICATE` a row of that name exists · `BAD_VALUE` an argument
 *   was rejected · `UNSUPPORTED` the router does not know the command or argument · `FORBIDDEN` the API user lacks a
 *   policy · `INTERRUPTED` cancelled · `FAILURE` any other refusal by the router
 * - `TIMEOUT` no answer in time · `CLOSED` the session ended · `FATAL` the router ended it with a reason ·
 *   `PROTOCOL` bytes that are no RouterOS API · `UNREACHABLE` no connection · `TLS` the certificate or handshake was
 *   refused · `BUSY` our own queue for this router is full
 * - `MISMATCH` a write was accepted but reads back differently · `FOREIGN` the row of that name is not ours
 */
export type RouterOsErrorCode =
  | 'AUTH' | 'NOT_FOUND' | 'DUPLICATE' | 'BAD_VALUE' | 'UNSUPPORTED' | 'FORBIDDEN' | 'INTERRUPTED' | 'FAILURE'
  | 'TIMEOUT' | 'CLOSED' | 'FATAL' | 'PROTOCOL' | 'UNREACHABLE' | 'TLS' | 'BUSY' | 'MISMATCH' | 'FOREIGN';

/** One `!trap` sentence: the router's text and, when it sent one, its category (0 missing item … 7 return value). */
export interface Trap {
  readonly message: string;
  readonly category: number | null;
}

export interface RouterOsErrorOptions {
  /** Menu and verb, e.g. `/ppp/secret/add`. Attribute values never enter an error: they hold passwords. */
  readonly command?: string | null;
  readonly category?: number | null;
  readonly traps?: readonly Trap[];
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

// The request itself was judged and refused: sending it again gives the same answer.
const JUDGED: ReadonlySet<RouterOsErrorCode> = new Set([
  'NOT_FOUND', 'DUPLICATE', 'BAD_VALUE', 'UNSUPPORTED', 'FORBIDDEN', 'FAILURE', 'FOREIGN',
]);

/** A failed command, dial or stream. `message` is fit for an operator; it never holds a password. */
export class RouterOsError extends Error {
  override readonly name: string = 'RouterOsError';
  readonly code: RouterOsErrorCode;
  readonly command: string | null;
  readonly category: number | null;
  readonly traps: readonly Trap[];
  /**
   * True when a writing command went out and no answer came back: the router may or may not have done it. The caller
   * must read the row again before it acts (the `ensure…` verbs do).
   */
  readonly outcomeUnknown: boolean;
  /**
   * True when waiting may help: the way to the router failed (or its operator has to act: refused login, certificate),
   * not the request. With `outcomeUnknown`, read again first.
   */
  readonly retryable: boolean;

  constructor(code: RouterOsErrorCode, message: string, options: RouterOsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.command = options.command ?? null;
    this.category = options.category ?? null;
    this.traps = options.traps ?? [];
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.retryable = !JUDGED.has(code);
  }
}

/** A row carries our name but not our ownership tag: it is reported and never changed or removed. */
export class ForeignRowError extends RouterOsError {
  override readonly name = 'ForeignRowError';
  constructor(
    readonly menu: string,
    readonly rowName: string,
    /** The tag found in the row's comment, as `tenant:kind:id`; null when it carries none. */
    readonly owner: string | null,
  ) {
    super('FOREIGN', `${menu} "${rowName}" exists on the router and is not ours${owner === null ? '' : ` (owned by ${owner})`}`, { command: menu });
  }
}

const BY_TEXT: ReadonlyArray<readonly [RegExp, RouterOsErrorCode]> = [
  [/invalid user name or password|cannot log ?in/i, 'AUTH'],
  [/not logged in/i, 'AUTH'],
  [/not enough permissions|not allowed|permission denied/i, 'FORBIDDEN'],
  [/already (have|has|exists?)|with (the )?same name/i, 'DUPLICATE'],
  [/no such command|unknown parameter|unknown command|bad command/i, 'UNSUPPORTED'],
  [/no such item|no such object/i, 'NOT_FOUND'],
  [/^interrupted/i, 'INTERRUPTED'],
  [/does not match|missing =|ambiguous value|invalid value|out of range|expected |must be |less than|is invalid|invalid /i, 'BAD_VALUE'],
  [/time(d )?out/i, 'TIMEOUT'],
  [/\bbusy\b/i, 'BUSY'],
];

/** The code for one trap: text first (processes send no category), then the category. */
export function classifyTrap(trap: Trap): RouterOsErrorCode {
  for (const [pattern, code] of BY_TEXT) if (pattern.test(trap.message)) return code;
  switch (trap.category) {
    case 0: return 'NOT_FOUND';
    case 1: return 'BAD_VALUE';
    case 2: return 'INTERRUPTED';
    default: return 'FAILURE';
  }
}

/** One error for all traps a command gave; the first decides (the second of an unknown command only repeats it). */
export function errorFromTraps(command: string, traps: readonly Trap[], writes: boolean): RouterOsError {
  const first = traps[0] ?? { message: 'failure', category: null };
  const code = classifyTrap(first);
  const message = `${command}: ${traps.map((t) => t.message || 'failure').join('; ')}`;
  // A router-internal time-out or an interruption says nothing about how far the write got.
  return new RouterOsError(code, message, {
    command, category: first.category, traps, outcomeUnknown: writes && (code === 'TIMEOUT' || code === 'INTERRUPTED'),
  });
}

const SYSTEM: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there (is the API service enabled?)',
  EHOSTUNREACH: 'host unreachable: no route to it or it does not answer ARP',
  ENETUNREACH: 'network unreachable',
  EHOSTDOWN: 'host is down',
  ETIMEDOUT: 'connection timed out: no answer from the host',
  ECONNRESET: 'connection reset by the router',
  ECONNABORTED: 'connection aborted',
  EPIPE: 'connection closed by the router',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be resolved for now',
  EADDRNOTAVAIL: 'address not available',
};

const CERTIFICATE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed: pin its fingerprint or give its CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate chain ends in a self-signed certificate that is not trusted: give its CA or pin the fingerprint',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate was issued by an unknown CA: give its CA or pin the fingerprint',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate was issued by an unknown CA: give its CA or pin the fingerprint',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate was issued by an unknown CA: give its CA or pin the fingerprint',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

/** A socket or TLS error in an operator's words. `where` is `host:port`. */
export function errorFromSocket(where: string, error: unknown): RouterOsError {
  if (error instanceof RouterOsError) return error;
  const { code, message } = describe(error);
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined) return new RouterOsError('TLS', `${where}: ${certificate}`, { cause: error });
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return new RouterOsError('TLS', `${where}: TLS handshake failed (${code}): is this the api-ssl port, and has the service a certificate?`, { cause: error });
  }
  return new RouterOsError('UNREACHABLE', `${where}: ${SYSTEM[code] ?? (message || code || 'connection failed')}`, { cause: error });
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = (error as NodeJS.ErrnoException).code;
  return { code: typeof code === 'string' ? code : '', message: error.message };
}
