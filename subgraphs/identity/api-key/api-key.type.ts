import { ArrayMaxSize, Length, Matches, MaxLength } from 'class-validator';
import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';

@ObjectType('ApiKey', { description: 'A key with which a program acts in the tenant.', simpleResolvers: true })
export class ApiKeyType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'What it is for.' })
  name!: string;

  @Field(() => String, { description: 'The first characters of the key, to tell keys apart.' })
  prefix!: string;

  @Field(() => [String], { description: 'What it may do, as `noun:verb`.' })
  permissions!: string[];

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends by itself; null: never.' })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked.' })
  revokedAt!: Date | null;
}

export const ApiKeyConnection = connectionType(ApiKeyType, 'ApiKey');

@InputType('CreateApiKeyInput', { description: 'An API key to make.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What it is for: 1 to 120 characters.' })
  @Matches(/\S/, { message: 'name must not be blank.' })
  @MaxLength(120, { message: 'name must have at most 120 characters.' })
  name!: string;

  @Field(() => [String], { description: 'What it may do, as `noun:verb`. Only what the caller may: FORBIDDEN otherwise.' })
  @ArrayMaxSize(100, { message: 'permissions must be at most 100.' })
  @Matches(/^(?:\*|[a-z][a-z-]{0,39}:(?:\*|[a-z][a-z-]{0,39}))$/, { each: true, message: 'permissions must have the form noun:verb, noun:* or *' })
  permissions!: string[];

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it shall end by itself.' })
  expiresAt?: Date | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input, by the same caller, answers the API key that was made first; another input or caller is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('RevokeApiKeyInput', { description: 'An API key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'Which key. Unknown: NOT_FOUND.' })
  id!: string;
}

@ObjectType('CreateApiKeyPayload', { description: 'The key that was made.', simpleResolvers: true })
export class CreateApiKeyPayload {
  @Field(() => ApiKeyType, { description: 'What is kept of it.' })
  apiKey!: ApiKeyType;

  @Field(() => String, { description: 'The key itself: shown in this answer, in that to the same idempotencyKey, and never again.' })
  key!: string;
}

@ObjectType('ApiKeyPayload', { description: 'The key as it is now.', simpleResolvers: true })
export class ApiKeyPayload {
  @Field(() => ApiKeyType, { description: 'The key.' })
  apiKey!: ApiKeyType;
}

@Directive('@inaccessible')
@ObjectType('ApiKeyPrincipal', { description: 'Who an API key stands for, for the gateway.', simpleResolvers: true })
export class ApiKeyPrincipal {
  @Field(() => ID, { description: 'Id of the key.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'The tenant it acts in.' })
  tenantId!: string | null;

  @Field(() => [String], { description: 'What it may do.' })
  permissions!: string[];

  @Field(() => Boolean, { description: 'Whether it may act in any tenant.' })
  superAdmin!: boolean;
}
