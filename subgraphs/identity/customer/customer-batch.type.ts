import { ArrayMaxSize, ArrayMinSize, IsEmail, Matches, MaxLength, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { BLANK_MESSAGE, CustomerType, EMAIL_MESSAGE, NAME_MESSAGE, PHONE, PHONE_MESSAGE } from './customer.type.ts';

@InputType('UpsertedCustomerInput', { description: 'A customer who is made, or changed where he is known. The same e-mail address is the same customer; else the same phone number, else the same name, unless e-mail address or phone number contradict.' })
export class UpsertedCustomerInput {
  @Field(() => String, { description: 'Full name of the person or the company: 1 to 200 characters.' })
  @Matches(/\S/, { message: BLANK_MESSAGE })
  @MaxLength(200, { message: NAME_MESSAGE })
  name!: string;

  @Field(() => String, { nullable: true, description: 'E-mail address, at most 254 characters. Absent: the known one stays.' })
  @IsEmail({}, { message: EMAIL_MESSAGE })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`. Absent: the known one stays.' })
  @Matches(PHONE, { message: PHONE_MESSAGE })
  phone?: string | null;
}

@InputType('UpsertCustomersInput', { description: 'Customers to make or to change, all of them or none.' })
export class UpsertCustomersInput {
  @Field(() => [UpsertedCustomerInput], { description: 'One to 100. One who fits several known customers equally: CONFLICT.' })
  @ArrayMinSize(1, { message: 'customers must be at least one.' })
  @ArrayMaxSize(100, { message: 'customers must be at most 100.' })
  @ValidateNested()
  customers!: UpsertedCustomerInput[];
}

@ObjectType('UpsertCustomersPayload', { description: 'The customers as they are now.', simpleResolvers: true })
export class UpsertCustomersPayload {
  @Field(() => [CustomerType], { description: 'In the order of the input.' })
  customers!: CustomerType[];

  @Field(() => Int, { description: 'How many were made.' })
  created!: number;

  @Field(() => Int, { description: 'How many known ones were changed.' })
  updated!: number;
}

@InputType('CloseCustomersInput', { description: 'Customers without services who leave, all of them or none.' })
export class CloseCustomersInput {
  @Field(() => [ID], { nullable: true, description: 'By id. Unknown: NOT_FOUND.' })
  @ArrayMaxSize(100, { message: 'ids must be at most 100.' })
  ids?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'By full name; letter case does not matter. Unknown: NOT_FOUND. Several of one name: CONFLICT.' })
  @ArrayMaxSize(100, { message: 'names must be at most 100.' })
  names?: string[] | null;
}

@ObjectType('CloseCustomersPayload', { description: 'The customers who have left.', simpleResolvers: true })
export class CloseCustomersPayload {
  @Field(() => [CustomerType], { description: 'As they were left: kept for the books, found no more.' })
  customers!: CustomerType[];
}
