import { setTimeout } from 'node:timers/promises';
import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { Clock } from '#kernel/clock.ts';
import { conflict } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SagaCall, SagaContext } from '../engine/saga-definition.ts';
import type { Caller } from '../engine/sagas.ts';
import { FIND_PLAN } from '../onboarding/onboard-customer.saga.ts';
import type { RunStarter } from '../run/start-run.ts';
import type { RunStore } from '../run/workflow-run.store.ts';
import { newRun, type WorkflowRun } from '../run/workflow-run.ts';
import type { Sealed } from './lifecycle.ts';
import { changeSubscriber, FIND_SUBSCRIBER, LIFECYCLE_PERMISSIONS, offboardCustomer } from './lifecycle.sagas.ts';
import type { ChangeSubscriberInput, OffboardCustomerInput } from './lifecycle.type.ts';
import { SEAL_CREDENTIALS, UPDATE_CUSTOMER, UPDATE_SERVICE } from './operations.ts';
import { onlyOne, precedenceOver } from './precedence.ts';

/** What is done with a customer and what he has, as one. */
export interface Subscribers {
  /**
   * Name, address and billing day are changed at once; plan and credentials by a run, which is null when neither differs.
   * @throws NOT_FOUND; VALIDATION_ERROR by the input's fields; CONFLICT while another run of the customer is under way.
   */
  change(principal: Principal, input: ChangeSubscriberInput): Promise<{ customerId: string; serviceId: string | null; run: WorkflowRun | null }>;
  /** @throws NOT_FOUND; CONFLICT while his onboarding waits for a router. */
  offboard(principal: Principal, input: OffboardCustomerInput): Promise<WorkflowRun>;
}

export interface SubscribersOptions {
  starter: RunStarter;
  store: Pick<RunStore, 'liveOf'>;
  clock: Clock;
  newId: () => string;
}

interface FoundSubscriber {
  customer: {
    id: string;
    name: string;
    email: string | null;
    phone: string | null;
    services: { nodes: Array<{ id: string; status: string; billingDay: number; plan: { id: string }; access: { username: string } | null }> };
  };
}

/** How long an onboarding that makes progress is waited for, and how often it is looked at. */
const ONBOARDING_MS = 3_000;
const LOOK_MS = 50;

export function makeSubscribers({ starter, store, clock, newId }: SubscribersOptions): Subscribers {
  const callerOf = (principal: Principal): Caller => ({ runId: newId(), tenantId: tenantOf(principal), onBehalfOf: principal.id, permissions: LIFECYCLE_PERMISSIONS });

  const find = async (caller: Caller, customerId: string): Promise<FoundSubscriber['customer']> => {
    const context: SagaContext = { input: {}, ids: { customerId }, results: {} };
    return (await starter.ask<FoundSubscriber>(caller, FIND_SUBSCRIBER, context, { notFound: 'customerId' })).customer;
  };

  /** A client changes or deletes whom it has just made: an onboarding that goes on is waited for a moment, one that waits for a router is not. */
  const onboarded = async (tenantId: string, customerId: string): Promise<void> => {
    if (!isUuid(customerId)) return;
    for (let waited = 0; waited < ONBOARDING_MS; waited += LOOK_MS) {
      const live = await store.liveOf(tenantId, customerId);
      if (!live.some(({ kind, state }) => kind === 'ONBOARD_CUSTOMER' && state === 'RUNNING')) return;
      await setTimeout(LOOK_MS);
    }
  };

  return {
    async change(principal, { idempotencyKey, ...input }) {
      const caller = callerOf(principal);
      const { tenantId, runId } = caller;
      const context: SagaContext = { input: {}, ids: {}, results: {} };
      let serviceId: string | null = null;

      const prepare = async (): Promise<WorkflowRun | null> => {
        await onboarded(tenantId, input.customerId);
        const customer = await find(caller, input.customerId);
        const [live] = await store.liveOf(tenantId, customer.id);
        if (live) throw conflict((onlyOne(live) as { conflict: string }).conflict);
        const service = customer.services.nodes.find(({ status }) => status !== 'TERMINATED');
        serviceId = service?.id ?? null;
        if (!service && (input.planId != null || input.billingDay != null || input.credentials != null)) throw conflict('The customer has no service that has not ended.');

        // First what may be refused: nothing has been changed then.
        const { plan } = input.planId == null ? { plan: null } : await starter.ask<{ plan: { id: string } }>(caller, FIND_PLAN, { ...context, input: { planId: input.planId } }, { fields: { id: 'planId' }, notFound: 'planId' });
        const newPlan = plan && plan.id !== service!.plan.id ? plan : null;
        const { username, password } = input.credentials ?? {};
        const sealed = username == null && password == null ? null : await seal(caller, service!.id, { username, password });
        const credentials = sealed && !sealed.unchanged ? sealed : null;
        if ((newPlan || credentials) && (service!.status === 'PENDING' || !service!.access)) throw conflict('The service is not in use yet: its plan and credentials cannot be changed.');

        const person = given({ name: input.name, email: input.email, phone: input.phone });
        if (Object.keys(person).length > 0) {
          const update: SagaCall = { document: UPDATE_CUSTOMER, variables: { input: { id: customer.id, ...person } } };
          await starter.ask(caller, update, context, { notFound: 'customerId' });
        }
        if (input.billingDay != null && input.billingDay !== service!.billingDay) {
          const update: SagaCall = { document: UPDATE_SERVICE, variables: { input: { id: service!.id, billingDay: input.billingDay } } };
          await starter.ask(caller, update, context, { notFound: 'customerId' });
        }
        if (!newPlan && !credentials) return null;
        const run = newRun({
          id: runId,
          tenantId,
          startedBy: principal.id,
          definition: changeSubscriber({ plan: newPlan !== null, credentials: credentials !== null }),
          context: { input: newPlan ? { plan: newPlan } : {}, ids: { runId, customerId: customer.id, serviceId: service!.id, ...(credentials ? { credentialsId: credentials.id } : {}) }, results: {} },
          now: clock.now(),
        });
        return { ...run, customerId: customer.id, serviceId: service!.id };
      };

      const run = await starter.start({ caller, operation: 'changeSubscriber', idempotencyKey, input, prepare, precedence: onlyOne });
      return { customerId: input.customerId, serviceId: run?.serviceId ?? serviceId, run };
    },

    async offboard(principal, { idempotencyKey, ...input }) {
      const caller = callerOf(principal);
      const { runId, tenantId } = caller;
      const prepare = async (): Promise<WorkflowRun> => {
        // Before it is seen what he has: what the onboarding still makes would be forgotten.
        await onboarded(tenantId, input.customerId);
        const { id: customerId, services } = await find(caller, input.customerId);
        const serviceIds = Object.fromEntries(services.nodes.map(({ id }, at) => [at === 0 ? 'serviceId' : `serviceId${at + 1}`, id]));
        const run = newRun({
          id: runId,
          tenantId,
          startedBy: principal.id,
          definition: offboardCustomer(services.nodes.map(({ access }) => ({ hasAccess: access !== null }))),
          context: { input: {}, ids: { runId, customerId, ...serviceIds }, results: {} },
          now: clock.now(),
        });
        return { ...run, customerId, serviceId: services.nodes[0]?.id ?? null };
      };
      const run = await starter.start({ caller, operation: 'offboardCustomer', idempotencyKey, input, prepare, precedence: precedenceOver({ kind: 'OFFBOARD_CUSTOMER', serviceIds: [] }) });
      return run!;
    },
  };

  /** The password leaves here for network and is held by nobody else: the call is filled by hand, not from a context. */
  async function seal(caller: Caller, serviceId: string, credentials: { username?: string | null; password?: string | null }): Promise<{ id: string; unchanged: boolean }> {
    const call: SagaCall = { document: SEAL_CREDENTIALS, variables: { input: { id: newId(), serviceId, ...given(credentials) } } };
    const { sealPppCredentials } = await starter.ask<Sealed>(caller, call, { input: {}, ids: {}, results: {} }, { notFound: 'customerId' });
    return sealPppCredentials.credentials;
  }
}

/** What is there. */
function given<T>(fields: Record<string, T | null | undefined>): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, T] => entry[1] != null));
}
