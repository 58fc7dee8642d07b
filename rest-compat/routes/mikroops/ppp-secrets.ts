import { z } from 'zod';
import type { MikroopsPppSecretFieldsFragment } from '#schema/operations/graphql.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, inverted, listAnswer, ON_ROUTER, pageOf, renamed, search, text } from './shared.ts';

const section = 'PPP Management';
const ppp = { ...base, section } as const;

const body = z.object({
  name: text(),
  password: z.string().max(1000),
  profile: text().optional().describe('Name of a PPP profile of the router. Default: `default`.'),
  service: z.enum(['any', 'async', 'l2tp', 'ovpn', 'pppoe', 'pptp', 'sstp']).optional(),
  local_address: free(100).optional().describe('Address, or name of a pool.'),
  remote_address: free(100).optional().describe('Address, or name of a pool.'),
  caller_id: free(100).optional().describe('Of PPPoE: MAC address in capitals.'),
  comment: free().optional(),
  disabled: z.boolean().optional(),
});

export const secretShape = z.object({
  id: z.string().describe('The router\'s id: it changes when the router is reset.'),
  name: z.string(),
  service: z.string(),
  profile: z.string(),
  local_address: z.string(),
  remote_address: z.string(),
  caller_id: z.string(),
  comment: z.string(),
  disabled: z.boolean(),
  last_logged_out: z.string().nullable(),
  managed: z.boolean().describe('Belongs to a customer: change the customer instead.'),
});

/** Ours and the graph's. */
const names = { local_address: 'localAddress', remote_address: 'remoteAddress', caller_id: 'callerId' } as const;
const fields = inverted(names);

export const toSecret = (secret: MikroopsPppSecretFieldsFragment): z.input<typeof secretShape> => ({
  id: secret.id,
  name: secret.name,
  service: secret.service,
  profile: secret.profile,
  local_address: secret.localAddress ?? '',
  remote_address: secret.remoteAddress ?? '',
  caller_id: secret.callerId ?? '',
  comment: secret.comment ?? '',
  disabled: secret.disabled,
  last_logged_out: secret.lastLoggedOut,
  managed: secret.owned,
});

export const pppSecretRoutes: readonly Route[] = [
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.secret.create',
    method: 'POST',
    path: '/v1/internal/ppp/secret',
    summary: 'Create PPP secret',
    status: 201,
    body,
    response: secretShape,
    fields,
    operation: 'MikroopsCreatePppSecret',
    toVariables: ({ body: sent }) => ({ input: renamed(sent, names) }),
    toResponse: ({ createPppSecret }) => ({ data: toSecret(createPppSecret.secret) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.secret.list',
    method: 'GET',
    path: '/v1/internal/ppp/secret/list',
    summary: 'List PPP secrets',
    query: search,
    list: ON_ROUTER,
    response: z.array(secretShape),
    operation: 'MikroopsPppSecrets',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ pppSecrets }) => listAnswer(pppSecrets, toSecret),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.secret.get',
    method: 'GET',
    path: '/v1/internal/ppp/secret/:id',
    summary: 'Get PPP secret',
    params: idParam,
    response: secretShape,
    operation: 'MikroopsPppSecret',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ pppSecret }) => ({ data: toSecret(pppSecret) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.secret.update',
    method: 'PUT',
    path: '/v1/internal/ppp/secret/:id',
    summary: 'Update PPP secret',
    description: 'What is not sent stays as it is; an empty text unsets.',
    params: idParam,
    body: body.partial(),
    response: secretShape,
    fields,
    operation: 'MikroopsUpdatePppSecret',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...renamed(sent, names) } }),
    toResponse: ({ updatePppSecret }) => ({ data: toSecret(updatePppSecret.secret) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.secret.delete',
    method: 'DELETE',
    path: '/v1/internal/ppp/secret/:id',
    summary: 'Delete PPP secret',
    params: idParam,
    operation: 'MikroopsDeletePppSecret',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data, { params }) => deleted(params.id),
  }),
];
