/**
 * The PPP rows of a router, many at once: whole menus for a comparison, and the rows of some names for the steps that
 * follow from it. One print each, with the properties that are compared and no others.
 */
import type { RouterPort } from './ensure-row.ts';
import { isAtLeast, normaliseMac, parseBoolean } from './normalise.ts';
import { parseOwnership, type Ownership } from './ownership.ts';
import { isHidden } from './ppp.ts';
import type { CommandOptions, Row } from './session.ts';

interface NamedRow {
  /** The router's `.id`: holds within one login session. */
  readonly id: string;
  readonly name: string;
  readonly owner: Ownership | null;
  /** Made by the router itself, for a session or from its factory. */
  readonly own: boolean;
}

export interface SecretRow extends NamedRow {
  /** Null: the router hides it. */
  readonly password: string | null;
  readonly service: string;
  readonly profile: string;
  readonly remoteAddress: string;
  readonly callerId: string;
  readonly disabled: boolean;
}

export interface ProfileRow extends NamedRow {
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** As it was written: compare with `sameRateLimit`. */
  readonly rateLimit: string;
}

export type OtherRow = NamedRow;

export interface ActiveRow {
  readonly id: string;
  readonly name: string;
  /** What tells this session from the next one of the same name; the row's id where the router shows no session id. */
  readonly mark: string;
}

/** Which rows: all, or those of these names. */
export interface RowsWanted extends Pick<CommandOptions, 'timeoutMs' | 'signal'> {
  readonly names?: readonly string[];
}

const SECRET_PROPS = ['.id', 'name', 'password', 'service', 'profile', 'remote-address', 'caller-id', 'disabled', 'comment', 'dynamic'];
const PROFILE_PROPS = ['.id', 'name', 'local-address', 'remote-address', 'rate-limit', 'default', 'comment', 'dynamic'];
const OTHER_PROPS = ['.id', 'name', 'comment', 'dynamic'];
const ACTIVE_PROPS = ['.id', 'name', 'session-id', 'caller-id'];

export async function readSecrets(port: RouterPort, version: string | null, wanted: RowsWanted = {}): Promise<SecretRow[]> {
  const hides = isAtLeast(version, 7, 21);
  return (await read(port, '/ppp/secret', SECRET_PROPS, wanted)).map((row) => ({
    ...named(row),
    password: isHidden(row['password'], hides) ? null : row['password']!,
    service: row['service'] || 'any',
    profile: row['profile'] || 'default',
    remoteAddress: row['remote-address'] ?? '',
    callerId: normaliseMac(row['caller-id'] ?? ''),
    disabled: parseBoolean(row['disabled']) === true,
  }));
}

export async function readProfiles(port: RouterPort, wanted: RowsWanted = {}): Promise<ProfileRow[]> {
  return (await read(port, '/ppp/profile', PROFILE_PROPS, wanted)).map((row) => ({
    ...named(row),
    localAddress: row['local-address'] ?? '',
    remoteAddress: row['remote-address'] ?? '',
    rateLimit: row['rate-limit'] ?? '',
  }));
}

export async function readPools(port: RouterPort, wanted: RowsWanted = {}): Promise<OtherRow[]> {
  return (await read(port, '/ip/pool', OTHER_PROPS, wanted)).map(named);
}

export async function readActive(port: RouterPort, wanted: RowsWanted = {}): Promise<ActiveRow[]> {
  return (await read(port, '/ppp/active', ACTIVE_PROPS, wanted)).map((row) => ({
    id: row['.id'] ?? '',
    name: row['name'] ?? '',
    mark: row['session-id'] ? `${row['session-id']} ${normaliseMac(row['caller-id'] ?? '')}` : (row['.id'] ?? ''),
  }));
}

/** What every row has: who owns it, and whether the router made it itself. */
export function named(row: Row): NamedRow {
  return { id: row['.id'] ?? '', name: row['name'] ?? '', owner: parseOwnership(row['comment']), own: parseBoolean(row['dynamic']) === true || parseBoolean(row['default']) === true };
}

/** A router tries every name on every row: of more than so many it is cheaper to be given all rows. */
const NAMES_AT_ONCE = 100;

/** Queries match by name in the router; a release that folds letter case must not answer with another's row. */
async function read(port: RouterPort, menu: string, proplist: readonly string[], { names, ...limits }: RowsWanted): Promise<Row[]> {
  if (names === undefined) return port.print(menu, { proplist, ...limits });
  if (names.length === 0) return [];
  const queries = names.length > NAMES_AT_ONCE ? [] : names.flatMap((name, at) => (at === 0 ? [`?name=${name}`] : [`?name=${name}`, '?#|']));
  const asked = new Set(names);
  return (await port.print(menu, { proplist, queries, ...limits })).filter((row) => asked.has(row['name'] ?? ''));
}
