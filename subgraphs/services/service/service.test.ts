import { describe, expect, it } from 'vitest';
import { moved, type Service } from './service.ts';
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
});
const now = new Date(5000);

describe('a service', () => {
  it('remembers when it was first activated', () => {
    expect(moved(service(PENDING), ACTIVE, now).activatedAt).toEqual(now);
    expect(moved(service(SUSPENDED, new Date(1)), ACTIVE, now).activatedAt).toEqual(new Date(1));
  });

  it('may be suspended, restored and ended', () => {
    expect(moved(service(ACTIVE), SUSPENDED, now).status).toBe(SUSPENDED);
    expect(moved(service(SUSPENDED), TERMINATED, now).status).toBe(TERMINATED);
  });

  it.each([[TERMINATED, ACTIVE], [PENDING, SUSPENDED], [TERMINATED, PENDING]])('that is %s cannot become %s', (from, to) => {
    expect(() => moved(service(from), to, now)).toThrowError(expect.objectContaining({ code: 'CONFLICT' }));
  });
});
