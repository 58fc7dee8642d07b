import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Clock } from '#kernel/clock.ts';
import { conflict } from '#kernel/errors.ts';
import type { SagaCall, SagaContext, SagaDefinition } from '../engine/saga-definition.ts';
import type { Caller } from '../engine/sagas.ts';
import { FIND_PLAN } from '../onboarding/onboard-customer.saga.ts';
import type { RunStarter } from '../run/start-run.ts';
import { newRun, type WorkflowRun } from '../run/workflow-run.ts';
import { CHANGE_PLAN, FIND_LINE, FIND_ROUTER, FIND_SERVICE, LIFECYCLE_PERMISSIONS, LOCK_CALLER_ID, MOVE_SERVICE, RESET_CALLER_ID, RESET_PPP_PASSWORD, RESUME_SERVICE, SET_STATIC_ADDRESS, SUSPEND_SERVICE, terminateService } from './lifecycle.sagas.ts';
import type { ChangePlanInput, LockCallerIdInput, MoveServiceInput, ResetCallerIdInput, ResetPppPasswordInput, ResumeServiceInput, SetStaticAddressInput, SuspendServiceInput, TerminateServiceInput } from './lifecycle.type.ts';
import { SEAL_CREDENTIALS } from './operations.ts';
import { precedenceOver } from './precedence.ts';

/**
 * The life of one service, as durable runs. Each answers once its rows are written; the router follows when it can.
 * @throws NOT_FOUND for the service, the plan or the router; CONFLICT when it is pending or has ended, or when another run forbids it.
 */
export interface Lifecycle {
  suspend(actor: Actor, input: SuspendServiceInput, as?: PartOf): Promise<WorkflowRun>;
  resume(actor: Actor, input: ResumeServiceInput, as?: PartOf): Promise<WorkflowRun>;
  changePlan(actor: Actor, input: ChangePlanInput, as?: PartOf): Promise<WorkflowRun>;
  move(actor: Actor, input: MoveServiceInput, as?: PartOf): Promise<WorkflowRun>;
  terminate(actor: Actor, input: TerminateServiceInput): Promise<WorkflowRun>;
  resetPassword(actor: Actor, input: ResetPppPasswordInput): Promise<WorkflowRun>;
  /** @throws CONFLICT also when another service on the router has the address. */
  setStaticAddress(actor: Actor, input: SetStaticAddressInput): Promise<WorkflowRun>;
  /** @throws CONFLICT also when no device is named and none is known to be online. */
  lockCallerId(actor: Actor, input: LockCallerIdInput): Promise<WorkflowRun>;
  resetCallerId(actor: Actor, input: ResetCallerIdInput): Promise<WorkflowRun>;
}

export interface LifecycleOptions {
  starter: RunStarter;
  clock: Clock;
  newId: () => string;
}

/** Whom an act is done for. */
export type Actor = Pick<Principal, 'id' | 'tenantId'>;

/** An act that is part of something larger: its run has an id already, and the service is looked at once more before it is recorded. */
export interface PartOf {
  runId: string;
  /** Throws what keeps the run from being recorded. */
  check: (service: FoundService) => void;
}

/** A service as it is looked up before its run is recorded. */
export interface FoundService {
  id: string;
  status: 'PENDING' | 'ACTIVE' | 'SUSPENDED' | 'TERMINATED';
  customer: { id: string };
  planVersion: number;
  plan: { id: string; version: number };
  access: { username: string; router: { id: string } | null } | null;
}

/** What a change makes of the service that it finds. */
interface Change {
  definition: SagaDefinition;
  input: Record<string, unknown>;
  ids?: Record<string, string>;
}

export function makeLifecycle({ starter, clock, newId }: LifecycleOptions): Lifecycle {
  const begin = async (actor: Actor, operation: string, kind: string, input: { serviceId: string; idempotencyKey?: string | null }, as: PartOf | undefined, change: (service: FoundService, caller: Caller, context: SagaContext) => Promise<Change> | Change): Promise<WorkflowRun> => {
    const runId = as?.runId ?? newId();
    const { serviceId, idempotencyKey, ...given } = input;
    const tenantId = tenantOf(actor);
    const caller: Caller = { runId, tenantId, onBehalfOf: actor.id, permissions: LIFECYCLE_PERMISSIONS };
    const prepare = async (): Promise<WorkflowRun> => {
      const context: SagaContext = { input: {}, ids: { runId, serviceId }, results: {} };
      const { service } = await starter.ask<{ service: FoundService }>(caller, FIND_SERVICE, context, { notFound: 'serviceId' });
      as?.check(service);
      const { definition, input: kept, ids } = await change(service, caller, context);
      const run = newRun({
        id: runId,
        tenantId,
        startedBy: actor.id,
        definition,
        context: { input: kept, ids: { ...context.ids, serviceId: service.id, customerId: service.customer.id, ...ids }, results: {} },
        now: clock.now(),
      });
      return { ...run, customerId: service.customer.id, serviceId: service.id };
    };
    const run = await starter.start({ caller, operation, idempotencyKey, input: { serviceId, ...given }, prepare, precedence: precedenceOver({ kind, serviceIds: [serviceId.toLowerCase()] }) });
    return run!;
  };

  return {
    suspend: (actor, input, as) =>
      begin(actor, 'suspendService', 'SUSPEND_SERVICE', input, as, (service) => {
        checkInUse(service);
        return { definition: SUSPEND_SERVICE, input: { reason: input.reason } };
      }),

    resume: (actor, input, as) =>
      begin(actor, 'resumeService', 'RESUME_SERVICE', input, as, (service) => {
        checkInUse(service);
        return { definition: RESUME_SERVICE, input: {} };
      }),

    changePlan: (actor, input, as) =>
      begin(actor, 'changePlan', 'CHANGE_PLAN', input, as, async (service, caller, context) => {
        const { plan } = await starter.ask<{ plan: object }>(caller, FIND_PLAN, { ...context, input: { planId: input.planId } }, { fields: { id: 'planId' }, notFound: 'planId' });
        checkInUse(service);
        return { definition: CHANGE_PLAN, input: { plan } };
      }),

    move: (actor, input, as) =>
      begin(actor, 'moveService', 'MOVE_SERVICE', input, as, async (service, caller, context) => {
        await starter.ask(caller, FIND_ROUTER, { ...context, input: { routerId: input.routerId } }, { fields: { id: 'routerId' }, notFound: 'routerId' });
        checkInUse(service);
        return { definition: MOVE_SERVICE, input: { routerId: input.routerId } };
      }),

    terminate: (actor, input) =>
      begin(actor, 'terminateService', 'TERMINATE_SERVICE', input, undefined, (service) => ({
        definition: terminateService({ hasAccess: service.access !== null }),
        input: { reason: input.reason ?? null },
      })),

    resetPassword: (actor, input) =>
      begin(actor, 'resetPppPassword', 'RESET_PPP_PASSWORD', input, undefined, async (service, caller, context) => {
        checkInUse(service);
        // The password leaves here for network and is held by nobody else: the call is filled by hand, not from the context.
        const seal: SagaCall = { document: SEAL_CREDENTIALS, variables: { input: { id: newId(), serviceId: service.id, password: input.password } } };
        const { sealPppCredentials } = await starter.ask<Sealed>(caller, seal, context, { fields: { 'credentials.password': 'password' }, notFound: 'serviceId' });
        return { definition: RESET_PPP_PASSWORD, input: {}, ids: { credentialsId: sealPppCredentials.credentials.id } };
      }),

    setStaticAddress: (actor, input) =>
      begin(actor, 'setStaticAddress', 'SET_STATIC_ADDRESS', input, undefined, (service) => {
        checkInUse(service);
        return { definition: SET_STATIC_ADDRESS, input: { address: input.address ?? null } };
      }),

    lockCallerId: (actor, input) =>
      begin(actor, 'lockCallerId', 'LOCK_CALLER_ID', input, undefined, async (service, caller, context) => {
        checkInUse(service);
        const found = await starter.ask<FoundLine>(caller, FIND_LINE, context, { notFound: 'serviceId' });
        const session = found.service.access?.session;
        const online = session && !session.stale ? session.callerId : null;
        const callerId = input.callerId ?? online;
        if (callerId === null) throw conflict(`No device of the service ${service.id} is known to be online: name its MAC address in callerId.`);
        return { definition: LOCK_CALLER_ID, input: { callerId, renew: online === null || !sameDevice(callerId, online) } };
      }),

    resetCallerId: (actor, input) =>
      begin(actor, 'resetCallerId', 'RESET_CALLER_ID', input, undefined, (service) => {
        checkInUse(service);
        return { definition: RESET_CALLER_ID, input: {} };
      }),
  };
}

/** Who is on the line, as network remembers it. */
interface FoundLine {
  service: { access: { session: { callerId: string | null; stale: boolean } | null } | null };
}

/** Whether two MAC addresses are one, however they are written. */
function sameDevice(one: string, other: string): boolean {
  const digits = (mac: string) => mac.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return digits(one) === digits(other);
}

/** What network answers when it has sealed credentials for a service. */
export interface Sealed {
  sealPppCredentials: { credentials: { id: string; unchanged: boolean } };
}

/** @throws CONFLICT */
function checkInUse({ id, status, access }: FoundService): void {
  if (status === 'PENDING') throw conflict(`The service ${id} is PENDING: it is not in use yet.`);
  if (status === 'TERMINATED') throw conflict(`The service ${id} is TERMINATED.`);
  if (!access) throw conflict(`The service ${id} has no access on a router.`);
}
