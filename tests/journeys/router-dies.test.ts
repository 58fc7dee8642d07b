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

/** A router of a test's own, so that the tests wait side by side, and the subscriber whom it is about. */
interface Site extends TestRouter {
  routerId: string;
  username: string;
}

describe.each(MODES)('a router fails in the middle (%s)', (mode) => {
  const sites: Site[] = [];
  let count = 0;
  let client: Client;

  beforeAll(async () => {
    ({ client } = await openTenant(await sharedProduct(mode)));
    await client.ask(CreatePlanDocument, { input: planInput('fiber-100') });
  }, 400_000);

  afterAll(async () => {
    await client?.close();
    await Promise.all(sites.map(({ simulator }) => simulator.stop()));
  });

  const openSite = async (act: string): Promise<Site> => {
    const username = `${act}-${(count += 1)}`;
    const router = await startRouter(`router-of-${username}`);
    const site = { ...router, username, routerId: (await client.ask(RegisterRouterDocument, { input: router.input })).registerRouter.router.id };
    sites.push(site);
    await onboarded(site, `before-${username}`); // the profile is there, so that what fails next is the secret
    return site;
  };

  const onboard = async ({ routerId, username }: Pick<Site, 'routerId' | 'username'>) => {
    const input = { customer: { name: `Customer ${username}` }, planId: 'fiber-100', routerId, credentials: { username, password: 'pw-of-a-subscriber' }, billingDay: 1 };
    return (await client.ask(OnboardCustomerDocument, { input })).onboardCustomer;
  };

  const succeeded = (id: string) =>
    eventually(`the run ${id} to succeed`, 60_000, async () => {
      const { run } = await client.ask(RunDocument, { id });
      if (['FAILED', 'CANCELLED'].includes(run!.state)) throw new Error(`the run ${run!.state}: ${JSON.stringify(run!.steps)}`);
      return run!.state === 'SUCCEEDED' ? run! : undefined;
    });

  const onboarded = async ({ routerId }: Site, username: string) => {
    const { customer, run } = await onboard({ routerId, username });
    await succeeded(run.id);
    return customer!.id;
  };

  const expectOneSecret = async ({ simulator, username }: Site, customerId: string) => {
    expect(simulator.rows('/ppp/secret').filter((row) => row.name === username)).toMatchObject([{ disabled: 'false' }]);
    const { customer } = await client.ask(CustomerToSessionDocument, { id: customerId });
    expect(customer!.services.nodes).toMatchObject([{ status: 'ACTIVE', access: { enforcement: { outcome: 'APPLIED', reason: null } } }]);
  };

  const suspend = async (serviceId: string) => (await client.ask(SuspendServiceDocument, { input: { serviceId } })).suspendService.run.id;
  const resume = async (serviceId: string) => (await client.ask(ResumeServiceDocument, { input: { serviceId } })).resumeService.run.id;
  const secret = ({ simulator, username }: Site) => simulator.rows('/ppp/secret').find((row) => row.name === username);
  const session = ({ simulator, username }: Site) => simulator.rows('/ppp/active').find((row) => row.name === username);
  const online = (site: Site) => eventually(`${site.username} to be online`, 20_000, () => session(site));

  /** A subscriber who is online. */
  const subscriber = async (site: Site): Promise<string> => {
    const { customer } = await client.ask(CustomerToSessionDocument, { id: await onboarded(site, site.username) });
    await online(site);
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
  it.concurrent.each(longForm ? LASTING : LASTING.slice(0, 1))('of suspension and restore, and %s: both wait visibly and are applied when it is back', async (_what, fault, code) => {
    const site = await openSite('switched');
    const { faults } = site.simulator;
    const serviceId = await subscriber(site);
    const away = async () => {
      await faults.set({ unreachable: true });
      await faults.set({ unreachable: null, ...fault });
    };
    await away();
    const suspension = await suspend(serviceId);
    await expectPending(serviceId, suspension, 'DISABLED', code);
    expect(secret(site)).toMatchObject({ disabled: 'false' });
    await faults.clear();
    await succeeded(suspension);
    expect(secret(site)).toMatchObject({ disabled: 'true' });
    expect(session(site)).toBeUndefined();

    await away();
    const restore = await resume(serviceId);
    await expectPending(serviceId, restore, 'ENABLED', code);
    expect(secret(site)).toMatchObject({ disabled: 'true' });
    // Suspended and restored once more meanwhile: the last wish wins.
    await suspend(serviceId);
    const last = await resume(serviceId);
    await faults.clear();
    await succeeded(last);
    expect(secret(site)).toMatchObject({ disabled: 'false' });
    await online(site);
    expect((await client.ask(ServiceOnRouterDocument, { id: serviceId })).service).toMatchObject({ status: 'ACTIVE', access: { desired: 'ENABLED', enforcement: { outcome: 'APPLIED', reason: null } } });
  }, 180_000);

  it.concurrent.each(longForm ? PASSING_SUSPENSION : PASSING_SUSPENSION.slice(1, 3))('of a suspension, and %s: it is suspended, and so it is restored', async (_what, fault) => {
    const site = await openSite('cut');
    const { faults } = site.simulator;
    const serviceId = await subscriber(site);
    await faults.set(fault);
    await succeeded(await suspend(serviceId));
    expect(secret(site)).toMatchObject({ disabled: 'true' });
    expect(session(site)).toBeUndefined();
    await faults.clear();
    await faults.set({ cuts: [{ command: '/ppp/secret/set', when: 'after' }] });
    await succeeded(await resume(serviceId));
    await faults.clear();
    expect(secret(site)).toMatchObject({ disabled: 'false' });
    await online(site);
  }, 180_000);

  it.concurrent.each(LASTING)('of onboarding, and %s: the run waits visibly, nothing else is slower, and it completes when the router is back', async (_what, fault, code) => {
    const site = await openSite('lasting');
    const { faults } = site.simulator;
    // Out of reach first: a line that is open already would not notice that logins are refused.
    await faults.set({ unreachable: true });
    await faults.set({ unreachable: null, ...fault });
    const { customer, run } = await onboard(site);
    for await (const { run: state } of client.subscribe(WatchRunDocument, { id: run.id })) {
      const waiting = state!.steps.find((step) => step.state === 'WAITING');
      // The first try may still meet the line that was cut; what stays is the router's own reason.
      if (waiting?.error?.code.includes(code)) break;
    }
    // Lists and queries never touch a router, so they answer as if nothing had happened.
    const { customer: seen } = await client.ask(CustomerToSessionDocument, { id: customer!.id });
    expect(seen!.services.nodes).toMatchObject([{ status: 'PENDING', access: { enforcement: { outcome: 'PENDING' }, session: null } }]);
    await faults.clear();
    await succeeded(run.id);
    await expectOneSecret(site, customer!.id);
  }, 120_000);

  it.concurrent.each(PASSING)('of onboarding, and %s: the step is done again, and its effect is there once', async (_what, fault) => {
    const site = await openSite('passing');
    const { faults } = site.simulator;
    await faults.set(fault);
    await expectOneSecret(site, await onboarded(site, site.username));
    await faults.clear();
  }, 120_000);
});
