import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymous, makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { assertTenantIsolation } from '#kernel/db/isolation.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { identity } from './subgraph.ts';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const member = (tenantId: string, ...permissions: string[]) => makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions });
const admin = member(A, '*');
const stranger = member(B, '*');
const saga = (tenantId = A, runId = 'run-1') => makePrincipal({ kind: 'service', id: 'ops', tenantId, runId, permissions: ['internal:saga', 'customer:read', 'customer:write'] });

const CREATE = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id accountNumber name email phone status createdAt updatedAt } } }';
const UPDATE = 'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { name email phone status } } }';
const WITHDRAW = 'mutation ($id: ID!, $runId: ID!) { withdrawCustomer(input: { id: $id, runId: $runId }) { withdrawn } }';
const LIST = 'query ($first: Int, $after: String, $offset: Int, $filter: CustomerFilter, $orderBy: [CustomerOrder!]) { customers(first: $first, after: $after, offset: $offset, filter: $filter, orderBy: $orderBy) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }';

let graph: TestSubgraph;
const create = async (input: object, principal: Principal = admin) => (await graph.data(principal, CREATE, { input })).createCustomer.customer;

beforeAll(async () => {
  graph = await testSubgraph(identity, { env: { HEADEND_SANDBOX: '0' } });
});
afterAll(() => graph.stop());

describe('customers', () => {
  it('are made with an account number of their own tenant', async () => {
    const tenant = member(uuidv7(), '*');
    const made = [await create({ name: ' Ann ', email: 'Ann@Example.org', phone: '+49 (30) 123-45' }, tenant), await create({ name: 'Bob' }, tenant)];
    expect(made[0]).toMatchObject({ accountNumber: 'C-000001', name: 'Ann', email: 'Ann@Example.org', phone: '+49 (30) 123-45', status: 'ACTIVE' });
    expect(made[1]).toMatchObject({ accountNumber: 'C-000002', email: null, phone: null });
    expect(await graph.data(tenant, `{ customer(id: "${made[0].id}") { name } }`)).toEqual({ customer: { name: 'Ann' } });
  });

  it('name every field that is wrong', async () => {
    expect(await graph.fault(admin, CREATE, { input: { name: '  ', email: 'nope', phone: 'abc' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['email', 'name', 'phone'] });
    expect(await graph.fault(admin, CREATE, { input: { name: 'x'.repeat(201), email: `${'x'.repeat(300)}@example.org` } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['email', 'name'] });
    expect(await graph.fault(admin, CREATE, { input: { name: 'x', idempotencyKey: '' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['idempotencyKey'] });
    expect(await graph.fault(admin, CREATE, { input: { name: 'x', id: uuidv7() } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['id'] });
    expect(await graph.fault(admin, '{ customers(first: -1) { totalCount } }')).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['first'] });
  });

  it('are made once by a hundred calls at once with one key, and not for another input', async () => {
    const tenant = member(uuidv7(), '*');
    const input = { name: 'Once', email: null, idempotencyKey: 'key-1' };
    const made = await Promise.all(Array.from({ length: 100 }, () => create(input, tenant)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect((await graph.data(tenant, LIST)).customers.totalCount).toBe(1);
    expect((await create({ name: 'Once', idempotencyKey: 'key-1' }, tenant)).id).toBe(made[0].id);
    expect(await graph.fault(tenant, CREATE, { input: { ...input, name: 'Twice' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
    expect((await create(input, member(uuidv7(), '*'))).id).not.toBe(made[0].id);
  });

  it('of a run are made once per id, and withdrawn by that run alone', async () => {
    const id = uuidv7();
    const made = await Promise.all(Array.from({ length: 8 }, () => create({ id, name: 'Step' }, saga())));
    expect(new Set(made.map(({ accountNumber }) => accountNumber)).size).toBe(1);
    expect(await graph.fault(saga(A, 'run-2'), CREATE, { input: { id, name: 'Step' } })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    expect(await graph.fault(saga(B), CREATE, { input: { id, name: 'Step' } })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    const withdraw = async (principal: Principal, runId: string) => (await graph.data(principal, WITHDRAW, { id, runId })).withdrawCustomer.withdrawn;
    expect(await withdraw(saga(), 'run-2')).toBe(false);
    expect(await withdraw(saga(B), 'run-1')).toBe(false);
    expect(await withdraw(saga(), 'run-1')).toBe(true);
    expect(await withdraw(saga(), 'run-1')).toBe(false);
    expect(await graph.fault(admin, WITHDRAW, { id, runId: 'run-1' })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('that have left are neither found nor listed nor changed; what they had still leads to them', async () => {
    const CLOSE = 'mutation ($id: ID!, $runId: ID!) { closeCustomer(input: { id: $id, runId: $runId }) { customer { id closedAt } } }';
    const { id } = await create({ name: 'Gone Gustav' });
    expect(await graph.fault(admin, CLOSE, { id, runId: 'run-1' })).toMatchObject({ code: 'FORBIDDEN' });
    const { closedAt } = (await graph.data(saga(), CLOSE, { id, runId: 'run-1' })).closeCustomer.customer;
    expect((await graph.data(saga(), CLOSE, { id, runId: 'run-1' })).closeCustomer.customer).toEqual({ id, closedAt });
    expect(await graph.fault(admin, 'query ($id: ID!) { customer(id: $id) { id } }', { id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(admin, UPDATE, { input: { id, name: 'Gustav' } })).toMatchObject({ code: 'NOT_FOUND' });
    expect((await graph.data(admin, LIST, { filter: { search: 'Gustav' } })).customers.totalCount).toBe(0);
    const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { name closedAt } } }';
    expect((await graph.data(admin, entities, { of: [{ __typename: 'Customer', id }] }))._entities).toEqual([{ name: 'Gone Gustav', closedAt }]);
  });

  it('are changed where something is given, and emptied by an empty text', async () => {
    const { id } = await create({ name: 'Ann', email: 'a@example.org', phone: '12345' });
    expect((await graph.data(admin, UPDATE, { input: { id, name: 'Anna', phone: '' } })).updateCustomer.customer).toEqual({ name: 'Anna', email: 'a@example.org', phone: null, status: 'ACTIVE' });
    expect((await graph.data(admin, UPDATE, { input: { id, email: null, status: 'INACTIVE' } })).updateCustomer.customer).toMatchObject({ email: 'a@example.org', status: 'INACTIVE' });
    expect(await graph.fault(admin, UPDATE, { input: { id, email: 'nope' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['email'] });
    expect(await graph.fault(admin, UPDATE, { input: { id: uuidv7(), name: 'x' } })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are listed in pages, sorted, filtered and counted', async () => {
    const tenant = member(uuidv7(), '*');
    for (const name of ['Dora', 'Ann 100%', 'carl', 'Bob_x']) await create({ name, email: `${name.slice(0, 3)}@example.org`.toLowerCase() }, tenant);
    const list = async (variables: object) => (await graph.data(tenant, LIST, variables as never)).customers;
    const names = async (variables: object) => (await list(variables)).nodes.map(({ name }: { name: string }) => name);
    const first = await list({ first: 3 });
    expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
    expect(first.nodes).toHaveLength(3);
    expect(await names({ first: 3, after: first.pageInfo.endCursor })).toEqual(['Bob_x']);
    expect(await names({ first: 2, offset: 1, orderBy: [{ field: 'ACCOUNT_NUMBER', direction: 'DESC' }] })).toEqual(['carl', 'Ann 100%']);
    expect(await names({ filter: { name: { contains: '0%' } } })).toEqual(['Ann 100%']);
    expect(await names({ filter: { name: { equals: 'CARL' } } })).toEqual(['carl']);
    expect(await names({ filter: { name: { contains: '_' } } })).toEqual(['Bob_x']);
    expect(await names({ filter: { search: 'dor' } })).toEqual(['Dora']);
    expect(await names({ filter: { email: { equals: 'car@example.org' }, status: 'ACTIVE' } })).toEqual(['carl']);
    expect(await names({ filter: { status: 'INACTIVE' } })).toEqual([]);
    expect(await names({ filter: { createdAt: { to: '2020-01-01T00:00:00Z' } } })).toEqual([]);
    expect(await names({ filter: { createdAt: { from: '2020-01-01T00:00:00Z' } }, first: 1 })).toEqual(['Dora']);
  });

  it('are counted only when the count is asked for', async () => {
    expect(await graph.statementsOf(() => graph.data(admin, '{ customers { nodes { id } } }'))).toHaveLength(1);
    expect(await graph.statementsOf(() => graph.data(admin, '{ customers { totalCount nodes { id } } }'))).toHaveLength(2);
  });

  it('that another subgraph leads to come in one statement', async () => {
    const ids = [(await create({ name: 'One' })).id, (await create({ name: 'Two' })).id, uuidv7(), 'nonsense'];
    const of = ids.map((id) => ({ __typename: 'Customer', id }));
    let found: unknown;
    const statements = await graph.statementsOf(async () => (found = await graph.data(admin, 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { name } } }', { of })));
    expect(found).toEqual({ _entities: [{ name: 'One' }, { name: 'Two' }, null, null] });
    expect(statements).toHaveLength(1);
  });

  it('are announced in the same transaction', async () => {
    const tenant = uuidv7();
    const events = await graph.announcedBy(tenant, 3, async () => {
      const { id } = await create({ id: uuidv7(), name: 'Ann' }, saga(tenant));
      await graph.data(saga(tenant), UPDATE, { input: { id, name: 'Anna' } });
      await graph.data(saga(tenant), WITHDRAW, { id, runId: 'run-1' });
    });
    expect(events.map(({ type }) => type)).toEqual(['identity.customer.created', 'identity.customer.updated', 'identity.customer.withdrawn']);
    expect(events[1]!.payload).toMatchObject({ name: 'Anna', accountNumber: 'C-000001' });
  });
});

describe('borders', () => {
  it('hide one tenant\'s customers from another', async () => {
    const { id } = await create({ name: 'Secret' });
    expect(await graph.fault(stranger, `{ customer(id: "${id}") { name } }`)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(stranger, `{ customer(id: "nonsense") { name } }`)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(stranger, UPDATE, { input: { id, name: 'x' } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.data(stranger, LIST)).toMatchObject({ customers: { totalCount: 0, nodes: [] } });
    expect(await graph.data(stranger, 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { name } } }', { of: [{ __typename: 'Customer', id }] })).toEqual({ _entities: [null] });
  });

  it('keep out nobody and whoever lacks the right', async () => {
    expect(await graph.fault(anonymous, LIST)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await graph.fault(member(A, 'plan:read'), LIST)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(member(A, 'customer:read'), CREATE, { input: { name: 'x' } })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(makePrincipal({ kind: 'user', id: 'u', superAdmin: true }), LIST)).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['X-Tenant-ID'] });
    for (const query of ['{ _tenant(idOrSlug: "x") { id } }', '{ _principalOfApiKey(key: "x") { id } }']) {
      expect(await graph.fault(anonymous, query)).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await graph.fault(makePrincipal({ kind: 'user', id: 'u', superAdmin: true }), query)).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('hold in the database itself', async () => {
    await expect(assertTenantIsolation(graph.kit.database, 'identity', { globalTables: ['tenants', 'users', 'sessions', 'refresh_tokens'] })).resolves.toBeUndefined();
  });
});
