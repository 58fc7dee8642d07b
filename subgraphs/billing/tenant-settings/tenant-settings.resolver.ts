import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { BillingContext } from '../loaders.ts';
import type { BillingSettings, TenantSettings } from './tenant-settings.ts';
import { BillingSettingsPayload, BillingSettingsType, UpdateBillingSettingsInput } from './tenant-settings.type.ts';

@Resolver(() => BillingSettingsType)
export class BillingSettingsResolver {
  constructor(private readonly domain: BillingSettings) {}

  @Query(() => BillingSettingsType, { nullable: true, description: 'How the tenant bills.' })
  async billingSettings(@Ctx() { principal }: BillingContext): Promise<TenantSettings> {
    return this.domain.get(principal);
  }

  @Mutation(() => BillingSettingsPayload, { description: 'Changes how the tenant bills.' })
  async updateBillingSettings(
    @Arg('input', () => UpdateBillingSettingsInput, { description: 'The changes.' }) input: UpdateBillingSettingsInput,
    @Ctx() { principal }: BillingContext,
  ): Promise<{ settings: TenantSettings }> {
    return { settings: await this.domain.update(principal, input) };
  }
}
