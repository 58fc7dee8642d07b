import { ArrayMaxSize, Length, Matches, MaxLength } from 'class-validator';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';

@ObjectType('Role', { description: 'A set of rights that members of a tenant are given.', simpleResolvers: true })
export class RoleType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'The name that programs use; unique within the tenant.' })
  code!: string;

  @Field(() => String, { description: 'The name that people read.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  description!: string | null;

  @Field(() => [String], { description: 'Rights as `noun:verb`; `noun:*` is every verb of a noun, `*` everything within the tenant.' })
  permissions!: string[];

  @Field(() => Boolean, { description: 'Whether it comes with the product; such roles cannot be changed.' })
  builtIn!: boolean;
}

export const RoleConnection = connectionType(RoleType, 'Role');

const PERMISSION = /^(?:\*|[a-z][a-z-]{0,39}:(?:\*|[a-z][a-z-]{0,39}))$/;
const PERMISSION_MESSAGE = 'permissions must have the form noun:verb, noun:* or *';
const BLANK_MESSAGE = 'name must not be blank.';
const NAME_MESSAGE = 'name must have at most 60 characters.';

@InputType('CreateRoleInput', { description: 'A role to make.' })
export class CreateRoleInput {
  @Field(() => String, { description: 'The name that programs use: 1 to 60 small letters, digits, `_` and `-`, beginning with a letter. CONFLICT when it is taken.' })
  @Matches(/^[a-z][a-z0-9_-]{0,59}$/, { message: 'code must have 1 to 60 small letters, digits, _ and -, beginning with a letter.' })
  code!: string;

  @Field(() => String, { nullable: true, description: 'The name that people read, at most 60 characters; the code when absent.' })
  @Matches(/\S/, { message: BLANK_MESSAGE })
  @MaxLength(60, { message: NAME_MESSAGE })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is for, at most 200 characters.' })
  @MaxLength(200, { message: 'description must have at most 200 characters.' })
  description?: string | null;

  @Field(() => [String], { description: 'Rights as `noun:verb`. Only such as the caller holds: FORBIDDEN otherwise.' })
  @ArrayMaxSize(100, { message: 'permissions must be at most 100.' })
  @Matches(PERMISSION, { each: true, message: PERMISSION_MESSAGE })
  permissions!: string[];

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the role that was made first; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('UpdateRoleInput', { description: 'Changes to a role; what is absent or null stays. Members have them from their next token on.' })
export class UpdateRoleInput {
  @Field(() => ID, { description: 'Which role. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The name that people read, at most 60 characters.' })
  @Matches(/\S/, { message: BLANK_MESSAGE })
  @MaxLength(60, { message: NAME_MESSAGE })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  @MaxLength(200, { message: 'description must have at most 200 characters.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'All rights it shall have. Only such as the caller holds: FORBIDDEN otherwise.' })
  @ArrayMaxSize(100, { message: 'permissions must be at most 100.' })
  @Matches(PERMISSION, { each: true, message: PERMISSION_MESSAGE })
  permissions?: string[] | null;
}

@InputType('DeleteRoleInput', { description: 'A role to delete.' })
export class DeleteRoleInput {
  @Field(() => ID, { description: 'Which role. Unknown: NOT_FOUND. Given to a member: CONFLICT.' })
  id!: string;
}

@ObjectType('RolePayload', { description: 'The role as it is now.', simpleResolvers: true })
export class RolePayload {
  @Field(() => RoleType, { description: 'The role.' })
  role!: RoleType;
}

@ObjectType('DeleteRolePayload', { description: 'What was deleted.', simpleResolvers: true })
export class DeleteRolePayload {
  @Field(() => ID, { description: 'Id of the role.' })
  id!: string;
}
