import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { CustomerRef, ServiceRef } from '../account/account.type.ts';
import { checkedPage, PageArgs, type ConnectionValue } from '#kernel/graphql/connection.ts';
import { MoneyType, toMoneyType } from '#kernel/graphql/money-type.ts';
import type { BillingContext } from '../loaders.ts';
import { openOf, type Invoice, type Invoices } from './invoice.ts';
import { BillingPeriodType, InvoiceConnection, InvoiceFilter, InvoiceLineType, InvoiceOrder, InvoiceType } from './invoice.type.ts';

@Resolver(() => InvoiceType)
export class InvoiceResolver {
  constructor(private readonly domain: Invoices) {}

  @Query(() => InvoiceType, { nullable: true, description: 'One invoice. Unknown: NOT_FOUND.' })
  async invoice(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: BillingContext): Promise<Invoice> {
    return this.domain.get(principal, id);
  }

  @Query(() => InvoiceConnection, { description: 'The invoices of the tenant.' })
  async invoices(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => InvoiceFilter, { nullable: true, description: 'Which ones.' }) filter: InvoiceFilter | null,
    @Arg('orderBy', () => [InvoiceOrder], { nullable: true, description: 'How they are sorted: the oldest first unless said otherwise.' }) orderBy: InvoiceOrder[] | null,
    @Ctx() { principal }: BillingContext,
  ): Promise<ConnectionValue<Invoice>> {
    return this.domain.list(principal, { page: checkedPage(page), filter, orderBy });
  }

  @FieldResolver(() => CustomerRef)
  customer(@Root() { customerId }: Invoice): CustomerRef {
    return { id: customerId };
  }

  @FieldResolver(() => ServiceRef, { nullable: true })
  service(@Root() { serviceId }: Invoice): ServiceRef {
    return { id: serviceId };
  }

  @FieldResolver(() => BillingPeriodType)
  period(@Root() { periodFrom, periodTo }: Invoice): BillingPeriodType {
    return { from: periodFrom, to: periodTo };
  }

  @FieldResolver(() => MoneyType)
  total(@Root() { total }: Invoice): MoneyType {
    return toMoneyType(total);
  }

  @FieldResolver(() => MoneyType)
  paid(@Root() { paid }: Invoice): MoneyType {
    return toMoneyType(paid);
  }

  @FieldResolver(() => MoneyType)
  open(@Root() invoice: Invoice): MoneyType {
    return toMoneyType(openOf(invoice));
  }

  @FieldResolver(() => [InvoiceLineType])
  async lines(@Root() { id }: Invoice, @Ctx() { loaders }: BillingContext): Promise<InvoiceLineType[]> {
    const lines = await loaders.linesOfInvoice.load(id);
    return lines.map((line) => ({ ...line, unitPrice: toMoneyType(line.unitPrice), total: toMoneyType(line.total) }));
  }
}
