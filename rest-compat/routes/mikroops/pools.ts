import { z } from 'zod';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, listAnswer, ON_ROUTER, pageOf, search, text, type List } from './shared.ts';

interface IpPoolFields {
  id: string;
  name: string;
  ranges: string;
  nextPool: string | null;
  comment: string | null;
}

const section = 'IP Pools';
const pools = { ...base, section } as const;

const body = z.object({
  name: text(),
  ranges: text(1000).describe('`10.0.0.2-10.0.0.254`, several with commas.'),
  next_pool: free().optional(),
  comment: free().optional(),
});

const shape = z.object({ id: z.string(), name: z.string(), ranges: z.string(), next_pool: z.string(), comment: z.string() });

const fields = { nextPool: 'next_pool' };

const toPool = (pool: IpPoolFields): z.input<typeof shape> => ({ id: pool.id, name: pool.name, ranges: pool.ranges, next_pool: pool.nextPool ?? '', comment: pool.comment ?? '' });

const toInput = ({ next_pool, ...rest }: Partial<z.output<typeof body>>) => given({ ...rest, nextPool: next_pool });

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
    operation: 'IpPools',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ ipPools }: { ipPools: List<IpPoolFields> }) => listAnswer(ipPools, toPool),
  }),
  defineRoute({
    ...pools,
    id: 'mikroops.pool.get',
    method: 'GET',
    path: '/v1/internal/pool/:id',
    summary: 'Get IP pool',
    params: idParam,
    response: shape,
    operation: 'IpPool',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ ipPool }: { ipPool: IpPoolFields }) => ({ data: toPool(ipPool) }),
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
    operation: 'CreateIpPool',
    toVariables: ({ body: sent }) => ({ input: toInput(sent) }),
    toResponse: ({ createIpPool }: { createIpPool: { pool: IpPoolFields } }) => ({ data: toPool(createIpPool.pool) }),
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
    operation: 'UpdateIpPool',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...toInput(sent) } }),
    toResponse: ({ updateIpPool }: { updateIpPool: { pool: IpPoolFields } }) => ({ data: toPool(updateIpPool.pool) }),
  }),
  defineRoute({
    ...pools,
    id: 'mikroops.pool.delete',
    method: 'DELETE',
    path: '/v1/internal/pool/:id',
    summary: 'Delete IP pool',
    params: idParam,
    operation: 'DeleteIpPool',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data: object, { params }) => deleted(params.id),
  }),
];
