import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { admin, applied, member, onConsole, OTHER_TENANT, PLAN, provisioned, routerOfTest, startNetwork, stranger, TENANT, type NetworkHarness } from './network-harness.ts';
import { eventually } from '../support/eventually.ts';
import type { TestRouter } from '../support/router.ts';

const DRIFT = 'id observedAt inSync drifting failedAt failure { code } router { name } counts { adds changes removals kicks conflicts unowned pending } items(first: 100, filter: $filter) { totalCount nodes { menu action name fields { field from to secret } } }';
const CHECK = `mutation ($input: CheckRouterDriftInput!, $filter: RouterPlanItemFilter) { checkRouterDrift(input: $input) { drift { ${DRIFT} } } }`;
const GET = `query ($routerId: ID, $filter: RouterPlanItemFilter) { routerDrift(routerId: $routerId) { ${DRIFT} } }`;
const LIST = 'query ($filter: RouterDriftFilter, $orderBy: [RouterDriftOrder!]) { drifts(first: 100, filter: $filter, orderBy: $orderBy) { totalCount nodes { id inSync drifting observedAt } } }';
const ALERTS = 'query ($filter: AlertFilter) { alerts(filter: $filter) { totalCount nodes { id kind message count raisedAt clearedAt router { id } } } }';
const ALERT = 'query ($id: ID!) { alert(id: $id) { id kind } }';
const PLAN_ROUTER = 'mutation ($input: PlanRouterInput!) { planRouter(input: $input) { plan { hash } } }';
const APPLY = 'mutation ($input: ApplyPlanInput!) { applyPlan(input: $input) { apply { id } } }';

let graph: NetworkHarness;
beforeAll(async () => {
  graph = await startNetwork();
});
afterAll(() => graph.stop());

const check = async (routerId: string, filter: object = {}) => (await graph.data(admin, CHECK, { input: { routerId }, filter })).checkRouterDrift.drift;
const driftOf = async (routerId: string, filter: object = {}) => (await graph.data(admin, GET, { routerId, filter })).routerDrift;
const alertsOf = async (routerId: string, open?: boolean) => (await graph.data(admin, ALERTS, { filter: { routerId, ...(open === undefined ? {} : { open }) } })).alerts.nodes;

async function inhabited(name: string) {
  const router = await routerOfTest(name);
  const routerId = await graph.reachable(admin, router);
  return { router, routerId, subscriber: await applied(graph, await provisioned(graph, routerId)) };
}

const byHand = (router: TestRouter, name: string, attributes: Record<string, string>) =>
  onConsole(router, async (session) => {
    const [row] = await session.print('/ppp/secret', { where: { name }, proplist: ['.id'] });
    await session.command('/ppp/secret/set', { '.id': row!['.id']!, ...attributes });
  });

describe('the drift of a router', () => {
  it('is unknown until it is compared, and then kept: asking for it asks no router', async () => {
    const { router, routerId } = await inhabited('kept');
    expect(await driftOf(routerId)).toMatchObject({ observedAt: null, inSync: null, drifting: null, counts: null, items: { totalCount: 0 } });
    expect(await check(routerId)).toMatchObject({ inSync: true, drifting: 0, counts: { unowned: 5 }, failure: null, router: { name: 'kept' } });
    await router.simulator.faults.set({ hang: true });
    const kept = await driftOf(routerId, { action: 'UNOWNED', menu: 'SECRET' });
    expect(kept).toMatchObject({ inSync: true, items: { totalCount: 3 } });
    expect(kept.observedAt).not.toBeNull();
    await router.simulator.faults.clear();
  });

  it('is what somebody has done by hand: it raises one alert, which is cleared when a plan has brought it into line', async () => {
    const { router, routerId, subscriber } = await inhabited('drifted');
    await check(routerId);
    await byHand(router, subscriber.username, { profile: 'default' });
    const events = await graph.announcedBy(TENANT, 1, async () => void (await check(routerId)), ({ type }) => type.startsWith('network.alert.'));
    expect(events.map(({ type }) => type)).toContain('network.alert.raised');
    expect(await driftOf(routerId, { action: 'CHANGE' })).toMatchObject({ inSync: false, drifting: 1, items: { nodes: [{ menu: 'SECRET', name: subscriber.username, fields: [{ field: 'profile', from: 'default', to: `headend-${PLAN.code}` }] }] } });
    await byHand(router, subscriber.username, { disabled: 'yes' });
    await check(routerId);
    const [alert, ...more] = await alertsOf(routerId);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ kind: 'ROUTER_DRIFT', count: 1, clearedAt: null, router: { id: routerId }, message: expect.stringContaining(subscriber.username) });
    const { planRouter } = await graph.data(admin, PLAN_ROUTER, { input: { routerId } });
    await graph.data(admin, APPLY, { input: { hash: planRouter.plan.hash } });
    // The comparison after the plan clears it by itself.
    await eventually('the alert to be cleared', 20_000, async () => ((await alertsOf(routerId, true)).length === 0 ? true : undefined));
    expect(await alertsOf(routerId, false)).toMatchObject([{ id: alert.id, clearedAt: expect.any(String) }]);
    expect(await driftOf(routerId)).toMatchObject({ inSync: true, drifting: 0 });
  });

  it('does not count what enforcement is at', async () => {
    const { routerId } = await inhabited('busy');
    await provisioned(graph, routerId);
    expect(await check(routerId)).toMatchObject({ inSync: true, drifting: 0, counts: { adds: 1, pending: 1 } });
    expect(await alertsOf(routerId)).toEqual([]);
  });

  it('is a conflict too: a row with our name and without our mark', async () => {
    const { router, routerId, subscriber } = await inhabited('unmarked');
    await byHand(router, subscriber.username, { comment: 'mine' });
    expect(await check(routerId)).toMatchObject({ inSync: false, counts: { conflicts: 1, changes: 0 } });
    expect(await alertsOf(routerId, true)).toHaveLength(1);
  });

  it('keeps what it was, and says why, when the router cannot be compared', async () => {
    const { router, routerId } = await inhabited('away');
    const before = await check(routerId);
    await router.simulator.faults.set({ unreachable: true });
    expect(await graph.fault(admin, CHECK, { input: { routerId } })).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await driftOf(routerId)).toMatchObject({ observedAt: before.observedAt, inSync: true, failure: { code: 'NETWORK_ROUTER_UNREACHABLE' } });
  });

  it('is listed for every router in one statement, however many there are, and found by its state', async () => {
    const { router, routerId, subscriber } = await inhabited('listed');
    await byHand(router, subscriber.username, { disabled: 'yes' });
    await check(routerId);
    const { drifts } = await graph.data(admin, LIST, { filter: { inSync: false }, orderBy: [{ field: 'DRIFTING', direction: 'DESC' }] });
    expect(drifts.nodes.map(({ id }: { id: string }) => id)).toContain(routerId);
    expect(await graph.statementsOf(() => graph.data(admin, '{ drifts { nodes { id inSync counts { adds } } } }'))).toHaveLength(1);
    const own = member(OTHER_TENANT, '*');
    expect((await graph.data(own, LIST)).drifts.totalCount).toBe(0);
    expect((await graph.data(own, ALERTS)).alerts.totalCount).toBe(0);
  });

  it('goes with its router', async () => {
    const router = await routerOfTest('removed');
    const routerId = await graph.reachable(admin, router);
    await onConsole(router, async (session) => void (await session.command('/ppp/secret/add', { name: 'left-behind', comment: `headend:${TENANT}:secret:${uuidv7()}` })));
    await check(routerId);
    expect(await alertsOf(routerId, true)).toHaveLength(1);
    await graph.data(admin, 'mutation ($input: RemoveRouterInput!) { removeRouter(input: $input) { id } }', { input: { id: routerId } });
    expect(await alertsOf(routerId)).toEqual([]);
    expect(await graph.fault(admin, GET, { routerId })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is refused to strangers, and its alerts too', async () => {
    const { router, routerId, subscriber } = await inhabited('private');
    await byHand(router, subscriber.username, { disabled: 'yes' });
    await check(routerId);
    const [{ id }] = await alertsOf(routerId, true);
    expect(await graph.fault(stranger, GET, { routerId })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(stranger, ALERT, { id })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await graph.fault(member(TENANT, 'router:read'), CHECK, { input: { routerId } })).toMatchObject({ code: 'FORBIDDEN' });
    expect((await graph.data(member(TENANT, 'router:read'), ALERT, { id })).alert).toMatchObject({ id, kind: 'ROUTER_DRIFT' });
    expect(await graph.fault(admin, ALERT, { id: uuidv7() })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
