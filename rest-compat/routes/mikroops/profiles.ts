import { z } from 'zod';
import type { MikroopsPlanFieldsFragment } from '#schema/operations/graphql.ts';
import type { ResultOf } from '../../machine/operations.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, given, idParam, KEPT, listAnswer, pageOf, search, text } from './shared.ts';

const section = 'Billing Profiles';
const profiles = { ...base, section } as const;

/** JSON has no decimals: the shortest text of the number is what was written, as long as it has no exponent. */
const price = z
  .number()
  .min(0)
  .max(1e12)
  .refine((value) => /^\d+(\.\d+)?$/.test(String(value)), { error: 'price has too many decimals' });

const body = z.object({
  name: text()
    .refine((name) => codeOf(name) !== '', { error: 'name needs a letter or a digit' })
    .describe('The code of the plan derives from it.'),
  type: z.enum(['pppoe']),
  price: price.describe('A month, in the currency of the tenant.'),
  rate_limit: text().describe('RouterOS\' form: `50M/50M`.'),
  local_address: text(100),
  remote_address: text(100).describe('Name of a pool of the router.'),
});

const shape = z.object({ ...body.shape, id: z.uuid(), code: z.string(), currency: z.string(), created_at: z.iso.datetime(), updated_at: z.iso.datetime() });

const fields = {
  'price.amount': 'price',
  serviceType: 'type',
  code: 'name',
  'access.rateLimit': 'rate_limit',
  'access.localAddress': 'local_address',
  'access.remotePool': 'remote_address',
};

const toProfile = (plan: MikroopsPlanFieldsFragment) => ({
  id: plan.id,
  code: plan.code,
  name: plan.name,
  type: plan.serviceType.toLowerCase(),
  price: Number(plan.price.amount),
  currency: plan.price.currency,
  rate_limit: plan.access.rateLimit,
  local_address: plan.access.localAddress,
  remote_address: plan.access.remotePool,
  created_at: plan.createdAt,
  updated_at: plan.updatedAt,
});

/** Prices of this dialect name no currency: it is the tenant's. */
const currencyStep = { as: 'own', operation: 'MikroopsOwnCurrency' } as const;
const presentStep = { as: 'present', operation: 'MikroopsPlan', toVariables: ({ params }: { params: { id: string } }) => ({ id: params.id }) } as const;
const money = (amount: number, found: { own: ResultOf<'MikroopsOwnCurrency'> }) => ({ amount: String(amount), currency: found.own.tenant.currency });

/** Plans have a code of letters, digits, `-` and `_`; this dialect has only names. */
export function codeOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
}

export const profileRoutes: readonly Route[] = [
  defineRoute({
    ...profiles,
    id: 'mikroops.profile.create',
    method: 'POST',
    path: '/v1/internal/profile',
    summary: 'Create profile',
    status: 201,
    body,
    response: shape,
    fields,
    before: [currencyStep],
    operation: 'MikroopsCreatePlan',
    toVariables: ({ body: sent }, found) => ({
      input: {
        code: codeOf(sent.name),
        name: sent.name,
        serviceType: 'PPPOE' as const,
        billingInterval: 'MONTH' as const,
        price: money(sent.price, found),
        access: { rateLimit: sent.rate_limit, localAddress: sent.local_address, remotePool: sent.remote_address },
      },
    }),
    toResponse: ({ createPlan }) => ({ data: toProfile(createPlan.plan) }),
  }),
  defineRoute({
    ...profiles,
    id: 'mikroops.profile.list',
    method: 'GET',
    path: '/v1/internal/profile/list',
    summary: 'List profiles',
    query: search,
    list: KEPT,
    response: z.array(shape),
    operation: 'MikroopsPlans',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ plans }) => listAnswer(plans, toProfile),
  }),
  defineRoute({
    ...profiles,
    id: 'mikroops.profile.get',
    method: 'GET',
    path: '/v1/internal/profile/:id',
    summary: 'Get profile',
    params: idParam,
    response: shape,
    operation: 'MikroopsPlan',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ plan }) => ({ data: toProfile(plan) }),
  }),
  defineRoute({
    ...profiles,
    id: 'mikroops.profile.update',
    method: 'PUT',
    path: '/v1/internal/profile/:id',
    summary: 'Update profile',
    description: 'What is not sent stays as it is. The code stays when the name changes.',
    params: idParam,
    body: body.partial(),
    response: shape,
    fields,
    // The graph takes the access wish as a whole: what is not sent is what it was.
    before: [currencyStep, presentStep],
    operation: 'MikroopsUpdatePlan',
    toVariables: ({ params, body: sent }, found) => {
      const { present: { plan: present } } = found;
      const access = given({ rateLimit: sent.rate_limit, localAddress: sent.local_address, remotePool: sent.remote_address });
      return {
        input: {
          id: params.id,
          ...given({ name: sent.name, price: sent.price === undefined ? undefined : money(sent.price, found), access: Object.keys(access).length > 0 ? { ...present.access, ...access } : undefined }),
        },
      };
    },
    toResponse: ({ updatePlan }) => ({ data: toProfile(updatePlan.plan) }),
  }),
  defineRoute({
    ...profiles,
    id: 'mikroops.profile.delete',
    method: 'DELETE',
    path: '/v1/internal/profile/:id',
    summary: 'Delete profile',
    description: 'Refused while customers have it.',
    params: idParam,
    operation: 'MikroopsRemovePlan',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data, { params }) => deleted(params.id),
  }),
];
