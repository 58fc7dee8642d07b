import { z } from 'zod';
import type { ResultOf } from '../../machine/operations.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, inverted, KEPT, listAnswer, pageOf, renamed, search, text } from './shared.ts';

const section = 'MikroTik Device Management';
const devices = { ...base, section } as const;

const body = z.object({
  name: text(),
  host: text(253).describe('Address or name.'),
  port: z.int().min(1).max(65_535).default(8728),
  api_username: text(100),
  api_password: z.string().max(1000).describe('Never shown again.'),
  location: free().optional(),
});

const changes = z.object({ ...body.shape, port: z.int().min(1).max(65_535) }).partial();

const shape = z.object({
  id: z.uuid(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  api_username: z.string(),
  location: z.string(),
  is_active: z.boolean().describe('Whether it is the one that `/ppp`, `/pool` and new customers mean.'),
  status: z.enum(['online', 'offline', 'unknown']).describe('As last seen.'),
  status_reason: z.string().nullable(),
  version: z.string().nullable(),
  identity: z.string().nullable(),
  last_seen: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

/** Ours and the graph's. */
const names = { api_username: 'username', api_password: 'password', location: 'site' } as const;
const fields = inverted(names);

const toDevice = ({ status, ...router }: ResultOf<'MikroopsRouter'>['router']) => ({
  id: router.id,
  name: router.name,
  host: router.host,
  port: router.port,
  api_username: router.username,
  location: router.site ?? '',
  is_active: router.active,
  status: status?.reachable === true ? 'online' : status?.reachable === false ? 'offline' : 'unknown',
  status_reason: status?.reason ?? null,
  version: status?.version ?? null,
  identity: status?.identity ?? null,
  last_seen: status?.observedAt ?? null,
  created_at: router.createdAt,
  updated_at: router.updatedAt,
});

export const mikrotikRoutes: readonly Route[] = [
  defineRoute({
    ...devices,
    id: 'mikroops.mikrotik.create',
    method: 'POST',
    path: '/v1/internal/mikrotik',
    summary: 'Create device',
    status: 201,
    body,
    response: shape,
    fields,
    operation: 'MikroopsRegisterRouter',
    toVariables: ({ body: sent }) => ({ input: renamed(sent, names) }),
    toResponse: ({ registerRouter }) => ({ data: toDevice(registerRouter.router) }),
  }),
  defineRoute({
    ...devices,
    id: 'mikroops.mikrotik.list',
    method: 'POST',
    path: '/v1/internal/mikrotik/list',
    summary: 'List devices',
    description: 'A list by POST, as the legacy API has it. `limit`, `offset` and `search` go into the query.',
    query: search,
    list: KEPT,
    response: z.array(shape),
    operation: 'MikroopsRouters',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ routers }) => listAnswer(routers, toDevice),
  }),
  defineRoute({
    ...devices,
    id: 'mikroops.mikrotik.get',
    method: 'GET',
    path: '/v1/internal/mikrotik/:id',
    summary: 'Get device',
    params: idParam,
    response: shape,
    operation: 'MikroopsRouter',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ router }) => ({ data: toDevice(router) }),
  }),
  defineRoute({
    ...devices,
    id: 'mikroops.mikrotik.update',
    method: 'PUT',
    path: '/v1/internal/mikrotik/:id',
    summary: 'Update device',
    description: 'What is not sent stays as it is.',
    params: idParam,
    body: changes,
    response: shape,
    fields,
    operation: 'MikroopsUpdateRouter',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...renamed(sent, names) } }),
    toResponse: ({ updateRouter }) => ({ data: toDevice(updateRouter.router) }),
  }),
  defineRoute({
    ...devices,
    id: 'mikroops.mikrotik.delete',
    method: 'DELETE',
    path: '/v1/internal/mikrotik/:id',
    summary: 'Delete device',
    description: 'Refused while customers are on it.',
    params: idParam,
    operation: 'MikroopsRemoveRouter',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data, { params }) => deleted(params.id),
  }),
  defineRoute({
    ...devices,
    id: 'mikroops.mikrotik.status',
    method: 'PATCH',
    path: '/v1/internal/mikrotik/:id/status',
    summary: 'Update status',
    description: 'Whether a router is online is observed, not declared: this asks the router now and answers what was seen, whatever `status` is sent.',
    params: idParam,
    body: z.object({ status: text(40).optional() }),
    response: shape,
    operation: 'MikroopsRouterNow',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ router }) => ({ data: toDevice(router) }),
  }),
  defineRoute({
    ...devices,
    id: 'mikroops.mikrotik.activate',
    method: 'PATCH',
    path: '/v1/internal/mikrotik/:id/activate',
    summary: 'Set active device',
    params: idParam,
    response: shape,
    operation: 'MikroopsActivateRouter',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: ({ activateRouter }) => ({ data: toDevice(activateRouter.router) }),
  }),
];
