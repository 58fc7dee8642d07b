import 'reflect-metadata';
import { Field, InputType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from './scalars.ts';

/** Which way a list is sorted. */
export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which way a list is sorted.',
  valuesConfig: { ASC: { description: 'Smallest, first in the alphabet, or oldest first.' }, DESC: { description: 'Largest, last in the alphabet, or newest first.' } },
});

/** What a text must be like. Several conditions in one filter must all hold. Letter case does not matter. */
@InputType('StringFilter', { description: 'What a text must be like; all given conditions must hold. Letter case does not matter.' })
export class StringFilter {
  @Field(() => String, { nullable: true, description: 'The whole text.' })
  equals?: string | null;

  @Field(() => String, { nullable: true, description: 'A part of the text; no wildcards.' })
  contains?: string | null;
}

@InputType('DateTimeFilter', { description: 'A span of time; either end may be left open.' })
export class DateTimeFilter {
  @Field(() => DateTimeScalar, { nullable: true, description: 'The first instant that counts.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'The first instant that no longer counts.' })
  to?: Date | null;
}
