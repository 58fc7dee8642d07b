import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { notFound } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { credentialsContext, type PppCredentials } from '../credentials/credentials.ts';
import * as credentialsStore from '../credentials/credentials.store.ts';
import { deviceFailure, type DeviceFailure, type NetworkErrorCode } from '../errors.ts';
import type { SessionOwners } from '../ppp-session/session-owners.ts';
import type { FleetMetrics } from '../router/fleet-metrics.ts';
import type { DeviceTools, RouterFleet } from '../router/router-fleet.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { SubscriberSecret } from '../routeros/subscriber-rows.ts';
import { accessApplied } from './access.events.ts';
import { NO_PRIOR, type Access, type Departure, type PppProfile } from './access.ts';
import * as store from './access.store.ts';
import { DesiredAccess, DeviceStepOutcome, EnforcementOutcome } from './access.type.ts';
import { adoptProfile, adoptSecret, releaseProfile, releaseSecret, RowChanged } from './adopt-actions.ts';
import { checkPool, ensureProfile, ensureSecret, removeProfile, removeSecret, renewSessions, shutOut, UnknownPool } from './device-actions.ts';

/** How a step on a router ended. */
export interface StepResult {
  outcome: DeviceStepOutcome;
  code: NetworkErrorCode | null;
  message: string | null;
}

/**
 * The steps of a saga on a router. Each applies the whole of what is desired now, whichever run asks, so that the last
 * wish wins; each reads first, writes what is missing and reads back, so that it may be called again after anything. No
 * transaction is open while the router is spoken to, and each call answers within 15 seconds.
 */
export interface AccessEnforcement {
  /** The profile, where the subscriber may dial. @throws NOT_FOUND when the service has no access. */
  applyProfile(principal: Principal, serviceId: string): Promise<StepResult>;
  /**
   * The secret: made, renamed, enabled; or disabled and its session cut; or removed and its session cut, the last two
   * also on routers that the service has left. @throws NOT_FOUND
   */
  applySecret(principal: Principal, serviceId: string): Promise<StepResult>;
  /** Compares what the router has with what is desired, mends what differs, and notes the proof. @throws NOT_FOUND */
  verify(principal: Principal, serviceId: string): Promise<StepResult>;
  /** Removes what is left on routers that the service has left. Nothing left is DONE. */
  leaveRouters(principal: Principal, serviceId: string): Promise<StepResult>;
  /**
   * Takes over a secret that somebody else has made, and its profile, while `changesOf` finds nothing in it that has changed:
   * nothing else is written, and nobody is cut off. @throws NOT_FOUND
   */
  adopt(principal: Principal, serviceId: string, changesOf: (secret: SubscriberSecret) => string[]): Promise<StepResult>;
  /** Takes back what the run has made, on the router and in the database. Nothing to take back is DONE. */
  withdraw(principal: Principal, serviceId: string, runId: string): Promise<StepResult>;
}

export interface AccessEnforcementOptions extends Pick<SubgraphKit, 'db' | 'bus' | 'clock' | 'secretBox'> {
  fleet: RouterFleet;
  owners: SessionOwners;
  metrics: FleetMetrics;
}

/** For one piece of work; a step of two has less for each. */
const STEP_DEADLINE_MS = 12_000;
const HALF_DEADLINE_MS = 7_000;

const DONE: StepResult = { outcome: DeviceStepOutcome.DONE, code: null, message: null };

interface Step {
  access: Access;
  credentials: PppCredentials;
}

/** The secret is gone from the router, and nobody knows its password. */
class PasswordUnknown extends Error {
  constructor() {
    super('The PPP secret is gone from the router and its password is not known: give the service another password.');
  }
}

/** The wish has changed since the step read it: the step of the newer wish comes after this one. */
class Overtaken extends Error {}

export function makeAccessEnforcement({ db, bus, clock, secretBox, fleet, owners, metrics }: AccessEnforcementOptions): AccessEnforcement {
  /** Reads the access and counts the attempt. Null: nothing is left of it, and that is proven. @throws NOT_FOUND */
  const find = async (tenantId: string, serviceId: string): Promise<Step | null> => {
    const found = isUuid(serviceId)
      ? await db.write(tenantId, async (tx) => {
          // Both leave together.
          const [, present] = await Promise.all([store.countAttempt(tx, serviceId, clock.now()), store.forDevice(tx, serviceId)]);
          return present ?? ((await store.isRemoved(tx, serviceId)) ? null : undefined);
        })
      : undefined;
    if (found === undefined) throw notFound('access of a service', serviceId);
    return found;
  };

  /** One service's work on a router, in the order in which it was asked for. */
  const onSecret = <T>(of: Pick<Access, 'serviceId' | 'routerId'>, deadlineMs: number, action: (tools: DeviceTools) => Promise<T>, hashPassword?: (password: string) => string): Promise<T> =>
    fleet.work(of.routerId, { key: `secret:${of.serviceId}`, deadlineMs, ...(hashPassword ? { hashPassword } : {}) }, action);
  const onProfile = <T>(profile: PppProfile, deadlineMs: number, action: (tools: DeviceTools) => Promise<T>): Promise<T> =>
    fleet.work(profile.routerId, { key: `profile:${profile.name}`, deadlineMs }, action);

  /** Finds the access, works on the router, notes the result. */
  const step = async (name: string, principal: Principal, serviceId: string, action: (step: Step) => Promise<void>, proven = false): Promise<StepResult> => {
    const tenantId = tenantOf(principal);
    const found = await find(tenantId, serviceId);
    if (!found) return DONE;
    const { access } = found;
    let result = DONE;
    try {
      await action(found);
    } catch (error) {
      result = stepFailure(error);
    }
    metrics.applied(name, result.outcome);
    if (result.outcome !== DeviceStepOutcome.DONE) {
      await noteFailure(access, result);
    } else if (!proven && access.reasonCode !== null) {
      await db.write(tenantId, (tx) => store.updateSame(tx, access, { outcome: access.acknowledgedAt ? EnforcementOutcome.APPLIED : EnforcementOutcome.PENDING, reasonCode: null, reasonMessage: null }));
    }
    return result;
  };

  const noteFailure = (access: Access, { outcome, code, message }: StepResult): Promise<boolean> =>
    db.write(access.tenantId, (tx) => store.updateSame(tx, access, { outcome: outcome === DeviceStepOutcome.WAIT || isInsistedOn(access) ? EnforcementOutcome.PENDING : EnforcementOutcome.FAILED, reasonCode: code, reasonMessage: message }));

  /** Switching on and off has no way back: a router that refuses it is asked again until it does it. What was onboarded or changed is taken back. */
  const isInsistedOn = ({ intent, changed }: Access): boolean => intent > 0 && !changed;

  /** Before the first write leaves: from here on a removal has to look on this router, whatever becomes of the write. */
  const note = async (access: Access, sent: { profileSent: true } | { secretSent: true; secretName: string }): Promise<void> => {
    if ('profileSent' in sent ? access.profileSent : access.secretSent) return;
    if (!(await db.write(access.tenantId, (tx) => store.updateSame(tx, access, sent)))) throw new Overtaken();
  };

  const makeProfile = async ({ access }: Step, { ppp }: DeviceTools): Promise<void> => {
    await checkPool(ppp, access.profile);
    await note(access, { profileSent: true });
    await ensureProfile(ppp, access.profile);
  };

  const makeSecret = async ({ access, credentials }: Step, { ppp }: DeviceTools): Promise<void> => {
    await note(access, { secretSent: true, secretName: access.username });
    const password = secretBox.open(credentials.passwordSealed, credentialsContext(credentials));
    try {
      await ensureSecret(ppp, access, password);
    } catch (error) {
      throw password === '' && error instanceof RouterOsError && error.code === 'NOT_FOUND' ? new PasswordUnknown() : error;
    }
    const written = { appliedFingerprint: credentials.passwordFingerprint, secretName: access.username };
    if (access.appliedFingerprint !== written.appliedFingerprint || (access.secretSent && access.secretName !== written.secretName)) {
      await db.write(access.tenantId, (tx) => store.updateSame(tx, access, written));
    }
  };

  /** The secret as it is desired, on the router that the service is on. */
  const workOnSecret = (found: Step): Promise<void> => {
    const { access, credentials } = found;
    const context = credentialsContext(credentials);
    return onSecret(
      access,
      STEP_DEADLINE_MS,
      async (tools) => {
        if (access.desired === DesiredAccess.DISABLED) return shutOut(tools.ppp, access);
        await makeSecret(found, tools);
        if (!access.cutDue) return;
        await renewSessions(tools.ppp, access);
        await db.write(access.tenantId, (tx) => store.updateSame(tx, access, { cutDue: false }));
      },
      (password) => secretBox.fingerprint(password, context),
    );
  };

  /** Secret and session off the router, then the profile when nobody else has it. What never left for the router is not looked for. */
  const takeAway = async (from: Access | Departure): Promise<void> => {
    if (from.secretSent) await onSecret(from, HALF_DEADLINE_MS, ({ ppp }) => removeSecret(ppp, from));
    if (from.profileSent) await takeProfileAway(from.profile, from.serviceId);
  };

  const takeProfileAway = (profile: PppProfile, serviceId: string): Promise<void> =>
    onProfile(profile, HALF_DEADLINE_MS, async ({ ppp, session, limits }) => {
      // Asked while nobody else can work on this profile: a service that takes it later makes it again, after this.
      if (await db.read(profile.tenantId, (tx) => store.profileIsShared(tx, profile.id, serviceId))) return;
      // What was there before us stays when we go.
      if (profile.adopted) await releaseProfile(session, profile, limits);
      else await removeProfile(ppp, profile);
    });

  /** A secret that was taken over goes back to whoever had it, with its session. */
  const giveBack = async (access: Access): Promise<void> => {
    if (access.secretSent) await onSecret(access, HALF_DEADLINE_MS, ({ session, limits }) => releaseSecret(session, access, limits));
    if (access.profileSent) await takeProfileAway(access.profile, access.serviceId);
  };

  /** Off a router that the service has left; what hinders is noted there. @throws what the router said. */
  const depart = async (departure: Departure): Promise<void> => {
    const { tenantId } = departure;
    const now = clock.now();
    try {
      await takeAway(departure);
    } catch (error) {
      const { code, message } = stepFailure(error);
      await db.write(tenantId, (tx) => store.updateDeparture(tx, departure, { attempts: departure.attempts + 1, lastAttemptAt: now, reasonCode: code, reasonMessage: message }));
      throw error;
    }
    await db.write(tenantId, async (tx) => {
      await store.removeDeparture(tx, departure);
      await store.removeProfileRow(tx, departure.profile.id);
    });
    owners.forget({ tenantId, routerId: departure.routerId, name: departure.username });
  };

  const departAll = async (access: Pick<Access, 'tenantId' | 'serviceId'>): Promise<void> => {
    const departures = await db.read(access.tenantId, (tx) => store.departuresOf(tx, [access.serviceId]));
    await allOf(departures.map((departure) => depart(departure)));
  };

  const isOn = (access: Access): boolean => access.desired === DesiredAccess.ENABLED;

  const prove = async (before: Access): Promise<void> => {
    await db.write(before.tenantId, async (tx) => {
      const access = await store.lock(tx, before.serviceId);
      // Another wish came meanwhile, or the access went: what was proven is not what is wanted now.
      if (!access || access.intent !== before.intent || access.desired !== before.desired || access.routerId !== before.routerId) throw new Overtaken();
      const now = clock.now();
      const first = access.outcome !== EnforcementOutcome.APPLIED || access.acknowledgedAt === null;
      const acknowledgedAt = first ? now : access.acknowledgedAt!;
      const lagMs = first ? Math.min(0x7fff_ffff, Math.max(0, now.getTime() - access.desiredSince.getTime())) : access.lagMs!;
      const proven = { outcome: EnforcementOutcome.APPLIED, reasonCode: null, reasonMessage: null, acknowledgedAt, lagMs };
      if (access.desired === DesiredAccess.REMOVED) {
        await store.keepRemoval(tx, access, { acknowledgedAt, lagMs });
        await store.remove(tx, access);
      } else {
        // What it was before is given up: there is no way back behind a proof.
        const settled = access.changed ? { changed: false, ...NO_PRIOR } : {};
        await store.update(tx, access.serviceId, { ...proven, ...settled });
        if (access.changed && access.priorCredentialsId !== null && access.priorCredentialsId !== access.credentialsId) await credentialsStore.remove(tx, access.priorCredentialsId);
      }
      if (first) await bus.publish(tx, [accessApplied({ ...access, ...proven })]);
    });
    if (before.desired === DesiredAccess.REMOVED) owners.forget({ tenantId: before.tenantId, routerId: before.routerId, name: before.username });
  };

  /** Profiles that a change of plan has left without a subscriber. */
  const clearProfiles = async (access: Access): Promise<void> => {
    const unused = await db.read(access.tenantId, (tx) => store.unusedProfiles(tx, access.routerId, access.serviceId));
    for (const profile of unused) {
      await takeProfileAway(profile, access.serviceId);
      await db.write(access.tenantId, (tx) => store.removeProfileRow(tx, profile.id));
    }
  };

  return {
    applyProfile: (principal, serviceId) =>
      step('profile', principal, serviceId, async (found) => {
        // Who may not dial needs none; it is made when he may again.
        if (isOn(found.access)) await onProfile(found.access.profile, STEP_DEADLINE_MS, (tools) => makeProfile(found, tools));
      }),

    applySecret: (principal, serviceId) =>
      step('secret', principal, serviceId, async (found) => {
        const { access } = found;
        if (isOn(access)) return workOnSecret(found);
        // A subscriber who is to be off is off everywhere, whichever router answers first.
        await allOf([access.desired === DesiredAccess.REMOVED ? takeAway(access) : workOnSecret(found), departAll(access)]);
      }),

    verify: (principal, serviceId) =>
      step(
        'verify',
        principal,
        serviceId,
        async (found) => {
          const { access, credentials } = found;
          if (access.desired === DesiredAccess.REMOVED) {
            await allOf([takeAway(access), departAll(access)]);
          } else {
            const context = credentialsContext(credentials);
            await onSecret(
              access,
              access.changed ? HALF_DEADLINE_MS : STEP_DEADLINE_MS,
              async (tools) => {
                if (!isOn(access)) await shutOut(tools.ppp, access);
                // A secret that was disabled without having changed is left as it is: its plan may ask for what the router no longer has.
                if (!isOn(access) && !access.changed) return;
                await makeProfile(found, tools);
                await makeSecret(found, tools);
              },
              (password) => secretBox.fingerprint(password, context),
            );
            if (access.changed) await clearProfiles(access);
          }
          await prove(access);
        },
        true,
      ),

    adopt: (principal, serviceId, changesOf) =>
      step('adopt', principal, serviceId, async (found) => {
        const { access, credentials } = found;
        await onProfile(access.profile, HALF_DEADLINE_MS, async (tools) => {
          if (!access.profile.adopted) return makeProfile(found, tools);
          await note(access, { profileSent: true });
          await adoptProfile(tools.session, access.profile, tools.limits);
        });
        await onSecret(access, HALF_DEADLINE_MS, ({ session, limits }) =>
          adoptSecret(session, access, { changesOf, note: () => note(access, { secretSent: true, secretName: access.username }), limits }),
        );
        // The router has this password: that is what was read, or what nobody knows.
        await db.write(access.tenantId, (tx) => store.updateSame(tx, access, { appliedFingerprint: credentials.passwordFingerprint }));
      }),

    async leaveRouters(principal, serviceId) {
      const tenantId = tenantOf(principal);
      try {
        if (isUuid(serviceId)) await departAll({ tenantId, serviceId });
        return DONE;
      } catch (error) {
        return stepFailure(error);
      }
    },

    async withdraw(principal, serviceId, runId) {
      const tenantId = tenantOf(principal);
      const [access] = isUuid(serviceId) ? await db.read(tenantId, (tx) => store.byServices(tx, [serviceId])) : [];
      if (!access || access.runId !== runId) return DONE;
      const now = clock.now();
      await db.write(tenantId, async (tx) => {
        if (access.desired !== DesiredAccess.REMOVED) await store.update(tx, serviceId, { desired: DesiredAccess.REMOVED, desiredSince: now, outcome: EnforcementOutcome.PENDING, acknowledgedAt: null, lagMs: null });
        if (access.secretSent || access.profileSent) await store.countAttempt(tx, serviceId, now);
      });
      try {
        await (access.adoptedFrom === null ? takeAway(access) : giveBack(access));
      } catch (error) {
        const result = stepFailure(error);
        metrics.applied('withdraw', result.outcome);
        await noteFailure(access, result);
        return result;
      }
      await db.write(tenantId, (tx) => store.remove(tx, access));
      owners.forget({ tenantId, routerId: access.routerId, name: access.username });
      metrics.applied('withdraw', DeviceStepOutcome.DONE);
      return DONE;
    },
  };
}

/** Lets all come to their end, then fails as the first that failed. */
async function allOf(works: Array<Promise<unknown>>): Promise<void> {
  const failure = (await Promise.allSettled(works)).find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}

/** What a failed piece of work means for the saga. @throws whatever did not come from the router. */
export function stepFailure(error: unknown): StepResult {
  if (error instanceof Overtaken) return { outcome: DeviceStepOutcome.WAIT, code: 'NETWORK_OVERTAKEN', message: 'What is wanted of the service has changed meanwhile.' };
  if (error instanceof RowChanged) return { outcome: DeviceStepOutcome.REJECTED, code: 'NETWORK_ROW_CHANGED', message: error.message };
  if (error instanceof PasswordUnknown) return { outcome: DeviceStepOutcome.REJECTED, code: 'NETWORK_PASSWORD_UNKNOWN', message: error.message };
  if (error instanceof UnknownPool) return { outcome: DeviceStepOutcome.REJECTED, code: 'NETWORK_UNKNOWN_POOL', message: error.message };
  if (!(error instanceof RouterOsError)) throw error;
  const failure: DeviceFailure = deviceFailure(error);
  return { outcome: failure.retry ? DeviceStepOutcome.WAIT : DeviceStepOutcome.REJECTED, code: failure.code, message: failure.message };
}
