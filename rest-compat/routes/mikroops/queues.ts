import { z } from 'zod';
import type { MikroopsQueueFieldsFragment } from '#schema/operations/graphql.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, inverted, listAnswer, ON_ROUTER, pageOf, renamed, search, text } from './shared.ts';

const section = 'Queues';
const queues = { ...base, section } as const;

const limits = () => free(60).optional();

const body = z.object({
  name: text(),
  target: text(1000).describe('Addresses with their masks or interfaces, several with commas: `10.0.0.50/32`.'),
  dst: free().optional(),
  parent: free().optional(),
  priority: free(3).optional().describe('1 (first) to 8 (last), or upload/download.'),
  queue: free().optional().describe('Kinds of queue: `default-small/default-small`.'),
  limit_at: limits(),
  max_limit: limits().describe('Bits per second, upload/download: `10M/50M`.'),
  burst_limit: limits(),
  burst_threshold: limits(),
  burst_time: limits(),
  comment: free().optional(),
  disabled: z.boolean().optional(),
});

const shape = z.object({ ...body.required().shape, id: z.string(), dynamic: z.boolean().describe('Made by the router for a session.'), owned: z.boolean().describe('Looked after by the system: not changed here.') });

/** Ours and the graph's. */
const names = { queue: 'queueType', limit_at: 'limitAt', max_limit: 'maxLimit', burst_limit: 'burstLimit', burst_threshold: 'burstThreshold', burst_time: 'burstTime' } as const;
const fields = inverted(names);

const toQueue = (queue: MikroopsQueueFieldsFragment): z.input<typeof shape> => ({
  id: queue.id,
  name: queue.name,
  target: queue.target,
  dst: queue.dst ?? '',
  parent: queue.parent ?? '',
  priority: queue.priority,
  queue: queue.queueType,
  limit_at: queue.limitAt ?? '',
  max_limit: queue.maxLimit ?? '',
  burst_limit: queue.burstLimit ?? '',
  burst_threshold: queue.burstThreshold ?? '',
  burst_time: queue.burstTime ?? '',
  comment: queue.comment ?? '',
  disabled: queue.disabled,
  dynamic: queue.dynamic,
  owned: queue.owned,
});

export const queueRoutes: readonly Route[] = [
  defineRoute({
    ...queues,
    id: 'mikroops.queue.list',
    method: 'GET',
    path: '/v1/internal/queue/list',
    summary: 'List queues',
    description: 'In the order of the router: the first that fits a packet takes it.',
    query: search,
    list: ON_ROUTER,
    response: z.array(shape),
    operation: 'MikroopsQueues',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ simpleQueues }) => listAnswer(simpleQueues, toQueue),
  }),
  defineRoute({
    ...queues,
    id: 'mikroops.queue.get',
    method: 'GET',
    path: '/v1/internal/queue/:id',
    summary: 'Get queue',
    params: idParam,
    response: shape,
    operation: 'MikroopsQueue',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ simpleQueue }) => ({ data: toQueue(simpleQueue) }),
  }),
  defineRoute({
    ...queues,
    id: 'mikroops.queue.create',
    method: 'POST',
    path: '/v1/internal/queue',
    summary: 'Create queue',
    status: 201,
    body: body.extend({ place_before: text(20).optional().describe('Id of the queue that it shall stand before; else it is the last.') }),
    response: shape,
    fields: { ...fields, placeBefore: 'place_before' },
    operation: 'MikroopsCreateQueue',
    toVariables: ({ body: sent }) => ({ input: renamed(sent, { ...names, place_before: 'placeBefore' } as const) }),
    toResponse: ({ createSimpleQueue }) => ({ data: toQueue(createSimpleQueue.queue) }),
  }),
  defineRoute({
    ...queues,
    id: 'mikroops.queue.update',
    method: 'PUT',
    path: '/v1/internal/queue/:id',
    summary: 'Update queue',
    description: 'What is not sent stays as it is; an empty text unsets.',
    params: idParam,
    body: body.partial(),
    response: shape,
    fields,
    operation: 'MikroopsUpdateQueue',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...renamed(sent, names) } }),
    toResponse: ({ updateSimpleQueue }) => ({ data: toQueue(updateSimpleQueue.queue) }),
  }),
  defineRoute({
    ...queues,
    id: 'mikroops.queue.delete',
    method: 'DELETE',
    path: '/v1/internal/queue/:id',
    summary: 'Delete queue',
    params: idParam,
    operation: 'MikroopsDeleteQueue',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data, { params }) => deleted(params.id),
  }),
];
