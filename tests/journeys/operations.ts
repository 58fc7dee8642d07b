import type { CreatePlanInput } from '#schema/operations/graphql.ts';

/** A plan that the test router's pool can serve. */
export const planInput = (code: string): CreatePlanInput => ({
  code,
  name: `Plan ${code}`,
  serviceType: 'PPPOE',
  price: { amount: '29.90', currency: 'USD' },
  billingInterval: 'MONTH',
  access: { rateLimit: '20M/100M', localAddress: '10.64.0.1', remotePool: 'pool-pppoe' },
});
