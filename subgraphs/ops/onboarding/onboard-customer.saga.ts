import type { SagaCall, SagaDefinition } from '../engine/saga-definition.ts';
import * as operations from './operations.ts';

const ref = (path: string) => ({ $ref: path });

/** Takes back everything on the router and in network: access, profile, secret, and the sealed credentials. */
const WITHDRAW_ACCESS: SagaCall = {
  document: operations.WITHDRAW_ACCESS,
  variables: { input: { serviceId: ref('ids.serviceId'), runId: ref('ids.runId') } },
  outcome: 'withdrawAccess.result',
};

/** A call about the service alone, whose answer says whether the router followed. */
const onRouter = (document: string, field: string): SagaCall => ({ document, variables: { input: { serviceId: ref('ids.serviceId') } }, outcome: `${field}.result` });

/** What ops may do while it onboards. */
export const ONBOARDING_PERMISSIONS = ['internal:saga', 'customer:read', 'customer:write', 'plan:read', 'router:read', 'service:read', 'service:write'];

/** Looks the plan up, before anything is written. */
export const FIND_PLAN: SagaCall = { document: operations.PLAN, variables: { id: ref('input.planId') } };

/**
 * A subscriber comes online. The credentials are sealed in network before the run is recorded; from then on only their id
 * travels.
 */
export const ONBOARD_CUSTOMER: SagaDefinition = {
  kind: 'ONBOARD_CUSTOMER',
  permissions: ONBOARDING_PERMISSIONS,
  restart: {
    unlessTried: ['access'],
    because: 'What was left of the run has been taken back, its sealed credentials included: onboard the customer again.',
  },
  steps: [
    { name: 'credentials', undoneWith: 'access' },
    {
      name: 'customer',
      rows: true,
      yields: 'customer',
      call: {
        document: operations.CREATE_CUSTOMER,
        variables: { input: { id: ref('ids.customerId'), name: ref('input.customer.name'), email: ref('input.customer.email'), phone: ref('input.customer.phone') } },
      },
      undo: { document: operations.WITHDRAW_CUSTOMER, variables: { input: { id: ref('ids.customerId'), runId: ref('ids.runId') } } },
      fields: { name: 'customer.name', email: 'customer.email', phone: 'customer.phone' },
    },
    {
      name: 'service',
      rows: true,
      yields: 'service',
      call: {
        document: operations.CREATE_SERVICE,
        variables: { input: { id: ref('ids.serviceId'), customerId: ref('ids.customerId'), planId: ref('input.plan.id'), billingDay: ref('input.billingDay'), runId: ref('ids.runId') } },
      },
      undo: { document: operations.WITHDRAW_SERVICE, variables: { input: { id: ref('ids.serviceId'), runId: ref('ids.runId') } } },
    },
    {
      name: 'access',
      call: {
        document: operations.PROVISION_ACCESS,
        variables: {
          input: {
            serviceId: ref('ids.serviceId'),
            credentialsId: ref('ids.credentialsId'),
            runId: ref('ids.runId'),
            plan: {
              id: ref('input.plan.id'),
              code: ref('input.plan.code'),
              rateLimit: ref('input.plan.access.rateLimit'),
              localAddress: ref('input.plan.access.localAddress'),
              remotePool: ref('input.plan.access.remotePool'),
            },
          },
        },
      },
      undo: WITHDRAW_ACCESS,
    },
    { name: 'profile', undoneWith: 'access', call: onRouter(operations.APPLY_PROFILE, 'applyPppProfile') },
    { name: 'secret', undoneWith: 'access', call: onRouter(operations.APPLY_SECRET, 'applyPppSecret') },
    { name: 'verify', undoneWith: 'access', call: onRouter(operations.VERIFY_ACCESS, 'verifyAccess') },
    {
      name: 'activate',
      pointOfNoReturn: true,
      undoneWith: 'service',
      call: { document: operations.ACTIVATE_SERVICE, variables: { input: { id: ref('ids.serviceId') } } },
    },
  ],
};
