import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { directListType } from '../direct/direct.type.ts';
import { RouterType } from '../router/router.type.ts';

@ObjectType('RouterLogLine', { description: 'A line of a router\'s log.', simpleResolvers: true })
export class RouterLogLineType {
  @Field(() => ID, { description: 'The router\'s own id; ids begin anew when the router does.' })
  id!: string;

  @Field(() => String, { description: 'When, as the router writes it in its own time zone, e.g. `2026-10-02 17:35:45`; older releases leave out the year, or today\'s date.' })
  time!: string;

  @Field(() => [String], { description: 'What it is about, e.g. `pppoe`, `info`.' })
  topics!: string[];

  @Field(() => String, { description: 'The router\'s words.' })
  message!: string;
}

export const RouterLogLineList = directListType(RouterLogLineType, 'RouterLogLine', 'the newest first');

@InputType('RouterLogFilter', { description: 'Which lines; all given conditions must hold.' })
export class RouterLogFilter {
  @Field(() => String, { nullable: true, description: 'One of their topics, e.g. `pppoe`.' })
  topic?: string | null;

  @Field(() => String, { nullable: true, description: 'Occurs in the message; letter case does not matter.' })
  search?: string | null;
}

export enum RouterLogAction {
  SNAPSHOT = 'SNAPSHOT',
  APPENDED = 'APPENDED',
}
registerEnumType(RouterLogAction, {
  name: 'RouterLogAction',
  description: 'What an event of a log says.',
  valuesConfig: {
    SNAPSHOT: { description: 'The last lines; they replace all that was said before. Comes first, when the line to the router is back, and for a watcher who fell behind.' },
    APPENDED: { description: 'What has been logged since.' },
  },
});

@ObjectType('RouterLogEvent', { description: 'Lines of a router\'s log, as they come.', simpleResolvers: true })
export class RouterLogEventType {
  @Field(() => RouterLogAction, { description: 'The last lines, or new ones.' })
  action!: RouterLogAction;

  @Field(() => [RouterLogLineType], { description: 'The lines, the oldest first.' })
  lines!: RouterLogLineType[];

  @Field(() => DateTimeScalar, { description: 'When they came.' })
  at!: Date;

  @Field(() => RouterType, { description: 'The router.' })
  router!: RouterType;
}
