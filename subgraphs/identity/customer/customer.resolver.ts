import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import type { IdentityContext } from '../loaders.ts';
import type { Customer, Customers } from './customer.ts';
import {
  CloseCustomerInput,
  CreateCustomerInput,
  CustomerConnection,
  CustomerFilter,
  CustomerOrder,
  CustomerPayload,
  CustomerType,
  UpdateCustomerInput,
  WithdrawCustomerInput,
  WithdrawCustomerPayload,
} from './customer.type.ts';

@Resolver(() => CustomerType)
export class CustomerResolver {
  constructor(private readonly domain: Customers) {}

  @Query(() => CustomerType, { nullable: true, description: 'One customer. Unknown: NOT_FOUND.' })
  async customer(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: IdentityContext): Promise<Customer> {
    return this.domain.get(principal, id);
  }

  @Query(() => CustomerConnection, { description: 'The customers of the tenant.' })
  async customers(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => CustomerFilter, { nullable: true, description: 'Which ones.' }) filter: CustomerFilter | null,
    @Arg('orderBy', () => [CustomerOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: CustomerOrder[] | null,
    @Ctx() { principal }: IdentityContext,
  ): Promise<ConnectionValue<Customer>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @Mutation(() => CustomerPayload, { description: 'Makes a customer.' })
  async createCustomer(@Arg('input', () => CreateCustomerInput, { description: 'The customer.' }) input: CreateCustomerInput, @Ctx() { principal }: IdentityContext): Promise<{ customer: Customer }> {
    return { customer: await this.domain.create(principal, input) };
  }

  @Mutation(() => CustomerPayload, { description: 'Changes a customer.' })
  async updateCustomer(@Arg('input', () => UpdateCustomerInput, { description: 'The changes.' }) input: UpdateCustomerInput, @Ctx() { principal }: IdentityContext): Promise<{ customer: Customer }> {
    return { customer: await this.domain.update(principal, input) };
  }

  @Mutation(() => WithdrawCustomerPayload, { description: 'For sagas: takes back a customer that the run itself has made.' })
  async withdrawCustomer(@Arg('input', () => WithdrawCustomerInput, { description: 'Which one.' }) input: WithdrawCustomerInput, @Ctx() { principal }: IdentityContext): Promise<{ withdrawn: boolean }> {
    return { withdrawn: await this.domain.withdraw(principal, input) };
  }

  @Mutation(() => CustomerPayload, { description: 'For sagas: the customer has left. From then on he is NOT_FOUND and not listed; what he had still leads to him.' })
  async closeCustomer(@Arg('input', () => CloseCustomerInput, { description: 'Which one.' }) input: CloseCustomerInput, @Ctx() { principal }: IdentityContext): Promise<{ customer: Customer }> {
    return { customer: await this.domain.close(principal, input) };
  }
}
