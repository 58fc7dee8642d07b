import 'reflect-metadata';
import { ArgsType, Directive, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { invalidField } from '#kernel/errors.ts';

/** The most elements one page holds, whatever the client asks for. */
export const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

@Directive('@shareable')
@ObjectType('PageInfo', { description: 'Where a page stands in its list.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether elements follow after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether elements stand before `startCursor`. Known for pages by `after` and `offset`.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first element of this page; null when it is empty.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last element of this page: give it as `after` for the next.' })
  endCursor!: string | null;
}

/** Arguments of every list. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: DEFAULT_PAGE, description: `How many elements, 0 to ${MAX_PAGE}; more is cut to ${MAX_PAGE}.` })
  first!: number;

  @Field(() => String, { nullable: true, description: 'Elements after this cursor (`pageInfo.endCursor` of the page before).' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many elements to pass over, for clients that number their pages. Not together with `after`.' })
  offset?: number | null;
}

/** The arguments, checked and clamped. @throws VALIDATION_ERROR naming `first`, `after` or `offset`. */
export function checkedPage(args: PageArgs): { first: number; after: string | null; offset: number | null } {
  const first = args.first ?? DEFAULT_PAGE;
  if (first < 0) throw invalidField('first', 'OUT_OF_RANGE', 'first must be 0 or more.');
  if (args.offset != null && args.offset < 0) throw invalidField('offset', 'OUT_OF_RANGE', 'offset must be 0 or more.');
  if (args.offset != null && args.after != null) throw invalidField('offset', 'CONFLICT', 'Give either after or offset, not both.');
  return { first: Math.min(first, MAX_PAGE), after: args.after ?? null, offset: args.offset ?? null };
}

/** What a list resolver returns. `totalCount` is a function, so that nothing is counted unless it was asked for. */
export interface ConnectionValue<Node> {
  edges: Array<{ cursor: string; node: Node }>;
  nodes: Node[];
  pageInfo: PageInfo;
  totalCount: () => Promise<number>;
}

/** Makes the `XEdge` and `XConnection` types of a list of `Node`. Call it once per type, at module level. */
export function connectionType<Node extends object>(NodeClass: ClassType<Node>, name: string): ClassType<ConnectionValue<Node>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a list, with its cursor.`, simpleResolvers: true })
  class Edge {
    @Field(() => String, { description: 'Opaque; give it as `after`.' })
    cursor!: string;

    @Field(() => NodeClass, { description: `The ${name}.` })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.`, simpleResolvers: true })
  class Connection {
    @Field(() => [Edge], { description: 'The elements with their cursors.' })
    edges!: Edge[];

    @Field(() => [NodeClass], { description: 'The elements alone.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Where this page stands.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'How many elements match in all. Counted only when asked for.' })
    totalCount!: () => Promise<number>;
  }
  return Connection as unknown as ClassType<ConnectionValue<Node>>;
}
