import { Length } from 'class-validator';
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { TenantType } from '../tenant/tenant.type.ts';
import { UserType } from '../user/user.type.ts';

@InputType('LoginInput', { description: 'Who logs in: a username or an e-mail address, with the password.' })
export class LoginInput {
  @Field(() => String, { nullable: true, description: 'Username; an e-mail address is taken too.' })
  @Length(1, 254, { message: 'username must have 1 to 254 characters.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address, in place of the username.' })
  @Length(1, 254, { message: 'email must have 1 to 254 characters.' })
  email?: string | null;

  @Field(() => String, { description: 'Password.' })
  @Length(1, 256, { message: 'password must have 1 to 256 characters.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'Id or slug of the tenant to act in; needed by members of several.' })
  @Length(1, 63, { message: 'tenant must be a UUID or a slug.' })
  tenant?: string | null;
}

@InputType('RefreshInput', { description: 'A refresh token to be exchanged.' })
export class RefreshInput {
  @Field(() => String, { description: 'The refresh token of the last login or refresh. Each is good once.' })
  refreshToken!: string;
}

@InputType('LogoutInput', { description: 'A login to end.' })
export class LogoutInput {
  @Field(() => String, { description: 'A refresh token of the login.' })
  refreshToken!: string;
}

@ObjectType('LoginPayload', { description: 'What one holds after a login or a refresh.', simpleResolvers: true })
export class LoginPayload {
  @Field(() => String, { description: 'JWT for the `Authorization: Bearer` header.' })
  accessToken!: string;

  @Field(() => String, { description: 'Random UUID; exchange it with `refresh` for new tokens. Good once: used twice, the login ends.' })
  refreshToken!: string;

  @Field(() => Int, { description: 'Seconds until the access token ends.' })
  expiresIn!: number;

  @Field(() => Int, { description: 'Seconds until the refresh token ends.' })
  refreshExpiresIn!: number;

  @Field(() => UserType, { description: 'Who has logged in.' })
  user!: UserType;

  @Field(() => TenantType, { nullable: true, description: 'The tenant acted in; null for super admins and for users who belong to none.' })
  tenant!: TenantType | null;
}

@ObjectType('LogoutPayload', { description: 'That the login has ended.', simpleResolvers: true })
export class LogoutPayload {
  @Field(() => Boolean, { description: 'Always true: a token that is not known is logged out already.' })
  success!: boolean;
}
