import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymous, can, makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { refreshBuiltInRoles } from './role/refresh-built-in-roles.ts';
import { identity } from './subgraph.ts';

const root = makePrincipal({ kind: 'user', id: uuidv7(), superAdmin: true });
const gateway = makePrincipal({ kind: 'service', id: 'gateway', permissions: ['internal:gateway'] });

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken expiresIn refreshExpiresIn tenant { slug }
  user { id username superAdmin role { code } memberships { primary tenant { slug } role { code permissions } } } } }`;
const REFRESH = 'mutation ($refreshToken: String!) { refresh(input: { refreshToken: $refreshToken }) { accessToken refreshToken user { role { code } } } }';
const LOGOUT = 'mutation ($refreshToken: String!) { logout(input: { refreshToken: $refreshToken }) { success } }';
const ME = '{ me { username role { code } memberships { tenant { slug } } } }';
const CREATE_TENANT = 'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id slug timeZone features maxRouters active passwordPolicy { minLength } allowRegistration } } }';
const UPDATE_TENANT = 'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { tenant { name slug timeZone maxRouters active passwordPolicy { minLength } } } }';
const DELETE_TENANT = 'mutation ($id: ID!) { deleteTenant(input: { id: $id }) { id } }';
const CREATE_USER = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id username email fullName phone active role { code } } } }';
const UPDATE_USER = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id username fullName active } } }';
const DELETE_USER = 'mutation ($id: ID!) { deleteUser(input: { id: $id }) { id } }';
const ASSIGN_ROLE = 'mutation ($userId: ID!, $roleId: ID!) { assignRole(input: { userId: $userId, roleId: $roleId }) { user { role { code } } } }';
const ASSIGN_TENANT = 'mutation ($input: AssignUserToTenantInput!) { assignUserToTenant(input: $input) { user { memberships { primary tenant { slug } role { code } } } } }';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { user { id username role { code } memberships { primary } } } }';
const CREATE_ROLE = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id code name permissions builtIn } } }';
const UPDATE_ROLE = 'mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { permissions } } }';
const DELETE_ROLE = 'mutation ($id: ID!) { deleteRole(input: { id: $id }) { id } }';
const CREATE_KEY = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id prefix permissions revokedAt } } }';

let graph: TestSubgraph;
let names = 0;
const unique = (stem: string) => `${stem}-${(names += 1)}`;

interface Tenant {
  id: string;
  slug: string;
  admin: Principal;
}
const makeTenant = async (input: object = {}): Promise<Tenant> => {
  const slug = unique('isp');
  const { tenant } = (await graph.data(root, CREATE_TENANT, { input: { slug, name: `ISP ${slug}`, ...input } })).createTenant;
  return { ...tenant, admin: makePrincipal({ kind: 'user', id: uuidv7(), tenantId: tenant.id, permissions: ['*'] }) };
};
const PASSWORD = 'correct horse';
const userInput = (changes: object = {}) => {
  const username = unique('user');
  return { username, email: `${username}@example.org`, password: PASSWORD, ...changes };
};
const makeUser = async ({ admin }: Tenant, changes: object = {}) => (await graph.data(admin, CREATE_USER, { input: userInput(changes) })).createUser.user;
const login = async (username: string, more: object = {}) => (await graph.data(anonymous, LOGIN, { input: { username, password: PASSWORD, ...more } })).login;
const fault = (username: string, more: object = {}) => graph.fault(anonymous, LOGIN, { input: { username, password: PASSWORD, ...more } });

beforeAll(async () => {
  graph = await testSubgraph(identity, { env: { HEADEND_SANDBOX: '0' } });
});
afterAll(() => graph.stop());

describe('a login', () => {
  it('gives a token with the rights of the role in the one tenant of the user', async () => {
    const tenant = await makeTenant();
    const user = await makeUser(tenant, { role: 'admin' });
    const found = await login(user.username.toUpperCase());
    expect(found).toMatchObject({ expiresIn: 900, refreshExpiresIn: 2_592_000, tenant: { slug: tenant.slug }, user: { id: user.id, role: { code: 'admin' }, memberships: [{ primary: true, tenant: { slug: tenant.slug } }] } });
    const principal = await graph.tokens.verifyAccess(found.accessToken);
    expect(principal).toMatchObject({ kind: 'user', id: user.id, tenantId: tenant.id, superAdmin: false });
    expect(can(principal, 'customer:write')).toBe(true);
    expect(can(principal, 'internal:saga')).toBe(false);
    expect(await graph.data(principal, ME)).toEqual({ me: { username: user.username, role: { code: 'admin' }, memberships: [{ tenant: { slug: tenant.slug } }] } });
    expect(principal.expiresAt! - Math.floor(graph.clock.now().getTime() / 1000)).toBeGreaterThan(890);
  });

  it('takes the e-mail address in either place, and the tenant as slug or id', async () => {
    const tenant = await makeTenant();
    const user = await makeUser(tenant);
    for (const input of [{ email: user.email }, { username: user.email }, { username: user.username, tenant: tenant.slug }, { username: user.username, tenant: tenant.id }]) {
      expect((await graph.data(anonymous, LOGIN, { input: { password: PASSWORD, ...input } })).login.user.id).toBe(user.id);
    }
  });

  it('says the same of an unknown name, a wrong password and a user who is switched off', async () => {
    const tenant = await makeTenant();
    const user = await makeUser(tenant);
    const off = await makeUser(tenant, { active: false });
    const answers = [await fault(unique('nobody')), await fault(user.username, { password: 'wrong' }), await fault(off.username)];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: 'UNAUTHENTICATED', message: 'The user name or the password is wrong.' });
  });

  it('must name who and, for members of several tenants, where', async () => {
    const [one, two, other] = [await makeTenant(), await makeTenant(), await makeTenant()];
    const user = await makeUser(one);
    await graph.data(root, ASSIGN_TENANT, { input: { userId: user.id, tenantId: two.slug, role: 'admin' } });
    const refusal = await fault(user.username);
    expect(refusal).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['tenant'] });
    expect(refusal.message).not.toMatch(one.slug);
    expect(await fault(user.username, { tenant: other.slug })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['tenant'] });
    expect(await fault(user.username, { tenant: other.slug, password: 'wrong' })).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await login(user.username, { tenant: two.slug })).user.role).toEqual({ code: 'admin' });
    expect((await login(user.username, { tenant: one.id })).user.role).toEqual({ code: 'viewer' });
    expect(await graph.fault(anonymous, LOGIN, { input: { password: 'x' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['username'] });
  });

  it('is refused after ten failures under one name, also with the right password', async () => {
    const { username } = await makeUser(await makeTenant());
    const attempts = await Promise.all(Array.from({ length: 14 }, () => fault(username, { password: 'wrong' })));
    expect(attempts.filter(({ code }) => code === 'UNAUTHENTICATED')).toHaveLength(10);
    expect(attempts.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(4);
    expect(await fault(username)).toMatchObject({ code: 'RATE_LIMITED' });
    expect((await login((await makeUser(await makeTenant())).username)).accessToken).toBeTruthy();
  });
});

describe('a refresh', () => {
  it('rotates the token, and reads the rights anew', async () => {
    const tenant = await makeTenant();
    const user = await makeUser(tenant);
    const first = await login(user.username);
    expect(first.refreshToken).toMatch(/^[0-9a-f-]{36}$/);
    await graph.data(tenant.admin, ASSIGN_ROLE, { userId: user.id, roleId: 'admin' });
    const second = (await graph.data(anonymous, REFRESH, { refreshToken: first.refreshToken })).refresh;
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.user.role).toEqual({ code: 'admin' });
    expect(can(await graph.tokens.verifyAccess(second.accessToken), 'user:write')).toBe(true);
    expect((await graph.data(anonymous, REFRESH, { refreshToken: second.refreshToken })).refresh.refreshToken).toBeTruthy();
  });

  it('with a token that was used before ends the login for both holders', async () => {
    const user = await makeUser(await makeTenant());
    const { refreshToken } = await login(user.username);
    const next = (await graph.data(anonymous, REFRESH, { refreshToken })).refresh.refreshToken;
    expect(await graph.fault(anonymous, REFRESH, { refreshToken })).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await graph.fault(anonymous, REFRESH, { refreshToken: next })).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await login(user.username)).refreshToken).toBeTruthy();
  });

  it('of one token by many at once succeeds at most once', async () => {
    const { refreshToken } = await login((await makeUser(await makeTenant())).username);
    const codes = await Promise.all(Array.from({ length: 10 }, () => graph.fault(anonymous, REFRESH, { refreshToken })));
    expect(codes.filter(({ code }) => code === 'OK')).toHaveLength(1);
  });

  it('fails after a logout, for nonsense, and after thirty days', async () => {
    const user = await makeUser(await makeTenant());
    const { refreshToken } = await login(user.username);
    expect(await graph.data(anonymous, LOGOUT, { refreshToken })).toEqual({ logout: { success: true } });
    expect(await graph.fault(anonymous, REFRESH, { refreshToken })).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await graph.fault(anonymous, REFRESH, { refreshToken: 'nonsense' })).toMatchObject({ code: 'UNAUTHENTICATED' });
    const old = await login(user.username);
    graph.clock.advance(30 * 86_400 + 1);
    expect(await graph.fault(anonymous, REFRESH, { refreshToken: old.refreshToken })).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('fails at once when the user is removed, switched off or given another password, or the tenant is removed', async () => {
    const tenant = await makeTenant();
    const after = async (change: (user: { id: string }) => Promise<unknown>) => {
      const user = await makeUser(tenant);
      const { refreshToken } = await login(user.username);
      await change(user);
      return (await graph.fault(anonymous, REFRESH, { refreshToken })).code;
    };
    expect(await after(({ id }) => graph.data(tenant.admin, DELETE_USER, { id }))).toBe('UNAUTHENTICATED');
    expect(await after(({ id }) => graph.data(tenant.admin, UPDATE_USER, { input: { id, active: false } }))).toBe('UNAUTHENTICATED');
    expect(await after(({ id }) => graph.data(tenant.admin, UPDATE_USER, { input: { id, password: 'another password' } }))).toBe('UNAUTHENTICATED');
    expect(await after(() => graph.data(root, DELETE_TENANT, { id: tenant.slug }))).toBe('UNAUTHENTICATED');
  });

  it('keeps neither tokens nor passwords in clear', async () => {
    const user = await makeUser(await makeTenant());
    const { refreshToken } = await login(user.username);
    const kept = await graph.kit.db.system((tx) => tx.execute('select u.password_hash, t.hash from identity.users u join identity.sessions s on s.user_id = u.id join identity.refresh_tokens t on t.session_id = s.id'));
    expect(kept.length).toBeGreaterThan(0);
    for (const row of kept) expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(kept)).not.toContain(refreshToken);
    expect(JSON.stringify(kept)).not.toContain(PASSWORD);
  });
});

describe('tenants', () => {
  it('are the super admin\'s alone; members see their own', async () => {
    const [one, two] = [await makeTenant({ timeZone: 'Asia/Jakarta', maxRouters: 10, features: { api_access: true } }), await makeTenant()];
    expect(one).toMatchObject({ timeZone: 'Asia/Jakarta', maxRouters: 10, features: { api_access: true }, active: true, passwordPolicy: { minLength: 8 }, allowRegistration: false });
    expect(await graph.data(one.admin, '{ tenant { slug } }')).toEqual({ tenant: { slug: one.slug } });
    expect(await graph.fault(one.admin, `{ tenant(id: "${two.slug}") { slug } }`)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.data(root, `{ tenant(id: "${two.slug}") { id } }`)).toEqual({ tenant: { id: two.id } });
    expect(await graph.fault(one.admin, '{ tenants { totalCount } }')).toMatchObject({ code: 'FORBIDDEN' });
    for (const [mutation, variables] of [[CREATE_TENANT, { input: { slug: 'mine', name: 'x' } }], [UPDATE_TENANT, { input: { id: one.id, name: 'x' } }], [DELETE_TENANT, { id: one.id }]] as const) {
      expect(await graph.fault(one.admin, mutation, variables)).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('are searched, changed, and removed with their slug freed', async () => {
    const tenant = await makeTenant({ name: 'Bandung Net' });
    const count = async (filter: object) => (await graph.data(root, 'query ($filter: TenantFilter) { tenants(filter: $filter) { totalCount } }', { filter })).tenants.totalCount;
    expect(await count({ search: 'bandung' })).toBe(1);
    expect(await count({ search: 'bandung', active: false })).toBe(0);
    const { updateTenant } = await graph.data(root, UPDATE_TENANT, { input: { id: tenant.slug, active: false, maxRouters: 3, passwordPolicy: { minLength: 12 } } });
    expect(updateTenant.tenant).toMatchObject({ name: 'Bandung Net', active: false, maxRouters: 3, passwordPolicy: { minLength: 12 } });
    expect(await count({ search: 'bandung', active: false })).toBe(1);
    await graph.data(root, DELETE_TENANT, { id: tenant.id });
    expect(await count({ search: 'bandung' })).toBe(0);
    expect(await graph.fault(root, `{ tenant(id: "${tenant.id}") { id } }`)).toMatchObject({ code: 'NOT_FOUND' });
    await makeTenant({ slug: tenant.slug });
  });

  it('have slugs and settings that are checked', async () => {
    const { slug } = await makeTenant();
    expect(await graph.fault(root, CREATE_TENANT, { input: { slug, name: 'x' } })).toMatchObject({ code: 'CONFLICT', fields: ['slug'] });
    const input = { slug: 'No Slug', name: '', timeZone: 'Mars/Base', phone: 'x', maxRouters: -1, passwordPolicy: { minLength: 3 } };
    expect(await graph.fault(root, CREATE_TENANT, { input })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['maxRouters', 'name', 'passwordPolicy.minLength', 'phone', 'slug', 'timeZone'] });
    expect(await graph.fault(root, CREATE_TENANT, { input: { slug: unique('isp'), name: 'x', features: { big: 'x'.repeat(9000) } } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['features'] });
  });

  it('are found by the gateway while they are active', async () => {
    const tenant = await makeTenant();
    const found = async () => (await graph.data(gateway, `{ found: _tenant(idOrSlug: "${tenant.slug}") { id slug } }`)).found;
    expect(await found()).toEqual({ id: tenant.id, slug: tenant.slug });
    await graph.data(root, UPDATE_TENANT, { input: { id: tenant.id, active: false } });
    expect(await found()).toBeNull();
  });
});

describe('users', () => {
  it('are made with a role, listed within the tenant, and without a password in sight', async () => {
    const [tenant, other] = [await makeTenant(), await makeTenant()];
    const user = await makeUser(tenant, { fullName: 'Ann', phone: '0812345', role: 'admin' });
    expect(user).toMatchObject({ fullName: 'Ann', phone: '0812345', active: true, role: { code: 'admin' } });
    await makeUser(tenant);
    const list = async (principal: Principal) => (await graph.data(principal, '{ users { totalCount nodes { username role { code } memberships { tenant { slug } } } } }')).users;
    expect(await list(tenant.admin)).toMatchObject({ totalCount: 2, nodes: [{ username: user.username, role: { code: 'admin' }, memberships: [{ tenant: { slug: tenant.slug } }] }, { role: { code: 'viewer' } }] });
    expect(await list(other.admin)).toMatchObject({ totalCount: 0 });
    expect(await list(makePrincipal({ kind: 'user', id: root.id, superAdmin: true, tenantId: tenant.id }))).toMatchObject({ totalCount: 2 });
    expect((await list(root)).totalCount).toBeGreaterThan(2);
    expect(await graph.fault(other.admin, `{ user(id: "${user.id}") { id } }`)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.data(tenant.admin, `{ user(id: "${user.id}") { email } }`)).toEqual({ user: { email: user.email } });
  });

  it('have names that lead to nobody else, and passwords as the tenant wants them', async () => {
    const tenant = await makeTenant({ passwordPolicy: { minLength: 12 } });
    const user = await makeUser(tenant);
    expect(await graph.fault(tenant.admin, CREATE_USER, { input: userInput({ username: user.username.toUpperCase() }) })).toMatchObject({ code: 'CONFLICT', fields: ['username'] });
    expect(await graph.fault(tenant.admin, CREATE_USER, { input: userInput({ email: user.email }) })).toMatchObject({ code: 'CONFLICT', fields: ['email'] });
    expect(await graph.fault(tenant.admin, CREATE_USER, { input: userInput({ username: user.email }) })).toMatchObject({ code: 'CONFLICT', fields: ['username'] });
    expect(await graph.fault(tenant.admin, CREATE_USER, { input: userInput({ password: '12345678901' }) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['password'] });
    expect(await graph.fault(tenant.admin, CREATE_USER, { input: { username: '!', email: 'x', password: '' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['email', 'password', 'username'] });
    expect(await graph.fault(tenant.admin, CREATE_USER, { input: userInput({ role: 'nonsense' }) })).toMatchObject({ code: 'NOT_FOUND' });
    const name = unique('race');
    const race = await Promise.all(Array.from({ length: 5 }, () => graph.fault(tenant.admin, CREATE_USER, { input: userInput({ username: name }) })));
    expect(race.map(({ code }) => code).sort()).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'OK']);
  });

  it('cannot raise themselves, nor touch those above them', async () => {
    const tenant = await makeTenant();
    const clerk = makePrincipal({ kind: 'user', id: uuidv7(), tenantId: tenant.id, permissions: ['user:read', 'user:write', 'role:read', 'role:write', 'customer:read'] });
    const boss = await makeUser(tenant, { role: 'admin' });
    expect(await graph.fault(clerk, CREATE_USER, { input: userInput({ role: 'admin' }) })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(clerk, UPDATE_USER, { input: { id: boss.id, password: 'known to the clerk' } })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(clerk, DELETE_USER, { id: boss.id })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(clerk, ASSIGN_ROLE, { userId: boss.id, roleId: 'viewer' })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(clerk, CREATE_ROLE, { input: { code: 'king', permissions: ['*'] } })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(clerk, CREATE_KEY, { input: { name: 'king', permissions: ['plan:write'] } })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(tenant.admin, CREATE_ROLE, { input: { code: 'saga', permissions: ['internal:saga'] } })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(tenant.admin, ASSIGN_TENANT, { input: { userId: boss.id, tenantId: tenant.slug } })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('of another tenant, or of several, are out of an administrator\'s reach', async () => {
    const [one, two] = [await makeTenant(), await makeTenant()];
    const foreign = await makeUser(two);
    for (const [mutation, variables] of [[UPDATE_USER, { input: { id: foreign.id, fullName: 'x' } }], [DELETE_USER, { id: foreign.id }], [ASSIGN_ROLE, { userId: foreign.id, roleId: 'viewer' }]] as const) {
      expect(await graph.fault(one.admin, mutation, variables)).toMatchObject({ code: 'NOT_FOUND' });
    }
    await graph.data(root, ASSIGN_TENANT, { input: { userId: foreign.id, tenantId: one.id, primary: true } });
    expect(await graph.fault(one.admin, UPDATE_USER, { input: { id: foreign.id, password: 'taken over!' } })).toMatchObject({ code: 'FORBIDDEN' });
    const { refreshToken } = await login(foreign.username, { tenant: one.slug });
    await graph.data(one.admin, DELETE_USER, { id: foreign.id });
    expect(await graph.fault(anonymous, REFRESH, { refreshToken })).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await login(foreign.username)).tenant).toEqual({ slug: two.slug });
    expect(await graph.data(two.admin, UPDATE_USER, { input: { id: foreign.id, fullName: 'Ours' } })).toMatchObject({ updateUser: { user: { fullName: 'Ours' } } });
  });

  it('that were removed are gone, and leave their names to others', async () => {
    const tenant = await makeTenant();
    const user = await makeUser(tenant);
    await graph.data(tenant.admin, DELETE_USER, { id: user.id });
    expect(await graph.fault(tenant.admin, `{ user(id: "${user.id}") { id } }`)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await fault(user.username)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await graph.fault(makePrincipal({ kind: 'user', id: user.id, tenantId: tenant.id }), ME)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await makeUser(tenant, { username: user.username, email: user.email })).id).not.toBe(user.id);
  });

  it('register themselves only where that is open, and have no right until they are assigned', async () => {
    const [open, closed] = [await makeTenant({ allowRegistration: true }), await makeTenant()];
    expect(await graph.fault(anonymous, REGISTER, { input: userInput() })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(anonymous, REGISTER, { input: userInput({ tenant: closed.slug }) })).toMatchObject({ code: 'FORBIDDEN' });
    const { user } = (await graph.data(anonymous, REGISTER, { input: userInput({ tenant: open.slug }) })).register;
    expect(user).toMatchObject({ role: null, memberships: [] });
    const before = await login(user.username);
    expect(before.tenant).toBeNull();
    expect([...(await graph.tokens.verifyAccess(before.accessToken)).permissions]).toEqual([]);
    await graph.data(root, ASSIGN_TENANT, { input: { userId: user.id, tenantId: open.slug } });
    expect((await login(user.username)).user.memberships).toMatchObject([{ primary: true, tenant: { slug: open.slug }, role: { code: 'viewer' } }]);
  });

  it('are made once per idempotency key, and given another role with other changes', async () => {
    const tenant = await makeTenant({ idempotencyKey: 'tenant-1' });
    expect((await graph.data(root, CREATE_TENANT, { input: { slug: tenant.slug, name: `ISP ${tenant.slug}`, idempotencyKey: 'tenant-1' } })).createTenant.tenant.id).toBe(tenant.id);
    const input = userInput({ idempotencyKey: 'user-1' });
    const made = await Promise.all(Array.from({ length: 5 }, () => graph.data(tenant.admin, CREATE_USER, { input })));
    expect(new Set(made.map(({ createUser }) => createUser.user.id)).size).toBe(1);
    expect(await graph.fault(tenant.admin, CREATE_USER, { input: { ...input, fullName: 'Other' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
    const { id } = made[0]!.createUser.user;
    await graph.data(tenant.admin, UPDATE_USER, { input: { id, role: 'operator', phone: '12345' } });
    const known = { user: { phone: '12345', role: { code: 'operator' }, tenant: { slug: tenant.slug } } };
    expect(await graph.data(tenant.admin, `{ user(id: "${id}") { phone role { code } tenant { slug } } }`)).toEqual(known);
    expect(await graph.data(root, `{ user(id: "${id}") { phone role { code } tenant { slug } } }`)).toEqual(known);
  });

  it('of a page come with their memberships in two statements', async () => {
    const tenant = await makeTenant();
    for (let i = 0; i < 5; i += 1) await makeUser(tenant);
    expect(await graph.statementsOf(() => graph.data(tenant.admin, '{ users { nodes { role { code } memberships { primary } } } }'))).toHaveLength(2);
  });

  it('are no API keys', async () => {
    expect(await graph.fault(makePrincipal({ kind: 'apiKey', id: uuidv7(), tenantId: uuidv7(), permissions: ['*'] }), ME)).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('roles', () => {
  it('are made, changed while they are the tenant\'s own, and removed while nobody has them', async () => {
    const tenant = await makeTenant();
    const { role } = (await graph.data(tenant.admin, CREATE_ROLE, { input: { code: 'clerk', name: 'Clerk', permissions: ['plan:read', 'customer:read', 'plan:read'] } })).createRole;
    expect(role).toMatchObject({ permissions: ['customer:read', 'plan:read'], builtIn: false });
    expect(await graph.fault(tenant.admin, CREATE_ROLE, { input: { code: 'clerk', permissions: [] } })).toMatchObject({ code: 'CONFLICT', fields: ['code'] });
    expect(await graph.fault(tenant.admin, CREATE_ROLE, { input: { code: '?', permissions: ['everything'] } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['code', 'permissions'] });
    const { roles } = await graph.data(tenant.admin, '{ roles { totalCount nodes { id code builtIn } } }');
    expect(roles.nodes.map(({ code }: { code: string }) => code)).toEqual(['admin', 'operator', 'technician', 'viewer', 'clerk']);
    expect(await graph.fault(tenant.admin, UPDATE_ROLE, { input: { id: roles.nodes[0].id, permissions: [] } })).toMatchObject({ code: 'CONFLICT' });
    const user = await makeUser(tenant, { role: role.id });
    expect(await graph.fault(tenant.admin, DELETE_ROLE, { id: role.id })).toMatchObject({ code: 'CONFLICT' });
    await graph.data(tenant.admin, UPDATE_ROLE, { input: { id: role.id, permissions: ['plan:*'] } });
    expect(can(await graph.tokens.verifyAccess((await login(user.username)).accessToken), 'plan:write')).toBe(true);
    await graph.data(tenant.admin, ASSIGN_ROLE, { userId: user.id, roleId: 'viewer' });
    await graph.data(tenant.admin, DELETE_ROLE, { id: role.id });
    const other = await makeTenant();
    expect(await graph.fault(other.admin, UPDATE_ROLE, { input: { id: role.id, name: 'x' } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(other.admin, ASSIGN_ROLE, { userId: user.id, roleId: roles.nodes[0].id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are made once per idempotency key', async () => {
    const tenant = await makeTenant();
    const input = { code: 'clerk', permissions: ['plan:read'], idempotencyKey: 'role-1' };
    const made = await Promise.all([1, 2, 3].map(() => graph.data(tenant.admin, CREATE_ROLE, { input })));
    expect(new Set(made.map(({ createRole }) => createRole.role.id)).size).toBe(1);
    expect(await graph.fault(tenant.admin, CREATE_ROLE, { input: { ...input, permissions: [] } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
  });
});

describe('API keys', () => {
  it('stand for a principal until they are revoked or end, and are shown once', async () => {
    const tenant = await makeTenant();
    const expiresAt = new Date(graph.clock.now().getTime() + 60_000).toISOString();
    const { key, apiKey } = (await graph.data(tenant.admin, CREATE_KEY, { input: { name: 'Billing', permissions: ['customer:read'], expiresAt } })).createApiKey;
    expect(key.startsWith(apiKey.prefix)).toBe(true);
    const principal = async (text: string) => (await graph.data(gateway, 'query ($key: String!) { found: _principalOfApiKey(key: $key) { id tenantId permissions superAdmin } }', { key: text })).found;
    expect(await principal(key)).toEqual({ id: apiKey.id, tenantId: tenant.id, permissions: ['customer:read'], superAdmin: false });
    expect(await principal(`${key}x`)).toBeNull();
    expect(JSON.stringify(await graph.data(tenant.admin, '{ apiKeys { nodes { name prefix permissions } } }'))).not.toContain(key);
    graph.clock.advance(61);
    expect(await principal(key)).toBeNull();
    const other = (await graph.data(tenant.admin, CREATE_KEY, { input: { name: 'Other', permissions: ['*'] } })).createApiKey;
    expect(await principal(other.key)).not.toBeNull();
    await graph.data(tenant.admin, `mutation { revokeApiKey(input: { id: "${other.apiKey.id}" }) { apiKey { revokedAt } } }`);
    expect(await principal(other.key)).toBeNull();
    expect(await graph.fault(tenant.admin, CREATE_KEY, { input: { name: 'Late', permissions: [], expiresAt: '2020-01-01T00:00:00Z' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['expiresAt'] });
    expect(await graph.fault((await makeTenant()).admin, `mutation { revokeApiKey(input: { id: "${apiKey.id}" }) { apiKey { id } } }`)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are made once per idempotency key and caller, who gets the key again though nothing is kept of it', async () => {
    const tenant = await makeTenant();
    const input = { name: 'Billing', permissions: ['customer:read'], idempotencyKey: 'key-1' };
    const [first, ...again] = (await Promise.all([1, 2, 3].map(() => graph.data(tenant.admin, CREATE_KEY, { input })))).map(({ createApiKey }) => createApiKey);
    for (const one of again) expect(one).toEqual(first);
    const { found } = await graph.data(gateway, 'query ($key: String!) { found: _principalOfApiKey(key: $key) { id } }', { key: first.key });
    expect(found).toEqual({ id: first.apiKey.id });
    expect(await graph.fault(tenant.admin, CREATE_KEY, { input: { ...input, name: 'Other' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
    expect(await graph.fault({ ...tenant.admin, id: uuidv7() }, CREATE_KEY, { input })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
    // The same in another tenant is another key.
    expect((await graph.data((await makeTenant()).admin, CREATE_KEY, { input })).createApiKey.key).not.toBe(first.key);
    const kept = await graph.test.database.forSubgraph('identity').system((tx) => tx.execute('select * from identity.api_keys'));
    expect(JSON.stringify(kept)).not.toContain(first.key);
  });
});

describe('the roles that come with the product', () => {
  const TECHNICIAN = '00000000-0000-4000-8000-000000000104';

  it('are given in every tenant by one id', async () => {
    const tenant = await makeTenant();
    const user = await makeUser(tenant);
    for (const principal of [tenant.admin, { ...root, tenantId: tenant.id }]) {
      expect((await graph.data(principal, ASSIGN_ROLE, { userId: user.id, roleId: TECHNICIAN })).assignRole.user.role.code).toBe('technician');
    }
    const clerk = makePrincipal({ kind: 'user', id: uuidv7(), tenantId: tenant.id, permissions: ['user:write', 'customer:read'] });
    expect(await graph.fault(clerk, ASSIGN_ROLE, { userId: user.id, roleId: TECHNICIAN })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(tenant.admin, ASSIGN_ROLE, { userId: user.id, roleId: uuidv7() })).toMatchObject({ code: 'NOT_FOUND' });
    const ids = (await graph.data(tenant.admin, '{ roles { nodes { id code builtIn } } }')).roles.nodes as Array<{ id: string; code: string; builtIn: boolean }>;
    expect(ids.map(({ code, builtIn }) => [code, builtIn])).toEqual(expect.arrayContaining([['admin', true], ['operator', true], ['technician', true], ['viewer', true]]));
  });

  it('come to tenants of an older release at the next start, with their rights of today; a role of their own stays', async () => {
    const [older, own] = [await makeTenant(), await makeTenant()];
    const { db } = graph.kit;
    await db.system(async (tx) => {
      await tx.execute(`delete from identity.roles where code = 'technician' and tenant_id in ('${older.id}', '${own.id}')`);
      await tx.execute(`update identity.roles set permissions = '{customer:read}' where code = 'viewer' and tenant_id = '${older.id}'`);
    });
    await graph.data(own.admin, CREATE_ROLE, { input: { code: 'technician', permissions: ['router:read'] } });
    await Promise.all([refreshBuiltInRoles(graph.kit), refreshBuiltInRoles(graph.kit)]);
    const rolesOf = async ({ admin }: Tenant) => new Map(((await graph.data(admin, '{ roles { nodes { code builtIn permissions } } }')).roles.nodes as Array<{ code: string; builtIn: boolean; permissions: string[] }>).map((role) => [role.code, role]));
    expect((await rolesOf(older)).get('technician')).toMatchObject({ builtIn: true, permissions: expect.arrayContaining(['session:write']) });
    expect((await rolesOf(older)).get('viewer')?.permissions).toContain('queue:read');
    expect((await rolesOf(own)).get('technician')).toMatchObject({ builtIn: false, permissions: ['router:read'] });
    const user = await makeUser(own);
    expect(await graph.fault(own.admin, ASSIGN_ROLE, { userId: user.id, roleId: TECHNICIAN })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what a tenant has', () => {
  const COUNTS = 'query ($id: ID) { tenant(id: $id) { userCount customerCount } }';

  it('is counted for its members and for super admins, and for nobody else', async () => {
    const [one, two] = [await makeTenant(), await makeTenant()];
    await makeUser(one);
    await makeUser(one);
    await graph.data(one.admin, 'mutation { upsertCustomers(input: { customers: [{ name: "Ann" }, { name: "Bob" }, { name: "Carl" }] }) { created } }');
    await graph.data(one.admin, 'mutation { closeCustomers(input: { names: ["Carl"] }) { customers { id } } }');
    expect((await graph.data(one.admin, COUNTS)).tenant).toEqual({ userCount: 2, customerCount: 2 });
    expect((await graph.data(root, COUNTS, { id: one.id })).tenant).toEqual({ userCount: 2, customerCount: 2 });
    expect((await graph.data({ ...root, tenantId: two.id }, COUNTS, { id: one.id })).tenant).toEqual({ userCount: 2, customerCount: 2 });
    expect((await graph.data(two.admin, COUNTS)).tenant).toEqual({ userCount: 0, customerCount: 0 });
    expect(await graph.fault(makePrincipal({ kind: 'user', id: uuidv7(), tenantId: one.id, permissions: ['tenant:read'] }), COUNTS)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(two.admin, COUNTS, { id: one.id })).toMatchObject({ code: 'FORBIDDEN' });
  });
});
