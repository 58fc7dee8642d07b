import { uuidv7 } from '#kernel/ids.ts';
import { defineSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import { makeSagas } from './engine/sagas.ts';
import { makeLoaders, type OpsLoaders } from './loaders.ts';
import { hearDunning } from './lifecycle/dunning.intake.ts';
import { makeLifecycle } from './lifecycle/lifecycle.ts';
import { LifecycleResolver, lifecycleRules } from './lifecycle/lifecycle.resolver.ts';
import { makeSubscribers } from './lifecycle/subscriber.ts';
import { makeOnboarding } from './onboarding/onboard-customer.ts';
import { OnboardingResolver, onboardingRules } from './onboarding/onboard-customer.resolver.ts';
import { makeRunWatch } from './run/run-watch.ts';
import { makeRuns } from './run/runs.ts';
import { makeRunStarter } from './run/start-run.ts';
import { WorkflowRunResolver } from './run/workflow-run.resolver.ts';
import { workflowRunEntityRule, workflowRunRules } from './run/workflow-run.rules.ts';
import { makeRunStore } from './run/workflow-run.store.ts';
import { SandboxClockResolver, sandboxClockRules } from './sandbox-clock/sandbox-clock.resolver.ts';
import { CustomerRef, ServiceRef, WorkflowRunType } from './run/workflow-run.type.ts';

/** Durable runs of what needs several domains in order, with undo. */
export const ops = defineSubgraph<OpsLoaders>({
  name: 'ops',
  migrations: new URL('./migrations/', import.meta.url),
  resolvers: [WorkflowRunResolver, OnboardingResolver, LifecycleResolver, SandboxClockResolver],
  entities: {
    WorkflowRun: { type: WorkflowRunType, rule: workflowRunEntityRule, resolve: ({ id }, { loaders }) => loaders.run.load(id) },
    Customer: { type: CustomerRef, resolve: 'stub' },
    Service: { type: ServiceRef, resolve: 'stub' },
  },
  rules: {
    Query: { ...workflowRunRules.Query, ...sandboxClockRules.Query },
    Mutation: { ...workflowRunRules.Mutation, ...onboardingRules.Mutation, ...lifecycleRules.Mutation, ...sandboxClockRules.Mutation },
    Subscription: workflowRunRules.Subscription,
  },
  make({ config, database, db, bus, secretBox, clock, sandboxClock, log, metrics, supergraph }) {
    const store = makeRunStore({ db, bus, clock });
    const watch = makeRunWatch({ database, store });
    const sagas = makeSagas({ store, supergraph, database, executorId: config.executorId, clock, log, metrics, random: Math.random, newId: uuidv7 });
    const runs = makeRuns({ store, watch, sagas });
    const starter = makeRunStarter({ sagas, store, watch, secretBox, clock });
    const onboarding = makeOnboarding({ starter, clock, newId: uuidv7 });
    const lifecycle = makeLifecycle({ starter, clock, newId: uuidv7 });
    const subscribers = makeSubscribers({ starter, store, clock, newId: uuidv7 });
    hearDunning({ bus, store, sagas, clock, newId: uuidv7 });
    return {
      resolvers: [new WorkflowRunResolver(runs), new OnboardingResolver(onboarding), new LifecycleResolver(lifecycle, subscribers), new SandboxClockResolver(clock, sandboxClock)],
      loaders: makeLoaders({ store, runs }),
      health: async () => sagas.isStarted(),
      async start() {
        await watch.start();
        await sagas.start();
      },
      async stop() {
        await watch.stop();
        await sagas.stop();
      },
    };
  },
});
