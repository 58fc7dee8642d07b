import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymous, makePrincipal } from '#kernel/access/principal.ts';
import { assertTenantIsolation } from '#kernel/db/isolation.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { services } from './subgraph.ts';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const member = (tenantId: string, ...permissions: string[]) => makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions });
const admin = member(A, '*');
const stranger = member(B, '*');
const saga = (tenantId = A, runId = 'run-1') => makePrincipal({ kind: 'service', id: 'ops', tenantId, runId, permissions: ['internal:saga', 'service:read', 'plan:read'] });

const CREATE_PLAN = 'mutation ($input: CreatePlanInput!) { createPlan(input: $input) { plan { id code name version price { amount currency } access { rateLimit localAddress remotePool } } } }';
const UPDATE_PLAN = 'mutation ($input: UpdatePlanInput!) { updatePlan(input: $input) { plan { id name version price { amount } access { rateLimit remotePool } } } }';
const REMOVE_PLAN = 'mutation ($id: ID!) { removePlan(input: { id: $id }) { id } }';
const CREATE_SERVICE = 'mutation ($input: CreateServiceInput!) { createService(input: $input) { service { id number status billingDay planVersion customer { id } plan { code } } } }';
const ACTIVATE = 'mutation ($id: ID!) { activateService(input: { id: $id }) { service { status activatedAt } } }';
const UPDATE_SERVICE = 'mutation ($input: UpdateServiceInput!) { updateService(input: $input) { service { billingDay } } }';
const WITHDRAW = 'mutation ($id: ID!, $runId: ID!) { withdrawService(input: { id: $id, runId: $runId }) { withdrawn } }';
const SERVICES_OF = `query ($of: [_Any!]!, $first: Int, $after: String) { customers: _entities(representations: $of) { ... on Customer { id services(first: $first, after: $after) {
  totalCount nodes { id number plan { code } } pageInfo { hasNextPage endCursor } } } } }`;

let graph: TestSubgraph;
let codes = 0;
const planInput = (changes: object = {}) => ({
  code: `plan_${(codes += 1)}`,
  name: 'Fiber 100',
  serviceType: 'PPPOE',
  price: { amount: '19.90', currency: 'EUR' },
  billingInterval: 'MONTH',
  access: { rateLimit: '20M/100M', localAddress: '10.10.0.1', remotePool: 'pool_fiber' },
  ...changes,
});
const makePlan = async (changes: object = {}, principal = admin) => (await graph.data(principal, CREATE_PLAN, { input: planInput(changes) })).createPlan.plan;
const makeService = async (changes: object = {}, principal = saga()) => {
  const plan = await makePlan({}, member(principal.tenantId!, 'plan:write'));
  return (await graph.data(principal, CREATE_SERVICE, { input: { customerId: uuidv7(), planId: plan.id, billingDay: 5, runId: 'run-1', ...changes } })).createService.service;
};

beforeAll(async () => {
  graph = await testSubgraph(services);
});
afterAll(() => graph.stop());

describe('plans', () => {
  it('are made, and found by id and by code', async () => {
    const plan = await makePlan({ code: 'gold', price: { amount: '20', currency: 'EUR' } });
    expect(plan).toMatchObject({ code: 'gold', version: 1, price: { amount: '20.00', currency: 'EUR' }, access: { rateLimit: '20M/100M', localAddress: '10.10.0.1', remotePool: 'pool_fiber' } });
    for (const args of [`id: "${plan.id}"`, 'id: "gold"', 'code: "gold"']) {
      expect(await graph.data(admin, `{ plan(${args}) { id } }`)).toEqual({ plan: { id: plan.id } });
    }
  });

  it('are asked for by exactly one of id and code', async () => {
    expect(await graph.fault(admin, '{ plan { id } }')).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['id'] });
    expect(await graph.fault(admin, '{ plan(id: "a", code: "b") { id } }')).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['id'] });
  });

  it('name every field that is wrong', async () => {
    const input = planInput({ code: 'no spaces', name: ' ', access: { rateLimit: 'fast', localAddress: '10.0.0.256', remotePool: 'a b' } });
    expect(await graph.fault(admin, CREATE_PLAN, { input })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['access.localAddress', 'access.rateLimit', 'access.remotePool', 'code', 'name'] });
    expect(await graph.fault(admin, CREATE_PLAN, { input: planInput({ price: { amount: '1.999', currency: 'EUR' } }) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['price.amount'] });
    expect(await graph.fault(admin, CREATE_PLAN, { input: planInput({ price: { amount: '-1', currency: 'EUR' } }) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['price.amount'] });
    expect(await graph.fault(admin, CREATE_PLAN, { input: planInput({ price: { amount: '1', currency: 'XYZ' } }) })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['price.currency'] });
  });

  it('have codes of their own within a tenant, and the same in another', async () => {
    await makePlan({ code: 'twice' });
    expect(await graph.fault(admin, CREATE_PLAN, { input: planInput({ code: 'twice' }) })).toMatchObject({ code: 'CONFLICT', fields: ['code'] });
    await makePlan({ code: 'twice' }, stranger);
  });

  it('are made once per idempotency key, and not for another input', async () => {
    const input = planInput({ idempotencyKey: 'k1' });
    const made = await Promise.all(Array.from({ length: 20 }, () => graph.data(admin, CREATE_PLAN, { input })));
    expect(new Set(made.map(({ createPlan }) => createPlan.plan.id)).size).toBe(1);
    expect(await graph.fault(admin, CREATE_PLAN, { input: { ...input, name: 'Other' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
  });

  it('get a new version with a new price', async () => {
    const plan = await makePlan();
    const { updatePlan } = await graph.data(admin, UPDATE_PLAN, { input: { id: plan.code, name: 'New', price: { amount: '25', currency: 'EUR' }, access: { rateLimit: '1M' } } });
    expect(updatePlan.plan).toEqual({ id: plan.id, name: 'New', version: 2, price: { amount: '25.00' }, access: { rateLimit: '1M', remotePool: 'pool_fiber' } });
    expect(await graph.fault(admin, UPDATE_PLAN, { input: { id: plan.id, graceDays: 91, access: { rateLimit: 'fast' } } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['access.rateLimit', 'graceDays'] });
    expect(await graph.fault(admin, UPDATE_PLAN, { input: { id: uuidv7(), name: 'x' } })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('cannot be removed while a service uses them; then their code is free again', async () => {
    const service = await makeService();
    expect(await graph.fault(admin, REMOVE_PLAN, { id: service.plan.code })).toMatchObject({ code: 'CONFLICT' });
    await graph.data(saga(), WITHDRAW, { id: service.id, runId: 'run-1' });
    await graph.data(admin, REMOVE_PLAN, { id: service.plan.code });
    expect(await graph.fault(admin, '{ plan(code: "' + service.plan.code + '") { id } }')).toMatchObject({ code: 'NOT_FOUND' });
    await makePlan({ code: service.plan.code });
  });

  it('are listed in pages, sorted and filtered', async () => {
    const tenant = member(uuidv7(), '*');
    for (const code of ['c', 'a', 'b_1', 'b%']) await makePlan({ code: code.replace('%', '-2'), name: `Plan ${code}` }, tenant);
    const LIST = 'query ($first: Int, $after: String, $offset: Int, $filter: PlanFilter, $orderBy: [PlanOrder!]) { plans(first: $first, after: $after, offset: $offset, filter: $filter, orderBy: $orderBy) { totalCount nodes { code } pageInfo { hasNextPage endCursor } } }';
    const list = async (variables: object) => (await graph.data(tenant, LIST, variables as never)).plans;
    const first = await list({ first: 3, orderBy: [{ field: 'CODE', direction: 'DESC' }] });
    expect(first).toMatchObject({ totalCount: 4, nodes: [{ code: 'c' }, { code: 'b_1' }, { code: 'b-2' }], pageInfo: { hasNextPage: true } });
    expect((await list({ first: 3, after: first.pageInfo.endCursor, orderBy: [{ field: 'CODE', direction: 'DESC' }] })).nodes).toEqual([{ code: 'a' }]);
    expect((await list({ first: 1, offset: 2 })).nodes).toEqual([{ code: 'b_1' }]);
    expect((await list({ filter: { code: { contains: 'B_' } } })).nodes).toEqual([{ code: 'b_1' }]);
    expect((await list({ filter: { search: 'plan b%' } })).nodes).toEqual([{ code: 'b-2' }]);
    expect(await graph.fault(tenant, LIST, { after: 'nonsense' })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['after'] });
    expect(await graph.fault(tenant, LIST, { after: first.pageInfo.endCursor })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['after'] });
  });

  it('are announced in the same transaction', async () => {
    const tenantId = uuidv7();
    let plan: { id: string; code: string } = { id: '', code: '' };
    const events = await graph.announcedBy(tenantId, 2, async () => {
      plan = await makePlan({}, member(tenantId, '*'));
      await graph.data(member(tenantId, '*'), UPDATE_PLAN, { input: { id: plan.id, name: 'New' } });
    });
    expect(events.map(({ type, subject }) => [type, subject])).toEqual([['services.plan.created', plan.id], ['services.plan.updated', plan.id]]);
    expect(events[0]!.payload).toMatchObject({ code: plan.code, price: { amount: '19.90', currency: 'EUR' }, access: { remotePool: 'pool_fiber' } });
  });
});

describe('services', () => {
  it('are made, activated once, and seen with plan and customer', async () => {
    const customerId = uuidv7();
    const service = await makeService({ customerId });
    expect(service).toMatchObject({ status: 'PENDING', billingDay: 5, planVersion: 1, customer: { id: customerId } });
    expect(service.number).toMatch(/^S-\d{6}$/);
    const first = await graph.data(saga(), ACTIVATE, { id: service.id });
    expect(first.activateService.service.status).toBe('ACTIVE');
    expect(await graph.data(saga(), ACTIVATE, { id: service.id })).toEqual(first);
    expect(await graph.data(admin, `{ service(id: "${service.id}") { status customer { id } } }`)).toEqual({ service: { status: 'ACTIVE', customer: { id: customerId } } });
  });

  it('are made once per id, however often and at once the step runs', async () => {
    const plan = await makePlan();
    const input = { id: uuidv7(), customerId: uuidv7(), planId: plan.code, billingDay: 28, runId: 'run-1' };
    const made = await Promise.all(Array.from({ length: 8 }, () => graph.data(saga(), CREATE_SERVICE, { input })));
    expect(new Set(made.map(({ createService }) => createService.service.number)).size).toBe(1);
    expect(await graph.fault(saga(), CREATE_SERVICE, { input: { ...input, runId: 'run-2' } })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    const foreign = await makePlan({}, stranger);
    expect(await graph.fault(saga(B), CREATE_SERVICE, { input: { ...input, planId: foreign.id } })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
  });

  it('name every field that is wrong', async () => {
    const plan = await makePlan();
    expect(await graph.fault(saga(), CREATE_SERVICE, { input: { customerId: 'x', planId: plan.id, billingDay: 29 } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['billingDay', 'customerId'] });
    expect(await graph.fault(saga(), CREATE_SERVICE, { input: { customerId: uuidv7(), planId: 'none', billingDay: 1 } })).toMatchObject({ code: 'NOT_FOUND' });
    const service = await makeService();
    expect(await graph.fault(admin, UPDATE_SERVICE, { input: { id: service.id, billingDay: 0 } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['billingDay'] });
    expect(await graph.data(admin, UPDATE_SERVICE, { input: { id: service.id, billingDay: 28 } })).toEqual({ updateService: { service: { billingDay: 28 } } });
    expect(await graph.fault(stranger, UPDATE_SERVICE, { input: { id: service.id, billingDay: 1 } })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are withdrawn by their own run alone', async () => {
    const service = await makeService();
    expect(await graph.data(saga(), WITHDRAW, { id: service.id, runId: 'run-2' })).toEqual({ withdrawService: { withdrawn: false } });
    expect(await graph.data(saga(), WITHDRAW, { id: service.id, runId: 'run-1' })).toEqual({ withdrawService: { withdrawn: true } });
    expect(await graph.data(saga(), WITHDRAW, { id: service.id, runId: 'run-1' })).toEqual({ withdrawService: { withdrawn: false } });
    expect(await graph.fault(admin, `{ service(id: "${service.id}") { id } }`)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of a page of customers come in one statement, with their plans in a second and the counts in a third', async () => {
    const customers = Array.from({ length: 25 }, () => uuidv7());
    for (const [at, customerId] of customers.entries()) for (let i = 0; i < at % 4; i += 1) await makeService({ customerId });
    const of = customers.map((id) => ({ __typename: 'Customer', id }));
    let found: Array<{ id: string; services: { totalCount: number; nodes: Array<{ id: string }>; pageInfo: { hasNextPage: boolean; endCursor: string } } }> = [];
    const statements = await graph.statementsOf(async () => (found = (await graph.data(admin, SERVICES_OF, { of, first: 2 })).customers));
    expect(statements.map(({ mode }) => mode)).toEqual(['read', 'read', 'read']);
    expect(found.map(({ services: { totalCount, nodes, pageInfo } }) => [totalCount, nodes.length, pageInfo.hasNextPage])).toEqual(customers.map((_id, at) => [at % 4, Math.min(at % 4, 2), at % 4 > 2]));
    const three = found[3]!;
    const [next] = (await graph.data(admin, SERVICES_OF, { of: [of[3]], first: 2, after: three.services.pageInfo.endCursor })).customers;
    expect(next.services.nodes).toHaveLength(1);
    expect(three.services.nodes.map(({ id }: { id: string }) => id)).not.toContain(next.services.nodes[0].id);
  });

  it('are listed by id, status, customer, plan and billing day', async () => {
    const tenant = uuidv7();
    const one = await makeService({}, saga(tenant));
    const two = await makeService({}, saga(tenant));
    await graph.data(saga(tenant), ACTIVATE, { id: two.id });
    const list = async (filter: object) => (await graph.data(member(tenant, '*'), 'query ($filter: ServiceFilter) { services(filter: $filter) { totalCount nodes { id } } }', { filter })).services.nodes.map(({ id }: { id: string }) => id);
    expect(await list({})).toEqual([one.id, two.id]);
    expect(await list({ status: 'ACTIVE' })).toEqual([two.id]);
    expect(await list({ customerId: one.customer.id })).toEqual([one.id]);
    expect(await list({ planId: two.plan.code })).toEqual([two.id]);
    expect(await list({ ids: [two.id, uuidv7(), 'nonsense'] })).toEqual([two.id]);
    expect(await list({ ids: [] })).toEqual([]);
    expect(await list({ statuses: ['ACTIVE', 'SUSPENDED'] })).toEqual([two.id]);
    expect(await list({ statuses: ['PENDING', 'ACTIVE'], customerIds: [one.customer.id, two.customer.id] })).toEqual([one.id, two.id]);
    expect(await list({ billingDay: one.billingDay })).toEqual([one.id, two.id]);
    expect(await list({ billingDay: 27 })).toEqual([]);
  });

  it('are announced in the same transaction', async () => {
    const tenant = uuidv7();
    const events = await graph.announcedBy(tenant, 5, async () => {
      const { id } = await makeService({}, saga(tenant));
      await graph.data(saga(tenant), ACTIVATE, { id });
      await graph.data(member(tenant, '*'), UPDATE_SERVICE, { input: { id, billingDay: 9 } });
      await graph.data(saga(tenant), WITHDRAW, { id, runId: 'run-1' });
    });
    expect(events[2]!.payload).toMatchObject({ serviceId: events[2]!.subject, planVersion: 1, price: { amount: '19.90', currency: 'EUR' }, billingInterval: 'MONTH', billingDay: 5, graceDays: 7, activatedAt: expect.any(String) });
    expect(events.slice(1).map(({ type }) => type)).toEqual(['services.service.created', 'services.service.activated', 'services.service.updated', 'services.service.withdrawn']);
  });
});

describe('borders', () => {
  it('hide one tenant from another, at root fields and through entities', async () => {
    const service = await makeService();
    const { plan } = await graph.data(admin, `{ plan(code: "${service.plan.code}") { id } }`);
    for (const query of [`{ plan(id: "${plan.id}") { id } }`, `{ plan(code: "${service.plan.code}") { id } }`, `{ service(id: "${service.id}") { id } }`]) {
      expect(await graph.fault(stranger, query)).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await graph.fault(saga(B), ACTIVATE, { id: service.id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.data(saga(B), WITHDRAW, { id: service.id, runId: 'run-1' })).toEqual({ withdrawService: { withdrawn: false } });
    expect(await graph.data(stranger, SERVICES_OF, { of: [{ __typename: 'Customer', id: service.customer.id }] })).toMatchObject({ customers: [{ services: { totalCount: 0, nodes: [] } }] });
    expect(await graph.data(stranger, 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }', { of: [{ __typename: 'Plan', id: plan.id }, { __typename: 'Service', id: service.id }] })).toEqual({ _entities: [null, null] });
    expect((await graph.data(member(uuidv7(), '*'), '{ services { totalCount } plans { totalCount } }'))).toEqual({ services: { totalCount: 0 }, plans: { totalCount: 0 } });
  });

  it('keep out nobody, who lacks the right, and people at the doors of sagas', async () => {
    const input = { customerId: uuidv7(), planId: 'x', billingDay: 1 };
    expect(await graph.fault(anonymous, '{ plans { totalCount } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await graph.fault(member(A, 'service:read'), '{ plans { totalCount } }')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(admin, CREATE_SERVICE, { input })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(makePrincipal({ kind: 'user', id: 'u', tenantId: A, superAdmin: true }), CREATE_SERVICE, { input })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(member(A, 'service:read'), SERVICES_OF, { of: [{ __typename: 'Customer', id: uuidv7() }] })).toMatchObject({ code: 'OK' });
    const service = await makeService();
    expect(await graph.fault(member(A, 'service:read'), `{ service(id: "${service.id}") { plan { id } } }`)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('hold in the database itself', async () => {
    await expect(assertTenantIsolation(graph.kit.database, 'services')).resolves.toBeUndefined();
  });

  it('answer NOT_FOUND for an id that is no UUID', async () => {
    expect(await graph.fault(admin, '{ service(id: "nonsense") { id } }')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(saga(), ACTIVATE, { id: 'nonsense' })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
