import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { DesiredMenu } from '../desired-row/desired-row.ts';
import type { ProvenWish } from '../desired-row/desired-row.store.ts';
import type { RouterPort } from '../routeros/ensure-row.ts';
import type { Attributes } from '../routeros/session.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import type { Pace } from './pace.ts';
import type { PlanApply, StepEnd } from './plan-apply.ts';
import { PlanStepOutcome } from './plan-apply.type.ts';

/** What a step comes to once its row has been read: an end, or something to send. */
export type Judgement = { end: Verdict } | { command: 'add' | 'set' | 'move' | 'remove'; attributes: Attributes };
export type Verdict = Omit<StepEnd, 'itemId'>;

/** What became of what was sent. */
export type Sent = 'ANSWERED' | 'REFUSED' | 'UNKNOWN';

/** A secret that the router is now known to have, and the password that it has. */
export interface AppliedSecret {
  serviceId: string;
  intent: number;
  fingerprint: string;
  name: string;
}

/** Wished rows of one menu that the router is now known to have, or not to have any more. */
export interface ProvenRows {
  menu: DesiredMenu;
  applied: readonly ProvenWish[];
  /** By the ids of what was wished for. */
  gone: readonly string[];
}

/** Steps of one kind: read together, judged and sent one by one, read back together. */
export interface StepKind {
  menu: string;
  /** Reads what is needed to judge; `names` of rows to read. Called again for the read-back. */
  look(port: RouterPort): Promise<void>;
  judge(item: PlanItem): Judgement | Promise<Judgement>;
  /** Before the first one is sent; answers those that are not to be sent after all. */
  note?(items: readonly PlanItem[]): Promise<Map<PlanItem, Verdict>>;
  /** Each is sent when the one before was answered: where one is put depends on the others. */
  inOrder?: boolean;
  /** A slower pace than that of all commands. */
  pace?: Pace;
  /** Null: it cannot be told; the step is judged anew. */
  verify(item: PlanItem, sent: Sent): Verdict | null;
  /** The router carries it out a moment after it has answered: how often to look. */
  looks?: number;
  /** Secrets whose password is proven. */
  applied?(): AppliedSecret[];
  /** Of a menu of wished rows: which of them are proven. */
  rows?(): ProvenRows;
}

/** What all kinds of steps work with. */
export interface StepContext extends Pick<SubgraphKit, 'db' | 'secretBox'> {
  apply: Pick<PlanApply, 'tenantId' | 'routerId' | 'planId'>;
  version: string | null;
  /** For every read. */
  limits: () => { timeoutMs: number };
}

export const done: Verdict = { outcome: PlanStepOutcome.DONE, reason: null };
export const refusedStep = (code: string, message: string): Verdict => ({ outcome: PlanStepOutcome.REFUSED, reason: { code, message } });
export const failedStep = (code: string, message: string): Verdict => ({ outcome: PlanStepOutcome.FAILED, reason: { code, message } });
export const stale = (): Verdict => refusedStep('NETWORK_PLAN_STALE', 'The row is another than when the plan was made.');
export const overtaken = (): Verdict => ({ outcome: PlanStepOutcome.SKIPPED, reason: { code: 'NETWORK_OVERTAKEN', message: 'Something else is wanted by now.' } });
