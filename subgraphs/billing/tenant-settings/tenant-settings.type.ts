import { Max, Min } from 'class-validator';
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { CurrencyCodeScalar } from '#kernel/graphql/scalars.ts';

@ObjectType('BillingSettings', { description: 'How a tenant bills.', simpleResolvers: true })
export class BillingSettingsType {
  @Field(() => String, { description: 'IANA time zone in which days begin and end; kept by identity (`updateTenant`).' })
  timeZone!: string;

  @Field(() => Int, { description: 'Days from the day of issue to the day on which an invoice is due; 14 unless changed.' })
  paymentTermDays!: number;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: 'Of balances of customers who have not been charged yet; kept by identity. Null until it has told, or a service was sold.' })
  currency!: string | null;
}

@InputType('UpdateBillingSettingsInput', { description: 'Changes to how a tenant bills; what is absent or null stays.' })
export class UpdateBillingSettingsInput {
  @Field(() => Int, { nullable: true, description: '0 to 365 days from issue to due; counts for invoices issued from now on.' })
  @Min(0, { message: 'paymentTermDays must be 0 to 365.' })
  @Max(365, { message: 'paymentTermDays must be 0 to 365.' })
  paymentTermDays?: number | null;
}

@ObjectType('BillingSettingsPayload', { description: 'The settings as they are now.', simpleResolvers: true })
export class BillingSettingsPayload {
  @Field(() => BillingSettingsType, { description: 'The settings.' })
  settings!: BillingSettingsType;
}
