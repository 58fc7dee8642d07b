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
  /** Answers calls of an operation in the place of the graph; undefined lets the graph answer. */
  answer(operation: string, script: (call: Call, nth: number) => Answer | undefined | Promise<Answer | undefined>): void;
  /** Does what the call asks for, without answering it. */
  perform(call: Call): void;
  operations(): string[];
  reset(): void;
}

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
  const scripts = new Map<string, (call: Call, nth: number) => Answer | undefined | Promise<Answer | undefined>>();

  const make = (key: string, thing: Record<string, unknown>) => {
    if (things.has(key)) return;
    things.set(key, thing);
    made.set(key, (made.get(key) ?? 0) + 1);
  };

  const doors: Record<string, (input: Record<string, string>) => Record<string, unknown>> = {
    OnboardingPlan: () => ({ plan: { id: '019a0000-0000-7000-8000-00000000000a', code: 'fiber', access: { rateLimit: '10M/50M', localAddress: '10.0.0.1', remotePool: 'pool' } } }),
    OnboardingSealCredentials: ({ id }) => {
      make(`credentials:${id}`, {});
      return { sealPppCredentials: { credentials: { id, routerId: '019a0000-0000-7000-8000-00000000000b' } } };
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

  return {
    calls,
    things,
    made,
    answer: (operation, script) => void scripts.set(operation, script),
    perform: ({ operation, input }) => void doors[operation]!(input as Record<string, string>),
    operations: () => calls.map(({ operation }) => operation.replace('Onboarding', '')),
    reset() {
      calls.length = 0;
      things.clear();
      made.clear();
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
      return (answer ?? { data: doors[operation]!(input) }) as ExecutionResult<T>;
    },
    subscribe: () => Promise.reject(new Error('Sagas do not subscribe.')),
  };
}
