import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CustomerRef } from '../account/account.type.ts';
import { MoneyType, toMoneyType } from '#kernel/graphql/money-type.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { InvoiceType } from '../invoice/invoice.type.ts';
import type { BillingContext } from '../loaders.ts';
import type { Payment, Payments } from './payment.ts';
import { PaymentAllocationType, PaymentType, RecordPaymentInput, RecordPaymentPayload } from './payment.type.ts';

@Resolver(() => PaymentType)
export class PaymentResolver {
  constructor(private readonly domain: Payments) {}

  @Query(() => PaymentType, { nullable: true, description: 'One payment. Unknown: NOT_FOUND.' })
  async payment(@Arg('id', () => ID, { description: 'UUID.' }) id: string, @Ctx() { principal }: BillingContext): Promise<Payment> {
    return this.domain.get(principal, id);
  }

  @Mutation(() => RecordPaymentPayload, { description: 'Records money that came in. It settles the named invoice; what exceeds it becomes credit, which the next invoices use.' })
  async recordPayment(@Arg('input', () => RecordPaymentInput, { description: 'The payment.' }) input: RecordPaymentInput, @Ctx() { principal }: BillingContext): Promise<{ payment: Payment; invoice: Invoice }> {
    return this.domain.record(principal, input);
  }

  @FieldResolver(() => CustomerRef)
  customer(@Root() { customerId }: Payment): CustomerRef {
    return { id: customerId };
  }

  @FieldResolver(() => InvoiceType)
  async invoice(@Root() { invoiceId }: Payment, @Ctx() { loaders }: BillingContext): Promise<Invoice | null> {
    return loaders.invoice.load(invoiceId);
  }

  @FieldResolver(() => MoneyType)
  amount(@Root() { amount }: Payment): MoneyType {
    return toMoneyType(amount);
  }

  @FieldResolver(() => MoneyType)
  async unallocated(@Root() { id, amount }: Payment, @Ctx() { loaders }: BillingContext): Promise<MoneyType> {
    const used = (await loaders.allocationsOfPayment.load(id)).reduce((sum, { minor }) => sum + minor, 0n);
    return toMoneyType({ ...amount, minor: amount.minor - used });
  }

  @FieldResolver(() => [PaymentAllocationType])
  async allocations(@Root() { id, amount }: Payment, @Ctx() { loaders }: BillingContext): Promise<Array<Omit<PaymentAllocationType, 'invoice'> & { invoice: Invoice }>> {
    const used = await loaders.allocationsOfPayment.load(id);
    return Promise.all(
      used.map(async ({ invoiceId, minor, createdAt }) => ({ invoice: (await loaders.invoice.load(invoiceId))!, amount: toMoneyType({ ...amount, minor }), createdAt })),
    );
  }
}
