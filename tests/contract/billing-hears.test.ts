import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { makeTokens } from '#kernel/access/tokens.ts';
import { makeBus } from '#kernel/bus/bus.ts';
import { loadConfig } from '#kernel/config.ts';
import { makeSecretBox } from '#kernel/crypto/secret-box.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeMetrics } from '#kernel/metrics.ts';
import type { RunningSubgraph, SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { localSubgraph } from '#kernel/subgraph/local.ts';
import type { Subgraph } from '#kernel/subgraph/subgraph.ts';
import { billing } from '#subgraphs/billing/subgraph.ts';
import { identity } from '#subgraphs/identity/subgraph.ts';
import { services } from '#subgraphs/services/subgraph.ts';
import { eventually } from '../support/eventually.ts';

/* What identity and services really announce is what billing understands. */

let database: TestDatabase;
const running: Array<{ subgraph: RunningSubgraph; kit: SubgraphKit }> = [];
const graph: Record<string, Subgraph> = {};
let now = new Date('2026-03-10T12:00:00Z');

beforeAll(async () => {
  const blueprints = [identity, services, billing];
  database = await testDatabase({ migrations: blueprints.map(({ name, migrations }) => ({ subgraph: name, folder: migrations })) });
  const clock = { now: () => now };
  for (const blueprint of blueprints) {
    const secret = 'a secret of the tests, long enough for all';
    const kit: SubgraphKit = {
      config: loadConfig({ HEADEND_SANDBOX: '0', HEADEND_SECRET: secret, DATABASE_URL: 'postgres://unused' }),
      database: database.database,
      db: database.database.forSubgraph(blueprint.name),
      bus: makeBus({ database: database.database, subgraph: blueprint.name, log: silentLogger, clock, newId: uuidv7 }),
      tokens: makeTokens({ secret, clock }),
      secretBox: makeSecretBox(secret),
      clock,
      log: silentLogger,
      metrics: makeMetrics(),
      supergraph: () => {
        throw new Error('There is no supergraph in this test.');
      },
    };
    const subgraph = await blueprint.make(kit);
    await subgraph.start();
    await kit.bus.start();
    running.push({ subgraph, kit });
    graph[blueprint.name] = localSubgraph({ name: subgraph.name, schema: subgraph.schema, loaders: subgraph.loaders, log: silentLogger });
  }
});
afterAll(async () => {
  for (const { subgraph, kit } of running) {
    await kit.bus.stop();
    await subgraph.stop();
  }
  await database.drop();
});

async function ask<T>(subgraph: string, principal: Principal, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await graph[subgraph]!.execute({ query, variables, principal, requestId: 'test' });
  if (errors) throw new Error(JSON.stringify(errors));
  return JSON.parse(JSON.stringify(data)) as T;
}

describe('billing', () => {
  it('understands what identity and services announce', async () => {
    const root = makePrincipal({ kind: 'user', id: uuidv7(), superAdmin: true });
    const { createTenant } = await ask<{ createTenant: { tenant: { id: string } } }>('identity', root, 'mutation { createTenant(input: { slug: "billed", name: "Billed", timeZone: "Asia/Jakarta", currency: "IDR" }) { tenant { id } } }');
    const tenantId = createTenant.tenant.id;
    const clerk = makePrincipal({ kind: 'user', id: uuidv7(), tenantId, permissions: ['*'] });
    const saga = makePrincipal({ kind: 'service', id: 'ops', tenantId, runId: 'run', permissions: ['internal:saga', 'service:read', 'plan:read'] });
    const plan = async (code: string, amount: string) =>
      ask('services', clerk, 'mutation ($input: CreatePlanInput!) { createPlan(input: $input) { plan { id } } }', {
        input: { code, name: code, serviceType: 'PPPOE', price: { amount, currency: 'IDR' }, billingInterval: 'MONTH', graceDays: 3, access: { rateLimit: '10M/10M', localAddress: '10.0.0.1', remotePool: 'pool' } },
      });
    await plan('silver', '300000');
    await plan('gold', '500000');
    const customerId = uuidv7();
    const { createService } = await ask<{ createService: { service: { id: string } } }>(
      'services',
      saga,
      'mutation ($input: CreateServiceInput!) { createService(input: $input) { service { id } } }',
      { input: { customerId, planId: 'silver', billingDay: 10, runId: 'run' } },
    );
    const { id } = createService.service;
    const door = (name: string, more = '') => ask('services', saga, `mutation { ${name}(input: { id: "${id}"${more} }) { service { id } } }`);
    const behind = () => eventually('billing to hear it', 10_000, async () => ((await running[2]!.kit.bus.lag()).every((one) => one.behind === 0) ? true : undefined));
    const bill = async () => {
      await behind();
      const { runBilling } = await ask<{ runBilling: { run: { asOf: string; invoices: number } } }>('billing', clerk, 'mutation { runBilling(input: {}) { run { asOf invoices } } }');
      return `${runBilling.run.asOf} ${runBilling.run.invoices}`;
    };

    await door('activateService');
    expect(await bill()).toBe('2026-03-10 1');
    await door('markServicePlanChanged', ', planId: "gold"');
    now = new Date('2026-04-10T12:00:00Z');
    expect(await bill()).toBe('2026-04-10 1');
    await door('markServiceSuspended', ', reason: "NON_PAYMENT"');
    now = new Date('2026-05-20T12:00:00Z');
    expect(await bill()).toBe('2026-05-20 0');
    await door('markServiceResumed');
    await behind();
    now = new Date('2026-05-21T12:00:00Z');
    expect(await bill()).toBe('2026-05-21 1');
    await door('markServiceTerminated');
    now = new Date('2026-08-01T12:00:00Z');
    expect(await bill()).toBe('2026-08-01 0');

    type Shown = { invoices: { nodes: Array<{ period: { from: string; to: string }; total: { amount: string; currency: string }; lines: Array<{ description: string }> }> }; billingSettings: object };
    const { invoices, billingSettings } = await ask<Shown>('billing', clerk, '{ invoices { nodes { period { from to } total { amount currency } lines { description } } } billingSettings { timeZone currency } }');
    expect(invoices.nodes.map(({ period, total }) => `${period.from} ${period.to} ${total.amount} ${total.currency}`)).toEqual([
      '2026-03-10 2026-04-10 300000.00 IDR',
      '2026-04-10 2026-05-10 500000.00 IDR',
      '2026-05-20 2026-06-10 338709.68 IDR',
    ]);
    expect(billingSettings).toEqual({ timeZone: 'Asia/Jakarta', currency: 'IDR' });
    expect(await running[2]!.kit.bus.parked()).toEqual([]);
  });
});
