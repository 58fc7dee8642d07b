import { buildSubgraphSchema } from '@apollo/subgraph';
import DataLoader from 'dataloader';
import { GraphQLScalarType, parse, type GraphQLSchema } from 'graphql';
import { can } from '#kernel/access/principal.ts';
import { DomainError, forbidden, invalidField, unauthenticated } from '#kernel/errors.ts';
import { makeEventQueue, type EventQueue } from '#kernel/subgraph/event-queue.ts';
import { shareEvent } from '#kernel/subgraph/shared-events.ts';
import type { SubgraphContext } from '#kernel/subgraph/subgraph.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n';

const ACCOUNTS = `${LINK}
  scalar Day
  type User @key(fields: "id") { id: ID! name: String! email: String friends: [User!]! }
  type Me { kind: String! id: String tenantId: String requestId: String! loads: Int! }
  input RenameInput { id: ID! name: String! }
  type Query {
    whoAmI: Me!
    user(id: ID!): User
    users(ids: [ID!]): [User!]!
    crash: String
    refused: String
    hang: String
    day(of: Day!): Day
    size(text: String!): Int!
  }
  type Mutation { rename(input: RenameInput!): User  slow: String }
`;

const REVIEWS = `${LINK}
  type User @key(fields: "id") { id: ID! reviews(min: Int = 0): [Review!]! }
  type Review @key(fields: "id") { id: ID! body: String! stars: Int! author: User }
  enum Action { SNAPSHOT ADDED }
  type ReviewEvent { action: Action! review: Review loads: Int! }
  type Query { reviews: [Review!]!  review(id: ID!): Review }
  type Mutation { review(userId: ID!, body: String!, stars: Int!): Review! }
  type Subscription {
    reviewAdded(min: Int = 0): ReviewEvent!
    guardedEvents: Int!
    flood: String!
  }
`;

/** Large, so that a socket that is not read is full after a few hundred. */
const FLOOD = 'x'.repeat(10_000);

const SCORES = `${LINK}
  type User @key(fields: "id") { id: ID! score: Int rank: Rank }
  type Rank @shareable { label: String! }
  type Query { topScore: Int }
`;

/** What the tests turn and look at. */
export interface ToyControl {
  users: Map<string, { id: string; name: string; email: string | null }>;
  reviews: Array<{ id: string; userId: string; body: string; stars: number }>;
  /** Adds a review and tells the subscribers. */
  add(review: { userId: string; body: string; stars: number }): void;
  /** How the scores subgraph behaves. */
  scores: 'ok' | 'hang' | 'crash';
  /** Open upstreams of `reviewAdded`. */
  listeners: Set<EventQueue<unknown>>;
  /** Every `loaders` call of a subgraph. */
  loadersMade: Record<string, number>;
  /** Resolves what `Mutation.slow` waits for. */
  releaseSlow(): void;
  slowStarted: Promise<void>;
  /** How often the subgraph of that name was asked for user names. */
  nameBatches: number;
}

type Context = SubgraphContext<{ users: DataLoader<string, { id: string; name: string; email: string | null } | null> }>;

export interface ToySubgraph {
  name: string;
  sdl: string;
  schema: GraphQLSchema;
  loaders: (context: Omit<Context, 'loaders'>) => Context['loaders'];
}

/** Three subgraphs about users, their reviews (with subscriptions) and their scores (which the tests break). */
export function makeToySubgraphs(): { subgraphs: ToySubgraph[]; control: ToyControl } {
  let releaseSlow: () => void = () => undefined;
  let startSlow: () => void = () => undefined;
  const slowGate = new Promise<void>((resolve) => (releaseSlow = resolve));
  const control: ToyControl = {
    users: new Map(['ann', 'bob', 'cid'].map((id) => [id, { id, name: id.toUpperCase(), email: id === 'cid' ? null : `${id}@example.com` }])),
    reviews: [
      { id: 'r1', userId: 'ann', body: 'good', stars: 5 },
      { id: 'r2', userId: 'ann', body: 'bad', stars: 1 },
      { id: 'r3', userId: 'bob', body: 'fine', stars: 3 },
    ],
    add(review) {
      const row = { id: `r${control.reviews.length + 1}`, ...review };
      control.reviews.push(row);
      const event = shareEvent({ reviewAdded: { action: 'ADDED', review: row } });
      for (const listener of control.listeners) listener.push(event);
    },
    scores: 'ok',
    listeners: new Set(),
    loadersMade: {},
    releaseSlow: () => releaseSlow(),
    slowStarted: new Promise((resolve) => (startSlow = resolve)),
    nameBatches: 0,
  };

  const loaders = (name: string) => () => {
    control.loadersMade[name] = (control.loadersMade[name] ?? 0) + 1;
    return {
      users: new DataLoader<string, { id: string; name: string; email: string | null } | null>(async (ids) => {
        control.nameBatches += 1;
        return ids.map((id) => control.users.get(id) ?? null);
      }),
    };
  };

  const listen = (signal: AbortSignal | undefined, first: unknown) => {
    const queue = makeEventQueue<unknown>({ max: 100_000, overflow: () => null, onClose: () => control.listeners.delete(queue) });
    control.listeners.add(queue);
    signal?.addEventListener('abort', () => void queue.return!(), { once: true });
    if (first) queue.push(first);
    return queue;
  };

  const accounts = {
    Day: new GraphQLScalarType<Date, unknown>({
      name: 'Day',
      parseValue: (value) => parseDay(value),
      parseLiteral: (node) => parseDay('value' in node ? node.value : undefined),
      serialize: (value) => value as Date, // a Date object, as graphql-scalars does it
    }),
    User: {
      __resolveReference: ({ id }: { id: string }, { loaders: l }: Context) => l.users.load(id),
      friends: ({ id }: { id: string }) => [...control.users.values()].filter((user) => user.id !== id),
    },
    Query: {
      whoAmI: (_: unknown, __: unknown, { principal, requestId }: Context) => ({ ...principal, requestId, loads: control.loadersMade.accounts }),
      user: (_: unknown, { id }: { id: string }) => control.users.get(id) ?? null,
      users: (_: unknown, { ids }: { ids?: string[] }) => [...control.users.values()].filter(({ id }) => !ids || ids.includes(id)),
      crash: () => {
        throw new Error('select secret from passwords');
      },
      refused: () => {
        throw forbidden();
      },
      hang: () => new Promise(() => undefined),
      day: (_: unknown, { of }: { of: Date }) => of,
      size: (_: unknown, { text }: { text: string }) => text.length,
    },
    Mutation: {
      rename: (_: unknown, { input }: { input: { id: string; name: string } }, { principal }: Context) => {
        if (principal.kind === 'anonymous') throw unauthenticated();
        if (!can(principal, 'user:rename')) throw forbidden();
        const user = control.users.get(input.id);
        if (!user) throw new DomainError('NOT_FOUND', 'There is no such user.');
        if (input.name === '') throw invalidField('name', 'REQUIRED', 'name must not be empty.');
        user.name = input.name;
        return user;
      },
      slow: async () => {
        startSlow();
        await slowGate;
        return 'done';
      },
    },
  };

  const author = ({ userId }: { userId: string }) => ({ __typename: 'User', id: userId });
  const reviews = {
    User: { reviews: ({ id }: { id: string }, { min }: { min: number }) => control.reviews.filter((review) => review.userId === id && review.stars >= min) },
    Review: { __resolveReference: ({ id }: { id: string }) => control.reviews.find((review) => review.id === id), author },
    ReviewEvent: { loads: () => control.loadersMade.reviews },
    Query: {
      reviews: () => control.reviews,
      review: (_: unknown, { id }: { id: string }) => control.reviews.find((review) => review.id === id) ?? null,
    },
    Mutation: {
      review: (_: unknown, input: { userId: string; body: string; stars: number }) => {
        control.add(input);
        return control.reviews.at(-1);
      },
    },
    Subscription: {
      reviewAdded: {
        subscribe: async function* (_: unknown, { min }: { min: number }, { signal }: Context) {
          for await (const event of listen(signal, { reviewAdded: { action: 'SNAPSHOT', review: control.reviews[0] } })) {
            if ((event as { reviewAdded: { review: { stars: number } } }).reviewAdded.review.stars >= min) yield event;
          }
        },
      },
      guardedEvents: {
        subscribe: (_: unknown, __: unknown, { principal }: Context) => {
          if (principal.kind === 'anonymous') throw unauthenticated();
          return listen(undefined, { guardedEvents: 1 });
        },
      },
      flood: {
        subscribe: async function* () {
          for (let i = 0; ; i += 1) {
            if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
            yield { flood: FLOOD };
          }
        },
      },
    },
  };

  const scores = {
    User: {
      __resolveReference: (reference: { id: string }) => reference,
      score: ({ id }: { id: string }) => {
        if (control.scores === 'hang') return new Promise(() => undefined);
        if (control.scores === 'crash') throw new Error('password=hunter2');
        return id.charCodeAt(0);
      },
      rank: ({ id }: { id: string }) => ({ label: `rank of ${id}` }),
    },
    Query: { topScore: () => (control.scores === 'hang' ? new Promise(() => undefined) : 100) },
  };

  const make = (name: string, sdl: string, resolvers: object): ToySubgraph => ({
    name,
    sdl,
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }),
    loaders: loaders(name),
  });
  return { subgraphs: [make('accounts', ACCOUNTS, accounts), make('reviews', REVIEWS, reviews), make('scores', SCORES, scores)], control };
}

function parseDay(value: unknown): Date {
  const day = new Date(`${String(value)}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) throw new TypeError('a day is written YYYY-MM-DD');
  return day;
}
