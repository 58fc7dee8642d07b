import { Length, Matches, Max, Min } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { PlanItemType, PlanReason } from '../router-plan/router-plan.type.ts';

export enum PlanApplyState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  STOPPING = 'STOPPING',
  STOPPED = 'STOPPED',
  CANCELLING = 'CANCELLING',
  CANCELLED = 'CANCELLED',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
}
registerEnumType(PlanApplyState, {
  name: 'PlanApplyState',
  description: 'Where the applying of a plan stands.',
  valuesConfig: {
    QUEUED: { description: 'It begins as soon as a process has the line to the router.' },
    RUNNING: { description: 'Steps are being done; `reason` says what it waits for when it does not get on. A process that dies is followed by another.' },
    STOPPING: { description: 'It comes to rest after the steps in hand.' },
    STOPPED: { description: 'At rest, by `stopApply` or because the router refused a step: `reason` says which. `resumeApply` goes on.' },
    CANCELLING: { description: 'It ends after the steps in hand.' },
    CANCELLED: { description: 'Ended by `cancelApply`. What was done stays done.' },
    SUCCEEDED: { description: 'Every step is done and read back, but for those that are no longer wanted.' },
    FAILED: { description: 'It has come to its end, and steps were refused: see them, and plan again.' },
  },
});

export enum PlanStepOutcome {
  DONE = 'DONE',
  SKIPPED = 'SKIPPED',
  REFUSED = 'REFUSED',
  FAILED = 'FAILED',
}
registerEnumType(PlanStepOutcome, {
  name: 'PlanStepOutcome',
  description: 'How a step ended.',
  valuesConfig: {
    DONE: { description: 'The router has it, proven by a read-back.' },
    SKIPPED: { description: 'Something else is wanted by now, or it was not asked for: nothing was written.' },
    REFUSED: { description: 'The row is another than when the plan was made: nothing was written.' },
    FAILED: { description: 'The router refused it, or shows something else than it was told.' },
  },
});

@ObjectType('PlanApplyStep', { description: 'One step of a plan, and how it ended.', simpleResolvers: true })
export class PlanStepType {
  @Field(() => ID, { description: 'UUID of the plan\'s item.' })
  id!: string;

  @Field(() => PlanItemType, { description: 'What it is to do.' })
  item!: PlanItemType;

  @Field(() => PlanStepOutcome, { nullable: true, description: 'How it ended; null: not yet.' })
  outcome!: PlanStepOutcome | null;

  @Field(() => PlanReason, { nullable: true, description: 'Why it is not done; null when it is, or is still to come.' })
  reason!: PlanReason | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  at!: Date | null;
}

export const PlanStepConnection = connectionType(PlanStepType, 'PlanApplyStep');

@InputType('PlanApplyStepFilter', { description: 'Which steps.' })
export class PlanStepFilter {
  @Field(() => [PlanStepOutcome], { nullable: true, description: 'Ended so.' })
  outcomeIn?: PlanStepOutcome[] | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only those still to come; false: only those that have ended.' })
  waiting?: boolean | null;
}

@ObjectType('PlanApply', { description: 'A plan of a router that is being applied, or was.', simpleResolvers: true })
export class PlanApplyType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => PlanApplyState, { description: 'Where it stands.' })
  state!: PlanApplyState;

  @Field(() => PlanReason, { nullable: true, description: 'What it waits for, why it has stopped, or why it failed.' })
  reason!: PlanReason | null;

  @Field(() => Int, { description: 'How many steps there are.' })
  total!: number;

  @Field(() => Int, { description: 'How many are done and read back.' })
  done!: number;

  @Field(() => Int, { description: 'How many were no longer wanted.' })
  skipped!: number;

  @Field(() => Int, { description: 'How many met another row than the plan had seen.' })
  refused!: number;

  @Field(() => Int, { description: 'How many the router has refused.' })
  failed!: number;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the first step was begun; null before.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it came to its end; null before.' })
  finishedAt!: Date | null;
}

export const PlanApplyConnection = connectionType(PlanApplyType, 'PlanApply');

@InputType('PlanApplyFilter', { description: 'Which ones; all given conditions must hold.' })
export class PlanApplyFilter {
  @Field(() => ID, { nullable: true, description: 'Of this router.' })
  routerId?: string | null;

  @Field(() => [PlanApplyState], { nullable: true, description: 'In one of these states.' })
  stateIn?: PlanApplyState[] | null;
}

/** The values are the sorted rows' properties. */
export enum PlanApplyOrderField {
  CREATED_AT = 'createdAt',
}
registerEnumType(PlanApplyOrderField, { name: 'PlanApplyOrderField', description: 'What they are sorted by.' });

@InputType('PlanApplyOrder', { description: 'How they are sorted.' })
export class PlanApplyOrder {
  @Field(() => PlanApplyOrderField, { description: 'By what.' })
  field!: PlanApplyOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('ApplyPlanInput', { description: 'Which plan, and how far it may go.' })
export class ApplyPlanInput {
  @Field(() => String, { description: 'The plan\'s hash: of several plans with the same one the newest. Unknown: NOT_FOUND.' })
  @Matches(/^[\w-]{1,64}$/, { message: 'hash must have 1 to 64 letters, digits, hyphens or underscores.' })
  hash!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'Also end the sessions that the plan names, 20 a second. Otherwise they run on until they are dialled anew.' })
  kickSessions!: boolean;

  @Field(() => Int, { nullable: true, description: 'Another limit of rows that are added, changed and moved than the plan\'s: 0 to 1000000.' })
  @Min(0)
  @Max(1_000_000)
  maxChanges?: number | null;

  @Field(() => Int, { nullable: true, description: 'The same for rows that are removed.' })
  @Min(0)
  @Max(1_000_000)
  maxRemovals?: number | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the same result; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('StopApplyInput', { description: 'Which one to stop.' })
export class StopApplyInput {
  @Field(() => ID, { description: 'UUID. Unknown: NOT_FOUND.' })
  id!: string;
}

@InputType('ResumeApplyInput', { description: 'Which one to go on with.' })
export class ResumeApplyInput {
  @Field(() => ID, { description: 'UUID. Unknown: NOT_FOUND.' })
  id!: string;
}

@InputType('CancelApplyInput', { description: 'Which one to end.' })
export class CancelApplyInput {
  @Field(() => ID, { description: 'UUID. Unknown: NOT_FOUND.' })
  id!: string;
}

@ObjectType('PlanApplyPayload', { description: 'The applying of a plan.', simpleResolvers: true })
export class PlanApplyPayload {
  @Field(() => PlanApplyType, { description: 'As it stands now.' })
  apply!: PlanApplyType;
}
