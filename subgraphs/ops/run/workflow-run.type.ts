import { IsUUID } from 'class-validator';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeFilter, OrderDirection } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum WorkflowKind {
  ONBOARD_CUSTOMER = 'ONBOARD_CUSTOMER',
  SUSPEND_SERVICE = 'SUSPEND_SERVICE',
  RESUME_SERVICE = 'RESUME_SERVICE',
  CHANGE_PLAN = 'CHANGE_PLAN',
  MOVE_SERVICE = 'MOVE_SERVICE',
  TERMINATE_SERVICE = 'TERMINATE_SERVICE',
  RESET_PPP_PASSWORD = 'RESET_PPP_PASSWORD',
  SET_STATIC_ADDRESS = 'SET_STATIC_ADDRESS',
  LOCK_CALLER_ID = 'LOCK_CALLER_ID',
  RESET_CALLER_ID = 'RESET_CALLER_ID',
  CHANGE_SUBSCRIBER = 'CHANGE_SUBSCRIBER',
  OFFBOARD_CUSTOMER = 'OFFBOARD_CUSTOMER',
  IMPORT_SUBSCRIBER = 'IMPORT_SUBSCRIBER',
  ADOPT_SECRET = 'ADOPT_SECRET',
}
registerEnumType(WorkflowKind, {
  name: 'WorkflowKind',
  description: 'What a run does.',
  valuesConfig: {
    ONBOARD_CUSTOMER: { description: 'Makes a customer and a service and brings the service up on its router.' },
    SUSPEND_SERVICE: { description: 'Disables the secret of a service and cuts its session.' },
    RESUME_SERVICE: { description: 'Enables the secret of a suspended service.' },
    CHANGE_PLAN: { description: 'Gives a service another plan and renews its session.' },
    MOVE_SERVICE: { description: 'Brings a service up on another router, then takes it off the former.' },
    TERMINATE_SERVICE: { description: 'Ends a service and removes it from its router.' },
    RESET_PPP_PASSWORD: { description: 'Gives a service another PPP password.' },
    SET_STATIC_ADDRESS: { description: 'Gives the subscriber of a service an address that is always his, or one of the pool again.' },
    LOCK_CALLER_ID: { description: 'Lets one device alone dial for a service.' },
    RESET_CALLER_ID: { description: 'Lets any device dial for a service again.' },
    CHANGE_SUBSCRIBER: { description: 'Gives a subscriber another plan or other PPP credentials.' },
    IMPORT_SUBSCRIBER: { description: 'Makes a customer and a service of a PPP secret that was there before, as part of an import.' },
    ADOPT_SECRET: { description: 'Takes over a PPP secret that somebody else has made.' },
    OFFBOARD_CUSTOMER: { description: 'Closes a customer, ends his services and removes them from their routers.' },
  },
});

export enum WorkflowRunState {
  RUNNING = 'RUNNING',
  WAITING = 'WAITING',
  SUCCEEDED = 'SUCCEEDED',
  UNDOING = 'UNDOING',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
  SUPERSEDED = 'SUPERSEDED',
}
registerEnumType(WorkflowRunState, {
  name: 'WorkflowRunState',
  description: 'Where a run stands.',
  valuesConfig: {
    RUNNING: { description: 'A step is being done.' },
    WAITING: { description: 'A step could not be done yet and is tried again; its `error` says why, `nextAttemptAt` when.' },
    SUCCEEDED: { description: 'Every step is done.' },
    UNDOING: { description: 'A step was refused, or the run was cancelled: what had been done is being taken back.' },
    FAILED: { description: 'A step was refused and everything has been taken back.' },
    CANCELLED: { description: 'It was cancelled, and everything that has a way back has been taken back.' },
    SUPERSEDED: { description: 'A newer run (`supersededBy`) took its place before the router had followed. What it had done stays.' },
  },
});

export enum WorkflowStepState {
  PENDING = 'PENDING',
  RUNNING = 'RUNNING',
  WAITING = 'WAITING',
  DONE = 'DONE',
  FAILED = 'FAILED',
  UNDONE = 'UNDONE',
  SKIPPED = 'SKIPPED',
}
registerEnumType(WorkflowStepState, {
  name: 'WorkflowStepState',
  description: 'Where a step stands.',
  valuesConfig: {
    PENDING: { description: 'Its turn has not come.' },
    RUNNING: { description: 'It is being done for the first time.' },
    WAITING: { description: 'It (or its taking back) could not be done yet and is tried again.' },
    DONE: { description: 'It is done.' },
    FAILED: { description: 'It was refused.' },
    UNDONE: { description: 'It was done, or may have been, and is taken back.' },
    SKIPPED: { description: 'The run ended before it was done: it turned round, was cancelled, or a newer one took its place.' },
  },
});

@ObjectType('WorkflowError', { description: 'Why a step waits or failed.', simpleResolvers: true })
export class WorkflowErrorType {
  @Field(() => String, { description: 'Machine-readable, e.g. `NETWORK_ROUTER_UNREACHABLE`, `VALIDATION_ERROR`, `TIMEOUT`.' })
  code!: string;

  @Field(() => String, { description: 'For people.' })
  message!: string;
}

@ObjectType('WorkflowStep', { description: 'One step of a run.', simpleResolvers: true })
export class WorkflowStepType {
  @Field(() => String, { description: 'Unique within the run, e.g. `profile`.' })
  name!: string;

  @Field(() => WorkflowStepState, { description: 'Where it stands.' })
  state!: WorkflowStepState;

  @Field(() => WorkflowErrorType, { nullable: true, description: 'Why it waits or failed; null when it does neither.' })
  error!: WorkflowErrorType | null;

  @Field(() => Int, { description: 'How often it was tried, its taking back included.' })
  attempts!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was first tried.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was done or refused.' })
  finishedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it is tried again; null when it does not wait.' })
  nextAttemptAt!: Date | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Customer', { simpleResolvers: true })
export class CustomerRef {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Service', { simpleResolvers: true })
export class ServiceRef {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('WorkflowRun', { description: 'One run of a durable workflow: it goes on through crashes and restarts until it has ended.', simpleResolvers: true })
export class WorkflowRunType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => WorkflowKind, { description: 'What it does.' })
  kind!: WorkflowKind;

  @Field(() => WorkflowRunState, { description: 'Where it stands.' })
  state!: WorkflowRunState;

  @Field(() => [WorkflowStepType], { description: 'Its steps, in order.' })
  steps!: WorkflowStepType[];

  @Field(() => WorkflowErrorType, { nullable: true, description: 'Why it was turned round; null when it was not refused.' })
  error!: WorkflowErrorType | null;

  @Field(() => ID, { nullable: true, description: 'The newer run that took its place; null unless it is SUPERSEDED.' })
  supersededBy!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: Date | null;

  @Field(() => CustomerRef, { nullable: true, description: 'The customer it is about; of an onboarding null until it is made, and after it was taken back.' })
  customer!: CustomerRef | null;

  @Field(() => ServiceRef, { nullable: true, description: 'The service it is about; of an onboarding null until it is made, and after it was taken back. Null for what concerns a customer as a whole.' })
  service!: ServiceRef | null;
}

export const WorkflowRunConnection = connectionType(WorkflowRunType, 'WorkflowRun');

@InputType('WorkflowRunFilter', { description: 'Which runs; all given conditions must hold.' })
export class WorkflowRunFilter {
  @Field(() => WorkflowRunState, { nullable: true, description: 'Where they stand.' })
  state?: WorkflowRunState | null;

  @Field(() => WorkflowKind, { nullable: true, description: 'What they do.' })
  kind?: WorkflowKind | null;

  @Field(() => ID, { nullable: true, description: 'Whose they are: UUID of a customer.' })
  @IsUUID('loose', { message: 'customerId must be a UUID.' })
  customerId?: string | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'When they began.' })
  createdAt?: DateTimeFilter | null;
}

export enum WorkflowRunOrderField {
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(WorkflowRunOrderField, {
  name: 'WorkflowRunOrderField',
  description: 'What runs are sorted by.',
  valuesConfig: { CREATED_AT: { description: 'When they began.' }, UPDATED_AT: { description: 'When they last changed.' } },
});

@InputType('WorkflowRunOrder', { description: 'How runs are sorted.' })
export class WorkflowRunOrder {
  @Field(() => WorkflowRunOrderField, { description: 'By what.' })
  field!: WorkflowRunOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('CancelRunInput', { description: 'A run to cancel.' })
export class CancelRunInput {
  @Field(() => ID, { description: 'Which run. Unknown: NOT_FOUND. Ended, or past its last step: CONFLICT.' })
  id!: string;
}

@InputType('RetryRunInput', { description: 'A run to try again.' })
export class RetryRunInput {
  @Field(() => ID, { description: 'Which run. Unknown: NOT_FOUND. Neither waiting nor failed, or not safe to start anew: CONFLICT.' })
  id!: string;
}

/** Answer of cancelRun and retryRun. */
@ObjectType('WorkflowRunPayload', { description: 'The run as it is now.', simpleResolvers: true })
export class WorkflowRunPayload {
  @Field(() => WorkflowRunType, { description: 'The run.' })
  run!: WorkflowRunType;
}
