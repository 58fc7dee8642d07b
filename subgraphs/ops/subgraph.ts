import { uuidv7 } from '#kernel/ids.ts';
import { defineSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import { makeSagas } from './engine/sagas.ts';
import { makeLoaders, type OpsLoaders } from './loaders.ts';
import { makeOnboarding } from './onboarding/onboard-customer.ts';
import { OnboardingResolver, onboardingRules } from './onboarding/onboard-customer.resolver.ts';
import { makeRunWatch } from './run/run-watch.ts';
import { makeRuns } from './run/runs.ts';
import { WorkflowRunResolver } from './run/workflow-run.resolver.ts';
import { workflowRunEntityRule, workflowRunRules } from './run/workflow-run.rules.ts';
import { makeRunStore } from './run/workflow-run.store.ts';
import { CustomerRef, ServiceRef, WorkflowRunType } from './run/workflow-run.type.ts';

/** Durable runs of what needs several domains in order, with undo. */
export const ops = defineSubgraph<OpsLoaders>({
  name: 'ops',
  migrations: new URL('./migrations/', import.meta.url),
  resolvers: [WorkflowRunResolver, OnboardingResolver],
  entities: {
    WorkflowRun: { type: WorkflowRunType, rule: workflowRunEntityRule, resolve: ({ id }, { loaders }) => loaders.run.load(id) },
    Customer: { type: CustomerRef, resolve: 'stub' },
    Service: { type: ServiceRef, resolve: 'stub' },
  },
  rules: {
    Query: workflowRunRules.Query,
    Mutation: { ...workflowRunRules.Mutation, ...onboardingRules.Mutation },
    Subscription: workflowRunRules.Subscription,
  },
  make({ config, database, db, bus, secretBox, clock, log, metrics, supergraph }) {
    const store = makeRunStore({ db, bus, clock });
    const watch = makeRunWatch({ database, store });
    const sagas = makeSagas({ store, supergraph, database, executorId: config.executorId, clock, log, metrics, random: Math.random, newId: uuidv7 });
    const runs = makeRuns({ store, watch, sagas });
    const onboarding = makeOnboarding({ sagas, store, watch, secretBox, clock, newId: uuidv7 });
    return {
      resolvers: [new WorkflowRunResolver(runs), new OnboardingResolver(onboarding)],
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
