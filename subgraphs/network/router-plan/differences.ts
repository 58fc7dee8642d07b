import { isUuid } from '#kernel/ids.ts';
import type { NetworkErrorCode } from '../errors.ts';
import type { Ownership } from '../routeros/ownership.ts';
import type { ActiveRow, OtherRow, ProfileRow, SecretRow } from '../routeros/ppp-rows.ts';
import { PlanAction, PlanMenu } from './router-plan.type.ts';
import { type FieldChange, type HashPassword, type WishedProfile, type WishedSecret, digest, isOwnedBy, isPasswordKnown, profileChanges, profileFields, profileOwner, secretChanges, secretFields, secretOwner, seenProfile, seenSecret, wantedProfile, wantedSecret } from './wished-rows.ts';

/** What a router has, read at one moment. */
export interface ObservedRouter {
  secrets: readonly SecretRow[];
  profiles: readonly ProfileRow[];
  pools: readonly OtherRow[];
  queues: readonly OtherRow[];
  sessions: readonly ActiveRow[];
  version: string | null;
  at: Date;
}

/** What it is to have. */
export interface WishedRouter {
  tenantId: string;
  secrets: readonly WishedSecret[];
  profiles: readonly WishedProfile[];
  /** Services whose secret is being taken off this router by enforcement. */
  leaving: ReadonlySet<string>;
}

/** One difference. */
export interface Difference {
  menu: PlanMenu;
  action: PlanAction;
  /** As the router has it; for a new row as it will be. */
  name: string;
  /** The router's `.id` when it was seen. */
  rowId: string | null;
  serviceId: string | null;
  /** Of our row of a profile. */
  profileId: string | null;
  fields: FieldChange[];
  /** Digest of the row as it was seen; null where none was. Of a session: its mark. */
  seen: string | null;
  /** Digest of the wish; null where nothing is wished for. */
  wanted: string | null;
  reason: { code: DifferenceReason; message: string } | null;
  /** Enforcement is at it: no drift. */
  pending: boolean;
}

/** Why a row is not brought into line, or a session is to end. */
export type DifferenceReason = NetworkErrorCode | 'DISABLED' | 'REMOVED' | 'TERMS_CHANGED' | 'CUT_DUE';

export interface DifferenceOptions {
  hash: HashPassword;
  /** Rows between two pauses, so that a large router does not hold up everything else. */
  pauseEvery?: number;
  pause?: () => Promise<void>;
}

const NOTHING = { rowId: null, serviceId: null, profileId: null, fields: [], seen: null, wanted: null, reason: null, pending: false };

/**
 * Compares a router with what it is to have. The answer is in the order in which it is applied: profiles before the
 * secrets that name them, removals in reverse, sessions last; then what is only reported. Rows without our mark are never
 * among what is applied. Dynamic rows and the router's own defaults do not count.
 */
export async function differences(seen: ObservedRouter, wished: WishedRouter, { hash, pauseEvery = 1_000, pause = () => new Promise((resolve) => setImmediate(resolve)) }: DifferenceOptions): Promise<Difference[]> {
  const found: Difference[] = [];
  let looked = 0;
  const rest = async () => {
    if ((looked += 1) % pauseEvery === 0) await pause();
  };
  /** Rows that a wish or a conflict has spoken for, by their ids. */
  const spoken = new Set<string>();

  const profiles = profileDifferences(seen, wished);
  found.push(...profiles.found);

  // By name, so that the same router gives the same plan in whatever order it lists its rows.
  const rows = seen.secrets.filter(({ own }) => !own).sort((a, b) => compare(a.name, b.name));
  const byName = new Map(rows.map((row) => [row.name, row]));
  const byService = Map.groupBy(rows.filter((row) => ownedHere(row.owner, wished.tenantId, 'secret')), (row) => row.owner!.id);
  const wishedByName = new Map<string, WishedSecret>();
  const changedOf = new Map<string, Difference>();

  for (const wish of wished.secrets) {
    await rest();
    wishedByName.set(wish.name, wish);
    const base = { ...NOTHING, menu: PlanMenu.SECRET, name: wish.name, serviceId: wish.serviceId, pending: wish.pending };
    const there = byName.get(wish.name);
    if (there && !isOwnedBy(there, secretOwner(wish))) {
      const ours = ownedHere(there.owner, wished.tenantId, 'secret');
      if (!ours) spoken.add(there.id);
      found.push({ ...base, action: PlanAction.CONFLICT, rowId: there.id, reason: { code: 'NETWORK_FOREIGN_SECRET', message: ours ? 'The secret of that name belongs to another service: it has to go first.' : 'A secret of that name is on the router and does not carry our mark: it is not touched.' } });
      continue;
    }
    // Under another name it is still ours: somebody has renamed it, or the user name was changed.
    const row = there ?? byService.get(wish.serviceId)?.find(({ name, id }) => !spoken.has(id) && name !== wish.name);
    const fields = row ? secretChanges(row, wish, hash) : secretFields(wish);
    if (row) spoken.add(row.id);
    if (row && fields.length === 0) continue;
    if (!row && !isPasswordKnown(wish, hash)) {
      found.push({ ...base, action: PlanAction.CONFLICT, reason: { code: 'NETWORK_PASSWORD_UNKNOWN', message: 'The secret is gone, and nobody knows its password: give the service another one.' } });
      continue;
    }
    if (!profiles.available.has(wish.profile)) {
      found.push({ ...base, action: PlanAction.CONFLICT, rowId: row?.id ?? null, fields, reason: { code: 'NETWORK_PROFILE_MISSING', message: `Its profile ${JSON.stringify(wish.profile)} is not on the router and cannot be made.` } });
      continue;
    }
    const change: Difference = { ...base, action: row ? PlanAction.CHANGE : PlanAction.ADD, name: row?.name ?? wish.name, rowId: row?.id ?? null, fields, seen: row ? seenSecret(row, wish.credentialsId, hash) : null, wanted: wantedSecret(wish) };
    found.push(change);
    changedOf.set(wish.serviceId, change);
  }

  const removed = new Set<string>();
  for (const row of rows) {
    await rest();
    if (spoken.has(row.id)) continue;
    if (ownedHere(row.owner, wished.tenantId, 'secret')) {
      const serviceId = row.owner!.id.toLowerCase();
      removed.add(row.name);
      found.push({ ...NOTHING, menu: PlanMenu.SECRET, action: PlanAction.REMOVE, name: row.name, rowId: row.id, serviceId, seen: seenSecret(row, serviceId, hash), pending: wished.leaving.has(serviceId) });
    } else {
      found.push(unowned(PlanMenu.SECRET, row));
    }
  }

  found.push(...profiles.removals(profileUsers(rows, found)));
  for (const row of seen.pools) if (!row.own && row.owner?.tenant !== wished.tenantId) found.push(unowned(PlanMenu.POOL, row));
  for (const row of seen.queues) if (!row.own && row.owner?.tenant !== wished.tenantId) found.push(unowned(PlanMenu.QUEUE, row));

  for (const session of seen.sessions) {
    await rest();
    const wish = wishedByName.get(session.name);
    const there = byName.get(session.name);
    const reason = endOf({ removed: removed.has(session.name), wish, foreign: wish !== undefined && there !== undefined && !isOwnedBy(there, secretOwner(wish)), change: wish && changedOf.get(wish.serviceId), changedProfile: wish !== undefined && profiles.changed.has(wish.profile) });
    if (reason) {
      const owner = wish?.serviceId ?? there?.owner?.id ?? null;
      found.push({ ...NOTHING, menu: PlanMenu.SESSION, action: PlanAction.KICK, name: session.name, rowId: session.id, serviceId: owner, seen: session.mark, reason, pending: wish ? wish.pending || wish.cutDue : wished.leaving.has(owner ?? '') });
    }
  }
  return found.sort(inOrder);
}

/** Same router, same differences, same hash; whatever is not ours and which sessions run do not count. */
export function hashOf(routerId: string, found: readonly Difference[]): string {
  return digest([routerId, ...found.filter(({ action }) => action !== PlanAction.UNOWNED && action !== PlanAction.KICK).map(({ menu, action, name, seen, wanted, reason }) => [menu, action, name, seen, wanted, reason?.code])]);
}

/** Whether a difference is one that an apply acts upon. */
export const isStep = ({ action }: Pick<Difference, 'action'>): boolean => action !== PlanAction.CONFLICT && action !== PlanAction.UNOWNED;

function profileDifferences({ profiles, pools }: ObservedRouter, wished: WishedRouter) {
  const found: Difference[] = [];
  const rows = profiles.filter(({ own }) => !own);
  const byName = new Map(rows.map((row) => [row.name, row]));
  const poolNames = new Set(pools.map(({ name }) => name));
  /** What secrets may name once the plan is applied. */
  const available = new Set(profiles.map(({ name }) => name));
  const changed = new Set<string>();
  const known = new Set(wished.profiles.map(({ name }) => name));
  for (const wish of wished.profiles) {
    const row = byName.get(wish.name);
    if (!wish.used) continue;
    const base = { ...NOTHING, menu: PlanMenu.PROFILE, name: wish.name, profileId: wish.id, rowId: row?.id ?? null, pending: wish.pending };
    if (row && !isOwnedBy(row, profileOwner(wish))) {
      available.delete(wish.name);
      found.push({ ...base, action: PlanAction.CONFLICT, reason: { code: 'NETWORK_FOREIGN_PROFILE', message: 'A profile of that name is on the router and does not carry our mark: it is not touched.' } });
      continue;
    }
    const fields = row ? profileChanges(row, wish) : profileFields(wish);
    if (row && fields.length === 0) continue;
    if (!poolNames.has(wish.remotePool)) {
      found.push({ ...base, action: PlanAction.CONFLICT, fields, reason: { code: 'NETWORK_UNKNOWN_POOL', message: `The router has no address pool ${JSON.stringify(wish.remotePool)}.` } });
      continue;
    }
    available.add(wish.name);
    if (row) changed.add(wish.name);
    found.push({ ...base, action: row ? PlanAction.CHANGE : PlanAction.ADD, fields, seen: row ? seenProfile(row) : null, wanted: wantedProfile(wish) });
  }
  /** Ours and of no plan any more; in use they stay. What is nobody's is only told. */
  const removals = (users: ReadonlyMap<string, number>): Difference[] =>
    rows
      .filter(({ name }) => !known.has(name))
      .map((row) => {
        if (!ownedHere(row.owner, wished.tenantId, 'profile')) return unowned(PlanMenu.PROFILE, row);
        const base = { ...NOTHING, menu: PlanMenu.PROFILE, name: row.name, rowId: row.id };
        const count = users.get(row.name) ?? 0;
        if (count > 0) return { ...base, action: PlanAction.CONFLICT, reason: { code: 'NETWORK_PROFILE_IN_USE' as const, message: `No service has it any more, but ${count === 1 ? 'a secret names' : `${count} secrets name`} it.` } };
        return { ...base, action: PlanAction.REMOVE, seen: seenProfile(row) };
      });
  return { found, available, changed, removals };
}

/** How many secrets will name each profile once the plan is applied. */
function profileUsers(rows: readonly SecretRow[], found: readonly Difference[]): Map<string, number> {
  const leaving = new Set(found.filter(({ menu, action, fields }) => menu === PlanMenu.SECRET && (action === PlanAction.REMOVE || (action === PlanAction.CHANGE && fields.some(({ field }) => field === 'profile')))).map(({ rowId }) => rowId));
  const users = new Map<string, number>();
  for (const { id, profile } of rows) if (!leaving.has(id)) users.set(profile, (users.get(profile) ?? 0) + 1);
  return users;
}

/** Why a session is to end: what is changed on the router acts on the next login only. Null: it may run on. */
function endOf({ removed, wish, foreign, change, changedProfile }: { removed: boolean; wish: WishedSecret | undefined; foreign: boolean; change: Difference | undefined; changedProfile: boolean }): Difference['reason'] {
  if (removed) return { code: 'REMOVED', message: 'Its secret is removed.' };
  if (!wish || foreign) return null;
  if (wish.disabled) return { code: 'DISABLED', message: 'The subscriber is not to be online.' };
  const changed = change?.action === PlanAction.CHANGE && change.fields.some(({ field, to }) => field === 'profile' || field === 'remote-address' || (field === 'caller-id' && to !== null));
  if (changedProfile || changed) return { code: 'TERMS_CHANGED', message: 'It was dialled on other terms: profile, address or device.' };
  if (wish.cutDue) return { code: 'CUT_DUE', message: 'It was dialled before a change that counts from the next login.' };
  return null;
}

/** Ours, and of an id that can be one of ours. */
function ownedHere(owner: Ownership | null, tenantId: string, kind: Ownership['kind']): boolean {
  return owner !== null && owner.tenant === tenantId && owner.kind === kind && isUuid(owner.id);
}

function unowned(menu: PlanMenu, { id, name }: { id: string; name: string }): Difference {
  return { ...NOTHING, menu, action: PlanAction.UNOWNED, name, rowId: id };
}

const PHASES: ReadonlyArray<readonly [PlanMenu | null, ReadonlyArray<PlanAction>]> = [
  [PlanMenu.PROFILE, [PlanAction.ADD, PlanAction.CHANGE]],
  [PlanMenu.SECRET, [PlanAction.ADD, PlanAction.CHANGE]],
  [PlanMenu.SECRET, [PlanAction.REMOVE]],
  [PlanMenu.PROFILE, [PlanAction.REMOVE]],
  [PlanMenu.SESSION, [PlanAction.KICK]],
  [null, [PlanAction.CONFLICT]],
  [null, [PlanAction.UNOWNED]],
];

/** Steps of one phase do not depend on each other. */
export function phaseOf({ menu, action }: Pick<Difference, 'menu' | 'action'>): number {
  return PHASES.findIndex(([of, actions]) => (of === null || of === menu) && actions.includes(action));
}

function inOrder(a: Difference, b: Difference): number {
  return phaseOf(a) - phaseOf(b) || compare(a.menu, b.menu) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
