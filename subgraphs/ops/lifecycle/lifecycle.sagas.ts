import type { SagaDefinition, SagaStep, Template } from '../engine/saga-definition.ts';
import * as operations from './operations.ts';

/**
 * The sagas of a service's life. Each writes its rows first, by which its mutation is answered, and then brings the router to
 * follow; it ends only when a read-back has agreed. What is undone:
 * - suspension, resumption, termination, offboarding: nothing. They have no way back: what the router refuses is asked of it
 *   again, visibly, until it does it or a newer run takes their place.
 * - change of plan, of credentials, of router, of address, of the lock to a device: what the router refuses is taken back, in the rows and on the router.
 */

const ref = (path: string) => ({ $ref: path });
const intent = ref('input.intent');
const runId = ref('ids.runId');

/** What ops may do in the life of a service. */
export const LIFECYCLE_PERMISSIONS = ['internal:saga', 'customer:read', 'customer:write', 'plan:read', 'router:read', 'service:read', 'service:write', 'session:read'];

export const FIND_SERVICE = { document: operations.FIND_SERVICE, variables: { id: ref('ids.serviceId') } };
export const FIND_LINE = { document: operations.FIND_LINE, variables: { id: ref('ids.serviceId') } };
export const FIND_ROUTER = { document: operations.FIND_ROUTER, variables: { id: ref('input.routerId') } };
export const FIND_SUBSCRIBER = { document: operations.FIND_SUBSCRIBER, variables: { id: ref('ids.customerId') } };

const SERVICE = 'ids.serviceId';

const rows = (name: string, document: string, input: Record<string, Template>): SagaStep => ({ name, rows: true, call: { document, variables: { input } } });
const device = (name: string, document: string, field: string, serviceId = SERVICE): SagaStep => ({
  name,
  call: { document, variables: { input: { serviceId: ref(serviceId) } }, outcome: `${field}.result` },
});

const PROFILE = device('profile', operations.APPLY_PROFILE, 'applyPppProfile');
const SECRET = device('secret', operations.APPLY_SECRET, 'applyPppSecret');
const VERIFY = device('verify', operations.VERIFY_ACCESS, 'verifyAccess');
/** The routers that the service has left; last, because it runs on the new one by then. */
const LEAVE: SagaStep = { ...device('leave', operations.LEAVE_ROUTERS, 'leaveRouters'), insists: true, final: true };

const insisting = (steps: SagaStep[]): SagaStep[] => steps.map((step) => ({ ...step, insists: true }));
const undoneWith = (name: string, steps: SagaStep[]): SagaStep[] => steps.map((step) => ({ ...step, undoneWith: name }));

const setDesired = (desired: string): SagaStep => rows('access', operations.SET_DESIRED, { serviceId: ref(SERVICE), desired, runId, intent });
const revertAccess = { document: operations.REVERT_ACCESS, variables: { input: { serviceId: ref(SERVICE), runId } }, outcome: 'revertAccess.result' };

/** A change that was refused or cancelled has been taken back by other runs' leave: it is asked for anew, with a new wish. */
const notAgain = (first: string): SagaDefinition['restart'] => ({ unlessTried: [first], because: 'What was left of the run has been taken back: ask for the change again.' });

const define = (kind: string, steps: SagaStep[]): SagaDefinition => ({ kind, permissions: LIFECYCLE_PERMISSIONS, steps, restart: notAgain(steps.find(({ call }) => call)!.name) });

export const SUSPEND_SERVICE = define('SUSPEND_SERVICE', [
  rows('service', operations.MARK_SUSPENDED, { id: ref(SERVICE), reason: ref('input.reason'), intent }),
  setDesired('DISABLED'),
  ...insisting([SECRET, VERIFY]),
]);

export const RESUME_SERVICE = define('RESUME_SERVICE', [
  rows('service', operations.MARK_RESUMED, { id: ref(SERVICE), intent }),
  setDesired('ENABLED'),
  ...insisting([PROFILE, SECRET, VERIFY]),
  LEAVE,
]);

const PLAN_ROWS: SagaStep[] = [
  {
    ...rows('service', operations.MARK_PLAN_CHANGED, { id: ref(SERVICE), planId: ref('input.plan.id'), runId, intent }),
    undo: { document: operations.REVERT_PLAN, variables: { input: { id: ref(SERVICE), runId } } },
  },
  {
    ...rows('access', operations.CHANGE_ACCESS_PLAN, {
      serviceId: ref(SERVICE),
      plan: {
        id: ref('input.plan.id'),
        code: ref('input.plan.code'),
        rateLimit: ref('input.plan.access.rateLimit'),
        localAddress: ref('input.plan.access.localAddress'),
        remotePool: ref('input.plan.access.remotePool'),
      },
      runId,
      intent,
    }),
    undo: revertAccess,
  },
];

const CREDENTIALS_ROWS: SagaStep = rows('credentials', operations.CHANGE_CREDENTIALS, { serviceId: ref(SERVICE), credentialsId: ref('ids.credentialsId'), runId, intent });

export const CHANGE_PLAN = define('CHANGE_PLAN', [...PLAN_ROWS, ...undoneWith('access', [PROFILE, SECRET, VERIFY]), LEAVE]);

/** The password is sealed in network before the run is recorded; only its reference travels. */
export const RESET_PPP_PASSWORD = define('RESET_PPP_PASSWORD', [{ ...CREDENTIALS_ROWS, undo: revertAccess }, ...undoneWith('credentials', [PROFILE, SECRET, VERIFY]), LEAVE]);

/** Something of the access alone: rows, then the router. What the router refuses is taken back. */
const changeAccess = (kind: string, document: string, input: Record<string, Template>): SagaDefinition =>
  define(kind, [{ ...rows('access', document, { serviceId: ref(SERVICE), ...input, runId, intent }), undo: revertAccess }, ...undoneWith('access', [PROFILE, SECRET, VERIFY]), LEAVE]);

/** The new router first; the former serves until then. A router that refuses the service sends it back to the former. */
export const MOVE_SERVICE = changeAccess('MOVE_SERVICE', operations.MOVE_ACCESS, { routerId: ref('input.routerId') });

/** The session is renewed, so that the address takes effect. */
export const SET_STATIC_ADDRESS = changeAccess('SET_STATIC_ADDRESS', operations.SET_ADDRESS, { address: ref('input.address') });

/** `renew`: another device than the one that may dial from now on is online, or may be. */
export const LOCK_CALLER_ID = changeAccess('LOCK_CALLER_ID', operations.SET_CALLER_ID, { callerId: ref('input.callerId'), renew: ref('input.renew') });

export const RESET_CALLER_ID = changeAccess('RESET_CALLER_ID', operations.SET_CALLER_ID, { callerId: null, renew: false });

/** Plan, credentials or both; name, address and billing day are changed before, by themselves, and stay. */
export function changeSubscriber({ plan, credentials }: { plan: boolean; credentials: boolean }): SagaDefinition {
  if (!plan) return define('CHANGE_SUBSCRIBER', [{ ...CREDENTIALS_ROWS, undo: revertAccess }, ...undoneWith('credentials', [PROFILE, SECRET, VERIFY]), LEAVE]);
  return define('CHANGE_SUBSCRIBER', [...PLAN_ROWS, ...(credentials ? undoneWith('access', [CREDENTIALS_ROWS]) : []), ...undoneWith('access', [PROFILE, SECRET, VERIFY]), LEAVE]);
}

/** `hasAccess`: without, there is nothing on a router to be removed. */
export function terminateService({ hasAccess }: { hasAccess: boolean }): SagaDefinition {
  return define('TERMINATE_SERVICE', [
    rows('service', operations.MARK_TERMINATED, { id: ref(SERVICE), intent }),
    ...(hasAccess ? [setDesired('REMOVED'), ...insisting([SECRET, VERIFY])] : []),
  ]);
}

/** One customer and his services, whose ids are `ids.serviceId`, `ids.serviceId2` and so on: all rows, then router by router. */
export function offboardCustomer(services: ReadonlyArray<{ hasAccess: boolean }>): SagaDefinition {
  const numbered = services.map(({ hasAccess }, at) => ({ hasAccess, id: at === 0 ? SERVICE : `${SERVICE}${at + 1}`, name: (step: string) => (at === 0 ? step : `${step} ${at + 1}`) }));
  return define('OFFBOARD_CUSTOMER', [
    rows('customer', operations.CLOSE_CUSTOMER, { id: ref('ids.customerId'), runId }),
    ...numbered.flatMap(({ id, hasAccess, name }) => [
      rows(name('service'), operations.MARK_TERMINATED, { id: ref(id), intent }),
      ...(hasAccess ? [rows(name('access'), operations.SET_DESIRED, { serviceId: ref(id), desired: 'REMOVED', runId, intent })] : []),
    ]),
    ...numbered
      .filter(({ hasAccess }) => hasAccess)
      .flatMap(({ id, name }) => insisting([device(name('secret'), operations.APPLY_SECRET, 'applyPppSecret', id), device(name('verify'), operations.VERIFY_ACCESS, 'verifyAccess', id)])),
  ]);
}
