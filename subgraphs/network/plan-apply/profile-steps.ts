import type { RouterPort } from '../routeros/ensure-row.ts';
import { formatOwnership } from '../routeros/ownership.ts';
import { readPools, readProfiles, type ProfileRow } from '../routeros/ppp-rows.ts';
import * as planStore from '../router-plan/router-plan.store.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { PlanAction } from '../router-plan/router-plan.type.ts';
import { attributesOf, isOwnedBy, profileChanges, profileFields, profileOwner, seenProfile, wantedProfile, type WishedProfile } from '../router-plan/wished-rows.ts';
import * as store from './plan-apply.store.ts';
import { done, failedStep, overtaken, refusedStep, stale, type StepContext, type StepKind } from './step.ts';
import { fieldsOf } from './secret-steps.ts';

const MENU = '/ppp/profile';

const noPassword = (): never => {
  throw new Error('A profile has no password.');
};

/** Profiles that are made or changed. */
export function profileAdditions({ db, apply, limits }: StepContext, items: readonly PlanItem[]): StepKind {
  let wishes: Map<string, WishedProfile> | undefined;
  let rows = new Map<string, ProfileRow>();
  let pools: Set<string> | undefined;
  const wishOf = ({ profileId }: PlanItem) => wishes?.get(profileId!);
  return {
    menu: MENU,
    async look(port) {
      wishes ??= new Map((await db.read(apply.tenantId, (tx) => planStore.profilesOf(tx, items.map(({ profileId }) => profileId!)))).map((wish) => [wish.id, wish]));
      pools ??= new Set((await readPools(port, limits())).map(({ name }) => name));
      rows = await byName(port, items, limits());
    },
    judge(item) {
      const wish = wishOf(item);
      if (!wish || wantedProfile(wish) !== item.wanted) return { end: overtaken() };
      const row = rows.get(wish.name);
      if (row && !isOwnedBy(row, profileOwner(wish))) return { end: refusedStep('NETWORK_FOREIGN_PROFILE', 'A profile of that name is on the router and does not carry our mark: it is not touched.') };
      // Routers differ in how they refuse a name that leads nowhere (some do not): asked for, it is certain.
      if (!pools?.has(wish.remotePool)) return { end: failedStep('NETWORK_UNKNOWN_POOL', `The router has no address pool ${JSON.stringify(wish.remotePool)}.`) };
      if (!row) {
        if (item.action === PlanAction.CHANGE) return { end: stale() };
        return { command: 'add', attributes: { name: wish.name, comment: formatOwnership({ ...profileOwner(wish), text: wish.planCode }), ...attributesOf(profileFields(wish), noPassword) } };
      }
      const changes = profileChanges(row, wish);
      if (changes.length === 0) return { end: done };
      if (item.action === PlanAction.ADD || seenProfile(row) !== item.seen) return { end: stale() };
      return { command: 'set', attributes: { '.id': row.id, ...attributesOf(changes, noPassword) } };
    },
    async note(toSend) {
      await db.write(apply.tenantId, (tx) => store.noteProfilesSent(tx, toSend.map(({ profileId }) => profileId!)));
      return new Map();
    },
    verify(item, sent) {
      const row = rows.get(item.name);
      const left = row && isOwnedBy(row, profileOwner(wishOf(item)!)) ? profileChanges(row, wishOf(item)!) : undefined;
      if (left?.length === 0) return done;
      if (sent === 'UNKNOWN') return null;
      return failedStep('NETWORK_READ_BACK_DIFFERS', left ? `The router shows something else for ${fieldsOf(left)} than it was told.` : 'The router took the profile, but does not have it now.');
    },
  };
}

/** Profiles of ours that no plan gives any more. */
export function profileRemovals({ db, apply, limits }: StepContext, items: readonly PlanItem[]): StepKind {
  let wished: Set<string> | undefined;
  let rows = new Map<string, ProfileRow>();
  let users: Map<string, number> | undefined;
  return {
    menu: MENU,
    async look(port) {
      const names = items.map(({ name }) => name);
      wished ??= await db.read(apply.tenantId, (tx) => store.wishedProfiles(tx, apply.routerId, names));
      rows = await byName(port, items, limits());
      // RouterOS would let the secrets fall to a dead reference.
      users ??= new Map(await Promise.all(names.map(async (name) => [name, await port.count('/ppp/secret', { where: { profile: name }, ...limits() })] as const)));
    },
    judge(item) {
      if (wished?.has(item.name)) return { end: overtaken() };
      const row = rows.get(item.name);
      if (!row) return { end: done };
      if (seenProfile(row) !== item.seen) return { end: stale() };
      const count = users?.get(item.name) ?? 0;
      if (count > 0) return { end: refusedStep('NETWORK_PROFILE_IN_USE', `Secrets name it: ${count}.`) };
      return { command: 'remove', attributes: { '.id': row.id } };
    },
    verify(item, sent) {
      if (!rows.has(item.name)) return done;
      return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', 'The profile is still there after its removal.');
    },
  };
}

async function byName(port: RouterPort, items: readonly PlanItem[], limits: { timeoutMs: number }): Promise<Map<string, ProfileRow>> {
  return new Map((await readProfiles(port, { names: items.map(({ name }) => name), ...limits })).map((row) => [row.name, row]));
}
