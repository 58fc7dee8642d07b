import { describe, expect, it } from 'vitest';
import { revise, type Plan } from './plan.ts';
import { BillingInterval, RATE_LIMIT, ServiceType } from './plan.type.ts';

const plan: Plan = {
  id: 'p',
  code: 'gold',
  name: 'Gold',
  serviceType: ServiceType.PPPOE,
  price: { minor: 1990n, currency: 'EUR' },
  billingInterval: BillingInterval.MONTH,
  access: { rateLimit: '10M/50M', localAddress: '10.0.0.1', remotePool: 'pool' },
  graceDays: 7,
  version: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  removedAt: null,
};
const later = new Date(1000);

describe('a plan', () => {
  it('gets a new version when its price or its access changes', () => {
    expect(revise(plan, { price: { minor: 2990n, currency: 'EUR' } }, later)).toMatchObject({ version: 2, updatedAt: later });
    expect(revise(plan, { access: { rateLimit: '20M/50M' } }, later)).toMatchObject({ version: 2, access: { rateLimit: '20M/50M', remotePool: 'pool' } });
    expect(revise(plan, { graceDays: 0 }, later)).toMatchObject({ version: 2, graceDays: 0 });
  });

  it('keeps its version when only the name changes', () => {
    expect(revise(plan, { name: 'Golden' }, later)).toMatchObject({ version: 1, name: 'Golden', updatedAt: later });
  });

  it('stays the same object when nothing differs', () => {
    expect(revise(plan, { name: 'Gold', price: { minor: 1990n, currency: 'EUR' }, access: { ...plan.access } }, later)).toBe(plan);
  });
});

describe('the rate limit of a plan', () => {
  it.each(['10M/50M', '512k', '10000000/50000000', '64k/128k 256k/512k 80k/128k 10/20', '10M/10M 20M/20M 8M/8M 10/10 8 5M/5M', '1M 2M 1M 10s'])('takes %s', (text) => {
    expect(text).toMatch(RATE_LIMIT);
  });

  it.each(['', 'fast', '10M/', '10G/10G', '10M / 50M', '10M/50M 1 2 3 9', '10M/10M 20M/20M 8M/8M 10/10 9', '1M 1M 1M 1 8 1M 1M', '10M/50M\n', '-1M'])('refuses %j', (text) => {
    expect(text).not.toMatch(RATE_LIMIT);
  });
});
