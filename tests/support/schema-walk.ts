import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isLeafType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { uuidv7 } from '#kernel/ids.ts';

/** One root field of the graph, with a document that calls it. */
export interface RootField {
  kind: 'query' | 'mutation' | 'subscription';
  name: string;
  field: GraphQLField<unknown, unknown>;
  /** `query ($id: ID!) { router(id: $id) { __typename } }` */
  document: string;
  /** Well-formed values for every required variable: unknown ids, invented texts. */
  variables: Record<string, unknown>;
}

/** Every root field of a schema, so that a field that comes tomorrow is tested tomorrow. */
export function rootFields(schema: GraphQLSchema): RootField[] {
  return (['query', 'mutation', 'subscription'] as const).flatMap((kind) => {
    const type = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() }[kind];
    return Object.values(type?.getFields() ?? {}).map((field) => {
      const required = field.args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
      const declared = required.map((arg) => `$${arg.name}: ${arg.type.toString()}`).join(', ');
      const passed = required.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
      const call = `${field.name}${passed && `(${passed})`}`;
      const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
      return {
        kind,
        name: field.name,
        field,
        document: `${kind} ${declared && `(${declared})`} { ${call}${selection} }`,
        variables: Object.fromEntries(required.map((arg) => [arg.name, sample(arg.type)])),
      };
    });
  });
}

const SCALARS: Record<string, () => unknown> = {
  ID: () => uuidv7(),
  String: () => 'sample',
  Int: () => 1,
  Float: () => 1,
  Boolean: () => true,
  Decimal: () => '1.00',
  CurrencyCode: () => 'USD',
  Date: () => '2026-01-31',
  DateTime: () => '2026-01-31T12:00:00.000Z',
  JSON: () => ({}),
  JSONObject: () => ({}),
};

/** A call that gives every argument and every input field, optional ones too. */
export function completeCall({ kind, field }: RootField): { document: string; variables: Record<string, unknown> } {
  const declared = field.args.map((arg) => `$${arg.name}: ${arg.type.toString()}`).join(', ');
  const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return {
    document: `${kind} ${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`}${selection} }`,
    variables: Object.fromEntries(field.args.map((arg) => [arg.name, sample(arg.type, { optional: true })])),
  };
}

/** A value of the right shape: required fields only, unless optional ones are asked for. */
export function sample(type: GraphQLInputType, given: { optional?: boolean } = {}): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [sample(bare.ofType as GraphQLInputType, given)];
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (isInputObjectType(bare)) {
    const wanted = Object.values(bare.getFields()).filter((field) => given.optional || (isNonNullType(field.type) && field.defaultValue === undefined));
    return Object.fromEntries(wanted.map((field) => [field.name, sample(field.type, given)]));
  }
  const make = SCALARS[bare.name];
  if (!make) throw new Error(`tests/support/schema-walk.ts has no sample of the scalar ${bare.name}.`);
  return make();
}
