import { isUuid } from '#kernel/ids.ts';
import { desiredPoolMenu } from '../desired-pool/desired-pool.ts';
import { desiredQueueMenu } from '../desired-queue/desired-queue.ts';
import type { MenuRow } from '../desired-row/desired-row.ts';
import type { Ownership } from '../routeros/ownership.ts';
import type { ActiveRow, ProfileRow, SecretRow } from '../routeros/ppp-rows.ts';
import { compare, inOrder, isStep, NOTHING, unowned, type Difference } from './difference.ts';
import { PlanAction, PlanMenu } from './router-plan.type.ts';
import { rowDifferences, type RowDifferences, type WishedRows } from './row-differences.ts';
import { type HashPassword, type WishedProfile, type WishedSecret, digest, isOwnedBy, isPasswordKnown, profileChanges, profileFields, profileOwner, secretChanges, secretFields, secretOwner, seenProfile, seenSecret, wantedProfile, wantedSecret } from './wished-rows.ts';

/** What a router has, read at one moment. */
export interface ObservedRouter {
  secrets: readonly SecretRow[];
  profiles: readonly ProfileRow[];
  pools: readonly MenuRow[];
  /** In the router's order. */
  queues: readonly MenuRow[];
  sessions: readonly ActiveRow[];
  version: string | null;
  at: Date;
}

/** What it is to have. */
export interface WishedRouter {
  tenantId: string;
  secrets: readonly WishedSecret[];
  profiles: readonly WishedProfile[];
  pools: WishedRows;
  queues: WishedRows;
  /** Services whose secret is being taken off this router by enforcement. */
  leaving: ReadonlySet<string>;
}

export interface DifferenceOptions {
  hash: HashPassword;
  /** Rows between two pauses, so that a large router does not hold up everything else. */
  pauseEvery?: number;
  pause?: () => Promise<void>;
}

/**
 * Compares a router with what it is to have. The answer is in the order in which it is applied: pools, the profiles that
 * name them, the secrets that name those, queues and their order, removals in reverse, sessions last; then what is only reported. Rows without our mark are never
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

  const pools = rowDifferences(desiredPoolMenu, seen.pools, wished.pools, wished.tenantId);
  const queues = rowDifferences(desiredQueueMenu, seen.queues, wished.queues, wished.tenantId);
  const profiles = profileDifferences(seen, wished, pools);
  found.push(...pools.found, ...profiles.found, ...queues.found);

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
  const poolsInUse = poolUsers(seen, pools, found);
  found.push(...pools.rest((name) => poolsInUse.has(name)), ...queues.rest(() => false));

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

function profileDifferences({ profiles }: ObservedRouter, wished: WishedRouter, pools: Pick<RowDifferences, 'names' | 'renamed'>) {
  const found: Difference[] = [];
  const followed = (name: string) => pools.renamed.get(name) ?? name;
  const rows = profiles.filter(({ own }) => !own).map((row) => ({ ...row, localAddress: followed(row.localAddress), remoteAddress: followed(row.remoteAddress) }));
  const byName = new Map(rows.map((row) => [row.name, row]));
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
    if (!pools.names.has(wish.remotePool)) {
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

/** The pools that profiles and secrets will name once the plan is applied. */
function poolUsers({ profiles, secrets }: ObservedRouter, { renamed }: Pick<RowDifferences, 'renamed'>, found: readonly Difference[]): Set<string> {
  const steps = found.filter((one) => isStep(one) && (one.menu === PlanMenu.PROFILE || one.menu === PlanMenu.SECRET));
  const stepOf = new Map(steps.map((step) => [`${step.menu} ${step.rowId}`, step]));
  const names = new Set(steps.flatMap(({ action, fields }) => (action === PlanAction.ADD ? fields.map(({ to }) => to) : [])).filter((name) => name !== null));
  const use = (menu: PlanMenu, { id }: { id: string }, addresses: Record<string, string>) => {
    const step = stepOf.get(`${menu} ${id}`);
    if (step?.action === PlanAction.REMOVE) return;
    for (const [field, shown] of Object.entries(addresses)) names.add((step?.fields.find((change) => change.field === field) ?? { to: renamed.get(shown) ?? shown }).to ?? '');
  };
  for (const row of profiles) use(PlanMenu.PROFILE, row, { 'local-address': row.localAddress, 'remote-address': row.remoteAddress });
  for (const row of secrets) use(PlanMenu.SECRET, row, { 'remote-address': row.remoteAddress });
  return names;
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
