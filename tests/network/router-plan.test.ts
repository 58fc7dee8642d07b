import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { admin, applied, member, onConsole, PLAN, provisioned, routerOfTest, startNetwork, stranger, TENANT, type NetworkHarness, type Subscriber } from './network-harness.ts';

const ITEMS = 'totalCount nodes { id menu action name rowId service { id } fields { field from to secret } reason { code message } pending }';
const COUNTS = 'counts { adds changes removals kicks conflicts unowned pending }';
const MAKE = `mutation ($input: PlanRouterInput!) { planRouter(input: $input) { plan { id hash observedAt expiresAt routerVersion withinLimits maxChanges router { id } ${COUNTS} items(first: 100) { ${ITEMS} } } } }`;
const GET = `query ($id: ID, $hash: String, $first: Int, $after: String, $filter: RouterPlanItemFilter) { routerPlan(id: $id, hash: $hash) { id hash ${COUNTS} items(first: $first, after: $after, filter: $filter) { pageInfo { endCursor hasNextPage } ${ITEMS} } } }`;

interface Item {
  menu: string;
  action: string;
  name: string;
  service: { id: string } | null;
  fields: Array<{ field: string; from: string | null; to: string | null; secret: boolean }>;
  reason: { code: string } | null;
}

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

const plan = async (routerId: string, more: object = {}) => (await graph.data(admin, MAKE, { input: { routerId, ...more } })).planRouter.plan;
const rowsOf = ({ items }: { items: { nodes: Item[] } }) => items.nodes.map(({ action, menu, name }) => `${action} ${menu} ${name}`);
const secretOf = (username: string) => ({ where: { name: username }, proplist: ['.id'] });

/** A router with two of our subscribers on it. */
async function inhabited(name: string, version?: string) {
  const router = await routerOfTest(name, version);
  const routerId = await graph.reachable(admin, router);
  const subscribers: [Subscriber, Subscriber] = [await applied(graph, await provisioned(graph, routerId)), await applied(graph, await provisioned(graph, routerId))];
  return { router, routerId, subscribers };
}

describe('planRouter', () => {
  it('finds nothing to do on a router that has what is wished for, and reports what is not ours', async () => {
    const { routerId } = await inhabited('in-line');
    const made = await plan(routerId);
    expect(made.counts).toMatchObject({ adds: 0, changes: 0, removals: 0, conflicts: 0, unowned: 5 });
    expect(rowsOf(made)).toEqual(['UNOWNED POOL pool-pppoe', 'UNOWNED PROFILE demo-20m', 'UNOWNED SECRET demo-alice', 'UNOWNED SECRET demo-bob', 'UNOWNED SECRET demo-carol']);
    expect(made).toMatchObject({ router: { id: routerId }, withinLimits: true, maxChanges: 1000 });
    expect(made.routerVersion).toContain('7.18');
    expect(Date.parse(made.expiresAt) - Date.parse(made.observedAt)).toBe(15 * 60_000);
  });

  it('finds what somebody has changed, removed and disabled by hand, field by field, and changes nothing', async () => {
    const { router, routerId, subscribers: [one, two] } = await inhabited('by-hand');
    await onConsole(router, async (session) => {
      const [row] = await session.print('/ppp/secret', secretOf(one.username));
      await session.command('/ppp/secret/set', { '.id': row!['.id']!, disabled: true, password: 'somebody-else' });
      const [other] = await session.print('/ppp/secret', secretOf(two.username));
      await session.command('/ppp/secret/remove', { '.id': other!['.id']! });
      await session.command('/ppp/secret/add', { name: 'left-behind', comment: `headend:${TENANT}:secret:${uuidv7()}` });
      const [profile] = await session.print('/ppp/profile', { where: { name: `headend-${PLAN.code}` }, proplist: ['.id'] });
      await session.command('/ppp/profile/set', { '.id': profile!['.id']!, 'rate-limit': '1M/1M' });
    });
    const before = router.simulator.rows('/ppp/secret');
    const made = await plan(routerId);
    expect(made.items.nodes.filter(({ action }: Item) => action !== 'UNOWNED' && action !== 'KICK')).toMatchObject([
      { action: 'CHANGE', menu: 'PROFILE', name: `headend-${PLAN.code}`, fields: [{ field: 'rate-limit', from: '1M/1M', to: PLAN.rateLimit, secret: false }] },
      {
        action: 'CHANGE', menu: 'SECRET', name: one.username, service: { id: one.serviceId },
        fields: [{ field: 'password', from: null, to: null, secret: true }, { field: 'disabled', from: 'yes', to: 'no', secret: false }],
      },
      { action: 'ADD', menu: 'SECRET', name: two.username, service: { id: two.serviceId } },
      { action: 'REMOVE', menu: 'SECRET', name: 'left-behind' },
    ]);
    expect(JSON.stringify(made)).not.toMatch(/somebody-else|pw-/);
    expect(router.simulator.rows('/ppp/secret')).toEqual(before);
    // The same differences have the same hash; the newest of them is meant by it.
    const again = await plan(routerId);
    expect(again.hash).toBe(made.hash);
    expect((await graph.data(admin, GET, { hash: made.hash })).routerPlan.id).toBe(again.id);
  });

  it('is a conflict where a row has our name without our mark', async () => {
    const { router, routerId, subscribers: [one] } = await inhabited('unmarked');
    await onConsole(router, async (session) => {
      const [row] = await session.print('/ppp/secret', secretOf(one.username));
      await session.command('/ppp/secret/set', { '.id': row!['.id']!, comment: 'mine now' });
    });
    const made = await plan(routerId);
    expect(made.counts).toMatchObject({ adds: 0, changes: 0, conflicts: 1 });
    expect(made.items.nodes.find(({ action }: Item) => action === 'CONFLICT')).toMatchObject({ menu: 'SECRET', name: one.username, reason: { code: 'NETWORK_FOREIGN_SECRET' } });
  });

  it('sees no difference in passwords that RouterOS 7.21 hides', async () => {
    const { router, routerId, subscribers } = await inhabited('masked', '7.21');
    expect((await plan(routerId)).counts).toMatchObject({ changes: 0 });
    // Whatever stands behind the mask, what is shown is not compared.
    await onConsole(router, async (session) => {
      const [row] = await session.print('/ppp/secret', secretOf(subscribers[0].username));
      await session.command('/ppp/secret/set', { '.id': row!['.id']!, password: 'hidden-anyway' });
    });
    expect((await plan(routerId)).counts).toMatchObject({ changes: 0 });
  });

  it('shows what was not yet brought to the router as pending', async () => {
    const { routerId } = await inhabited('pending');
    const waiting = await provisioned(graph, routerId);
    expect((await plan(routerId)).items.nodes.filter(({ action }: Item) => action === 'ADD')).toMatchObject([{ name: waiting.username, pending: true }]);
  });

  it('is paged and filtered in the order in which it is applied', async () => {
    const router = await routerOfTest('paged');
    const routerId = await graph.reachable(admin, router);
    for (let count = 0; count < 5; count += 1) await provisioned(graph, routerId);
    const made = await plan(routerId);
    const pages: Item[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { items }: { items: { nodes: Item[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } } } = (await graph.data(admin, GET, { id: made.id, first: 2, after })).routerPlan;
      pages.push(...items.nodes);
      ({ endCursor: after, hasNextPage: more } = items.pageInfo);
    }
    expect(pages).toEqual(made.items.nodes);
    expect(pages[0]).toMatchObject({ menu: 'PROFILE', action: 'ADD' });
    const { items } = (await graph.data(admin, GET, { id: made.id, filter: { menu: 'SECRET', action: 'ADD', name: { contains: 'sub-' } } })).routerPlan;
    expect(items.totalCount).toBe(5);
  });

  it('says when it has more than it may have', async () => {
    const { routerId } = await inhabited('limited');
    await provisioned(graph, routerId);
    expect(await plan(routerId, { maxChanges: 0 })).toMatchObject({ withinLimits: false, counts: { adds: 1 } });
  });

  it('is made once per idempotency key', async () => {
    const { routerId } = await inhabited('once');
    const first = await plan(routerId, { idempotencyKey: 'plan-1' });
    expect((await plan(routerId, { idempotencyKey: 'plan-1' })).id).toBe(first.id);
    expect(await graph.fault(admin, MAKE, { input: { routerId, maxChanges: 5, idempotencyKey: 'plan-1' } })).toMatchObject({ code: 'CONFLICT', fields: ['idempotencyKey'] });
  });

  it('costs the database the same few statements however many subscribers there are', async () => {
    const { routerId } = await inhabited('counted');
    const cost = async () => (await graph.statementsOf(() => plan(routerId))).length;
    const few = await cost();
    for (let count = 0; count < 6; count += 1) await provisioned(graph, routerId);
    expect(await cost()).toBe(few);
  });

  it('is refused with the reason when the router is away, to strangers, and to who may only read', async () => {
    const { router, routerId } = await inhabited('away');
    const { id, hash } = await plan(routerId);
    expect(await graph.fault(stranger, MAKE, { input: { routerId } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(stranger, GET, { id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(stranger, GET, { hash })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(member(TENANT, 'router:read'), MAKE, { input: { routerId } })).toMatchObject({ code: 'FORBIDDEN' });
    expect((await graph.data(member(TENANT, 'router:read'), GET, { id })).routerPlan.id).toBe(id);
    expect(await graph.fault(admin, GET, { id, hash })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['hash'] });
    expect(await graph.fault(admin, GET, { id: 'no-uuid' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(admin, MAKE, { input: { routerId, maxChanges: -1, maxRemovals: -1 } })).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['maxChanges', 'maxRemovals'] });
    await router.simulator.faults.set({ unreachable: true });
    expect(await graph.fault(admin, MAKE, { input: { routerId } })).toMatchObject({ code: 'UNAVAILABLE' });
  });
});
