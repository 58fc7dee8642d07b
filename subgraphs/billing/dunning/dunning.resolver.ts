import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { tenantOf } from '#kernel/access/tenant.ts';
import type { BillingContext } from '../loaders.ts';
import type { Dunning, DunningRun } from './dunning.ts';
import { DunningRunType, RunDunningInput, RunDunningPayload } from './dunning.type.ts';

@Resolver(() => DunningRunType)
export class DunningResolver {
  constructor(private readonly domain: Dunning) {}

  @Mutation(() => RunDunningPayload, { description: 'Finds invoices that are overdue, and services to be suspended for them. Happens daily by itself; repeating it finds nothing new.' })
  async runDunning(@Arg('input', () => RunDunningInput, { description: 'As of when.' }) { asOf }: RunDunningInput, @Ctx() { principal }: BillingContext): Promise<{ run: DunningRun }> {
    return { run: await this.domain.run(tenantOf(principal), asOf ?? null) };
  }
}
