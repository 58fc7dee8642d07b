import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import type { ToyControl } from './toy-subgraphs.ts';

const SDL = `
  type User { id: ID! name: String! email: String friends: [User!]! reviews(min: Int = 0): [Review!]! score: Int rank: Rank }
  type Review { id: ID! body: String! stars: Int! author: User }
  type Rank { label: String! }
  type Query { user(id: ID!): User users(ids: [ID!]): [User!]! reviews: [Review!]! review(id: ID!): Review topScore: Int }
`;

/** What the toy subgraphs answer together, as one plain schema: the measure that the gateway is held to. */
export function makeToyMonolith(control: ToyControl): GraphQLSchema {
  const resolvers = {
    User: {
      friends: ({ id }: { id: string }) => [...control.users.values()].filter((user) => user.id !== id),
      reviews: ({ id }: { id: string }, { min }: { min: number }) => control.reviews.filter((review) => review.userId === id && review.stars >= min),
      score: ({ id }: { id: string }) => id.charCodeAt(0),
      rank: ({ id }: { id: string }) => ({ label: `rank of ${id}` }),
    },
    Review: { author: ({ userId }: { userId: string }) => control.users.get(userId) },
    Query: {
      user: (_: unknown, { id }: { id: string }) => control.users.get(id) ?? null,
      users: (_: unknown, { ids }: { ids?: string[] }) => [...control.users.values()].filter(({ id }) => !ids || ids.includes(id)),
      reviews: () => control.reviews,
      review: (_: unknown, { id }: { id: string }) => control.reviews.find((review) => review.id === id) ?? null,
      topScore: () => 100,
    },
  };
  return buildSubgraphSchema({ typeDefs: parse(SDL), resolvers: resolvers as never });
}
