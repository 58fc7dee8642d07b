import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ChangePlanDocument,
  ChangeSubscriberDocument,
  CreatePlanDocument,
  FindCustomersDocument,
  LockCallerIdDocument,
  MoveServiceDocument,
  OffboardCustomerDocument,
  OnboardCustomerDocument,
  RegisterRouterDocument,
  ResetCallerIdDocument,
  ResetPppPasswordDocument,
  ResumeServiceDocument,
  RevealPppPasswordDocument,
  RunDocument,
  ServiceOnRouterDocument,
  SetStaticAddressDocument,
  SuspendServiceDocument,
  TerminateServiceDocument,
  type ChangeSubscriberInput,
  type SuspendServiceInput,
} from '#schema/operations/graphql.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES } from '../support/product.ts';
import { startRouter, type TestRouter } from '../support/router.ts';
import { openTenant, sharedProduct } from '../support/shared-product.ts';
import { planInput } from './operations.ts';

/** A router of a test's own: the tests run side by side, and some switch theirs off. */
interface Router extends TestRouter {
  id: string;
}

describe.each(MODES)('the life of a service (%s)', { timeout: 120_000 }, (mode) => {
  const routers: Router[] = [];
  let client: Client;

  beforeAll(async () => {
    ({ client } = await openTenant(await sharedProduct(mode)));
    for (const code of ['fiber-100', 'fiber-300']) await client.ask(CreatePlanDocument, { input: planInput(code) });
  }, 400_000);

  afterAll(async () => {
    await client?.close();
    await Promise.all(routers.map(({ simulator }) => simulator.stop()));
  });

  const openRouter = async (name: string): Promise<Router> => {
    const router = await startRouter(name);
    const opened = { ...router, id: (await client.ask(RegisterRouterDocument, { input: router.input })).registerRouter.router.id };
    routers.push(opened);
    return opened;
  };

  const runOf = async (id: string) => (await client.ask(RunDocument, { id })).run!;
  const when = (id: string, state: string, deadlineMs = 60_000) =>
    eventually(`the run ${id} to be ${state}`, deadlineMs, async () => {
      const run = await runOf(id);
      if (run.state !== state && ['FAILED', 'CANCELLED'].includes(run.state)) throw new Error(`the run ${run.state}: ${JSON.stringify(run.steps)}`);
      return run.state === state ? run : undefined;
    });
  /** What the mutation answered, once the router has followed. */
  const followed = async <Answer extends { run: { id: string } }>(answer: Answer): Promise<Answer> => {
    await when(answer.run.id, 'SUCCEEDED');
    return answer;
  };
  const suspend = async (input: SuspendServiceInput) => (await client.ask(SuspendServiceDocument, { input })).suspendService;
  const resume = async (serviceId: string) => (await client.ask(ResumeServiceDocument, { input: { serviceId } })).resumeService;
  const changePlan = async (serviceId: string, planId: string) => followed((await client.ask(ChangePlanDocument, { input: { serviceId, planId } })).changePlan);
  const serviceOf = async (id: string) => (await client.ask(ServiceOnRouterDocument, { id })).service!;
  const secretOn = (router: TestRouter, name: string) => router.simulator.rows('/ppp/secret').find((row) => row.name === name);
  const sessionOn = (router: TestRouter, name: string) => router.simulator.rows('/ppp/active').find((row) => row.name === name);
  const online = (router: TestRouter, name: string, not?: string) =>
    eventually(`${name} to dial`, 20_000, () => {
      const session = sessionOn(router, name);
      return session && session['session-id'] !== not ? session : undefined;
    });

  const onboard = async (core: Router, username: string) => {
    const input = { customer: { name: `Customer ${username}`, email: `${username}@example.com` }, planId: 'fiber-100', routerId: core.id, credentials: { username, password: `pw-${username}` }, billingDay: 5 };
    const { onboardCustomer } = await client.ask(OnboardCustomerDocument, { input });
    await followed(onboardCustomer!);
    await online(core, username);
    return { serviceId: onboardCustomer!.service!.id, customerId: onboardCustomer!.customer!.id };
  };

  it.concurrent('suspension cuts the session and refuses the next dial; resumption lets him dial again, each proven with its lag', async () => {
    const core = await openRouter('core-of-ada');
    const { serviceId } = await onboard(core, 'ada');
    const { service } = await followed(await suspend({ serviceId, reason: 'NON_PAYMENT' }));
    expect(service).toMatchObject({ id: serviceId, status: 'SUSPENDED', suspensionReason: 'NON_PAYMENT' });
    expect(secretOn(core, 'ada')).toMatchObject({ disabled: 'true' });
    expect(sessionOn(core, 'ada')).toBeUndefined();
    expect(core.simulator.dial('ada')).toContain('user disabled');
    const applied = { outcome: 'APPLIED', reason: null, acknowledgedAt: expect.any(String), lagMs: expect.any(Number) };
    expect(await serviceOf(serviceId)).toMatchObject({ status: 'SUSPENDED', access: { desired: 'DISABLED', enforcement: applied } });

    expect((await followed(await resume(serviceId))).service).toMatchObject({ status: 'ACTIVE', suspensionReason: null });
    expect(secretOn(core, 'ada')).toMatchObject({ disabled: 'false' });
    await online(core, 'ada');
    expect(await serviceOf(serviceId)).toMatchObject({ status: 'ACTIVE', access: { desired: 'ENABLED', enforcement: applied } });
  });

  it.concurrent('another plan renews the session with its profile; the former profile goes when nobody has it', async () => {
    const core = await openRouter('core-of-grace');
    const { serviceId } = await onboard(core, 'grace');
    const before = await online(core, 'grace');
    await changePlan(serviceId, 'fiber-300');
    expect(secretOn(core, 'grace')).toMatchObject({ profile: 'headend-fiber-300' });
    await online(core, 'grace', before['session-id']);
    expect(await serviceOf(serviceId)).toMatchObject({ plan: { code: 'fiber-300' }, access: { profile: 'headend-fiber-300', enforcement: { outcome: 'APPLIED' } } });
    await changePlan(serviceId, 'fiber-100');
    expect(core.simulator.rows('/ppp/profile').map((row) => row.name)).not.toContain('headend-fiber-300');
    expect(secretOn(core, 'grace')).toMatchObject({ profile: 'headend-fiber-100' });
  });

  it.concurrent('moves to another router, first there and then off the former', async () => {
    const core = await openRouter('core-of-linus');
    const edge = await openRouter('edge-of-linus');
    const { serviceId } = await onboard(core, 'linus');
    await followed((await client.ask(MoveServiceDocument, { input: { serviceId, routerId: edge.id } })).moveService);
    expect(secretOn(edge, 'linus')).toMatchObject({ password: 'pw-linus', disabled: 'false' });
    expect(secretOn(core, 'linus')).toBeUndefined();
    expect(sessionOn(core, 'linus')).toBeUndefined();
    await online(edge, 'linus');
    expect(await serviceOf(serviceId)).toMatchObject({ access: { router: { id: edge.id }, enforcement: { outcome: 'APPLIED' }, leaving: [] } });
  });

  it.concurrent('ends for good: nothing is left on the router, and the proof of it stays', async () => {
    const core = await openRouter('core-of-edsger');
    const { serviceId } = await onboard(core, 'edsger');
    expect((await followed((await client.ask(TerminateServiceDocument, { input: { serviceId, reason: 'moved away' } })).terminateService)).service).toMatchObject({ status: 'TERMINATED' });
    expect(secretOn(core, 'edsger')).toBeUndefined();
    expect(sessionOn(core, 'edsger')).toBeUndefined();
    expect(await serviceOf(serviceId)).toMatchObject({ status: 'TERMINATED', access: { desired: 'REMOVED', enforcement: { outcome: 'APPLIED', lagMs: expect.any(Number) }, session: null } });
    const { errors } = await client.send(ResumeServiceDocument, { input: { serviceId } });
    expect(errors?.[0]?.extensions.code).toBe('CONFLICT');
  });

  it.concurrent('another password reaches the router, and is shown only to those who may, on the record', async () => {
    const core = await openRouter('core-of-barbara');
    const { serviceId } = await onboard(core, 'barbara');
    await followed((await client.ask(ResetPppPasswordDocument, { input: { serviceId, password: 'correct horse' } })).resetPppPassword);
    expect(secretOn(core, 'barbara')).toMatchObject({ password: 'correct horse' });
    expect(await client.ask(RevealPppPasswordDocument, { input: { serviceId, reason: 'the subscriber called' } })).toEqual({ revealPppPassword: { username: 'barbara', password: 'correct horse' } });
  });

  it.concurrent('an address of his own is what he is given from then on, and is no other subscriber\'s', async () => {
    const core = await openRouter('core-of-john');
    const { serviceId } = await onboard(core, 'john');
    const setAddress = (id: string, address: string | null) => client.send(SetStaticAddressDocument, { input: { serviceId: id, address } });
    const given = async (address: string | null) => followed((await setAddress(serviceId, address)).data!.setStaticAddress);
    await given('10.64.8.20');
    expect(secretOn(core, 'john')).toMatchObject({ 'remote-address': '10.64.8.20' });
    expect(await eventually('john to dial', 20_000, () => sessionOn(core, 'john'))).toMatchObject({ address: '10.64.8.20' });
    expect(await serviceOf(serviceId)).toMatchObject({ access: { staticAddress: '10.64.8.20', enforcement: { outcome: 'APPLIED' } } });
    const { serviceId: other } = await onboard(core, 'margaret');
    expect((await setAddress(other, '10.64.8.20')).errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: [{ field: 'address', code: 'TAKEN' }] });
    expect((await setAddress(other, '10.64.8')).errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'address' }] });
    await given(null);
    expect(await eventually('john to dial', 20_000, () => sessionOn(core, 'john'))).not.toMatchObject({ address: '10.64.8.20' });
  });

  it.concurrent('locked to the device that is online, no other may dial until the lock is reset', async () => {
    const core = await openRouter('core-of-katherine');
    const { serviceId } = await onboard(core, 'katherine');
    const mac = (await online(core, 'katherine'))['caller-id'];
    // The session is known here a moment after the router has it.
    await eventually('the session to be known', 20_000, async () => (await serviceOf(serviceId)).access!.session);
    await followed((await client.ask(LockCallerIdDocument, { input: { serviceId } })).lockCallerId);
    expect(secretOn(core, 'katherine')).toMatchObject({ 'caller-id': mac });
    expect(await serviceOf(serviceId)).toMatchObject({ access: { callerIdLock: mac } });

    core.simulator.changeModem('katherine', '02:00:00:00:00:99');
    core.simulator.hangUp('katherine');
    expect(core.simulator.dial('katherine')).toContain('caller-id');
    await followed((await client.ask(ResetCallerIdDocument, { input: { serviceId } })).resetCallerId);
    expect(await online(core, 'katherine')).toMatchObject({ 'caller-id': '02:00:00:00:00:99' });
    expect(await serviceOf(serviceId)).toMatchObject({ access: { callerIdLock: null } });
  });

  it.concurrent('a subscriber is changed as one: person, plan and credentials; the secret is renamed, not made anew', async () => {
    const core = await openRouter('core-of-donald');
    const { customerId, serviceId } = await onboard(core, 'donald');
    const { '.id': secretId } = secretOn(core, 'donald')!;
    const change = async (input: Omit<ChangeSubscriberInput, 'customerId'>) => (await client.ask(ChangeSubscriberDocument, { input: { customerId, ...input } })).changeSubscriber;
    expect(await change({ name: 'Donald K', billingDay: 9, planId: 'fiber-100', credentials: { password: 'pw-donald' } })).toMatchObject({ customer: { name: 'Donald K' }, service: { billingDay: 9 }, run: null });
    const { run, service } = await change({ planId: 'fiber-300', credentials: { username: 'donald-k' } });
    expect(service).toMatchObject({ id: serviceId, plan: { code: 'fiber-300' } });
    await when(run!.id, 'SUCCEEDED');
    expect(secretOn(core, 'donald')).toBeUndefined();
    expect(secretOn(core, 'donald-k')).toMatchObject({ '.id': secretId, password: 'pw-donald', profile: 'headend-fiber-300' });
    await online(core, 'donald-k');
    expect(sessionOn(core, 'donald')).toBeUndefined();
  });

  it.concurrent('a customer who leaves is gone at once, and his user name is free again', async () => {
    const core = await openRouter('core-of-alan');
    const { customerId } = await onboard(core, 'alan');
    const { offboardCustomer } = await client.ask(OffboardCustomerDocument, { input: { customerId } });
    expect(offboardCustomer.customerId).toBe(customerId);
    const { errors } = await client.send('query ($id: ID!) { customer(id: $id) { id } }', { id: customerId });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await client.ask(FindCustomersDocument, { search: 'alan' })).customers.totalCount).toBe(0);
    await followed(offboardCustomer);
    expect(secretOn(core, 'alan')).toBeUndefined();
    await onboard(core, 'alan');
  });

  it.concurrent('a router that dies in the middle of a suspension is waited for, visibly, and suspends when it is back', async () => {
    const core = await openRouter('core-of-niklaus');
    const { serviceId } = await onboard(core, 'niklaus');
    await core.simulator.faults.set({ unreachable: true });
    const { service, run } = await suspend({ serviceId });
    expect(service).toMatchObject({ status: 'SUSPENDED' });
    const waiting = await when(run.id, 'WAITING');
    expect(waiting.steps.find(({ state }) => state === 'WAITING')).toMatchObject({ name: 'secret', error: { code: expect.stringMatching(/^NETWORK_ROUTER_/) } });
    expect((await serviceOf(serviceId)).access).toMatchObject({ desired: 'DISABLED', enforcement: { outcome: 'PENDING', reason: { code: expect.stringMatching(/^NETWORK_ROUTER_/) }, acknowledgedAt: null } });
    await core.simulator.faults.clear();
    await when(run.id, 'SUCCEEDED');
    expect(secretOn(core, 'niklaus')).toMatchObject({ disabled: 'true' });
    expect(sessionOn(core, 'niklaus')).toBeUndefined();
  });

  it.concurrent('suspended and resumed while the router is away, the last wish wins', async () => {
    const core = await openRouter('core-of-tony');
    const { serviceId } = await onboard(core, 'tony');
    const before = await online(core, 'tony');
    await core.simulator.faults.set({ unreachable: true });
    const suspension = await suspend({ serviceId });
    await when(suspension.run.id, 'WAITING');
    const resumption = await resume(serviceId);
    expect(resumption.service).toMatchObject({ status: 'ACTIVE' });
    expect(await client.ask('query ($id: ID!) { run(id: $id) { state supersededBy } }', { id: suspension.run.id })).toEqual({ run: { state: 'SUPERSEDED', supersededBy: resumption.run.id } });
    await core.simulator.faults.clear();
    await when(resumption.run.id, 'SUCCEEDED');
    expect(secretOn(core, 'tony')).toMatchObject({ disabled: 'false' });
    // Nothing was cut: the suspension had never reached the router.
    expect(sessionOn(core, 'tony')).toMatchObject({ 'session-id': before['session-id'] });
  });
});
