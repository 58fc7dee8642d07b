import { afterEach, describe, expect, it } from 'vitest';
import { invalidField } from '#kernel/errors.ts';
import { makeTestRest, TENANT, type TestRest } from '../../testing/rest-app.ts';
import type { Field } from '../../testing/fake-graph.ts';
import { codeOf } from './profiles.ts';

const AT = '2026-01-01T00:00:00.000Z';
const ID = '018f2b6a-0000-7000-8000-00000000000a';

let rest: TestRest | undefined;
afterEach(async () => {
  await rest?.close();
  rest = undefined;
});

/** One request against a graph of the given root fields. */
async function call(fields: Record<string, Field>, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object, token: string | null = 'user') {
  const { app, graph, as } = (rest = await makeTestRest(fields));
  const answer = await app.inject({ method, url: `/v1${url}`, headers: token ? as(token) : {}, ...(payload ? { payload } : {}) });
  return { status: answer.statusCode, body: answer.json(), sent: graph.requests.map(({ operationName, variables }) => ({ operationName, ...variables })) };
}

const role = { id: ID, code: 'admin', name: 'Administrator' };
const user = { id: ID, username: 'tenant_admin', email: 'admin@isp.com', fullName: 'Tenant Administrator', phone: null, superAdmin: false, active: true, role, tenant: { id: TENANT, slug: 'isp' }, createdAt: AT };
const tokens = { accessToken: 'a', refreshToken: 'r', expiresIn: 900, refreshExpiresIn: 2_592_000 };

describe('auth', () => {
  const login: Field = () => ({ ...tokens, user: { ...user, superAdmin: true, role: null, tenant: null } });

  it('logs in by user name, or by e-mail, and answers the documented body', async () => {
    const byName = await call({ login }, 'POST', '/auth/login', { email: 'admin@example.com', username: 'admin', password: 'x' }, null);
    expect(byName.sent).toEqual([{ operationName: 'MikroopsLogin', input: { username: 'admin', password: 'x' } }]);
    expect(byName.body).toEqual({
      success: true,
      data: {
        access_token: 'a',
        refresh_token: 'r',
        token_type: 'Bearer',
        expires_in: 900,
        refresh_expires_in: 2_592_000,
        user: { id: ID, username: 'tenant_admin', email: 'admin@isp.com', fullname: 'Tenant Administrator', phone: '', user_role: 'super_admin', role_id: null, tenant_id: null, is_active: true, created_at: AT },
      },
      metadata: { total: 0, limit: 0, offset: 0 },
      error: null,
    });
    await rest!.close();
    const byMail = await call({ login }, 'POST', '/auth/login', { email: 'admin@example.com', password: 'x' }, null);
    expect(byMail.sent).toEqual([{ operationName: 'MikroopsLogin', input: { email: 'admin@example.com', password: 'x' } }]);
  });

  it('wants one of the two', async () => {
    const { status, body, sent } = await call({ login }, 'POST', '/auth/login', { password: 'x' }, null);
    expect([status, body.error.details[0].field, sent]).toEqual([422, 'username', []]);
  });

  it('says that the refresh token was rotated', async () => {
    const { body } = await call({ refresh: () => tokens }, 'POST', '/auth/refresh', { refresh_token: 'r0' }, null);
    expect(body.data).toMatchObject({ rotation: true, refresh_token: 'r', refresh_expires_in: 2_592_000 });
  });

  it('logs out with an expired access token, too', async () => {
    const { status, body } = await call({ logout: () => ({ success: true }) }, 'POST', '/auth/logout', { refresh_token: 'r0' }, 'expired');
    expect([status, body.data]).toEqual([200, { message: 'logged out successfully' }]);
  });
});

describe('users', () => {
  it('have the role and the tenant they act in', async () => {
    const { body } = await call({ me: () => user }, 'GET', '/auth/profile');
    expect(body.data).toMatchObject({ user_role: 'admin', role_id: ID, tenant_id: TENANT });
  });

  it('are listed as {users, total}, with the same total in the metadata', async () => {
    const { body, sent } = await call({ users: () => ({ nodes: [user], totalCount: 12 }) }, 'GET', '/internal/users/list?limit=1&offset=2');
    expect(body.data).toMatchObject({ users: [{ id: ID }], total: 12 });
    expect(body.metadata).toEqual({ total: 12, limit: 1, offset: 2 });
    expect(sent).toEqual([{ operationName: 'MikroopsUsers', filter: {}, first: 1, offset: 2 }]);
  });

  it('change only in what is sent', async () => {
    const { sent } = await call({ updateUser: () => ({ user }) }, 'PUT', `/internal/users/${ID}`, { fullname: 'New' });
    expect(sent).toEqual([{ operationName: 'MikroopsUpdateUser', input: { id: ID, fullName: 'New' } }]);
  });

});

describe('tenants', () => {
  it('are filtered by is_active, which goes before status', async () => {
    const fields = { tenants: () => ({ nodes: [], totalCount: 0 }) };
    const { sent } = await call(fields, 'GET', '/internal/tenant/list?is_active=false&status=active&search=x', undefined, 'super');
    expect(sent).toEqual([{ operationName: 'MikroopsTenants', filter: { search: 'x', active: false }, first: 100, offset: 0 }]);
  });
});

describe('billing profiles', () => {
  const plan = { id: ID, code: 'Premium-50M', name: 'Premium 50M', serviceType: 'PPPOE', price: { amount: '350000.50', currency: 'IDR' }, access: { rateLimit: '50M/50M', localAddress: '10.0.0.1', remotePool: 'pool-pppoe' }, createdAt: AT, updatedAt: AT };
  const own = { tenant: () => ({ currency: 'IDR' }) };
  const body = { name: 'Premium 50M', type: 'pppoe', price: 350_000.5, rate_limit: '50M/50M', local_address: '10.0.0.1', remote_address: 'pool-pppoe' };

  it('are plans in the currency of the tenant, whose code derives from the name', async () => {
    const { status, body: answer, sent } = await call({ ...own, createPlan: () => ({ plan }) }, 'POST', '/internal/profile', body);
    expect(status).toBe(201);
    expect(sent[1]).toEqual({
      operationName: 'MikroopsCreatePlan',
      input: { code: 'Premium-50M', name: 'Premium 50M', serviceType: 'PPPOE', billingInterval: 'MONTH', price: { amount: '350000.5', currency: 'IDR' }, access: { rateLimit: '50M/50M', localAddress: '10.0.0.1', remotePool: 'pool-pppoe' } },
    });
    expect(answer.data).toMatchObject({ ...body, price: 350_000.5, currency: 'IDR' });
  });

  it('keep what a change does not name', async () => {
    const { sent } = await call({ ...own, plan: () => plan, updatePlan: () => ({ plan }) }, 'PUT', `/internal/profile/${ID}`, { rate_limit: '60M/60M' });
    expect(sent[2]).toEqual({ operationName: 'MikroopsUpdatePlan', input: { id: ID, access: { rateLimit: '60M/60M', localAddress: '10.0.0.1', remotePool: 'pool-pppoe' } } });
  });

  it.each([
    ['Premium 50M', 'Premium-50M'],
    ['  Żółć / 10 ', 'Zo-c-10'],
    ['---', ''],
    ['x'.repeat(80), 'x'.repeat(60)],
  ])('derive from %j the code %j', (name, code) => {
    expect(codeOf(name)).toBe(code);
  });
});

describe('customers', () => {
  const service = { id: ID, number: 'S-1', status: 'PENDING', billingDay: 5, activatedAt: null, plan: { id: ID, code: 'p', name: 'P', serviceType: 'PPPOE' } };
  const customer = { id: TENANT, accountNumber: 'C-1', name: 'John Doe', email: null, phone: '0812', status: 'ACTIVE', createdAt: AT, updatedAt: AT, services: { nodes: [] as object[] } };
  const run = { id: ID, state: 'RUNNING' };
  const body = { username: 'johndoe', name: 'John Doe', phone: '0812', password: 'p', profile_id: ID, service_type: 'pppoe', billing_day: 5 };

  it('are onboarded on the active router, and echo what was sent at once', async () => {
    const { status, body: answer, sent } = await call({ onboardCustomer: () => ({ customer, service, run }) }, 'POST', '/internal/customer', body);
    expect(status).toBe(201);
    expect(sent).toEqual([{ operationName: 'MikroopsOnboardCustomer', input: { customer: { name: 'John Doe', phone: '0812' }, planId: ID, credentials: { username: 'johndoe', password: 'p' }, billingDay: 5 } }]);
    expect(answer.data).toMatchObject({ id: TENANT, username: 'johndoe', name: 'John Doe', phone: '0812', profile_id: ID, service_type: 'pppoe', billing_day: 5, status: 'pending', run_id: ID });
    expect(JSON.stringify(answer)).not.toContain('password');
  });

  it('hear of a taken user name by their own field', async () => {
    const fields: Record<string, Field> = {
      onboardCustomer() {
        throw invalidField('credentials.username', 'TAKEN', 'The user name is taken.');
      },
    };
    const { status, body: answer } = await call(fields, 'POST', '/internal/customer', body);
    expect([status, answer.error.details[0]]).toEqual([422, { field: 'username', code: 'TAKEN', message: 'The user name is taken.' }]);
  });

  it('send on only what changes', async () => {
    const { sent } = await call({ changeSubscriber: () => ({ customer, run: null }) }, 'PUT', `/internal/customer/${TENANT}`, { billing_day: 10 });
    expect(sent).toEqual([{ operationName: 'MikroopsChangeSubscriber', input: { customerId: TENANT, billingDay: 10 } }]);
  });

  it('are pinged over the service they have, and are NOT_FOUND without one', async () => {
    const ping = { online: false, address: null, sent: 0, received: 0, lossPercent: 100, minMs: null, avgMs: null, maxMs: null, replies: [], observedAt: AT };
    const withService = { ...customer, services: { nodes: [{ ...service, access: null }] } };
    const { body: answer, sent } = await call({ customer: () => withService, pingService: () => ping }, 'GET', `/internal/customer/${TENANT}/ping?count=2`);
    expect(sent[1]).toEqual({ operationName: 'MikroopsPingService', serviceId: ID, count: 2 });
    expect(answer.data).toMatchObject({ online: false, packet_loss: 100 });
    await rest!.close();
    const none = await call({ customer: () => customer }, 'GET', `/internal/customer/${TENANT}/ping`);
    expect(none.status).toBe(404);
  });
});

describe('what is on the router', () => {
  it('is listed whole, with its true total', async () => {
    const pool = { id: '*1', name: 'pool-pppoe', ranges: '10.0.0.2-10.0.0.254', nextPool: null, comment: null };
    const { body, sent } = await call({ ipPools: () => ({ nodes: [pool], totalCount: 1 }) }, 'GET', '/internal/pool/list');
    expect(sent).toEqual([{ operationName: 'MikroopsIpPools', filter: {}, first: null, offset: 0 }]);
    expect(body).toMatchObject({ data: [{ id: '*1', ranges: '10.0.0.2-10.0.0.254', next_pool: '' }], metadata: { total: 1, limit: 1, offset: 0 } });
  });

  it('is named by the router\'s own ids, in the path as clients write them', async () => {
    const { sent } = await call({ deletePppSecret: () => ({ id: '*1F' }) }, 'DELETE', '/internal/ppp/secret/*1F');
    expect(sent).toEqual([{ operationName: 'MikroopsDeletePppSecret', input: { id: '*1F' } }]);
  });
});
