import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { testSubgraph, type TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { services } from '../subgraph.ts';

const FIELDS = '{ service { status suspensionReason suspendedAt terminatedAt plan { code } planVersion } }';
const DOORS = {
  activateService: 'ActivateServiceInput',
  markServiceSuspended: 'MarkServiceSuspendedInput',
  markServiceResumed: 'MarkServiceInput',
  markServiceTerminated: 'MarkServiceInput',
  markServicePlanChanged: 'MarkServicePlanChangedInput',
  revertServicePlan: 'RevertServicePlanInput',
} as const;
type Door = keyof typeof DOORS;
const document = (door: Door) => `mutation ($input: ${DOORS[door]}!) { ${door}(input: $input) ${FIELDS} }`;

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(services);
});
afterAll(() => graph.stop());

/** A tenant of its own with two plans and an active service. */
async function active() {
  const tenantId = uuidv7();
  const admin = makePrincipal({ kind: 'user', id: 'u', tenantId, permissions: ['*'] });
  const saga = makePrincipal({ kind: 'service', id: 'ops', tenantId, runId: 'run-1', permissions: ['internal:saga', 'service:read', 'plan:read'] });
  for (const [code, amount] of [['slow', '10'], ['fast', '20']]) {
    const input = { code, name: code, serviceType: 'PPPOE', price: { amount, currency: 'EUR' }, billingInterval: 'MONTH', access: { rateLimit: '20M/100M', localAddress: '10.10.0.1', remotePool: 'pool' } };
    await graph.data(admin, 'mutation ($input: CreatePlanInput!) { createPlan(input: $input) { plan { id } } }', { input });
  }
  const { createService } = await graph.data(saga, 'mutation ($input: CreateServiceInput!) { createService(input: $input) { service { id } } }', { input: { customerId: uuidv7(), planId: 'slow', billingDay: 5, runId: 'run-1' } });
  const id = createService.service.id as string;
  const through = async (door: Door, input: object = {}) => (await graph.data(saga, document(door), { input: { id, ...input } }))[door].service;
  const refusedAt = (door: Door, input: object = {}, principal = saga) => graph.fault(principal, document(door), { input: { id, ...input } });
  await through('activateService');
  const isLater = ({ type }: { type: string }) => type.startsWith('services.service.') && !/[.](created|activated)$/.test(type);
  /** The events since the activation. */
  const announced = async (count: number, work: () => Promise<unknown>) =>
    (await graph.announcedBy(tenantId, count, work, isLater)).map(({ type, payload }) => ({ type: type.replace('services.service.', ''), ...payload }) as Record<string, unknown>);
  return { tenantId, id, admin, through, refusedAt, announced };
}

describe('the life of a service', () => {
  it('is suspended and resumed, each once however often it is said, and announced with the reason', async () => {
    const { id, through, announced } = await active();
    const events = await announced(2, async () => {
      for (let times = 0; times < 2; times += 1) expect(await through('markServiceSuspended', { reason: 'NON_PAYMENT', intent: 1 })).toMatchObject({ status: 'SUSPENDED', suspensionReason: 'NON_PAYMENT', suspendedAt: expect.any(String) });
      for (let times = 0; times < 2; times += 1) expect(await through('markServiceResumed', { intent: 2 })).toMatchObject({ status: 'ACTIVE', suspensionReason: null, suspendedAt: null });
    });
    expect(events).toMatchObject([{ type: 'suspended', serviceId: id, reason: 'NON_PAYMENT' }, { type: 'resumed', serviceId: id }]);
  });

  it('suspended by hand is not weakened to non-payment; the other way round the hand counts', async () => {
    const { through } = await active();
    await through('markServiceSuspended', { reason: 'NON_PAYMENT' });
    expect(await through('markServiceSuspended', { reason: 'ABUSE' })).toMatchObject({ suspensionReason: 'ABUSE' });
    expect(await through('markServiceSuspended', { reason: 'NON_PAYMENT' })).toMatchObject({ suspensionReason: 'ABUSE' });
  });

  it('ends once, from any status, and for good', async () => {
    const { id, through, refusedAt, announced } = await active();
    const events = await announced(2, async () => {
      await through('markServiceSuspended', { reason: 'MANUAL' });
      const { terminatedAt } = await through('markServiceTerminated');
      expect(await through('markServiceTerminated')).toMatchObject({ status: 'TERMINATED', terminatedAt, suspendedAt: null });
    });
    expect(events).toMatchObject([{ type: 'suspended' }, { type: 'terminated', serviceId: id, terminatedAt: expect.any(String) }]);
    for (const [door, input] of [['markServiceResumed', {}], ['markServiceSuspended', { reason: 'MANUAL' }], ['markServicePlanChanged', { planId: 'fast' }]] as const) expect(await refusedAt(door, input)).toMatchObject({ code: 'CONFLICT' });
  });

  it('gets another plan, in the version of the day, and its own run may take that back', async () => {
    const { through, announced } = await active();
    const events = await announced(2, async () => {
      for (let times = 0; times < 2; times += 1) expect(await through('markServicePlanChanged', { planId: 'fast', runId: 'run-7', intent: 1 })).toMatchObject({ plan: { code: 'fast' } });
      expect(await through('revertServicePlan', { runId: 'run-8' })).toMatchObject({ plan: { code: 'fast' } });
      for (let times = 0; times < 2; times += 1) expect(await through('revertServicePlan', { runId: 'run-7' })).toMatchObject({ plan: { code: 'slow' } });
      await through('markServicePlanChanged', { planId: 'slow', runId: 'run-9', intent: 2 });
    });
    expect(events).toMatchObject([
      { type: 'planChanged', planCode: 'fast', price: { amount: '20.00', currency: 'EUR' }, previousPlanId: expect.any(String), graceDays: 7 },
      { type: 'planChanged', planCode: 'slow', price: { amount: '10.00', currency: 'EUR' }, previousPlanId: events[0]!.planId },
    ]);
  });

  it('does not hear a wish that is older than the newest', async () => {
    const { through, refusedAt } = await active();
    await through('markServiceResumed', { intent: 5 });
    expect(await refusedAt('markServiceSuspended', { reason: 'NON_PAYMENT', intent: 4 })).toMatchObject({ code: 'CONFLICT' });
    expect(await through('markServiceSuspended', { reason: 'NON_PAYMENT', intent: 6 })).toMatchObject({ status: 'SUSPENDED' });
  });

  it('is led by sagas alone, and a pending one by none but its onboarding', async () => {
    const { admin, refusedAt } = await active();
    for (const [door, input] of [['markServiceSuspended', { reason: 'x' }], ['markServiceResumed', {}], ['markServiceTerminated', {}], ['markServicePlanChanged', { planId: 'fast' }], ['revertServicePlan', { runId: 'r' }]] as const) {
      expect(await refusedAt(door, input, admin)).toMatchObject({ code: 'FORBIDDEN' });
    }
    const saga = makePrincipal({ kind: 'service', id: 'ops', tenantId: admin.tenantId, runId: 'run-1', permissions: ['internal:saga', 'service:read', 'plan:read'] });
    const { createService } = await graph.data(saga, 'mutation ($input: CreateServiceInput!) { createService(input: $input) { service { id } } }', { input: { customerId: uuidv7(), planId: 'slow', billingDay: 5, runId: 'run-2' } });
    for (const [door, input] of [['markServiceSuspended', { reason: 'x' }], ['markServiceResumed', {}], ['markServicePlanChanged', { planId: 'fast' }]] as const) {
      expect(await refusedAt(door, { id: createService.service.id, ...input })).toMatchObject({ code: 'CONFLICT' });
    }
  });
});
