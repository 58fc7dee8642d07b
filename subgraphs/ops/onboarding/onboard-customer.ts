import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Clock } from '#kernel/clock.ts';
import type { SagaCall, SagaContext } from '../engine/saga-definition.ts';
import type { Caller } from '../engine/sagas.ts';
import type { RunStarter } from '../run/start-run.ts';
import { newRun, type WorkflowRun } from '../run/workflow-run.ts';
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
  starter: RunStarter;
  clock: Clock;
  newId: () => string;
}

export function makeOnboarding({ starter, clock, newId }: OnboardingOptions): Onboarding {
  /** Everything before the run is recorded: what is unknown or taken is told here, and no customer has been made yet. */
  async function prepare(caller: Caller, { idempotencyKey: _key, credentials, ...input }: OnboardCustomerInput, ids: Record<string, string>): Promise<WorkflowRun> {
    const context: SagaContext = { input: { ...input }, ids, results: {} };
    const { plan } = await starter.ask<{ plan: object }>(caller, FIND_PLAN, context, { fields: { id: 'planId' }, notFound: 'planId' });
    // The password leaves here for network and is held by nobody else: the call is filled by hand, not from the context.
    const seal: SagaCall = {
      document: SEAL_CREDENTIALS,
      variables: { input: { id: ids.credentialsId!, ...(input.routerId ? { routerId: input.routerId } : {}), username: credentials.username, password: credentials.password } },
    };
    const fields = { username: 'credentials.username', password: 'credentials.password' };
    const sealed = await starter.ask<{ sealPppCredentials: { credentials: { routerId: string } } }>(caller, seal, context, { fields, notFound: 'routerId' });
    return newRun({
      id: caller.runId,
      tenantId: caller.tenantId,
      startedBy: caller.onBehalfOf,
      definition: ONBOARD_CUSTOMER,
      context: { ...context, input: { ...input, plan, routerId: sealed.sealPppCredentials.credentials.routerId } },
      now: clock.now(),
    });
  }

  return {
    async onboard(principal, input) {
      const runId = newId();
      const ids = { runId, customerId: newId(), serviceId: newId(), credentialsId: newId() };
      const caller: Caller = { runId, tenantId: tenantOf(principal), onBehalfOf: principal.id, permissions: ONBOARDING_PERMISSIONS };
      const { idempotencyKey, ...given } = input;
      const run = await starter.start({ caller, operation: 'onboardCustomer', idempotencyKey, input: given, prepare: () => prepare(caller, input, ids) });
      return run!;
    },
  };
}
