import { ArrayMaxSize, IsUUID, Length, Max, Min } from 'class-validator';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeFilter, OrderDirection } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { PlanType } from '../plan/plan.type.ts';

export enum ServiceStatus {
  PENDING = 'PENDING',
  ACTIVE = 'ACTIVE',
  SUSPENDED = 'SUSPENDED',
  TERMINATED = 'TERMINATED',
}
registerEnumType(ServiceStatus, {
  name: 'ServiceStatus',
  description: 'Where a service stands in its life.',
  valuesConfig: {
    PENDING: { description: 'Ordered; not yet proven to work on the network.' },
    ACTIVE: { description: 'The subscriber may be online.' },
    SUSPENDED: { description: 'Switched off for now, e.g. for an unpaid invoice.' },
    TERMINATED: { description: 'Ended for good.' },
  },
});

/** A customer as services knows it: identity owns the rest. */
@Directive('@key(fields: "id")')
@ObjectType('Customer', { simpleResolvers: true })
export class CustomerRef {
  @Field(() => ID)
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Service', { description: 'A plan that a customer has taken.', simpleResolvers: true })
export class ServiceType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'The number that people use, e.g. `S-000042`; unique within the tenant.' })
  number!: string;

  @Field(() => ServiceStatus, { description: 'Where it stands.' })
  status!: ServiceStatus;

  @Field(() => CustomerRef, { description: 'Who has it.' })
  customer!: CustomerRef;

  @Field(() => PlanType, { description: 'What was sold.' })
  plan!: PlanType;

  @Field(() => Int, { description: 'The version of the plan under which it was sold.' })
  planVersion!: number;

  @Field(() => Int, { description: 'Day of the month on which it is charged, 1 to 28.' })
  billingDay!: number;

  @Field(() => DateTimeScalar, { description: 'When it was ordered.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it first worked; null until then.' })
  activatedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it is suspended; null while it is not.' })
  suspendedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it is suspended: `NON_PAYMENT` (a payment restores it), `MANUAL`, or the words of whoever asked for it; null while it is not.' })
  suspensionReason!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it has not.' })
  terminatedAt!: Date | null;
}

export const ServiceConnection = connectionType(ServiceType, 'Service');

@InputType('ServiceFilter', { description: 'Which services; all given conditions must hold.' })
export class ServiceFilter {
  @Field(() => [ID], { nullable: true, description: 'These alone, by UUID: at most 1000.' })
  @ArrayMaxSize(1000, { message: 'ids must be at most 1000.' })
  ids?: string[] | null;

  @Field(() => ServiceStatus, { nullable: true, description: 'Where they stand.' })
  status?: ServiceStatus | null;

  @Field(() => [ServiceStatus], { nullable: true, description: 'Where they stand: one of these.' })
  @ArrayMaxSize(10, { message: 'statuses must be at most 10.' })
  statuses?: ServiceStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Whose they are.' })
  @IsUUID('loose', { message: 'customerId must be a UUID.' })
  customerId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Whose they are: one of these customers, at most 1000.' })
  @ArrayMaxSize(1000, { message: 'customerIds must be at most 1000.' })
  customerIds?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'On which day of the month they are charged, 1 to 28.' })
  @Min(1, { message: 'billingDay must be 1 to 28.' })
  @Max(28, { message: 'billingDay must be 1 to 28.' })
  billingDay?: number | null;

  @Field(() => ID, { nullable: true, description: 'Of which plan; its id or its code.' })
  planId?: string | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'When they were ordered.' })
  createdAt?: DateTimeFilter | null;
}

/** The values are the sorted rows' properties. */
export enum ServiceOrderField {
  CREATED_AT = 'createdAt',
  NUMBER = 'number',
}
registerEnumType(ServiceOrderField, { name: 'ServiceOrderField', description: 'What services are sorted by.' });

@InputType('ServiceOrder', { description: 'How services are sorted.' })
export class ServiceOrder {
  @Field(() => ServiceOrderField, { description: 'By what.' })
  field!: ServiceOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('CreateServiceInput', { description: 'A service to make. Repeating it with the same id and run answers the same service.' })
export class CreateServiceInput {
  @Field(() => ID, { nullable: true, description: 'UUID minted by the caller; absent: made here.' })
  @IsUUID('loose', { message: 'id must be a UUID.' })
  id?: string | null;

  @Field(() => ID, { description: 'Who takes it.' })
  @IsUUID('loose', { message: 'customerId must be a UUID.' })
  customerId!: string;

  @Field(() => ID, { description: 'Id or code of the plan. Unknown: NOT_FOUND.' })
  planId!: string;

  @Field(() => Int, { description: 'Day of the month on which it is charged, 1 to 28, so that every month has it.' })
  @Min(1, { message: 'billingDay must be 1 to 28.' })
  @Max(28, { message: 'billingDay must be 1 to 28.' })
  billingDay!: number;

  @Field(() => ID, { nullable: true, description: 'The durable run that makes it and alone may withdraw it.' })
  @Length(1, 255, { message: 'runId must have 1 to 255 characters.' })
  runId?: string | null;
}

@InputType('ActivateServiceInput', { description: 'A service that has been proven to work.' })
export class ActivateServiceInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND.' })
  id!: string;
}

@InputType('MarkServiceSuspendedInput', { description: 'A service to be suspended.' })
export class MarkServiceSuspendedInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { description: '`NON_PAYMENT`, `MANUAL`, or words: 1 to 200 characters. A suspension for another reason is not weakened to NON_PAYMENT.' })
  @Length(1, 200, { message: 'reason must have 1 to 200 characters.' })
  reason!: string;

  @Field(() => Int, { nullable: true, description: 'Number of the wish, counted per service; one older than the newest heard is CONFLICT.' })
  intent?: number | null;
}

@InputType('MarkServiceInput', { description: 'A service whose status a saga changes.' })
export class MarkServiceInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Number of the wish, counted per service; one older than the newest heard is CONFLICT.' })
  intent?: number | null;
}

@InputType('MarkServicePlanChangedInput', { description: 'A service that gets another plan.' })
export class MarkServicePlanChangedInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => ID, { description: 'Id or code of the plan; its present version is meant. Unknown: NOT_FOUND.' })
  planId!: string;

  @Field(() => ID, { nullable: true, description: 'The durable run that changes it and alone may revert it.' })
  @Length(1, 255, { message: 'runId must have 1 to 255 characters.' })
  runId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Number of the wish, counted per service; one older than the newest heard is CONFLICT.' })
  intent?: number | null;
}

@InputType('RevertServicePlanInput', { description: 'A plan change that its run takes back.' })
export class RevertServicePlanInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => ID, { description: 'The run that changed the plan. When another run changed it since, nothing happens.' })
  runId!: string;
}

@InputType('UpdateServiceInput', { description: 'Changes to a service; what is absent or null stays.' })
export class UpdateServiceInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Day of the month on which it is charged, 1 to 28.' })
  @Min(1, { message: 'billingDay must be 1 to 28.' })
  @Max(28, { message: 'billingDay must be 1 to 28.' })
  billingDay?: number | null;
}

@InputType('WithdrawServiceInput', { description: 'A service that its run takes back.' })
export class WithdrawServiceInput {
  @Field(() => ID, { description: 'Which service.' })
  id!: string;

  @Field(() => ID, { description: 'The run that made it.' })
  runId!: string;
}

@ObjectType('ServicePayload', { description: 'The service as it is now.', simpleResolvers: true })
export class ServicePayload {
  @Field(() => ServiceType, { description: 'The service.' })
  service!: ServiceType;
}

@ObjectType('WithdrawServicePayload', { description: 'Whether there was anything to take back.', simpleResolvers: true })
export class WithdrawServicePayload {
  @Field(() => Boolean, { description: 'False when there was no such service of this run: nothing was changed.' })
  withdrawn!: boolean;
}
