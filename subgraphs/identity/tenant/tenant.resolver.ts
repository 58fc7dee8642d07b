import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { IdentityContext } from '../loaders.ts';
import type { Tenant, Tenants } from './tenant.ts';
import { CreateTenantInput, PasswordPolicyType, DeleteTenantInput, DeleteTenantPayload, TenantConnection, TenantFilter, TenantOrder, TenantPayload, TenantRef, TenantType, UpdateTenantInput } from './tenant.type.ts';

@Resolver(() => TenantType)
export class TenantResolver {
  constructor(private readonly domain: Tenants) {}

  @Query(() => TenantType, { nullable: true, description: 'The tenant one acts in; another one for super admins, FORBIDDEN for others. Unknown: NOT_FOUND.' })
  async tenant(@Arg('id', () => ID, { nullable: true, description: 'Id or slug; absent: the tenant one acts in.' }) id: string | null, @Ctx() { principal }: IdentityContext): Promise<Tenant> {
    return this.domain.get(principal, id ?? null);
  }

  @Query(() => TenantConnection, { description: 'All tenants of the installation. For super admins.' })
  async tenants(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => TenantFilter, { nullable: true, description: 'Which ones.' }) filter: TenantFilter | null,
    @Arg('orderBy', () => [TenantOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: TenantOrder[] | null,
  ): Promise<ConnectionValue<Tenant>> {
    return this.domain.list({ page: checkedPage(page), filter, orderBy });
  }

  @Directive('@inaccessible')
  @Query(() => TenantRef, { nullable: true, description: 'For the gateway: an active tenant by id or slug; null when there is none.' })
  async _tenant(@Arg('idOrSlug', () => String, { description: 'UUID or slug.' }) idOrSlug: string): Promise<TenantRef | null> {
    return this.domain.resolve(idOrSlug);
  }

  @Mutation(() => TenantPayload, { description: 'Makes a tenant with the roles that come with the product. For super admins.' })
  async createTenant(@Arg('input', () => CreateTenantInput, { description: 'The tenant.' }) input: CreateTenantInput): Promise<{ tenant: Tenant }> {
    return { tenant: await this.domain.create(input) };
  }

  @Mutation(() => TenantPayload, { description: 'Changes a tenant. For super admins.' })
  async updateTenant(@Arg('input', () => UpdateTenantInput, { description: 'The changes.' }) input: UpdateTenantInput): Promise<{ tenant: Tenant }> {
    return { tenant: await this.domain.update(input) };
  }

  @Mutation(() => DeleteTenantPayload, { description: 'Deletes a tenant: nobody logs in to it any more, its sessions end, its slug is free again; its data stays for the books. For super admins.' })
  async deleteTenant(@Arg('input', () => DeleteTenantInput, { description: 'Which one.' }) input: DeleteTenantInput): Promise<{ id: string }> {
    return { id: await this.domain.delete(input) };
  }

  @FieldResolver(() => PasswordPolicyType)
  passwordPolicy(@Root() tenant: Tenant): PasswordPolicyType {
    return tenant.settings.passwordPolicy;
  }

  @FieldResolver(() => Boolean)
  allowRegistration(@Root() tenant: Tenant): boolean {
    return tenant.settings.allowRegistration;
  }

  @FieldResolver(() => Int, { description: 'How many users belong to it.' })
  userCount(@Root() tenant: Tenant, @Ctx() { loaders }: IdentityContext): Promise<number> {
    return loaders.userCountOfTenant.load(tenant.id);
  }

  @FieldResolver(() => Int, { description: 'How many customers it has; those who have left do not count.' })
  customerCount(@Root() tenant: Tenant, @Ctx() { loaders }: IdentityContext): Promise<number> {
    return loaders.customerCountOfTenant.load(tenant.id);
  }
}
