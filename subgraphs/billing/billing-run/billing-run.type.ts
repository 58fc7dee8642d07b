import { Length } from 'class-validator';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ServiceRef } from '../account/account.type.ts';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { MoneyType } from '#kernel/graphql/money-type.ts';
import { DateScalar, DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum BillingRunState {
  RUNNING = 'RUNNING',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
}
registerEnumType(BillingRunState, {
  name: 'BillingRunState',
  description: 'Where a billing run stands.',
  valuesConfig: {
    RUNNING: { description: 'Invoices are being issued; one that was interrupted goes on by itself.' },
    SUCCEEDED: { description: 'Everything that was due is invoiced, but for what is `parked`.' },
    FAILED: { description: 'It could not go on; asking for it again continues it.' },
  },
});

@ObjectType('ParkedSubscription', { description: 'A subscription that a run could not bill and left aside, so that the others went on. The next run tries it again.', simpleResolvers: true })
export class ParkedSubscriptionType {
  @Field(() => ID, { description: 'UUID of the subscription.' })
  subscriptionId!: string;

  @Field(() => ServiceRef, { description: 'The service it is for.' })
  service!: ServiceRef;

  @Field(() => String, { description: 'Why: one of the billing codes (`BILLING_SAFETY_BOUND`, `BILLING_TERMS_MISSING`, `BILLING_INTERNAL`).' })
  code!: string;

  @Field(() => String, { description: 'Why, for people.' })
  message!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('BillingRun', { description: 'Issues every invoice that is due as of a day: each subscription and period once, however often it is run.', simpleResolvers: true })
export class BillingRunType {
  @Field(() => ID, { description: 'UUID. That of a dry run leads nowhere.' })
  id!: string;

  @Field(() => BillingRunState, { description: 'Where it stands.' })
  state!: BillingRunState;

  @Field(() => DateScalar, { description: 'As of which day.' })
  asOf!: string;

  @Field(() => Boolean, { description: 'Whether it only reckoned and wrote nothing.' })
  dryRun!: boolean;

  @Field(() => Int, { description: 'How many invoices it has issued so far.' })
  invoices!: number;

  @Field(() => MoneyType, { nullable: true, description: 'What they come to; null when they are in several currencies, see `totals`.' })
  total!: MoneyType | null;

  @Field(() => [MoneyType], { description: 'What they come to, one a currency.' })
  totals!: MoneyType[];

  @Field(() => [ParkedSubscriptionType], { description: 'What it left aside for people to look at.' })
  parked!: ParkedSubscriptionType[];

  @Field(() => DateTimeScalar, { description: 'When it was begun.' })
  startedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was done; null while it runs.' })
  finishedAt!: Date | null;
}

export const BillingRunConnection = connectionType(BillingRunType, 'BillingRun');

@InputType('BillingRunFilter', { description: 'Which runs.' })
export class BillingRunFilter {
  @Field(() => BillingRunState, { nullable: true, description: 'Where they stand.' })
  state?: BillingRunState | null;
}

/** The values are the sorted rows' properties. */
export enum BillingRunOrderField {
  AS_OF = 'asOf',
  STARTED_AT = 'startedAt',
}
registerEnumType(BillingRunOrderField, { name: 'BillingRunOrderField', description: 'What runs are sorted by.' });

@InputType('BillingRunOrder', { description: 'How runs are sorted.' })
export class BillingRunOrder {
  @Field(() => BillingRunOrderField, { description: 'By what.' })
  field!: BillingRunOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('RunBillingInput', { description: 'As of when to bill.' })
export class RunBillingInput {
  @Field(() => DateScalar, { nullable: true, description: 'As of which day: every period that has begun by then. Today in the time zone of the tenant unless given, at most 92 days ahead. Invoices are issued as of this day.' })
  asOf?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Only reckon, write nothing.' })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the same run; another input is CONFLICT. Of no meaning for a dry run. Without a key too, a day is billed once.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@ObjectType('RunBillingPayload', { description: 'The run.', simpleResolvers: true })
export class RunBillingPayload {
  @Field(() => BillingRunType, { description: 'The run; RUNNING when it takes longer than ten seconds: ask `billingRun` how far it is.' })
  run!: BillingRunType;
}
