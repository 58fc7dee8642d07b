/**
 * PPP secrets, profiles, pools and active sessions of one router, as verbs. Every write reads first, writes, and reads
 * back; rows that are not ours are never touched (`ForeignRowError`).
 */
import { alike, assertOurs, ensureRow, exactly, readByName, removeOwnRow, setOwnRow, yesNo, type EnsureResult, type Outcome, type RouterPort, type Wish } from './ensure-row.ts';
import { RouterOsError } from './errors.ts';
import { isAtLeast, normaliseMac, parseBoolean, parseDuration } from './normalise.ts';
import { parseOwnership, type Ownership } from './ownership.ts';
import { sameRateLimit } from './rate-limit.ts';
import type { CommandOptions, Row } from './session.ts';

export type Owner = Pick<Ownership, 'tenant' | 'id'>;
type Limits = Pick<CommandOptions, 'timeoutMs' | 'signal'>;

/** `/ppp/secret` as the router shows it. The password is not here: see `ensureSecret`. */
export interface PppSecretRow {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly profile: string;
  readonly callerId: string | null;
  readonly localAddress: string | null;
  readonly remoteAddress: string | null;
  readonly disabled: boolean;
  readonly comment: string | null;
  readonly owner: Ownership | null;
  readonly lastLoggedOut: string | null;
}
export interface PppProfileRow {
  readonly id: string;
  readonly name: string;
  readonly localAddress: string | null;
  readonly remoteAddress: string | null;
  readonly rateLimit: string | null;
  readonly onlyOne: string | null;
  /** One of the router's own two profiles, which cannot be removed. */
  readonly isDefault: boolean;
  readonly comment: string | null;
  readonly owner: Ownership | null;
}
export interface IpPoolRow {
  readonly id: string;
  readonly name: string;
  /** `10.0.0.10-10.0.0.200,10.0.1.0/24` */
  readonly ranges: string;
  readonly nextPool: string | null;
  readonly comment: string | null;
  readonly owner: Ownership | null;
}
export interface PppActiveRow {
  readonly id: string;
  readonly name: string;
  readonly service: string | null;
  readonly callerId: string | null;
  readonly address: string | null;
  readonly uptimeSeconds: number;
  readonly sessionId: string | null;
}

/** An attribute left out is not managed; null clears it. */
export interface DesiredSecret {
  readonly name: string;
  readonly owner: Owner;
  /**
   * In clear; it goes to the router and nowhere else. Empty: nobody knows it, because the router hid it when the secret was
   * taken over. Then it is left as it is, and a secret that is absent is not made (`NOT_FOUND`).
   */
  readonly password: string;
  /**
   * Keyed hash of the password last applied to this router, as the caller keeps it. Used only where the router hides
   * passwords (7.21+): the password is written when this differs from `hashPassword(password)`. Without it a hidden
   * password never makes a difference.
   */
  readonly appliedPasswordHash?: string | null;
  readonly profile: string;
  /** Default `pppoe`. */
  readonly service?: string;
  readonly callerId?: string | null;
  readonly localAddress?: string | null;
  readonly remoteAddress?: string | null;
  readonly disabled?: boolean;
  /** Free text behind the tag in the comment of a new row. */
  readonly text?: string;
}
export interface DesiredProfile {
  readonly name: string;
  readonly owner: Owner;
  /** Address or pool name. */
  readonly localAddress?: string | null;
  readonly remoteAddress?: string | null;
  /** See rate-limit.ts; compared by meaning. */
  readonly rateLimit?: string | null;
  readonly onlyOne?: 'default' | 'yes' | 'no';
  readonly text?: string;
}
export interface DesiredPool {
  readonly name: string;
  readonly owner: Owner;
  readonly ranges: string;
  readonly text?: string;
}

export interface SecretResult extends EnsureResult {
  /**
   * Whether the router's password is known to be the wished one: read, written just now, or equal by hash. False: it is
   * hidden and no hash was given.
   */
  readonly passwordVerified: boolean;
}

export interface PppVerbsOptions extends Limits {
  /** The router's version text; decides whether passwords are hidden. */
  readonly version?: string | null;
  readonly hashPassword?: (password: string) => string;
}

export interface PppVerbs {
  readSecret(name: string): Promise<PppSecretRow | null>;
  listSecrets(): Promise<PppSecretRow[]>;
  /** Makes the secret exist as wished: absent → add, ours → set what differs, not ours → `ForeignRowError`. */
  ensureSecret(desired: DesiredSecret): Promise<SecretResult>;
  /** Like `ensureSecret`, but `DUPLICATE` when a row of ours exists and differs. */
  addSecret(desired: DesiredSecret): Promise<SecretResult>;
  /** Changes single attributes of our secret; `NOT_FOUND` when it is absent. */
  setSecret(name: string, owner: Owner, changes: Partial<Omit<DesiredSecret, 'name' | 'owner' | 'text'>>): Promise<SecretResult>;
  enableSecret(name: string, owner: Owner): Promise<EnsureResult>;
  /** A disabled secret refuses the next login; a running session lives on until `removeActive`. */
  disableSecret(name: string, owner: Owner): Promise<EnsureResult>;
  /** Renames our secret, the row staying the same. Absent: UNCHANGED. `FOREIGN` when the new name is somebody else's. */
  renameSecret(from: string, to: string, owner: Owner): Promise<{ outcome: Outcome }>;
  removeSecret(name: string, owner: Owner): Promise<{ outcome: Outcome }>;
  readProfile(name: string): Promise<PppProfileRow | null>;
  listProfiles(): Promise<PppProfileRow[]>;
  /** A changed profile acts on the next login of each session, not on running ones. */
  ensureProfile(desired: DesiredProfile): Promise<EnsureResult>;
  addProfile(desired: DesiredProfile): Promise<EnsureResult>;
  setProfile(name: string, owner: Owner, changes: Partial<Omit<DesiredProfile, 'name' | 'owner' | 'text'>>): Promise<EnsureResult>;
  /** `BAD_VALUE` while secrets use it. */
  removeProfile(name: string, owner: Owner): Promise<{ outcome: Outcome }>;
  readPool(name: string): Promise<IpPoolRow | null>;
  listPools(): Promise<IpPoolRow[]>;
  ensurePool(desired: DesiredPool): Promise<EnsureResult>;
  listActive(name?: string): Promise<PppActiveRow[]>;
  /** Cuts running sessions, by PPP name or by `.id`. None there: UNCHANGED. */
  removeActive(which: { readonly name: string } | { readonly id: string }): Promise<{ outcome: Outcome; removed: number }>;
}

const SECRET = '/ppp/secret';
const PROFILE = '/ppp/profile';
const POOL = '/ip/pool';
const ACTIVE = '/ppp/active';
const SECRET_PROPS = ['.id', 'name', 'password', 'service', 'profile', 'caller-id', 'local-address', 'remote-address', 'disabled', 'comment', 'dynamic'];
const SECRET_SHOWN = [...SECRET_PROPS.filter((p) => p !== 'password'), 'last-logged-out'];
const PROFILE_PROPS = ['.id', 'name', 'local-address', 'remote-address', 'rate-limit', 'only-one', 'default', 'comment', 'dynamic'];
const POOL_PROPS = ['.id', 'name', 'ranges', 'next-pool', 'comment', 'dynamic'];
const ACTIVE_PROPS = ['.id', 'name', 'service', 'caller-id', 'address', 'uptime', 'session-id'];

/** Verbs over one live session: `.id`s hold within a session only, so take a new session for a new piece of work. */
export function makePppVerbs(port: RouterPort, options: PppVerbsOptions = {}): PppVerbs {
  const limits: Limits = { ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }), ...(options.signal === undefined ? {} : { signal: options.signal }) };
  const hidesPasswords = isAtLeast(options.version, 7, 21);
  const list = (menu: string, proplist: readonly string[], where?: Record<string, string>): Promise<Row[]> =>
    port.print(menu, { proplist, ...(where === undefined ? {} : { where }), ...limits });

  const secretOptions = (name: string, owner: Owner, wishes: Record<string, Wish>, text?: string) => ({
    menu: SECRET, name, owner: { ...owner, kind: 'secret' as const }, wishes, proplist: SECRET_PROPS, ...(text === undefined ? {} : { text }), ...limits,
  });
  const profileOptions = (name: string, owner: Owner, wishes: Record<string, Wish>, text?: string) => ({
    menu: PROFILE, name, owner: { ...owner, kind: 'profile' as const }, wishes, proplist: PROFILE_PROPS, ...(text === undefined ? {} : { text }), ...limits,
  });

  const passwordWish = (password: string, appliedHash: string | null | undefined, seen: { verified: boolean }): Wish => {
    let writtenHere = false;
    return {
      get value() {
        writtenHere = true;
        return password;
      },
      isMet(shown) {
        if (!isHidden(shown, hidesPasswords)) {
          seen.verified = shown === password;
          return seen.verified;
        }
        const wanted = options.hashPassword?.(password);
        const known = appliedHash !== null && appliedHash !== undefined && wanted !== undefined;
        seen.verified = writtenHere || (known && appliedHash === wanted);
        return writtenHere || !known || appliedHash === wanted;
      },
    };
  };
  const secretWishes = (desired: Partial<Omit<DesiredSecret, 'name' | 'owner' | 'text'>>, seen: { verified: boolean }): Record<string, Wish> => ({
    ...(desired.password === undefined ? {} : { password: passwordWish(desired.password, desired.appliedPasswordHash, seen) }),
    ...(desired.service === undefined ? {} : { service: exactly(desired.service) }),
    ...(desired.profile === undefined ? {} : { profile: exactly(desired.profile) }),
    ...(desired.callerId === undefined ? {} : { 'caller-id': alike(normaliseMac(desired.callerId ?? ''), normaliseMac) }),
    ...(desired.localAddress === undefined ? {} : { 'local-address': exactly(desired.localAddress) }),
    ...(desired.remoteAddress === undefined ? {} : { 'remote-address': exactly(desired.remoteAddress) }),
    ...(desired.disabled === undefined ? {} : { disabled: yesNo(desired.disabled) }),
  });
  const profileWishes = (desired: Partial<DesiredProfile>): Record<string, Wish> => ({
    ...(desired.localAddress === undefined ? {} : { 'local-address': exactly(desired.localAddress) }),
    ...(desired.remoteAddress === undefined ? {} : { 'remote-address': exactly(desired.remoteAddress) }),
    ...(desired.rateLimit === undefined ? {} : { 'rate-limit': { value: desired.rateLimit ?? '', isMet: (shown) => sameRateLimit(shown, desired.rateLimit ?? '') } }),
    ...(desired.onlyOne === undefined ? {} : { 'only-one': exactly(desired.onlyOne) }),
  });

  const writeSecret = async (desired: DesiredSecret, onlyNew: boolean): Promise<SecretResult> => {
    const seen = { verified: false };
    const { password, ...others } = desired;
    const wishes = secretWishes({ ...others, ...(password === '' ? {} : { password }), service: desired.service ?? 'pppoe' }, seen);
    const result = await ensureRow(port, { ...secretOptions(desired.name, desired.owner, wishes, desired.text), onlyNew, onlyExisting: password === '' });
    return { ...result, passwordVerified: seen.verified };
  };
  const setSecret: PppVerbs['setSecret'] = async (name, owner, changes) => {
    const seen = { verified: false };
    const result = await setOwnRow(port, secretOptions(name, owner, secretWishes(changes, seen)));
    return { ...result, passwordVerified: seen.verified };
  };
  const writeProfile = (desired: DesiredProfile, onlyNew: boolean): Promise<EnsureResult> =>
    ensureRow(port, { ...profileOptions(desired.name, desired.owner, profileWishes(desired), desired.text), onlyNew });
  return {
    async readSecret(name) {
      const row = await readByName(port, SECRET, name, SECRET_SHOWN, limits);
      return row === null ? null : toSecret(row);
    },
    listSecrets: async () => (await list(SECRET, SECRET_SHOWN)).map(toSecret),
    ensureSecret: (desired) => writeSecret(desired, false),
    addSecret: (desired) => writeSecret(desired, true),
    setSecret,
    enableSecret: (name, owner) => setSecret(name, owner, { disabled: false }),
    disableSecret: (name, owner) => setSecret(name, owner, { disabled: true }),
    async renameSecret(from, to, owner) {
      const row = await readByName(port, SECRET, from, SECRET_SHOWN, limits);
      if (row === null) return { outcome: 'UNCHANGED' };
      const ours = { ...owner, kind: 'secret' as const };
      assertOurs(SECRET, row, ours);
      const other = await readByName(port, SECRET, to, SECRET_SHOWN, limits);
      if (other !== null) {
        assertOurs(SECRET, other, ours);
        // Both are ours: an earlier attempt was overtaken. The one of the wished name stays.
        return { outcome: await removeOwnRow(port, SECRET, from, ours, limits) };
      }
      await port.command(`${SECRET}/set`, { '.id': row['.id']!, name: to }, limits);
      const left = await readByName(port, SECRET, to, SECRET_SHOWN, limits);
      if (left?.['.id'] !== row['.id']) throw new RouterOsError('MISMATCH', `${SECRET} "${from}" is not named "${to}" after its renaming`, { command: `${SECRET}/set` });
      return { outcome: 'APPLIED' };
    },
    removeSecret: async (name, owner) => ({ outcome: await removeOwnRow(port, SECRET, name, { ...owner, kind: 'secret' }, limits) }),
    async readProfile(name) {
      const row = await readByName(port, PROFILE, name, PROFILE_PROPS, limits);
      return row === null ? null : toProfile(row);
    },
    listProfiles: async () => (await list(PROFILE, PROFILE_PROPS)).map(toProfile),
    ensureProfile: (desired) => writeProfile(desired, false),
    addProfile: (desired) => writeProfile(desired, true),
    setProfile: (name, owner, changes) => setOwnRow(port, profileOptions(name, owner, profileWishes(changes))),
    async removeProfile(name, owner) {
      // RouterOS would let the secrets fall to a dead reference.
      const users = await port.count(SECRET, { where: { profile: name }, ...limits });
      if (users > 0) throw new RouterOsError('BAD_VALUE', `${PROFILE} "${name}" is used by ${users} secrets`, { command: `${PROFILE}/remove` });
      return { outcome: await removeOwnRow(port, PROFILE, name, { ...owner, kind: 'profile' }, limits) };
    },
    async readPool(name) {
      const row = await readByName(port, POOL, name, POOL_PROPS, limits);
      return row === null ? null : toPool(row);
    },
    listPools: async () => (await list(POOL, POOL_PROPS)).map(toPool),
    ensurePool: (desired) => ensureRow(port, {
      menu: POOL, name: desired.name, owner: { ...desired.owner, kind: 'pool' }, wishes: { ranges: exactly(desired.ranges) }, proplist: POOL_PROPS,
      ...(desired.text === undefined ? {} : { text: desired.text }), ...limits,
    }),
    listActive: async (name) => (await list(ACTIVE, ACTIVE_PROPS, name === undefined ? undefined : { name })).map(toActive),
    async removeActive(which) {
      const where: Record<string, string> = 'id' in which ? { '.id': which.id } : { name: which.name };
      const ids = (await list(ACTIVE, ['.id'], where)).map((row) => row['.id']).filter((id) => id !== undefined);
      if (ids.length === 0) return { outcome: 'UNCHANGED', removed: 0 };
      let removed = 0;
      // One by one: of a list in which one session has just ended, the router may remove none.
      for (const id of ids) {
        try {
          await port.command(`${ACTIVE}/remove`, { '.id': id }, limits);
          removed++;
        } catch (error) {
          if (!(error instanceof RouterOsError) || error.code !== 'NOT_FOUND') throw error;
        }
      }
      return { outcome: removed > 0 ? 'APPLIED' : 'UNCHANGED', removed };
    },
  };
}

/** From 7.21 `print` masks passwords; how is not documented, so absent, empty and asterisks all count as hidden there. */
export function isHidden(shown: string | undefined, hidesPasswords: boolean): boolean {
  return shown === undefined || /^\*+$/.test(shown) || (hidesPasswords && shown === '');
}

function toSecret(row: Row): PppSecretRow {
  return {
    id: row['.id'] ?? '', name: row['name'] ?? '', service: row['service'] ?? 'any', profile: row['profile'] ?? 'default',
    callerId: row['caller-id'] ? normaliseMac(row['caller-id']) : null, localAddress: row['local-address'] || null, remoteAddress: row['remote-address'] || null,
    disabled: parseBoolean(row['disabled']) === true, comment: row['comment'] || null, owner: parseOwnership(row['comment']), lastLoggedOut: row['last-logged-out'] || null,
  };
}

function toProfile(row: Row): PppProfileRow {
  return {
    id: row['.id'] ?? '', name: row['name'] ?? '', localAddress: row['local-address'] || null, remoteAddress: row['remote-address'] || null,
    rateLimit: row['rate-limit'] || null, onlyOne: row['only-one'] || null, isDefault: parseBoolean(row['default']) === true,
    comment: row['comment'] || null, owner: parseOwnership(row['comment']),
  };
}

function toPool(row: Row): IpPoolRow {
  return {
    id: row['.id'] ?? '', name: row['name'] ?? '', ranges: row['ranges'] ?? '', nextPool: row['next-pool'] || null, comment: row['comment'] || null,
    owner: parseOwnership(row['comment']),
  };
}

function toActive(row: Row): PppActiveRow {
  return {
    id: row['.id'] ?? '', name: row['name'] ?? '', service: row['service'] || null, callerId: row['caller-id'] ? normaliseMac(row['caller-id']) : null,
    address: row['address'] || null, uptimeSeconds: parseDuration(row['uptime']) ?? 0, sessionId: row['session-id'] || null,
  };
}
