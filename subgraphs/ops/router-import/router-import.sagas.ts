import type { SagaCall, SagaDefinition, SagaStep } from '../engine/saga-definition.ts';
import * as onboarding from '../onboarding/operations.ts';
import * as operations from './operations.ts';

const ref = (path: string) => ({ $ref: path });

/** What ops may do while it takes secrets over. */
export const IMPORT_PERMISSIONS = ['internal:saga', 'customer:read', 'customer:write', 'plan:read', 'plan:write', 'router:read', 'service:read', 'service:write'];

const onItem = (document: string, field: string): SagaCall => ({ document, variables: { input: { itemId: ref('ids.itemId') } }, outcome: `${field}.result` });

/** First of all: a row that has changed makes no customer. */
const CHECK: SagaStep = { name: 'check', call: onItem(operations.CHECK, 'checkAdoption') };

/** The same call for every secret of a profile: whichever comes first makes the plan. It stays, whatever becomes of the secret. */
const PLAN: SagaStep = {
  name: 'plan',
  call: {
    document: operations.CREATE_PLAN,
    variables: {
      input: {
        code: ref('input.plan.code'),
        name: ref('input.plan.name'),
        serviceType: 'PPPOE',
        price: ref('input.plan.price'),
        billingInterval: 'MONTH',
        access: { rateLimit: ref('input.plan.rateLimit'), localAddress: ref('input.plan.localAddress'), remotePool: ref('input.plan.remotePool') },
        idempotencyKey: ref('input.planKey'),
      },
    },
    keep: { id: 'createPlan.plan.id' },
  },
};

const CUSTOMER: SagaStep = {
  name: 'customer',
  rows: true,
  yields: 'customer',
  call: {
    document: onboarding.CREATE_CUSTOMER,
    variables: { input: { id: ref('ids.customerId'), name: ref('input.customer.name'), email: ref('input.customer.email'), phone: ref('input.customer.phone') } },
  },
  undo: { document: onboarding.WITHDRAW_CUSTOMER, variables: { input: { id: ref('ids.customerId'), runId: ref('ids.runId') } } },
  fields: { name: 'customer.name', email: 'customer.email', phone: 'customer.phone' },
};

const service = (planId: string): SagaStep => ({
  name: 'service',
  rows: true,
  yields: 'service',
  call: {
    document: onboarding.CREATE_SERVICE,
    variables: { input: { id: ref('ids.serviceId'), customerId: ref('ids.customerId'), planId: ref(planId), billingDay: ref('input.billingDay'), runId: ref('ids.runId') } },
  },
  undo: { document: onboarding.WITHDRAW_SERVICE, variables: { input: { id: ref('ids.serviceId'), runId: ref('ids.runId') } } },
});

/** Rows, then the marks on the router, then the proof. Taken back, the secret is given back as it was, with its session. */
const takeOver = (planId: string): SagaStep[] => [
  {
    name: 'access',
    call: {
      document: operations.PROVISION,
      variables: {
        input: {
          itemId: ref('ids.itemId'),
          serviceId: ref('ids.serviceId'),
          runId: ref('ids.runId'),
          plan: { id: ref(planId), code: ref('input.plan.code'), name: ref('input.plan.name'), rateLimit: ref('input.plan.rateLimit'), localAddress: ref('input.plan.localAddress'), remotePool: ref('input.plan.remotePool') },
        },
      },
    },
    undo: { document: onboarding.WITHDRAW_ACCESS, variables: { input: { serviceId: ref('ids.serviceId'), runId: ref('ids.runId') } }, outcome: 'withdrawAccess.result' },
    fields: { 'credentials.username': 'name' },
  },
  { name: 'adopt', undoneWith: 'access', call: { document: operations.ADOPT, variables: { input: { itemId: ref('ids.itemId'), serviceId: ref('ids.serviceId') } }, outcome: 'applyAdoption.result' } },
  { name: 'verify', undoneWith: 'access', call: { document: onboarding.VERIFY_ACCESS, variables: { input: { serviceId: ref('ids.serviceId') } }, outcome: 'verifyAccess.result' } },
];

const activate = (undoneWith?: string): SagaStep => ({ name: 'activate', pointOfNoReturn: true, ...(undoneWith ? { undoneWith } : {}), call: { document: onboarding.ACTIVATE_SERVICE, variables: { input: { id: ref('ids.serviceId') } } } });

const define = (kind: string, steps: SagaStep[]): SagaDefinition => ({
  kind,
  permissions: IMPORT_PERMISSIONS,
  steps,
  restart: { unlessTried: ['access'], because: 'What was left of the run has been taken back: apply the import, or adopt the secret, again.' },
});

/** One secret of an import. `newPlan`: the plan of its profile is yet to be made. */
export function importSubscriber({ newPlan }: { newPlan: boolean }): SagaDefinition {
  const planId = newPlan ? 'results.plan.id' : 'input.plan.id';
  return define('IMPORT_SUBSCRIBER', [CHECK, ...(newPlan ? [PLAN] : []), CUSTOMER, service(planId), ...takeOver(planId), activate('service')]);
}

/** One secret by itself, for somebody new, for a customer, or for a service that has nothing on a router. */
export function adoptSecret(whose: 'NEW_CUSTOMER' | 'CUSTOMER' | 'SERVICE', { active = false }: { active?: boolean } = {}): SagaDefinition {
  const steps = takeOver('input.plan.id');
  if (whose === 'SERVICE') return define('ADOPT_SECRET', [...steps, ...(active ? [] : [activate()])]);
  return define('ADOPT_SECRET', [...(whose === 'NEW_CUSTOMER' ? [CUSTOMER] : []), service('input.plan.id'), ...steps, activate('service')]);
}
