import { makeRowWatch } from '#kernel/db/row-watch.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { defineSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import { BulkItemResolver, BulkJobResolver } from './bulk/bulk-job.resolver.ts';
import { bulkJobRules } from './bulk/bulk-job.rules.ts';
import * as bulkStore from './bulk/bulk-job.store.ts';
import type { BulkJob } from './bulk/bulk-job.ts';
import { makeBulkJobs } from './bulk/bulk-jobs.ts';
import { makeBulkRunner } from './bulk/bulk-runner.ts';
import { makeSagas } from './engine/sagas.ts';
import { makeLoaders, type OpsLoaders } from './loaders.ts';
import { hearDunning } from './lifecycle/dunning.intake.ts';
import { makeLifecycle } from './lifecycle/lifecycle.ts';
import { LifecycleResolver, lifecycleRules } from './lifecycle/lifecycle.resolver.ts';
import { makeSubscribers } from './lifecycle/subscriber.ts';
import { makeOnboarding } from './onboarding/onboard-customer.ts';
import { OnboardingResolver, onboardingRules } from './onboarding/onboard-customer.resolver.ts';
import { makeImportDriver } from './router-import/import-driver.ts';
import { makeImportJobStore } from './router-import/import-job.store.ts';
import { RouterImportingResolver, routerImportingRules } from './router-import/router-import.resolver.ts';
import { makeRouterImporting } from './router-import/router-import.ts';
import { RouterImportItemRef, RouterImportRef } from './router-import/router-import.type.ts';
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
  resolvers: [WorkflowRunResolver, OnboardingResolver, LifecycleResolver, BulkJobResolver, BulkItemResolver, RouterImportingResolver, SandboxClockResolver],
  entities: {
    WorkflowRun: { type: WorkflowRunType, rule: workflowRunEntityRule, resolve: ({ id }, { loaders }) => loaders.run.load(id) },
    Customer: { type: CustomerRef, resolve: 'stub' },
    Service: { type: ServiceRef, resolve: 'stub' },
    RouterImport: { type: RouterImportRef, resolve: 'stub' },
    RouterImportItem: { type: RouterImportItemRef, resolve: 'stub' },
  },
  rules: {
    Query: { ...workflowRunRules.Query, ...bulkJobRules.Query, ...sandboxClockRules.Query },
    Mutation: { ...workflowRunRules.Mutation, ...onboardingRules.Mutation, ...lifecycleRules.Mutation, ...bulkJobRules.Mutation, ...routerImportingRules.Mutation, ...sandboxClockRules.Mutation },
    Subscription: { ...workflowRunRules.Subscription, ...bulkJobRules.Subscription },
    BulkItem: bulkJobRules.BulkItem,
  },
  make({ config, database, db, bus, secretBox, clock, sandboxClock, log, metrics, supergraph }) {
    const store = makeRunStore({ db, bus, clock });
    const watch = makeRunWatch({ database, store });
    const sagas = makeSagas({ store, supergraph, database, executorId: config.executorId, clock, log, metrics, random: Math.random, newId: uuidv7, told: (run) => watch.offer(run) });
    const runs = makeRuns({ store, watch, sagas });
    const starter = makeRunStarter({ sagas, store, watch, secretBox, clock });
    const onboarding = makeOnboarding({ starter, clock, newId: uuidv7 });
    const lifecycle = makeLifecycle({ starter, clock, newId: uuidv7 });
    const subscribers = makeSubscribers({ starter, store, clock, newId: uuidv7 });
    const bulkWatch = makeRowWatch<BulkJob>({ database, channel: bulkStore.BULK_CHANNEL, find: async (tenantId, id) => (await db.read(tenantId, (tx) => bulkStore.byIds(tx, [id])))[0] ?? null });
    const bulkJobs = makeBulkJobs({ db, bus, watch: bulkWatch, sagas, starter, clock, newId: uuidv7 });
    const bulkRunner = makeBulkRunner({ db, bus, database, sagas, runs: store, lifecycle, executorId: config.executorId, clock, log, metrics, random: Math.random, newId: uuidv7 });
    const importJobs = makeImportJobStore({ db });
    const importDriver = makeImportDriver({ jobs: importJobs, store, sagas, executorId: config.executorId, clock, log, random: Math.random });
    const importing = makeRouterImporting({ sagas, starter, jobs: importJobs, driver: importDriver, clock, newId: uuidv7 });
    hearDunning({ bus, store, sagas, clock, newId: uuidv7 });
    return {
      resolvers: [new WorkflowRunResolver(runs), new OnboardingResolver(onboarding), new LifecycleResolver(lifecycle, subscribers), new BulkJobResolver(bulkJobs), new BulkItemResolver(), new RouterImportingResolver(importing), new SandboxClockResolver(clock, sandboxClock)],
      loaders: makeLoaders({ db, store, runs, bulkJobs }),
      health: async () => sagas.isStarted(),
      async start() {
        await Promise.all([watch.start(), bulkWatch.start()]);
        await sagas.start();
        await Promise.all([bulkRunner.start(), importDriver.start()]);
      },
      async stop() {
        await Promise.all([bulkRunner.stop(), importDriver.stop()]);
        await Promise.all([watch.stop(), bulkWatch.stop()]);
        await sagas.stop();
      },
    };
  },
});
