import { IsIP, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection, StringFilter } from '#kernel/graphql/filters.ts';
import { MoneyInput, MoneyType } from '#kernel/graphql/money-type.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum ServiceType {
  PPPOE = 'PPPOE',
}
registerEnumType(ServiceType, { name: 'ServiceType', description: 'How a subscriber is connected.', valuesConfig: { PPPOE: { description: 'PPP over Ethernet: a PPP secret and profile on a router.' } } });

export enum BillingInterval {
  MONTH = 'MONTH',
}
registerEnumType(BillingInterval, { name: 'BillingInterval', description: 'How often a plan is charged.', valuesConfig: { MONTH: { description: 'Once a month, on the billing day of the service.' } } });

@ObjectType('PlanAccess', { description: 'What a plan gives a subscriber on the network.', simpleResolvers: true })
export class PlanAccessType {
  @Field(() => String, { description: 'RouterOS rate limit, e.g. `10M/50M`: upload/download as the router sees them (rx/tx), optionally with burst, threshold, time, priority and guaranteed rate.' })
  rateLimit!: string;

  @Field(() => String, { description: 'IPv4 address of the router\'s end of each session.' })
  localAddress!: string;

  @Field(() => String, { description: 'Name of the address pool on the router from which subscribers get their address.' })
  remotePool!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Plan', { description: 'What is sold: a price and what it gives. A change of price or access makes a new version.', simpleResolvers: true })
export class PlanType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'The name that programs use; unique within the tenant.' })
  code!: string;

  @Field(() => String, { description: 'The name that people read.' })
  name!: string;

  @Field(() => ServiceType, { description: 'How subscribers of this plan are connected.' })
  serviceType!: ServiceType;

  @Field(() => MoneyType, { description: 'Price of one billing interval.' })
  price!: MoneyType;

  @Field(() => BillingInterval, { description: 'How often the price is charged.' })
  billingInterval!: BillingInterval;

  @Field(() => PlanAccessType, { description: 'What the plan gives on the network.' })
  access!: PlanAccessType;

  @Field(() => Int, { description: 'Days that an overdue invoice is borne before the service is suspended.' })
  graceDays!: number;

  @Field(() => Int, { description: 'Rises by one with each change of price, interval, access or grace days; begins at 1.' })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When the plan was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the plan was last changed.' })
  updatedAt!: Date;
}

export const PlanConnection = connectionType(PlanType, 'Plan');

@InputType('PlanFilter', { description: 'Which plans; all given conditions must hold.' })
export class PlanFilter {
  @Field(() => String, { nullable: true, description: 'Occurs in the code or the name.' })
  search?: string | null;

  @Field(() => StringFilter, { nullable: true, description: 'The code.' })
  code?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'The name.' })
  name?: StringFilter | null;

  @Field(() => ServiceType, { nullable: true, description: 'How subscribers are connected.' })
  serviceType?: ServiceType | null;
}

/** The values are the sorted rows' properties. */
export enum PlanOrderField {
  CREATED_AT = 'createdAt',
  CODE = 'code',
  NAME = 'name',
}
registerEnumType(PlanOrderField, { name: 'PlanOrderField', description: 'What plans are sorted by.' });

@InputType('PlanOrder', { description: 'How plans are sorted.' })
export class PlanOrder {
  @Field(() => PlanOrderField, { description: 'By what.' })
  field!: PlanOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

const RATE = String.raw`\d{1,12}[kM]?(?:/\d{1,12}[kM]?)?`;
/** rate [burst [threshold [time [priority [min]]]]], each `rx[/tx]` (MikroTik, PPP AAA, "rate-limit"). */
export const RATE_LIMIT = new RegExp(String.raw`^${RATE}(?: ${RATE}(?: ${RATE}(?: \d{1,6}s?(?:/\d{1,6}s?)?(?: [1-8](?: ${RATE})?)?)?)?)?$`);
const GRACE_MESSAGE = 'graceDays must be 0 to 90.';
const LOCAL_ADDRESS_MESSAGE = 'localAddress must be an IPv4 address such as 10.10.0.1.';
const POOL = /^[A-Za-z0-9._-]{1,64}$/;
const POOL_MESSAGE = 'remotePool must be the name of a pool: 1 to 64 letters, digits and any of . _ -';
const RATE_LIMIT_MESSAGE = 'rateLimit must be a RouterOS rate limit such as "10M/50M": rate [burst [threshold [time [priority [guaranteed]]]]], each upload/download.';

@InputType('PlanAccessInput', { description: 'What a plan gives on the network.' })
export class PlanAccessInput {
  @Field(() => String, { description: 'RouterOS rate limit, upload/download, e.g. `10M/50M`; up to six groups.' })
  @Matches(RATE_LIMIT, { message: RATE_LIMIT_MESSAGE })
  rateLimit!: string;

  @Field(() => String, { description: 'IPv4 address of the router\'s end of each session.' })
  @IsIP(4, { message: LOCAL_ADDRESS_MESSAGE })
  localAddress!: string;

  @Field(() => String, { description: 'Name of an address pool on the router: 1 to 64 letters, digits and any of `._-`.' })
  @Matches(POOL, { message: POOL_MESSAGE })
  remotePool!: string;
}

@InputType('PlanAccessChange', { description: 'Changes to what a plan gives on the network; what is absent or null stays.' })
export class PlanAccessChange {
  @Field(() => String, { nullable: true, description: 'RouterOS rate limit, upload/download.' })
  @Matches(RATE_LIMIT, { message: RATE_LIMIT_MESSAGE })
  rateLimit?: string | null;

  @Field(() => String, { nullable: true, description: 'IPv4 address of the router\'s end of each session.' })
  @IsIP(4, { message: LOCAL_ADDRESS_MESSAGE })
  localAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of an address pool on the router.' })
  @Matches(POOL, { message: POOL_MESSAGE })
  remotePool?: string | null;
}

@InputType('CreatePlanInput', { description: 'A plan to make.' })
export class CreatePlanInput {
  @Field(() => String, { description: 'The name that programs use: 1 to 60 letters, digits, `_` and `-`; unique within the tenant, else CONFLICT.' })
  @Matches(/^[A-Za-z0-9_-]{1,60}$/, { message: 'code must have 1 to 60 letters, digits, _ and -' })
  code!: string;

  @Field(() => String, { description: 'The name that people read: 1 to 120 characters.' })
  @Matches(/\S/, { message: 'name must not be blank.' })
  @MaxLength(120, { message: 'name must have at most 120 characters.' })
  name!: string;

  @Field(() => ServiceType, { description: 'How subscribers are connected.' })
  serviceType!: ServiceType;

  @Field(() => MoneyInput, { description: 'Price of one billing interval; not negative.' })
  price!: MoneyInput;

  @Field(() => BillingInterval, { description: 'How often the price is charged.' })
  billingInterval!: BillingInterval;

  @Field(() => PlanAccessInput, { description: 'What the plan gives on the network.' })
  @ValidateNested()
  access!: PlanAccessInput;

  @Field(() => Int, { nullable: true, description: 'Days, 0 to 90, that an overdue invoice is borne before the service is suspended; 7 when absent.' })
  @Min(0, { message: GRACE_MESSAGE })
  @Max(90, { message: GRACE_MESSAGE })
  graceDays?: number | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the first result; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('UpdatePlanInput', { description: 'Changes to a plan; what is absent stays.' })
export class UpdatePlanInput {
  @Field(() => ID, { description: 'Id or code of the plan. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The name that people read: 1 to 120 characters.' })
  @Matches(/\S/, { message: 'name must not be blank.' })
  @MaxLength(120, { message: 'name must have at most 120 characters.' })
  name?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Price of one billing interval; not negative. Makes a new version.' })
  price?: MoneyInput | null;

  @Field(() => PlanAccessChange, { nullable: true, description: 'What the plan gives on the network; what is absent stays. Makes a new version.' })
  @ValidateNested()
  access?: PlanAccessChange | null;

  @Field(() => Int, { nullable: true, description: 'Days, 0 to 90. Makes a new version.' })
  @Min(0, { message: GRACE_MESSAGE })
  @Max(90, { message: GRACE_MESSAGE })
  graceDays?: number | null;
}

@InputType('RemovePlanInput', { description: 'A plan to take out of sale.' })
export class RemovePlanInput {
  @Field(() => ID, { description: 'Id or code of the plan. Unknown: NOT_FOUND. In use by a service that has not ended: CONFLICT.' })
  id!: string;
}

/** Answer of createPlan and updatePlan. */
@ObjectType('PlanPayload', { description: 'The plan as it is now.', simpleResolvers: true })
export class PlanPayload {
  @Field(() => PlanType, { description: 'The plan.' })
  plan!: PlanType;
}

@ObjectType('RemovePlanPayload', { description: 'What was removed.', simpleResolvers: true })
export class RemovePlanPayload {
  @Field(() => ID, { description: 'Id of the plan that is no longer sold.' })
  id!: string;
}
