import type { SagaScript, SagaStep } from './saga-definition.ts';

/** What came of one attempt, as the interpreter needs it. It is stored by the engine: no secret, no error text. */
export type Outcome =
  | { kind: 'DONE'; kept: Record<string, unknown> }
  | { kind: 'WAIT'; pauseMs: number }
  /** Refused: what was done is to be taken back. */
  | { kind: 'REFUSED' }
  /** Somebody has cancelled the run. */
  | { kind: 'CANCELLED' }
  /** The run has ended, or another generation carries it on: nothing is left to do here. */
  | { kind: 'OVER' };

/** The effects. Each is idempotent: the one in flight when the process dies is done again. */
export interface SagaEffects {
  attempt(script: SagaScript, step: SagaStep, context: SagaScript['context']): Promise<Outcome>;
  /** Turns the run round; answers the steps to take back, in that order. Empty list and `over`: nothing is left to do here. */
  turnRound(script: SagaScript): Promise<{ over: boolean; steps: string[] }>;
  attemptUndo(script: SagaScript, step: SagaStep, context: SagaScript['context']): Promise<Outcome>;
  endUndo(script: SagaScript): Promise<void>;
  /** The script of the next generation, taken from what is recorded; null when there is nothing to carry on. */
  renew(script: SagaScript): Promise<SagaScript | null>;
}

/** The durable machinery, as the interpreter needs it. */
export interface Durable {
  /** Runs the work once and remembers its answer; after a crash a remembered answer is given without running it again. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Until the time is over or the run is woken. */
  pause(ms: number): Promise<void>;
  /** Begins the workflow of another generation. */
  begin(script: SagaScript): Promise<void>;
}

/** Attempts after which a workflow hands over to a fresh one, so that a router that is away for weeks does not grow its history without end. */
const ATTEMPTS_PER_GENERATION = 200;

/**
 * The one workflow: reads any saga. Everything it decides follows from the script and from remembered answers, so a replay
 * takes the same way.
 */
export async function interpret(script: SagaScript, durable: Durable, effects: SagaEffects, attemptsPerGeneration = ATTEMPTS_PER_GENERATION): Promise<void> {
  const { definition } = script;
  const context = { ...script.context, results: { ...script.context.results } };
  let attempts = 0;

  /** Tries until there is something else than waiting. */
  const persist = async (name: string, attempt: () => Promise<Outcome>): Promise<Outcome> => {
    for (;;) {
      const outcome = await durable.step(name, attempt);
      if (outcome.kind !== 'WAIT') return outcome;
      await durable.pause(outcome.pauseMs);
      attempts += 1;
      if (attempts >= attemptsPerGeneration) {
        const next = await durable.step('renew', () => effects.renew(script));
        if (next) await durable.begin(next);
        return { kind: 'OVER' };
      }
    }
  };

  /** Whether the run must be turned round; undefined: nothing is left to do. */
  const forward = async (): Promise<true | undefined> => {
    for (const step of definition.steps) {
      if (!step.call || script.done.includes(step.name)) continue;
      const outcome = await persist(step.name, () => effects.attempt(script, step, context));
      if (outcome.kind === 'OVER') return undefined;
      if (outcome.kind !== 'DONE') return true;
      context.results[step.name] = outcome.kept;
    }
    return undefined;
  };

  if (script.phase === 'FORWARD' && !(await forward())) return;
  const { over, steps } = await durable.step('turn round', () => effects.turnRound(script));
  if (over) return;
  for (const name of steps) {
    const step = definition.steps.find((candidate) => candidate.name === name)!;
    const outcome = await persist(`undo ${name}`, () => effects.attemptUndo(script, step, context));
    if (outcome.kind === 'OVER') return;
  }
  await durable.step('end', () => effects.endUndo(script));
}
