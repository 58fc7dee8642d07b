import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { IdentityContext } from '../loaders.ts';
import type { CustomerBatches } from './customer-batch.ts';
import { CloseCustomersInput, CloseCustomersPayload, UpsertCustomersInput, UpsertCustomersPayload } from './customer-batch.type.ts';
import type { Customer } from './customer.ts';

@Resolver()
export class CustomerBatchResolver {
  constructor(private readonly batches: CustomerBatches) {}

  @Mutation(() => UpsertCustomersPayload, { description: 'Makes the customers that are not known yet and changes those that are. Sent again, it changes nothing.' })
  async upsertCustomers(@Arg('input', () => UpsertCustomersInput, { description: 'The customers.' }) input: UpsertCustomersInput, @Ctx() { principal }: IdentityContext): Promise<{ customers: Customer[]; created: number; updated: number }> {
    return this.batches.upsert(principal, input);
  }

  @Mutation(() => CloseCustomersPayload, { description: 'Customers without services leave: they are kept for the books and found no more. One who has a service: CONFLICT (`offboardCustomer` ends his services first).' })
  async closeCustomers(@Arg('input', () => CloseCustomersInput, { description: 'Who.' }) input: CloseCustomersInput, @Ctx() { principal }: IdentityContext): Promise<{ customers: Customer[] }> {
    return { customers: await this.batches.close(principal, input) };
  }
}
