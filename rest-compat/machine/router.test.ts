import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conflict, DomainError, invalidField, notFound, unavailable } from '#kernel/errors.ts';
import { mikroops } from '../dialects/mikroops.ts';
import { makeTestRest, OTHER_TENANT, PLANNED, TENANT, type TestRest, type TestRestOptions } from '../testing/rest-app.ts';
import type { Field } from '../testing/fake-graph.ts';

const router = { id: TENANT, name: 'Router-01', host: '192.0.2.1', port: 8728, username: 'billing', site: null, active: true, createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z', status: null };
const body = { name: 'Router-01', host: '192.0.2.1', port: 8728, api_username: 'billing', api_password: 'x' };

let rest: TestRest;
const start = async (fields: Record<string, Field> = {}, options?: TestRestOptions) => (rest = await makeTestRest(fields, options));
afterEach(() => rest.close());

const failure = (code: string) => ({ success: false, data: null, metadata: { total: 0, limit: 0, offset: 0 }, error: { code, message: expect.any(String) as string, details: expect.any(Array) as unknown[], request_id: expect.any(String) as string } });

describe('what the machine refuses, in the words of the dialect', () => {
  it('answers an unknown path with 404', async () => {
    await start();
    const answer = await rest.app.inject({ method: 'GET', url: '/v1/internal/no-such-thing' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject(failure('UNKNOWN_PATH'));
  });

  it('answers an address that is not well encoded with 400', async () => {
    await start();
    const answer = await rest.app.inject({ method: 'GET', url: '/v1/internal/ppp/secret/%zz' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject(failure('MALFORMED_ADDRESS'));
  });

  it('answers a wrong method with 405 and says which ones are possible', async () => {
    await start();
    const answer = await rest.app.inject({ method: 'PATCH', url: `/v1/internal/mikrotik/${TENANT}` });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('GET, PUT, DELETE');
    expect(answer.json()).toMatchObject(failure('METHOD_NOT_ALLOWED'));
  });

  it.each([
    ['malformed JSON', 400, 'MALFORMED_BODY', { 'content-type': 'application/json' }, '{"name": '],
    ['JSON that would reach prototypes', 400, 'MALFORMED_BODY', { 'content-type': 'application/json' }, '{"__proto__": {"x": 1}}'],
    ['another content type', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'text/xml' }, '<a/>'],
    ['a form where only JSON is taken', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'application/x-www-form-urlencoded' }, 'name=x'],
    ['a body over the limit', 413, 'BODY_TOO_LARGE', { 'content-type': 'application/json' }, JSON.stringify({ name: 'x'.repeat(3000) })],
    ['no body at all', 422, 'VALIDATION_ERROR', { 'content-type': 'application/json' }, ''],
  ])('refuses %s', async (_what, status, code, headers, payload) => {
    await start({}, { config: { bodyLimit: 2000 } });
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik', headers: { ...headers, ...rest.as('user') }, payload });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject(failure(code));
    expect(rest.graph.requests).toEqual([]);
  });

  it('names every field that is wrong', async () => {
    await start();
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik', headers: rest.as('user'), payload: { name: 7, port: 'many' } });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().error.details).toEqual([
      { field: 'name', code: 'INVALID_TYPE', message: 'name must be a string.' },
      { field: 'host', code: 'REQUIRED', message: 'host is required.' },
      { field: 'port', code: 'INVALID_TYPE', message: 'port must be a number.' },
      { field: 'api_username', code: 'REQUIRED', message: 'api_username is required.' },
      { field: 'api_password', code: 'REQUIRED', message: 'api_password is required.' },
    ]);
  });

  it('asks for credentials before it looks at the body', async () => {
    await start();
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik', payload: '{"name": ', headers: { 'content-type': 'application/json' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject(failure('UNAUTHENTICATED'));
  });

  it('answers 501 for what is documented and not served yet, also over a WebSocket handshake', async () => {
    await start();
    const answer = await rest.app.inject({ method: 'GET', url: PLANNED, headers: rest.as('user') });
    expect(answer.statusCode).toBe(501);
    expect(answer.json()).toMatchObject(failure('NOT_IMPLEMENTED'));
  });
});

describe('who acts where', () => {
  it('takes a super admin without X-Tenant-ID only where no tenant is meant', async () => {
    await start({ tenants: () => ({ nodes: [], totalCount: 0 }) });
    const scoped = await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik/list', headers: rest.as('super') });
    expect(scoped.statusCode).toBe(400);
    expect(scoped.json()).toMatchObject(failure('TENANT_REQUIRED'));
    expect((await rest.app.inject({ method: 'GET', url: '/v1/internal/tenant/list', headers: rest.as('super') })).statusCode).toBe(200);
  });

  it('lets a super admin name a tenant in the header, or in the documented query parameter', async () => {
    const tenants: unknown[] = [];
    await start({
      users(_args: never, { principal }) {
        tenants.push(principal.tenantId);
        return { nodes: [], totalCount: 0 };
      },
    });
    await rest.app.inject({ method: 'GET', url: '/v1/internal/users/list', headers: rest.as('super', TENANT) });
    await rest.app.inject({ method: 'GET', url: `/v1/internal/users/list?tenant_id=${OTHER_TENANT}`, headers: rest.as('super') });
    expect(tenants).toEqual([TENANT, OTHER_TENANT]);
  });

  it('refuses another tenant, and a user of none', async () => {
    await start();
    expect((await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik/list', headers: rest.as('user', OTHER_TENANT) })).statusCode).toBe(403);
    expect((await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik/list', headers: rest.as('homeless') })).statusCode).toBe(403);
  });

  it('refuses a token that is not valid', async () => {
    await start();
    expect((await rest.app.inject({ method: 'GET', url: '/v1/auth/profile', headers: rest.as('nonsense') })).statusCode).toBe(401);
  });
});

describe('what the graph says', () => {
  it.each([
    [invalidField('site', 'TOO_LONG', 'site is too long.'), 422, [{ field: 'location', code: 'TOO_LONG', message: 'site is too long.' }]],
    [conflict('A router of that address is there.'), 409, []],
    [notFound('router', 'x'), 404, []],
    [unavailable('The database is away.'), 503, []],
    [new DomainError('NETWORK_VALUE_REJECTED', 'The router rejects it.'), 422, []],
    [new DomainError('NETWORK_ROUTER_UNREACHABLE', 'The router is away.'), 503, []],
  ])('becomes the status and the fields of the route (%s)', async (error, status, details) => {
    await start({
      registerRouter() {
        throw error;
      },
    });
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik', headers: rest.as('user'), payload: body });
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error).toMatchObject({ code: error.code, message: error.message, details });
  });

  it('is masked when it was not foreseen', async () => {
    await start({
      registerRouter() {
        throw new Error('password=hunter2');
      },
    });
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik', headers: rest.as('user'), payload: body });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('hunter2');
    expect(answer.json()).toMatchObject(failure('INTERNAL_ERROR'));
  });

  it('may leave a live value out without failing the request', async () => {
    await start({
      router: () => ({
        ...router,
        status() {
          throw unavailable('The router did not answer in time.');
        },
      }),
    });
    const answer = await rest.app.inject({ method: 'GET', url: `/v1/internal/mikrotik/${TENANT}`, headers: rest.as('user') });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().data).toMatchObject({ id: TENANT, status: 'unknown' });
  });
});

describe('every answer', () => {
  it('carries the request id that came, and the limits', async () => {
    await start({ routers: () => ({ nodes: [router], totalCount: 7 }) });
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik/list?limit=1&offset=3', headers: { ...rest.as('user'), 'x-request-id': 'req_1' } });
    expect(answer.headers).toMatchObject({ 'x-request-id': 'req_1', 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '599' });
    expect(answer.json().metadata).toEqual({ total: 7, limit: 1, offset: 3 });
    expect(rest.graph.requests[0]).toMatchObject({ requestId: 'req_1', variables: { first: 1, offset: 3 } });
  });

  it('tells the true length of a page that was cut', async () => {
    await start({ routers: () => ({ nodes: [router], totalCount: 1 }) });
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/internal/mikrotik/list?limit=5000', headers: rest.as('user') });
    expect(answer.json().metadata).toEqual({ total: 1, limit: 100, offset: 0 });
  });

  it('carries the limits when it is an error too, and 429 when they are used up', async () => {
    await start();
    const statuses: number[] = [];
    for (let i = 0; i < 61; i += 1) statuses.push((await rest.app.inject({ method: 'POST', url: '/v1/auth/login', payload: {} })).statusCode);
    expect(new Set(statuses.slice(0, 60))).toEqual(new Set([422]));
    expect(statuses[60]).toBe(429);
    const refused = await rest.app.inject({ method: 'GET', url: '/v1/nothing' });
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({ 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'retry-after': expect.stringMatching(/^\d+$/) as string });
  });

  it('is not limited in practice where the sandbox relaxes the limits', async () => {
    await start({}, { config: { relaxedLimits: true } });
    const answer = await rest.app.inject({ method: 'POST', url: '/v1/auth/login', payload: {} });
    expect(answer.headers['x-ratelimit-limit']).toBe('1000000');
  });
});

describe('routes on one path', () => {
  it('are told apart by their bodies', async () => {
    const route = (id: string, operation: string) => ({
      id,
      dialect: 'mikroops',
      method: 'POST' as const,
      path: '/v1/shared',
      summary: '',
      section: '',
      auth: 'none' as const,
      tenant: 'none' as const,
      operation,
      body: z.object({}),
      toResponse: () => ({ data: { id } }),
    });
    await start(
      {},
      {
        modules: [
          {
            dialect: mikroops,
            unserved: [],
            awaited: new Set(),
            documents: { ClientPing: 'query ClientPing { __typename }' },
            routes: [{ ...route('first', 'ClientPing'), when: (sent: unknown) => typeof sent === 'object' && sent !== null && 'username' in sent }, route('second', 'ClientPing')],
          },
        ],
      },
    );
    expect((await rest.app.inject({ method: 'POST', url: '/v1/shared', payload: { username: 'x' } })).json().data).toEqual({ id: 'first' });
    expect((await rest.app.inject({ method: 'POST', url: '/v1/shared', payload: { email: 'x' } })).json().data).toEqual({ id: 'second' });
  });
});
