import { IsEmail, Length, Matches, Max, MaxLength, Min, ValidateIf, ValidateNested } from 'class-validator';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyInput } from '#kernel/graphql/money-type.ts';
import { OnboardCustomerDetailsInput } from '../onboarding/onboard-customer.type.ts';
import { CustomerRef, ServiceRef, WorkflowRunType } from '../run/workflow-run.type.ts';

/** The same as network's. */
export enum CustomerNameSource {
  COMMENT = 'COMMENT',
  SECRET_NAME = 'SECRET_NAME',
}
registerEnumType(CustomerNameSource, {
  name: 'CustomerNameSource',
  description: 'Where the names of customers come from.',
  valuesConfig: { COMMENT: { description: 'The comment of the secret; its name where there is none.' }, SECRET_NAME: { description: 'The name of the secret.' } },
});

@Directive('@key(fields: "id")')
@ObjectType('RouterImport', { simpleResolvers: true })
export class RouterImportRef {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('RouterImportItem', { simpleResolvers: true })
export class RouterImportItemRef {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;
}

@InputType('ImportRouterInput', { description: 'A router that was there before.' })
export class ImportRouterInput {
  @Field(() => ID, { description: 'Which router. Unknown: NOT_FOUND.' })
  routerId!: string;

  @Field(() => MoneyInput, { description: 'What plans cost that are yet to be made; not negative. A single one can be given another price before the import is applied.' })
  price!: MoneyInput;

  @Field(() => Int, { description: 'Day of the month on which the services are charged, 1 to 28.' })
  @Min(1, { message: 'billingDay must be 1 to 28.' })
  @Max(28, { message: 'billingDay must be 1 to 28.' })
  billingDay!: number;

  @Field(() => CustomerNameSource, { defaultValue: CustomerNameSource.COMMENT, description: 'Where the names of the customers come from.' })
  customerNameFrom!: CustomerNameSource;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the import that was begun first; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('UpdateRouterImportItemInput', { description: 'Changes to a row of a proposal; what is absent stays.' })
export class UpdateRouterImportItemInput {
  @Field(() => ID, { description: 'Which row. Unknown: NOT_FOUND. Of an import that is under way or has expired, or ours already: CONFLICT.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Of a secret the customer\'s name, of a profile that of the plan to be made: 1 to 120 characters.' })
  @Matches(/\S/, { message: 'name must not be blank.' })
  @MaxLength(120, { message: 'name must have at most 120 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Of a secret the customer\'s e-mail address; an empty text removes it.' })
  @ValidateIf((input: UpdateRouterImportItemInput) => input.email !== '')
  @IsEmail({}, { message: 'email must be an e-mail address.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Of a secret the customer\'s telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`; an empty text removes it.' })
  @ValidateIf((input: UpdateRouterImportItemInput) => input.phone !== '')
  @Matches(/^[0-9 +()./-]{3,40}$/, { message: 'phone must have 3 to 40 digits, spaces and any of + ( ) . / -' })
  phone?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id or code of the plan: of a profile that of all secrets on it, of a secret its own. Unknown: NOT_FOUND. A secret whose profile gives something else gets the profile of the plan, from its next login on.' })
  @Length(1, 255, { message: 'planId must be the id or the code of a plan.' })
  planId?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Of a profile: what the plan to be made costs; not negative.' })
  price?: MoneyInput | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is left alone; of a profile: all secrets on it that have no plan of their own.' })
  exclude?: boolean | null;
}

@InputType('ApplyRouterImportInput', { description: 'A proposal to apply.' })
export class ApplyRouterImportInput {
  @Field(() => ID, { description: 'Which import. Unknown: NOT_FOUND. Not read, or expired: CONFLICT.' })
  id!: string;
}

@InputType('CancelRouterImportInput', { description: 'An import to cancel.' })
export class CancelRouterImportInput {
  @Field(() => ID, { description: 'Which import. Unknown: NOT_FOUND. Ended: CONFLICT.' })
  id!: string;
}

@InputType('AdoptPppSecretInput', { description: 'A PPP secret that somebody else has made, to become that of a service.' })
export class AdoptPppSecretInput {
  @Field(() => ID, { description: 'The router. Unknown: NOT_FOUND.' })
  routerId!: string;

  @Field(() => String, { description: 'Name of the secret. Unknown: NOT_FOUND. Owned, disabled, or not to be kept: CONFLICT, with the reason.' })
  @Length(1, 255, { message: 'name must have 1 to 255 characters.' })
  name!: string;

  @Field(() => ID, { nullable: true, description: 'A service that has nothing on a router, whose it becomes. Unknown: NOT_FOUND. With a secret already: CONFLICT.' })
  @Length(1, 255, { message: 'serviceId must be the id of a service.' })
  serviceId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A customer for whom a service is made. Unknown: NOT_FOUND.' })
  @Length(1, 255, { message: 'customerId must be the id of a customer.' })
  customerId?: string | null;

  @Field(() => OnboardCustomerDetailsInput, { nullable: true, description: 'A customer to make. Without serviceId, customerId and this, one is made that is called by the comment of the secret.' })
  @ValidateNested()
  customer?: OnboardCustomerDetailsInput | null;

  @Field(() => ID, { nullable: true, description: 'Id or code of the plan; absent: one that gives what the profile of the secret gives. None: VALIDATION_ERROR. Unknown: NOT_FOUND.' })
  @Length(1, 255, { message: 'planId must be the id or the code of a plan.' })
  planId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Day of the month on which the service is charged, 1 to 28. Required unless serviceId is given.' })
  @Min(1, { message: 'billingDay must be 1 to 28.' })
  @Max(28, { message: 'billingDay must be 1 to 28.' })
  billingDay?: number | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the first run; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

/** Answer of importRouter, applyRouterImport and cancelRouterImport. */
@ObjectType('RouterImportPayload', { description: 'The import as it is now.', simpleResolvers: true })
export class RouterImportPayload {
  @Field(() => RouterImportRef, { description: 'The import.' })
  routerImport!: RouterImportRef;
}

@ObjectType('RouterImportItemPayload', { description: 'The row as it is now.', simpleResolvers: true })
export class RouterImportItemPayload {
  @Field(() => RouterImportItemRef, { description: 'The row.' })
  item!: RouterImportItemRef;
}

@ObjectType('AdoptPppSecretPayload', { description: 'The adoption as far as it is when the mutation answers.', simpleResolvers: true })
export class AdoptPppSecretPayload {
  @Field(() => CustomerRef, { nullable: true, description: 'The customer; null when it could not be made yet: follow the run.' })
  customer!: CustomerRef | null;

  @Field(() => ServiceRef, { nullable: true, description: 'The service; null when it could not be made yet: follow the run.' })
  service!: ServiceRef | null;

  @Field(() => WorkflowRunType, { description: 'The run that goes on until the secret is ours on the router.' })
  run!: WorkflowRunType;
}
