import { Length, Matches, MaxLength } from 'class-validator';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerRef } from '../account/account.type.ts';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection } from '#kernel/graphql/filters.ts';
import { MoneyInput, MoneyType } from '#kernel/graphql/money-type.ts';
import { DateScalar, DateTimeScalar } from '#kernel/graphql/scalars.ts';
import { InvoiceType } from '../invoice/invoice.type.ts';

export enum PaymentMethod {
  CASH = 'CASH',
  BANK_TRANSFER = 'BANK_TRANSFER',
  CARD = 'CARD',
  MOBILE_MONEY = 'MOBILE_MONEY',
  CHEQUE = 'CHEQUE',
  OTHER = 'OTHER',
}
registerEnumType(PaymentMethod, {
  name: 'PaymentMethod',
  description: 'How money came in.',
  valuesConfig: {
    CASH: { description: 'Over the counter.' },
    BANK_TRANSFER: { description: 'To the bank account.' },
    CARD: { description: 'By card.' },
    MOBILE_MONEY: { description: 'By a phone wallet such as M-Pesa.' },
    CHEQUE: { description: 'By cheque.' },
    OTHER: { description: 'In another way.' },
  },
});

@ObjectType('PaymentAllocation', { description: 'One use of a payment for an invoice.', simpleResolvers: true })
export class PaymentAllocationType {
  @Field(() => InvoiceType, { description: 'The invoice.' })
  invoice!: InvoiceType;

  @Field(() => MoneyType, { description: 'How much of the payment was used for it.' })
  amount!: MoneyType;

  @Field(() => DateTimeScalar, { description: 'When it was used.' })
  createdAt!: Date;
}

@Directive('@key(fields: "id")')
@ObjectType('Payment', { description: 'Money that came in. Never changed.', simpleResolvers: true })
export class PaymentType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => CustomerRef, { description: 'Who paid.' })
  customer!: CustomerRef;

  @Field(() => InvoiceType, { description: 'The invoice it was recorded for.' })
  invoice!: InvoiceType;

  @Field(() => MoneyType, { description: 'How much came in.' })
  amount!: MoneyType;

  @Field(() => MoneyType, { description: 'How much of it has not been used yet: credit of the customer, which the next invoices use.' })
  unallocated!: MoneyType;

  @Field(() => [PaymentAllocationType], { description: 'What it was used for, in order.' })
  allocations!: PaymentAllocationType[];

  @Field(() => PaymentMethod, { description: 'How it came in.' })
  method!: PaymentMethod;

  @Field(() => String, { nullable: true, description: 'The number of the bank, wallet or receipt; unique within the method.' })
  reference!: string | null;

  @Field(() => DateScalar, { description: 'On which day it came in.' })
  receivedOn!: string;

  @Field(() => ID, { nullable: true, description: 'Id of the user, API key or service that recorded it.' })
  recordedBy!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  createdAt!: Date;
}

export const PaymentConnection = connectionType(PaymentType, 'Payment');

/** The values are the sorted rows' properties. */
export enum PaymentOrderField {
  CREATED_AT = 'id',
  RECEIVED_ON = 'receivedOn',
}
registerEnumType(PaymentOrderField, { name: 'PaymentOrderField', description: 'What payments are sorted by.' });

@InputType('PaymentOrder', { description: 'How payments are sorted.' })
export class PaymentOrder {
  @Field(() => PaymentOrderField, { description: 'By what.' })
  field!: PaymentOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

@InputType('RecordPaymentInput', { description: 'Money that came in for an invoice.' })
export class RecordPaymentInput {
  @Field(() => ID, { description: 'The invoice it was paid for. Unknown: NOT_FOUND. Void: CONFLICT.' })
  invoiceId!: string;

  @Field(() => MoneyInput, { description: 'How much; above zero, in the currency of the invoice. What exceeds the open amount becomes credit of the customer.' })
  amount!: MoneyInput;

  @Field(() => PaymentMethod, { description: 'How it came in.' })
  method!: PaymentMethod;

  @Field(() => String, { nullable: true, description: 'The number of the bank, wallet or receipt: 1 to 120 characters. The same one of the same method again is CONFLICT.' })
  @Matches(/\S/, { message: 'reference must not be blank.' })
  @MaxLength(120, { message: 'reference must have at most 120 characters.' })
  reference?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'On which day it came in; today unless given, at most one day ahead.' })
  receivedOn?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. The same key and input answers the first payment; another input is CONFLICT.' })
  @Length(1, 255, { message: 'idempotencyKey must have 1 to 255 characters.' })
  idempotencyKey?: string | null;
}

@ObjectType('RecordPaymentPayload', { description: 'The payment, and what became of its invoice.', simpleResolvers: true })
export class RecordPaymentPayload {
  @Field(() => PaymentType, { description: 'The payment.' })
  payment!: PaymentType;

  @Field(() => InvoiceType, { description: 'The invoice as it is now.' })
  invoice!: InvoiceType;
}
