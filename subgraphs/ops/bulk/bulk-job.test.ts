import { describe, expect, it } from 'vitest';
import { cancel, checkOrder, hasEnded, mayBegin, pacedAfter, resume, settle, start, stop, whyNotDo, type BulkJob } from './bulk-job.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const after = (ms: number) => new Date(NOW.getTime() + ms);
const job = (changes: Partial<BulkJob> = {}): BulkJob => ({
  id: 'job', tenantId: 'tenant', action: 'SUSPEND', state: 'PREVIEWED', version: 1, filter: {}, planId: null, routerId: null, reason: 'MANUAL', itemCount: 30, sessionsToCut: 20, asWished: 0, error: null,
  requestedBy: 'user', startedBy: null, budget: null, pacedAt: null, claimedBy: null, claimedAt: null, createdAt: NOW, updatedAt: NOW, expiresAt: after(1_000), startedAt: null, finishedAt: null, ...changes,
});
const started = (changes: Partial<BulkJob> = {}) => job({ state: 'RUNNING', ...changes });
const code = (act: () => void): unknown => {
  try {
    act();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('a bulk job', () => {
  it('is started once, while its preview is fresh', () => {
    const one = job();
    start(one, { by: 'user', limit: null, now: NOW });
    expect(one).toMatchObject({ state: 'RUNNING', startedBy: 'user', startedAt: NOW });
    expect(code(() => start(one, { by: 'user', limit: null, now: NOW }))).toBe('CONFLICT');
    expect(code(() => start(job(), { by: 'user', limit: null, now: after(1_000) }))).toBe('CONFLICT');
    expect(code(() => start(job({ state: 'PREVIEWING', expiresAt: null }), { by: 'user', limit: null, now: NOW }))).toBe('CONFLICT');
  });

  it('is stopped, resumed and cancelled only where that means something', () => {
    const one = started();
    expect(code(() => resume(one, null))).toBe('CONFLICT');
    stop(one);
    expect(code(() => stop(one))).toBe('CONFLICT');
    resume(one, 3);
    expect(one).toMatchObject({ state: 'RUNNING', budget: 3 });
    cancel(one);
    expect(one.state).toBe('CANCELLED');
    for (const state of ['CANCELLED', 'COMPLETED', 'EXPIRED', 'FAILED'] as const) expect(code(() => cancel(job({ state })))).toBe('CONFLICT');
  });

  it('ends with its last item; cancelled it waits for what had begun; out of budget it stops', () => {
    const one = started();
    settle(one, { pending: 0, running: 1 }, NOW);
    expect(hasEnded(one)).toBe(false);
    settle(one, { pending: 0, running: 0 }, NOW);
    expect(one).toMatchObject({ state: 'COMPLETED', finishedAt: NOW });

    const cancelled = started({ state: 'CANCELLED' });
    settle(cancelled, { pending: 0, running: 1 }, NOW);
    expect(hasEnded(cancelled)).toBe(false);
    settle(cancelled, { pending: 0, running: 0 }, NOW);
    expect(cancelled).toMatchObject({ state: 'CANCELLED', finishedAt: NOW });

    const limited = started({ budget: 0 });
    settle(limited, { pending: 5, running: 2 }, NOW);
    expect(limited.state).toBe('STOPPED');
  });
});

describe('the pace', () => {
  const idle = { running: 0, waiting: 0 };

  it('is ten a second, and what was not used is not saved up', () => {
    expect(mayBegin({ pacedAt: null, budget: null }, idle, NOW)).toBe(10);
    const pacedAt = pacedAfter({ pacedAt: null }, 10, NOW);
    expect(mayBegin({ pacedAt, budget: null }, idle, NOW)).toBe(0);
    expect(mayBegin({ pacedAt, budget: null }, idle, after(500))).toBe(5);
    expect(mayBegin({ pacedAt, budget: null }, idle, after(60_000))).toBe(10);
    // A clock that was set back does not stop the job.
    expect(mayBegin({ pacedAt: after(60_000), budget: null }, idle, NOW)).toBe(0);
    expect(mayBegin({ pacedAt: pacedAfter({ pacedAt: after(60_000) }, 0, NOW), budget: null }, idle, after(1_000))).toBe(10);
  });

  it('is held back by what is being done, not by what waits for a router', () => {
    expect(mayBegin({ pacedAt: null, budget: null }, { running: 12, waiting: 0 }, NOW)).toBe(4);
    expect(mayBegin({ pacedAt: null, budget: null }, { running: 40, waiting: 40 }, NOW)).toBe(10);
    expect(mayBegin({ pacedAt: null, budget: null }, { running: 20, waiting: 1 }, NOW)).toBe(0);
  });
});

describe('a service', () => {
  const service = { status: 'ACTIVE' as 'ACTIVE' | 'SUSPENDED' | 'PENDING' | 'TERMINATED', planVersion: 2, plan: { id: 'plan', version: 2 }, access: { router: { id: 'router' } } };
  const wish = (action: BulkJob['action']) => ({ action, planId: action === 'CHANGE_PLAN' ? 'plan' : null, routerId: action === 'MOVE' ? 'router' : null });

  it('that is as wished, or not in use, is left alone and says why', () => {
    expect(whyNotDo(wish('SUSPEND'), service)).toBeNull();
    expect(whyNotDo(wish('SUSPEND'), { ...service, status: 'SUSPENDED' })).toBe('ALREADY_SUSPENDED');
    expect(whyNotDo(wish('RESUME'), service)).toBe('ALREADY_ACTIVE');
    expect(whyNotDo(wish('CHANGE_PLAN'), service)).toBe('ALREADY_ON_PLAN');
    expect(whyNotDo(wish('CHANGE_PLAN'), { ...service, planVersion: 1 })).toBeNull();
    expect(whyNotDo(wish('MOVE'), service)).toBe('ALREADY_ON_ROUTER');
    for (const status of ['PENDING', 'TERMINATED'] as const) expect(whyNotDo(wish('SUSPEND'), { ...service, status })).toBe('NOT_IN_USE');
    expect(whyNotDo(wish('SUSPEND'), { ...service, access: null })).toBe('NOT_IN_USE');
  });
});

describe('what is asked for', () => {
  const wrong = (order: Parameters<typeof checkOrder>[0]): unknown => {
    try {
      checkOrder(order);
    } catch (error) {
      return (error as { details: Array<{ field: string; code: string }> }).details.map(({ field, code: why }) => `${field} ${why}`);
    }
  };

  it('names what its act needs, nothing that it has no use for, and one condition at least', () => {
    const filter = { routerId: 'router' };
    expect(wrong({ action: 'SUSPEND', filter, reason: 'a storm' })).toBeUndefined();
    expect(wrong({ action: 'CHANGE_PLAN', filter })).toEqual(['planId REQUIRED']);
    expect(wrong({ action: 'MOVE', filter: {}, planId: 'x' })).toEqual(['planId NOT_ALLOWED', 'routerId REQUIRED', 'filter REQUIRED']);
    expect(wrong({ action: 'RESUME', filter, reason: 'why' })).toEqual(['reason NOT_ALLOWED']);
  });
});
