import type { ExecutionResult, GraphQLError } from 'graphql';
import type { ErrorDetail } from '#kernel/errors.ts';
import type { SagaCall, StepError } from './saga-definition.ts';
import { valueAt } from './template.ts';

/** What came of one call. */
export type CallOutcome =
  | { kind: 'DONE'; kept: Record<string, unknown> }
  /** Nothing wrong with what was asked: the same call may succeed later. Whether it took effect is unknown. */
  | { kind: 'WAIT'; error: StepError }
  /** Asking again would be refused again. `byRouter`: the step was called well, and its own outcome says so. */
  | { kind: 'REFUSED'; error: StepError; byRouter?: boolean };

/**
 * Codes after which asking again is pointless. Everything else waits: a router that is away, a subgraph that restarts, a
 * database that is gone for a moment (which arrives as a masked INTERNAL_ERROR), a code nobody knew yet.
 */
export const REFUSALS: ReadonlySet<string> = new Set(['VALIDATION_ERROR', 'CONFLICT', 'NOT_FOUND', 'FORBIDDEN']);

/** What the answer to a call means. */
export function readOutcome(call: SagaCall, result: ExecutionResult): CallOutcome {
  const [error] = result.errors ?? [];
  if (error) {
    const code = typeof error.extensions?.code === 'string' ? error.extensions.code : 'INTERNAL_ERROR';
    const details = error.extensions?.details as ErrorDetail[] | undefined;
    return { kind: REFUSALS.has(code) ? 'REFUSED' : 'WAIT', error: { code, message: error.message, ...(details?.length ? { details } : {}) } };
  }
  if (!result.data) return { kind: 'WAIT', error: { code: 'UNAVAILABLE', message: 'The answer was empty.' } };
  if (call.outcome !== undefined) {
    const answer = valueAt(result.data, call.outcome) as { outcome?: string; code?: string | null; message?: string | null } | null | undefined;
    const fault = { code: answer?.code ?? 'UNAVAILABLE', message: answer?.message ?? 'It could not be done yet.' };
    if (answer?.outcome === 'REJECTED') return { kind: 'REFUSED', error: { ...fault, code: answer.code ?? 'REJECTED' }, byRouter: true };
    if (answer?.outcome !== 'DONE') return { kind: 'WAIT', error: fault };
  }
  const kept = Object.entries(call.keep ?? {}).map(([name, path]) => [name, valueAt(result.data, path)] as const);
  return { kind: 'DONE', kept: Object.fromEntries(kept) };
}

/** The outcome of a call that got no answer. */
export function readFailure(error: unknown): CallOutcome {
  const { name, extensions } = error as { name?: string; extensions?: { code?: unknown } };
  if (name === 'TimeoutError' || name === 'AbortError') {
    return { kind: 'WAIT', error: { code: 'TIMEOUT', message: 'There was no answer in time. What was asked may or may not have been done; it is asked again.' } };
  }
  // Own errors say what is out of reach; those of the network stack may name addresses and are not for everybody.
  if (typeof extensions?.code === 'string') return readOutcome({ document: '', variables: {} }, { errors: [error as GraphQLError] });
  return { kind: 'WAIT', error: { code: 'UNAVAILABLE', message: 'The graph is out of reach.' } };
}

/** Error details with the field paths of the saga's own input in place of the step's. */
export function inSagaFields(error: StepError, fields: Record<string, string> | undefined): StepError {
  if (!error.details) return error;
  const details = error.details.map((detail) => {
    const field = detail.field.replace(/^input\./, '');
    const own = fields?.[field] ?? field;
    return { ...detail, field: own, message: detail.message.replaceAll(detail.field, own) };
  });
  return { ...error, details, message: error.details.length === 1 && error.message === error.details[0]!.message ? details[0]!.message : error.message };
}

/** Longest and shortest pause between attempts, in milliseconds. */
export interface BackOff {
  firstMs: number;
  longestMs: number;
}

/**
 * The pause after an attempt: doubling, with a jitter of a quarter either way, so that the runs that a router's outage has
 * stopped do not all come back at once.
 */
export function pauseAfter(attempts: number, backOff: BackOff, random: () => number): number {
  const base = Math.min(backOff.longestMs, backOff.firstMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(base * (0.75 + random() / 2));
}
