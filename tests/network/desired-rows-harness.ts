import type { RouterSession } from '#subgraphs/network/routeros/session.ts';
import { eventually } from '../support/eventually.ts';
import type { TestRouter } from '../support/router.ts';
import { admin, onConsole, routerOfTest, type NetworkHarness } from './network-harness.ts';

const POOL = 'id name ranges nextPool note adopted pending appliedAt router { id }';
const QUEUE = 'id position name target dst parent packetMarks priority queueType limitAt maxLimit burstLimit burstThreshold burstTime disabled note adopted pending appliedAt router { id }';
const verb = (name: string, fields: string, input = name) => `mutation ($input: ${input[0]!.toUpperCase()}${input.slice(1)}Input!) { done: ${name}(input: $input) { ${fields} } }`;
export const CREATE_POOL = verb('createDesiredIpPool', `row: pool { ${POOL} }`);
export const UPDATE_POOL = verb('updateDesiredIpPool', `row: pool { ${POOL} }`);
export const REMOVE_POOL = verb('removeDesiredIpPool', 'id');
export const ADOPT_POOL = verb('adoptIpPool', `row: pool { ${POOL} }`);
export const RELEASE_POOL = verb('releaseIpPool', 'id');
export const CREATE_QUEUE = verb('createDesiredQueue', `row: queue { ${QUEUE} }`);
export const UPDATE_QUEUE = verb('updateDesiredQueue', `row: queue { ${QUEUE} }`);
export const MOVE_QUEUE = verb('moveDesiredQueue', `row: queue { ${QUEUE} }`);
export const REMOVE_QUEUE = verb('removeDesiredQueue', 'id');
export const ADOPT_QUEUE = verb('adoptQueue', `row: queue { ${QUEUE} }`);
export const RELEASE_QUEUE = verb('releaseQueue', 'id');
export const GET_POOL = `query ($id: ID!) { row: desiredIpPool(id: $id) { ${POOL} } }`;
export const GET_QUEUE = `query ($id: ID!) { row: desiredQueue(id: $id) { ${QUEUE} } }`;
export const POOLS = `query ($filter: DesiredIpPoolFilter, $orderBy: [DesiredIpPoolOrder!], $first: Int, $after: String) { list: desiredIpPools(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage } nodes { ${POOL} } } }`;
export const QUEUES = `query ($filter: DesiredQueueFilter, $orderBy: [DesiredQueueOrder!], $first: Int, $after: String) { list: desiredQueues(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage } nodes { ${QUEUE} } } }`;
const COUNTS = 'adds changes moves removals kicks conflicts unowned pending';
const ITEMS = 'nodes { menu action name desiredId pending fields { field from to } reason { code message } }';
export const PLAN_ROUTER = `mutation ($input: PlanRouterInput!) { planRouter(input: $input) { plan { hash withinLimits counts { ${COUNTS} } items(first: 100) { ${ITEMS} } } } }`;
export const APPLY = 'mutation ($input: ApplyPlanInput!) { applyPlan(input: $input) { apply { id } } }';
export const STATE = 'query ($id: ID!) { planApply(id: $id) { state total done skipped refused failed reason { code message } steps(first: 100) { nodes { outcome reason { code } item { menu action name } } } } }';
export const CHECK = `mutation ($input: CheckRouterDriftInput!) { checkRouterDrift(input: $input) { drift { inSync drifting counts { ${COUNTS} } items(first: 100) { ${ITEMS} } } } }`;
export const ALERTS = 'query ($filter: AlertFilter) { alerts(filter: $filter) { nodes { message } } }';

export interface Item {
  menu: string;
  action: string;
  name: string;
  desiredId: string | null;
  pending: boolean;
  fields: Array<{ field: string; from: string | null; to: string | null }>;
  reason: { code: string } | null;
}

export const rowsOf = ({ items }: { items: { nodes: Item[] } }) => items.nodes.filter(({ action }) => action !== 'UNOWNED').map(({ action, menu, name }) => `${action} ${menu} ${name}`);
export const poolsOn = (router: TestRouter) => router.simulator.rows('/ip/pool');
export const queuesOn = (router: TestRouter) => router.simulator.rows('/queue/simple').filter(({ dynamic }) => dynamic !== 'true');
export const orderOn = (router: TestRouter) => queuesOn(router).map(({ name }) => name);
export const named = (rows: Array<Record<string, string>>, name: string) => rows.find((row) => row['name'] === name);
export const idOf = async (session: RouterSession, menu: string, name: string) => (await session.print(menu, { where: { name }, proplist: ['.id'] }))[0]!['.id']!;
export const byHand = (router: TestRouter, menu: string, name: string, attributes: Record<string, string>) => onConsole(router, async (session) => void (await session.command(`${menu}/set`, { '.id': await idOf(session, menu, name), ...attributes })));
export const madeByHand = (router: TestRouter, menu: string, ...rows: Array<Record<string, string>>) =>
  onConsole(router, async (session) => {
    for (const row of rows) await session.command(`${menu}/add`, row);
  });
export const movedByHand = (router: TestRouter, name: string, before?: string) =>
  onConsole(router, async (session) => {
    const destination = before === undefined ? {} : { destination: await idOf(session, '/queue/simple', before) };
    await session.command('/queue/simple/move', { numbers: await idOf(session, '/queue/simple', name), ...destination });
  });

/** What tests of wished pools and queues do on the network; `graph` is asked for when it is there. */
export function desiredRows(graph: () => NetworkHarness) {
  const act = async (document: string, input: object) => (await graph().data(admin, document, { input })).done.row;
  const fault = (document: string, input: object, principal = admin) => graph().fault(principal, document, { input });
  const plan = async (routerId: string, more: object = {}) => (await graph().data(admin, PLAN_ROUTER, { input: { routerId, ...more } })).planRouter.plan;
  const begin = async (hash: string, more: object = {}): Promise<string> => (await graph().data(admin, APPLY, { input: { hash, ...more } })).applyPlan.apply.id;
  const reaches = (id: string, states: string[], deadlineMs = 30_000) =>
    eventually(`the applying to be ${states.join(' or ')}`, deadlineMs, async () => {
      const { planApply } = await graph().data(admin, STATE, { id });
      return states.includes(planApply.state) ? planApply : undefined;
    });
  /** Plans and applies; the steps as they were done. */
  const bringIntoLine = async (routerId: string, more: object = {}): Promise<string[]> => {
    const { steps } = await reaches(await begin((await plan(routerId)).hash, more), ['SUCCEEDED']);
    return steps.nodes.map(({ outcome, item }: { outcome: string; item: Item }) => `${outcome} ${item.action} ${item.menu} ${item.name}`);
  };
  const check = async (routerId: string) => (await graph().data(admin, CHECK, { input: { routerId } })).checkRouterDrift.drift;
  const openAlerts = async (routerId: string) => (await graph().data(admin, ALERTS, { filter: { routerId, open: true } })).alerts.nodes;
  async function routerNamed(name: string, version?: string) {
    const router = await routerOfTest(name, version);
    return { router, routerId: await graph().reachable(admin, router) };
  }
  /** Queues of these names, in this order, brought to a router. */
  async function queued(name: string, ...names: string[]) {
    const { router, routerId } = await routerNamed(name);
    const ids: Record<string, string> = {};
    for (const one of names) ids[one] = (await act(CREATE_QUEUE, { routerId, name: one, target: '10.0.0.1', maxLimit: '10M/20M' })).id;
    await bringIntoLine(routerId);
    return { router, routerId, ids };
  }
  return { act, fault, plan, begin, reaches, bringIntoLine, check, openAlerts, routerNamed, queued };
}
