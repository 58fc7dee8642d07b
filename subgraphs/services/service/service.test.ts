import { describe, expect, it } from 'vitest';
import { moved } from './service-status.ts';
import type { Service } from './service.ts';
import { ServiceStatus } from './service.type.ts';

const { PENDING, ACTIVE, SUSPENDED, TERMINATED } = ServiceStatus;
const service = (status: ServiceStatus, activatedAt: Date | null = null): Service => ({
  id: 's',
  number: 'S-000001',
  status,
  customerId: 'c',
  planId: 'p',
  planVersion: 1,
  billingDay: 1,
  runId: null,
  createdAt: new Date(0),
  activatedAt,
  updatedAt: new Date(0),
  suspendedAt: null,
  suspensionReason: null,
  terminatedAt: null,
  intent: 0,
  planRunId: null,
  priorPlanId: null,
  priorPlanVersion: null,
});
const now = new Date(5000);

describe('a service', () => {
  it('remembers when it was first activated', () => {
    expect(moved(service(PENDING), ACTIVE, now).activatedAt).toEqual(now);
    expect(moved(service(SUSPENDED, new Date(1)), ACTIVE, now).activatedAt).toEqual(new Date(1));
  });

  it('may be suspended, restored and ended', () => {
    const suspended = moved(service(ACTIVE), SUSPENDED, now, 'NON_PAYMENT');
    expect(suspended).toMatchObject({ status: SUSPENDED, suspendedAt: now, suspensionReason: 'NON_PAYMENT' });
    expect(moved(suspended, ACTIVE, now)).toMatchObject({ status: ACTIVE, suspendedAt: null, suspensionReason: null });
    expect(moved(suspended, TERMINATED, now)).toMatchObject({ status: TERMINATED, suspendedAt: null, suspensionReason: null, terminatedAt: now });
  });

  it.each([[TERMINATED, ACTIVE], [PENDING, SUSPENDED], [TERMINATED, PENDING]])('that is %s cannot become %s', (from, to) => {
    expect(() => moved(service(from), to, now)).toThrowError(expect.objectContaining({ code: 'CONFLICT' }));
  });
});
