import { Length } from 'class-validator';
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { desiredRowFilterType } from '../desired-row/desired-row.type.ts';

@ObjectType('DesiredIpPool', { description: 'An address pool that a router is to have, as Headend looks after it. The router follows when a plan is applied (`planRouter`, `applyPlan`); `ipPools` shows what it has.', simpleResolvers: true })
export class DesiredIpPoolType {
  @Field(() => ID, { description: 'UUID; stands in the mark on the router.' })
  id!: string;

  @Field(() => String, { description: 'Name: one of each on a router.' })
  name!: string;

  @Field(() => String, { description: 'Its addresses, e.g. `10.0.0.2-10.0.0.254,10.0.1.0/24`.' })
  ranges!: string;

  @Field(() => String, { nullable: true, description: 'Name of the pool that is used when this one is exhausted.' })
  nextPool!: string | null;

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

export const DesiredIpPoolConnection = connectionType(DesiredIpPoolType, 'DesiredIpPool');
export const DesiredIpPoolFilter = desiredRowFilterType('DesiredIpPool');

/** The values are the sorted rows' properties. */
export enum DesiredIpPoolOrderField {
  NAME = 'name',
  CREATED_AT = 'createdAt',
}
registerEnumType(DesiredIpPoolOrderField, { name: 'DesiredIpPoolOrderField', description: 'What desired address pools are sorted by.' });

@InputType('DesiredIpPoolOrder', { description: 'How desired address pools are sorted.' })
export class DesiredIpPoolOrder {
  @Field(() => DesiredIpPoolOrderField, { description: 'By what.' })
  field!: DesiredIpPoolOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('CreateDesiredIpPoolInput', { description: 'An address pool that a router is to have.' })
export class CreateDesiredIpPoolInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;

  @Field(() => String, { description: 'Name. Wished for on this router already: CONFLICT.' })
  name!: string;

  @Field(() => String, { description: 'IPv4 addresses: `10.0.0.2-10.0.0.254`, `10.0.1.0/24`, single ones, and lists of these with commas.' })
  ranges!: string;

  @Field(() => String, { nullable: true, description: 'Name of the pool that is used when this one is exhausted. It need not be there yet; leading back to this one: VALIDATION_ERROR.' })
  nextPool?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it.' })
  note?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the row that was made first; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('UpdateDesiredIpPoolInput', { description: 'Changes of what is wished for. What is absent or null stays; an empty text unsets.' })
export class UpdateDesiredIpPoolInput {
  @Field(() => ID, { description: 'UUID. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name; desired pools whose next one it is follow. Wished for on this router already: CONFLICT.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'New addresses. Sessions keep the ones they have.' })
  ranges?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the pool that is used when this one is exhausted; empty: none. Leading back to this one: VALIDATION_ERROR.' })
  nextPool?: string | null;

  @Field(() => String, { nullable: true, description: 'What people want to read beside it; empty: nothing. It replaces what stands in the row\'s comment behind our mark.' })
  note?: string | null;
}

@InputType('RemoveDesiredIpPoolInput', { description: 'The address pool that is not wished for any more.' })
export class RemoveDesiredIpPoolInput {
  @Field(() => ID, { description: 'UUID. Unknown: NOT_FOUND.' })
  id!: string;
}

@InputType('AdoptIpPoolInput', { description: 'The address pool of a router to take over: give either its name or the router\'s own id of it.' })
export class AdoptIpPoolInput {
  @Field(() => ID, { nullable: true, description: 'On which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Its name on the router. Unknown: NOT_FOUND. One that is owned, or that the router made itself: CONFLICT.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The router\'s own id of it, e.g. `*1A`, as lists of the router show it. Unknown: NOT_FOUND.' })
  rowId?: string | null;
}

@InputType('ReleaseIpPoolInput', { description: 'The address pool to give back.' })
export class ReleaseIpPoolInput {
  @Field(() => ID, { description: 'UUID of what is wished for. Unknown: NOT_FOUND.' })
  id!: string;
}

@ObjectType('CreateDesiredIpPoolPayload', { description: 'What is wished for.', simpleResolvers: true })
export class CreateDesiredIpPoolPayload {
  @Field(() => DesiredIpPoolType, { description: 'The router follows when a plan is applied.' })
  pool!: DesiredIpPoolType;
}

@ObjectType('UpdateDesiredIpPoolPayload', { description: 'What is wished for now.', simpleResolvers: true })
export class UpdateDesiredIpPoolPayload {
  @Field(() => DesiredIpPoolType, { description: 'The router follows when a plan is applied.' })
  pool!: DesiredIpPoolType;
}

@ObjectType('AdoptIpPoolPayload', { description: 'The address pool that was taken over.', simpleResolvers: true })
export class AdoptIpPoolPayload {
  @Field(() => DesiredIpPoolType, { description: 'As it stands on the router.' })
  pool!: DesiredIpPoolType;
}

@ObjectType('RemoveDesiredIpPoolPayload', { description: 'What is no longer wished for.', simpleResolvers: true })
export class RemoveDesiredIpPoolPayload {
  @Field(() => ID, { description: 'The id that is unknown from now on.' })
  id!: string;
}

@ObjectType('ReleaseIpPoolPayload', { description: 'What was given back.', simpleResolvers: true })
export class ReleaseIpPoolPayload {
  @Field(() => ID, { description: 'The id that is unknown from now on.' })
  id!: string;
}
