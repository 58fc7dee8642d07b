import type { Clock } from '#kernel/clock.ts';
import type { Database } from '#kernel/db/database.ts';
import { isSerializationFailure, isUnavailable } from '#kernel/db/database.ts';
import { conflict, notFound, unavailable } from '#kernel/errors.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import type { ActiveRun, RunStore } from '../run/workflow-run.store.ts';
import * as Run from '../run/workflow-run.ts';
import type { WorkflowRun } from '../run/workflow-run.ts';
import { makeCallGraph, type CallGraph, type Caller } from './call-graph.ts';
import { makeDbosEngine } from './dbos.ts';
import { interpret, type Outcome, type SagaEffects } from './interpreter.ts';
import { inSagaFields, pauseAfter, type BackOff, type CallOutcome } from './outcome.ts';
import type { SagaScript, SagaStep } from './saga-definition.ts';
import { makeTakeOver } from './take-over.ts';

export type { Caller } from './call-graph.ts';

/** Runs sagas: begins, carries on, cancels, retries them. */
export interface Sagas {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** @throws UNAVAILABLE until `start` is through. */
  assertStarted(): void;
  isStarted(): boolean;
  /** Calls the graph as ops. */
  call: CallGraph;
  /** Begins the workflow of a run that has just been recorded. */
  begin(run: WorkflowRun): Promise<void>;
  /** The same for a run that is recorded when a transaction of somebody else's commits; nothing happens when it does not. */
  beginOnceRecorded(tenantId: string, id: string): void;
  /** Ends the pauses of runs that have been superseded: their workflows look, and end. */
  release(runs: readonly WorkflowRun[]): void;
  /** @throws NOT_FOUND, CONFLICT. */
  cancel(tenantId: string, id: string): Promise<WorkflowRun>;
  /** @throws NOT_FOUND, CONFLICT. */
  retry(tenantId: string, id: string): Promise<WorkflowRun>;
}

export interface SagasOptions {
  store: RunStore;
  supergraph: () => Supergraph;
  database: Pick<Database, 'pgOptions' | 'holdLock'>;
  executorId: string;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  random: () => number;
  newId: () => string;
  /** Told of every change that a workflow of this process has recorded. */
  told?: (run: WorkflowRun) => void;
  /** Default: 1 s, doubling to 15 s. */
  backOff?: BackOff;
  /** How long one call may take, in milliseconds: longer than what a subgraph grants a router. */
  callDeadlineMs?: number;
  /** How often recorded runs are compared with the engine's workflows, and how long one must have lain untouched, in milliseconds. */
  checkEveryMs?: number;
  untouchedMs?: number;
  attemptsPerGeneration?: number;
  /** How soon a process that died is missed. */
  takeOver?: { everyMs?: number; silentMs?: number };
}

/** How long a stop waits for calls under way. What it does not wait for is called again at the next start. */
const STOP_PATIENCE_MS = 3_000;
/** A run that has lain unbegun for so long will not be begun by whoever recorded it. */
const UNBEGUN_MS = 5_000;
/** How long, and how often, a run is looked for that another transaction records. */
const RECORDED_WAIT_MS = 5_000;
const RECORDED_LOOK_MS = 25;

export function makeSagas(options: SagasOptions): Sagas {
  const { store, clock, log, random, newId } = options;
  const backOff = options.backOff ?? { firstMs: 1_000, longestMs: 15_000 };
  const { callDeadlineMs = 20_000, checkEveryMs = 15_000, untouchedMs = 60_000 } = options;
  const attemptsCounter = options.metrics.counter('headend_ops_step_attempts_total', 'Calls that sagas made, by step and outcome', ['kind', 'step', 'outcome']);
  const runsGauge = options.metrics.gauge('headend_ops_runs', 'Runs by kind and state', ['kind', 'state']);
  const oldestGauge = options.metrics.gauge('headend_ops_oldest_waiting_seconds', 'How long the longest waiting run has waited', ['kind']);
  let started = false;
  let stopping = false;
  let checking: NodeJS.Timeout | undefined;
  const inFlight = new Set<Promise<unknown>>();

  /**
   * Runs whose workflows are under way here, as they were last recorded. Whoever else changes one (a cancellation, a newer run)
   * is noticed when it is written, by its version; then it is read again.
   */
  const known = new Map<string, WorkflowRun>();
  const beginning = new Map<string, WorkflowRun>();

  const engine = makeDbosEngine({
    database: options.database,
    executorId: options.executorId,
    run: async (script, durable, resumed) => {
      const first = beginning.get(script.runId);
      if (first?.generation === script.generation) known.set(script.runId, first);
      try {
        await interpret(script, durable, effects, { resumed, attemptsPerGeneration: options.attemptsPerGeneration });
      } finally {
        known.delete(script.runId);
      }
    },
    idOf: (script) => Run.workflowId({ id: script.runId, generation: script.generation }),
    log,
  });

  const call = makeCallGraph({ supergraph: options.supergraph, newId, deadlineMs: callDeadlineMs });

  /** A change of a run that must be recorded before the saga may go on: a database that is away is waited for. */
  const record = async <T>(script: SagaScript, decide: (run: WorkflowRun, now: Date) => T): Promise<T> => {
    for (let delay = 100; ; delay = Math.min(delay * 2, 2_000)) {
      try {
        const asKnown = known.get(script.runId);
        const changed = (asKnown && (await store.changeKnown(asKnown, decide))) ?? (await store.change(script.tenantId, script.runId, decide));
        if (!changed) throw new Error(`The run ${script.runId} is not recorded.`);
        known.set(script.runId, changed.run);
        options.told?.(changed.run);
        return changed.answer;
      } catch (error) {
        if (!(isUnavailable(error) || isSerializationFailure(error))) throw error;
        // Not a failure of the run: it is taken up where it stood at the next start.
        if (stopping) return new Promise<never>(() => {});
        log.warn({ err: error, runId: script.runId }, 'The database is away; the run waits for it');
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  };

  const tracked = <T>(work: Promise<T>): Promise<T> => {
    inFlight.add(work);
    return work.finally(() => inFlight.delete(work));
  };

  const callerOf = (script: SagaScript): Caller => ({ ...script, permissions: script.definition.permissions });
  const isCurrent = (run: WorkflowRun, script: SagaScript) => run.generation === script.generation && !Run.hasEnded(run);
  const count = (script: SagaScript, step: string, { kind }: CallOutcome) => attemptsCounter.inc({ kind: script.definition.kind, step, outcome: kind });

  /**
   * Enters the next step in the transaction that finishes one: half the transactions of a run that is not held up. What was
   * entered is remembered in this process alone; a workflow that is taken up elsewhere enters again, which changes nothing.
   */
  const entered = new Map<string, string>();
  const enterNext = (script: SagaScript, run: WorkflowRun, now: Date): void => {
    const next = script.definition.steps.find(({ name, call: hasCall }) => hasCall && Run.stepOf(run, name).state === 'PENDING');
    if (next && Run.enterStep(run, script.generation, next, now) === 'CALL') entered.set(script.runId, `${script.generation} ${next.name}`);
  };
  const takeEntered = (script: SagaScript, step: SagaStep): boolean => {
    const was = entered.get(script.runId) === `${script.generation} ${step.name}`;
    entered.delete(script.runId);
    return was;
  };

  /** Whether a run that this one has to come after is still in the way. */
  const hindered = async ({ tenantId, context }: SagaScript): Promise<CallOutcome | undefined> => {
    const { after = [] } = context.input;
    if (after.length === 0) return undefined;
    const hindering = (await store.byIds(tenantId, after)).find((run) => run && !Run.isOutOfTheWay(run));
    return hindering ? { kind: 'WAIT', error: { code: 'WORKFLOW_BUSY', message: `Another run has to end first: ${hindering.id} (${hindering.kind}).` } } : undefined;
  };

  const effects: SagaEffects = {
    attempt: (script, step, context) =>
      tracked(
        (async (): Promise<Outcome> => {
          if (!takeEntered(script, step)) {
            const { entry, kept } = await record(script, (run, now) => ({ entry: Run.enterStep(run, script.generation, step, now), kept: Run.stepOf(run, step.name).result }));
            if (entry === 'DONE') return { kind: 'DONE', kept: kept ?? {} };
            if (entry !== 'CALL') return { kind: entry };
          }
          const outcome: CallOutcome = (await hindered(script)) ?? (await call(callerOf(script), step.call!, context));
          count(script, step.name, outcome);
          return record(script, (run, now): Outcome => {
            if (!isCurrent(run, script)) return { kind: 'OVER' };
            if (outcome.kind === 'DONE') {
              Run.finishStep(run, step, outcome.kept, now);
              enterNext(script, run, now);
              return { kind: 'DONE', kept: outcome.kept };
            }
            if (outcome.kind === 'REFUSED' && !(step.insists && outcome.byRouter)) {
              Run.refuseStep(run, step.name, inSagaFields(outcome.error, step.fields), now);
              return { kind: 'REFUSED' };
            }
            const pauseMs = pauseAfter(Run.stepOf(run, step.name).attempts + 1, backOff, random);
            Run.delayStep(run, step.name, outcome.error, new Date(now.getTime() + pauseMs));
            return { kind: 'WAIT', pauseMs };
          });
        })(),
      ),

    turnRound: (script) => tracked(record(script, (run) => (isCurrent(run, script) ? { over: false, steps: Run.turnRound(run) } : { over: true, steps: [] }))),

    attemptUndo: (script, step, context) =>
      tracked(
        (async (): Promise<Outcome> => {
          const entry = await record(script, (run): 'CALL' | 'DONE' | 'OVER' => (!isCurrent(run, script) ? 'OVER' : Run.stepOf(run, step.name).state === 'UNDONE' ? 'DONE' : 'CALL'));
          if (entry === 'OVER') return { kind: 'OVER' };
          if (entry === 'DONE') return { kind: 'DONE', kept: {} };
          const outcome = await call(callerOf(script), step.undo!, context);
          count(script, `undo ${step.name}`, outcome);
          return record(script, (run, now): Outcome => {
            if (!isCurrent(run, script)) return { kind: 'OVER' };
            // Nothing there is what undo wants. Any other refusal waits, visibly: what is left behind must not be forgotten.
            if (outcome.kind === 'DONE' || outcome.error.code === 'NOT_FOUND') {
              Run.undoneStep(run, step.name);
              return { kind: 'DONE', kept: {} };
            }
            const pauseMs = pauseAfter(Run.stepOf(run, step.name).attempts + 1, backOff, random);
            Run.delayStep(run, step.name, outcome.error, new Date(now.getTime() + pauseMs));
            return { kind: 'WAIT', pauseMs };
          });
        })(),
      ),

    endUndo: (script) =>
      tracked(
        record(script, (run, now) => {
          if (isCurrent(run, script)) Run.endUndo(run, now);
        }),
      ),

    renew: (script) =>
      tracked(
        record(script, (run) => {
          if (Run.hasEnded(run)) return null;
          if (run.generation === script.generation) run.generation += 1;
          return run.generation === script.generation + 1 ? Run.scriptOf(run) : null;
        }),
      ),
  };

  const begin: Sagas['begin'] = async (run) => {
    beginning.set(run.id, run);
    try {
      await engine.begin(Run.workflowId(run), Run.scriptOf(run));
    } finally {
      beginning.delete(run.id);
    }
  };

  /**
   * Compares what is recorded with what runs. A run whose process died between its recording and its beginning is begun; one
   * whose workflow broke is carried on by its next generation, from what is recorded.
   */
  async function check(untouchedFor: number, onlyAbsent = false): Promise<void> {
    for (const active of await store.active(new Date(clock.now().getTime() - untouchedFor), 500)) {
      const standing = await engine.standing(Run.workflowId(active));
      if (standing === 'LIVE' || (onlyAbsent && standing !== 'ABSENT')) continue;
      if (standing === 'ABSENT') {
        const run = await store.byId(active.tenantId, active.id);
        if (run && !Run.hasEnded(run)) await begin(run);
      } else if (await carryOn(active)) {
        log.warn({ runId: active.id, standing }, 'A run whose workflow had broken is carried on');
      }
    }
  }

  /** The next generation of a run, from what is recorded; false when another process was faster, or nothing is left to do. */
  async function carryOn(active: ActiveRun): Promise<boolean> {
    const renewed = await store.change(active.tenantId, active.id, (run) => {
      if (Run.hasEnded(run) || run.generation !== active.generation) return false;
      run.generation += 1;
      return true;
    });
    if (!renewed?.answer) return false;
    await begin(renewed.run);
    return true;
  }

  /** What a dead process has left: its unfinished workflows, and what it had recorded and not begun. */
  async function takeOver(executorId: string): Promise<void> {
    for (;;) {
      const workflows = await engine.unfinishedOf(executorId);
      if (workflows.length === 0) break;
      const active = new Map((await store.activeOf([...new Set(workflows.map(Run.runIdOf))])).map((run) => [Run.workflowId(run), run]));
      for (const workflow of workflows) {
        const run = active.get(workflow);
        if (run && (await carryOn(run))) log.warn({ runId: run.id, executor: executorId }, 'A run of a process that is gone is carried on here');
        await engine.abandon(workflow);
      }
    }
    await check(UNBEGUN_MS, true);
  }

  const others = makeTakeOver({ store, executorId: options.executorId, takeOver: (executorId) => tracked(takeOver(executorId)), log, ...options.takeOver });

  async function measure(): Promise<void> {
    runsGauge.reset();
    oldestGauge.reset();
    for (const { kind, state, runs, oldestWaitingSeconds } of await store.statistics()) {
      runsGauge.set({ kind, state }, runs);
      if (oldestWaitingSeconds !== null) oldestGauge.set({ kind }, oldestWaitingSeconds);
    }
  }

  function checkLater(): void {
    checking = setTimeout(async () => {
      try {
        await tracked(check(untouchedMs).then(measure));
      } catch (error) {
        if (!stopping) log.warn({ err: error }, 'Runs could not be checked; it is tried again');
      }
      if (!stopping) checkLater();
    }, checkEveryMs);
    checking.unref();
  }

  /** What is asked of the run is recorded already: it is met at the next attempt even when nobody is woken. */
  const nudge = (run: WorkflowRun) => engine.wake(Run.workflowId(run)).catch((error: unknown) => log.warn({ err: error, runId: run.id }, 'The run could not be woken; it looks by itself at its next attempt'));

  const changed = async <T>(tenantId: string, id: string, decide: (run: WorkflowRun, now: Date) => T) => {
    const result = await store.change(tenantId, id, decide);
    if (!result) throw notFound('run', id);
    return result;
  };

  return {
    async start() {
      await engine.launch();
      await check(0, true);
      await measure();
      await others.start();
      started = true;
      checkLater();
    },
    async stop() {
      stopping = true;
      started = false;
      clearTimeout(checking);
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise((resolve) => (timer = setTimeout(resolve, STOP_PATIENCE_MS)));
      await Promise.race([Promise.allSettled(inFlight), patience]);
      clearTimeout(timer);
      await others.stop();
      await engine.shutdown();
      await others.sayGoodbye();
    },
    isStarted: () => started,
    assertStarted() {
      if (!started) throw unavailable('Workflows are not running yet (or no longer) in this process: try again in a moment.');
    },
    call,
    begin,
    beginOnceRecorded(tenantId, id) {
      const waiting = async () => {
        for (let waited = 0; waited < RECORDED_WAIT_MS && started; waited += RECORDED_LOOK_MS) {
          const run = await store.byId(tenantId, id);
          if (run) return begin(run);
          await new Promise((resolve) => setTimeout(resolve, RECORDED_LOOK_MS));
        }
      };
      // What is missed here is begun by the next check.
      void tracked(waiting().catch((error: unknown) => log.warn({ err: error, runId: id }, 'A run could not be begun; it is tried again')));
    },
    release(runs) {
      for (const run of runs) void tracked(nudge(run));
    },
    async cancel(tenantId, id) {
      const { run } = await changed(tenantId, id, (found, now) => {
        const reason = Run.whyNotCancel(found);
        if (reason) throw conflict(reason);
        found.cancelRequestedAt ??= now;
      });
      await nudge(run);
      return run;
    },
    async retry(tenantId, id) {
      const { run, answer } = await changed(tenantId, id, (found): 'WAKE' | 'BEGIN' => {
        if (found.steps.some((step) => step.state === 'WAITING')) return 'WAKE';
        const reason = Run.whyNotRestart(found);
        if (reason) throw conflict(reason);
        Run.restart(found);
        return 'BEGIN';
      });
      if (answer === 'WAKE') await nudge(run);
      else await begin(run);
      return run;
    },
  };
}
