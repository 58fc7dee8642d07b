import { isIP } from 'node:net';
import { validationError, type ErrorDetail } from '#kernel/errors.ts';

/** How the line to a router is protected; see `TlsModeEnum`. */
export type TlsMode = 'OFF' | 'VERIFY' | 'FINGERPRINT' | 'INSECURE_ANONYMOUS';

/** What of a router can be right or wrong by itself. Fields that are undefined are not checked. */
export interface RouterFields {
  name?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  username?: string | undefined;
  password?: string | undefined;
  site?: string | null | undefined;
  tls?: { mode: TlsMode; fingerprint?: string | null | undefined } | undefined;
}

/** The same, in the form that is stored: trimmed, host in small letters, fingerprint as 64 small hex digits. */
export interface CheckedRouterFields extends Omit<RouterFields, 'tls'> {
  tls?: { mode: TlsMode; fingerprint: string | null };
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** @throws VALIDATION_ERROR naming every field that is wrong. */
export function checkedRouterFields(fields: RouterFields): CheckedRouterFields {
  const wrong: ErrorDetail[] = [];
  const refuse = (field: string, code: string, message: string) => wrong.push({ field, code, message });

  const name = fields.name?.trim();
  if (name !== undefined && (name.length < 1 || name.length > 100)) refuse('name', 'INVALID_LENGTH', 'name must have 1 to 100 characters.');

  const host = fields.host === undefined ? undefined : hostOf(fields.host);
  if (host === null) refuse('host', 'INVALID_FORMAT', 'host must be a host name or an IP address, without a scheme, port or path.');

  const { port } = fields;
  if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535)) refuse('port', 'OUT_OF_RANGE', 'port must be from 1 to 65535.');

  const { username } = fields;
  if (username !== undefined && (username.length < 1 || username.length > 64 || !PRINTABLE_ASCII.test(username))) {
    refuse('username', 'INVALID_FORMAT', 'username must have 1 to 64 printable ASCII characters.');
  }
  // Empty is legal: it is what RouterOS is delivered with.
  if (fields.password !== undefined && (fields.password.length > 255 || /[\0\r\n]/.test(fields.password))) {
    refuse('password', 'INVALID_FORMAT', 'password must have at most 255 characters, without line ends.');
  }
  const site = fields.site === undefined ? undefined : fields.site?.trim() || null;
  if (site && site.length > 100) refuse('site', 'TOO_LONG', 'site must have at most 100 characters.');

  const tls = fields.tls && tlsOf(fields.tls, refuse);
  if (wrong.length > 0) throw validationError(wrong);
  return {
    ...(name === undefined ? {} : { name }),
    ...(host === undefined ? {} : { host: host! }),
    ...(port === undefined ? {} : { port }),
    ...(username === undefined ? {} : { username }),
    ...(fields.password === undefined ? {} : { password: fields.password }),
    ...(site === undefined ? {} : { site }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** The host as it is stored; null when it is none. `[2001:db8::1]` loses its brackets. */
function hostOf(text: string): string | null {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(host) !== 0) return host;
  // Digits and dots that are no address would be looked up as a name, or read as octal by some resolvers.
  return HOST_NAME.test(host) && !/^[\d.]+$/.test(host) ? host : null;
}

function tlsOf(tls: NonNullable<RouterFields['tls']>, refuse: (field: string, code: string, message: string) => void): { mode: TlsMode; fingerprint: string | null } {
  const given = tls.fingerprint?.trim() ?? '';
  if (tls.mode !== 'FINGERPRINT') {
    if (given !== '') refuse('tls.fingerprint', 'NOT_ALLOWED', 'tls.fingerprint goes with the mode FINGERPRINT only.');
    return { mode: tls.mode, fingerprint: null };
  }
  if (given === '') refuse('tls.fingerprint', 'REQUIRED', 'tls.fingerprint is required for the mode FINGERPRINT: the SHA-256 of the router\'s certificate.');
  else if (!/^[0-9a-f]{64}$/i.test(given) && !/^(?:[0-9a-f]{2}:){31}[0-9a-f]{2}$/i.test(given)) {
    refuse('tls.fingerprint', 'INVALID_FORMAT', 'tls.fingerprint must be a SHA-256 fingerprint: 64 hex digits, with or without colons.');
  }
  return { mode: tls.mode, fingerprint: given.replaceAll(':', '').toLowerCase() };
}
