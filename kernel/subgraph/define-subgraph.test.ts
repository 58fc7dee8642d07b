import 'reflect-metadata';
import { execute, parse, subscribe, type ExecutionResult } from 'graphql';
import { Arg, Ctx, Directive, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql';
import { IsEmail, MinLength, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { makePrincipal, anonymous, type Principal } from '#kernel/access/principal.ts';
import { allow, permission } from '#kernel/access/shield.ts';
import { MoneyType } from '#kernel/graphql/money-type.ts';
import { defineSubgraph, type SubgraphDefinition, type SubgraphKit } from './define-subgraph.ts';
import type { SubgraphContext } from './subgraph.ts';

interface Loaders {
  gadget: { load(id: string): Promise<Gadget | null> };
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A thing to test with.', simpleResolvers: true })
class Gadget {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => MoneyType, { nullable: true, description: 'What it costs.' })
  price?: MoneyType;
}

@Directive('@key(fields: "id")')
@ObjectType('Customer', { simpleResolvers: true })
class CustomerRef {
  @Field(() => ID)
  id!: string;
}

@InputType()
class ContactInput {
  @Field(() => String)
  @IsEmail()
  email!: string;
}

@InputType()
class MakeGadgetInput {
  @Field(() => String)
  @MinLength(3)
  name!: string;

  @Field(() => ContactInput)
  @ValidateNested()
  contact!: ContactInput;
}

@Resolver(() => CustomerRef)
class GadgetResolver {
  constructor(private readonly name: string) {}

  @Query(() => Gadget, { nullable: true })
  gadget(@Arg('id', () => ID) id: string, @Ctx() context: SubgraphContext<Loaders>): Promise<Gadget | null> {
    return context.loaders.gadget.load(id);
  }

  @Mutation(() => String)
  makeGadget(@Arg('input', () => MakeGadgetInput) input: MakeGadgetInput): string {
    return `${this.name}:${input.name}`;
  }

  @Subscription(() => Gadget, { subscribe: async function* () { yield { id: '1' }; yield { id: '2' }; } })
  gadgets(@Root() event: Gadget): Gadget {
    return event;
  }

  @FieldResolver(() => [Gadget])
  gadgetsOfCustomer(@Root() customer: CustomerRef): Gadget[] {
    return [{ id: `of-${customer.id}` }];
  }
}

const definition: SubgraphDefinition<Loaders> = {
  name: 'gadgets',
  migrations: new URL('file:///none/'),
  resolvers: [GadgetResolver],
  entities: {
    Gadget: { type: Gadget, rule: permission('gadget:read'), resolve: (reference, context) => context.loaders.gadget.load(reference.id) },
    Customer: { type: CustomerRef, resolve: 'stub' },
  },
  rules: {
    Query: { gadget: permission('gadget:read') },
    Mutation: { makeGadget: permission('gadget:write') },
    Subscription: { gadgets: permission('gadget:read') },
    Customer: { gadgetsOfCustomer: permission('gadget:read') },
  },
  make: () => ({ resolvers: [new GadgetResolver('made')], loaders: () => ({ gadget: { load: async (id) => (id === '404' ? null : { id }) } }) }),
};

const reader = makePrincipal({ kind: 'user', id: 'u', tenantId: 't', permissions: ['gadget:read'] });

async function run(document: string, principal: Principal, variables = {}): Promise<ExecutionResult> {
  const subgraph = await defineSubgraph(definition).make({} as SubgraphKit);
  const contextValue = { principal, requestId: 'r', loaders: subgraph.loaders({ principal }) };
  return JSON.parse(JSON.stringify(await execute({ schema: subgraph.schema, document: parse(document), variableValues: variables, contextValue }))) as ExecutionResult;
}

const entities = (typename: string, id: string, selection: string) => `{ _entities(representations: [{ __typename: "${typename}", id: "${id}" }]) { ... on ${typename} { ${selection} } } }`;

describe('defineSubgraph', () => {
  it('prints SDL with the keys, the stubs that only _entities reaches, and shared types', () => {
    const sdl = defineSubgraph(definition).sdl();
    expect(sdl).toContain('federation/v2.9');
    expect(sdl).toMatch(/type Gadget @key\(fields: "id"\)/);
    expect(sdl).toMatch(/type Customer @key\(fields: "id"\)/);
    expect(sdl).toMatch(/type Money @shareable/);
  });

  it('answers a query and resolves references through the loaders', async () => {
    expect((await run('{ gadget(id: "1") { id } }', reader)).data).toEqual({ gadget: { id: '1' } });
    expect((await run(entities('Gadget', '7', 'id'), reader)).data).toEqual({ _entities: [{ id: '7' }] });
    expect((await run(entities('Customer', 'c1', 'gadgetsOfCustomer { id }'), reader)).data).toEqual({ _entities: [{ gadgetsOfCustomer: [{ id: 'of-c1' }] }] });
  });

  it('refuses nobody and whoever lacks the right, at root fields, at entities and at fields of stubs', async () => {
    const code = (result: ExecutionResult) => result.errors?.[0]?.extensions?.code;
    const stranger = makePrincipal({ kind: 'user', id: 'u', tenantId: 't' });
    for (const query of ['{ gadget(id: "1") { id } }', entities('Gadget', '7', 'id'), entities('Customer', 'c1', 'gadgetsOfCustomer { id }')]) {
      expect(code(await run(query, anonymous))).toBe('UNAUTHENTICATED');
      expect(code(await run(query, stranger))).toBe('FORBIDDEN');
    }
    const superAdmin = makePrincipal({ kind: 'user', id: 'u', superAdmin: true });
    expect(code(await run('{ gadget(id: "1") { id } }', superAdmin))).toBe('VALIDATION_ERROR');
  });

  it('names every field of an input that is wrong', async () => {
    const writer = makePrincipal({ kind: 'user', id: 'u', tenantId: 't', permissions: ['gadget:write'] });
    const result = await run('mutation ($input: MakeGadgetInput!) { makeGadget(input: $input) }', writer, { input: { name: 'x', contact: { email: 'nope' } } });
    expect(result.errors?.[0]?.extensions).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [
        { field: 'name', code: 'TOO_SHORT' },
        { field: 'contact.email', code: 'INVALID_FORMAT' },
      ],
    });
    expect((await run('mutation { makeGadget(input: { name: "abc", contact: { email: "a@b.cd" } }) }', writer)).data).toEqual({ makeGadget: 'made:abc' });
  });

  it('refuses a subscription at subscribe, not at its first event', async () => {
    const subgraph = await defineSubgraph(definition).make({} as SubgraphKit);
    const open = (principal: Principal) => subscribe({ schema: subgraph.schema, document: parse('subscription { gadgets { id } }'), contextValue: { principal, requestId: 'r', loaders: {} } });
    expect(await open(anonymous)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    const events = (await open(reader)) as AsyncIterableIterator<ExecutionResult>;
    expect((await events.next()).value.data).toEqual({ gadgets: { id: '1' } });
    await events.return?.();
  });

  it('does not start with a root field without a rule, a rule that would be ignored, or an entity without one', async () => {
    const start = (change: Partial<SubgraphDefinition<Loaders>>) => defineSubgraph({ ...definition, ...change }).make({} as SubgraphKit);
    await expect(start({ rules: { ...definition.rules, Mutation: {} } })).rejects.toThrow('Mutation.makeGadget has no rule');
    await expect(start({ rules: { ...definition.rules, Gadget: { id: allow } } })).rejects.toThrow('would be ignored');
    await expect(start({ rules: { ...definition.rules, Gadget: { nope: allow } } })).rejects.toThrow('no such field');
    await expect(start({ entities: { ...definition.entities, Gadget: { type: Gadget, resolve: () => null } } })).rejects.toThrow('has no rule');
  });
});
