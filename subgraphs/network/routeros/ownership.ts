/**
 * Whose a row on a router is, written in its comment: `headend:<tenant>:<kind>:<id> <free text>`. Rows without our tag
 * are never changed or removed.
 */
export type OwnedKind = 'secret' | 'profile' | 'pool' | 'queue';

export interface Ownership {
  readonly tenant: string;
  readonly kind: OwnedKind;
  /** Of the service (secret), plan (profile), pool or queue in our database. */
  readonly id: string;
  /** What people wrote after the tag; kept as it is. */
  readonly text: string;
}

const TAG = /^headend:([^:\s]+):(secret|profile|pool|queue):([^:\s]+)(?: ([\s\S]*))?$/;

/** Null when the comment carries no tag of ours. */
export function parseOwnership(comment: string | null | undefined): Ownership | null {
  const match = TAG.exec(comment ?? '');
  if (match === null) return null;
  const [, tenant, kind, id, text] = match;
  return { tenant: tenant!, kind: kind as OwnedKind, id: id!, text: text ?? '' };
}

/** Throws `RangeError` when tenant or id could not be read back (colon or white space in them). */
export function formatOwnership(owner: Omit<Ownership, 'text'> & { readonly text?: string }): string {
  for (const part of [owner.tenant, owner.id]) {
    if (!/^[^:\s]+$/.test(part)) throw new RangeError(`"${part}" cannot be part of an ownership tag`);
  }
  const tag = `headend:${owner.tenant}:${owner.kind}:${owner.id}`;
  return owner.text ? `${tag} ${owner.text}` : tag;
}

/** Same tenant, kind and id; the free text does not matter. */
export function isSameOwner(a: Omit<Ownership, 'text'>, b: Omit<Ownership, 'text'>): boolean {
  return a.tenant === b.tenant && a.kind === b.kind && a.id === b.id;
}
