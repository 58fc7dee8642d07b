import type { Clock } from '#kernel/clock.ts';
import type { SecretBox } from '#kernel/crypto/secret-box.ts';
import { makeDeadline } from '#kernel/deadline.ts';
import { conflict, DomainError, unavailable } from '#kernel/errors.ts';
import { inSagaFields } from '../engine/outcome.ts';
import type { SagaCall, SagaContext, StepError } from '../engine/saga-definition.ts';
import type { Caller, Sagas } from '../engine/sagas.ts';
import type { RunWatch } from './run-watch.ts';
import type { NextRun, Precedence, RunStore } from './workflow-run.store.ts';
import { hasEnded, stepOf, type WorkflowRun } from './workflow-run.ts';

/** How mutations begin runs: prepare, record, begin, wait for what they answer with. */
export interface RunStarter {
  /**
   * Begins a run and answers as soon as the steps that it is answered by are done, it has ended, or patience has: the run
   * goes on by itself either way. Null: `prepare` found nothing to do. The same idempotency key and input answers the first run.
   * @throws whatever `prepare` throws, and the refusal of a step that it is answered by: nothing is left behind then.
   * CONFLICT for a key that was used with another input, and when another run of the customer forbids it.
   */
  start(begin: BeginRun): Promise<WorkflowRun | null>;
  /** Asks the graph before the run exists. @throws its errors, by the mutation's own field paths. */
  ask<T>(caller: Caller, call: SagaCall, context: SagaContext, named: { fields?: Record<string, string>; notFound: string }): Promise<T>;
}

export interface BeginRun {
  caller: Caller;
  /** The mutation: keys are its own. */
  operation: string;
  idempotencyKey: string | null | undefined;
  /** All of the input; only a keyed hash of it is kept. */
  input: object;
  prepare: () => Promise<WorkflowRun | null>;
  /** For a run about a customer who exists: what it does with his live runs. */
  precedence?: (live: WorkflowRun) => Precedence;
}

export interface RunStarterOptions {
  sagas: Sagas;
  store: RunStore;
  watch: RunWatch;
  secretBox: Pick<SecretBox, 'fingerprint'>;
  clock: Clock;
  /** How long a mutation waits for what it answers with, in milliseconds. */
  patienceMs?: number;
}

/** How long a call may prepare its run before another one with the same key may take its place. */
const CLAIM_MS = 15_000;
const LOOK_MS = 50;
/** How long each call of the preparation may take: together with the patience, less than the gateway grants a subgraph. */
const PREPARE_MS = 2_500;
/** How long a run that will soon only wait for a router is waited for. */
const PRECEDENCE_MS = 2_000;

export function makeRunStarter({ sagas, store, watch, secretBox, clock, patienceMs = 4_000 }: RunStarterOptions): RunStarter {
  /** The run as soon as what answers the mutation is done, it has ended, or patience has. */
  async function settled(tenantId: string, runId: string, known?: WorkflowRun): Promise<WorkflowRun> {
    const patience = makeDeadline(patienceMs, 'The run goes on by itself.');
    let last: WorkflowRun | undefined;
    try {
      for await (const run of watch.follow(tenantId, runId, patience.signal, known)) {
        last = run;
        if (hasEnded(run) || answering(run).every((name) => stepOf(run, name).state === 'DONE')) break;
      }
    } finally {
      patience.clear();
    }
    if (!last) throw unavailable(`The run ${runId} could not be followed; look at it by its id.`);
    return last;
  }

  /** Takes the key for this run; else the run of the earlier call, once that is recorded. */
  async function claim(given: { tenantId: string; operation: string; key: string; fingerprint: string; runId: string }): Promise<string | null> {
    const giveUpAt = clock.now().getTime() + patienceMs;
    for (;;) {
      const held = await store.claim({ ...given, lapsesAt: new Date(clock.now().getTime() + CLAIM_MS) });
      if (held.mine) return null;
      if (held.fingerprint !== given.fingerprint) {
        throw conflict('This idempotency key has been used with another input.', [{ field: 'idempotencyKey', code: 'REUSED', message: 'idempotencyKey has been used with another input: take a new one.' }]);
      }
      if (await store.byId(given.tenantId, held.runId)) return held.runId;
      if (clock.now().getTime() > giveUpAt) throw unavailable('Another call with the same idempotency key is under way: repeat this one in a moment.');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Records the run; one that the customer's other runs hinder for a moment is tried again. */
  async function record(run: WorkflowRun, held: { operation: string; key: string } | null, precedence: BeginRun['precedence']): Promise<{ run: WorkflowRun; superseded: WorkflowRun[] }> {
    if (!precedence) {
      if (!(await store.create(run, held))) throw claimLost();
      return { run, superseded: [] };
    }
    for (let waited = 0; ; waited += LOOK_MS) {
      const next: NextRun = await store.createNext(run, held, precedence);
      if (next.outcome === 'CREATED') return next;
      if (next.outcome === 'CLAIM_LOST') throw claimLost();
      if (next.outcome === 'CONFLICT') throw conflict(next.message);
      if (waited >= PRECEDENCE_MS) throw conflict('Another change of this service is being written: try again in a moment.');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  return {
    async start({ caller, operation, idempotencyKey, input, prepare, precedence }) {
      sagas.assertStarted();
      const { tenantId, runId } = caller;
      const key = idempotencyKey ?? null;
      if (key !== null) {
        const fingerprint = secretBox.fingerprint(canonical(input), `tenant:${tenantId}:${operation}`);
        const earlier = await claim({ tenantId, operation, key, fingerprint, runId });
        if (earlier) return answer(await settled(tenantId, earlier));
      }
      const release = async () => {
        if (key !== null) await store.release({ tenantId, operation, key, runId });
      };
      let recorded: WorkflowRun;
      try {
        const prepared = await prepare();
        if (!prepared) {
          await release();
          return null;
        }
        const { run, superseded } = await record(prepared, key === null ? null : { operation, key }, precedence);
        sagas.release(superseded);
        recorded = run;
        await sagas.begin(run);
      } catch (error) {
        // Before the run was recorded: the key is free again. After it: the claim stays with the run, which is begun later.
        if (!(await store.byId(tenantId, runId))) await release();
        throw error;
      }
      const run = await settled(tenantId, runId, recorded);
      // The caller is told what to correct, and corrects it under the same key.
      if (refusedEarly(run)) await release();
      return answer(run);
    },

    async ask<T>(caller: Caller, call: SagaCall, context: SagaContext, { fields, notFound }: { fields?: Record<string, string>; notFound: string }): Promise<T> {
      const outcome = await sagas.call(caller, call, context, PREPARE_MS);
      if (outcome.kind === 'DONE') return outcome.data as T;
      if (outcome.kind === 'WAIT' && outcome.error.code !== 'INTERNAL_ERROR') throw unavailable(outcome.error.message);
      throw asDomainError(inSagaFields(named(outcome.error, notFound), fields));
    },
  };
}

/** The steps whose end the mutation waits for, and whose refusal is its own error. */
function answering({ definition }: WorkflowRun): string[] {
  return definition.steps.filter(({ rows }) => rows).map(({ name }) => name);
}

/** A run that was refused before it had written its rows is the mutation's error. */
function answer(run: WorkflowRun): WorkflowRun {
  if (refusedEarly(run)) throw asDomainError(run.error!);
  return run;
}

function refusedEarly(run: WorkflowRun): boolean {
  return run.error !== null && run.failedStep !== null && answering(run).includes(run.failedStep);
}

function claimLost(): DomainError {
  return unavailable('Preparing the run took too long, and another call with the same idempotency key has taken over: repeat the call to see its result.');
}

function asDomainError({ code, message, details }: StepError): DomainError {
  return new DomainError(code, message, { details });
}

/** NOT_FOUND with the field that named the unknown thing. */
function named(error: StepError, field: string): StepError {
  if (error.code !== 'NOT_FOUND' || error.details) return error;
  return { ...error, details: [{ field, code: 'UNKNOWN', message: error.message }] };
}

/** JSON with sorted keys; what is null counts as absent, as it does in the graph. */
function canonical(input: object): string {
  return JSON.stringify(input, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, field]) => field != null).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
