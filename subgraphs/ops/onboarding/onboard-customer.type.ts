import { IsEmail, IsInt, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CustomerRef, ServiceRef, WorkflowRunType } from '../run/workflow-run.type.ts';

@InputType('OnboardCustomerDetailsInput', { description: 'The customer to make.' })
export class OnboardCustomerDetailsInput {
  @Field(() => String, { description: 'Full name of the person or the company: 1 to 200 characters.' })
  @Matches(/\S/, { message: 'name must not be blank.' })
  @MaxLength(200, { message: 'name must have at most 200 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'E-mail address, at most 254 characters.' })
  @IsEmail({}, { message: 'email must be an e-mail address.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`.' })
  @MaxLength(40, { message: 'phone must have at most 40 characters.' })
  phone?: string | null;
}

@InputType('PppCredentialsInput', { description: 'What the subscriber\'s equipment logs in with. The password is sealed at once and never shown again.' })
export class PppCredentialsInput {
  @Field(() => String, { description: 'PPP user name, 1 to 128 printable characters; not used by another service on the same router.' })
  @Matches(/^[^\p{Cc}]{1,128}$/u, { message: 'username must have 1 to 128 printable characters.' })
  username!: string;

  @Field(() => String, { description: 'PPP password, 1 to 128 printable characters.' })
  @Matches(/^[^\p{Cc}]{1,128}$/u, { message: 'password must have 1 to 128 printable characters.' })
  password!: string;
}

@InputType('OnboardCustomerInput', { description: 'A new subscriber: who, which plan, on which router, with which credentials.' })
export class OnboardCustomerInput {
  @Field(() => OnboardCustomerDetailsInput, { description: 'The customer to make.' })
  @ValidateNested()
  customer!: OnboardCustomerDetailsInput;

  @Field(() => ID, { description: 'Id or code of the plan. Unknown: NOT_FOUND.' })
  @Length(1, 255, { message: 'planId must be the id or the code of a plan.' })
  planId!: string;

  @Field(() => ID, { nullable: true, description: 'Which router; absent: the tenant\'s active one. Unknown: NOT_FOUND.' })
  @Length(1, 255, { message: 'routerId must be the id of a router.' })
  routerId?: string | null;

  @Field(() => PppCredentialsInput, { description: 'What the subscriber logs in with.' })
  @ValidateNested()
  credentials!: PppCredentialsInput;

  @Field(() => Int, { description: 'Day of the month on which the service is charged, 1 to 28, so that every month has it.' })
  @IsInt()
  @Min(1, { message: 'billingDay must be 1 to 28.' })
  @Max(28, { message: 'billingDay must be 1 to 28.' })
  billingDay!: number;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the first result; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@ObjectType('OnboardCustomerPayload', { description: 'The onboarding as far as it is when the mutation answers.', simpleResolvers: true })
export class OnboardCustomerPayload {
  @Field(() => CustomerRef, { nullable: true, description: 'The customer; null when it could not be made yet: follow the run.' })
  customer!: CustomerRef | null;

  @Field(() => ServiceRef, { nullable: true, description: 'The service; null when it could not be made yet: follow the run.' })
  service!: ServiceRef | null;

  @Field(() => WorkflowRunType, { description: 'The run that goes on until the service works on the router.' })
  run!: WorkflowRunType;
}
