import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { IdentityContext } from '../loaders.ts';
import type { Role } from '../role/role.ts';
import { RoleType } from '../role/role.type.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { TenantType } from '../tenant/tenant.type.ts';
import { membershipIn, type Membership, type Self, type User, type Users } from './user.ts';
import {
  AssignRoleInput,
  AssignUserToTenantInput,
  CreateUserInput,
  MembershipType,
  RegisterInput,
  DeleteUserInput,
  DeleteUserPayload,
  UpdateUserInput,
  UserConnection,
  UserFilter,
  UserPayload,
  UserType,
} from './user.type.ts';

@Resolver(() => UserType)
export class UserResolver {
  constructor(private readonly domain: Users) {}

  @Query(() => UserType, { description: 'Who is asking. FORBIDDEN for an API key.' })
  async me(@Ctx() { principal }: IdentityContext): Promise<Self> {
    return this.domain.me(principal);
  }

  @Query(() => UserType, { nullable: true, description: 'One user of the tenant; any for a super admin in none. Unknown: NOT_FOUND.' })
  async user(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: IdentityContext): Promise<User> {
    return this.domain.get(principal, id);
  }

  @Query(() => UserConnection, { description: 'The users of the tenant, the oldest first; all for a super admin in none.' })
  async users(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => UserFilter, { nullable: true, description: 'Which ones.' }) filter: UserFilter | null,
    @Ctx() { principal }: IdentityContext,
  ): Promise<ConnectionValue<User>> {
    return this.domain.list(principal, { page: checkedPage(page), filter });
  }

  @Mutation(() => UserPayload, { description: 'Makes a user.' })
  async createUser(@Arg('input', () => CreateUserInput, { description: 'The user.' }) input: CreateUserInput, @Ctx() { principal }: IdentityContext): Promise<{ user: User }> {
    return { user: await this.domain.create(principal, input) };
  }

  @Mutation(() => UserPayload, { description: 'Makes oneself a user without any right. FORBIDDEN where registration is closed.' })
  async register(@Arg('input', () => RegisterInput, { description: 'The user.' }) input: RegisterInput): Promise<{ user: Self }> {
    return { user: { ...(await this.domain.register(input)), memberships: [], tenantId: null } };
  }

  @Mutation(() => UserPayload, { description: 'Changes a user. FORBIDDEN for one with more rights than oneself, or who belongs to other tenants too.' })
  async updateUser(@Arg('input', () => UpdateUserInput, { description: 'The changes.' }) input: UpdateUserInput, @Ctx() { principal }: IdentityContext): Promise<{ user: User }> {
    return { user: await this.domain.update(principal, input) };
  }

  @Mutation(() => DeleteUserPayload, { description: 'Removes a user from the tenant (a super admin in none: altogether). His sessions end at once, his access token within 15 minutes.' })
  async deleteUser(@Arg('input', () => DeleteUserInput, { description: 'Which one.' }) input: DeleteUserInput, @Ctx() { principal }: IdentityContext): Promise<{ id: string }> {
    return { id: await this.domain.delete(principal, input) };
  }

  @Mutation(() => UserPayload, { description: 'Gives a member of the tenant another role, from the next token on.' })
  async assignRole(@Arg('input', () => AssignRoleInput, { description: 'Who and what.' }) input: AssignRoleInput, @Ctx() { principal }: IdentityContext): Promise<{ user: User }> {
    return { user: await this.domain.assignRole(principal, input) };
  }

  @Mutation(() => UserPayload, { description: 'Makes a user a member of a tenant. For super admins.' })
  async assignUserToTenant(@Arg('input', () => AssignUserToTenantInput, { description: 'Who and where.' }) input: AssignUserToTenantInput, @Ctx() { principal }: IdentityContext): Promise<{ user: User }> {
    return { user: await this.domain.assignUserToTenant(principal, input) };
  }

  @FieldResolver(() => [MembershipType])
  async memberships(@Root() user: User | Self, @Ctx() { loaders }: IdentityContext): Promise<Membership[]> {
    return 'memberships' in user ? user.memberships : loaders.membershipsOfUser.load(user.id);
  }

  @FieldResolver(() => RoleType)
  async role(@Root() user: User | Self, @Ctx() context: IdentityContext): Promise<Role | null> {
    return membershipIn(actedIn(user, context), await this.memberships(user, context))?.role ?? null;
  }

  @FieldResolver(() => TenantType)
  async tenant(@Root() user: User | Self, @Ctx() context: IdentityContext): Promise<Tenant | null> {
    return membershipIn(actedIn(user, context), await this.memberships(user, context))?.tenant ?? null;
  }
}

/** A user who has just logged in acts in the tenant of the login; the request itself came from nobody. */
function actedIn(user: User | Self, { principal }: IdentityContext): string | null {
  return 'memberships' in user ? user.tenantId : principal.tenantId;
}
