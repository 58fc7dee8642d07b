import { z } from 'zod';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, listAnswer, ON_ROUTER, pageOf, search, text, type List } from './shared.ts';

interface PppProfileFields {
  id: string;
  name: string;
  localAddress: string | null;
  remoteAddress: string | null;
  rateLimit: string | null;
  onlyOne: string;
  comment: string | null;
  default: boolean;
  owned: boolean;
}

const section = 'PPP Management';
const ppp = { ...base, section } as const;

const body = z.object({
  name: text(),
  local_address: free(100).optional().describe('Address, or name of a pool.'),
  remote_address: free(100).optional().describe('Address, or name of a pool.'),
  rate_limit: free(200).optional().describe('RouterOS\' form: `10M/10M` (rx/tx as the router sees it).'),
  only_one: z.enum(['yes', 'no', 'default']).optional(),
  comment: free().optional(),
});

const shape = z.object({
  id: z.string(),
  name: z.string(),
  local_address: z.string(),
  remote_address: z.string(),
  rate_limit: z.string(),
  only_one: z.string(),
  comment: z.string(),
  default: z.boolean(),
  managed: z.boolean().describe('Belongs to a billing profile: change that instead.'),
});

const fields = { localAddress: 'local_address', remoteAddress: 'remote_address', rateLimit: 'rate_limit', onlyOne: 'only_one' };

const toProfile = (profile: PppProfileFields): z.input<typeof shape> => ({
  id: profile.id,
  name: profile.name,
  local_address: profile.localAddress ?? '',
  remote_address: profile.remoteAddress ?? '',
  rate_limit: profile.rateLimit ?? '',
  only_one: profile.onlyOne,
  comment: profile.comment ?? '',
  default: profile.default,
  managed: profile.owned,
});

const toInput = ({ name, comment, local_address, remote_address, rate_limit, only_one }: Partial<z.output<typeof body>>) =>
  given({ name, comment, localAddress: local_address, remoteAddress: remote_address, rateLimit: rate_limit, onlyOne: only_one });

export const pppProfileRoutes: readonly Route[] = [
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.profile.create',
    method: 'POST',
    path: '/v1/internal/ppp/profile',
    summary: 'Create PPP profile',
    status: 201,
    body,
    response: shape,
    fields,
    operation: 'CreatePppProfile',
    toVariables: ({ body: sent }) => ({ input: toInput(sent) }),
    toResponse: ({ createPppProfile }: { createPppProfile: { profile: PppProfileFields } }) => ({ data: toProfile(createPppProfile.profile) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.profile.list',
    method: 'GET',
    path: '/v1/internal/ppp/profile/list',
    summary: 'List PPP profiles',
    query: search,
    list: ON_ROUTER,
    response: z.array(shape),
    operation: 'PppProfiles',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ pppProfiles }: { pppProfiles: List<PppProfileFields> }) => listAnswer(pppProfiles, toProfile),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.profile.get',
    method: 'GET',
    path: '/v1/internal/ppp/profile/:id',
    summary: 'Get PPP profile',
    params: idParam,
    response: shape,
    operation: 'PppProfile',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ pppProfile }: { pppProfile: PppProfileFields }) => ({ data: toProfile(pppProfile) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.profile.update',
    method: 'PUT',
    path: '/v1/internal/ppp/profile/:id',
    summary: 'Update PPP profile',
    description: 'What is not sent stays as it is; an empty text unsets. Sessions that are up keep their old limits until they dial again.',
    params: idParam,
    body: body.partial(),
    response: shape,
    fields,
    operation: 'UpdatePppProfile',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...toInput(sent) } }),
    toResponse: ({ updatePppProfile }: { updatePppProfile: { profile: PppProfileFields } }) => ({ data: toProfile(updatePppProfile.profile) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.profile.delete',
    method: 'DELETE',
    path: '/v1/internal/ppp/profile/:id',
    summary: 'Delete PPP profile',
    params: idParam,
    operation: 'DeletePppProfile',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data: object, { params }) => deleted(params.id),
  }),
];
