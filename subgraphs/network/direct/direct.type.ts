import { Length } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int, ObjectType, type ClassType } from 'type-graphql';
import { StringFilter } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import type { DirectList } from './direct-list.ts';

/** Arguments of every list that a router answers. */
@ArgsType()
export class DirectListArgs {
  @Field(() => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many rows, 0 or more. Default: all, because the router gives them all anyway.' })
  first?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many rows to pass over. Default: 0.' })
  offset?: number | null;
}

/** Arguments of every row that is asked for by its id. */
@ArgsType()
export class DirectRowArgs {
  @Field(() => ID, { description: 'The router\'s own id of the row, e.g. `*1A`. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Which router. Default: the tenant\'s active one; none: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  routerId?: string | null;
}

/** What every input of a row to be made has. */
@InputType()
export abstract class KeyedInput {
  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the row that was made, as it is now, or makes it where that did not succeed; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

/** Makes the `XList` type of rows that a router answers. Call it once per type, at module level. */
export function directListType<Node extends object>(NodeClass: ClassType<Node>, name: string, order = 'ordered by name'): ClassType<DirectList<Node>> {
  @ObjectType(`${name}List`, { description: `A part of a router's list of ${name}, ${order}.`, simpleResolvers: true })
  class List {
    @Field(() => [NodeClass], { description: 'The rows.' })
    nodes!: Node[];

    @Field(() => Int, { description: 'How many match in all.' })
    totalCount!: number;

    @Field(() => DateTimeScalar, { description: 'When the router had them.' })
    observedAt!: Date;
  }
  return List as unknown as ClassType<DirectList<Node>>;
}

export interface DirectFilter {
  name?: StringFilter | null;
  search?: string | null;
}

/** Makes the `XFilter` input of such a list. */
export function directFilterType(name: string, searched: string): ClassType<DirectFilter> {
  @InputType(`${name}Filter`, { description: 'Which rows; all given conditions must hold.' })
  class Filter implements DirectFilter {
    @Field(() => StringFilter, { nullable: true, description: 'By name.' })
    name?: StringFilter | null;

    @Field(() => String, { nullable: true, description: `Occurs in ${searched}; letter case does not matter.` })
    search?: string | null;
  }
  return Filter;
}
