import { Field, ID, InputType, type ClassType } from 'type-graphql';
import { StringFilter } from '#kernel/graphql/filters.ts';

export interface DesiredRowFilter {
  routerId?: string | null;
  name?: StringFilter | null;
  applied?: boolean | null;
}

/** Makes the `XFilter` input of what is wished for in one menu. Call it once per menu, at module level. */
export function desiredRowFilterType(name: string): ClassType<DesiredRowFilter> {
  @InputType(`${name}Filter`, { description: 'Which ones; all given conditions must hold.' })
  class Filter implements DesiredRowFilter {
    @Field(() => ID, { nullable: true, description: 'On this router.' })
    routerId?: string | null;

    @Field(() => StringFilter, { nullable: true, description: 'By name.' })
    name?: StringFilter | null;

    @Field(() => Boolean, { nullable: true, description: 'Whether the router was ever proven to have it.' })
    applied?: boolean | null;
  }
  return Filter;
}
