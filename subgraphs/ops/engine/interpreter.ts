import type { SagaScript, SagaStep } from './saga-definition.ts';

/** What came of one attempt, as the interpreter needs it. */
export type Outcome =
  | { kind: 'DONE'; kept: Record<string, unknown> }
  | { kind: 'WAIT'; pauseMs: number }
  /** Refused: what was done is to be taken back. */
  | { kind: 'REFUSED' }
  /** Somebody has cancelled the run. */
  | { kind: 'CANCELLED' }
  /** The run has ended, or another generation carries it on: nothing is left to do here. */
  | { kind: 'OVER' };

/**
 * The effects. Each records in the run what came of it before it answers, and is idempotent: the one in flight when the
 * process dies is done again, and one that is recorded as done is not called again.
 */
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
  /** Until the time is over or the run is woken. */
  pause(ms: number): Promise<void>;
  /** Begins the workflow of another generation. */
  begin(script: SagaScript): Promise<void>;
}

/** Attempts after which a workflow hands over to a fresh one, so that a router that is away for weeks does not grow its history without end. */
const ATTEMPTS_PER_GENERATION = 200;

/**
 * The one workflow: reads any saga. What it has done stands in the record of the run and nowhere else, so it is never
 * replayed: taken up again after a crash (`resumed`) it hands over at once to a fresh generation, which begins from the record.
 */
export async function interpret(script: SagaScript, durable: Durable, effects: SagaEffects, { resumed = false, attemptsPerGeneration = ATTEMPTS_PER_GENERATION } = {}): Promise<void> {
  const { definition } = script;
  const context = { ...script.context, results: { ...script.context.results } };
  let attempts = 0;

  const handOver = async (): Promise<void> => {
    const next = await effects.renew(script);
    if (next) await durable.begin(next);
  };

  /** Tries until there is something else than waiting. */
  const persist = async (attempt: () => Promise<Outcome>): Promise<Outcome> => {
    for (;;) {
      const outcome = await attempt();
      if (outcome.kind !== 'WAIT') return outcome;
      await durable.pause(outcome.pauseMs);
      attempts += 1;
      if (attempts >= attemptsPerGeneration) {
        await handOver();
        return { kind: 'OVER' };
      }
    }
  };

  /** Whether the run must be turned round; undefined: nothing is left to do. */
  const forward = async (): Promise<true | undefined> => {
    for (const step of definition.steps) {
      if (!step.call || script.done.includes(step.name)) continue;
      const outcome = await persist(() => effects.attempt(script, step, context));
      if (outcome.kind === 'OVER') return undefined;
      if (outcome.kind !== 'DONE') return true;
      context.results[step.name] = outcome.kept;
    }
    return undefined;
  };

  if (resumed) return handOver();
  if (script.phase === 'FORWARD' && !(await forward())) return;
  const { over, steps } = await effects.turnRound(script);
  if (over) return;
  for (const name of steps) {
    const step = definition.steps.find((candidate) => candidate.name === name)!;
    const outcome = await persist(() => effects.attemptUndo(script, step, context));
    if (outcome.kind === 'OVER') return;
  }
  await effects.endUndo(script);
}
