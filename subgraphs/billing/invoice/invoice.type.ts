import { IsUUID } from 'class-validator';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '#kernel/graphql/connection.ts';
import { OrderDirection, StringFilter } from '#kernel/graphql/filters.ts';
import { MoneyType } from '#kernel/graphql/money-type.ts';
import { DateScalar, DateTimeScalar, DecimalScalar } from '#kernel/graphql/scalars.ts';
import { CustomerRef, ServiceRef } from '../account/account.type.ts';

export enum InvoiceState {
  ISSUED = 'ISSUED',
  OVERDUE = 'OVERDUE',
  PAID = 'PAID',
  VOID = 'VOID',
}
registerEnumType(InvoiceState, {
  name: 'InvoiceState',
  description: 'Where an invoice stands.',
  valuesConfig: {
    ISSUED: { description: 'Not yet paid in full, and not yet found overdue.' },
    OVERDUE: { description: 'A dunning run found it open after its due day.' },
    PAID: { description: 'Nothing is open.' },
    VOID: { description: 'Taken back; nothing is owed for it.' },
  },
});

@ObjectType('BillingPeriod', { description: 'Days that an invoice is for, in the time zone of the tenant.', simpleResolvers: true })
export class BillingPeriodType {
  @Field(() => DateScalar, { description: 'The first day.' })
  from!: string;

  @Field(() => DateScalar, { description: 'The first day that no longer belongs to it.' })
  to!: string;
}

@ObjectType('InvoiceLine', { description: 'What is charged, and how it was reckoned.', simpleResolvers: true })
export class InvoiceLineType {
  @Field(() => String, { description: 'The plan and its days.' })
  description!: string;

  @Field(() => DecimalScalar, { description: 'How many whole periods, to six digits; the exact fraction stands in `derivation`.' })
  quantity!: string;

  @Field(() => MoneyType, { description: 'Price of one whole period.' })
  unitPrice!: MoneyType;

  @Field(() => MoneyType, { description: 'What the line comes to.' })
  total!: MoneyType;

  @Field(() => String, { description: 'How the total came about, e.g. `17 of 31 days × 29.90 = 16.40, half-even`.' })
  derivation!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Invoice', { description: 'A claim for one period of one service. Its amounts and days never change.', simpleResolvers: true })
export class InvoiceType {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'The number that people use, e.g. `INV-000042`; without a gap within the tenant.' })
  number!: string;

  @Field(() => InvoiceState, { description: 'Where it stands.' })
  state!: InvoiceState;

  @Field(() => CustomerRef, { description: 'Who owes it.' })
  customer!: CustomerRef;

  @Field(() => ServiceRef, { nullable: true, description: 'What it is for.' })
  service!: ServiceRef | null;

  @Field(() => ID, { description: 'UUID of the subscription: one a service.' })
  subscriptionId!: string;

  @Field(() => BillingPeriodType, { description: 'The days it is for.' })
  period!: BillingPeriodType;

  @Field(() => MoneyType, { description: 'The sum of the lines.' })
  total!: MoneyType;

  @Field(() => MoneyType, { description: 'How much of it payments have settled.' })
  paid!: MoneyType;

  @Field(() => MoneyType, { description: 'How much of it is open: total less paid.' })
  open!: MoneyType;

  @Field(() => DateScalar, { description: 'As of which day it was issued.' })
  issuedOn!: string;

  @Field(() => DateScalar, { description: 'The last day on which it can be paid without being overdue.' })
  dueOn!: string;

  @Field(() => DateScalar, { nullable: true, description: 'The first day on which it was overdue; null when it never was.' })
  overdueSince!: string | null;

  @Field(() => [InvoiceLineType], { description: 'What is charged.' })
  lines!: InvoiceLineType[];

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;
}

export const InvoiceConnection = connectionType(InvoiceType, 'Invoice');

@InputType('DateFilter', { description: 'A span of days; either end may be left open.' })
export class DateFilter {
  @Field(() => DateScalar, { nullable: true, description: 'The first day that counts.' })
  from?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The first day that no longer counts.' })
  to?: string | null;
}

@InputType('CustomerInvoiceFilter', { description: 'Which invoices of a customer; all given conditions must hold.' })
export class CustomerInvoiceFilter {
  @Field(() => InvoiceState, { nullable: true, description: 'Where they stand.' })
  state?: InvoiceState | null;
}

@InputType('InvoiceFilter', { description: 'Which invoices; all given conditions must hold.' })
export class InvoiceFilter extends CustomerInvoiceFilter {
  @Field(() => ID, { nullable: true, description: 'Whose they are.' })
  @IsUUID('loose', { message: 'customerId must be a UUID.' })
  customerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'For which service.' })
  @IsUUID('loose', { message: 'serviceId must be a UUID.' })
  serviceId?: string | null;

  @Field(() => StringFilter, { nullable: true, description: 'The number.' })
  number?: StringFilter | null;

  @Field(() => DateFilter, { nullable: true, description: 'When they are due.' })
  dueOn?: DateFilter | null;

  @Field(() => DateFilter, { nullable: true, description: 'As of when they were issued.' })
  issuedOn?: DateFilter | null;
}

/** The values are the sorted rows' properties. */
export enum InvoiceOrderField {
  NUMBER = 'numberValue',
  ISSUED_ON = 'issuedOn',
  DUE_ON = 'dueOn',
}
registerEnumType(InvoiceOrderField, { name: 'InvoiceOrderField', description: 'What invoices are sorted by.' });

@InputType('InvoiceOrder', { description: 'How invoices are sorted.' })
export class InvoiceOrder {
  @Field(() => InvoiceOrderField, { description: 'By what.' })
  field!: InvoiceOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}
