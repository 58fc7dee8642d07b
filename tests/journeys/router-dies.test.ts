import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultSettings } from '#sandbox/routeros/faults.ts';
import { CreatePlanDocument, CustomerToSessionDocument, OnboardCustomerDocument, RegisterRouterDocument, ResumeServiceDocument, RunDocument, ServiceOnRouterDocument, SuspendServiceDocument, WatchRunDocument } from '#schema/operations/graphql.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES } from '../support/product.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { longForm } from '../support/seeded.ts';
import { openTenant, sharedProduct } from '../support/shared-product.ts';
import { planInput } from './operations.ts';

/** Faults that last until somebody mends the router: the run waits, and says why. */
const LASTING: Array<[string, FaultSettings, string]> = [
  ['is away', { unreachable: true }, 'NETWORK_ROUTER_UNREACHABLE'],
  ['refuses the login', { refuseLogin: true }, 'NETWORK_ROUTER_LOGIN_REFUSED'],
  ['accepts the connection and hangs', { hang: true }, 'NETWORK_ROUTER_'],
];

/** Faults in the middle of a step that pass by themselves: the step is done again, its effect is there once. */
const PASSING: Array<[string, FaultSettings]> = [
  ['drops the line before it adds the secret', { cuts: [{ command: '/ppp/secret/add', when: 'before' }] }],
  ['adds the secret and drops the line before it says so', { cuts: [{ command: '/ppp/secret/add', when: 'after' }] }],
  ['adds the secret and drops the line in the middle of the answer', { cuts: [{ command: '/ppp/secret/add', when: 'mid-reply' }] }],
];

/** The same in the middle of a suspension: it disables the secret, then cuts the session. */
const PASSING_SUSPENSION: Array<[string, FaultSettings]> = [
  ['drops the line before it disables the secret', { cuts: [{ command: '/ppp/secret/set', when: 'before' }] }],
  ['disables the secret and drops the line before it says so', { cuts: [{ command: '/ppp/secret/set', when: 'after' }] }],
  ['drops the line before it cuts the session', { cuts: [{ command: '/ppp/active/remove', when: 'before' }] }],
  ['cuts the session and never answers', { cuts: [{ command: '/ppp/active/remove', when: 'silent' }] }],
];

describe.each(MODES)('a router fails in the middle (%s)', (mode) => {
  let router: TestRouter;
  let client: Client;
  let routerId: string;
  let count = 0;

  beforeAll(async () => {
    router = await startRouter('core-1');
    ({ client } = await openTenant(await sharedProduct(mode)));
    await client.ask(CreatePlanDocument, { input: planInput('fiber-100') });
    routerId = (await client.ask(RegisterRouterDocument, { input: router.input })).registerRouter.router.id;
    await onboarded('first'); // the profile is there, so that what fails next is the secret
  }, 400_000);

  afterAll(async () => {
    await client?.close();
    await router?.simulator.stop();
  });

  const onboard = async (username: string) => {
    const input = { customer: { name: `Customer ${username}` }, planId: 'fiber-100', routerId, credentials: { username, password: 'pw-of-a-subscriber' }, billingDay: 1 };
    return (await client.ask(OnboardCustomerDocument, { input })).onboardCustomer;
  };

  const succeeded = (id: string) =>
    eventually(`the run ${id} to succeed`, 60_000, async () => {
      const { run } = await client.ask(RunDocument, { id });
      if (['FAILED', 'CANCELLED'].includes(run!.state)) throw new Error(`the run ${run!.state}: ${JSON.stringify(run!.steps)}`);
      return run!.state === 'SUCCEEDED' ? run! : undefined;
    });

  const onboarded = async (username: string) => {
    const { customer, run } = await onboard(username);
    await succeeded(run.id);
    return customer!.id;
  };

  const expectOneSecret = async (username: string, customerId: string) => {
    expect(router.simulator.rows('/ppp/secret').filter((row) => row.name === username)).toMatchObject([{ disabled: 'false' }]);
    const { customer } = await client.ask(CustomerToSessionDocument, { id: customerId });
    expect(customer!.services.nodes).toMatchObject([{ status: 'ACTIVE', access: { enforcement: { outcome: 'APPLIED', reason: null } } }]);
  };

  const suspend = async (serviceId: string) => (await client.ask(SuspendServiceDocument, { input: { serviceId } })).suspendService.run.id;
  const resume = async (serviceId: string) => (await client.ask(ResumeServiceDocument, { input: { serviceId } })).resumeService.run.id;
  const secret = (username: string) => router.simulator.rows('/ppp/secret').find((row) => row.name === username);
  const session = (username: string) => router.simulator.rows('/ppp/active').find((row) => row.name === username);
  const online = (username: string) => eventually(`${username} to be online`, 20_000, () => session(username));

  /** A subscriber who is online. */
  const subscriber = async (username: string): Promise<string> => {
    const { customer } = await client.ask(CustomerToSessionDocument, { id: await onboarded(username) });
    await online(username);
    return customer!.services.nodes[0]!.id;
  };

  /** What is shown while the router has not followed: the wish, that it is open, and the router's own reason. */
  const expectPending = async (serviceId: string, runId: string, desired: string, code: string) => {
    for await (const { run: state } of client.subscribe(WatchRunDocument, { id: runId })) {
      if (state!.steps.find((step) => step.state === 'WAITING')?.error?.code.includes(code)) break;
    }
    const { service } = await client.ask(ServiceOnRouterDocument, { id: serviceId });
    expect(service!.access).toMatchObject({ desired, enforcement: { outcome: 'PENDING', acknowledgedAt: null, reason: { code: expect.stringContaining(code) } } });
  };

  // The other forms of being away differ for the connection only, which onboarding goes through below.
  it.each(longForm ? LASTING : LASTING.slice(0, 1))('of suspension and restore, and %s: both wait visibly and are applied when it is back', async (_what, fault, code) => {
    const username = `switched${(count += 1)}`;
    const serviceId = await subscriber(username);
    const away = async () => {
      await router.simulator.faults.set({ unreachable: true });
      await router.simulator.faults.set({ unreachable: null, ...fault });
    };
    await away();
    const suspension = await suspend(serviceId);
    await expectPending(serviceId, suspension, 'DISABLED', code);
    expect(secret(username)).toMatchObject({ disabled: 'false' });
    await router.simulator.faults.clear();
    await succeeded(suspension);
    expect(secret(username)).toMatchObject({ disabled: 'true' });
    expect(session(username)).toBeUndefined();

    await away();
    const restore = await resume(serviceId);
    await expectPending(serviceId, restore, 'ENABLED', code);
    expect(secret(username)).toMatchObject({ disabled: 'true' });
    // Suspended and restored once more meanwhile: the last wish wins.
    await suspend(serviceId);
    const last = await resume(serviceId);
    await router.simulator.faults.clear();
    await succeeded(last);
    expect(secret(username)).toMatchObject({ disabled: 'false' });
    await online(username);
    expect((await client.ask(ServiceOnRouterDocument, { id: serviceId })).service).toMatchObject({ status: 'ACTIVE', access: { desired: 'ENABLED', enforcement: { outcome: 'APPLIED', reason: null } } });
  }, 180_000);

  it.each(longForm ? PASSING_SUSPENSION : PASSING_SUSPENSION.slice(1, 3))('of a suspension, and %s: it is suspended, and so it is restored', async (_what, fault) => {
    const username = `cut${(count += 1)}`;
    const serviceId = await subscriber(username);
    await router.simulator.faults.set(fault);
    await succeeded(await suspend(serviceId));
    expect(secret(username)).toMatchObject({ disabled: 'true' });
    expect(session(username)).toBeUndefined();
    await router.simulator.faults.clear();
    await router.simulator.faults.set({ cuts: [{ command: '/ppp/secret/set', when: 'after' }] });
    await succeeded(await resume(serviceId));
    await router.simulator.faults.clear();
    expect(secret(username)).toMatchObject({ disabled: 'false' });
    await online(username);
  }, 180_000);

  it.each(LASTING)('of onboarding, and %s: the run waits visibly, nothing else is slower, and it completes when the router is back', async (_what, fault, code) => {
    const username = `lasting${(count += 1)}`;
    // Out of reach first: a line that is open already would not notice that logins are refused.
    await router.simulator.faults.set({ unreachable: true });
    await router.simulator.faults.set({ unreachable: null, ...fault });
    const { customer, run } = await onboard(username);
    for await (const { run: state } of client.subscribe(WatchRunDocument, { id: run.id })) {
      const waiting = state!.steps.find((step) => step.state === 'WAITING');
      // The first try may still meet the line that was cut; what stays is the router's own reason.
      if (waiting?.error?.code.includes(code)) break;
    }
    // Lists and queries never touch a router, so they answer as if nothing had happened.
    const { customer: seen } = await client.ask(CustomerToSessionDocument, { id: customer!.id });
    expect(seen!.services.nodes).toMatchObject([{ status: 'PENDING', access: { enforcement: { outcome: 'PENDING' }, session: null } }]);
    await router.simulator.faults.clear();
    await succeeded(run.id);
    await expectOneSecret(username, customer!.id);
  }, 120_000);

  it.each(PASSING)('of onboarding, and %s: the step is done again, and its effect is there once', async (_what, fault) => {
    const username = `passing${(count += 1)}`;
    await router.simulator.faults.set(fault);
    await expectOneSecret(username, await onboarded(username));
    await router.simulator.faults.clear();
  }, 120_000);
});
