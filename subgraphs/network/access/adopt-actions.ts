import { readByName, type RouterPort } from '../routeros/ensure-row.ts';
import { ForeignRowError, RouterOsError } from '../routeros/errors.ts';
import { formatOwnership, isSameOwner, parseOwnership, type OwnedKind } from '../routeros/ownership.ts';
import { sameRateLimit } from '../routeros/rate-limit.ts';
import { rawOf, type CommandOptions, type Row } from '../routeros/session.ts';
import { readSubscriberSecret, type SubscriberSecret } from '../routeros/subscriber-rows.ts';
import type { Access, PppProfile } from './access.ts';

/**
 * Rows of a router that somebody else has made are taken over, or given back: only the mark in their comment comes or goes.
 * Each reads first, writes, and reads back; nobody is cut off.
 */

/** The row is not what it was when somebody decided to take it over. */
export class RowChanged extends Error {
  constructor(name: string, changes: readonly string[]) {
    super(`${JSON.stringify(name)} has changed since it was read: ${changes.join(', ')}.`);
  }
}

type Limits = Pick<CommandOptions, 'timeoutMs' | 'signal'>;
type Mark = { tenant: string; kind: OwnedKind; id: string };

const SECRET = '/ppp/secret';
const PROFILE = '/ppp/profile';
const PROFILE_PROPS = ['.id', 'name', 'rate-limit', 'local-address', 'remote-address', 'comment', 'dynamic'];
const MARK_PROPS = ['.id', 'name', 'comment', 'profile'];

/** The profile becomes ours while it gives what the plan gives. @throws RowChanged; ForeignRowError */
export async function adoptProfile(port: RouterPort, profile: PppProfile, limits: Limits): Promise<void> {
  const mark: Mark = { tenant: profile.tenantId, kind: 'profile', id: profile.planId };
  const row = await readByName(port, PROFILE, profile.name, PROFILE_PROPS, limits);
  if (row === null) throw new RowChanged(profile.name, ['is no longer there']);
  if (isMarked(PROFILE, row, mark)) return;
  const changed = [
    ...(sameRateLimit(row['rate-limit'], profile.rateLimit) ? [] : ['rate-limit']),
    ...((row['local-address'] ?? '') === profile.localAddress ? [] : ['local-address']),
    ...((row['remote-address'] ?? '') === profile.remotePool ? [] : ['remote-address']),
  ];
  if (changed.length > 0) throw new RowChanged(profile.name, changed);
  await write(port, PROFILE, row, { comment: marked(row, mark) }, limits);
  await readBack(port, PROFILE, profile.name, mark, limits);
}

/**
 * The secret becomes ours while `changesOf` finds nothing that has changed; a profile that its plan does not have is
 * exchanged for the plan's, which acts on the next login. `note` is told before anything is written.
 * @throws RowChanged; ForeignRowError
 */
export async function adoptSecret(port: RouterPort, access: Access, { changesOf, note, limits }: { changesOf: (secret: SubscriberSecret) => string[]; note: () => Promise<void>; limits: Limits }): Promise<void> {
  const mark: Mark = { tenant: access.tenantId, kind: 'secret', id: access.serviceId };
  const name = access.username;
  const secret = await readSubscriberSecret(port, name, limits);
  if (secret === null) throw new RowChanged(name, ['is no longer there']);
  const row = await readByName(port, SECRET, name, MARK_PROPS, limits);
  if (row === null) throw new RowChanged(name, ['is no longer there']);
  if (!isMarked(SECRET, row, mark)) {
    const changed = changesOf(secret);
    if (changed.length > 0) throw new RowChanged(name, changed);
    await note();
    await write(port, SECRET, row, { comment: marked(row, mark), ...(secret.profile === access.profile.name ? {} : { profile: access.profile.name }) }, limits);
  }
  const now = await readBack(port, SECRET, name, mark, limits);
  if (now['profile'] !== access.profile.name) throw new RouterOsError('MISMATCH', `${SECRET} "${name}" has the profile ${now['profile'] ?? ''} after it was taken over`, { command: `${SECRET}/set` });
}

/** A secret that was taken over is given back as it was; what is not ours stays. */
export async function releaseSecret(port: RouterPort, access: Pick<Access, 'tenantId' | 'serviceId' | 'username' | 'secretName' | 'adoptedFrom'>, limits: Limits): Promise<void> {
  const mark: Mark = { tenant: access.tenantId, kind: 'secret', id: access.serviceId };
  await release(port, SECRET, access.secretName ?? access.username, mark, (row) => (access.adoptedFrom !== null && row['profile'] !== access.adoptedFrom ? { profile: access.adoptedFrom } : {}), limits);
}

/** A profile that was taken over is given back as it is. */
export async function releaseProfile(port: RouterPort, { tenantId, planId, name }: PppProfile, limits: Limits): Promise<void> {
  await release(port, PROFILE, name, { tenant: tenantId, kind: 'profile', id: planId }, () => ({}), limits);
}

async function release(port: RouterPort, menu: string, name: string, mark: Mark, also: (row: Row) => { profile?: string }, limits: Limits): Promise<void> {
  const row = await readByName(port, menu, name, MARK_PROPS, limits);
  const owner = parseOwnership(row?.['comment']);
  if (row === null || owner === null || !isSameOwner(owner, mark)) return;
  await write(port, menu, row, { comment: unmarked(row, mark), ...also(row) }, limits);
  const left = await readByName(port, menu, name, MARK_PROPS, limits);
  if (parseOwnership(left?.['comment'])) throw new RouterOsError('MISMATCH', `${menu} "${name}" is still marked as ours after it was given back`, { command: `${menu}/set` });
}

/** Whether the row is marked so. @throws ForeignRowError when it is marked as somebody else's, or the router made it itself. */
function isMarked(menu: string, row: Row, mark: Mark): boolean {
  const owner = parseOwnership(row['comment']);
  if (owner === null) return false;
  if (isSameOwner(owner, mark)) return true;
  throw new ForeignRowError(menu, row['name'] ?? '', `${owner.tenant}:${owner.kind}:${owner.id}`);
}

/** The comment with our mark before what people wrote, in their bytes where those are no UTF-8. */
export function marked(row: Row, mark: Mark): string | Uint8Array {
  const bytes = rawOf(row)?.['comment'];
  if (!bytes) return formatOwnership({ ...mark, ...(row['comment'] ? { text: row['comment'] } : {}) });
  return Buffer.concat([Buffer.from(`${formatOwnership(mark)} `), bytes]);
}

/** The comment without our mark: what people wrote. */
export function unmarked(row: Row, mark: Mark): string | Uint8Array {
  const bytes = rawOf(row)?.['comment'];
  return bytes ? bytes.subarray(formatOwnership(mark).length + 1) : (parseOwnership(row['comment'])?.text ?? '');
}

async function write(port: RouterPort, menu: string, row: Row, attributes: Record<string, string | Uint8Array>, limits: Limits): Promise<void> {
  try {
    await port.command(`${menu}/set`, { '.id': row['.id']!, ...attributes }, limits);
  } catch (error) {
    if (error instanceof RouterOsError && error.code === 'NOT_FOUND') throw new RowChanged(row['name'] ?? '', ['is no longer there']);
    throw error;
  }
}

async function readBack(port: RouterPort, menu: string, name: string, mark: Mark, limits: Limits): Promise<Row> {
  const row = await readByName(port, menu, name, MARK_PROPS, limits);
  if (row !== null && isMarked(menu, row, mark)) return row;
  throw new RouterOsError('MISMATCH', `${menu} "${name}" is not marked as ours after it was taken over`, { command: `${menu}/set` });
}
