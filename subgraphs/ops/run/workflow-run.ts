import type { SagaContext, SagaDefinition, SagaEntity, SagaScript, SagaStep, StepError } from '../engine/saga-definition.ts';

export type RunState = 'RUNNING' | 'WAITING' | 'SUCCEEDED' | 'UNDOING' | 'FAILED' | 'CANCELLED' | 'SUPERSEDED';
export type StepState = 'PENDING' | 'RUNNING' | 'WAITING' | 'DONE' | 'FAILED' | 'UNDONE' | 'SKIPPED';

/** One durable run, with its steps in order. */
export interface WorkflowRun {
  id: string;
  tenantId: string;
  kind: string;
  state: RunState;
  /** Which of the run's workflows carries it; what an earlier one still says is not heard. */
  generation: number;
  /** Rises with every change. */
  version: number;
  definition: SagaDefinition;
  context: SagaContext;
  startedBy: string | null;
  /** Set once the customer or service exists. */
  customerId: string | null;
  serviceId: string | null;
  /** Why it was turned round; null when it was cancelled, or was not. */
  error: StepError | null;
  /** The step that was refused. */
  failedStep: string | null;
  cancelRequestedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
  /** The newer run that took its place. */
  supersededBy: string | null;
  steps: WorkflowStep[];
}

export interface WorkflowStep {
  name: string;
  position: number;
  state: StepState;
  error: StepError | null;
  attempts: number;
  startedAt: Date | null;
  finishedAt: Date | null;
  nextAttemptAt: Date | null;
  /** What its call kept. */
  result: Record<string, unknown> | null;
}

/** A run that nothing has been called for yet. Steps without a call were done before. */
export function newRun(given: { id: string; tenantId: string; startedBy: string | null; definition: SagaDefinition; context: SagaContext; now: Date }): WorkflowRun {
  const { id, tenantId, startedBy, definition, context, now } = given;
  return {
    id,
    tenantId,
    kind: definition.kind,
    state: 'RUNNING',
    generation: 1,
    version: 1,
    definition,
    context,
    startedBy,
    customerId: null,
    serviceId: null,
    error: null,
    failedStep: null,
    cancelRequestedAt: null,
    createdAt: now,
    updatedAt: now,
    finishedAt: null,
    supersededBy: null,
    steps: definition.steps.map((step, position) => (step.call ? pendingStep(step.name, position) : { ...pendingStep(step.name, position), state: 'DONE', attempts: 1, startedAt: now, finishedAt: now })),
  };
}

const pendingStep = (name: string, position: number): WorkflowStep => ({ name, position, state: 'PENDING', error: null, attempts: 0, startedAt: null, finishedAt: null, nextAttemptAt: null, result: null });

/** Nothing happens to the run any more, unless it is retried. */
export function hasEnded(run: Pick<WorkflowRun, 'state'>): boolean {
  return run.state === 'SUCCEEDED' || run.state === 'FAILED' || run.state === 'CANCELLED' || run.state === 'SUPERSEDED';
}

/** The workflow that carries the run now. */
export function workflowId(run: { id: string; generation: number }): string {
  return run.generation === 1 ? run.id : `${run.id}.${run.generation}`;
}

/** The run that a workflow carries or has carried. */
export function runIdOf(workflow: string): string {
  return workflow.split('.', 1)[0]!;
}

/** What the interpreter is given to carry the run on from where it stands. */
export function scriptOf(run: WorkflowRun): SagaScript {
  const results = Object.fromEntries(run.steps.filter((step) => step.result).map((step) => [step.name, step.result!]));
  return {
    runId: run.id,
    tenantId: run.tenantId,
    onBehalfOf: run.startedBy,
    generation: run.generation,
    phase: run.state === 'UNDOING' ? 'UNDO' : 'FORWARD',
    definition: run.definition,
    context: { ...run.context, results },
    done: run.steps.filter((step) => step.state === 'DONE').map((step) => step.name),
  };
}

/** What the workflow of a generation finds when it comes to call a step. */
export type Entry = 'CALL' | 'DONE' | 'CANCELLED' | 'OVER';

/**
 * Before a step is called. A step that is done stays done: the workflow may come by again after a crash, because it died
 * between the recording here and its own.
 */
export function enterStep(run: WorkflowRun, generation: number, definition: SagaStep, now: Date): Entry {
  if (run.generation !== generation || hasEnded(run)) return 'OVER';
  const step = stepOf(run, definition.name);
  if (step.state === 'DONE') return 'DONE';
  if (run.cancelRequestedAt || run.state === 'UNDOING') return 'CANCELLED';
  // A step that waits stays visibly so while it is tried again; past the point of no return it must be seen to run.
  if (step.state === 'PENDING' || definition.pointOfNoReturn) {
    step.state = 'RUNNING';
    step.startedAt ??= now;
    run.state = 'RUNNING';
  }
  return 'CALL';
}

/** The step's call was answered: done. The last step ends the run. */
export function finishStep(run: WorkflowRun, definition: SagaStep, kept: Record<string, unknown>, now: Date): void {
  const step = stepOf(run, definition.name);
  Object.assign(step, { state: 'DONE', error: null, attempts: step.attempts + 1, finishedAt: now, nextAttemptAt: null, result: Object.keys(kept).length > 0 ? kept : null });
  if (definition.yields) setEntity(run, definition.yields, run.context.ids[`${definition.yields}Id`] ?? null);
  if (run.steps.every(({ state }) => state === 'DONE')) {
    run.state = 'SUCCEEDED';
    run.finishedAt = now;
  } else {
    run.state = 'RUNNING';
  }
}

/** The step could not be done yet. */
export function delayStep(run: WorkflowRun, name: string, error: StepError, nextAttemptAt: Date): void {
  const step = stepOf(run, name);
  Object.assign(step, { state: 'WAITING', error, attempts: step.attempts + 1, nextAttemptAt });
  if (run.state !== 'UNDOING') run.state = 'WAITING';
}

/** The step was refused for good: the run turns round. */
export function refuseStep(run: WorkflowRun, name: string, error: StepError, now: Date): void {
  const step = stepOf(run, name);
  Object.assign(step, { state: 'FAILED', error, attempts: step.attempts + 1, finishedAt: now, nextAttemptAt: null });
  Object.assign(run, { state: 'UNDOING', error, failedStep: name });
}

/** Why a run cannot be cancelled now; undefined when it can. */
export function whyNotCancel(run: WorkflowRun): string | undefined {
  if (hasEnded(run)) return `The run has ended (${run.state}), so there is nothing to cancel.`;
  if (run.state === 'UNDOING') return 'The run is being taken back already.';
  const last = run.steps.find((step) => run.definition.steps[step.position]!.final && step.state !== 'PENDING');
  if (last) return `What the run is for has been reached; it is at its last step (${last.name}) and can no longer be cancelled.`;
  const running = run.steps.find((step) => step.state === 'RUNNING');
  if (running && run.definition.steps[running.position]!.pointOfNoReturn) return `The last step (${running.name}) is under way: it can no longer be cancelled.`;
  return undefined;
}

/** Begins the way back; answers the steps to take back, last first. May be called again. */
export function turnRound(run: WorkflowRun): string[] {
  run.state = 'UNDOING';
  for (const step of run.steps) {
    if (step.state === 'PENDING') step.state = 'SKIPPED';
  }
  return run.definition.steps
    .filter((definition) => definition.undo && wasTried(run, definition.name) && stepOf(run, definition.name).state !== 'UNDONE')
    .map((definition) => definition.name)
    .toReversed();
}

/** The step's effect is taken back, and with it that of the steps which its undo covers. */
export function undoneStep(run: WorkflowRun, name: string): void {
  for (const definition of run.definition.steps) {
    if (definition.name !== name && definition.undoneWith !== name) continue;
    const step = stepOf(run, definition.name);
    if (step.state === 'SKIPPED' || step.state === 'PENDING') continue;
    // The step that failed goes on saying why.
    const failed = definition.name === run.failedStep;
    Object.assign(step, { state: failed ? 'FAILED' : 'UNDONE', error: failed ? run.error : null, nextAttemptAt: null, result: null });
    if (definition.yields) setEntity(run, definition.yields, null);
  }
}

/** Everything is taken back. */
export function endUndo(run: WorkflowRun, now: Date): void {
  run.state = run.error ? 'FAILED' : 'CANCELLED';
  run.finishedAt = now;
  for (const step of run.steps) {
    if (step.state === 'RUNNING' || step.state === 'WAITING') Object.assign(step, { state: step.name === run.failedStep ? 'FAILED' : hasWayBack(run, step) ? 'UNDONE' : 'SKIPPED', nextAttemptAt: null });
    if (step.state === 'PENDING') step.state = 'SKIPPED';
  }
}

/** Whether all rows of the run are written: from then on it only waits for the router. */
export function hasWrittenRows(run: WorkflowRun): boolean {
  return run.definition.steps.every((definition) => !definition.rows || stepOf(run, definition.name).state === 'DONE');
}

/** Nothing that the run will still do can undo what a later run does. */
export function isOutOfTheWay(run: WorkflowRun): boolean {
  return hasEnded(run) || (run.state !== 'UNDOING' && run.cancelRequestedAt === null && hasWrittenRows(run));
}

/** A newer run takes its place. What was done stays: the newer one goes on from there. */
export function supersede(run: WorkflowRun, by: string, now: Date): void {
  Object.assign(run, { state: 'SUPERSEDED', supersededBy: by, finishedAt: now });
  for (const step of run.steps) {
    if (step.state === 'RUNNING' || step.state === 'WAITING' || step.state === 'PENDING') Object.assign(step, { state: 'SKIPPED', nextAttemptAt: null });
  }
}

/** Why a failed run cannot be started anew; undefined when it can. */
export function whyNotRestart(run: WorkflowRun): string | undefined {
  if (run.state === 'SUCCEEDED') return 'The run has succeeded: there is nothing to retry.';
  if (run.state === 'CANCELLED') return 'The run was cancelled: begin a new one.';
  if (run.state === 'SUPERSEDED') return `A newer run has taken its place: ${run.supersededBy}.`;
  if (run.state !== 'FAILED') return 'The run is under way: it needs no retry.';
  const condition = run.definition.restart;
  return condition?.unlessTried.some((name) => stepOf(run, name).attempts > 0) ? condition.because : undefined;
}

/** Starts a failed run anew, with the same ids; its next generation carries it. */
export function restart(run: WorkflowRun): void {
  Object.assign(run, { state: 'RUNNING', generation: run.generation + 1, error: null, failedStep: null, finishedAt: null, cancelRequestedAt: null });
  for (const definition of run.definition.steps) {
    if (definition.call) Object.assign(stepOf(run, definition.name), { state: 'PENDING', error: null, startedAt: null, finishedAt: null, nextAttemptAt: null, result: null });
  }
}

export function stepOf(run: WorkflowRun, name: string): WorkflowStep {
  const step = run.steps.find((candidate) => candidate.name === name);
  if (!step) throw new Error(`The run ${run.id} has no step ${name}.`);
  return step;
}

function hasWayBack(run: WorkflowRun, { position }: WorkflowStep): boolean {
  const { undo, undoneWith } = run.definition.steps[position]!;
  return undo !== undefined || undoneWith !== undefined;
}

/** Whether the step's call ever left, or may have. */
function wasTried(run: WorkflowRun, name: string): boolean {
  const step = stepOf(run, name);
  return step.attempts > 0 || step.state === 'RUNNING';
}

function setEntity(run: WorkflowRun, entity: SagaEntity, id: string | null): void {
  if (entity === 'customer') run.customerId = id;
  else run.serviceId = id;
}
