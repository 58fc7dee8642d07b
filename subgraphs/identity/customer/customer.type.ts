import { ArrayMaxSize, IsEmail, IsUUID, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeFilter, OrderDirection, StringFilter } from '#kernel/graphql/filters.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

export enum CustomerStatus {
  ACTIVE = 'ACTIVE',
  INACTIVE = 'INACTIVE',
}
registerEnumType(CustomerStatus, {
  name: 'CustomerStatus',
  description: 'Whether business is done with a customer.',
  valuesConfig: { ACTIVE: { description: 'A customer of today.' }, INACTIVE: { description: 'A customer of former days; kept for the books.' } },
});

@Directive('@key(fields: "id")')
@ObjectType('Customer', { description: 'Who takes services and pays for them.', simpleResolvers: true })
export class CustomerType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'The number that people use, e.g. `C-000042`; unique within the tenant.' })
  accountNumber!: string;

  @Field(() => String, { description: 'Full name of the person or the company.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'E-mail address, as it was given.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number, as it was given.' })
  phone!: string | null;

  @Field(() => CustomerStatus, { description: 'Whether business is done with the customer.' })
  status!: CustomerStatus;

  @Field(() => DateTimeScalar, { description: 'Since when the customer is known.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the customer was last changed.' })
  updatedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the customer left; null for everybody who can be found. Only what he had leads to one who has left.' })
  closedAt!: Date | null;
}

export const CustomerConnection = connectionType(CustomerType, 'Customer');

@InputType('CustomerFilter', { description: 'Which customers; all given conditions must hold.' })
export class CustomerFilter {
  @Field(() => [ID], { nullable: true, description: 'One of these.' })
  @ArrayMaxSize(1000, { message: 'ids must be at most 1000.' })
  ids?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'By one of these full names; letter case does not matter.' })
  @ArrayMaxSize(1000, { message: 'names must be at most 1000.' })
  names?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Occurs in the name, the e-mail address, the phone or the account number.' })
  search?: string | null;

  @Field(() => StringFilter, { nullable: true, description: 'The name.' })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'The e-mail address.' })
  email?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'The phone number.' })
  phone?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'The account number.' })
  accountNumber?: StringFilter | null;

  @Field(() => CustomerStatus, { nullable: true, description: 'Whether business is done with them.' })
  status?: CustomerStatus | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'Since when they are known.' })
  createdAt?: DateTimeFilter | null;
}

/** The values are the sorted rows' properties. */
export enum CustomerOrderField {
  NAME = 'name',
  CREATED_AT = 'createdAt',
  ACCOUNT_NUMBER = 'accountNumber',
}
registerEnumType(CustomerOrderField, { name: 'CustomerOrderField', description: 'What customers are sorted by.' });

@InputType('CustomerOrder', { description: 'How customers are sorted.' })
export class CustomerOrder {
  @Field(() => CustomerOrderField, { description: 'By what.' })
  field!: CustomerOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

/** Digits with the signs that people write between them. */
export const PHONE = /^\+?[0-9][0-9 ()./-]{2,38}$/;
export const PHONE_MESSAGE = 'phone must be a telephone number: 3 to 40 digits, spaces and any of + ( ) . / -';
export const BLANK_MESSAGE = 'name must not be blank.';
export const NAME_MESSAGE = 'name must have at most 200 characters.';
export const EMAIL_MESSAGE = 'email must be an e-mail address.';

@InputType('CreateCustomerInput', { description: 'A customer to make.' })
export class CreateCustomerInput {
  @Field(() => ID, { nullable: true, description: 'UUID minted by the caller: for the product\'s own services alone.' })
  @IsUUID('loose', { message: 'id must be a UUID.' })
  id?: string | null;

  @Field(() => String, { description: 'Full name of the person or the company: 1 to 200 characters.' })
  @Matches(/\S/, { message: BLANK_MESSAGE })
  @MaxLength(200, { message: NAME_MESSAGE })
  name!: string;

  @Field(() => String, { nullable: true, description: 'E-mail address, at most 254 characters.' })
  @IsEmail({}, { message: EMAIL_MESSAGE })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`.' })
  @Matches(PHONE, { message: PHONE_MESSAGE })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the first result; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('UpdateCustomerInput', { description: 'Changes to a customer; what is absent or null stays. An empty text removes an e-mail address or a phone number.' })
export class UpdateCustomerInput {
  @Field(() => ID, { description: 'Which customer. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Full name: 1 to 200 characters.' })
  @Matches(/\S/, { message: BLANK_MESSAGE })
  @MaxLength(200, { message: NAME_MESSAGE })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  @ValidateIf((input: UpdateCustomerInput) => input.email !== '')
  @IsEmail({}, { message: EMAIL_MESSAGE })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  @ValidateIf((input: UpdateCustomerInput) => input.phone !== '')
  @Matches(PHONE, { message: PHONE_MESSAGE })
  phone?: string | null;

  @Field(() => CustomerStatus, { nullable: true, description: 'Whether business is done with the customer.' })
  status?: CustomerStatus | null;
}

@InputType('WithdrawCustomerInput', { description: 'A customer that its run takes back.' })
export class WithdrawCustomerInput {
  @Field(() => ID, { description: 'Which customer.' })
  id!: string;

  @Field(() => ID, { description: 'The run that made it.' })
  runId!: string;
}

@InputType('CloseCustomerInput', { description: 'A customer who has left.' })
export class CloseCustomerInput {
  @Field(() => ID, { description: 'Which customer. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => ID, { description: 'The run that offboards him.' })
  runId!: string;
}

@ObjectType('CustomerPayload', { description: 'The customer as it is now.', simpleResolvers: true })
export class CustomerPayload {
  @Field(() => CustomerType, { description: 'The customer.' })
  customer!: CustomerType;
}

@ObjectType('WithdrawCustomerPayload', { description: 'Whether there was anything to take back.', simpleResolvers: true })
export class WithdrawCustomerPayload {
  @Field(() => Boolean, { description: 'False when there was no such customer of this run: nothing was changed.' })
  withdrawn!: boolean;
}
