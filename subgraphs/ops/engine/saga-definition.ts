import type { ErrorDetail } from '#kernel/errors.ts';

/**
 * A saga as plain data: what is called in which order, and how each call is taken back. A run carries its definition by
 * value, so that a run which began before an upgrade ends the way it began. A new saga is a new definition; the
 * interpreter stays as it is.
 */
export interface SagaDefinition {
  /** The trade's name of it, e.g. `ONBOARD_CUSTOMER`. */
  kind: string;
  steps: SagaStep[];
  /** What the service principal of the steps may do, nothing more. */
  permissions: string[];
  /** When a failed run may be started anew with the same ids. Absent: always, because undo leaves nothing behind. */
  restart?: {
    /** Not once one of these steps was tried. */
    unlessTried: string[];
    /** Told to whoever asks in vain. */
    because: string;
  };
}

export interface SagaStep {
  /** Unique within the saga. */
  name: string;
  /** Absent: it was done before the run was recorded (what carries a secret must not pass through a run). */
  call?: SagaCall;
  /** Takes the step back. Must do nothing, successfully, where there is nothing to take back. */
  undo?: SagaCall;
  /** The name of an earlier step whose undo takes this one back too. */
  undoneWith?: string;
  /** The entity that exists once the step is done. */
  yields?: SagaEntity;
  /** From the moment its call leaves, the run can no longer be cancelled. */
  pointOfNoReturn?: boolean;
  /** From the moment its turn has come, the run is neither cancelled nor taken back: what it was for has been reached. */
  final?: boolean;
  /** Writes rows and asks no router: the mutation that begins the run answers once all of these are done. */
  rows?: boolean;
  /**
   * When the router refuses, it is asked again, visibly, until it does or somebody decides otherwise. For steps without a
   * way back: a suspension that a router refuses must not be taken for done, nor be given up.
   */
  insists?: boolean;
  /** Field paths of the call's input → of the input of the mutation that began the saga, for error details. */
  fields?: Record<string, string>;
}

/** Entities that a run is about and leads to. */
export type SagaEntity = 'customer' | 'service';

/** One operation against the supergraph. */
export interface SagaCall {
  /** The document, with exactly one operation. */
  document: string;
  /** Plain data; `{ $ref: 'ids.serviceId' }` stands for the value at that path of the context. */
  variables: Template;
  /** Path of `{ outcome, code, message }` in the data. Absent: an answer without errors means done. */
  outcome?: string;
  /** What later steps need of the answer: name → path in the data. Never a secret: it is stored in clear. */
  keep?: Record<string, string>;
}

export type Template = string | number | boolean | null | Template[] | { [key: string]: Template };

/** What templates are filled from. No secret is ever in here: it is stored in clear. */
export interface SagaContext {
  /** `after`: ids of runs that must be out of the way before the first call leaves. `intent`: number of the wish. */
  input: Record<string, unknown> & { after?: string[]; intent?: number };
  ids: Record<string, string>;
  /** By step name: what its call kept. */
  results: Record<string, Record<string, unknown>>;
}

/** Everything one generation of a run's workflow needs, by value: the input of the interpreter. */
export interface SagaScript {
  runId: string;
  tenantId: string;
  /** Whom the run acts for: the id of the user or key that began it. */
  onBehalfOf: string | null;
  /** Counts the workflows of one run: a restart, and each renewal of a long one, begins the next. */
  generation: number;
  phase: 'FORWARD' | 'UNDO';
  definition: SagaDefinition;
  context: SagaContext;
  /** Steps that need not be called again. */
  done: string[];
}

/** Why a step failed or waits. */
export interface StepError {
  code: string;
  message: string;
  details?: ErrorDetail[];
}
