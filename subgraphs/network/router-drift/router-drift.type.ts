import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection, StringFilter } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { PlanCounts, PlanReason } from '../router-plan/router-plan.type.ts';

@ObjectType('RouterDrift', { description: 'How a router differed from what the database wishes for it when it was last compared. Routers are compared every 15 minutes, and after a plan was applied.', simpleResolvers: true })
export class RouterDriftType {
  @Field(() => ID, { description: 'UUID of the router.' })
  id!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last compared; null: never.' })
  observedAt!: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it had all that is wished for, but for what was pending; null: nobody knows.' })
  inSync!: boolean | null;

  @Field(() => Int, { nullable: true, description: 'How many differences are drift: neither pending nor rows without our mark; null: nobody knows.' })
  drifting!: number | null;

  @Field(() => PlanCounts, { nullable: true, description: 'How many differences of each kind, pending ones included; null: nobody knows.' })
  counts!: PlanCounts | null;

  @Field(() => PlanReason, { nullable: true, description: 'Why the last comparison could not be made; null when it could.' })
  failure!: PlanReason | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it could not be made.' })
  failedAt!: Date | null;
}

export const RouterDriftConnection = connectionType(RouterDriftType, 'RouterDrift');

@InputType('RouterDriftFilter', { description: 'Which routers; all given conditions must hold.' })
export class RouterDriftFilter {
  @Field(() => Boolean, { nullable: true, description: 'True: those that had all that is wished for; false: those that had not.' })
  inSync?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether they were ever compared.' })
  observed?: boolean | null;

  @Field(() => StringFilter, { nullable: true, description: 'By the name of the router.' })
  name?: StringFilter | null;
}

/** The values are the sorted rows' properties. */
export enum RouterDriftOrderField {
  NAME = 'name',
  OBSERVED_AT = 'observedAt',
  DRIFTING = 'drifting',
}
registerEnumType(RouterDriftOrderField, { name: 'RouterDriftOrderField', description: 'What they are sorted by.' });

@InputType('RouterDriftOrder', { description: 'How they are sorted.' })
export class RouterDriftOrder {
  @Field(() => RouterDriftOrderField, { description: 'By what.' })
  field!: RouterDriftOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('CheckRouterDriftInput', { description: 'Which router to compare now.' })
export class CheckRouterDriftInput {
  @Field(() => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;
}

@ObjectType('CheckRouterDriftPayload', { description: 'What was found.', simpleResolvers: true })
export class CheckRouterDriftPayload {
  @Field(() => RouterDriftType, { description: 'The router, as it was found.' })
  drift!: RouterDriftType;
}
