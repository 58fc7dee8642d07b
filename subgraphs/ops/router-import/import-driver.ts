import type { Clock } from '#kernel/clock.ts';
import { isUnavailable, isUniqueViolation } from '#kernel/db/database.ts';
import type { Logger } from '#kernel/logs.ts';
import { pauseAfter } from '../engine/outcome.ts';
import type { SagaCall, SagaContext } from '../engine/saga-definition.ts';
import type { Caller, Sagas } from '../engine/sagas.ts';
import type { RunStore } from '../run/workflow-run.store.ts';
import { hasEnded, newRun, type WorkflowRun } from '../run/workflow-run.ts';
import type { ImportJob, ImportJobStore } from './import-job.store.ts';
import * as operations from './operations.ts';
import { IMPORT_PERMISSIONS, importSubscriber } from './router-import.sagas.ts';

/**
 * Carries imports on: has the router read, then takes over its secrets, some at a time, each by a run of its own. All that is
 * decided stands in network's rows and in the runs, so that whoever takes an import up finds out where it was: after a crash
 * nothing is done twice and nothing is left out.
 */
export interface ImportDriver {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** There is something to do. */
  wake(): void;
}

export interface ImportDriverOptions {
  jobs: ImportJobStore;
  store: Pick<RunStore, 'byIds' | 'create'>;
  sagas: Pick<Sagas, 'call' | 'begin' | 'cancel'>;
  executorId: string;
  clock: Clock;
  log: Logger;
  random: () => number;
  /** How often it is looked for imports, and how often for runs that have ended, in milliseconds. */
  lookEveryMs?: number;
  watchEveryMs?: number;
}

interface Assignment {
  profileItemId: string | null;
  runId: string;
  customerId: string;
  serviceId: string;
  item: { id: string; customerName: string; email: string | null; phone: string | null; plan: { id: string | null; code: string; name: string; rateLimit: string; localAddress: string; remotePool: string; price: { amount: string; currency: string } | null } };
}

type State = 'READING' | 'READY' | 'APPLYING' | 'CANCELLING' | 'DONE' | 'CANCELLED' | 'FAILED';

/** Secrets of one import that are taken over at once: as many commands as a router bears beside its other work. */
const AT_ONCE = 12;
/** Imports that one process carries on at once. */
const IMPORTS_AT_ONCE = 4;
/** How often a process says that it still carries an import on. */
const RENEW_EVERY_MS = 5_000;
const BACK_OFF = { firstMs: 1_000, longestMs: 15_000 };

/** The graph could not answer: it is tried again later. */
class Later extends Error {}

export function makeImportDriver({ jobs, store, sagas, executorId, clock, log, random, lookEveryMs = 1_000, watchEveryMs = 200 }: ImportDriverOptions): ImportDriver {
  const busy = new Map<string, Promise<void>>();
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;

  /** @throws Later for what may be answered another time. */
  const ask = async <T>(caller: Caller, document: string, input: Record<string, unknown>): Promise<T> => {
    const call: SagaCall = { document, variables: { input } as SagaCall['variables'] };
    const outcome = await sagas.call(caller, call, { input: {}, ids: {}, results: {} });
    if (outcome.kind === 'DONE') return outcome.data as T;
    throw outcome.kind === 'WAIT' ? new Later(outcome.error.message) : new Error(`${outcome.error.code}: ${outcome.error.message}`);
  };

  const stateOf = async (caller: Caller, id: string): Promise<State | null> => {
    const outcome = await sagas.call(caller, { document: operations.STATE, variables: { id } }, { input: {}, ids: {}, results: {} });
    if (outcome.kind === 'DONE') return (outcome.data as { routerImport: { state: State } }).routerImport.state;
    if (outcome.error.code === 'NOT_FOUND') return null;
    throw new Later(outcome.error.message);
  };

  const runOf = ({ item, profileItemId, runId, customerId, serviceId }: Assignment, { tenantId, startedBy }: ImportJob, billingDay: number): WorkflowRun => {
    const context: SagaContext = {
      input: { customer: { name: item.customerName, email: item.email, phone: item.phone }, plan: item.plan, planKey: profileItemId ?? item.id, billingDay },
      ids: { runId, customerId, serviceId, itemId: item.id },
      results: {},
    };
    return newRun({ id: runId, tenantId, startedBy, definition: importSubscriber({ newPlan: item.plan.id === null }), context, now: clock.now() });
  };

  const settle = (caller: Caller, { item, runId }: Assignment, { state, error }: Pick<WorkflowRun, 'state' | 'error'>) =>
    ask(caller, operations.SETTLE, {
      itemId: item.id,
      runId,
      done: state === 'SUCCEEDED',
      ...(state === 'SUCCEEDED' ? {} : { code: error?.code ?? state, message: error?.message ?? (state === 'SUPERSEDED' ? 'A newer change of the customer took its place.' : 'It was cancelled before it had ended.') }),
    });

  /** Begins what is next and settles what has ended. False: there is nothing left. */
  async function advance(job: ImportJob, caller: Caller, seen: Set<string>): Promise<boolean> {
    const { nextRouterImportItems: next } = await ask<{ nextRouterImportItems: { routerImport: { state: State; billingDay: number }; assignments: Assignment[] } }>(caller, operations.NEXT, { id: job.importId, limit: AT_ONCE });
    const { routerImport, assignments } = next;
    if (assignments.length === 0) return false;
    const runs = await store.byIds(job.tenantId, assignments.map(({ runId }) => runId));
    const work = assignments.map(async (assignment, at) => {
      const run = runs[at];
      if (run && hasEnded(run)) return settle(caller, assignment, run);
      if (routerImport.state === 'CANCELLING') {
        if (!run) return settle(caller, assignment, { state: 'CANCELLED', error: null });
        // What waits for the router would hold the end up; what is at its last step comes to it.
        if (run.state === 'WAITING' && !run.cancelRequestedAt) await sagas.cancel(job.tenantId, run.id).catch(() => undefined);
        return undefined;
      }
      if (run && seen.has(run.id)) return undefined;
      seen.add(assignment.runId);
      const begun = run ?? runOf(assignment, job, routerImport.billingDay);
      if (!run) {
        try {
          await store.create(begun, null);
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
        }
      }
      // Recorded by a process that died before it could begin it: beginning it twice does nothing.
      if (begun.generation === 1) await sagas.begin(begun);
      return undefined;
    });
    const failure = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
    return true;
  }

  async function carryOn(job: ImportJob): Promise<void> {
    const caller: Caller = { runId: job.importId, tenantId: job.tenantId, onBehalfOf: job.startedBy, permissions: IMPORT_PERMISSIONS };
    const seen = new Set<string>();
    let renewedAt = 0;
    try {
      for (;;) {
        if (stopping) return;
        if (performance.now() - renewedAt > RENEW_EVERY_MS) {
          if (!(await jobs.renew(job, executorId))) return;
          renewedAt = performance.now();
        }
        const before = await jobs.now();
        const state = await stateOf(caller, job.importId);
        if (state === 'READING') {
          const { readRouterImport } = await ask<{ readRouterImport: { result: { outcome: string; message: string | null } } }>(caller, operations.READ, { id: job.importId });
          if (readRouterImport.result.outcome === 'WAIT') throw new Later(readRouterImport.result.message ?? 'The router could not be read yet.');
        } else if ((state !== 'APPLYING' && state !== 'CANCELLING') || !(await advance(job, caller, seen))) {
          return await jobs.remove(job, executorId, before);
        } else {
          await new Promise((resolve) => setTimeout(resolve, watchEveryMs));
        }
      }
    } catch (error) {
      if (!(error instanceof Later) && !isUnavailable(error)) log.warn({ err: error, importId: job.importId }, 'An import could not be carried on; it is tried again');
      if (!stopping) await jobs.postpone(job, executorId, pauseAfter(job.attempts + 1, BACK_OFF, random));
    }
  }

  async function look(): Promise<void> {
    if (looking || stopping) {
      again = true;
      return;
    }
    looking = true;
    again = false;
    try {
      while (busy.size < IMPORTS_AT_ONCE && !stopping) {
        const job = await jobs.claim(executorId);
        if (!job) break;
        const work = carryOn(job)
          .catch((error: unknown) => log.warn({ err: error, importId: job.importId }, 'An import could not be put back; another look takes it up'))
          .finally(() => {
            busy.delete(job.importId);
            void look();
          });
        busy.set(job.importId, work);
      }
    } catch (error) {
      if (!stopping) log.warn({ err: error }, 'It could not be looked for imports; it is tried again');
    } finally {
      looking = false;
      clearTimeout(timer);
      if (!stopping) {
        timer = setTimeout(() => void look(), again ? 0 : lookEveryMs);
        timer.unref();
      }
    }
  }

  return {
    async start() {
      await jobs.releaseAll(executorId);
      void look();
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await Promise.allSettled(busy.values());
      await jobs.releaseAll(executorId).catch(() => undefined);
    },
    wake: () => void look(),
  };
}
