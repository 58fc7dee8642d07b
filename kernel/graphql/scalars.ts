import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { isCivilDate } from '#kernel/civil-time.ts';
import { isCurrencyCode, isDecimal } from '#kernel/money.ts';

/** A scalar that is a text of a certain form. */
function textScalar(name: string, description: string, isValid: (text: string) => boolean, expected: string): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string' || !isValid(value)) throw new TypeError(`${name} takes ${expected}, not ${JSON.stringify(value)}.`);
    return value;
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: parse,
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : null),
  });
}

/** A calendar day. */
export const DateScalar = textScalar('Date', 'A civil date, `YYYY-MM-DD`, in the time zone of the tenant.', isCivilDate, 'a day such as "2026-03-29"');

/** A decimal number as text. */
export const DecimalScalar = textScalar('Decimal', 'An exact decimal number as text, e.g. `"19.90"`: no exponent, no thousands separators.', isDecimal, 'a decimal text such as "19.90"');

/** ISO 4217. */
export const CurrencyCodeScalar = textScalar('CurrencyCode', 'An ISO 4217 currency code in capitals, e.g. `EUR`.', isCurrencyCode, 'an ISO 4217 code such as "EUR"');

/** An instant: a `Date` inside, RFC 3339 text with milliseconds outside. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant as RFC 3339 text in UTC, e.g. `2026-03-29T08:15:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => (value instanceof Date ? value : GraphQLDateTimeISO.parseValue(value)).toISOString(),
  parseValue: (value) => GraphQLDateTimeISO.parseValue(value),
  parseLiteral: (node) => GraphQLDateTimeISO.parseLiteral(node, {}),
});
