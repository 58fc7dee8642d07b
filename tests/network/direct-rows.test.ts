import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { eventually } from '../support/eventually.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { admin, applied, member, onConsole, provisioned, routerOfTest, startNetwork, stranger, TENANT, type NetworkHarness } from './network-harness.ts';

const SECRET = 'id name service profile localAddress remoteAddress callerId comment disabled lastLoggedOut owned';
const PROFILE = 'id name localAddress remoteAddress rateLimit onlyOne comment default owned';
const POOL = 'id name ranges nextPool comment';

let graph: NetworkHarness;
let router: TestRouter;
let routerId: string;
beforeAll(async () => {
  graph = await startNetwork();
  router = await startRouter('main');
  routerId = await graph.reachable(admin, router);
});
afterAll(async () => {
  await graph.stop();
  await router.simulator.stop();
});

/** The verbs of one noun. */
const verbs = (noun: string, list: string, payload: string, fields: string) => {
  const single = noun[0]!.toLowerCase() + noun.slice(1);
  const documents = {
    create: `mutation ($input: Create${noun}Input!) { create${noun}(input: $input) { ${payload} { ${fields} router { id } } } }`,
    update: `mutation ($input: Update${noun}Input!) { update${noun}(input: $input) { ${payload} { ${fields} } } }`,
    remove: `mutation ($input: Delete${noun}Input!) { delete${noun}(input: $input) { id } }`,
    get: `query ($id: ID!, $routerId: ID) { ${single}(id: $id, routerId: $routerId) { ${fields} } }`,
    list: `query ($routerId: ID, $filter: ${noun}Filter, $first: Int, $offset: Int) { ${list}(routerId: $routerId, filter: $filter, first: $first, offset: $offset) { totalCount observedAt nodes { ${fields} router { id } } } }`,
  };
  return {
    documents,
    create: async (input: object, as = admin) => (await graph.data(as, documents.create, { input }))[`create${noun}`][payload],
    update: async (input: object, as = admin) => (await graph.data(as, documents.update, { input }))[`update${noun}`][payload],
    remove: async (input: object, as = admin) => (await graph.data(as, documents.remove, { input }))[`delete${noun}`],
    get: async (id: string) => (await graph.data(admin, documents.get, { id }))[single],
    list: async (variables: object = {}) => (await graph.data(admin, documents.list, { ...variables }))[list],
    fault: (what: keyof typeof documents, variables: Record<string, unknown>, as = admin) => graph.fault(as, documents[what], variables),
  };
};
const secrets = verbs('PppSecret', 'pppSecrets', 'secret', SECRET);
const profiles = verbs('PppProfile', 'pppProfiles', 'profile', PROFILE);
const pools = verbs('IpPool', 'ipPools', 'pool', POOL);
const rowOf = (menu: string, name: string) => router.simulator.rows(menu).find((row) => row.name === name);

let names = 0;
const fresh = (what: string) => `${what}-${(names += 1)}`;

describe('rows that are made under an idempotency key', () => {
  it('are made once, also when ten come at once, and answered as they are now', async () => {
    const input = { name: fresh('keyed'), password: 'pw', profile: 'demo-20m', idempotencyKey: fresh('key') };
    const made = await Promise.all(Array.from({ length: 10 }, () => secrets.create(input)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(router.simulator.rows('/ppp/secret').filter(({ name }) => name === input.name)).toHaveLength(1);
    await secrets.update({ id: made[0].id, comment: 'since then' });
    expect(await secrets.create(input)).toMatchObject({ id: made[0].id, comment: 'since then' });
    expect(await secrets.fault('create', { input: { ...input, profile: 'default' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
    expect(await secrets.fault('create', { input: { ...input, idempotencyKey: fresh('key') } })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    const kept = await graph.test.database.forSubgraph('network').read(TENANT, (tx) => tx.execute("select * from network.idempotency_keys where operation like 'create%'"));
    expect(kept).not.toEqual([]);
  });

  it('are made by the second call when the answer of the first was lost, whether the router had done it or not', async () => {
    const own = await routerOfTest('lossy-direct');
    const id = await graph.reachable(admin, own);
    for (const when of ['before', 'after'] as const) {
      const input = { routerId: id, name: fresh('lost'), ranges: '10.9.0.2-10.9.0.9', idempotencyKey: fresh('key') };
      own.simulator.faults.cutOn('/ip/pool/add', when);
      expect(await pools.fault('create', { input })).toMatchObject({ code: 'UNAVAILABLE' });
      const made = await eventually('the pool to be made', 20_000, async () => {
        const { data, errors } = await graph.run(admin, pools.documents.create, { input });
        if (errors && errors[0]!.extensions?.code !== 'UNAVAILABLE') throw new Error(JSON.stringify(errors));
        return data?.createIpPool.pool as { id: string } | undefined;
      });
      expect(own.simulator.rows('/ip/pool').filter(({ name }) => name === input.name)).toMatchObject([{ '.id': made.id }]);
    }
  });

  it('leave their key free when they are refused, by us or by the router', async () => {
    const input = { name: fresh('corrected'), ranges: 'nonsense', idempotencyKey: fresh('key') };
    expect(await pools.fault('create', { input })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['ranges'] });
    expect(await pools.fault('create', { input: { ...input, name: 'pool-pppoe', ranges: '10.9.1.2' } })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await pools.create({ ...input, ranges: '10.9.1.2' })).toMatchObject({ name: input.name });
  });
});

describe('PPP secrets asked for directly', () => {
  it('are made at once, as the router shows them, with the router\'s id', async () => {
    const name = fresh('direct');
    const made = await secrets.create({ name, password: 'se cret', profile: 'demo-20m', service: 'pppoe', localAddress: '10.0.0.1', remoteAddress: '10.0.0.2', callerId: 'aa-bb-cc-dd-ee-ff', comment: 'John Doe' });
    expect(made).toMatchObject({ name, service: 'pppoe', profile: 'demo-20m', localAddress: '10.0.0.1', remoteAddress: '10.0.0.2', callerId: 'AA:BB:CC:DD:EE:FF', comment: 'John Doe', disabled: false, owned: false, router: { id: routerId } });
    expect(made.id).toMatch(/^\*[0-9A-F]+$/);
    expect(rowOf('/ppp/secret', name)).toMatchObject({ password: 'se cret', 'caller-id': 'AA:BB:CC:DD:EE:FF' });
    expect(await secrets.get(made.id)).toMatchObject({ name, comment: 'John Doe' });
    const plain = await secrets.create({ name: fresh('direct'), password: '', disabled: true });
    expect(plain).toMatchObject({ service: 'any', profile: 'default', localAddress: null, callerId: null, comment: null, disabled: true });
  });

  it('are changed field by field: absent stays, empty unsets, equal writes nothing', async () => {
    const name = fresh('direct');
    const { id } = await secrets.create({ name, password: 'one', profile: 'demo-20m', localAddress: '10.0.0.1', remoteAddress: 'pool-pppoe', callerId: '00:00:00:00:00:01', comment: 'a' });
    expect(await secrets.update({ id, name, comment: 'b', password: null, disabled: true })).toMatchObject({ name, comment: 'b', profile: 'demo-20m', remoteAddress: 'pool-pppoe', disabled: true });
    expect(rowOf('/ppp/secret', name)).toMatchObject({ password: 'one' });
    expect(await secrets.update({ id, password: 'two', localAddress: '', remoteAddress: '', callerId: '', comment: '', profile: '', service: '' })).toMatchObject({ localAddress: null, remoteAddress: null, callerId: null, comment: null, profile: 'default', service: 'any' });
    expect(rowOf('/ppp/secret', name)).toMatchObject({ password: 'two' });
    const renamed = fresh('direct');
    expect(await secrets.update({ id, name: renamed })).toMatchObject({ id, name: renamed });
  });

  it('are removed, and then are unknown', async () => {
    const { id } = await secrets.create({ name: fresh('direct'), password: 'x' });
    expect(await secrets.remove({ id })).toEqual({ id });
    for (const [what, variables] of [['get', { id }], ['update', { input: { id, comment: 'x' } }], ['remove', { input: { id } }]] as const) expect(await secrets.fault(what, variables)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('name what is wrong: a taken name, an unknown profile or pool, a value the router refuses', async () => {
    const name = fresh('direct');
    await secrets.create({ name, password: 'x' });
    expect(await secrets.fault('create', { input: { name, password: 'x' } })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await secrets.fault('create', { input: { name: fresh('direct'), password: 'x', profile: 'nobody-made-it', remoteAddress: 'no-pool', localAddress: '10.0.0.256' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['localAddress', 'profile', 'remoteAddress'] });
    expect(await secrets.fault('create', { input: { name: fresh('direct'), password: 'x', service: 'carrier-pigeon' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['service'] });
    expect(await secrets.fault('create', { input: { name: '', password: 'x\ny', comment: `headend:${TENANT}:secret:${uuidv7()}` } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['comment', 'name', 'password'] });
    const other = await secrets.create({ name: fresh('direct'), password: 'x' });
    expect(await secrets.fault('update', { input: { id: other.id, name } })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await secrets.fault('update', { input: { id: other.id, profile: 'nobody-made-it' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['profile'] });
  });

  it.each(['*FFFFFF', 'no-such-id', '*', '', '*1,*2', '1', 'demo-alice'])('have no row %j', async (id) => {
    for (const [what, variables] of [['get', { id }], ['update', { input: { id, comment: 'x' } }], ['remove', { input: { id } }]] as const) expect(await secrets.fault(what, variables)).toMatchObject({ code: 'NOT_FOUND' });
    expect(rowOf('/ppp/secret', 'demo-alice')).toMatchObject({ comment: 'demo home' });
  });

  it('are listed by name, searched, and paged with a true total; all without a limit', async () => {
    const own = await routerOfTest('listed');
    const id = await graph.reachable(admin, own);
    await onConsole(own, async (session) => {
      for (let n = 0; n < 150; n += 1) await session.command('/ppp/secret/add', { name: `bulk-${String(n).padStart(3, '0')}`, comment: n % 2 ? 'Odd' : 'even', disabled: true });
    });
    const all = await secrets.list({ routerId: id });
    expect(all.totalCount).toBe(153);
    expect(all.nodes).toHaveLength(153);
    const sorted = all.nodes.map(({ name }: { name: string }) => name);
    expect(sorted).toEqual([...sorted].sort());
    const page = await secrets.list({ routerId: id, filter: { search: 'ODD' }, first: 10, offset: 70 });
    expect(page).toMatchObject({ totalCount: 75, nodes: [{ name: 'bulk-141' }, { name: 'bulk-143' }, { name: 'bulk-145' }, { name: 'bulk-147' }, { name: 'bulk-149' }] });
    expect(await secrets.list({ routerId: id, filter: { name: { equals: 'Bulk-007' } }, first: 0 })).toMatchObject({ totalCount: 1, nodes: [] });
    expect(await secrets.fault('list', { first: -1 })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['first'] });
    expect(await secrets.fault('list', { offset: -1 })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['offset'] });
  });

  it('of which no session is up are the inactive ones', async () => {
    const own = await routerOfTest('inactive');
    const id = await graph.reachable(admin, own);
    await secrets.create({ routerId: id, name: 'asleep', password: 'x', disabled: true });
    await eventually('the demo homes to dial', 10_000, () => (own.simulator.sessions().length >= 3 ? true : undefined));
    const INACTIVE = 'query ($routerId: ID) { pppInactives(routerId: $routerId) { totalCount nodes { name disabled } } }';
    expect((await graph.data(admin, INACTIVE, { routerId: id })).pppInactives).toEqual({ totalCount: 1, nodes: [{ name: 'asleep', disabled: true }] });
  });
});

describe('PPP profiles asked for directly', () => {
  it('are made, changed and removed, and the limit is compared by meaning', async () => {
    const name = fresh('profile');
    const made = await profiles.create({ name, localAddress: '10.0.0.1', remoteAddress: 'pool-pppoe', rateLimit: '10M/10M', onlyOne: 'yes', comment: 'x' });
    expect(made).toMatchObject({ name, localAddress: '10.0.0.1', remoteAddress: 'pool-pppoe', rateLimit: '10M/10M', onlyOne: 'yes', comment: 'x', default: false, owned: false });
    expect(await profiles.update({ id: made.id, rateLimit: '10000k' })).toMatchObject({ rateLimit: '10M/10M' });
    expect(await profiles.update({ id: made.id, rateLimit: '20M/20M', onlyOne: '', comment: '' })).toMatchObject({ rateLimit: '20M/20M', onlyOne: 'default', comment: null });
    expect((await profiles.list({ filter: { search: name } })).nodes).toMatchObject([{ name }]);
    expect(await profiles.remove({ id: made.id })).toEqual({ id: made.id });
    expect(await profiles.fault('get', { id: made.id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('name what is wrong, and keep the router\'s own two', async () => {
    expect(await profiles.fault('create', { input: { name: 'default' } })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await profiles.fault('create', { input: { name: fresh('profile'), rateLimit: 'fast' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['rateLimit'] });
    expect(await profiles.fault('create', { input: { name: fresh('profile'), onlyOne: 'maybe' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['onlyOne'] });
    expect(await profiles.fault('create', { input: { name: fresh('profile'), remoteAddress: 'no-pool' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['remoteAddress'] });
    const standard = (await profiles.list({ filter: { name: { equals: 'default' } } })).nodes[0];
    expect(standard.default).toBe(true);
    expect(await profiles.fault('remove', { input: { id: standard.id } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['id'] });
  });
});

describe('address pools asked for directly', () => {
  it('are made, changed and removed, and the ranges are compared by meaning', async () => {
    const name = fresh('pool');
    const made = await pools.create({ name, ranges: '10.9.0.0/24', nextPool: 'pool-pppoe', comment: 'x' });
    expect(made).toMatchObject({ name, ranges: '10.9.0.0-10.9.0.255', nextPool: 'pool-pppoe', comment: 'x' });
    expect(await pools.update({ id: made.id, name, ranges: '10.0.0.10-10.0.0.254', nextPool: '' })).toMatchObject({ ranges: '10.0.0.10-10.0.0.254', nextPool: null, comment: 'x' });
    expect((await pools.list()).nodes.map((pool: { name: string }) => pool.name)).toContain(name);
    expect(await pools.remove({ id: made.id })).toEqual({ id: made.id });
    expect(await pools.fault('get', { id: made.id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('name what is wrong', async () => {
    expect(await pools.fault('create', { input: { name: 'pool-pppoe', ranges: '10.0.0.1' } })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    expect(await pools.fault('create', { input: { name: fresh('pool'), ranges: '10.0.0.300' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['ranges'] });
    expect(await pools.fault('create', { input: { name: fresh('pool'), ranges: '' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['ranges'] });
    expect(await pools.fault('create', { input: { name: fresh('pool'), ranges: '10.0.0.1', nextPool: 'none-such' } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['nextPool'] });
  });
});

describe.each(['6.42', '6.49.10', '7.16', '7.21'])('a router of RouterOS %s', (version) => {
  it('makes, changes and removes rows asked for directly, whether or not it shows passwords', async () => {
    const own = await routerOfTest(`old-${version}`, version);
    const id = await graph.reachable(admin, own);
    const pool = await pools.create({ routerId: id, name: 'direct-pool', ranges: '10.9.0.0/24' });
    const profile = await profiles.create({ routerId: id, name: 'direct-profile', localAddress: '10.9.0.1', remoteAddress: 'direct-pool', rateLimit: '1M/2M' });
    const secret = await secrets.create({ routerId: id, name: 'direct', password: 'one', profile: 'direct-profile' });
    expect(await secrets.update({ routerId: id, id: secret.id, password: 'two', comment: 'x', callerId: '00:00:5e:00:53:01' })).toMatchObject({ comment: 'x', callerId: '00:00:5E:00:53:01', profile: 'direct-profile' });
    expect(own.simulator.rows('/ppp/secret').find(({ name }) => name === 'direct')).toMatchObject({ password: 'two' });
    expect(await secrets.update({ routerId: id, id: secret.id, callerId: '', localAddress: '' })).toMatchObject({ callerId: null, localAddress: null });
    expect(await pools.update({ routerId: id, id: pool.id, name: 'renamed' })).toMatchObject({ name: 'renamed' });
    expect(await profiles.update({ routerId: id, id: profile.id, rateLimit: '' })).toMatchObject({ remoteAddress: 'renamed', rateLimit: null });
    expect(await secrets.fault('create', { input: { routerId: id, name: 'direct', password: 'x' } })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    await secrets.remove({ routerId: id, id: secret.id });
    await profiles.remove({ routerId: id, id: profile.id });
    await pools.remove({ routerId: id, id: pool.id });
  });
});

describe('a row that changes hands while it is asked for', () => {
  it('is refused by name when the router refuses it after our look', async () => {
    const own = await routerOfTest('racing');
    const id = await graph.reachable(admin, own);
    own.simulator.faults.trapOn('/ppp/secret/add', 'failure: secret with the same name already exists', { times: 1 });
    expect(await secrets.fault('create', { input: { routerId: id, name: 'raced', password: 'x' } })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    const { id: row } = await secrets.create({ routerId: id, name: 'raced', password: 'x' });
    own.simulator.faults.trapOn('/ppp/secret/set', 'no such item', { category: 0, times: 1 });
    expect(await secrets.fault('update', { input: { routerId: id, id: row, comment: 'x' } })).toMatchObject({ code: 'NOT_FOUND' });
    own.simulator.faults.cutOn('/ppp/secret/set', 'silent');
    const lost = await secrets.fault('update', { input: { routerId: id, id: row, comment: 'x' } });
    expect(lost).toMatchObject({ code: 'UNAVAILABLE', fields: ['router'] });
    expect(lost.message).not.toContain('raced');
  }, 20_000);
});

describe('what belongs to Headend', () => {
  it('is shown and not changed: a service\'s secret and a plan\'s profile', async () => {
    const subscriber = await applied(graph, await provisioned(graph, routerId));
    const [secret] = (await secrets.list({ filter: { name: { equals: subscriber.username } } })).nodes;
    expect(secret).toMatchObject({ owned: true, name: subscriber.username });
    const [profile] = (await profiles.list({ filter: { name: { equals: secret.profile } } })).nodes;
    expect(profile).toMatchObject({ owned: true });
    for (const [noun, { id }] of [[secrets, secret], [profiles, profile]] as const) {
      expect(await noun.fault('update', { input: { id, comment: 'mine now' } })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
      expect(await noun.fault('remove', { input: { id } })).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    }
    expect((await secrets.fault('remove', { input: { id: secret.id } })).message).toContain(subscriber.serviceId);
    expect(rowOf('/ppp/secret', subscriber.username)).toBeDefined();
  });
});

describe('live sessions as the router lists them', () => {
  const ACTIVES = 'query ($routerId: ID, $filter: PppActiveFilter, $first: Int, $offset: Int) { pppActives(routerId: $routerId, filter: $filter, first: $first, offset: $offset) { totalCount observedAt nodes { id name service callerId address uptime uptimeSeconds encoding interface localAddress observedAt stale router { id } } } }';
  const ACTIVE = 'query ($id: ID!, $routerId: ID) { pppActive(id: $id, routerId: $routerId) { id name interface } }';

  it('come from the line, and are stale while the router is away', async () => {
    const own = await routerOfTest('actives');
    await eventually('the demo homes to dial', 10_000, () => (own.simulator.sessions().length >= 3 ? true : undefined));
    const id = await graph.reachable(admin, own);
    const { pppActives } = await graph.data(admin, ACTIVES, { routerId: id });
    expect(pppActives.nodes.map(({ name }: { name: string }) => name)).toEqual(['demo-alice', 'demo-bob', 'demo-carol']);
    const [alice] = pppActives.nodes;
    expect(alice).toMatchObject({ service: 'pppoe', interface: '<pppoe-demo-alice>', address: expect.stringMatching(/^10\.64\./), callerId: expect.stringMatching(/^([0-9A-F]{2}:){5}/), uptime: expect.stringMatching(/^\d+s$/), stale: false, router: { id } });
    expect((await graph.data(admin, ACTIVES, { routerId: id, filter: { search: alice.address }, first: 1 })).pppActives).toMatchObject({ nodes: [{ name: 'demo-alice' }] });
    expect((await graph.data(admin, ACTIVE, { id: alice.id, routerId: id })).pppActive).toEqual({ id: alice.id, name: 'demo-alice', interface: '<pppoe-demo-alice>' });
    for (const wrong of ['*FFFF', 'x']) expect(await graph.fault(admin, ACTIVE, { id: wrong, routerId: id })).toMatchObject({ code: 'NOT_FOUND' });
    await own.simulator.faults.set({ unreachable: true });
    const stale = await eventually('the sessions to be stale', 10_000, async () => {
      const { pppActives: now } = await graph.data(admin, ACTIVES, { routerId: id });
      return now.nodes[0]?.stale ? now : undefined;
    });
    expect(stale.totalCount).toBe(3);
  });
});

describe('the router that is meant', () => {
  it('is away: UNAVAILABLE with the reason, within the deadline', async () => {
    const own = await routerOfTest('away');
    const id = await graph.reachable(admin, own);
    await own.simulator.faults.set({ unreachable: true });
    for (const [what, variables] of [['list', { routerId: id }], ['get', { id: '*1', routerId: id }], ['create', { input: { routerId: id, name: 'x', password: 'x' } }], ['remove', { input: { routerId: id, id: '*1' } }]] as const) {
      expect(await secrets.fault(what, variables)).toMatchObject({ code: 'UNAVAILABLE', fields: ['router'] });
    }
  }, 20_000);

  it('hangs: UNAVAILABLE after five seconds', async () => {
    const own = await routerOfTest('hanging');
    const id = await graph.reachable(admin, own);
    await own.simulator.faults.set({ hang: true });
    expect(await Promise.all([secrets.fault('list', { routerId: id }), secrets.fault('create', { input: { routerId: id, name: 'x', password: 'x' } })])).toMatchObject([{ code: 'UNAVAILABLE' }, { code: 'UNAVAILABLE' }]);
  }, 7_000);

  it('is another tenant\'s, unknown, or none at all', async () => {
    const foreign = member(stranger.tenantId!, '*');
    expect(await secrets.fault('list', { routerId }, foreign)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await secrets.fault('create', { input: { routerId, name: 'x', password: 'x' } }, foreign)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await secrets.fault('list', { routerId: 'x' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await secrets.fault('list', {}, foreign)).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['routerId'] });
  });

  it('is read by who may read routers, changed by who may change them', async () => {
    const reader = member(TENANT, 'router:read');
    expect(await secrets.fault('list', {}, reader)).toMatchObject({ code: 'OK' });
    expect(await secrets.fault('create', { input: { name: 'x', password: 'x' } }, reader)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await secrets.fault('list', {}, member(TENANT, 'customer:read'))).toMatchObject({ code: 'FORBIDDEN' });
  });
});
