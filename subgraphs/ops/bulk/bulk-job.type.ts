import { ArrayMaxSize, IsInt, Length, Max, Min, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeFilter, OrderDirection } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { ServiceRef, WorkflowErrorType, WorkflowRunType } from '../run/workflow-run.type.ts';
import { MAX_ITEMS } from './bulk-job.ts';

export enum BulkAction {
  SUSPEND = 'SUSPEND',
  RESUME = 'RESUME',
  CHANGE_PLAN = 'CHANGE_PLAN',
  MOVE = 'MOVE',
}
registerEnumType(BulkAction, {
  name: 'BulkAction',
  description: 'What is done to each service of a bulk job; the same as the mutation for one.',
  valuesConfig: {
    SUSPEND: { description: 'As `suspendService`.' },
    RESUME: { description: 'As `resumeService`.' },
    CHANGE_PLAN: { description: 'As `changePlan`, to `planId`.' },
    MOVE: { description: 'As `moveService`, to `routerId`.' },
  },
});

export enum BulkJobState {
  PREVIEWING = 'PREVIEWING',
  PREVIEWED = 'PREVIEWED',
  EXPIRED = 'EXPIRED',
  RUNNING = 'RUNNING',
  STOPPED = 'STOPPED',
  COMPLETED = 'COMPLETED',
  CANCELLED = 'CANCELLED',
  FAILED = 'FAILED',
}
registerEnumType(BulkJobState, {
  name: 'BulkJobState',
  description: 'Where a bulk job stands.',
  valuesConfig: {
    PREVIEWING: { description: 'The services are being looked up.' },
    PREVIEWED: { description: 'The services are chosen, and stay so whatever changes. Nothing has been done to them.' },
    EXPIRED: { description: 'It was not started in time.' },
    RUNNING: { description: 'It goes through its items.' },
    STOPPED: { description: 'No further item begins until it is resumed; those that have begun go on.' },
    COMPLETED: { description: 'Every item has ended; each has its own outcome.' },
    CANCELLED: { description: 'No further item begins; those that had begun go on to their end (`finishedAt`).' },
    FAILED: { description: 'The services could not be looked up; `error` says why. Nothing was done.' },
  },
});

export enum BulkItemState {
  PENDING = 'PENDING',
  RUNNING = 'RUNNING',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  SKIPPED = 'SKIPPED',
}
registerEnumType(BulkItemState, {
  name: 'BulkItemState',
  description: 'What has become of one service of a bulk job.',
  valuesConfig: {
    PENDING: { description: 'Its turn has not come, or it could not be begun yet (`error`, `nextAttemptAt`).' },
    RUNNING: { description: 'Its run is under way, or waits for a router.' },
    SUCCEEDED: { description: 'Done, and proven on the router.' },
    FAILED: { description: 'Refused; `error` says why.' },
    SKIPPED: { description: 'Nothing was done for this job; `skippedBecause` says why.' },
  },
});

export enum BulkSkippedBecause {
  ALREADY_SUSPENDED = 'ALREADY_SUSPENDED',
  ALREADY_ACTIVE = 'ALREADY_ACTIVE',
  ALREADY_ON_PLAN = 'ALREADY_ON_PLAN',
  ALREADY_ON_ROUTER = 'ALREADY_ON_ROUTER',
  NOT_IN_USE = 'NOT_IN_USE',
  GONE = 'GONE',
  SUPERSEDED = 'SUPERSEDED',
  RUN_CANCELLED = 'RUN_CANCELLED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(BulkSkippedBecause, {
  name: 'BulkSkippedBecause',
  description: 'Why nothing was done to a service.',
  valuesConfig: {
    ALREADY_SUSPENDED: { description: 'It was suspended already.' },
    ALREADY_ACTIVE: { description: 'It was not suspended.' },
    ALREADY_ON_PLAN: { description: 'It had the plan, in its present version.' },
    ALREADY_ON_ROUTER: { description: 'It was on the router.' },
    NOT_IN_USE: { description: 'It is pending, has ended, or has no access on a router.' },
    GONE: { description: 'There is no such service any more.' },
    SUPERSEDED: { description: 'A newer change of the service took the place of its run.' },
    RUN_CANCELLED: { description: 'Somebody cancelled its run.' },
    CANCELLED: { description: 'The job was cancelled before its turn came.' },
  },
});

export enum BulkServiceStatus {
  ACTIVE = 'ACTIVE',
  SUSPENDED = 'SUSPENDED',
}
registerEnumType(BulkServiceStatus, {
  name: 'BulkServiceStatus',
  description: 'Where a service stands that is in use.',
  valuesConfig: { ACTIVE: { description: 'The subscriber may be online.' }, SUSPENDED: { description: 'Switched off for now.' } },
});

@InputType('BulkFilterInput', { description: 'Which services; all given conditions must hold, and there must be one at least. Only services that are in use are found.' })
export class BulkFilterInput {
  @Field(() => [ID], { nullable: true, description: 'These: at most 1000. Those that there are not are left out.' })
  @ArrayMaxSize(1000, { message: 'serviceIds must be at most 1000.' })
  serviceIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Those of these customers: at most 1000.' })
  @ArrayMaxSize(1000, { message: 'customerIds must be at most 1000.' })
  customerIds?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Those on this plan; its id or its code.' })
  @Length(1, 255, { message: 'filter.planId must be the id or the code of a plan.' })
  planId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those on this router.' })
  @Length(1, 255, { message: 'filter.routerId must be the id of a router.' })
  routerId?: string | null;

  @Field(() => [BulkServiceStatus], { nullable: true, description: 'Those that stand there; absent: both.' })
  @ArrayMaxSize(2, { message: 'statuses must be at most 2.' })
  statuses?: BulkServiceStatus[] | null;

  @Field(() => Int, { nullable: true, description: 'Those that are charged on this day of the month, 1 to 28.' })
  @IsInt()
  @Min(1, { message: 'billingDay must be 1 to 28.' })
  @Max(28, { message: 'billingDay must be 1 to 28.' })
  billingDay?: number | null;
}

@ObjectType('BulkFilter', { description: 'Which services a bulk job was asked for.', simpleResolvers: true })
export class BulkFilterType {
  @Field(() => [ID], { nullable: true, description: 'These.' })
  serviceIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Those of these customers.' })
  customerIds?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Those on this plan.' })
  planId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those on this router.' })
  routerId?: string | null;

  @Field(() => [BulkServiceStatus], { nullable: true, description: 'Those that stand there.' })
  statuses?: BulkServiceStatus[] | null;

  @Field(() => Int, { nullable: true, description: 'Those that are charged on this day of the month.' })
  billingDay?: number | null;
}

@ObjectType('BulkProgress', { description: 'How far the items of a bulk job are. `pending`, `running`, `succeeded`, `failed` and `skipped` add up to all.', simpleResolvers: true })
export class BulkProgressType {
  @Field(() => Int, { description: 'Their turn has not come.' })
  pending!: number;

  @Field(() => Int, { description: 'Their runs are under way.' })
  running!: number;

  @Field(() => Int, { description: 'Of those, how many wait for something, e.g. a router that is away.' })
  waiting!: number;

  @Field(() => Int, { description: 'Done and proven.' })
  succeeded!: number;

  @Field(() => Int, { description: 'Refused.' })
  failed!: number;

  @Field(() => Int, { description: 'Left out.' })
  skipped!: number;
}

@ObjectType('BulkJob', { description: 'The same act for many services: previewed, frozen, then done one by one at a pace that routers bear. It goes on through crashes and restarts.', simpleResolvers: true })
export class BulkJobType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => BulkAction, { description: 'What is done.' })
  action!: BulkAction;

  @Field(() => BulkJobState, { description: 'Where it stands.' })
  state!: BulkJobState;

  @Field(() => BulkFilterType, { description: 'Which services it was asked for.' })
  filter!: BulkFilterType;

  @Field(() => ID, { nullable: true, description: 'The plan they get; of CHANGE_PLAN.' })
  planId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The router they move to; of MOVE.' })
  routerId!: string | null;

  @Field(() => String, { nullable: true, description: 'Why they are suspended; of SUSPEND.' })
  reason!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many services were found; null until it is PREVIEWED.' })
  itemCount!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many live sessions would be cut, as known at the preview; null until then.' })
  sessionsToCut!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many services were at the preview as they are wished, so that nothing need be done; null until then.' })
  asWished!: number | null;

  @Field(() => WorkflowErrorType, { nullable: true, description: 'Why the services cannot be looked up (yet); null when nothing is wrong.' })
  error!: WorkflowErrorType | null;

  @Field(() => ID, { nullable: true, description: 'Who asked for the preview: a user or an API key.' })
  requestedBy!: string | null;

  @Field(() => ID, { nullable: true, description: 'Who started it; null until then.' })
  startedBy!: string | null;

  @Field(() => BulkProgressType, { description: 'How far its items are.' })
  progress!: BulkProgressType;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it can be started; null until it is PREVIEWED.' })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was started.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it came to its end: its last item ended, it expired, or it failed; null until then.' })
  finishedAt!: Date | null;
}

@ObjectType('BulkItem', { description: 'One service of a bulk job, and what has become of it.', simpleResolvers: true })
export class BulkItemType {
  @Field(() => ID, { description: 'UUID; its run has the same.' })
  id!: string;

  @Field(() => Int, { description: 'Its place in the job, from 1.' })
  position!: number;

  @Field(() => ServiceRef, { description: 'The service.' })
  service!: ServiceRef;

  @Field(() => BulkItemState, { description: 'What has become of it.' })
  state!: BulkItemState;

  @Field(() => BulkSkippedBecause, { nullable: true, description: 'Why it was left out; null unless it is SKIPPED.' })
  skippedBecause!: BulkSkippedBecause | null;

  @Field(() => WorkflowErrorType, { nullable: true, description: 'Why it was refused, or cannot be begun yet.' })
  error!: WorkflowErrorType | null;

  @Field(() => WorkflowRunType, { nullable: true, description: 'Its run; null until it has one.' })
  run!: WorkflowRunType | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its turn came.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  finishedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it is tried again; null unless it could not be begun.' })
  nextAttemptAt!: Date | null;
}

export const BulkJobConnection = connectionType(BulkJobType, 'BulkJob');
export const BulkItemConnection = connectionType(BulkItemType, 'BulkItem');

@InputType('BulkJobFilter', { description: 'Which bulk jobs; all given conditions must hold.' })
export class BulkJobFilter {
  @Field(() => BulkJobState, { nullable: true, description: 'Where they stand.' })
  state?: BulkJobState | null;

  @Field(() => BulkAction, { nullable: true, description: 'What they do.' })
  action?: BulkAction | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'When they were asked for.' })
  createdAt?: DateTimeFilter | null;
}

/** The values are the sorted rows' properties. */
export enum BulkJobOrderField {
  CREATED_AT = 'createdAt',
}
registerEnumType(BulkJobOrderField, { name: 'BulkJobOrderField', description: 'What bulk jobs are sorted by.', valuesConfig: { CREATED_AT: { description: 'When they were asked for.' } } });

@InputType('BulkJobOrder', { description: 'How bulk jobs are sorted.' })
export class BulkJobOrder {
  @Field(() => BulkJobOrderField, { description: 'By what.' })
  field!: BulkJobOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('BulkItemFilter', { description: 'Which items of a bulk job.' })
export class BulkItemFilter {
  @Field(() => BulkItemState, { nullable: true, description: 'What has become of them.' })
  state?: BulkItemState | null;
}

/** The values are the sorted rows' properties. */
export enum BulkItemOrderField {
  POSITION = 'position',
  FINISHED_AT = 'finishedAt',
}
registerEnumType(BulkItemOrderField, {
  name: 'BulkItemOrderField',
  description: 'What the items of a bulk job are sorted by.',
  valuesConfig: { POSITION: { description: 'Their place in the job.' }, FINISHED_AT: { description: 'When they ended.' } },
});

@InputType('BulkItemOrder', { description: 'How the items of a bulk job are sorted.' })
export class BulkItemOrder {
  @Field(() => BulkItemOrderField, { description: 'By what.' })
  field!: BulkItemOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('PreviewBulkInput', { description: 'An act, and the services that it is for.' })
export class PreviewBulkInput {
  @Field(() => BulkAction, { description: 'What is to be done.' })
  action!: BulkAction;

  @Field(() => BulkFilterInput, { description: `Which services: at most ${MAX_ITEMS}, else VALIDATION_ERROR \`filter\` TOO_MANY.` })
  @ValidateNested()
  filter!: BulkFilterInput;

  @Field(() => ID, { nullable: true, description: 'Of CHANGE_PLAN, and required there: id or code of the plan. Unknown: NOT_FOUND.' })
  @Length(1, 255, { message: 'planId must be the id or the code of a plan.' })
  planId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of MOVE, and required there: the router they move to. Unknown: NOT_FOUND.' })
  @Length(1, 255, { message: 'routerId must be the id of a router.' })
  routerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Of SUSPEND: why, 1 to 200 characters. Default `MANUAL`.' })
  @Length(1, 200, { message: 'reason must have 1 to 200 characters.' })
  reason?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the first job; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('StartBulkInput', { description: 'A previewed job to start.' })
export class StartBulkInput {
  @Field(() => ID, { description: 'Which job. Unknown: NOT_FOUND. Not PREVIEWED, or expired: CONFLICT.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Begin with so many services only, then stop: the rest waits for `resumeBulk`. Absent: all.' })
  @IsInt()
  @Min(1, { message: 'limit must be 1 or more.' })
  limit?: number | null;
}

@InputType('StopBulkInput', { description: 'A running job to stop.' })
export class StopBulkInput {
  @Field(() => ID, { description: 'Which job. Unknown: NOT_FOUND. Not RUNNING: CONFLICT.' })
  id!: string;
}

@InputType('ResumeBulkInput', { description: 'A stopped job to go on with.' })
export class ResumeBulkInput {
  @Field(() => ID, { description: 'Which job. Unknown: NOT_FOUND. Not STOPPED: CONFLICT.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Begin with so many further services only, then stop again. Absent: all.' })
  @IsInt()
  @Min(1, { message: 'limit must be 1 or more.' })
  limit?: number | null;
}

@InputType('CancelBulkInput', { description: 'A job to cancel.' })
export class CancelBulkInput {
  @Field(() => ID, { description: 'Which job. Unknown: NOT_FOUND. Ended: CONFLICT.' })
  id!: string;
}

@ObjectType('BulkJobPayload', { description: 'The job as it is now.', simpleResolvers: true })
export class BulkJobPayload {
  @Field(() => BulkJobType, { description: 'The job.' })
  job!: BulkJobType;
}
