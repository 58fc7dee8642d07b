import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Clock } from '#kernel/clock.ts';
import type { SecretBox } from '#kernel/crypto/secret-box.ts';
import { conflict, DomainError, unavailable } from '#kernel/errors.ts';
import type { SagaCall, SagaContext, StepError } from '../engine/saga-definition.ts';
import { inSagaFields } from '../engine/outcome.ts';
import type { Caller, Sagas } from '../engine/sagas.ts';
import type { RunWatch } from '../run/run-watch.ts';
import type { RunStore } from '../run/workflow-run.store.ts';
import { hasEnded, newRun, type WorkflowRun } from '../run/workflow-run.ts';
import { FIND_PLAN, ONBOARD_CUSTOMER, ONBOARDING_PERMISSIONS } from './onboard-customer.saga.ts';
import type { OnboardCustomerInput } from './onboard-customer.type.ts';
import { SEAL_CREDENTIALS } from './operations.ts';

export interface Onboarding {
  /**
   * Begins an onboarding and answers once customer and service exist, or after a while when they cannot be made yet: the
   * run goes on by itself either way.
   * @throws the error of the plan, the router, the credentials, the customer or the service, by the input's own field
   * paths; nothing stays behind then. CONFLICT for an idempotency key that was used with another input.
   */
  onboard(principal: Principal, input: OnboardCustomerInput): Promise<WorkflowRun>;
}

export interface OnboardingOptions {
  sagas: Sagas;
  store: RunStore;
  watch: RunWatch;
  secretBox: Pick<SecretBox, 'fingerprint'>;
  clock: Clock;
  newId: () => string;
  /** How long the mutation waits for customer and service, in milliseconds. */
  patienceMs?: number;
}

const OPERATION = 'onboardCustomer';
/** How long a call may prepare its run before another one with the same key may take its place. */
const CLAIM_MS = 15_000;
const CLAIM_LOOK_MS = 50;
/** How long each call of the preparation may take: together with the patience, less than the gateway grants a subgraph. */
const PREPARE_MS = 2_500;
/** The steps that the mutation waits for, and whose refusal is its own error. */
const ANSWERED_BY = ['customer', 'service'];

export function makeOnboarding({ sagas, store, watch, secretBox, clock, newId, patienceMs = 4_000 }: OnboardingOptions): Onboarding {
  /** Asks the graph before the run exists; any error is the caller's. */
  async function ask<T>(caller: Caller, call: SagaCall, context: SagaContext, fields: Record<string, string>, notFoundField: string): Promise<T> {
    const outcome = await sagas.call(caller, call, context, PREPARE_MS);
    if (outcome.kind === 'DONE') return outcome.data as T;
    if (outcome.kind === 'WAIT' && outcome.error.code !== 'INTERNAL_ERROR') throw unavailable(outcome.error.message);
    throw asDomainError(inSagaFields(named(outcome.error, notFoundField), fields));
  }

  /** Everything before the run is recorded: what is unknown or taken is told here, and no customer has been made yet. */
  async function prepare(caller: Caller, { idempotencyKey: _key, credentials, ...input }: OnboardCustomerInput, ids: Record<string, string>): Promise<WorkflowRun> {
    const context: SagaContext = { input: { ...input }, ids, results: {} };
    const { plan } = await ask<{ plan: object }>(caller, FIND_PLAN, context, { id: 'planId' }, 'planId');
    // The password leaves here for network and is held by nobody else: the call is filled by hand, not from the context.
    const seal: SagaCall = {
      document: SEAL_CREDENTIALS,
      variables: { input: { id: ids.credentialsId!, ...(input.routerId ? { routerId: input.routerId } : {}), username: credentials.username, password: credentials.password } },
    };
    const fields = { username: 'credentials.username', password: 'credentials.password' };
    const sealed = await ask<{ sealPppCredentials: { credentials: { routerId: string } } }>(caller, seal, context, fields, 'routerId');
    return newRun({
      id: caller.runId,
      tenantId: caller.tenantId,
      startedBy: caller.onBehalfOf,
      definition: ONBOARD_CUSTOMER,
      context: { ...context, input: { ...input, plan, routerId: sealed.sealPppCredentials.credentials.routerId } },
      now: clock.now(),
    });
  }

  /** The run as soon as customer and service exist, it has ended, or patience has. */
  async function settled(tenantId: string, runId: string): Promise<WorkflowRun> {
    const signal = AbortSignal.timeout(patienceMs);
    let last: WorkflowRun | undefined;
    for await (const run of watch.follow(tenantId, runId, signal)) {
      last = run;
      if (hasEnded(run) || ANSWERED_BY.every((name) => run.steps.some((step) => step.name === name && step.state === 'DONE'))) break;
    }
    if (!last) throw unavailable(`The run ${runId} could not be followed; look at it by its id.`);
    return last;
  }

  return {
    async onboard(principal, input) {
      sagas.assertStarted();
      const tenantId = tenantOf(principal);
      const runId = newId();
      const ids = { runId, customerId: newId(), serviceId: newId(), credentialsId: newId() };
      const caller: Caller = { runId, tenantId, onBehalfOf: principal.id, permissions: ONBOARDING_PERMISSIONS };
      const { idempotencyKey, ...given } = input;
      const key = idempotencyKey ?? null;
      const fingerprint = secretBox.fingerprint(canonical(given), `tenant:${tenantId}:${OPERATION}`);

      if (key !== null) {
        const earlier = await claim(tenantId, key, fingerprint, runId);
        if (earlier) return answer(await settled(tenantId, earlier));
      }
      const release = () => (key === null ? undefined : store.release({ tenantId, operation: OPERATION, key, runId }));
      try {
        const run = await prepare(caller, input, ids);
        if (!(await store.create(run, key === null ? null : { operation: OPERATION, key }))) {
          throw unavailable('Preparing the run took too long, and another call with the same idempotency key has taken over: repeat the call to see its result.');
        }
        await sagas.begin(run);
      } catch (error) {
        // Before the run was recorded: the key is free again. After it: the claim stays with the run, which is begun later.
        if (!(await store.byId(tenantId, runId))) await release();
        throw error;
      }
      const run = await settled(tenantId, runId);
      // The caller is told what to correct, and corrects it under the same key.
      if (refusedEarly(run)) await release();
      return answer(run);
    },
  };

  /** Takes the key for this run; else the run of the earlier call, once that is recorded. */
  async function claim(tenantId: string, key: string, fingerprint: string, runId: string): Promise<string | null> {
    const giveUpAt = clock.now().getTime() + patienceMs;
    for (;;) {
      const held = await store.claim({ tenantId, operation: OPERATION, key, fingerprint, runId, lapsesAt: new Date(clock.now().getTime() + CLAIM_MS) });
      if (held.mine) return null;
      if (held.fingerprint !== fingerprint) {
        throw conflict('This idempotency key has been used with another input.', [{ field: 'idempotencyKey', code: 'REUSED', message: 'idempotencyKey has been used with another input: take a new one.' }]);
      }
      if (await store.byId(tenantId, held.runId)) return held.runId;
      if (clock.now().getTime() > giveUpAt) throw unavailable('Another call with the same idempotency key is under way: repeat this one in a moment.');
      await new Promise((resolve) => setTimeout(resolve, CLAIM_LOOK_MS));
    }
  }
}

/** A run that was refused before it had made customer and service is the mutation's error. */
function answer(run: WorkflowRun): WorkflowRun {
  if (refusedEarly(run)) throw asDomainError(run.error!);
  return run;
}

function refusedEarly(run: WorkflowRun): boolean {
  return run.error !== null && run.failedStep !== null && ANSWERED_BY.includes(run.failedStep);
}

function asDomainError({ code, message, details }: StepError): DomainError {
  return new DomainError(code, message, { details });
}

/** NOT_FOUND with the field that named the unknown thing. */
function named(error: StepError, field: string): StepError {
  if (error.code !== 'NOT_FOUND' || error.details) return error;
  return { ...error, details: [{ field, code: 'UNKNOWN', message: error.message }] };
}

/** JSON with sorted keys; what is null counts as absent, as it does in the graph. */
function canonical(input: unknown): string {
  return JSON.stringify(input, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, field]) => field != null).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
