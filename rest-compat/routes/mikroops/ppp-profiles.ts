import { z } from 'zod';
import type { MikroopsPppProfileFieldsFragment } from '#schema/operations/graphql.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, inverted, listAnswer, ON_ROUTER, pageOf, renamed, search, text } from './shared.ts';

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

/** Ours and the graph's. */
const names = { local_address: 'localAddress', remote_address: 'remoteAddress', rate_limit: 'rateLimit', only_one: 'onlyOne' } as const;
const fields = inverted(names);

const toProfile = (profile: MikroopsPppProfileFieldsFragment): z.input<typeof shape> => ({
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
    operation: 'MikroopsCreatePppProfile',
    toVariables: ({ body: sent }) => ({ input: renamed(sent, names) }),
    toResponse: ({ createPppProfile }) => ({ data: toProfile(createPppProfile.profile) }),
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
    operation: 'MikroopsPppProfiles',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ pppProfiles }) => listAnswer(pppProfiles, toProfile),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.profile.get',
    method: 'GET',
    path: '/v1/internal/ppp/profile/:id',
    summary: 'Get PPP profile',
    params: idParam,
    response: shape,
    operation: 'MikroopsPppProfile',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ pppProfile }) => ({ data: toProfile(pppProfile) }),
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
    operation: 'MikroopsUpdatePppProfile',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...renamed(sent, names) } }),
    toResponse: ({ updatePppProfile }) => ({ data: toProfile(updatePppProfile.profile) }),
  }),
  defineRoute({
    ...ppp,
    id: 'mikroops.ppp.profile.delete',
    method: 'DELETE',
    path: '/v1/internal/ppp/profile/:id',
    summary: 'Delete PPP profile',
    params: idParam,
    operation: 'MikroopsDeletePppProfile',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data, { params }) => deleted(params.id),
  }),
];
