import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import { MoneyType, toMoneyType } from '#kernel/graphql/money-type.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { CustomerInvoiceFilter, InvoiceConnection, InvoiceOrder } from '../invoice/invoice.type.ts';
import type { BillingContext } from '../loaders.ts';
import type { Payment } from '../payment/payment.ts';
import { PaymentConnection, PaymentOrder } from '../payment/payment.type.ts';
import { CustomerRef } from './account.type.ts';

/** What billing adds to the customers of identity. */
@Resolver(() => CustomerRef)
export class CustomerAccountResolver {
  @FieldResolver(() => MoneyType, { description: 'What the customer owes: open invoices less unallocated credit. Positive: owes. In the currency in which the customer was charged first.' })
  async balance(@Root() customer: CustomerRef, @Ctx() { loaders }: BillingContext): Promise<MoneyType> {
    return toMoneyType((await loaders.balances.load(customer.id)).main);
  }

  @FieldResolver(() => [MoneyType], { description: 'The balance in every currency in which something is open.' })
  async balances(@Root() customer: CustomerRef, @Ctx() { loaders }: BillingContext): Promise<MoneyType[]> {
    return (await loaders.balances.load(customer.id)).all.map(toMoneyType);
  }

  @FieldResolver(() => InvoiceConnection, { description: 'The customer\'s invoices, the oldest first unless said otherwise.' })
  async invoices(
    @Root() customer: CustomerRef,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => CustomerInvoiceFilter, { nullable: true, description: 'Which ones.' }) filter: CustomerInvoiceFilter | null,
    @Arg('orderBy', () => [InvoiceOrder], { nullable: true, description: 'How they are sorted.' }) orderBy: InvoiceOrder[] | null,
    @Ctx() { loaders }: BillingContext,
  ): Promise<ConnectionValue<Invoice>> {
    const found = await loaders.invoicesOfCustomer({ page: checkedPage(page), filter, orderBy }).load(customer.id);
    return { ...found, totalCount: () => loaders.invoiceCountOfCustomer(filter).load(customer.id) };
  }

  @FieldResolver(() => PaymentConnection, { description: 'What the customer has paid, the oldest first unless said otherwise.' })
  async payments(
    @Root() customer: CustomerRef,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('orderBy', () => [PaymentOrder], { nullable: true, description: 'How they are sorted.' }) orderBy: PaymentOrder[] | null,
    @Ctx() { loaders }: BillingContext,
  ): Promise<ConnectionValue<Payment>> {
    const found = await loaders.paymentsOfCustomer({ page: checkedPage(page), orderBy }).load(customer.id);
    return { ...found, totalCount: () => loaders.paymentCountOfCustomer.load(customer.id) };
  }
}
