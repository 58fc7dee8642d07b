import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeToy, OTHER_TENANT, TENANT, type Mode, type Toy } from './testing/toy-gateway.ts';

describe.each<Mode>(['in process', 'apart'])('queries and mutations, subgraphs %s', (mode) => {
  let toy: Toy;
  beforeAll(async () => {
    toy = await makeToy(mode);
  });
  afterAll(() => toy.stop());

  it('answers one query from three subgraphs', async () => {
    const { status, body } = await toy.post('{ users { id name score reviews(min: 2) { stars author { name rank { label } } } } }');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        users: [
          { id: 'ann', name: 'ANN', score: 97, reviews: [{ stars: 5, author: { name: 'ANN', rank: { label: 'rank of ann' } } }] },
          { id: 'bob', name: 'BOB', score: 98, reviews: [{ stars: 3, author: { name: 'BOB', rank: { label: 'rank of bob' } } }] },
          { id: 'cid', name: 'CID', score: 99, reviews: [] },
        ],
      },
    });
  });

  it('honours aliases, fragments, variables, @include and @skip, in nested lists', async () => {
    const query = `
      query Nested($ids: [ID!], $withScore: Boolean!, $min: Int = 2) {
        everyone: users(ids: $ids) { ...who friends { label: name points: score @include(if: $withScore) reviews(min: $min) { ... on Review { words: body @skip(if: $withScore) stars } } } }
      }
      fragment who on User { __typename key: id other: id }
    `;
    const ask = async (withScore: boolean) => (await toy.post(query, { variables: { ids: ['ann'], withScore }, operationName: 'Nested' })).body;
    expect(await ask(true)).toEqual({
      data: {
        everyone: [
          {
            __typename: 'User',
            key: 'ann',
            other: 'ann',
            friends: [
              { label: 'BOB', points: 98, reviews: [{ stars: 3 }] },
              { label: 'CID', points: 99, reviews: [] },
            ],
          },
        ],
      },
    });
    expect(await ask(false)).toEqual({
      data: { everyone: [{ __typename: 'User', key: 'ann', other: 'ann', friends: [{ label: 'BOB', reviews: [{ words: 'fine', stars: 3 }] }, { label: 'CID', reviews: [] }] }] },
    });
  });

  it('answers an empty object, not null, where variables remove every selection', async () => {
    const query = 'query($all: Boolean!) { reviews { ...r @include(if: $all) } user(id: "ann") { id @include(if: $all) } } fragment r on Review { id }';
    expect((await toy.post(query, { variables: { all: false } })).body).toEqual({ data: { reviews: [{}, {}, {}], user: {} } });
  });

  it('batches the entities of a list into one look-up', async () => {
    const before = toy.control.nameBatches;
    await toy.post('{ reviews { author { name } } }');
    expect(toy.control.nameBatches - before).toBe(1);
  });

  it('answers a GET with the query in the address', async () => {
    const { body } = await toy.request(`/graphql?query=${encodeURIComponent('{ user(id: "ann") { name } }')}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(body).toEqual({ data: { user: { name: 'ANN' } } });
  });

  it('runs a mutation and completes its answer from another subgraph', async () => {
    const token = await toy.accessToken({ permissions: ['user:rename'] });
    const rename = 'mutation Rename($input: RenameInput!) { rename(input: $input) { name score } }';
    const { body } = await toy.post(rename, { variables: { input: { id: 'cid', name: 'Sid' } }, headers: { authorization: `Bearer ${token}` } });
    expect(body).toEqual({ data: { rename: { name: 'Sid', score: 99 } } });
    expect(toy.control.users.get('cid')!.name).toBe('Sid');
    toy.control.users.get('cid')!.name = 'CID';
  });

  it('passes scalars as JSON in both modes', async () => {
    expect((await toy.post('{ day(of: "2026-03-01") }')).body).toEqual({ data: { day: '2026-03-01T00:00:00.000Z' } });
  });

  it('hands the request id and the principal to the subgraph, and the id back', async () => {
    const token = await toy.accessToken({ id: 'user-7' });
    const { body, headers } = await toy.post('{ whoAmI { kind id tenantId requestId } }', { headers: { authorization: `Bearer ${token}`, 'x-request-id': 'req-1' } });
    expect(body.data!.whoAmI).toEqual({ kind: 'user', id: 'user-7', tenantId: TENANT, requestId: 'req-1' });
    expect(headers['x-request-id']).toBe('req-1');
    expect((await toy.post('{ whoAmI { requestId } }', { headers: { 'x-request-id': 'bad id\u00e9' } })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('makes loaders anew for every request', async () => {
    const before = toy.control.loadersMade.accounts!;
    await toy.post('{ user(id: "ann") { id } }');
    await toy.post('{ user(id: "ann") { id } }');
    expect(toy.control.loadersMade.accounts! - before).toBe(2);
  });

  it('runs operations for callers in this process with the principal they give', async () => {
    const principal = await toy.tokens.verifyAccess(await toy.accessToken({ id: 'inside' }));
    const result = await toy.gateway.supergraph.execute({ query: 'query Q($id: ID!) { user(id: $id) { score } whoAmI { id } }', variables: { id: 'bob' }, principal, requestId: 'r' });
    expect(result).toEqual({ data: { user: { score: 98 }, whoAmI: { id: 'inside' } } });
  });

  describe('errors', () => {
    it('passes codes of the catalogue with the request id', async () => {
      const { body } = await toy.post('{ refused }', { headers: { 'x-request-id': 'req-2' } });
      expect(body.data).toEqual({ refused: null });
      expect(body.errors![0]).toMatchObject({ path: ['refused'], extensions: { code: 'FORBIDDEN', requestId: 'req-2' } });
    });

    it('masks what was not foreseen, and logs it with the request id', async () => {
      const { text, body } = await toy.post('{ crash }', { headers: { 'x-request-id': 'req-3' } });
      expect(body.errors![0]).toMatchObject({ path: ['crash'], extensions: { code: 'INTERNAL_ERROR', requestId: 'req-3' } });
      expect(text).not.toContain('select secret');
      expect(toy.logged.map(({ fields }) => fields)).toContainEqual(expect.objectContaining({ requestId: 'req-3', err: expect.objectContaining({ message: expect.stringContaining('select secret') }) }));
    });

    it('names the wrong field of a variable, without repeating its value', async () => {
      const rename = 'mutation($input: RenameInput!) { rename(input: $input) { name } }';
      const { status, body, text } = await toy.post(rename, { variables: { input: { id: 'ann', name: ['hunter2', 'x'] } }, headers: { 'x-request-id': 'req-4' } });
      expect(status).toBe(400);
      expect(body.errors![0]!.extensions).toMatchObject({ code: 'VALIDATION_ERROR', requestId: 'req-4', details: [{ field: 'name', code: 'INVALID_FORMAT' }] });
      expect(text).not.toContain('hunter2');
      const missing = await toy.post(rename, { variables: { input: { id: 'ann' } } });
      expect(missing.body.errors![0]!.extensions.details).toMatchObject([{ field: 'name', code: 'REQUIRED' }]);
      expect((await toy.post(rename)).body.errors![0]!.extensions.details).toMatchObject([{ field: 'input', code: 'REQUIRED' }]);
    });

    it('answers VALIDATION_ERROR for a custom scalar that only the subgraph can read', async () => {
      const byVariable = await toy.post('query($d: Day!) { day(of: $d) }', { variables: { d: 'never' } });
      expect(byVariable.body.errors![0]!.extensions).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'd' }] });
      const byLiteral = await toy.post('{ day(of: "never") }');
      expect(byLiteral.body.errors![0]!.extensions.code).toBe('VALIDATION_ERROR');
    });

    it('answers 400 to what is not GraphQL', async () => {
      const syntax = await toy.post('{ users { ');
      expect([syntax.status, syntax.body.errors![0]!.extensions.code]).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
      const unknown = await toy.post('{ nothing }', { headers: { 'x-request-id': 'req-5' } });
      expect([unknown.status, unknown.body.errors![0]!.extensions]).toEqual([400, { code: 'GRAPHQL_VALIDATION_FAILED', requestId: 'req-5' }]);
      const notJson = await toy.request('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' });
      expect([notJson.status, notJson.body.errors![0]!.extensions.code]).toEqual([400, 'BAD_REQUEST']);
      const large = await toy.post(`{ size(text: "${'x'.repeat(1024 * 1024)}") }`);
      expect([large.status, large.body.errors![0]!.extensions.code]).toEqual([413, 'BAD_REQUEST']);
    });

    it('refuses a form post of another site, which needs no preflight', async () => {
      const { status } = await toy.request('/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{ __typename }"}' });
      expect(status).toBe(400);
    });

    it('says where subscriptions are served', async () => {
      const { status, body } = await toy.post('subscription { reviewAdded { action } }');
      expect([status, body.errors![0]!.extensions.code]).toEqual([400, 'BAD_REQUEST']);
    });
  });

  describe('guard', () => {
    const whoAmI = '{ whoAmI { kind id tenantId } }';

    it('takes requests without credentials as anonymous', async () => {
      expect((await toy.post(whoAmI)).body.data!.whoAmI).toEqual({ kind: 'anonymous', id: null, tenantId: null });
    });

    it('refuses a bad or expired token with 401', async () => {
      for (const authorization of ['Bearer nonsense', 'Basic eA==', `Bearer ${await toy.accessToken({}, -10)}`]) {
        const { status, body } = await toy.post(whoAmI, { headers: { authorization, 'x-request-id': 'req-6' } });
        expect([status, body.errors![0]!.extensions]).toEqual([401, { code: 'UNAUTHENTICATED', requestId: 'req-6' }]);
      }
    });

    it('takes an API key', async () => {
      expect((await toy.post(whoAmI, { headers: { 'x-api-key': 'good_key' } })).body.data!.whoAmI).toEqual({ kind: 'apiKey', id: 'key-1', tenantId: TENANT });
      expect((await toy.post(whoAmI, { headers: { 'x-api-key': 'bad_key' } })).status).toBe(401);
    });

    it('lets a super admin name the tenant by id or slug, and nobody else a foreign one', async () => {
      const admin = `Bearer ${await toy.accessToken({ superAdmin: true, tenantId: null })}`;
      const ask = async (authorization: string, tenant: string) => {
        const { status, body } = await toy.post(whoAmI, { headers: { authorization, 'x-tenant-id': tenant } });
        return body.errors ? [status, body.errors[0]!.extensions.code] : (body.data!.whoAmI as { tenantId: string }).tenantId;
      };
      expect(await ask(admin, 'other')).toBe(OTHER_TENANT);
      expect(await ask(admin, TENANT)).toBe(TENANT);
      expect(await ask(admin, 'nowhere')).toEqual([404, 'NOT_FOUND']);
      const user = `Bearer ${await toy.accessToken()}`;
      expect(await ask(user, 'home')).toBe(TENANT);
      expect(await ask(user, TENANT)).toBe(TENANT);
      expect(await ask(user, 'other')).toEqual([403, 'FORBIDDEN']);
      expect(await ask(user, 'nowhere')).toEqual([403, 'FORBIDDEN']);
    });
  });
});
