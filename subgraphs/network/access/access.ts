import { isIPv4 } from 'node:net';
import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation, type Tx } from '#kernel/db/database.ts';
import { conflict, notFound, validationError, type DomainError, type ErrorDetail } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { usernameTaken } from '../credentials/credentials.ts';
import * as credentialsStore from '../credentials/credentials.store.ts';
import { parseRateLimit, RateLimitSyntaxError, sameRateLimit } from '../routeros/rate-limit.ts';
import type { SessionOwners } from '../ppp-session/session-owners.ts';
import * as store from './access.store.ts';
import { DesiredAccess, EnforcementOutcome, type AccessPlanInput, type ProvisionAccessInput } from './access.type.ts';

/** The wished state of one PPP profile on one router: what a plan gives. */
export interface PppProfile {
  id: string;
  tenantId: string;
  routerId: string;
  planId: string;
  planCode: string;
  /** On the router. */
  name: string;
  rateLimit: string;
  localAddress: string;
  remotePool: string;
  /** It was on the router before: when nobody has it any more, it is given back and not removed. */
  adopted: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** The wished state of one service on its router, and how far the router has followed. */
export interface Access {
  serviceId: string;
  tenantId: string;
  routerId: string;
  credentialsId: string;
  profile: PppProfile;
  username: string;
  runId: string;
  desired: DesiredAccess;
  /** When `desired` took its value: the lag counts from here. */
  desiredSince: Date;
  /** Whether a profile or secret may be on the router because of this access. */
  profileSent: boolean;
  secretSent: boolean;
  /** Keyed hash of the password the router was last given. */
  appliedFingerprint: string | null;
  outcome: EnforcementOutcome;
  reasonCode: string | null;
  reasonMessage: string | null;
  attempts: number;
  lastAttemptAt: Date | null;
  acknowledgedAt: Date | null;
  lagMs: number | null;
  createdAt: Date;
  /** Number of the newest wish; see `AccessLife`. */
  intent: number;
  /** The name under which the secret was last written on the router. */
  secretName: string | null;
  /** Plan, credentials or router are other ones than the last proof was about. */
  changed: boolean;
  /** The sessions that run are to be cut once the secret is as wished. */
  cutDue: boolean;
  /** The address that the subscriber is always given; null: one of his plan's pool. */
  staticAddress: string | null;
  /** The one device that may dial, as `normaliseMac` writes it; null: any. */
  callerId: string | null;
  /** The run that changed it last, and what it was before. */
  priorRunId: string | null;
  priorRouterId: string | null;
  priorProfileId: string | null;
  priorCredentialsId: string | null;
  priorStaticAddress: string | null;
  priorCallerId: string | null;
  /** The profile that the secret had when it was taken over; null: we made the secret. */
  adoptedFrom: string | null;
  /** What the secret is for, where it was taken over with something else than `pppoe`. */
  secretService: string | null;
}

/** What the graph shows of an access, also of one that is proven to be gone. */
export type ShownAccess = Pick<Access, 'serviceId' | 'tenantId' | 'routerId' | 'username' | 'desired' | 'outcome' | 'reasonCode' | 'reasonMessage' | 'attempts' | 'lastAttemptAt' | 'acknowledgedAt' | 'lagMs' | 'staticAddress' | 'callerId'> & {
  profile: Pick<PppProfile, 'name'>;
};

/** A router that a service has left and that may still hold something of it. */
export interface Departure {
  serviceId: string;
  tenantId: string;
  routerId: string;
  profile: PppProfile;
  username: string;
  profileSent: boolean;
  secretSent: boolean;
  secretName: string | null;
  appliedFingerprint: string | null;
  since: Date;
  reasonCode: string | null;
  reasonMessage: string | null;
  attempts: number;
  lastAttemptAt: Date | null;
}

export interface Accesses {
  /**
   * Makes the rows; nothing is done on the router. Idempotent within a run.
   * @throws NOT_FOUND for the credentials; VALIDATION_ERROR naming `plan.…` or `credentials.username`; CONFLICT when the
   * service has another access.
   */
  provision(principal: Principal, input: ProvisionAccessInput): Promise<Access>;
  /** A page of the accesses that there are; no router is asked. */
  list(principal: Principal, query: store.AccessQuery): Promise<ConnectionValue<Access>>;
}

export function makeAccesses({ db, clock, owners }: Pick<SubgraphKit, 'db' | 'clock'> & { owners: SessionOwners }): Accesses {
  return {
    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async provision(principal, input) {
      const tenantId = tenantOf(principal);
      const { serviceId, credentialsId, runId, plan } = input;
      checkPlan(plan);
      const now = clock.now();
      try {
        const access = await db.write(tenantId, async (tx) => {
          const [earlier] = await store.byServices(tx, [serviceId]);
          if (earlier) return sameAccess(earlier, input);
          const credentials = await credentialsStore.byId(tx, credentialsId);
          if (!credentials) throw notFound('PPP credentials', credentialsId);
          if (await credentialsStore.isTaken(tx, credentials)) throw usernameTaken();
          await store.lockRouter(tx, credentials.routerId);
          const profile = await profileFor(tx, { tenantId, routerId: credentials.routerId, plan, now });
          const made = newAccess({ serviceId, tenantId, routerId: credentials.routerId, credentialsId, profile, username: credentials.username, runId, now });
          await store.insert(tx, made);
          return made;
        });
        owners.forget({ tenantId, routerId: access.routerId, name: access.username });
        return access;
      } catch (error) {
        if (isUniqueViolation(error, 'accesses_username_key')) throw usernameTaken();
        if (isUniqueViolation(error, 'accesses_credentials_key')) throw otherAccess('credentialsId', 'These credentials belong to another service.');
        // The same call twice at once, or another tenant's service, which nobody need know of.
        if (isUniqueViolation(error, 'accesses_pkey')) throw otherAccess('serviceId', 'This service has another access already.');
        throw error;
      }
    },
  };
}

/** Nothing to go back to. */
export const NO_PRIOR = { priorRunId: null, priorRouterId: null, priorProfileId: null, priorCredentialsId: null, priorStaticAddress: null, priorCallerId: null } satisfies Partial<Access>;

/** An access that nothing has been done for yet. */
export function newAccess({ now, ...given }: Pick<Access, 'serviceId' | 'tenantId' | 'routerId' | 'credentialsId' | 'profile' | 'username' | 'runId'> & { now: Date }): Access {
  return {
    ...given,
    desired: DesiredAccess.ENABLED,
    desiredSince: now,
    profileSent: false,
    secretSent: false,
    appliedFingerprint: null,
    outcome: EnforcementOutcome.PENDING,
    reasonCode: null,
    reasonMessage: null,
    attempts: 0,
    lastAttemptAt: null,
    acknowledgedAt: null,
    lagMs: null,
    createdAt: now,
    intent: 0,
    secretName: null,
    changed: false,
    cutDue: false,
    staticAddress: null,
    callerId: null,
    ...NO_PRIOR,
    adoptedFrom: null,
    secretService: null,
  };
}

/**
 * The profile of that name on a router as the plan's, so that secrets on it can stay there; undefined when it is another
 * plan's, or when it is not ours and may not be taken over. The router must be locked, and the profile give what the plan gives.
 */
export async function adoptedProfileFor(tx: Tx, { tenantId, routerId, plan, name, mayAdopt, now }: { tenantId: string; routerId: string; plan: AccessPlanInput; name: string; mayAdopt: boolean; now: Date }): Promise<PppProfile | undefined> {
  const { id: planId, code: planCode, rateLimit, localAddress, remotePool } = plan;
  const known = await store.profileNamed(tx, routerId, name);
  if (known) return known.planId === planId.toLowerCase() && sameRateLimit(known.rateLimit, rateLimit) && known.localAddress === localAddress && known.remotePool === remotePool ? known : undefined;
  if (!mayAdopt) return undefined;
  const profile: PppProfile = { id: uuidv7(), tenantId, routerId, planId, planCode, name, rateLimit, localAddress, remotePool, adopted: true, createdAt: now, updatedAt: now };
  await store.insertProfile(tx, profile);
  return profile;
}

/** The profile that a plan is on a router, made when there is none; the router must be locked. */
export async function profileFor(tx: Tx, { tenantId, routerId, plan, now }: { tenantId: string; routerId: string; plan: AccessPlanInput; now: Date }): Promise<PppProfile> {
  const known = await store.profilesOf(tx, routerId, plan.id);
  const same = known.find((one) => one.rateLimit === plan.rateLimit && one.localAddress === plan.localAddress && one.remotePool === plan.remotePool);
  if (same) return same;
  const candidates = profileNames(plan.code, known.length + 10);
  const taken = new Set(await store.profileNames(tx, routerId, candidates));
  const profile: PppProfile = {
    id: uuidv7(),
    tenantId,
    routerId,
    planId: plan.id,
    planCode: plan.code,
    name: candidates.find((name) => !taken.has(name))!,
    rateLimit: plan.rateLimit,
    localAddress: plan.localAddress,
    remotePool: plan.remotePool,
    adopted: false,
    createdAt: now,
    updatedAt: now,
  };
  await store.insertProfile(tx, profile);
  return profile;
}

/** @throws VALIDATION_ERROR naming every field of the plan that no router would take. */
export function checkPlan(plan: AccessPlanInput): void {
  const wrong: ErrorDetail[] = [];
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(plan.code)) wrong.push({ field: 'plan.code', code: 'INVALID_FORMAT', message: 'plan.code must have 1 to 60 letters, digits, hyphens or underscores.' });
  try {
    if (parseRateLimit(plan.rateLimit) === null) throw new RateLimitSyntaxError('rate-limit is empty');
  } catch (error) {
    if (!(error instanceof RateLimitSyntaxError)) throw error;
    wrong.push({ field: 'plan.rateLimit', code: 'INVALID_FORMAT', message: `plan.rateLimit: ${error.message}.` });
  }
  if (!isIPv4(plan.localAddress)) wrong.push({ field: 'plan.localAddress', code: 'INVALID_FORMAT', message: 'plan.localAddress must be an IPv4 address.' });
  if (!/^[!-~]([ -~]{0,62}[!-~])?$/.test(plan.remotePool)) wrong.push({ field: 'plan.remotePool', code: 'INVALID_FORMAT', message: 'plan.remotePool must be the name of an address pool: 1 to 64 printable ASCII characters.' });
  if (wrong.length > 0) throw validationError(wrong);
}

/**
 * Names a profile may have on a router, best first. A plan that changes what it gives gets another profile beside the first:
 * subscribers who took it before keep what they were sold until somebody moves them.
 */
export function profileNames(planCode: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => (at === 0 ? `headend-${planCode}` : `headend-${planCode}-v${at + 1}`));
}

/** What a repeated step answers. @throws CONFLICT when the service has another access. */
export function sameAccess(earlier: Access, { credentialsId, runId }: Pick<ProvisionAccessInput, 'credentialsId' | 'runId'>): Access {
  if (earlier.credentialsId !== credentialsId.toLowerCase() || earlier.runId !== runId) throw otherAccess('serviceId', 'This service has another access already.');
  return earlier;
}

function otherAccess(field: string, message: string): DomainError {
  return conflict(message, [{ field, code: 'TAKEN', message }]);
}
