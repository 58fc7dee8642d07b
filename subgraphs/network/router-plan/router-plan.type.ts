import { Length, Max, Min } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { StringFilter } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { ServiceRef } from '../ppp-session/ppp-session.type.ts';

export enum PlanMenu {
  POOL = 'POOL',
  PROFILE = 'PROFILE',
  SECRET = 'SECRET',
  QUEUE = 'QUEUE',
  SESSION = 'SESSION',
}
registerEnumType(PlanMenu, {
  name: 'RouterPlanMenu',
  description: 'Where on the router a row stands.',
  valuesConfig: {
    POOL: { description: '`/ip/pool`: what is wished for as `DesiredIpPool`.' },
    PROFILE: { description: '`/ppp/profile`.' },
    SECRET: { description: '`/ppp/secret`.' },
    QUEUE: { description: '`/queue/simple`: what is wished for as `DesiredQueue`.' },
    SESSION: { description: '`/ppp/active`.' },
  },
});

export enum PlanAction {
  ADD = 'ADD',
  CHANGE = 'CHANGE',
  MOVE = 'MOVE',
  REMOVE = 'REMOVE',
  KICK = 'KICK',
  CONFLICT = 'CONFLICT',
  UNOWNED = 'UNOWNED',
}
registerEnumType(PlanAction, {
  name: 'RouterPlanAction',
  description: 'What is to become of a row.',
  valuesConfig: {
    ADD: { description: 'It is missing and is made.' },
    CHANGE: { description: 'It differs; `fields` says in what.' },
    MOVE: { description: 'A queue of ours that does not stand in its order among ours: it is put before another one, `to` of the field `before` (null: behind all of ours). The fewest that will do; queues of others do not count.' },
    REMOVE: { description: 'It carries our mark, and nobody wants it any more.' },
    KICK: { description: 'A session that runs on what was before, or is not to run at all: it is ended, when the plan is applied with `kickSessions`.' },
    CONFLICT: { description: 'It cannot be brought into line by itself: `reason` says why. Never touched.' },
    UNOWNED: { description: 'It does not carry our mark. Reported, never touched.' },
  },
});

@ObjectType('RouterPlanField', { description: 'One property that differs.', simpleResolvers: true })
export class PlanFieldType {
  @Field(() => String, { description: 'As the router names it, e.g. `rate-limit`; of a MOVE `before`: the queue of ours that it stands before.' })
  field!: string;

  @Field(() => String, { nullable: true, description: 'What the router has; null: nothing, or a secret.' })
  from!: string | null;

  @Field(() => String, { nullable: true, description: 'What it is to have; null: nothing, or a secret.' })
  to!: string | null;

  @Field(() => Boolean, { description: 'It differs, and its values are never shown: a password.' })
  secret!: boolean;
}

@ObjectType('RouterPlanReason', { description: 'Why a row is left as it is, a session is to end, or a step was not done.', simpleResolvers: true })
export class PlanReason {
  @Field(() => String, { description: 'E.g. `NETWORK_FOREIGN_SECRET`; of a session `DISABLED`, `REMOVED`, `TERMS_CHANGED` or `CUT_DUE`.' })
  code!: string;

  @Field(() => String, { description: 'For people.' })
  message!: string;
}

@ObjectType('RouterPlanItem', { description: 'One difference between a router and what it is to have.', simpleResolvers: true })
export class PlanItemType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => PlanMenu, { description: 'Where.' })
  menu!: PlanMenu;

  @Field(() => PlanAction, { description: 'What is to become of it.' })
  action!: PlanAction;

  @Field(() => String, { description: 'Name of the row as the router has it; of a new one as it will be. Of a session: the PPP user.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The router\'s id of the row when it was read; null for a new one.' })
  rowId!: string | null;

  @Field(() => ServiceRef, { nullable: true, description: 'The service that the row is for, where it is one of ours.' })
  service!: ServiceRef | null;

  @Field(() => ID, { nullable: true, description: 'UUID of the DesiredIpPool or DesiredQueue that the row is for, or was for, where it is one of ours.' })
  desiredId!: string | null;

  @Field(() => [PlanFieldType], { description: 'The properties that differ; of a new row all that it is given.' })
  fields!: PlanFieldType[];

  @Field(() => PlanReason, { nullable: true, description: 'Why a row is left as it is, or a session is to end.' })
  reason!: PlanReason | null;

  @Field(() => Boolean, { description: 'The steps of a service\'s run are at this row at the moment, or what is wished for was never applied as it is now: it differs because nobody has come to the end of it. Counts as no drift.' })
  pending!: boolean;
}

export const PlanItemConnection = connectionType(PlanItemType, 'RouterPlanItem');

@InputType('RouterPlanItemFilter', { description: 'Which differences; all given conditions must hold.' })
export class PlanItemFilter {
  @Field(() => PlanMenu, { nullable: true, description: 'Where.' })
  menu?: PlanMenu | null;

  @Field(() => PlanAction, { nullable: true, description: 'What is to become of them.' })
  action?: PlanAction | null;

  @Field(() => StringFilter, { nullable: true, description: 'By name.' })
  name?: StringFilter | null;
}

@ObjectType('RouterPlanCounts', { description: 'How many differences of each kind.', simpleResolvers: true })
export class PlanCounts {
  @Field(() => Int, { description: 'Rows that are made.' })
  adds!: number;

  @Field(() => Int, { description: 'Rows that are changed.' })
  changes!: number;

  @Field(() => Int, { description: 'Queues that are put elsewhere.' })
  moves!: number;

  @Field(() => Int, { description: 'Rows that are removed.' })
  removals!: number;

  @Field(() => Int, { description: 'Sessions that run on what was before, or are not to run.' })
  kicks!: number;

  @Field(() => Int, { description: 'Rows that cannot be brought into line by themselves.' })
  conflicts!: number;

  @Field(() => Int, { description: 'Rows without our mark.' })
  unowned!: number;

  @Field(() => Int, { description: 'How many of all but the unowned ones are pending.' })
  pending!: number;
}

@ObjectType('RouterPlan', { description: 'What it takes to give a router what the database wishes for it, as it was read at one moment. Applying it is `applyPlan`; until then nothing is changed.', simpleResolvers: true })
export class RouterPlanType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Of what is to be done and of the rows as they were seen: the same router with the same differences has the same hash. Whoever approves a plan approves this.' })
  hash!: string;

  @Field(() => DateTimeScalar, { description: 'When the router was read.' })
  observedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'Until when it can be applied: 15 minutes after the reading.' })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'RouterOS version that was read; null when the router did not tell.' })
  routerVersion!: string | null;

  @Field(() => PlanCounts, { description: 'How many differences of each kind.' })
  counts!: PlanCounts;

  @Field(() => Int, { description: 'How many rows may be added, changed and moved at most.' })
  maxChanges!: number;

  @Field(() => Int, { description: 'How many rows may be removed at most.' })
  maxRemovals!: number;
}

/** What may be changed by one plan unless its maker says otherwise: a mistake in the database shall not reach every subscriber. */
export const DEFAULT_MAX_CHANGES = 1_000;
export const DEFAULT_MAX_REMOVALS = 50;
const LIMIT = 1_000_000;

@InputType('PlanRouterInput', { description: 'Which router to compare.' })
export class PlanRouterInput {
  @Field(() => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;

  @Field(() => Int, { defaultValue: DEFAULT_MAX_CHANGES, description: 'How many rows may be added, changed and moved at most when it is applied: 0 to 1000000. A plan with more is made, and refused by `applyPlan` unless that raises the limit.' })
  @Min(0)
  @Max(LIMIT)
  maxChanges!: number;

  @Field(() => Int, { defaultValue: DEFAULT_MAX_REMOVALS, description: 'The same for rows that are removed.' })
  @Min(0)
  @Max(LIMIT)
  maxRemovals!: number;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the plan that was made first; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@ObjectType('PlanRouterPayload', { description: 'The plan.', simpleResolvers: true })
export class PlanRouterPayload {
  @Field(() => RouterPlanType, { description: 'The plan; nothing has been changed.' })
  plan!: RouterPlanType;
}
