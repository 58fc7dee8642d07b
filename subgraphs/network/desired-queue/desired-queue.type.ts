import { Length } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { desiredRowFilterType } from '../desired-row/desired-row.type.ts';

@ObjectType('DesiredQueue', { description: 'A simple queue that a router is to have, as Headend looks after it. Pairs are upload/download, seen from the target. The router follows when a plan is applied (`planRouter`, `applyPlan`); `simpleQueues` shows what it has.', simpleResolvers: true })
export class DesiredQueueType {
  @Field(() => ID, { description: 'UUID; stands in the mark on the router.' })
  id!: string;

  @Field(() => Int, { description: 'Place among the desired queues of its router: smaller stands first. There are gaps; queues of others do not count.' })
  position!: number;

  @Field(() => String, { description: 'Name.' })
  name!: string;

  @Field(() => String, { description: 'To whom it applies: addresses with their masks or names of interfaces, with commas, e.g. `10.0.0.50/32`.' })
  target!: string;

  @Field(() => String, { nullable: true, description: 'To which destinations alone; null: to all.' })
  dst!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the queue that this one shares the bandwidth of.' })
  parent!: string | null;

  @Field(() => String, { nullable: true, description: 'Packet marks that it applies to, with commas; null: all.' })
  packetMarks!: string | null;

  @Field(() => String, { description: '1 (first) to 8 (last), e.g. `8/8`.' })
  priority!: string;

  @Field(() => String, { description: 'Kinds of queue, e.g. `default-small/default-small`.' })
  queueType!: string;

  @Field(() => String, { nullable: true, description: 'Guaranteed bits per second, e.g. `5M/5M`. Null: none.' })
  limitAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Most bits per second, e.g. `10M/50M`; 0 on one side: no limit there. Null: no limit.' })
  maxLimit!: string | null;

  @Field(() => String, { nullable: true, description: 'Bits per second that may be reached for a moment. Null: none.' })
  burstLimit!: string | null;

  @Field(() => String, { nullable: true, description: 'Mean bits per second below which bursts are allowed. Null: none.' })
  burstThreshold!: string | null;

  @Field(() => String, { nullable: true, description: 'Time over which the mean is taken, e.g. `8s/8s`. Null: none.' })
  burstTime!: string | null;

  @Field(() => Boolean, { description: 'Whether it is switched off.' })
  disabled!: boolean;

  @Field(() => String, { nullable: true, description: 'What people wrote beside it: stands behind our mark in the row\'s comment.' })
  note!: string | null;

  @Field(() => Boolean, { description: 'Whether the row was on the router before and was taken over.' })
  adopted!: boolean;

  @Field(() => Boolean, { description: 'Whether the router has not yet been proven to have it as it is wished for now: apply a plan.' })
  pending!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the router was last proven to have what was wished for then; null: never.' })
  appliedAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was first wished for, or taken over.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the wish last changed.' })
  updatedAt!: Date;
}

export const DesiredQueueConnection = connectionType(DesiredQueueType, 'DesiredQueue');
export const DesiredQueueFilter = desiredRowFilterType('DesiredQueue');

/** The values are the sorted rows' properties. */
export enum DesiredQueueOrderField {
  POSITION = 'position',
  NAME = 'name',
  CREATED_AT = 'createdAt',
}
registerEnumType(DesiredQueueOrderField, { name: 'DesiredQueueOrderField', description: 'What desired queues are sorted by.' });

@InputType('DesiredQueueOrder', { description: 'How desired queues are sorted.' })
export class DesiredQueueOrder {
  @Field(() => DesiredQueueOrderField, { description: 'By what.' })
  field!: DesiredQueueOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('CreateDesiredQueueInput', { description: 'A simple queue that a router is to have. It stands behind all others that are wished for there.' })
export class CreateDesiredQueueInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;

  @Field(() => String, { description: 'Name. Wished for on this router already: CONFLICT.' })
  name!: string;

  @Field(() => String, { description: 'To whom it applies: addresses with their masks or names of interfaces, with commas, e.g. `10.0.0.50/32`. A lone address means `/32`.' })
  target!: string;

  @Field(() => String, { nullable: true, description: 'To which destinations alone; null or empty: to all.' })
  dst?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the queue that this one shares the bandwidth of; empty: none. It need not be there yet; leading back to this one: VALIDATION_ERROR.' })
  parent?: string | null;

  @Field(() => String, { nullable: true, description: 'Packet marks that it applies to, with commas; empty: all.' })
  packetMarks?: string | null;

  @Field(() => String, { nullable: true, description: '1 (first) to 8 (last), or a pair upload/download, e.g. `1/8`. Default: `8/8`.' })
  priority?: string | null;

  @Field(() => String, { nullable: true, description: 'Kinds of queue, upload/download; one name stands for both. Default: `default-small/default-small`.' })
  queueType?: string | null;

  @Field(() => String, { nullable: true, description: 'Guaranteed bits per second, upload/download; empty: none. More than `maxLimit`: VALIDATION_ERROR.' })
  limitAt?: string | null;

  @Field(() => String, { nullable: true, description: 'Most bits per second, upload/download, as digits with k, M or G, e.g. `10M/50M`; one number stands for both. Empty: no limit.' })
  maxLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Bits per second that may be reached for a moment, upload/download; empty: none.' })
  burstLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Mean bits per second below which bursts are allowed, upload/download; empty: none.' })
  burstThreshold?: string | null;

  @Field(() => String, { nullable: true, description: 'Time over which the mean is taken, upload/download, e.g. `8s/8s`; empty: none.' })
  burstTime?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is switched off.' })
  disabled?: boolean | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it.' })
  note?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the row that was made first; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('UpdateDesiredQueueInput', { description: 'Changes of what is wished for. What is absent or null stays; an empty text unsets.' })
export class UpdateDesiredQueueInput {
  @Field(() => ID, { description: 'UUID. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name; desired queues below it follow. Wished for on this router already: CONFLICT.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'To whom it applies: addresses with their masks or names of interfaces, with commas, e.g. `10.0.0.50/32`. A lone address means `/32`.' })
  target?: string | null;

  @Field(() => String, { nullable: true, description: 'To which destinations alone; null or empty: to all.' })
  dst?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the queue that this one shares the bandwidth of; empty: none. Leading back to this one: VALIDATION_ERROR.' })
  parent?: string | null;

  @Field(() => String, { nullable: true, description: 'Packet marks that it applies to, with commas; empty: all.' })
  packetMarks?: string | null;

  @Field(() => String, { nullable: true, description: '1 (first) to 8 (last), or a pair upload/download, e.g. `1/8`. Default: `8/8`.' })
  priority?: string | null;

  @Field(() => String, { nullable: true, description: 'Kinds of queue, upload/download; one name stands for both. Default: `default-small/default-small`.' })
  queueType?: string | null;

  @Field(() => String, { nullable: true, description: 'Guaranteed bits per second, upload/download; empty: none. More than `maxLimit`: VALIDATION_ERROR.' })
  limitAt?: string | null;

  @Field(() => String, { nullable: true, description: 'Most bits per second, upload/download, as digits with k, M or G, e.g. `10M/50M`; one number stands for both. Empty: no limit.' })
  maxLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Bits per second that may be reached for a moment, upload/download; empty: none.' })
  burstLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'Mean bits per second below which bursts are allowed, upload/download; empty: none.' })
  burstThreshold?: string | null;

  @Field(() => String, { nullable: true, description: 'Time over which the mean is taken, upload/download, e.g. `8s/8s`; empty: none.' })
  burstTime?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is switched off.' })
  disabled?: boolean | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it; empty: nothing. It replaces what stands in the row\'s comment behind our mark.' })
  note?: string | null;
}

@InputType('MoveDesiredQueueInput', { description: 'A new place for a simple queue among those that are wished for on its router.' })
export class MoveDesiredQueueInput {
  @Field(() => ID, { description: 'UUID. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'UUID of the desired queue that it shall stand before; absent: behind all. Unknown: NOT_FOUND. Of another router: VALIDATION_ERROR.' })
  before?: string | null;
}

@InputType('RemoveDesiredQueueInput', { description: 'The simple queue that is not wished for any more.' })
export class RemoveDesiredQueueInput {
  @Field(() => ID, { description: 'UUID. Unknown: NOT_FOUND.' })
  id!: string;
}

@InputType('AdoptQueueInput', { description: 'The simple queue of a router to take over: give either its name or the router\'s own id of it.' })
export class AdoptQueueInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Its name on the router. Unknown: NOT_FOUND. One that is owned, or that the router made itself: CONFLICT.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s own id of it, e.g. `*1A`, as lists of the router show it. Unknown: NOT_FOUND.' })
  rowId?: string | null;
}

@InputType('ReleaseQueueInput', { description: 'The simple queue to give back.' })
export class ReleaseQueueInput {
  @Field(() => ID, { description: 'UUID of what is wished for. Unknown: NOT_FOUND.' })
  id!: string;
}

@ObjectType('CreateDesiredQueuePayload', { description: 'What is wished for.', simpleResolvers: true })
export class CreateDesiredQueuePayload {
  @Field(() => DesiredQueueType, { description: 'The router follows when a plan is applied.' })
  queue!: DesiredQueueType;
}

@ObjectType('UpdateDesiredQueuePayload', { description: 'What is wished for now.', simpleResolvers: true })
export class UpdateDesiredQueuePayload {
  @Field(() => DesiredQueueType, { description: 'The router follows when a plan is applied.' })
  queue!: DesiredQueueType;
}

@ObjectType('MoveDesiredQueuePayload', { description: 'What is wished for now.', simpleResolvers: true })
export class MoveDesiredQueuePayload {
  @Field(() => DesiredQueueType, { description: 'At its new place; the router follows when a plan is applied.' })
  queue!: DesiredQueueType;
}

@ObjectType('AdoptQueuePayload', { description: 'The simple queue that was taken over.', simpleResolvers: true })
export class AdoptQueuePayload {
  @Field(() => DesiredQueueType, { description: 'As it stands on the router.' })
  queue!: DesiredQueueType;
}

@ObjectType('RemoveDesiredQueuePayload', { description: 'What is no longer wished for.', simpleResolvers: true })
export class RemoveDesiredQueuePayload {
  @Field(() => ID, { description: 'The id that is unknown from now on.' })
  id!: string;
}

@ObjectType('ReleaseQueuePayload', { description: 'What was given back.', simpleResolvers: true })
export class ReleaseQueuePayload {
  @Field(() => ID, { description: 'The id that is unknown from now on.' })
  id!: string;
}
