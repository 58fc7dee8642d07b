import { afterEach, describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { makeToy, TENANT, until, type Toy } from './testing/toy-gateway.ts';

const KNOWN = 'query Known($ids: [ID!]) { users(ids: $ids) { id name score } }';
const LAID_OUT = `
  query Known($ids: [ID!]) {
    users(ids: $ids) {
      id
      name
      score
    }
  }
`;

let toy: Toy;
afterEach(() => toy.stop());

const start = async (operations: readonly string[]) => {
  toy = await makeToy('in process', {}, undefined, operations);
};
const ready = async () => (await toy.request('/health/ready')).status === 200;
const plansMade = async () => ((await toy.metrics.registry.getSingleMetric('headend_gateway_plans_total')!.get()).values[0]?.value ?? 0) as number;
const variables = { ids: ['ann'] };

describe('operations that are known beforehand', () => {
  it('are planned when the gateway is ready: no call plans them again, however it lays them out', async () => {
    await start([KNOWN, 'subscription Ticks { __typename }']);
    await until(ready, 'the gateway to be ready');
    const before = await plansMade();
    const principal = makePrincipal({ kind: 'user', id: 'u', tenantId: TENANT });

    const trusted = await toy.gateway.supergraph.execute({ query: LAID_OUT, variables, principal, requestId: 'r' });
    const named = await toy.gateway.supergraph.execute({ query: KNOWN, operationName: 'Known', variables, principal, requestId: 'r' });
    const overHttp = await toy.post(LAID_OUT, { variables, operationName: 'Known' });

    expect([trusted.errors, named.errors, overHttp.body.errors]).toEqual([undefined, undefined, undefined]);
    expect(overHttp.body.data).toEqual({ users: [{ id: 'ann', name: 'ANN', score: 97 }] });
    expect(await plansMade()).toBe(before);
  });

  it('are planned once where others are planned with their first call', async () => {
    await start([KNOWN]);
    await until(ready, 'the gateway to be ready');
    const before = await plansMade();
    for (let i = 0; i < 3; i += 1) await toy.post('query Other { users { id } }');
    expect(await plansMade()).toBe(before + 1);
  });

  it('keep the gateway from being ready until they are planned', async () => {
    await start(Array.from({ length: 300 }, (_, i) => `query Q${i} { users { id n${i}: name } }`));
    expect((await toy.request('/health/ready')).body).toMatchObject({ status: 'not ready', checks: { plans: 'operations are being planned' } });
    await until(ready, 'the gateway to be ready');
    expect((await toy.request('/health/ready')).body).toMatchObject({ checks: { plans: 'ok' } });
  });

  it('that the graph does not take keep nothing else from being served', async () => {
    await start(['query Bad { nonsense }', '{ not graphql', KNOWN]);
    await until(ready, 'the gateway to be ready');
    expect((await toy.post(KNOWN, { variables })).body.errors).toBeUndefined();
  });
});
