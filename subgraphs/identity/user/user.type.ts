import { IsEmail, Length, Matches, MaxLength } from 'class-validator';
import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { RoleType } from '../role/role.type.ts';
import { TenantType } from '../tenant/tenant.type.ts';

@ObjectType('Membership', { description: 'That a user belongs to a tenant, and with which rights.', simpleResolvers: true })
export class MembershipType {
  @Field(() => TenantType, { description: 'Where.' })
  tenant!: TenantType;

  @Field(() => RoleType, { description: 'As what.' })
  role!: RoleType;

  @Field(() => Boolean, { description: 'Whether it is the tenant that the user is mainly at home in; at most one is.' })
  primary!: boolean;
}

@Directive('@key(fields: "id")')
@ObjectType('User', { description: 'A person who logs in. A user may belong to several tenants.', simpleResolvers: true })
export class UserType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Name to log in with; unique.' })
  username!: string;

  @Field(() => String, { description: 'E-mail address, also to log in with; unique.' })
  email!: string;

  @Field(() => String, { description: 'Name that people read.' })
  fullName!: string;

  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  phone!: string | null;

  @Field(() => Boolean, { description: 'Whether the user may log in.' })
  active!: boolean;

  @Field(() => Boolean, { description: 'Whether the user looks after the whole installation and may act in any tenant.' })
  superAdmin!: boolean;

  @Field(() => RoleType, { nullable: true, description: 'What the user is in the tenant one acts in; null where the user is no member.' })
  role!: RoleType | null;

  @Field(() => TenantType, { nullable: true, description: 'The tenant of that role; where one acts in none, the main one of the user.' })
  tenant!: TenantType | null;

  @Field(() => [MembershipType], { description: 'Where the user belongs, as far as one may know: oneself everywhere, others in the tenant one acts in.' })
  memberships!: MembershipType[];

  @Field(() => DateTimeScalar, { description: 'When the user was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the user was last changed.' })
  updatedAt!: Date;
}

export const UserConnection = connectionType(UserType, 'User');

@InputType('UserFilter', { description: 'Which users; all given conditions must hold.' })
export class UserFilter {
  @Field(() => String, { nullable: true, description: 'Occurs in the username, the e-mail address or the full name.' })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether they may log in.' })
  active?: boolean | null;
}

const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{1,99}$/;
const USERNAME_MESSAGE = 'username must have 2 to 100 letters, digits and any of . _ @ + -, beginning with a letter or a digit.';
const EMAIL_MESSAGE = 'email must be an e-mail address.';
const PHONE = /^\+?[0-9][0-9 ()./-]{2,38}$/;
const PHONE_MESSAGE = 'phone must be a telephone number: 3 to 40 digits, spaces and any of + ( ) . / -';
const PASSWORD_DESCRIPTION = 'Password, at most 256 characters; how many at least is the tenant\'s policy.';
const PASSWORD_MESSAGE = 'password must have 1 to 256 characters.';

/** What is said of a person when a user is made. */
@InputType()
abstract class NewUserFields {
  @Field(() => String, { description: 'Name to log in with: 2 to 100 letters, digits and any of `. _ @ + -`. CONFLICT when it is taken.' })
  @Matches(USERNAME, { message: USERNAME_MESSAGE })
  username!: string;

  @Field(() => String, { description: 'E-mail address. CONFLICT when it is taken.' })
  @IsEmail({}, { message: EMAIL_MESSAGE })
  email!: string;

  @Field(() => String, { description: PASSWORD_DESCRIPTION })
  @Length(1, 256, { message: PASSWORD_MESSAGE })
  password!: string;

  @Field(() => String, { nullable: true, description: 'Name that people read, at most 200 characters; the username when absent.' })
  @MaxLength(200, { message: 'fullName must have at most 200 characters.' })
  fullName?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: 3 to 40 digits, spaces and any of `+ ( ) . / -`.' })
  @Matches(PHONE, { message: PHONE_MESSAGE })
  phone?: string | null;
}

@InputType('CreateUserInput', { description: 'A user to make, as a member of the tenant one acts in (a super admin in none: without membership).' })
export class CreateUserInput extends NewUserFields {
  @Field(() => String, { nullable: true, description: 'Code of the role; `viewer` when neither role nor roleId is given. Only one whose rights the caller holds: FORBIDDEN otherwise.' })
  role?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the role, in place of its code. Unknown: NOT_FOUND.' })
  roleId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the user may log in; true when absent.' })
  active?: boolean | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input (but for the password) answers the first result; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@InputType('RegisterInput', { description: 'A user who registers alone and belongs to no tenant until an administrator assigns one.' })
export class RegisterInput extends NewUserFields {
  @Field(() => String, { nullable: true, description: 'Id or slug of the tenant at whose door it happens; it must allow that. Not needed in a sandbox.' })
  tenant?: string | null;
}

@InputType('UpdateUserInput', { description: 'Changes to a user; what is absent or null stays.' })
export class UpdateUserInput {
  @Field(() => ID, { description: 'Which user. Unknown: NOT_FOUND.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name to log in with. CONFLICT when it is taken.' })
  @Matches(USERNAME, { message: USERNAME_MESSAGE })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address. CONFLICT when it is taken.' })
  @IsEmail({}, { message: EMAIL_MESSAGE })
  email?: string | null;

  @Field(() => String, { nullable: true, description: `${PASSWORD_DESCRIPTION} All sessions of the user end.` })
  @Length(1, 256, { message: PASSWORD_MESSAGE })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'Name that people read, at most 200 characters.' })
  @Matches(/\S/, { message: 'fullName must not be blank.' })
  @MaxLength(200, { message: 'fullName must have at most 200 characters.' })
  fullName?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  @Matches(PHONE, { message: PHONE_MESSAGE })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the role in the tenant one acts in, as assignRole.' })
  role?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the role, in place of its code.' })
  roleId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the user may log in; when not, all sessions end.' })
  active?: boolean | null;
}

@InputType('DeleteUserInput', { description: 'A user to remove from the tenant one acts in; with the last membership the user is deleted.' })
export class DeleteUserInput {
  @Field(() => ID, { description: 'Which user. Unknown: NOT_FOUND.' })
  id!: string;
}

@InputType('AssignRoleInput', { description: 'What a member of the tenant shall be from now on.' })
export class AssignRoleInput {
  @Field(() => ID, { description: 'Which user. No member of the tenant: NOT_FOUND.' })
  userId!: string;

  @Field(() => ID, { description: 'Id or code of the role. Unknown: NOT_FOUND. Only one whose rights the caller holds: FORBIDDEN otherwise.' })
  roleId!: string;
}

@InputType('AssignUserToTenantInput', { description: 'A tenant that a user shall belong to.' })
export class AssignUserToTenantInput {
  @Field(() => ID, { description: 'Which user. Unknown: NOT_FOUND.' })
  userId!: string;

  @Field(() => ID, { description: 'Id or slug of the tenant. Unknown: NOT_FOUND.' })
  tenantId!: string;

  @Field(() => String, { nullable: true, description: 'Id or code of the role there; `viewer` when absent, or what the member is already.' })
  role?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it becomes the user\'s main tenant.' })
  primary?: boolean | null;
}

@ObjectType('UserPayload', { description: 'The user as it is now.', simpleResolvers: true })
export class UserPayload {
  @Field(() => UserType, { description: 'The user.' })
  user!: UserType;
}

@ObjectType('DeleteUserPayload', { description: 'Who was deleted.', simpleResolvers: true })
export class DeleteUserPayload {
  @Field(() => ID, { description: 'Id of the user.' })
  id!: string;
}
