import { describe, expect, it } from 'vitest';
import { buildSchema } from 'graphql';
import { mikroops } from '../dialects/mikroops.ts';
import { listCatalogue, makeCatalogue, type DialectModule } from './catalogue.ts';
import type { Route } from './route.ts';

const schema = buildSchema('type Plan { id: ID! name: String! } type Query { plan(id: ID!): Plan } type Subscription { plans: Plan }');

const route: Route = { id: 'mikroops.plan.get', dialect: 'mikroops', method: 'GET', path: '/v1/plan/:id', summary: '', section: '', auth: 'user', tenant: 'required', operation: 'Plan', toVariables: ({ params }) => ({ id: params.id }) };
const text = 'query Plan($id: ID!) { plan(id: $id) { ...P } }';
const fragment = 'fragment P on Plan { id name }';
const documents = { Plan: `${text} ${fragment}` };
const module = (over: Partial<DialectModule>): DialectModule => ({ dialect: mikroops, routes: [route], unserved: [], awaited: new Set(), documents, ...over });
const make = (over: Partial<DialectModule>) => makeCatalogue([module(over)], schema);

describe('the catalogue', () => {
  it('joins a route with its operation, parsed once', () => {
    const { routes } = make({});
    expect(routes[0]!.operations.get('Plan')).toMatchObject({ kind: 'query', problems: [] });
    expect(routes[0]!.operations.get('Plan')!.text).toContain('fragment P on Plan');
  });

  it.each([
    ['an operation that the graph does not take', { documents: { Plan: 'query Plan { plan(id: 1) { price } }' } }, /the graph does not take Plan: Cannot query field "price"/],
    ['an operation that is not generated', { documents: {} }, /there is no operation Plan in schema\/operations/],
    ['an operation that no route uses', { documents: { ...documents, MikroopsSpare: 'query MikroopsSpare { __typename }' } }, /no route uses MikroopsSpare/],
    ['a subscription where a query is meant', { documents: { Plan: 'subscription Plan { plans { id } }' } }, /Plan is a subscription/],
    ['an operation without the variables that it needs', { routes: [{ ...route, toVariables: undefined }] }, /Plan needs variables/],
    ['a document without the operation it is named after', { documents: { Plan: 'query Other { __typename }' } }, /the document Plan has no operation/i],
  ])('refuses to start with %s', (_what, over, message) => {
    expect(() => make(over)).toThrow(message);
  });

  it('lets an awaited operation wait, and says so', () => {
    const catalogue = make({ awaited: new Set(['Plan']), documents: { Plan: 'query Plan($id: ID!) { plan(id: $id) { price } }' }, unserved: [{ id: 'mikroops.x', method: 'POST', path: '/v1/x', section: '' }] });
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
