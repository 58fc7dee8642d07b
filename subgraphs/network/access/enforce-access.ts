import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { notFound } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { credentialsContext, type PppCredentials } from '../credentials/credentials.ts';
import { deviceFailure, type DeviceFailure, type NetworkErrorCode } from '../errors.ts';
import type { SessionOwners } from '../ppp-session/session-owners.ts';
import type { FleetMetrics } from '../router/fleet-metrics.ts';
import type { DeviceTools, RouterFleet } from '../router/router-fleet.ts';
import { ForeignRowError, RouterOsError } from '../routeros/errors.ts';
import { accessApplied } from './access.events.ts';
import type { Access } from './access.ts';
import * as store from './access.store.ts';
import { DesiredAccess, DeviceStepOutcome, EnforcementOutcome } from './access.type.ts';

/** How a step on a router ended. */
export interface StepResult {
  outcome: DeviceStepOutcome;
  code: NetworkErrorCode | null;
  message: string | null;
}

/**
 * The steps of a saga on a router. Each reads first, writes what is missing and reads back, so that it may be called again
 * after anything. No transaction is open while the router is spoken to, and each call answers within 15 seconds.
 */
export interface AccessEnforcement {
  /** @throws NOT_FOUND when the service has no access. */
  applyProfile(principal: Principal, serviceId: string): Promise<StepResult>;
  /** @throws NOT_FOUND when the service has no access. */
  applySecret(principal: Principal, serviceId: string): Promise<StepResult>;
  /** Compares what the router has with what is desired, mends what differs, and notes the proof. @throws NOT_FOUND */
  verify(principal: Principal, serviceId: string): Promise<StepResult>;
  /** Takes back what the run has made, on the router and in the database. Nothing to take back is DONE. */
  withdraw(principal: Principal, serviceId: string, runId: string): Promise<StepResult>;
}

export interface AccessEnforcementOptions extends Pick<SubgraphKit, 'db' | 'bus' | 'clock' | 'secretBox'> {
  fleet: RouterFleet;
  owners: SessionOwners;
  metrics: FleetMetrics;
}

/** For one piece of work; a withdrawal has up to two, one after the other. */
const STEP_DEADLINE_MS = 12_000;
const WITHDRAW_DEADLINE_MS = 7_000;

const DONE: StepResult = { outcome: DeviceStepOutcome.DONE, code: null, message: null };

interface Step {
  access: Access;
  credentials: PppCredentials;
}

export function makeAccessEnforcement({ db, bus, clock, secretBox, fleet, owners, metrics }: AccessEnforcementOptions): AccessEnforcement {
  const owner = (access: Access) => ({ tenant: access.tenantId, id: access.serviceId });
  const profileOwner = (access: Access) => ({ tenant: access.tenantId, id: access.profile.planId });

  /** Finds the access, notes the attempt, works on the router, notes the result. */
  const step = async (name: string, principal: Principal, serviceId: string, keyOf: (access: Access) => string, action: (step: Step, tools: DeviceTools) => Promise<void>, onDone?: (access: Access) => Promise<void>): Promise<StepResult> => {
    const tenantId = tenantOf(principal);
    const found = isUuid(serviceId)
      ? await db.write(tenantId, async (tx) => {
          await store.countAttempt(tx, serviceId, clock.now());
          return store.forDevice(tx, serviceId);
        })
      : undefined;
    if (!found) throw notFound('access of a service', serviceId);
    const { access, credentials } = found;
    const context = credentialsContext(credentials);
    const hashPassword = (password: string) => secretBox.fingerprint(password, context);
    let result = DONE;
    try {
      await fleet.work(access.routerId, { key: keyOf(access), deadlineMs: STEP_DEADLINE_MS, hashPassword }, (tools) => action(found, tools));
    } catch (error) {
      result = failed(error);
    }
    metrics.applied(name, result.outcome);
    if (result.outcome !== DeviceStepOutcome.DONE) {
      await db.write(tenantId, (tx) => store.update(tx, serviceId, { outcome: result.outcome === DeviceStepOutcome.WAIT ? EnforcementOutcome.PENDING : EnforcementOutcome.FAILED, reasonCode: result.code, reasonMessage: result.message }));
    } else if (onDone) {
      await onDone(access);
    } else if (access.reasonCode !== null) {
      await db.write(tenantId, (tx) => store.update(tx, serviceId, { outcome: access.acknowledgedAt ? EnforcementOutcome.APPLIED : EnforcementOutcome.PENDING, reasonCode: null, reasonMessage: null }));
    }
    return result;
  };

  /** From here on an undo has to look on the router, whatever becomes of the write. */
  const note = async (access: Access, sent: { profileSent: true } | { secretSent: true }): Promise<void> => {
    if ('profileSent' in sent ? access.profileSent : access.secretSent) return;
    await db.write(access.tenantId, (tx) => store.update(tx, access.serviceId, sent));
  };

  const ensureProfile = async ({ access }: Step, { ppp }: DeviceTools): Promise<void> => {
    const { profile } = access;
    // Routers differ in how they refuse a name that leads nowhere (some do not): asked for, it is certain.
    if ((await ppp.readPool(profile.remotePool)) === null) throw new UnknownPool(profile.remotePool);
    await note(access, { profileSent: true });
    await ppp.ensureProfile({ name: profile.name, owner: profileOwner(access), rateLimit: profile.rateLimit, localAddress: profile.localAddress, remoteAddress: profile.remotePool, text: profile.planCode });
  };

  const ensureSecret = async ({ access, credentials }: Step, { ppp }: DeviceTools): Promise<void> => {
    await note(access, { secretSent: true });
    await ppp.ensureSecret({
      name: access.username,
      owner: owner(access),
      password: secretBox.open(credentials.passwordSealed, credentialsContext(credentials)),
      appliedPasswordHash: access.appliedFingerprint ?? '',
      profile: access.profile.name,
      disabled: access.desired !== DesiredAccess.ENABLED,
    });
    if (access.appliedFingerprint !== credentials.passwordFingerprint) {
      await db.write(access.tenantId, (tx) => store.update(tx, access.serviceId, { appliedFingerprint: credentials.passwordFingerprint }));
    }
  };

  const onProfile = (access: Access) => `profile:${access.profile.name}`;
  const onSecret = (access: Access) => `secret:${access.username}`;

  return {
    applyProfile: (principal, serviceId) => step('profile', principal, serviceId, onProfile, ensureProfile),

    applySecret: (principal, serviceId) => step('secret', principal, serviceId, onSecret, ensureSecret),

    verify: (principal, serviceId) =>
      step(
        'verify',
        principal,
        serviceId,
        onSecret,
        async (found, tools) => {
          await ensureProfile(found, tools);
          await ensureSecret(found, tools);
        },
        async (before) => {
          await db.write(before.tenantId, async (tx) => {
            const access = await store.lock(tx, serviceId);
            // Another wish came meanwhile, or the access went: what was proven is not what is wanted now.
            if (!access || access.desired !== before.desired) return;
            const now = clock.now();
            const first = access.outcome !== EnforcementOutcome.APPLIED || access.acknowledgedAt === null;
            const acknowledgedAt = first ? now : access.acknowledgedAt;
            const lagMs = first ? Math.min(0x7fff_ffff, Math.max(0, now.getTime() - access.desiredSince.getTime())) : access.lagMs;
            const proven = { outcome: EnforcementOutcome.APPLIED, reasonCode: null, reasonMessage: null, acknowledgedAt, lagMs };
            await store.update(tx, serviceId, proven);
            if (first) await bus.publish(tx, [accessApplied({ ...access, ...proven })]);
          });
        },
      ),

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
        if (access.secretSent) await fleet.work(access.routerId, { key: onSecret(access), deadlineMs: WITHDRAW_DEADLINE_MS }, (tools) => removeSecret(access, tools));
        if (access.profileSent) await fleet.work(access.routerId, { key: onProfile(access), deadlineMs: WITHDRAW_DEADLINE_MS }, (tools) => removeProfile(access, tools));
      } catch (error) {
        const result = failed(error);
        metrics.applied('withdraw', result.outcome);
        await db.write(tenantId, (tx) => store.update(tx, serviceId, { outcome: result.outcome === DeviceStepOutcome.WAIT ? EnforcementOutcome.PENDING : EnforcementOutcome.FAILED, reasonCode: result.code, reasonMessage: result.message }));
        return result;
      }
      await db.write(tenantId, (tx) => store.remove(tx, access));
      owners.forget({ tenantId, routerId: access.routerId, name: access.username });
      metrics.applied('withdraw', DeviceStepOutcome.DONE);
      return DONE;
    },
  };

  async function removeSecret(access: Access, { ppp }: DeviceTools): Promise<void> {
    try {
      await ppp.removeSecret(access.username, owner(access));
    } catch (error) {
      if (error instanceof ForeignRowError) return; // nothing of ours is there
      throw error;
    }
    // A secret that is gone does not end the session that was dialled with it.
    await ppp.removeActive({ name: access.username });
  }

  async function removeProfile(access: Access, { ppp }: DeviceTools): Promise<void> {
    // Asked while nobody else can work on this profile: a service that takes it later makes it again, after this.
    if (await db.read(access.tenantId, (tx) => store.profileIsShared(tx, access.profile.id, access.serviceId))) return;
    try {
      await ppp.removeProfile(access.profile.name, profileOwner(access));
    } catch (error) {
      // Not ours, or secrets that somebody else made use it: it stays.
      if (error instanceof ForeignRowError || (error instanceof RouterOsError && error.code === 'BAD_VALUE')) return;
      throw error;
    }
  }
}

/** The plan names a pool that the router does not have. */
class UnknownPool extends Error {
  constructor(readonly pool: string) {
    super(`The router has no address pool ${JSON.stringify(pool)}.`);
  }
}

/** What a failed piece of work means for the saga. @throws whatever did not come from the router. */
function failed(error: unknown): StepResult {
  if (error instanceof UnknownPool) return { outcome: DeviceStepOutcome.REJECTED, code: 'NETWORK_UNKNOWN_POOL', message: error.message };
  if (!(error instanceof RouterOsError)) throw error;
  const failure: DeviceFailure = deviceFailure(error);
  return { outcome: failure.retry ? DeviceStepOutcome.WAIT : DeviceStepOutcome.REJECTED, code: failure.code, message: failure.message };
}
