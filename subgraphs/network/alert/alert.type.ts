import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeFilter, OrderDirection } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum AlertKind {
  ROUTER_DRIFT = 'ROUTER_DRIFT',
}
registerEnumType(AlertKind, {
  name: 'AlertKind',
  description: 'What people are told of.',
  valuesConfig: { ROUTER_DRIFT: { description: 'A router has something else than the database wishes for it, and nothing is at work on it: somebody has changed it by hand. `routerDrift` says what, `planRouter` brings it into line.' } },
});

@Directive('@key(fields: "id")')
@ObjectType('Alert', { description: 'Something on the network that people are to look at. It is raised once, and cleared by itself when it is over.', simpleResolvers: true })
export class AlertType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => AlertKind, { description: 'What it is.' })
  kind!: AlertKind;

  @Field(() => String, { description: 'For people.' })
  message!: string;

  @Field(() => Int, { description: 'How many rows it is about, when it was last looked at.' })
  count!: number;

  @Field(() => DateTimeScalar, { description: 'When it was found.' })
  raisedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was found to be over; null while it is not.' })
  clearedAt!: Date | null;
}

export const AlertConnection = connectionType(AlertType, 'Alert');

@InputType('AlertFilter', { description: 'Which alerts; all given conditions must hold.' })
export class AlertFilter {
  @Field(() => AlertKind, { nullable: true, description: 'Of this kind.' })
  kind?: AlertKind | null;

  @Field(() => ID, { nullable: true, description: 'About this router.' })
  routerId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: those that are not over; false: those that are.' })
  open?: boolean | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'When they were raised.' })
  raisedAt?: DateTimeFilter | null;
}

/** The values are the sorted rows' properties. */
export enum AlertOrderField {
  RAISED_AT = 'raisedAt',
}
registerEnumType(AlertOrderField, { name: 'AlertOrderField', description: 'What alerts are sorted by.' });

@InputType('AlertOrder', { description: 'How alerts are sorted.' })
export class AlertOrder {
  @Field(() => AlertOrderField, { description: 'By what.' })
  field!: AlertOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}
