import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { DateScalar } from '#kernel/graphql/scalars.ts';

@InputType('RunDunningInput', { description: 'As of when invoices are looked over.' })
export class RunDunningInput {
  @Field(() => DateScalar, { nullable: true, description: 'As of which day; today in the time zone of the tenant unless given, at most 92 days ahead.' })
  asOf?: string | null;
}

@ObjectType('DunningRun', { description: 'What a look over the open invoices found. Doing it again finds nothing new.', simpleResolvers: true })
export class DunningRunType {
  @Field(() => DateScalar, { description: 'As of which day.' })
  asOf!: string;

  @Field(() => Int, { description: 'How many invoices became overdue.' })
  overdue!: number;

  @Field(() => Int, { description: 'For how many overdue invoices the days of grace were over: the suspension of their services begins.' })
  suspensionsDue!: number;
}

@ObjectType('RunDunningPayload', { description: 'What was found.', simpleResolvers: true })
export class RunDunningPayload {
  @Field(() => DunningRunType, { description: 'The run.' })
  run!: DunningRunType;
}
