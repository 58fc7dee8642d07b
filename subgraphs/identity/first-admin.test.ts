import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymous } from '#kernel/access/principal.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { makeFirstAdmin } from './first-admin.ts';
import { identity } from './subgraph.ts';
import { makePasswords } from './user/passwords.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { user { username superAdmin } } }';

let graph: TestSubgraph;
const make = (email: string, password: string) => makeFirstAdmin({ ...graph.kit, config: { ...graph.kit.config, firstAdmin: { email, password } }, passwords: makePasswords() });

beforeAll(async () => {
  graph = await testSubgraph(identity, { env: { DATABASE_URL: 'postgres://unused/unused', HEADEND_SECRET: 'a-secret-of-32-characters-or-more' } });
});
afterAll(() => graph.stop());

describe('the first super admin', () => {
  it('is made once, from whatever process comes first, and can log in', async () => {
    await Promise.all([1, 2, 3].map(() => make('noc@isp.example', 'the-first-password')));
    expect((await graph.data(anonymous, LOGIN, { input: { email: 'noc@isp.example', password: 'the-first-password' } })).login).toMatchObject({ user: { username: 'noc@isp.example', superAdmin: true } });
  });

  it('keeps its password, whatever stands in the environment later', async () => {
    await make('noc@isp.example', 'another-password');
    await make('intruder@isp.example', 'another-password');
    for (const email of ['noc@isp.example', 'intruder@isp.example']) {
      expect(await graph.fault(anonymous, LOGIN, { input: { email, password: 'another-password' } })).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });
});
