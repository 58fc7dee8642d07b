import 'reflect-metadata';
import { buildSchema, execute, parse, type GraphQLSchema } from 'graphql';
import { Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { permission } from '#kernel/access/shield.ts';
import { silentLogger } from '#kernel/logs.ts';
import { defineSubgraph, type SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import type { Benchmark } from './benchmark.ts';
import { compare, median, ratiosOf, short } from './measure.ts';
import { admin } from './world.ts';

const ROWS = 2000;

@ObjectType('BenchRow', { simpleResolvers: true })
class BenchRow {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true }) email!: string | null;
  @Field(() => String) status!: string;
  @Field(() => String) createdAt!: string;
  @Field(() => Number) balance!: number;
}

const rows = Array.from({ length: ROWS }, (_, at) => ({ id: String(at), name: `Customer ${at}`, email: at % 3 ? `c${at}@example.com` : null, status: 'ACTIVE', createdAt: '2026-01-01T00:00:00.000Z', balance: at / 100 }));

@Resolver(() => BenchRow)
class BenchRows {
  @Query(() => [BenchRow])
  rows(): unknown[] {
    return rows;
  }
}

const QUERY = '{ rows { id name email status createdAt balance } }';
const SDL = 'type BenchRow { id: ID! name: String! email: String status: String! createdAt: String! balance: Float! } type Query { rows: [BenchRow!]! }';

export const shield: Benchmark = {
  name: 'shield',
  limit: 'bare execute() of graphql-js on a plain schema',
  notes: `graphql-middleware wraps every field that has a rule or a resolver of its own; plain fields stay graphql-js' own. The remaining difference is type-graphql's resolvers.`,
  async run({ quick }) {
    const subgraph = await defineSubgraph({
      name: 'bench',
      migrations: new URL('file:///none/'),
      resolvers: [BenchRows],
      entities: {},
      rules: { Query: { rows: permission('bench:read') } },
      make: () => ({ resolvers: [new BenchRows()], loaders: () => ({}) }),
    }).make({} as SubgraphKit);
    const local = localSubgraph({ name: 'bench', schema: subgraph.schema, loaders: subgraph.loaders as () => Record<string, never>, log: silentLogger });
    const document = parse(QUERY);
    const contextValue = { principal: admin, requestId: 'bench', loaders: {} };
    const run = async (schema: GraphQLSchema) => {
      const { data, errors } = await execute({ schema, document, rootValue: { rows }, contextValue });
      if (errors || (data!.rows as unknown[]).length !== ROWS) throw new Error(JSON.stringify(errors));
      return 1;
    };
    const plain = buildSchema(SDL);
    const measured = await compare(
      {
        guarded: () => run(subgraph.schema),
        local: async () => {
          await local.execute({ query: QUERY, principal: admin, requestId: 'bench' });
          return 1;
        },
        bare: () => run(plain),
      },
      quick ? { repetitions: 3, ms: 150 } : { repetitions: 9, ms: 500 },
    );
    const each = (of: { rates: number[] }) => short(1000 / median(of.rates));
    return [
      { what: `${ROWS} rows of 6 fields through defineSubgraph (types, federation, rules)`, against: 'bare execute()', ratios: ratiosOf(measured.guarded.rates, measured.bare.rates), figures: `${each(measured.guarded)} ms each (bare ${each(measured.bare)} ms)` },
      { what: `the same as an in-process subgraph`, against: 'bare execute()', ratios: ratiosOf(measured.local.rates, measured.bare.rates), figures: `${each(measured.local)} ms each` },
    ];
  },
};
