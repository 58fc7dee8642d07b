import type { RouterPort } from './ensure-row.ts';
import { RouterOsError } from './errors.ts';
import { normaliseMac, parseBoolean } from './normalise.ts';
import { parseOwnership, type Ownership } from './ownership.ts';
import { rawOf, type CommandOptions, type Row } from './session.ts';

/** A PPP secret with all that an import must know of it, so that it can tell later whether it has changed. */
export interface SubscriberSecret {
  readonly name: string;
  readonly service: string;
  readonly profile: string;
  readonly callerId: string | null;
  readonly localAddress: string | null;
  readonly remoteAddress: string | null;
  readonly disabled: boolean;
  readonly dynamic: boolean;
  readonly comment: string | null;
  /** The comment's bytes where they are not UTF-8: they are written back as they were. */
  readonly commentBytes: Uint8Array | null;
  /** Null: the router hides it. */
  readonly password: string | null;
  readonly owner: Ownership | null;
}

export interface SubscriberProfile {
  readonly name: string;
  readonly rateLimit: string | null;
  readonly localAddress: string | null;
  readonly remoteAddress: string | null;
  /** One of the router's own two. */
  readonly isDefault: boolean;
  readonly comment: string | null;
  readonly owner: Ownership | null;
}

export interface SubscriberPool {
  readonly name: string;
  readonly ranges: string;
  readonly owner: Ownership | null;
}

/** Everything on a router that has to do with subscribers, read at one time. */
export interface SubscriberRows {
  readonly secrets: readonly SubscriberSecret[];
  readonly profiles: readonly SubscriberProfile[];
  readonly pools: readonly SubscriberPool[];
  /** Names of those who are online. */
  readonly online: ReadonlySet<string>;
}

const SECRET = '/ppp/secret';
const SECRET_PROPS = ['name', 'password', 'service', 'profile', 'caller-id', 'local-address', 'remote-address', 'disabled', 'dynamic', 'comment'];
const PROFILE_PROPS = ['name', 'rate-limit', 'local-address', 'remote-address', 'default', 'comment'];
const POOL_PROPS = ['name', 'ranges', 'comment'];

type Limits = Pick<CommandOptions, 'timeoutMs' | 'signal'>;

/** Reads secrets, profiles, pools and who is online; writes nothing. */
export async function readSubscriberRows(port: RouterPort, limits: Limits = {}): Promise<SubscriberRows> {
  const [secrets, profiles, pools, active] = await Promise.all([
    readSecrets(port, undefined, limits),
    port.print('/ppp/profile', { proplist: PROFILE_PROPS, ...limits }),
    port.print('/ip/pool', { proplist: POOL_PROPS, ...limits }),
    port.print('/ppp/active', { proplist: ['name'], ...limits }),
  ]);
  return { secrets, profiles: profiles.map(toProfile), pools: pools.map(toPool), online: new Set(active.map((row) => row['name'] ?? '')) };
}

/** The same for one secret and what it refers to. */
export async function readSubscriberRow(port: RouterPort, name: string, limits: Limits = {}): Promise<SubscriberRows> {
  const secrets = await readSecrets(port, name, limits);
  const [profiles, pools, active] = await Promise.all([
    port.print('/ppp/profile', { proplist: PROFILE_PROPS, ...limits }),
    port.print('/ip/pool', { proplist: POOL_PROPS, ...limits }),
    port.print('/ppp/active', { where: { name }, proplist: ['name'], ...limits }),
  ]);
  return { secrets, profiles: profiles.map(toProfile), pools: pools.map(toPool), online: new Set(active.map((row) => row['name'] ?? '')) };
}

/** One secret with its password as far as the router shows it; null when there is none of that name. */
export async function readSubscriberSecret(port: RouterPort, name: string, limits: Limits = {}): Promise<SubscriberSecret | null> {
  return (await readSecrets(port, name, limits)).find((secret) => secret.name === name) ?? null;
}

/**
 * RouterOS 7.21 and later show passwords only when asked to, and only to users who may; older versions do not know that they
 * can be asked. So it is asked when one is missing, and a refusal is borne.
 */
async function readSecrets(port: RouterPort, name: string | undefined, limits: Limits): Promise<SubscriberSecret[]> {
  const where = name === undefined ? {} : { where: { name } };
  let rows = await port.print(SECRET, { proplist: SECRET_PROPS, ...where, ...limits });
  if (rows.some((row) => isHidden(row['password']) || row['password'] === '')) {
    const queries = name === undefined ? {} : { queries: [`?name=${name}`] };
    try {
      rows = (await port.command(`${SECRET}/print`, { 'show-sensitive': '' }, { proplist: SECRET_PROPS, ...queries, ...limits })).rows;
    } catch (error) {
      if (!(error instanceof RouterOsError) || !['FORBIDDEN', 'BAD_VALUE', 'UNSUPPORTED', 'FAILURE', 'NOT_FOUND'].includes(error.code)) throw error;
    }
  }
  return rows.map(toSecret);
}

const isHidden = (shown: string | undefined): boolean => shown === undefined || /^\*+$/.test(shown);

function toSecret(row: Row): SubscriberSecret {
  return {
    name: row['name'] ?? '',
    service: row['service'] || 'any',
    profile: row['profile'] || 'default',
    callerId: row['caller-id'] ? normaliseMac(row['caller-id']) : null,
    localAddress: row['local-address'] || null,
    remoteAddress: row['remote-address'] || null,
    disabled: parseBoolean(row['disabled']) === true,
    dynamic: parseBoolean(row['dynamic']) === true,
    comment: row['comment'] || null,
    commentBytes: rawOf(row)?.['comment'] ?? null,
    password: isHidden(row['password']) ? null : row['password']!,
    owner: parseOwnership(row['comment']),
  };
}

function toProfile(row: Row): SubscriberProfile {
  return {
    name: row['name'] ?? '',
    rateLimit: row['rate-limit'] || null,
    localAddress: row['local-address'] || null,
    remoteAddress: row['remote-address'] || null,
    isDefault: parseBoolean(row['default']) === true || row['name'] === 'default' || row['name'] === 'default-encryption',
    comment: row['comment'] || null,
    owner: parseOwnership(row['comment']),
  };
}

function toPool(row: Row): SubscriberPool {
  return { name: row['name'] ?? '', ranges: row['ranges'] ?? '', owner: parseOwnership(row['comment']) };
}
