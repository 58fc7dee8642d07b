import { describe, expect, it } from 'vitest';
import { buildSchema } from 'graphql';
import { mikroops } from '../dialects/mikroops.ts';
import { listCatalogue, makeCatalogue, type DialectModule } from './catalogue.ts';
import type { Route } from './route.ts';

const schema = buildSchema('type Plan { id: ID! name: String! } type Query { plan(id: ID!): Plan } type Subscription { plans: Plan }');

const route: Route = { id: 'mikroops.plan.get', dialect: 'mikroops', method: 'GET', path: '/v1/plan/:id', summary: '', section: '', auth: 'user', tenant: 'required', operation: 'Plan' };
const text = 'query Plan($id: ID!) { plan(id: $id) { ...P } }';
const files = { 'a.graphql': text, 'b.graphql': 'fragment P on Plan { id name }' };
const module = (over: Partial<DialectModule>): DialectModule => ({ dialect: mikroops, routes: [route], unserved: [], awaited: new Set(), operationFiles: files, ...over });
const make = (over: Partial<DialectModule>) => makeCatalogue([module(over)], schema);

describe('the catalogue', () => {
  it('joins a route with its operation and the fragments from other files', () => {
    const { routes } = make({});
    expect(routes[0]!.operations.get('Plan')).toMatchObject({ kind: 'query', problems: [], file: 'mikroops/a.graphql' });
    expect(routes[0]!.operations.get('Plan')!.text).toContain('fragment P on Plan');
  });

  it.each([
    ['an operation that the graph does not take', { operationFiles: { 'a.graphql': 'query Plan { plan(id: 1) { price } }' } }, /the graph does not take Plan \(mikroops\/a\.graphql\): Cannot query field "price"/],
    ['an operation that no file has', { operationFiles: {} }, /no file in rest-compat\/operations\/mikroops has the operation Plan/],
    ['an operation that no route uses', { operationFiles: { ...files, 'c.graphql': 'query Spare { __typename }' } }, /no route uses Spare/],
    ['a subscription where a query is meant', { operationFiles: { 'a.graphql': 'subscription Plan { plans { id } }' } }, /Plan is a subscription/],
    ['an operation that exists twice', { operationFiles: { ...files, 'c.graphql': text } }, /the operation Plan exists twice/],
    ['an unknown fragment', { operationFiles: { 'a.graphql': text } }, /there is no fragment P/],
  ])('refuses to start with %s', (_what, over, message) => {
    expect(() => make(over)).toThrow(message);
  });

  it('lets an awaited operation wait, and says so', () => {
    const catalogue = make({ awaited: new Set(['Plan']), operationFiles: { 'a.graphql': 'query Plan($id: ID!) { plan(id: $id) { price } }' }, unserved: [{ id: 'mikroops.x', method: 'POST', path: '/v1/x', section: '' }] });
    expect(catalogue.routes[0]!.missing).toEqual(['Plan']);
    expect(listCatalogue(catalogue)).toEqual([
      { method: 'GET', path: '/v1/plan/:id', dialect: 'mikroops', id: 'mikroops.plan.get', operation: 'Plan', status: 'awaiting' },
      { method: 'POST', path: '/v1/x', dialect: 'mikroops', id: 'mikroops.x', operation: '', status: 'unserved' },
    ]);
  });

  it('serves an awaited operation as soon as the graph takes it', () => {
    expect(make({ awaited: new Set(['Plan']) }).routes[0]!.missing).toEqual([]);
  });
});
