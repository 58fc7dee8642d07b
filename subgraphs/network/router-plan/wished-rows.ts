import { createHash } from 'node:crypto';
import type { Attributes } from '../routeros/session.ts';
import { isSameOwner, type Ownership } from '../routeros/ownership.ts';
import type { ProfileRow, SecretRow } from '../routeros/ppp-rows.ts';
import { sameRateLimit } from '../routeros/rate-limit.ts';

/** What one row of a router is to be, as the database has it, and how it differs from the row that is there. */

export interface WishedSecret {
  serviceId: string;
  tenantId: string;
  name: string;
  /** What it is for: `pppoe`, unless it was taken over with `any`. */
  service: string;
  /** Name of the profile. */
  profile: string;
  profileId: string;
  disabled: boolean;
  /** Null: none, the pool of the profile gives one. */
  remoteAddress: string | null;
  /** As `normaliseMac` writes it; null: any. */
  callerId: string | null;
  /** Keyed hash of the password that it is to have, under the context of its credentials. */
  passwordFingerprint: string;
  credentialsId: string;
  /** The same of the password that this router was last given; null: it has been given none. */
  appliedFingerprint: string | null;
  /** Number of the wish: a step that read an older one notes nothing. */
  intent: number;
  /** Enforcement is at it at this moment: it differs because it has not come to its end. */
  pending: boolean;
  /** The session that runs is to be cut. */
  cutDue: boolean;
}

export interface WishedProfile {
  id: string;
  tenantId: string;
  planId: string;
  planCode: string;
  name: string;
  rateLimit: string;
  localAddress: string;
  remotePool: string;
  /** A service has it that is not to be removed. Others are left as they are: enforcement clears them away. */
  used: boolean;
  /** Only services have it that enforcement is at. */
  pending: boolean;
}

/** One property that differs. Of a password only that it does. */
export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
  secret?: true;
}

/** Keyed hash of a password; `credentialsId` is what it is bound to. */
export type HashPassword = (password: string, credentialsId: string) => string;

export const secretOwner = ({ tenantId, serviceId }: Pick<WishedSecret, 'tenantId' | 'serviceId'>) => ({ tenant: tenantId, kind: 'secret' as const, id: serviceId });
export const profileOwner = ({ tenantId, planId }: Pick<WishedProfile, 'tenantId' | 'planId'>) => ({ tenant: tenantId, kind: 'profile' as const, id: planId });

export const isOwnedBy = (row: { owner: Ownership | null; own: boolean }, owner: Omit<Ownership, 'text'>): boolean => !row.own && row.owner !== null && isSameOwner(row.owner, owner);

/** Whether anybody knows the password that it has: an empty one stands for that of a secret that was taken over while the router hid it. */
export const isPasswordKnown = ({ passwordFingerprint, credentialsId }: Pick<WishedSecret, 'passwordFingerprint' | 'credentialsId'>, hash: HashPassword): boolean => passwordFingerprint !== hash('', credentialsId);

/**
 * What differs. A password that the router hides differs when the router was last given another one: what it shows in its
 * place is never compared.
 */
export function secretChanges(row: SecretRow, wish: WishedSecret, hash: HashPassword): FieldChange[] {
  const changes: FieldChange[] = [];
  if (row.name !== wish.name) changes.push({ field: 'name', from: row.name, to: wish.name });
  const has = row.password === null ? wish.appliedFingerprint : hash(row.password, wish.credentialsId);
  if (has !== wish.passwordFingerprint && isPasswordKnown(wish, hash)) changes.push({ field: 'password', from: null, to: null, secret: true });
  if (row.service !== wish.service) changes.push({ field: 'service', from: row.service, to: wish.service });
  if (row.profile !== wish.profile) changes.push({ field: 'profile', from: row.profile, to: wish.profile });
  if (row.remoteAddress !== (wish.remoteAddress ?? '')) changes.push({ field: 'remote-address', from: row.remoteAddress || null, to: wish.remoteAddress });
  if (row.callerId !== (wish.callerId ?? '')) changes.push({ field: 'caller-id', from: row.callerId || null, to: wish.callerId });
  if (row.disabled !== wish.disabled) changes.push({ field: 'disabled', from: yesNo(row.disabled), to: yesNo(wish.disabled) });
  return changes;
}

export function profileChanges(row: ProfileRow, wish: WishedProfile): FieldChange[] {
  const changes: FieldChange[] = [];
  if (row.localAddress !== wish.localAddress) changes.push({ field: 'local-address', from: row.localAddress || null, to: wish.localAddress });
  if (row.remoteAddress !== wish.remotePool) changes.push({ field: 'remote-address', from: row.remoteAddress || null, to: wish.remotePool });
  // The router keeps the text as it was written: compared by what it means.
  if (!sameRateLimit(row.rateLimit, wish.rateLimit)) changes.push({ field: 'rate-limit', from: row.rateLimit || null, to: wish.rateLimit });
  return changes;
}

/** All that a new row is given. */
export function secretFields(wish: WishedSecret): FieldChange[] {
  return [
    { field: 'password', from: null, to: null, secret: true },
    { field: 'service', from: null, to: wish.service },
    { field: 'profile', from: null, to: wish.profile },
    ...(wish.remoteAddress === null ? [] : [{ field: 'remote-address', from: null, to: wish.remoteAddress }]),
    ...(wish.callerId === null ? [] : [{ field: 'caller-id', from: null, to: wish.callerId }]),
    { field: 'disabled', from: null, to: yesNo(wish.disabled) },
  ];
}

export function profileFields(wish: WishedProfile): FieldChange[] {
  return [
    { field: 'local-address', from: null, to: wish.localAddress },
    { field: 'remote-address', from: null, to: wish.remotePool },
    { field: 'rate-limit', from: null, to: wish.rateLimit },
  ];
}

/** As they are sent; the password comes from whoever opens it. */
export function attributesOf(changes: readonly FieldChange[], openPassword: () => string): Attributes {
  // Of the device that may dial an empty text stands for any; the rest is unset by name.
  return Object.fromEntries(changes.map(({ field, to, secret }) => [field, secret ? openPassword() : field === 'caller-id' ? (to ?? '') : to]));
}

/** A row as it was seen: another value means that somebody has changed what is compared, or whose the row is. */
export function seenSecret(row: SecretRow, credentialsId: string, hash: HashPassword): string {
  return digest([row.name, row.password === null ? null : hash(row.password, credentialsId), row.service, row.profile, row.remoteAddress, row.callerId, row.disabled, tagOf(row.owner)]);
}

export function seenProfile(row: ProfileRow): string {
  return digest([row.name, row.localAddress, row.remoteAddress, row.rateLimit, tagOf(row.owner)]);
}

/** A wish as it was read: another value means that something else is wanted by now. */
export function wantedSecret({ serviceId, name, service, profile, remoteAddress, callerId, disabled, passwordFingerprint }: WishedSecret): string {
  return digest([serviceId, name, service, profile, remoteAddress, callerId, disabled, passwordFingerprint]);
}

export function wantedProfile({ id, name, localAddress, remotePool, rateLimit }: WishedProfile): string {
  return digest([id, name, localAddress, remotePool, rateLimit]);
}

export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 32);
}

/** The mark without what people wrote behind it. */
export function tagOf(owner: Ownership | null): string | null {
  return owner && `${owner.tenant}:${owner.kind}:${owner.id}`;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
