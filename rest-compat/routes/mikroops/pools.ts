import { z } from 'zod';
import type { MikroopsIpPoolFieldsFragment } from '#schema/operations/graphql.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, inverted, listAnswer, ON_ROUTER, pageOf, renamed, search, text } from './shared.ts';

const section = 'IP Pools';
const pools = { ...base, section } as const;

const body = z.object({
  name: text(),
  ranges: text(1000).describe('`10.0.0.2-10.0.0.254`, several with commas.'),
  next_pool: free().optional(),
  comment: free().optional(),
});

const shape = z.object({ id: z.string(), name: z.string(), ranges: z.string(), next_pool: z.string(), comment: z.string() });

/** Ours and the graph's. */
const names = { next_pool: 'nextPool' } as const;
const fields = inverted(names);

const toPool = (pool: MikroopsIpPoolFieldsFragment): z.input<typeof shape> => ({ id: pool.id, name: pool.name, ranges: pool.ranges, next_pool: pool.nextPool ?? '', comment: pool.comment ?? '' });

export const poolRoutes: readonly Route[] = [
  defineRoute({
    ...pools,
    id: 'mikroops.pool.list',
    method: 'GET',
    path: '/v1/internal/pool/list',
    summary: 'List IP pools',
    query: search,
    list: ON_ROUTER,
    response: z.array(shape),
    operation: 'MikroopsIpPools',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ ipPools }) => listAnswer(ipPools, toPool),
  }),
  defineRoute({
    ...pools,
    id: 'mikroops.pool.get',
    method: 'GET',
    path: '/v1/internal/pool/:id',
    summary: 'Get IP pool',
    params: idParam,
    response: shape,
    operation: 'MikroopsIpPool',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ ipPool }) => ({ data: toPool(ipPool) }),
  }),
  defineRoute({
    ...pools,
    id: 'mikroops.pool.create',
    method: 'POST',
    path: '/v1/internal/pool',
    summary: 'Create IP pool',
    status: 201,
    body,
    response: shape,
    fields,
    operation: 'MikroopsCreateIpPool',
    toVariables: ({ body: sent }) => ({ input: renamed(sent, names) }),
    toResponse: ({ createIpPool }) => ({ data: toPool(createIpPool.pool) }),
  }),
  defineRoute({
    ...pools,
    id: 'mikroops.pool.update',
    method: 'PUT',
    path: '/v1/internal/pool/:id',
    summary: 'Update IP pool',
    description: 'What is not sent stays as it is; an empty text unsets.',
    params: idParam,
    body: body.partial(),
    response: shape,
    fields,
    operation: 'MikroopsUpdateIpPool',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...renamed(sent, names) } }),
    toResponse: ({ updateIpPool }) => ({ data: toPool(updateIpPool.pool) }),
  }),
  defineRoute({
    ...pools,
    id: 'mikroops.pool.delete',
    method: 'DELETE',
    path: '/v1/internal/pool/:id',
    summary: 'Delete IP pool',
    params: idParam,
    operation: 'MikroopsDeleteIpPool',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data, { params }) => deleted(params.id),
  }),
];
