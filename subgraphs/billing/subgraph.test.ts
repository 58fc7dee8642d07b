import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import type { TestSubgraph } from '#kernel/subgraph/test-subgraph.ts';
import { makeWorld, setClock, testBilling } from './testing/billing-world.ts';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testBilling();
  setClock(graph, '2026-01-05T12:00:00Z');
});
afterAll(() => graph.stop());

describe('a billing run', () => {
  it('issues the first invoice with its days, due day and number', async () => {
    const world = makeWorld(graph);
    const { customerId } = await world.activate({ activatedAt: '2025-12-19T12:00:00Z' });
    const run = await world.runBilling({ asOf: '2026-01-04' });
    expect(run).toMatchObject({ state: 'SUCCEEDED', asOf: '2026-01-04', dryRun: false, invoices: 1, total: { amount: '16.40', currency: 'USD' }, parked: [] });
    const account = await world.account(customerId);
    expect(account.balance).toEqual({ amount: '16.40', currency: 'USD' });
    expect(account.invoices.nodes).toEqual([
      {
        id: expect.any(String), number: 'INV-000001', state: 'ISSUED', issuedOn: '2026-01-04', dueOn: '2026-01-18', overdueSince: null, period: { from: '2025-12-19', to: '2026-01-05' },
        total: { amount: '16.40', currency: 'USD' }, paid: { amount: '0.00' }, open: { amount: '16.40' },
        lines: [{ description: 'fiber, 2025-12-19 up to 2026-01-05', quantity: '0.548387', unitPrice: { amount: '29.90' }, total: { amount: '16.40' }, derivation: '17 of 31 days × 29.90 = 16.40, half-even' }],
      },
    ]);
    void uuidv7;
  });
});
