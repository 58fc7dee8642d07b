import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { isObjectType, parse, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql';
import { enforce, shieldSchema, type Rule, type RuleMap } from '#kernel/access/shield.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import type { Bus } from '#kernel/bus/bus.ts';
import type { SandboxClock } from '#kernel/bus/sandbox-clock.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { SecretBox } from '#kernel/crypto/secret-box.ts';
import type { Database, SubgraphDatabase } from '#kernel/db/database.ts';
import { validateInput } from '#kernel/graphql/validate-input.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import type { SubgraphContext, Supergraph } from './subgraph.ts';

/** Everything from outside that a subgraph may use. The composition root makes one per subgraph. */
export interface SubgraphKit {
  config: Config;
  database: Database;
  /** The subgraph's own rooms in the database, entered by role and tenant. */
  db: SubgraphDatabase;
  bus: Bus;
  tokens: Tokens;
  secretBox: SecretBox;
  /** The sandbox's movable clock in a sandbox. */
  clock: Clock;
  /** Undefined outside the sandbox, where time is nobody's to move. */
  sandboxClock?: SandboxClock;
  log: Logger;
  metrics: Metrics;
  /** The whole graph, for sagas: ops alone calls it, and only after the gateway serves. */
  supergraph: () => Supergraph;
}

/** A reference `{ __typename, id }` that another subgraph holds. */
export type EntityReference = { __typename: string; id: string } & Record<string, unknown>;

/** One entity that this subgraph owns or adds fields to. */
export interface EntityDefinition<Loaders> {
  /** The type-graphql class. Named here so that a type that is reached only through `_entities` stays in the schema. */
  type: Function;
  /**
   * Who may see the entity when another subgraph leads to it. Root fields' rules do not cover that way, so each entity
   * states its own; for a stub (`resolve: 'stub'`) its fields' rules decide.
   */
  rule?: Rule;
  /** By one of the request's loaders; null when there is no such thing. `'stub'` hands the reference on as it is. */
  resolve: 'stub' | ((reference: EntityReference, context: SubgraphContext<Loaders>) => unknown);
}

/** What runs: made by `make`, started after the database is ready. */
export interface SubgraphParts<Loaders> {
  /** One instance of every resolver class. */
  resolvers: object[];
  /** Fresh per request, and per event of a subscription. */
  loaders: (context: { principal: SubgraphContext['principal'] }) => Loaders;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** Throws, or answers false, when the subgraph cannot do its work. */
  health?(): Promise<boolean>;
}

export interface SubgraphDefinition<Loaders> {
  /** Also the name of its Postgres schema and, as `headend_<name>`, of its role. */
  name: string;
  /** Folder of its migrations. */
  migrations: URL;
  /** Its error catalogue: what each code of its own means to a client. */
  errors?: Readonly<Record<string, string>>;
  resolvers: NonEmptyArray<Function>;
  entities: Record<string, EntityDefinition<Loaders>>;
  /** One rule for every root field (a missing one stops the start) and for fields that need their own. */
  rules: RuleMap;
  make: (kit: SubgraphKit) => SubgraphParts<Loaders> | Promise<SubgraphParts<Loaders>>;
}

export interface RunningSubgraph {
  name: string;
  schema: GraphQLSchema;
  loaders: (context: { principal: SubgraphContext['principal'] }) => unknown;
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): Promise<boolean>;
}

export interface SubgraphBlueprint {
  readonly name: string;
  readonly migrations: URL;
  readonly errors: Readonly<Record<string, string>>;
  /** The subgraph's SDL as it is composed and committed. Needs no database. */
  sdl(): string;
  make(kit: SubgraphKit): Promise<RunningSubgraph>;
}

const FEDERATION_LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible"])`;

const ROOT_TYPES = ['Query', 'Mutation', 'Subscription'];

/**
 * Makes a subgraph of its parts: type-graphql decorators → federated schema, rules around it, loaders per request.
 * Refuses to start on what would otherwise go wrong silently: a root field without a rule, a rule on a field without a
 * resolver (graphql-shield ignores it), an owned entity without a rule.
 */
export function defineSubgraph<Loaders>(definition: SubgraphDefinition<Loaders>): SubgraphBlueprint {
  const emitted = (instances: object[]) => {
    const byClass = new Map(instances.map((instance) => [instance.constructor, instance]));
    return buildSchemaSync({
      resolvers: definition.resolvers,
      orphanedTypes: Object.values(definition.entities).map((entity) => entity.type),
      container: {
        get: (resolverClass: Function) => {
          const instance = byClass.get(resolverClass);
          if (!instance) throw new Error(`${definition.name}: make() returned no instance of ${resolverClass.name}.`);
          return instance;
        },
      },
      validate: false,
      validateFn: validateInput,
      // Federation fills in what this schema lacks (entities of others, Query itself where there is none).
      skipCheck: true,
      pubSub: NO_PUB_SUB,
    });
  };
  const print = (schema: GraphQLSchema) => `${FEDERATION_LINK}\n\n${printSchemaWithDirectives(schema)}\n`;

  return {
    name: definition.name,
    migrations: definition.migrations,
    errors: definition.errors ?? {},
    sdl: () => print(emitted([])),

    async make(kit) {
      const parts = await definition.make(kit);
      const schema = emitted(parts.resolvers);
      const resolvers: Record<string, Record<string, unknown>> = createResolversMap(schema) as never;
      for (const [typeName, entity] of Object.entries(definition.entities)) {
        resolvers[typeName] = { ...resolvers[typeName], __resolveReference: referenceResolver(definition.name, typeName, entity as EntityDefinition<unknown>) };
      }
      const federated = buildSubgraphSchema({ typeDefs: parse(print(schema)), resolvers: resolvers as never });
      checkRules(definition.name, federated, definition.rules);
      guardSubscriptions(federated, definition.rules);
      const { Subscription: _atSubscribe, ...rules } = definition.rules;
      return {
        name: definition.name,
        schema: shieldSchema(federated, rules),
        loaders: parts.loaders,
        start: async () => parts.start?.(),
        stop: async () => parts.stop?.(),
        health: async () => (parts.health ? parts.health() : true),
      };
    },
  };
}

/** type-graphql wants a pub/sub although every subscription here brings its own `subscribe`. */
const NO_PUB_SUB = {
  publish() {
    throw new Error('Events travel on the bus, not through type-graphql.');
  },
  subscribe() {
    throw new Error('A subscription field must state its own `subscribe`.');
  },
};

function referenceResolver(subgraph: string, typeName: string, entity: EntityDefinition<unknown>) {
  const { resolve, rule } = entity;
  if (resolve === 'stub') return (reference: EntityReference) => reference;
  if (!rule) throw new Error(`${subgraph}: the entity ${typeName} has no rule; _entities would show it to everybody.`);
  return async (reference: EntityReference, context: SubgraphContext<unknown>) => {
    await enforce(rule, reference, {}, context);
    const found = await resolve(reference, context);
    return found == null ? null : Object.assign(found as object, { __typename: typeName });
  };
}

function checkRules(subgraph: string, schema: GraphQLSchema, rules: RuleMap): void {
  for (const typeName of ROOT_TYPES) {
    for (const field of Object.values(objectType(schema, typeName)?.getFields() ?? {})) {
      if (field.name.startsWith('_entities') || field.name === '_service') continue;
      if (!rules[typeName]?.[field.name]) throw new Error(`${subgraph}: ${typeName}.${field.name} has no rule.`);
    }
  }
  for (const [typeName, fields] of Object.entries(rules)) {
    const type = objectType(schema, typeName);
    for (const fieldName of Object.keys(fields)) {
      const field = type?.getFields()[fieldName];
      if (!field) throw new Error(`${subgraph}: there is a rule for ${typeName}.${fieldName}, but no such field.`);
      if (!field.resolve && !field.subscribe) throw new Error(`${subgraph}: ${typeName}.${fieldName} has a rule but no resolver, so the rule would be ignored.`);
    }
  }
}

/**
 * Puts the rule of a subscription field before its `subscribe`. graphql-shield alone would let anybody open the stream and
 * refuse event by event.
 */
function guardSubscriptions(schema: GraphQLSchema, rules: RuleMap): void {
  for (const field of Object.values(objectType(schema, 'Subscription')?.getFields() ?? {})) {
    const rule = rules.Subscription![field.name]!;
    const subscribe = field.subscribe!;
    field.subscribe = async (source, args, context, info) => {
      await enforce(rule, source, args, context as SubgraphContext<unknown>, info);
      return subscribe(source, args, context, info);
    };
  }
}

function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType | undefined {
  const type = schema.getType(name);
  return isObjectType(type) ? type : undefined;
}
