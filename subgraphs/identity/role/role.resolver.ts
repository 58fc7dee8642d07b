import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { IdentityContext } from '../loaders.ts';
import type { Role, Roles } from './role.ts';
import { CreateRoleInput, DeleteRoleInput, DeleteRolePayload, RoleConnection, RolePayload, RoleType, UpdateRoleInput } from './role.type.ts';

@Resolver(() => RoleType)
export class RoleResolver {
  constructor(private readonly domain: Roles) {}

  @Query(() => RoleConnection, { description: 'The roles of the tenant, the oldest first.' })
  async roles(@Args(() => PageArgs) page: PageArgs, @Ctx() { principal }: IdentityContext): Promise<ConnectionValue<Role>> {
    return this.domain.list(principal, { page: checkedPage(page) });
  }

  @Mutation(() => RolePayload, { description: 'Makes a role.' })
  async createRole(@Arg('input', () => CreateRoleInput, { description: 'The role.' }) input: CreateRoleInput, @Ctx() { principal }: IdentityContext): Promise<{ role: Role }> {
    return { role: await this.domain.create(principal, input) };
  }

  @Mutation(() => RolePayload, { description: 'Changes a role. CONFLICT for one that comes with the product.' })
  async updateRole(@Arg('input', () => UpdateRoleInput, { description: 'The changes.' }) input: UpdateRoleInput, @Ctx() { principal }: IdentityContext): Promise<{ role: Role }> {
    return { role: await this.domain.update(principal, input) };
  }

  @Mutation(() => DeleteRolePayload, { description: 'Deletes a role. CONFLICT while a member has it, and for one that comes with the product.' })
  async deleteRole(@Arg('input', () => DeleteRoleInput, { description: 'Which one.' }) input: DeleteRoleInput, @Ctx() { principal }: IdentityContext): Promise<{ id: string }> {
    return { id: await this.domain.delete(principal, input) };
  }
}
