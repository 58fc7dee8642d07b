import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CreatePlanDocument,
  CustomerToSessionDocument,
  DisconnectSessionDocument,
  FindCustomersDocument,
  OnboardCustomerDocument,
  PppSessionsDocument,
  RegisterRouterDocument,
  RouterDocument,
  RunDocument,
  TrafficDocument,
  WatchRunDocument,
} from '#schema/operations/graphql.ts';
import { loggedIn, type Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES } from '../support/product.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { sharedProduct, type SharedProduct } from '../support/shared-product.ts';
import { planInput } from './operations.ts';

describe.each(MODES)('a new subscriber comes online (%s)', (mode) => {
  let product: SharedProduct;
  let router: TestRouter;
  let client: Client;
  let routerId: string;
  let planId: string;

  beforeAll(async () => {
    router = await startRouter('core-1');
    // The tenant of the sandbox, with its API key: no other file uses it here.
    product = await sharedProduct(mode);
    client = await loggedIn(product.url);
  }, 400_000);

  afterAll(async () => {
    await client?.close();
    await router?.simulator.stop();
  });

  const onboard = (username: string, name = `Customer ${username}`) =>
    client.ask(OnboardCustomerDocument, {
      input: { customer: { name, email: `${username}@example.com`, phone: '+15550100' }, planId, routerId, credentials: { username, password: `pw-${username}` }, billingDay: 5 },
    });

  const ended = (id: string) =>
    eventually(`the run ${id} to succeed`, 60_000, async () => {
      const { run } = await client.ask(RunDocument, { id });
      if (['FAILED', 'CANCELLED'].includes(run!.state)) throw new Error(`the run ${run!.state}: ${JSON.stringify(run!.steps)}`);
      return run!.state === 'SUCCEEDED' ? run! : undefined;
    });

  it('takes a plan and a router, and sees the router answer with its version', async () => {
    const { createPlan } = await client.ask(CreatePlanDocument, { input: planInput('fiber-100') });
    planId = createPlan.plan.id;
    expect(createPlan.plan.price).toEqual({ amount: '29.90', currency: 'USD' });

    const { registerRouter } = await client.ask(RegisterRouterDocument, { input: router.input });
    routerId = registerRouter.router.id;
    const status = await eventually('the router to be reachable', 20_000, async () => {
      const answer = await client.ask(RouterDocument, { id: routerId });
      return answer.router!.status!.reachable ? answer.router!.status! : undefined;
    });
    expect(status).toMatchObject({ identity: 'core-1', version: expect.stringContaining('7.18') });
  });

  it('is seen over REST by the API key of a shop system, which alone says who it is', async () => {
    const list = async (key: string) => {
      const response = await fetch(`${product.restUrl}/v1/internal/mikrotik/list`, { method: 'POST', headers: { 'x-api-key': key } });
      return { status: response.status, body: (await response.json()) as { data: Array<{ name: string }> | null; error: { code: string } | null } };
    };
    const { status, body } = await list('test_pk_1234567890');
    expect([status, body.error]).toEqual([200, null]);
    expect(body.data!.map(({ name }) => name)).toContain('core-1');
    expect(await list('no_such_key')).toMatchObject({ status: 401, body: { data: null, error: { code: 'UNAUTHENTICATED' } } });
  });

  it('onboards a customer, and the session comes up in a subscription that names plan and customer', async () => {
    const events = client.subscribe(PppSessionsDocument, { routerId });
    // The snapshot: the three demo homes of the router, which are nobody's.
    for (let i = 0; i < 3; i += 1) {
      const { value } = await events.next();
      expect(value.pppSessions).toMatchObject({ session: { service: null } });
    }
    const { onboardCustomer } = await onboard('ada', 'Ada Lovelace');
    expect(onboardCustomer).toMatchObject({ customer: { name: 'Ada Lovelace', email: 'ada@example.com' }, run: { id: expect.any(String) } });

    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error('the subscription ended');
      const { action, session } = value.pppSessions;
      if (session.name !== 'ada' || action !== 'UP') continue;
      expect(session.service).toEqual({ id: onboardCustomer.service!.id, plan: { name: 'Plan fiber-100' }, customer: { name: 'Ada Lovelace' } });
      break;
    }
    await events.return?.();

    const run = await ended(onboardCustomer.run.id);
    expect(run.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['credentials', 'customer', 'service', 'access', 'profile', 'secret', 'verify', 'activate'].map((step) => `${step} DONE`),
    );
    const secret = router.simulator.rows('/ppp/secret').find((row) => row.name === 'ada');
    expect(secret).toMatchObject({ password: 'pw-ada', disabled: 'false' });

    const answer = await client.ask(CustomerToSessionDocument, { id: onboardCustomer.customer!.id });
    expect(answer.customer).toMatchObject({
      name: 'Ada Lovelace',
      services: {
        nodes: [
          {
            status: 'ACTIVE',
            plan: { name: 'Plan fiber-100', price: { amount: '29.90', currency: 'USD' } },
            access: {
              desired: 'ENABLED',
              enforcement: { outcome: 'APPLIED', acknowledgedAt: expect.any(String), lagMs: expect.any(Number) },
              session: { address: expect.stringMatching(/^10\.64\./), router: { name: 'core-1' }, observedAt: expect.any(String) },
            },
          },
        ],
      },
    });
  });

  it('shows the traffic of the service, and disconnects its session so that it dials anew', async () => {
    const { onboardCustomer } = await onboard('grace', 'Grace Hopper');
    await ended(onboardCustomer.run.id);
    const samples = client.subscribe(TrafficDocument, { serviceId: onboardCustomer.service!.id });
    const { value } = await samples.next();
    expect(value.traffic).toMatchObject({ rxBitsPerSecond: expect.any(Number), txBitsPerSecond: expect.any(Number) });
    await samples.return?.();

    const before = router.simulator.rows('/ppp/active').find((row) => row.name === 'grace')!;
    expect(await client.ask(DisconnectSessionDocument, { input: { serviceId: onboardCustomer.service!.id } })).toEqual({ disconnectSession: { disconnected: true } });
    await eventually('grace to dial anew', 10_000, () => {
      const now = router.simulator.rows('/ppp/active').find((row) => row.name === 'grace');
      return now && now['session-id'] !== before['session-id'] ? now : undefined;
    });
  });

  it('waits visibly while the router is off, and completes when it is back, with nothing doubled', async () => {
    await router.simulator.faults.set({ unreachable: true });
    const { onboardCustomer } = await onboard('linus');
    const changes = client.subscribe(WatchRunDocument, { id: onboardCustomer.run.id });
    for (;;) {
      const { value, done } = await changes.next();
      if (done) throw new Error('the run ended although the router is off');
      const waiting = value.run.steps.find(({ state }) => state === 'WAITING');
      if (value.run.state !== 'WAITING' || !waiting) continue;
      expect(waiting.error?.code).toMatch(/^NETWORK_ROUTER_/);
      break;
    }
    await router.simulator.faults.clear();
    let last: string | undefined;
    for await (const { run } of changes) last = run.state;
    expect(last).toBe('SUCCEEDED');
    expect(router.simulator.rows('/ppp/secret').filter((row) => row.name === 'linus')).toHaveLength(1);
    const { customers } = await client.ask(FindCustomersDocument, { search: 'linus' });
    expect(customers.totalCount).toBe(1);
  });
});
