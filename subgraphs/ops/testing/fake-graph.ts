import { GraphQLError, type ExecutionResult } from 'graphql';
import type { GraphRequest, Supergraph } from '#kernel/subgraph/subgraph.ts';

export type Answer = ExecutionResult | 'hang' | 'unreachable';

/** One call as the graph saw it. */
export interface Call {
  operation: string;
  input: Record<string, unknown>;
  request: GraphRequest;
}

/** A graph for tests that does what onboarding asks of it, idempotent on ids, and can be told to answer otherwise. */
export interface FakeGraph extends Supergraph {
  calls: Call[];
  /** What exists now, by id: `customer:<id>`, `service:<id>`, `access:<id>` and so on. */
  things: Map<string, Record<string, unknown>>;
  /** How often each thing came into being: more than once is a doubled effect. */
  made: Map<string, number>;
  /** Services that have been onboarded, by id. */
  lives: Map<string, Life>;
  /** Answers calls of an operation in the place of the graph; undefined lets the graph answer. */
  answer(operation: string, script: (call: Call, nth: number) => Answer | undefined | Promise<Answer | undefined>): void;
  /** Does what the call asks for, without answering it. */
  perform(call: Call): void;
  operations(): string[];
  reset(): void;
}

/** A service that lives: what services, network and the router hold of it. */
export interface Life {
  customerId: string;
  status: string;
  reason: string | null;
  planId: string;
  /** The newest wish that was heard. */
  intent: number;
  desired: string;
  /** What the router has. */
  onRouter: string;
  /** The run whose change may be reverted. */
  changedBy: string | null;
  /** Default: `ROUTER`. */
  routerId?: string;
}

/** The one plan that is known by a code, and the router that services are on. */
export const PLAN = '019a0000-0000-7000-8000-00000000000a';
export const ROUTER = '019a0000-0000-7000-8000-00000000000b';
/** The device on every line. */
export const ONLINE = '02:00:00:00:00:01';

const DONE = { outcome: 'DONE', code: null, message: null };
export const WAIT = { outcome: 'WAIT', code: 'NETWORK_ROUTER_UNREACHABLE', message: 'There is no connection to the router.' };
export const REJECTED = { outcome: 'REJECTED', code: 'NETWORK_FOREIGN_SECRET', message: 'A secret of this name is not ours.' };

export const failure = (code: string, message: string, details?: Array<{ field: string; code: string; message: string }>): ExecutionResult => ({
  data: null,
  errors: [new GraphQLError(message, { extensions: { code, ...(details ? { details } : {}) } })],
});

export function makeFakeGraph(): FakeGraph {
  const calls: Call[] = [];
  const things = new Map<string, Record<string, unknown>>();
  const made = new Map<string, number>();
  const lives = new Map<string, Life>();
  const scripts = new Map<string, (call: Call, nth: number) => Answer | undefined | Promise<Answer | undefined>>();

  const make = (key: string, thing: Record<string, unknown>) => {
    if (things.has(key)) return;
    things.set(key, thing);
    made.set(key, (made.get(key) ?? 0) + 1);
  };

  const doors: Record<string, (input: Record<string, string>) => Record<string, unknown>> = {
    OnboardingPlan: () => ({ plan: { id: PLAN, code: 'fiber', access: { rateLimit: '10M/50M', localAddress: '10.0.0.1', remotePool: 'pool' } } }),
    OnboardingSealCredentials: ({ id }) => {
      make(`credentials:${id}`, {});
      return { sealPppCredentials: { credentials: { id, routerId: ROUTER } } };
    },
    OnboardingCreateCustomer: (input) => {
      make(`customer:${input.id}`, input);
      return { createCustomer: { customer: { id: input.id } } };
    },
    OnboardingCreateService: (input) => {
      make(`service:${input.id}`, input);
      return { createService: { service: { id: input.id } } };
    },
    OnboardingProvisionAccess: (input) => {
      make(`access:${input.serviceId}`, input);
      return { provisionAccess: { access: { desired: 'ENABLED' } } };
    },
    OnboardingApplyProfile: ({ serviceId }) => {
      make(`profile:${serviceId}`, {});
      return { applyPppProfile: { result: DONE } };
    },
    OnboardingApplySecret: ({ serviceId }) => {
      make(`secret:${serviceId}`, {});
      return { applyPppSecret: { result: DONE } };
    },
    OnboardingVerifyAccess: () => ({ verifyAccess: { result: DONE } }),
    OnboardingActivateService: ({ id }) => {
      make(`active:${id}`, {});
      return { activateService: { service: { id } } };
    },
    OnboardingWithdrawAccess: ({ serviceId }) => {
      for (const noun of ['access', 'profile', 'secret']) things.delete(`${noun}:${serviceId}`);
      return { withdrawAccess: { result: DONE } };
    },
    OnboardingWithdrawService: ({ id }) => ({ withdrawService: { withdrawn: things.delete(`service:${id}`) } }),
    OnboardingWithdrawCustomer: ({ id }) => ({ withdrawCustomer: { withdrawn: things.delete(`customer:${id}`) } }),
  };

  Object.assign(doors, lifeDoors(lives));

  return {
    calls,
    things,
    made,
    lives,
    answer: (operation, script) => void scripts.set(operation, script),
    perform: ({ operation, input }) => void doors[operation]!(input as Record<string, string>),
    operations: () => calls.map(({ operation }) => operation.replace(/^(Onboarding|Lifecycle)/, '')),
    reset() {
      calls.length = 0;
      things.clear();
      made.clear();
      lives.clear();
      scripts.clear();
    },
    async execute<T>(request: GraphRequest) {
      const operation = /(?:query|mutation) (\w+)/.exec(request.query)![1]!;
      const input = (request.variables?.input ?? request.variables ?? {}) as Record<string, string>;
      const call: Call = { operation, input, request };
      calls.push(call);
      const nth = calls.filter((earlier) => earlier.operation === operation).length;
      const answer = await scripts.get(operation)?.(call, nth);
      if (answer === 'hang') return new Promise<never>(() => {});
      if (answer === 'unreachable') throw Object.assign(new Error('connect ECONNREFUSED 10.9.8.7:4000'), { code: 'ECONNREFUSED' });
      if (answer) return answer as ExecutionResult<T>;
      try {
        return { data: doors[operation]!(input) } as ExecutionResult<T>;
      } catch (error) {
        return failure((error as { code?: string }).code ?? 'INTERNAL_ERROR', (error as Error).message) as ExecutionResult<T>;
      }
    },
    subscribe: () => Promise.reject(new Error('Sagas do not subscribe.')),
  };
}

/** The doors for services that live. */
function lifeDoors(lives: Map<string, Life>): Record<string, (input: Record<string, string>) => Record<string, unknown>> {
  const life = (id: string | undefined): Life => {
    const found = lives.get(id!);
    if (!found) throw Object.assign(new Error('There is no such service.'), { code: 'NOT_FOUND' });
    return found;
  };
  /** The service, when the wish is none of before. */
  const heard = (id: string | undefined, intent: unknown): Life => {
    const found = life(id);
    if (Number(intent) < found.intent) throw Object.assign(new Error('A newer wish has been heard.'), { code: 'CONFLICT' });
    return Object.assign(found, { intent: Number(intent) });
  };
  const shown = (id: string) => {
    const { status, customerId, planId, desired, onRouter, routerId = ROUTER } = life(id);
    const session = onRouter === 'ENABLED' ? { id: `session of ${id}` } : null;
    return { id, status, billingDay: 5, customer: { id: customerId }, planVersion: 1, plan: { id: planId, version: 1 }, access: { username: 'ada', desired, router: { id: routerId }, session } };
  };
  /** A page of a list, by the number of its last element. */
  const page = <T>(all: T[], first: unknown, after: string | null | undefined) => {
    const from = Number(after ?? 0);
    const nodes = all.slice(from, from + Number(first));
    return { nodes, pageInfo: { hasNextPage: from + nodes.length < all.length, endCursor: String(from + nodes.length) } };
  };
  const fitting = ({ ids, customerIds, planId, statuses }: { ids?: string[]; customerIds?: string[]; planId?: string; statuses?: string[] }) =>
    [...lives]
      .filter(([id, one]) => (ids?.includes(id) ?? true) && (customerIds?.includes(one.customerId) ?? true) && (planId === undefined || one.planId === planId) && (statuses?.includes(one.status) ?? true))
      .map(([id]) => shown(id));
  const marked = (field: string, change: (input: Record<string, string>) => Partial<Life>) => (input: Record<string, string>) => {
    Object.assign(heard(input.id, input.intent), change(input));
    return { [field]: { service: { id: input.id } } };
  };
  const wished = (field: string, change: (input: Record<string, string>) => Partial<Life>) => (input: Record<string, string>) => {
    const { desired } = Object.assign(heard(input.serviceId, input.intent), change(input));
    return { [field]: { access: { desired } } };
  };
  return {
    BulkServices: ({ first, after, filter }) => ({ services: page(fitting(filter as never), first, after) }),
    BulkAccesses: ({ first, after, routerId }) => ({ accesses: page([...lives].filter(([, one]) => (one.routerId ?? ROUTER) === routerId).map(([id]) => ({ service: { id } })), first, after) }),
    LifecycleService: ({ id }) => ({ service: shown(id!) }),
    LifecycleLine: ({ id }) => ({ service: { id, access: { session: life(id).onRouter === 'ENABLED' ? { callerId: ONLINE, stale: false } : null } } }),
    LifecycleRouter: ({ id }) => ({ router: { id } }),
    LifecycleSubscriber: ({ id }) => ({ customer: { id, name: 'Ada', email: null, phone: null, services: { nodes: [...lives].filter(([, { customerId }]) => customerId === id).map(([serviceId]) => shown(serviceId)) } } }),
    LifecycleUpdateCustomer: ({ id }) => ({ updateCustomer: { customer: { id } } }),
    LifecycleUpdateService: ({ id }) => ({ updateService: { service: { id } } }),
    LifecycleSealCredentials: ({ id }) => ({ sealPppCredentials: { credentials: { id, unchanged: false } } }),
    LifecycleCloseCustomer: ({ id }) => ({ closeCustomer: { customer: { id } } }),
    LifecycleMarkSuspended: marked('markServiceSuspended', ({ reason }) => ({ status: 'SUSPENDED', reason: reason! })),
    LifecycleMarkResumed: marked('markServiceResumed', () => ({ status: 'ACTIVE', reason: null })),
    LifecycleMarkTerminated: marked('markServiceTerminated', () => ({ status: 'TERMINATED' })),
    LifecycleMarkPlanChanged: marked('markServicePlanChanged', ({ planId, runId }) => ({ planId: planId!, changedBy: runId! })),
    LifecycleRevertPlan({ id, runId }) {
      if (life(id).changedBy === runId) Object.assign(life(id), { planId: 'plan-before', changedBy: null });
      return { revertServicePlan: { service: { id } } };
    },
    LifecycleSetDesired: wished('setAccessDesired', ({ desired }) => ({ desired: desired! })),
    LifecycleChangeAccessPlan: wished('changeAccessPlan', () => ({})),
    LifecycleMoveAccess: wished('moveAccess', ({ routerId }) => ({ routerId: routerId! })),
    LifecycleChangeCredentials: wished('changeAccessCredentials', () => ({})),
    LifecycleSetAddress: wished('setAccessAddress', () => ({})),
    LifecycleSetCallerId: wished('setAccessCallerId', () => ({})),
    LifecycleRevertAccess: () => ({ revertAccess: { result: DONE } }),
    LifecycleApplyProfile: () => ({ applyPppProfile: { result: DONE } }),
    LifecycleApplySecret({ serviceId }) {
      life(serviceId).onRouter = life(serviceId).desired;
      return { applyPppSecret: { result: DONE } };
    },
    LifecycleVerifyAccess: () => ({ verifyAccess: { result: DONE } }),
    LifecycleLeaveRouters: () => ({ leaveRouters: { result: DONE } }),
  };
}
