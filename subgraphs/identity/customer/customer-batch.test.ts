import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { identity } from '../subgraph.ts';
import { same } from './customer-batch.ts';

const UPSERT = 'mutation ($input: UpsertCustomersInput!) { upsertCustomers(input: $input) { created updated customers { id accountNumber name email phone } } }';
const CLOSE = 'mutation ($input: CloseCustomersInput!) { closeCustomers(input: $input) { customers { id name } } }';
const FIND = 'query ($filter: CustomerFilter) { customers(filter: $filter) { totalCount nodes { id name } } }';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(identity, { env: { HEADEND_SANDBOX: '0' } });
});
afterAll(() => graph.stop());

const tenant = (...permissions: string[]): Principal => makePrincipal({ kind: 'user', id: uuidv7(), tenantId: uuidv7(), permissions: permissions.length > 0 ? permissions : ['*'] });
const upsert = async (who: Principal, ...customers: object[]) => (await graph.data(who, UPSERT, { input: { customers } })).upsertCustomers;
const find = async (who: Principal, filter: object = {}) => (await graph.data(who, FIND, { filter })).customers;

describe('who is the same customer', () => {
  const ann = { name: 'Ann', email: 'ann@example.org', phone: '123' };
  const bob = { name: 'Bob', email: null, phone: '123' };
  const none = { email: null, phone: null };
  it.each([
    ['the same e-mail address, whatever the name', { ...none, name: 'Anna', email: 'ANN@example.org' }, ann],
    ['one phone of two: the name decides', { ...none, name: 'bob', phone: '123' }, bob],
    ['the same name', { ...none, name: 'ANN' }, ann],
    ['the same name with another e-mail address: somebody else', { ...none, name: 'Ann', email: 'other@example.org' }, undefined],
    ['the same name with another phone: somebody else', { ...none, name: 'Bob', phone: '456' }, undefined],
    ['nobody', { ...none, name: 'Carl' }, undefined],
  ])('%s', (_name, input, expected) => expect(same([ann, bob], input)).toBe(expected));

  it('is undecided between two of one name', () => {
    expect(() => same([{ ...ann, email: null, phone: null }, { ...ann, email: null, phone: null }], { ...none, name: 'Ann' })).toThrow(/2 customers/);
  });
});

describe('many customers at once', () => {
  it('are made, and sent again are the same and unchanged', async () => {
    const who = tenant();
    const first = await upsert(who, { name: 'Ann', email: 'ann@example.org' }, { name: 'Bob', phone: '12345' }, { name: 'Carl' }, { name: ' carl ' });
    expect(first).toMatchObject({ created: 3, updated: 0, customers: [{ accountNumber: 'C-000001', name: 'Ann' }, { name: 'Bob' }, { name: 'carl' }, { name: 'carl' }] });
    expect(first.customers[2].id).toBe(first.customers[3].id);
    const again = await upsert(who, { name: 'Ann', email: 'ann@example.org' }, { name: 'Bob', phone: '12345' });
    expect(again).toMatchObject({ created: 0, updated: 0, customers: [{ id: first.customers[0].id }, { id: first.customers[1].id }] });
    const changed = await upsert(who, { name: 'Ann Smith', email: 'ann@example.org', phone: '99999' });
    expect(changed).toMatchObject({ created: 0, updated: 1, customers: [{ id: first.customers[0].id, name: 'Ann Smith', phone: '99999' }] });
    expect((await find(who)).totalCount).toBe(3);
  });

  it('are made once by twenty calls at once', async () => {
    const who = tenant();
    await Promise.all(Array.from({ length: 20 }, () => upsert(who, { name: 'Only' }, { name: 'Two' })));
    expect((await find(who)).totalCount).toBe(2);
  });

  it('are announced, each once', async () => {
    const who = tenant();
    const events = await graph.announcedBy(who.tenantId!, 3, async () => {
      await upsert(who, { name: 'Ann' }, { name: 'Bob' });
      await upsert(who, { name: 'Ann', phone: '12345' }, { name: 'Bob' });
    });
    expect(events.map(({ type }) => type)).toEqual(['identity.customer.created', 'identity.customer.created', 'identity.customer.updated']);
  });

  it('are all made or none, and every field that is wrong is named', async () => {
    const who = tenant();
    expect(await graph.fault(who, UPSERT, { input: { customers: [{ name: 'Ann' }, { name: ' ', email: 'nope', phone: 'abc' }] } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['customers.1.email', 'customers.1.name', 'customers.1.phone'] });
    expect(await graph.fault(who, UPSERT, { input: { customers: [] } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['customers'] });
    expect(await graph.fault(who, UPSERT, { input: { customers: Array.from({ length: 101 }, (_, n) => ({ name: `n${n}` })) } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['customers'] });
    await upsert(who, { name: 'Twin', phone: '11111' }, { name: 'Twin', phone: '22222' });
    expect(await graph.fault(who, UPSERT, { input: { customers: [{ name: 'New' }, { name: 'Twin' }] } })).toMatchObject({ code: 'CONFLICT', fields: ['customers.1.name'] });
    expect((await find(who)).totalCount).toBe(2);
  });

  it('are found by names and ids', async () => {
    const who = tenant();
    const { customers } = await upsert(who, { name: 'Ann' }, { name: 'Bob' }, { name: 'Carl' });
    expect((await find(who, { names: ['ANN', 'bob', 'nobody'] })).nodes.map(({ name }: { name: string }) => name)).toEqual(['Ann', 'Bob']);
    expect((await find(who, { ids: [customers[2].id, 'x'] })).nodes).toMatchObject([{ name: 'Carl' }]);
    expect((await find(who, { names: [] })).totalCount).toBe(0);
    expect((await find(tenant(), { ids: [customers[0].id] })).totalCount).toBe(0);
  });

  it('need customer:write', async () => {
    const reader = tenant('customer:read');
    expect(await graph.fault(reader, UPSERT, { input: { customers: [{ name: 'x' }] } })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.fault(reader, CLOSE, { input: { names: ['x'] } })).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('customers who leave', () => {
  const announce = async (who: Principal, type: string, serviceId: string, customerId: string): Promise<void> => {
    const { tenantId } = who;
    await graph.kit.db.write(tenantId!, (tx) => graph.kit.bus.publish(tx, [{ type: `services.service.${type}`, tenantId: tenantId!, subject: serviceId, payload: { serviceId, customerId } }]));
  };
  const services = async (who: Principal) => graph.kit.db.read(who.tenantId!, (tx) => tx.execute('select service_id from identity.customer_services'));
  const until = async (fits: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 10_000; !(await fits()); ) if (Date.now() > end) throw new Error('It did not come to pass.');
  };

  it('are found no more, and their name is free', async () => {
    const who = tenant();
    const { customers } = await upsert(who, { name: 'Ann' }, { name: 'Bob' }, { name: 'Carl' });
    expect((await graph.data(who, CLOSE, { input: { names: ['ann'], ids: [customers[1].id] } })).closeCustomers.customers).toHaveLength(2);
    expect((await find(who)).nodes).toMatchObject([{ name: 'Carl' }]);
    expect(await graph.fault(who, CLOSE, { input: { names: ['Ann'] } })).toMatchObject({ code: 'NOT_FOUND' });
    expect((await upsert(who, { name: 'Ann' })).created).toBe(1);
  });

  it('are named, known and not mixed up, or nobody leaves', async () => {
    const who = tenant();
    const { customers } = await upsert(who, { name: 'Twin', phone: '11111' }, { name: 'Twin', phone: '22222' }, { name: 'Ann' });
    expect(await graph.fault(who, CLOSE, { input: {} })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['ids'] });
    expect(await graph.fault(who, CLOSE, { input: { names: ['Ann', 'twin'] } })).toMatchObject({ code: 'CONFLICT', fields: ['names.1'] });
    expect(await graph.fault(who, CLOSE, { input: { ids: [customers[2].id, uuidv7()] } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(tenant(), CLOSE, { input: { ids: [customers[2].id] } })).toMatchObject({ code: 'NOT_FOUND' });
    expect((await find(who)).totalCount).toBe(3);
  });

  it('have no service that has not ended', async () => {
    const who = tenant();
    const { customers } = await upsert(who, { name: 'Ann' });
    const serviceId = uuidv7();
    await announce(who, 'created', serviceId, customers[0].id);
    await until(async () => (await services(who)).length === 1);
    expect(await graph.fault(who, CLOSE, { input: { names: ['Ann'] } })).toMatchObject({ code: 'CONFLICT', fields: ['ids'] });
    await announce(who, 'terminated', serviceId, customers[0].id);
    await until(async () => (await services(who)).length === 0);
    expect((await graph.data(who, CLOSE, { input: { names: ['Ann'] } })).closeCustomers.customers).toMatchObject([{ name: 'Ann' }]);
  });
});
