import { pino, type Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';

/** What code needs of a logger: the object first, then one sentence. `child` binds fields to every later line. */
export interface Logger {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
  child(fields: object): Logger;
}

/**
 * Names under which a secret may appear in a logged object, at the top or one level down. A secret must not be logged in
 * the first place; this is the second line of defence.
 */
const SECRET_FIELDS = ['password', 'accessToken', 'refreshToken', 'authorization', 'apiKey', 'secret', 'credentials', 'token'];

export interface LogOptions {
  level: string;
  /** `pretty` for a person at a terminal, `json` for machines. */
  format: 'pretty' | 'json';
}

/** The process's logger: JSON lines (or readable ones) on standard output, secrets redacted. */
export function makeLogger(options: LogOptions): Logger {
  const settings = {
    level: options.level,
    serializers: { err: describeError },
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
  };
  if (options.format === 'json') return pino(settings) as PinoLogger as Logger;
  // A line an entry, written at once and by this thread: it keeps its place among what else is printed, and is there when
  // the process ends.
  const colorize = process.stdout.isTTY === true && !process.env.NO_COLOR;
  return pino(settings, pretty({ sync: true, singleLine: true, colorize, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })) as PinoLogger as Logger;
}

interface QueryError extends Error {
  query: string;
  params: unknown[];
}

const isQueryError = (error: unknown): error is QueryError => error instanceof Error && 'query' in error && 'params' in error;

/** An error as it is logged. The values of a failed SQL statement are left out: they are people's data, and hashes of their passwords. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const chain: Error[] = [];
  for (let next: unknown = error; next instanceof Error && chain.length < 10; next = next.cause) chain.push(next);
  if (!chain.some(isQueryError)) return pino.stdSerializers.err(error);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.constructor.name,
    message: isQueryError(error) ? `Failed query: ${error.query}` : error.message,
    stack: frames.join('\n'),
    ...('code' in error ? { code: error.code } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** A logger that keeps nothing, for tests and tools. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
