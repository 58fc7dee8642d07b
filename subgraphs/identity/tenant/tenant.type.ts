import { IsTimeZone, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { CurrencyCodeScalar, DateTimeScalar } from '#kernel/graphql/scalars.ts';

@ObjectType('PasswordPolicy', { description: 'What a tenant asks of its users\' passwords.', simpleResolvers: true })
export class PasswordPolicyType {
  @Field(() => Int, { description: 'Fewest characters.' })
  minLength!: number;
}

@Directive('@key(fields: "id")')
@ObjectType('Tenant', { description: 'An Internet service provider that works with this installation.', simpleResolvers: true })
export class TenantType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Short name for addresses and headers; unique.' })
  slug!: string;

  @Field(() => String, { description: 'Name that people read.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Legal name of the company.' })
  companyName!: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  phone!: string | null;

  @Field(() => String, { description: 'IANA time zone in which its days begin and end, e.g. `Asia/Jakarta`.' })
  timeZone!: string;

  @Field(() => CurrencyCodeScalar, { description: 'Currency in which its prices are given where none is named.' })
  currency!: string;

  @Field(() => Int, { nullable: true, description: 'Most routers it may register; null: no limit.' })
  maxRouters!: number | null;

  @Field(() => Int, { nullable: true, description: 'Most subscribers it may have; null: no limit.' })
  maxSubscribers!: number | null;

  @Field(() => GraphQLJSONObject, { description: 'What is switched on for it, by name.' })
  features!: Record<string, unknown>;

  @Field(() => PasswordPolicyType, { description: 'What it asks of passwords.' })
  passwordPolicy!: PasswordPolicyType;

  @Field(() => Boolean, { description: 'Whether people may register themselves, to be assigned by an administrator.' })
  allowRegistration!: boolean;

  @Field(() => Boolean, { description: 'Whether its users may log in.' })
  active!: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  updatedAt!: Date;
}

export const TenantConnection = connectionType(TenantType, 'Tenant');

@InputType('TenantFilter', { description: 'Which tenants; all given conditions must hold.' })
export class TenantFilter {
  @Field(() => String, { nullable: true, description: 'Occurs in the name, the slug or the company.' })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its users may log in.' })
  active?: boolean | null;
}

/** The values are the sorted rows' properties. */
export enum TenantOrderField {
  CREATED_AT = 'createdAt',
  NAME = 'name',
  SLUG = 'slug',
}
registerEnumType(TenantOrderField, { name: 'TenantOrderField', description: 'What tenants are sorted by.' });

@InputType('TenantOrder', { description: 'How tenants are sorted.' })
export class TenantOrder {
  @Field(() => TenantOrderField, { description: 'By what.' })
  field!: TenantOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

const SLUG = /^[a-z0-9][a-z0-9_-]{1,62}$/;
const SLUG_MESSAGE = 'slug must have 2 to 63 small letters, digits, - and _, beginning with a letter or a digit.';

@InputType('PasswordPolicyInput', { description: 'What a tenant asks of its users\' passwords.' })
export class PasswordPolicyInput {
  @Field(() => Int, { description: 'Fewest characters, 6 to 64.' })
  @Min(6, { message: 'minLength must be 6 to 64.' })
  @Max(64, { message: 'minLength must be 6 to 64.' })
  minLength!: number;
}

const LIMIT_MAX = 10_000_000;

/** What may be said of a tenant when it is made and later. */
@InputType()
abstract class TenantFields {
  @Field(() => String, { nullable: true, description: 'Legal name of the company, at most 200 characters.' })
  @MaxLength(200, { message: 'companyName must have at most 200 characters.' })
  companyName?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`.' })
  @Matches(/^\+?[0-9][0-9 ()./-]{2,38}$/, { message: 'phone must be a telephone number: 3 to 40 digits, spaces and any of + ( ) . / -' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'IANA time zone, e.g. `Asia/Jakarta`; UTC when none was ever given.' })
  @IsTimeZone({ message: 'timeZone must be an IANA time zone such as Asia/Jakarta.' })
  timeZone?: string | null;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: 'Currency in which its prices are given where none is named; USD when none was ever given.' })
  currency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Most routers it may register.' })
  @Min(0, { message: 'maxRouters must be 0 or more.' })
  @Max(LIMIT_MAX, { message: `maxRouters must be at most ${LIMIT_MAX}.` })
  maxRouters?: number | null;

  @Field(() => Int, { nullable: true, description: 'Most subscribers it may have.' })
  @Min(0, { message: 'maxSubscribers must be 0 or more.' })
  @Max(LIMIT_MAX, { message: `maxSubscribers must be at most ${LIMIT_MAX}.` })
  maxSubscribers?: number | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'What is switched on for it, by name; at most 8 KB.' })
  features?: Record<string, unknown> | null;

  @Field(() => PasswordPolicyInput, { nullable: true, description: 'What it asks of passwords; 8 characters when none was ever given.' })
  @ValidateNested()
  passwordPolicy?: PasswordPolicyInput | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether people may register themselves.' })
  allowRegistration?: boolean | null;
}

@InputType('CreateTenantInput', { description: 'A tenant to make.' })
export class CreateTenantInput extends TenantFields {
  @Field(() => String, { description: 'Short name: 2 to 63 small letters, digits, `-` and `_`, beginning with a letter or a digit. CONFLICT when it is taken.' })
  @Matches(SLUG, { message: SLUG_MESSAGE })
  slug!: string;

  @Field(() => String, { description: 'Name that people read: 1 to 200 characters.' })
  @Matches(/\S/, { message: 'name must not be blank.' })
  @MaxLength(200, { message: 'name must have at most 200 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the first result; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('UpdateTenantInput', { description: 'Changes to a tenant; what is absent or null stays.' })
export class UpdateTenantInput extends TenantFields {
  @Field(() => ID, { description: 'Id or slug. Unknown: NOT_FOUND.' })
  @Length(1, 63, { message: 'id must be a UUID or a slug.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name that people read: 1 to 200 characters.' })
  @Matches(/\S/, { message: 'name must not be blank.' })
  @MaxLength(200, { message: 'name must have at most 200 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Short name. CONFLICT when it is taken.' })
  @Matches(SLUG, { message: SLUG_MESSAGE })
  slug?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its users may log in; when not, their sessions end.' })
  active?: boolean | null;
}

@InputType('DeleteTenantInput', { description: 'A tenant to delete.' })
export class DeleteTenantInput {
  @Field(() => ID, { description: 'Id or slug. Unknown: NOT_FOUND.' })
  id!: string;
}

@ObjectType('TenantPayload', { description: 'The tenant as it is now.', simpleResolvers: true })
export class TenantPayload {
  @Field(() => TenantType, { description: 'The tenant.' })
  tenant!: TenantType;
}

@ObjectType('DeleteTenantPayload', { description: 'What was deleted.', simpleResolvers: true })
export class DeleteTenantPayload {
  @Field(() => ID, { description: 'Id of the tenant.' })
  id!: string;
}

@Directive('@inaccessible')
@ObjectType('TenantRef', { description: 'A tenant, for the gateway.', simpleResolvers: true })
export class TenantRef {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Short name.' })
  slug!: string;
}
