import { conflict, validationError, type ErrorDetail } from '#kernel/errors.ts';
import type { StepError } from '../engine/saga-definition.ts';
import type { FoundService } from '../lifecycle/lifecycle.ts';

export type BulkAction = 'SUSPEND' | 'RESUME' | 'CHANGE_PLAN' | 'MOVE';
export type BulkState = 'PREVIEWING' | 'PREVIEWED' | 'EXPIRED' | 'RUNNING' | 'STOPPED' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
export type BulkItemState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'SKIPPED';
export type SkippedBecause = 'ALREADY_SUSPENDED' | 'ALREADY_ACTIVE' | 'ALREADY_ON_PLAN' | 'ALREADY_ON_ROUTER' | 'NOT_IN_USE' | 'GONE' | 'SUPERSEDED' | 'RUN_CANCELLED' | 'CANCELLED';

/** Which services; all given conditions must hold. */
export interface BulkFilter {
  serviceIds?: string[] | null;
  customerIds?: string[] | null;
  planId?: string | null;
  routerId?: string | null;
  statuses?: Array<'ACTIVE' | 'SUSPENDED'> | null;
  billingDay?: number | null;
}

/** The same act for many services. */
export interface BulkJob {
  id: string;
  tenantId: string;
  action: BulkAction;
  state: BulkState;
  /** Rises with every change, that of an item too. */
  version: number;
  filter: BulkFilter;
  /** Of CHANGE_PLAN. */
  planId: string | null;
  /** Of MOVE: where to. */
  routerId: string | null;
  /** Of SUSPEND. */
  reason: string | null;
  /** How many services were found, whose sessions it would cut, and how many are as wished already; null until it is previewed. */
  itemCount: number | null;
  sessionsToCut: number | null;
  asWished: number | null;
  /** Why it could not be previewed. */
  error: StepError | null;
  requestedBy: string | null;
  startedBy: string | null;
  /** How many items may still begin before it stops by itself; null: all. */
  budget: number | null;
  pacedAt: Date | null;
  claimedBy: string | null;
  claimedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export interface BulkItem {
  id: string;
  tenantId: string;
  jobId: string;
  position: number;
  serviceId: string;
  heldBy: string | null;
  state: BulkItemState;
  skippedBecause: SkippedBecause | null;
  error: StepError | null;
  attempts: number;
  claimedBy: string | null;
  claimedAt: Date | null;
  nextAttemptAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** How far its items are. `waiting` are those of `running` whose run waits for something, e.g. a router. */
export interface BulkProgress {
  pending: number;
  running: number;
  waiting: number;
  succeeded: number;
  failed: number;
  skipped: number;
}

/** The most services one job is about. */
export const MAX_ITEMS = 20_000;
/** How long a preview may be started: what it has found grows old. */
export const PREVIEW_LASTS_MS = 60 * 60_000;
/** Items that begin within a second, at most. */
const ITEMS_PER_SECOND = 10;
/** What was not used of the pace is kept for so long. */
const BURST_MS = 1_000;
/** Items that are being done at a time; those that wait for a router are not counted. */
const WINDOW = 16;

/** What may be started, and by whom it has been. @throws CONFLICT */
export function start(job: BulkJob, { by, limit, now }: { by: string | null; limit: number | null; now: Date }): void {
  if (job.state === 'EXPIRED' || (job.state === 'PREVIEWED' && job.expiresAt! <= now)) throw conflict('The preview has expired: make a new one.');
  if (job.state !== 'PREVIEWED') throw conflict(`The job is ${job.state}: only one that is PREVIEWED can be started.`);
  Object.assign(job, { state: 'RUNNING', startedBy: by, startedAt: now, budget: limit });
}

/** No further item begins; those that have begun go on. @throws CONFLICT */
export function stop(job: BulkJob): void {
  if (job.state !== 'RUNNING') throw conflict(`The job is ${job.state}: only one that is RUNNING can be stopped.`);
  job.state = 'STOPPED';
}

/** @throws CONFLICT */
export function resume(job: BulkJob, limit: number | null): void {
  if (job.state !== 'STOPPED') throw conflict(`The job is ${job.state}: only one that is STOPPED can be resumed.`);
  Object.assign(job, { state: 'RUNNING', budget: limit });
}

/** Its pending items are skipped by the caller; those that have begun go on. @throws CONFLICT */
export function cancel(job: BulkJob): void {
  if (!['PREVIEWING', 'PREVIEWED', 'RUNNING', 'STOPPED'].includes(job.state)) throw conflict(`The job is ${job.state}: there is nothing to cancel.`);
  job.state = 'CANCELLED';
}

/** Nothing will happen to it any more. */
export function hasEnded({ finishedAt }: Pick<BulkJob, 'finishedAt'>): boolean {
  return finishedAt !== null;
}

/** How many items may begin now. */
export function mayBegin(job: Pick<BulkJob, 'pacedAt' | 'budget'>, { running, waiting }: Pick<BulkProgress, 'running' | 'waiting'>, now: Date): number {
  const byPace = Math.floor(((now.getTime() - pacedFrom(job, now)) * ITEMS_PER_SECOND) / 1_000);
  return Math.max(0, Math.min(byPace, WINDOW - (running - waiting)));
}

/** Up to when the pace is used up once so many have begun. */
export function pacedAfter(job: Pick<BulkJob, 'pacedAt'>, begun: number, now: Date): Date {
  return new Date(pacedFrom(job, now) + (begun * 1_000) / ITEMS_PER_SECOND);
}

function pacedFrom({ pacedAt }: Pick<BulkJob, 'pacedAt'>, now: Date): number {
  const earliest = now.getTime() - BURST_MS;
  return Math.min(now.getTime(), Math.max(earliest, pacedAt?.getTime() ?? earliest));
}

/** Where the job stands after a look at its items. */
export function settle(job: BulkJob, { pending, running }: Pick<BulkProgress, 'pending' | 'running'>, now: Date): void {
  if (pending + running === 0 && ['RUNNING', 'STOPPED', 'CANCELLED'].includes(job.state) && job.finishedAt === null) {
    Object.assign(job, { finishedAt: now, state: job.state === 'CANCELLED' ? 'CANCELLED' : 'COMPLETED' });
  } else if (job.state === 'RUNNING' && job.budget === 0 && pending > 0) {
    job.state = 'STOPPED';
  }
}

/** What of the job says how a service is wished. */
type Wish = Pick<BulkJob, 'action' | 'planId' | 'routerId'>;

/** Why nothing need, or can, be done for the service; null: it is to be done. */
export function whyNotDo({ action, planId, routerId }: Wish, service: Pick<FoundService, 'status' | 'plan' | 'planVersion'> & { access: { router: { id: string } | null } | null }): SkippedBecause | null {
  if (service.status === 'PENDING' || service.status === 'TERMINATED' || !service.access) return 'NOT_IN_USE';
  switch (action) {
    case 'SUSPEND':
      return service.status === 'SUSPENDED' ? 'ALREADY_SUSPENDED' : null;
    case 'RESUME':
      return service.status === 'ACTIVE' ? 'ALREADY_ACTIVE' : null;
    case 'CHANGE_PLAN':
      // A newer version of the same plan is another one.
      return service.plan.id === planId && service.planVersion === service.plan.version ? 'ALREADY_ON_PLAN' : null;
    case 'MOVE':
      return service.access.router?.id === routerId ? 'ALREADY_ON_ROUTER' : null;
  }
}

/** Whether the act ends the session that a service has. */
export function cutsSessions({ action }: Pick<Wish, 'action'>): boolean {
  return action !== 'RESUME';
}

/** @throws VALIDATION_ERROR for what the action needs and lacks, and for what it has no use for. */
export function checkOrder({ action, filter, planId, routerId, reason }: { action: BulkAction; filter: BulkFilter; planId?: string | null; routerId?: string | null; reason?: string | null }): void {
  const wrong: ErrorDetail[] = [];
  const only = (field: string, value: string | null | undefined, of: BulkAction, required: boolean) => {
    if (action === of && required && value == null) wrong.push({ field, code: 'REQUIRED', message: `${field} must be given for ${of}.` });
    if (action !== of && value != null) wrong.push({ field, code: 'NOT_ALLOWED', message: `${field} is for ${of} only.` });
  };
  only('planId', planId, 'CHANGE_PLAN', true);
  only('routerId', routerId, 'MOVE', true);
  only('reason', reason, 'SUSPEND', false);
  if (Object.values(filter).every((condition) => condition == null)) wrong.push({ field: 'filter', code: 'REQUIRED', message: 'filter must have one condition at least.' });
  if (wrong.length > 0) throw validationError(wrong);
}
