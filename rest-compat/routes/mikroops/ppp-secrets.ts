import { z } from 'zod';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, listAnswer, ON_ROUTER, pageOf, search, text, type List } from './shared.ts';

export interface PppSecretFields {
  id: string;
  name: string;
  service: string;
  profile: string;
  localAddress: string | null;
  remoteAddress: string | null;
  callerId: string | null;
  comment: string | null;
  disabled: boolean;
  lastLoggedOut: string | null;
  owned: boolean;
}

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

const fields = { localAddress: 'local_address', remoteAddress: 'remote_address', callerId: 'caller_id' };

export const toSecret = (secret: PppSecretFields): z.input<typeof secretShape> => ({
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

const toInput = ({ local_address, remote_address, caller_id, ...rest }: Partial<z.output<typeof body>>) => given({ ...rest, localAddress: local_address, remoteAddress: remote_address, callerId: caller_id });

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
    operation: 'CreatePppSecret',
    toVariables: ({ body: sent }) => ({ input: toInput(sent) }),
    toResponse: ({ createPppSecret }: { createPppSecret: { secret: PppSecretFields } }) => ({ data: toSecret(createPppSecret.secret) }),
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
    operation: 'PppSecrets',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ pppSecrets }: { pppSecrets: List<PppSecretFields> }) => listAnswer(pppSecrets, toSecret),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.secret.get',
    method: 'GET',
    path: '/v1/internal/ppp/secret/:id',
    summary: 'Get PPP secret',
    params: idParam,
    response: secretShape,
    operation: 'PppSecret',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ pppSecret }: { pppSecret: PppSecretFields }) => ({ data: toSecret(pppSecret) }),
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
    operation: 'UpdatePppSecret',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...toInput(sent) } }),
    toResponse: ({ updatePppSecret }: { updatePppSecret: { secret: PppSecretFields } }) => ({ data: toSecret(updatePppSecret.secret) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.secret.delete',
    method: 'DELETE',
    path: '/v1/internal/ppp/secret/:id',
    summary: 'Delete PPP secret',
    params: idParam,
    operation: 'DeletePppSecret',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data: object, { params }) => deleted(params.id),
  }),
];
