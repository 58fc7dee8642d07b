import { Arg, Args, Ctx, Directive, Mutation, Query, Resolver } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { IdentityContext } from '../loaders.ts';
import type { ApiKey, ApiKeys } from './api-key.ts';
import { ApiKeyConnection, ApiKeyPayload, ApiKeyPrincipal, ApiKeyType, CreateApiKeyInput, CreateApiKeyPayload, RevokeApiKeyInput } from './api-key.type.ts';

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  constructor(private readonly domain: ApiKeys) {}

  @Query(() => ApiKeyConnection, { description: 'The API keys of the tenant, the oldest first.' })
  async apiKeys(@Args(() => PageArgs) page: PageArgs, @Ctx() { principal }: IdentityContext): Promise<ConnectionValue<ApiKey>> {
    return this.domain.list(principal, { page: checkedPage(page) });
  }

  @Directive('@inaccessible')
  @Query(() => ApiKeyPrincipal, { nullable: true, description: 'For the gateway: whom an API key stands for; null when it is not good.' })
  async _principalOfApiKey(@Arg('key', () => String, { description: 'The key as the client sent it.' }) key: string): Promise<ApiKeyPrincipal | null> {
    return this.domain.principalOf(key);
  }

  @Mutation(() => CreateApiKeyPayload, { description: 'Makes an API key.' })
  async createApiKey(@Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput, @Ctx() { principal }: IdentityContext): Promise<{ apiKey: ApiKey; key: string }> {
    return this.domain.create(principal, input);
  }

  @Mutation(() => ApiKeyPayload, { description: 'Revokes an API key, at once.' })
  async revokeApiKey(@Arg('input', () => RevokeApiKeyInput, { description: 'Which one.' }) input: RevokeApiKeyInput, @Ctx() { principal }: IdentityContext): Promise<{ apiKey: ApiKey }> {
    return { apiKey: await this.domain.revoke(principal, input) };
  }
}
