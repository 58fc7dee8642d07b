import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymous, makePrincipal } from '#kernel/access/principal.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { fillSandbox, SANDBOX } from './sandbox.ts';
import { identity } from './subgraph.ts';
import { makePasswords } from './user/passwords.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken tenant { id slug name timeZone } user { id superAdmin role { code } } } }';
const gateway = makePrincipal({ kind: 'service', id: 'gateway', permissions: ['internal:gateway'] });

let graph: TestSubgraph;
const login = async (input: object) => (await graph.data(anonymous, LOGIN, { input })).login;

beforeAll(async () => {
  graph = await testSubgraph(identity, { env: { HEADEND_SANDBOX: '1' } });
});
afterAll(() => graph.stop());

describe('a sandbox', () => {
  it('has the documented tenant, users and API key', async () => {
    const tenant = { id: SANDBOX.tenantId, slug: 'sandbox_tenant', name: 'Sandbox ISP', timeZone: 'UTC' };
    expect(await login({ email: 'test@dotmac.cloud', password: 'test123' })).toMatchObject({ tenant, user: { superAdmin: false, role: { code: 'admin' } } });
    expect(await login({ username: 'test@dotmac.cloud', password: 'test123', tenant: 'sandbox_tenant' })).toMatchObject({ tenant });
    expect(await login({ username: 'technician', password: 'test123' })).toMatchObject({ tenant, user: { id: '00000000-0000-4000-8000-000000000103', role: { code: 'technician' } } });
    expect(await login({ username: 'admin', password: 'password123' })).toMatchObject({ tenant: null, user: { superAdmin: true, role: null } });
    expect(await login({ email: 'admin@example.com', password: 'password123', tenant: 'sandbox_tenant' })).toMatchObject({ tenant, user: { superAdmin: true } });
    expect(await graph.data(gateway, `{ _principalOfApiKey(key: "test_pk_1234567890") { tenantId permissions superAdmin } }`)).toEqual({ _principalOfApiKey: { tenantId: SANDBOX.tenantId, permissions: ['*'], superAdmin: false } });
  });

  it('is filled once, however often and from however many processes at once', async () => {
    const passwords = makePasswords();
    await Promise.all(Array.from({ length: 3 }, () => fillSandbox({ ...graph.kit, passwords })));
    expect((await graph.data(makePrincipal({ kind: 'user', id: 'root', superAdmin: true }), '{ tenants { totalCount } users { totalCount } }'))).toEqual({ tenants: { totalCount: 1 }, users: { totalCount: 3 } });
  });

  it('lets everybody register', async () => {
    const input = { username: 'newuser', email: 'newuser@example.com', password: 'strongpassword', fullName: 'New User', phone: '08123456789' };
    expect(await graph.data(anonymous, 'mutation ($input: RegisterInput!) { register(input: $input) { user { username fullName } } }', { input })).toEqual({ register: { user: { username: 'newuser', fullName: 'New User' } } });
  });
});
