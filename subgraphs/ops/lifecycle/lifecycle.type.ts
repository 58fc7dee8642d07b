import { IsEmail, IsInt, Length, Matches, Max, MaxLength, Min, ValidateIf, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CustomerRef, ServiceRef, WorkflowRunType } from '../run/workflow-run.type.ts';

const KEY = '1 to 255 characters. The same key and input answers the first run; another input is CONFLICT.';

@InputType('SuspendServiceInput', { description: 'A service to switch off.' })
export class SuspendServiceInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT.' })
  serviceId!: string;

  @Field(() => String, { defaultValue: 'MANUAL', description: '`NON_PAYMENT` (a payment restores it by itself), `MANUAL`, or words of your own: 1 to 200 characters.' })
  @Length(1, 200, { message: 'reason must have 1 to 200 characters.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('ResumeServiceInput', { description: 'A suspended service to switch on again.' })
export class ResumeServiceInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT.' })
  serviceId!: string;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('ChangePlanInput', { description: 'Another plan for a service.' })
export class ChangePlanInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT.' })
  serviceId!: string;

  @Field(() => ID, { description: 'Id or code of the plan; its present version is meant. Unknown: NOT_FOUND.' })
  @Length(1, 255, { message: 'planId must be the id or the code of a plan.' })
  planId!: string;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('MoveServiceInput', { description: 'Another router for a service.' })
export class MoveServiceInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT.' })
  serviceId!: string;

  @Field(() => ID, { description: 'The router it moves to. Unknown: NOT_FOUND. The one it is on, or one on which its user name is taken: VALIDATION_ERROR.' })
  @Length(1, 255, { message: 'routerId must be the id of a router.' })
  routerId!: string;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('TerminateServiceInput', { description: 'A service to end for good.' })
export class TerminateServiceInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND.' })
  serviceId!: string;

  @Field(() => String, { nullable: true, description: 'Why, for the record: at most 200 characters.' })
  @MaxLength(200, { message: 'reason must have at most 200 characters.' })
  reason?: string | null;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('ResetPppPasswordInput', { description: 'Another PPP password for a service.' })
export class ResetPppPasswordInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT.' })
  serviceId!: string;

  @Field(() => String, { description: 'PPP password: 1 to 127 printable ASCII characters. It is sealed at once and shown only by revealPppPassword.' })
  @Length(1, 127, { message: 'password must have 1 to 127 printable ASCII characters.' })
  password!: string;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('SetStaticAddressInput', { description: 'An address that the subscriber of a service is always given.' })
export class SetStaticAddressInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT.' })
  serviceId!: string;

  @Field(() => String, { nullable: true, description: 'IPv4 address of a host, e.g. `10.64.0.20`; null or absent: one of the pool of his plan again. Of another service on the same router: CONFLICT, naming `address` (TAKEN).' })
  @MaxLength(45, { message: 'address must be the IPv4 address of a host.' })
  address?: string | null;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('LockCallerIdInput', { description: 'The one device that may dial for a service.' })
export class LockCallerIdInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT.' })
  serviceId!: string;

  @Field(() => String, { nullable: true, description: 'Its MAC address in any usual form, e.g. `AA:BB:CC:DD:EE:FF`. Absent or null: the device that is online now; CONFLICT when none is known to be.' })
  @MaxLength(32, { message: 'callerId must be a MAC address.' })
  callerId?: string | null;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('ResetCallerIdInput', { description: 'A service for which any device may dial again.' })
export class ResetCallerIdInput {
  @Field(() => ID, { description: 'Which service. Unknown: NOT_FOUND. Pending or ended: CONFLICT.' })
  serviceId!: string;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('PppCredentialsChangeInput', { description: 'What the subscriber\'s equipment logs in with from now on; what is absent or null stays.' })
export class PppCredentialsChangeInput {
  @Field(() => String, { nullable: true, description: 'PPP user name, 1 to 63 printable ASCII characters; not used by another service on the same router (VALIDATION_ERROR `credentials.username` TAKEN).' })
  @Length(1, 128, { message: 'username must have 1 to 63 characters.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'PPP password: 1 to 127 printable ASCII characters.' })
  @Length(1, 128, { message: 'password must have 1 to 127 characters.' })
  password?: string | null;
}

@InputType('ChangeSubscriberInput', { description: 'Changes to a customer and his service; what is absent, null or equal stays.' })
export class ChangeSubscriberInput {
  @Field(() => ID, { description: 'Which customer. Unknown: NOT_FOUND.' })
  customerId!: string;

  @Field(() => String, { nullable: true, description: 'Full name of the person or the company: 1 to 200 characters.' })
  @Matches(/\S/, { message: 'name must not be blank.' })
  @MaxLength(200, { message: 'name must have at most 200 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. Empty: removed.' })
  @MaxLength(40, { message: 'phone must have at most 40 characters.' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address, at most 254 characters. Empty: removed.' })
  @ValidateIf((_input: object, value: unknown) => value != null && value !== '')
  @IsEmail({}, { message: 'email must be an e-mail address.' })
  email?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id or code of the plan. Unknown: NOT_FOUND.' })
  @Length(1, 255, { message: 'planId must be the id or the code of a plan.' })
  planId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Day of the month on which the service is charged, 1 to 28.' })
  @IsInt()
  @Min(1, { message: 'billingDay must be 1 to 28.' })
  @Max(28, { message: 'billingDay must be 1 to 28.' })
  billingDay?: number | null;

  @Field(() => PppCredentialsChangeInput, { nullable: true, description: 'What the subscriber logs in with.' })
  @ValidateNested()
  credentials?: PppCredentialsChangeInput | null;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('OffboardCustomerInput', { description: 'A customer who leaves.' })
export class OffboardCustomerInput {
  @Field(() => ID, { description: 'Which customer. Unknown: NOT_FOUND. Still being onboarded while the router is away: CONFLICT.' })
  customerId!: string;

  @Field(() => String, { nullable: true, description: KEY })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@ObjectType('ServiceRunPayload', { description: 'The service as it is wished now, and the run that brings the router to follow.', simpleResolvers: true })
export class ServiceRunPayload {
  @Field(() => ServiceRef, { description: 'The service.' })
  service!: ServiceRef;

  @Field(() => WorkflowRunType, { description: 'The run; it ends only when the router has confirmed and a read-back agrees.' })
  run!: WorkflowRunType;
}

@ObjectType('ChangeSubscriberPayload', { description: 'The subscriber as he is now.', simpleResolvers: true })
export class ChangeSubscriberPayload {
  @Field(() => CustomerRef, { description: 'The customer.' })
  customer!: CustomerRef;

  @Field(() => ServiceRef, { nullable: true, description: 'His service; null when he has none that has not ended.' })
  service!: ServiceRef | null;

  @Field(() => WorkflowRunType, { nullable: true, description: 'The run that brings the router to follow; null when the router need not change.' })
  run!: WorkflowRunType | null;
}

@ObjectType('OffboardCustomerPayload', { description: 'The customer has left.', simpleResolvers: true })
export class OffboardCustomerPayload {
  @Field(() => ID, { description: 'Who has left: he can no longer be found.' })
  customerId!: string;

  @Field(() => WorkflowRunType, { description: 'The run that removes what he had from the routers.' })
  run!: WorkflowRunType;
}
