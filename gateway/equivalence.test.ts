import fc from 'fast-check';
import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymous } from '#kernel/access/principal.ts';
import { makeToy, type Mode, type Toy } from './testing/toy-gateway.ts';
import { makeToyMonolith } from './testing/toy-monolith.ts';

/** Fields of the toy graph: arguments to choose from, and what they lead to. */
const GRAPH: Record<string, Record<string, { args?: string[]; to?: string }>> = {
  Query: {
    user: { args: ['(id: "ann")', '(id: $id)', '(id: "nobody")'], to: 'User' },
    users: { args: ['', '(ids: $ids)', '(ids: [])', '(ids: ["bob"])'], to: 'User' },
    reviews: { to: 'Review' },
    review: { args: ['(id: "r1")', '(id: "r9")'], to: 'Review' },
    topScore: {},
    __typename: {},
  },
  User: {
    id: {},
    name: {},
    email: {},
    score: {},
    __typename: {},
    friends: { to: 'User' },
    reviews: { args: ['', '(min: 2)', '(min: $min)'], to: 'Review' },
    rank: { to: 'Rank' },
  },
  Review: { id: {}, body: {}, stars: {}, __typename: {}, author: { to: 'User' } },
  Rank: { label: {}, __typename: {} },
};
const DIRECTIVES = ['', '', '', ' @include(if: $yes)', ' @include(if: $no)', ' @skip(if: $yes)', ' @skip(if: $no)', ' @include(if: $yes) @skip(if: $no)'];
const VARIABLES = { id: 'bob', ids: ['cid', 'ann', 'nobody'], yes: true, no: false };
const HEADER = 'query Q($id: ID!, $ids: [ID!], $min: Int = 3, $yes: Boolean!, $no: Boolean!)';

/** A random selection set as text; every drawn number chooses one thing, and zero the simplest. */
function selection(draw: (below: number) => number, type: string, depth: number): string {
  const names = Object.keys(GRAPH[type]!).filter((name) => depth > 0 || !GRAPH[type]![name]!.to);
  const parts = Array.from({ length: 1 + draw(4) }, () => {
    const wrap = depth > 0 ? draw(8) : 0;
    if (wrap === 7) return `... on ${type}${DIRECTIVES[draw(DIRECTIVES.length)]} ${selection(draw, type, depth - 1)}`;
    if (wrap === 6) return `...${DIRECTIVES[draw(DIRECTIVES.length)]} ${selection(draw, type, depth - 1)}`;
    const name = names[draw(names.length)]!;
    const { args, to } = GRAPH[type]![name]!;
    const arg = args ? args[draw(args.length)]! : '';
    // The alias says what stands behind it, so that two of the same name never conflict.
    const alias = args ? `${name}_${args.indexOf(arg)}: ` : draw(4) === 0 ? `${name}_again: ` : '';
    return `${alias}${name}${arg}${DIRECTIVES[draw(DIRECTIVES.length)]}${to ? ` ${selection(draw, to, depth - 1)}` : ''}`;
  });
  return `{ ${parts.join(' ')} }`;
}

describe.each<Mode>(['in process', 'apart'])('plans, subgraphs %s', (mode) => {
  let toy: Toy;
  beforeAll(async () => {
    toy = await makeToy(mode);
  });
  afterAll(() => toy.stop());

  it('answer any query as one plain schema would', async () => {
    const monolith = makeToyMonolith(toy.control);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 839 }), { minLength: 20, maxLength: 300 }), async (numbers) => {
        let used = 0;
        const draw = (below: number) => (numbers[used++] ?? 0) % below;
        const query = `${HEADER} { ${DUMMY} ${selection(draw, 'Query', 3).slice(1)}`;
        const expected = (await execute({ schema: monolith, document: parse(query), variableValues: VARIABLES })) as ExecutionResult;
        const actual = await toy.gateway.supergraph.execute({ query, variables: VARIABLES, principal: anonymous, requestId: 'fuzz' });
        // The query goes along, so that a failure shows it.
        expect(JSON.parse(JSON.stringify({ query, ...actual }))).toEqual(JSON.parse(JSON.stringify({ query, ...expected })));
      }),
      { numRuns: mode === 'in process' ? 300 : 100 },
    );
  });
});

/** Uses every variable, so that each query is valid. */
const DUMMY = 'u: user(id: $id) @include(if: $yes) @skip(if: $no) { r: reviews(min: $min) { id } } us: users(ids: $ids) { id }';
