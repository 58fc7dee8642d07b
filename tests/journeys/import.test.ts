import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '#kernel/db/test-database.ts';
import { makeRouterSimulator, type RouterSimulator } from '#sandbox/routeros/simulator.ts';
import {
  AdoptPppSecretDocument,
  ApplyRouterImportDocument,
  CancelRouterImportDocument,
  FindCustomersDocument,
  ImportRouterDocument,
  RegisterRouterDocument,
  RouterDocument,
  RouterImportDocument,
  RunDocument,
  UpdateRouterImportItemDocument,
  WatchRouterImportDocument,
  type RouterImportQuery,
} from '#schema/operations/graphql.ts';
import { loggedIn, type Client, type GraphError } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES, productDatabase, startProduct, type Product } from '../support/product.ts';

type Import = NonNullable<RouterImportQuery['routerImport']>;

const SECRETS = 12;
const PROFILES = ['bronze', 'silver', 'gold', 'business'];
const name = (at: number) => `sub-${String(at).padStart(2, '0')}`;
/** One that somebody changes at the router after it was read, and one that is left out. */
const [CHANGED, LEFT_OUT] = [name(SECRETS - 2), name(SECRETS - 1)];
const PASSWORD = 'a-pppoe-password';

/** A router that an operator has run by hand so far: a dozen subscribers, four plans of his own, two pools. */
async function oldRouter(identity: string): Promise<{ simulator: RouterSimulator; input: { name: string; host: string; port: number; username: string; password: string } }> {
  const simulator = makeRouterSimulator({
    port: 0,
    version: '7.18',
    identity,
    users: [{ name: 'headend', password: 'router-password', group: 'full' }],
    dialDelayMs: [20, 60],
    seed: {
      '/ip/pool': [
        { name: 'pool-homes', ranges: '10.20.0.2-10.20.3.254' },
        { name: 'pool-firms', ranges: '10.21.0.2-10.21.0.254' },
      ],
      '/ppp/profile': PROFILES.map((profile, at) => ({ name: profile, 'local-address': '10.20.0.1', 'remote-address': profile === 'business' ? 'pool-firms' : 'pool-homes', 'rate-limit': `${5 * (at + 1)}M/${20 * (at + 1)}M`, comment: `sold as ${profile}` })),
      '/interface/pppoe-server/server': [{ 'service-name': 'service1', interface: 'ether1', 'default-profile': 'default' }],
      '/ppp/secret': Array.from({ length: SECRETS }, (_, at) => ({ name: name(at), password: `${PASSWORD}-${at}`, service: 'pppoe', profile: PROFILES[at % PROFILES.length]!, comment: `Customer ${at} of ${identity}` })),
    },
  });
  const { port } = await simulator.start();
  await eventually('everybody to be online', 20_000, () => (simulator.sessions().length === SECRETS ? true : undefined));
  return { simulator, input: { name: identity, host: '127.0.0.1', port, username: 'headend', password: 'router-password' } };
}

describe.each(MODES)('a router that was there before (%s)', (mode) => {
  let database: TestDatabase;
  let product: Product;
  let client: Client;
  const routers: RouterSimulator[] = [];

  beforeAll(async () => {
    database = await productDatabase();
    product = await startProduct({ mode, databaseUrl: database.url });
    client = await loggedIn(product.url);
  }, 240_000);

  afterAll(async () => {
    await client?.close();
    await product?.stop();
    for (const router of routers) await router.stop();
    await database?.drop();
  });

  const persistently = <T>(what: string, attempt: () => Promise<T>): Promise<T> =>
    eventually(what, 90_000, () =>
      attempt().catch((error: Error & { errors?: GraphError[] }) => {
        if (error.errors && !error.errors.every(({ extensions }) => extensions.code === 'UNAVAILABLE')) throw error;
        return undefined;
      }),
    );

  const registered = async (identity: string) => {
    const router = await oldRouter(identity);
    routers.push(router.simulator);
    const { registerRouter } = await client.ask(RegisterRouterDocument, { input: router.input });
    await eventually('the router to be reachable', 30_000, async () => ((await client.ask(RouterDocument, { id: registerRouter.router.id })).router!.status!.reachable ? true : undefined));
    return { id: registerRouter.router.id, simulator: router.simulator };
  };

  const shown = async (id: string, filter: object = {}): Promise<Import> => (await client.ask(RouterImportDocument, { id, first: 100, filter })).routerImport!;
  const proposed = async (routerId: string): Promise<Import> => {
    const { importRouter } = await client.ask(ImportRouterDocument, { input: { routerId, price: { amount: '25.00', currency: 'USD' }, billingDay: 7 } });
    return eventually('the proposal', 60_000, async () => {
      const found = await shown(importRouter.routerImport.id);
      if (found.state === 'FAILED') throw new Error(JSON.stringify(found.reason));
      return found.state === 'READY' ? found : undefined;
    });
  };
  const ended = (id: string): Promise<Import> =>
    eventually('the import to end', 240_000, async () => {
      const found = await persistently('the import', () => shown(id));
      return found.finishedAt ? found : undefined;
    });
  const lines = (simulator: RouterSimulator) => simulator.sessions().map((session) => `${session.name} ${session.sessionId}`).toSorted();

  it('is read, looked through, changed a little, and taken over while everybody stays online; then nothing is left to import', async () => {
    const { id: routerId, simulator } = await registered('old-1');
    const before = { lines: lines(simulator), secrets: simulator.rows('/ppp/secret'), profiles: simulator.rows('/ppp/profile') };
    const proposal = await proposed(routerId);
    expect(proposal.counts).toMatchObject({ secrets: SECRETS, pools: 2, createPlans: PROFILES.length, adopt: SECRETS, owned: 0, skip: 0, withoutPassword: 0, online: SECRETS });
    const item = (wanted: string) => proposal.items.nodes.find((one) => one.name === wanted)!;
    expect(item('sub-00')).toMatchObject({ customerName: 'Customer 0 of old-1', profile: 'bronze', plan: { id: null, code: 'bronze', rateLimit: '5M/20M', price: { amount: '25.00', currency: 'USD' } } });

    await client.ask(UpdateRouterImportItemDocument, { input: { id: item('sub-00').id, name: 'Ada Lovelace', email: 'ada@example.com' } });
    await client.ask(UpdateRouterImportItemDocument, { input: { id: item(LEFT_OUT).id, exclude: true } });
    await client.ask(UpdateRouterImportItemDocument, { input: { id: item('gold').id, name: 'Gold for homes', price: { amount: '49.90', currency: 'USD' } } });
    // Nothing is written yet; then somebody changes one at the router, and it will be passed over.
    const unwatched = (rows: Array<Record<string, string>>) => rows.map(({ 'last-logged-out': _out, 'last-caller-id': _caller, 'last-disconnect-reason': _reason, ...row }) => row);
    expect(unwatched(simulator.rows('/ppp/secret'))).toEqual(unwatched(before.secrets));
    const { pppSecrets } = await client.ask<{ pppSecrets: { nodes: Array<{ id: string }> } }>('query ($routerId: ID!, $name: String!) { pppSecrets(routerId: $routerId, filter: { name: { equals: $name } }) { nodes { id } } }', { routerId, name: CHANGED });
    await client.ask('mutation ($input: UpdatePppSecretInput!) { updatePppSecret(input: $input) { secret { id } } }', { input: { routerId, id: pppSecrets.nodes[0]!.id, comment: 'moved to another flat' } });
    const events = client.subscribe(WatchRouterImportDocument, { id: proposal.id });
    await events.next();

    await client.ask(ApplyRouterImportDocument, { input: { id: proposal.id } });
    let last: string | undefined;
    const progress: number[] = [];
    for await (const { routerImport } of events) {
      progress.push(routerImport.counts.done);
      last = routerImport.state;
    }
    expect([last, progress.at(-1)]).toEqual(['DONE', SECRETS - 2]);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));

    // Nobody was cut off, nothing but the marks is new.
    expect(lines(simulator)).toEqual(before.lines);
    expect((await shown(proposal.id, { state: 'SKIPPED' })).items.nodes).toMatchObject([{ name: CHANGED, outcome: { code: 'NETWORK_ROW_CHANGED', message: expect.stringContaining('comment') } }]);
    for (const secret of simulator.rows('/ppp/secret')) {
      const was = before.secrets.find((row) => row.name === secret.name)!;
      expect(secret).toMatchObject({ password: was.password, profile: was.profile, service: 'pppoe', disabled: 'false' });
      expect(secret.comment).toMatch(secret.name === LEFT_OUT ? /^Customer / : secret.name === CHANGED ? /^moved/ : new RegExp(`^headend:.* ${was.comment}$`));
    }
    expect(simulator.rows('/ppp/profile').map(({ name: profile }) => profile)).toEqual(before.profiles.map(({ name: profile }) => profile));

    const { customers } = await client.ask(FindCustomersDocument, { search: 'of old-1' });
    expect(customers.totalCount).toBe(SECRETS - 3);
    const { customers: ada } = await client.ask(FindCustomersDocument, { search: 'Ada Lovelace' });
    expect(ada.nodes).toMatchObject([{ services: { nodes: [{ status: 'ACTIVE', access: { enforcement: { outcome: 'APPLIED' } } }] } }]);
    const plans = await client.ask<{ plans: { nodes: Array<{ code: string; name: string; price: { amount: string } }> } }>('{ plans(first: 100) { nodes { code name price { amount } } } }');
    expect(plans.plans.nodes.filter(({ code }) => PROFILES.includes(code)).toSorted((a, b) => a.code.localeCompare(b.code))).toEqual([
      { code: 'bronze', name: 'bronze', price: { amount: '25.00' } },
      { code: 'business', name: 'business', price: { amount: '25.00' } },
      { code: 'gold', name: 'Gold for homes', price: { amount: '49.90' } },
      { code: 'silver', name: 'silver', price: { amount: '25.00' } },
    ]);

    // The database and the router agree: nothing is to be added, changed, removed.
    const { planRouter } = await client.ask<{ planRouter: { plan: { counts: Record<string, number> } } }>('mutation ($input: PlanRouterInput!) { planRouter(input: $input) { plan { counts { adds changes removals kicks conflicts } } } }', { input: { routerId } });
    expect(planRouter.plan.counts).toEqual({ adds: 0, changes: 0, removals: 0, kicks: 0, conflicts: 0 });

    // What is ours from now on can be switched off.
    const serviceId = ada.nodes[0]!.services.nodes[0]!.id;
    await client.ask('mutation ($input: SuspendServiceInput!) { suspendService(input: $input) { run { id } } }', { input: { serviceId } });
    await eventually('the imported service to be cut', 60_000, () => (simulator.sessions().every((session) => session.name !== 'sub-00') && simulator.rows('/ppp/secret').find((row) => row.name === 'sub-00')!.disabled === 'true' ? true : undefined));

    const again = await proposed(routerId);
    expect(again.counts).toMatchObject({ secrets: SECRETS, owned: SECRETS - 2, adopt: 2, createPlans: 0 });
    const { adoptPppSecret } = await client.ask(AdoptPppSecretDocument, { input: { routerId, name: LEFT_OUT, customer: { name: 'Grace Hopper' }, billingDay: 3 } });
    expect(adoptPppSecret).toMatchObject({ customer: { name: 'Grace Hopper' }, service: { id: expect.any(String) } });
    await eventually('the secret to be taken over', 60_000, async () => ((await client.ask(RunDocument, { id: adoptPppSecret.run.id })).run!.state === 'SUCCEEDED' ? true : undefined));
    const answer = await client.send(AdoptPppSecretDocument, { input: { routerId, name: LEFT_OUT, customer: { name: 'Grace Hopper' }, billingDay: 3 } });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: [{ field: 'name', code: 'OWNED' }] });

    // The one is taken over, the other is somebody's by now: nothing of it comes to be.
    await client.ask(ApplyRouterImportDocument, { input: { id: again.id } });
    const passed = await ended(again.id);
    expect(passed.counts).toMatchObject({ done: 1, failed: 1 });
    const { counts: nothing, id: third } = await proposed(routerId);
    expect(nothing).toMatchObject({ adopt: 0, owned: SECRETS, createPlans: 0 });
    expect((await client.ask(ApplyRouterImportDocument, { input: { id: third } })).applyRouterImport.routerImport.state).toBe('DONE');
  }, 400_000);

  it('is taken over to the end although every process is killed in the middle, with nothing doubled', async () => {
    const { id: routerId, simulator } = await registered('old-2');
    const before = lines(simulator);
    const proposal = await proposed(routerId);
    await client.ask(ApplyRouterImportDocument, { input: { id: proposal.id } });
    await eventually('the import to be under way', 60_000, async () => ((await shown(proposal.id)).counts.done >= 3 ? true : undefined));
    await product.kill9();
    await client.close();
    await product.start();
    client = await persistently('a login', () => loggedIn(product.url));
    const done = await ended(proposal.id);
    expect(done).toMatchObject({ state: 'DONE', counts: { done: SECRETS, failed: 0, skipped: 0, running: 0, open: 0 } });
    expect(lines(simulator)).toEqual(before);
    const { customers } = await client.ask(FindCustomersDocument, { search: 'of old-2' });
    expect(customers.totalCount).toBe(SECRETS);
    expect(new Set(simulator.rows('/ppp/secret').map(({ comment }) => comment!.split(' ')[0])).size).toBe(SECRETS);
  }, 400_000);

  it('waits while the router is away, and a cancelled import leaves the rest as it was', async () => {
    const { id: routerId, simulator } = await registered('old-3');
    const proposal = await proposed(routerId);
    await simulator.faults.set({ unreachable: true });
    await client.ask(ApplyRouterImportDocument, { input: { id: proposal.id } });
    const waiting = await eventually('a run to wait for the router', 60_000, async () => {
      const { items } = await shown(proposal.id, { state: 'RUNNING' });
      for (const { runId } of items.nodes) if ((await client.ask(RunDocument, { id: runId! })).run!.state === 'WAITING') return runId;
      return undefined;
    });
    expect((await client.ask(RunDocument, { id: waiting! })).run!.steps.find(({ state }) => state === 'WAITING')!.error!.code).toMatch(/^NETWORK_ROUTER_/);
    await client.ask(CancelRouterImportDocument, { input: { id: proposal.id } });
    const cancelled = await ended(proposal.id);
    expect(cancelled).toMatchObject({ state: 'CANCELLED', counts: { done: 0, running: 0 } });
    const { customers } = await client.ask(FindCustomersDocument, { search: 'of old-3' });
    expect(customers.totalCount).toBe(0);
    await simulator.faults.clear();
    expect(simulator.rows('/ppp/secret').every(({ comment }) => comment!.startsWith('Customer '))).toBe(true);
  }, 400_000);
});
