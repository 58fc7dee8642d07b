import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation, type Tx } from '#kernel/db/database.ts';
import { conflict, invalidField, notFound } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { credentialsContext, usernameTaken } from '../credentials/credentials.ts';
import * as credentialsStore from '../credentials/credentials.store.ts';
import type { SessionOwners } from '../ppp-session/session-owners.ts';
import { passwordRevealed } from './access.events.ts';
import { checkPlan, NO_PRIOR, profileFor, type Access, type Departure } from './access.ts';
import * as store from './access.store.ts';
import { addressTaken, checkedMac, checkHost } from './line-terms.ts';
import { DesiredAccess, EnforcementOutcome, type ChangeAccessCredentialsInput, type ChangeAccessPlanInput, type MoveAccessInput, type RevealPppPasswordInput, type SetAccessAddressInput, type SetAccessCallerIdInput, type SetAccessDesiredInput } from './access.type.ts';

/**
 * What is wanted of an access after it was made: rows only, the steps of `AccessEnforcement` bring them to the router. The
 * row holds all wishes together (enabled or not, plan, credentials, router), so whichever step comes next applies all of
 * them. A wish carries its number, counted per service by ops: one that is older than the newest heard is CONFLICT. A run
 * may take its own change back as long as no other has changed the access since, and nothing has been proven.
 */
export interface AccessLife {
  /** Null: there is no access, or nothing of it is left; only REMOVED may be wished for then. @throws NOT_FOUND, CONFLICT */
  setDesired(principal: Principal, input: SetAccessDesiredInput): Promise<Access | null>;
  /** @throws NOT_FOUND, CONFLICT, VALIDATION_ERROR naming `plan.…` */
  changePlan(principal: Principal, input: ChangeAccessPlanInput): Promise<Access>;
  /** @throws NOT_FOUND for the service, the router (`routerId`); CONFLICT; VALIDATION_ERROR: `routerId` SAME or TAKEN */
  move(principal: Principal, input: MoveAccessInput): Promise<Access>;
  /** @throws NOT_FOUND, CONFLICT, VALIDATION_ERROR: `credentials.username` TAKEN */
  changeCredentials(principal: Principal, input: ChangeAccessCredentialsInput): Promise<Access>;
  /** An address that is always his; null: one of the pool again. @throws NOT_FOUND; CONFLICT: `address` TAKEN; VALIDATION_ERROR: `address` */
  setAddress(principal: Principal, input: SetAccessAddressInput): Promise<Access>;
  /** The one device that may dial; null: any. @throws NOT_FOUND; CONFLICT; VALIDATION_ERROR: `callerId` */
  setCallerId(principal: Principal, input: SetAccessCallerIdInput): Promise<Access>;
  /** The rows as they were before the run changed them; nothing when another run has changed them since. */
  revert(principal: Principal, serviceId: string, runId: string): Promise<void>;
  /** The password in clear, announced with who asked and why. @throws NOT_FOUND */
  reveal(principal: Principal, input: RevealPppPasswordInput): Promise<{ username: string; password: string }>;
}

export function makeAccessLife({ db, bus, clock, log, secretBox, owners }: Pick<SubgraphKit, 'db' | 'bus' | 'clock' | 'log' | 'secretBox'> & { owners: SessionOwners }): AccessLife {
  /** Decides under the access' lock. */
  const change = async <T extends Access | null>(principal: Principal, { serviceId, intent }: { serviceId: string; intent: number }, decide: (before: Access | null, tx: Tx) => Promise<store.AccessChanges | null>): Promise<T> => {
    const tenantId = tenantOf(principal);
    try {
      const { before, after } = await db.write(tenantId, async (tx) => {
        const found = (isUuid(serviceId) ? await store.lock(tx, serviceId) : undefined) ?? null;
        if (found && intent < found.intent) throw conflict('A newer wish for the access of this service has been heard.');
        const changes = await decide(found, tx);
        if (!found) return { before: null, after: null };
        if (!changes) return { before: found, after: found };
        // The lag counts from the wish: what one run asks for in several calls is one wish.
        const isNew = intent > found.intent;
        const pending = { intent, outcome: EnforcementOutcome.PENDING, reasonCode: null, reasonMessage: null, acknowledgedAt: null, lagMs: null, ...(isNew ? { desiredSince: clock.now(), attempts: 0 } : {}) };
        await store.update(tx, serviceId, { ...pending, ...changes });
        return { before: found, after: (await store.byServices(tx, [serviceId]))[0]! };
      });
      if (before && (before.username !== after.username || before.routerId !== after.routerId)) {
        for (const { routerId, username } of [before, after]) owners.forget({ tenantId, routerId, name: username });
      }
      return after as T;
    } catch (error) {
      if (isUniqueViolation(error, 'accesses_username_key')) throw usernameTaken();
      if (isUniqueViolation(error, 'accesses_static_address_key')) throw addressTaken();
      throw error;
    }
  };

  const present = (access: Access | null, serviceId: string): Access => {
    if (!access) throw notFound('access of a service', serviceId);
    if (access.desired === DesiredAccess.REMOVED) throw conflict('The access of this service is being removed.');
    return access;
  };

  /** What it was before this run changed it, kept at the run's first change. */
  const priorOf = (access: Access, runId: string): Partial<Access> =>
    access.priorRunId === runId
      ? {}
      : {
          priorRunId: runId,
          priorRouterId: access.routerId,
          priorProfileId: access.profile.id,
          priorCredentialsId: access.credentialsId,
          priorStaticAddress: access.staticAddress,
          priorCallerId: access.callerId,
        };

  const departureOf = (access: Access): Departure => {
    const { serviceId, tenantId, routerId, profile, username, profileSent, secretSent, secretName, appliedFingerprint } = access;
    return { serviceId, tenantId, routerId, profile, username, profileSent, secretSent, secretName, appliedFingerprint, since: clock.now(), reasonCode: null, reasonMessage: null, attempts: 0, lastAttemptAt: null };
  };

  /** On to another router: what the present one may hold is remembered, and what the other still holds is taken over. */
  const relocate = async (tx: Tx, access: Access, routerId: string): Promise<Pick<Access, 'routerId' | 'profileSent' | 'secretSent' | 'secretName' | 'appliedFingerprint'>> => {
    const returning = (await store.departuresOf(tx, [access.serviceId])).find((departure) => departure.routerId === routerId);
    if (returning) await store.removeDeparture(tx, returning);
    if (access.profileSent || access.secretSent) await store.insertDeparture(tx, departureOf(access));
    const { profileSent, secretSent, secretName, appliedFingerprint } = returning ?? { profileSent: false, secretSent: false, secretName: null, appliedFingerprint: null };
    return { routerId, profileSent, secretSent, secretName, appliedFingerprint };
  };

  return {
    setDesired: (principal, { serviceId, desired, intent }) =>
      change<Access | null>(principal, { serviceId, intent }, async (access) => {
        if (!access) {
          if (desired !== DesiredAccess.REMOVED) throw notFound('access of a service', serviceId);
          return null;
        }
        if (access.intent === intent && access.desired === desired) return null;
        if (desired !== DesiredAccess.REMOVED) present(access, serviceId);
        return { desired };
      }),

    changePlan: (principal, { serviceId, plan, runId, intent }) => {
      checkPlan(plan);
      return change<Access>(principal, { serviceId, intent }, async (found, tx) => {
        const access = present(found, serviceId);
        await store.lockRouter(tx, access.routerId);
        const profile = await profileFor(tx, { tenantId: access.tenantId, routerId: access.routerId, plan, now: clock.now() });
        if (access.intent === intent && access.profile.id === profile.id) return null;
        return { profileId: profile.id, changed: true, cutDue: true, ...priorOf(access, runId) };
      });
    },

    move: (principal, { serviceId, routerId, runId, intent }) =>
      change<Access>(principal, { serviceId, intent }, async (found, tx) => {
        const access = present(found, serviceId);
        if (access.routerId === routerId.toLowerCase()) {
          if (access.intent === intent) return null;
          throw invalidField('routerId', 'SAME', 'routerId is the router that the service is on already.');
        }
        if (!isUuid(routerId) || !(await store.lockRouter(tx, routerId))) throw notFound('router', routerId);
        const { id, planId, planCode, rateLimit, localAddress, remotePool } = access.profile;
        const credentials = { id: access.credentialsId, routerId, username: access.username, serviceId };
        if (await credentialsStore.isTaken(tx, credentials)) throw invalidField('routerId', 'TAKEN', 'Another service has the user name on the router that routerId names.');
        if (access.staticAddress !== null && (await store.addressIsTaken(tx, { routerId, address: access.staticAddress, serviceId }))) throw invalidField('routerId', 'TAKEN', 'Another service has the static address on the router that routerId names.');
        const profile = await profileFor(tx, { tenantId: access.tenantId, routerId, plan: { id: planId, code: planCode, rateLimit, localAddress, remotePool }, now: clock.now() });
        const there = await relocate(tx, access, routerId);
        await credentialsStore.move(tx, access.credentialsId, routerId);
        return { ...there, profileId: profile.id, changed: true, ...priorOf({ ...access, profile: { ...access.profile, id } }, runId) };
      }),

    changeCredentials: (principal, { serviceId, credentialsId, runId, intent }) =>
      change<Access>(principal, { serviceId, intent }, async (found, tx) => {
        const access = present(found, serviceId);
        if (access.credentialsId === credentialsId.toLowerCase()) return null;
        const credentials = await credentialsStore.byId(tx, credentialsId);
        if (!credentials) throw notFound('PPP credentials', credentialsId);
        // Sealed before the service moved: they go along.
        if (credentials.routerId !== access.routerId) await credentialsStore.move(tx, credentials.id, access.routerId);
        if (await credentialsStore.isTaken(tx, { ...credentials, routerId: access.routerId, serviceId })) throw usernameTaken();
        return { credentialsId: credentials.id, username: credentials.username, changed: true, cutDue: true, ...priorOf(access, runId) };
      }),

    setAddress: async (principal, { serviceId, address, runId, intent }) => {
      if (address != null) checkHost(address);
      const wanted = address ?? null;
      return change<Access>(principal, { serviceId, intent }, async (found, tx) => {
        const access = present(found, serviceId);
        if (access.staticAddress === wanted) return access.intent === intent ? null : {};
        if (wanted !== null) {
          if (wanted === access.profile.localAddress) throw invalidField('address', 'IN_USE', 'address is the router\'s own on the subscriber\'s line.');
          await store.lockRouter(tx, access.routerId);
          if (await store.addressIsTaken(tx, { routerId: access.routerId, address: wanted, serviceId })) throw addressTaken();
        }
        return { staticAddress: wanted, changed: true, cutDue: true, ...priorOf(access, runId) };
      });
    },

    setCallerId: async (principal, { serviceId, callerId, renew, runId, intent }) => {
      const wanted = callerId == null ? null : checkedMac(callerId);
      return change<Access>(principal, { serviceId, intent }, async (found) => {
        const access = present(found, serviceId);
        if (access.callerId === wanted) return access.intent === intent ? null : {};
        return { callerId: wanted, changed: true, ...(renew ? { cutDue: true } : {}), ...priorOf(access, runId) };
      });
    },

    async revert(principal, serviceId, runId) {
      const tenantId = tenantOf(principal);
      if (!isUuid(serviceId)) return;
      const changed = await db.write(tenantId, async (tx) => {
        const access = await store.lock(tx, serviceId);
        if (!access || access.priorRunId !== runId || access.desired === DesiredAccess.REMOVED) return undefined;
        const credentials = await credentialsStore.byId(tx, access.priorCredentialsId!);
        const back = access.priorRouterId !== access.routerId ? await relocate(tx, access, access.priorRouterId!) : {};
        if (credentials && credentials.routerId !== access.priorRouterId) await credentialsStore.move(tx, credentials.id, access.priorRouterId!);
        await store.update(tx, serviceId, {
          ...back,
          profileId: access.priorProfileId!,
          ...(credentials ? { credentialsId: credentials.id, username: credentials.username } : {}),
          staticAddress: access.priorStaticAddress,
          callerId: access.priorCallerId,
          changed: true,
          cutDue: true,
          outcome: EnforcementOutcome.PENDING,
          acknowledgedAt: null,
          lagMs: null,
          ...NO_PRIOR,
        });
        return [access, { routerId: access.priorRouterId!, username: credentials?.username ?? access.username }];
      });
      for (const { routerId, username } of changed ?? []) owners.forget({ tenantId, routerId, name: username });
    },

    async reveal(principal, { serviceId, reason }) {
      const tenantId = tenantOf(principal);
      const found = await db.write(tenantId, async (tx) => {
        const row = isUuid(serviceId) ? await store.forDevice(tx, serviceId) : undefined;
        if (!row) throw notFound('access of a service', serviceId);
        // Committed before anything is shown: nobody sees a password unrecorded.
        await bus.publish(tx, [passwordRevealed(row.access, principal, reason)]);
        return row;
      });
      const password = secretBox.open(found.credentials.passwordSealed, credentialsContext(found.credentials));
      if (password === '') throw conflict('The password of this service is not known: the router hid it when the secret was taken over. Give the service another (resetPppPassword).');
      log.info({ serviceId, by: principal.id, onBehalfOf: principal.onBehalfOf, reason }, 'A PPP password was revealed');
      return { username: found.access.username, password };
    },
  };
}
