import 'reflect-metadata';
import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { invalidField } from '#kernel/errors.ts';
import { formatAmount, parseMoney, type Money } from '#kernel/money.ts';
import { CurrencyCodeScalar, DecimalScalar } from './scalars.ts';

/** Money in an answer. Shared by every subgraph. */
@Directive('@shareable')
@ObjectType('Money', { description: 'An exact amount of money.', simpleResolvers: true })
export class MoneyType {
  @Field(() => DecimalScalar, { description: 'Decimal text with exactly the digits of the currency, e.g. `"19.90"`.' })
  amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'ISO 4217 code.' })
  currency!: string;
}

@InputType('MoneyInput', { description: 'An exact amount of money.' })
export class MoneyInput {
  @Field(() => DecimalScalar, { description: 'Decimal text, at most the digits of the currency, e.g. `"19.90"`.' })
  amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'ISO 4217 code.' })
  currency!: string;
}

export function toMoneyType(money: Money): MoneyType {
  return { amount: formatAmount(money), currency: money.currency };
}

/** @throws VALIDATION_ERROR naming `<field>.amount` when the amount has more digits than the currency. */
export function fromMoneyInput(input: MoneyInput, field: string): Money {
  try {
    return parseMoney(input.amount, input.currency);
  } catch (error) {
    if (error instanceof RangeError) throw invalidField(`${field}.amount`, 'INVALID_FORMAT', error.message);
    throw error;
  }
}
