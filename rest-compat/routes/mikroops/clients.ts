import { z } from 'zod';
import type { MikroopsClientFieldsFragment } from '#schema/operations/graphql.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, free, given, KEPT, listAnswer, pageOf, text } from './shared.ts';

/** A client is a customer, whether or not there is a service yet. */
const section = 'Client Operations';
const clients = { ...base, section } as const;

const shape = z.object({
  id: z.uuid(),
  account_number: z.string(),
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  status: z.enum(['active', 'inactive']),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const named = {
  ids: z.array(z.uuid()).max(100).optional(),
  names: z.array(text()).max(100).optional().describe('Full names; letter case does not matter.'),
};

const toClient = (client: MikroopsClientFieldsFragment): z.input<typeof shape> => ({
  id: client.id,
  account_number: client.accountNumber,
  name: client.name,
  email: client.email ?? '',
  phone: client.phone ?? '',
  status: client.status === 'ACTIVE' ? 'active' : 'inactive',
  created_at: client.createdAt,
  updated_at: client.updatedAt,
});

export const clientRoutes: readonly Route[] = [
  defineRoute({
    ...clients,
    id: 'mikroops.client.upsert',
    method: 'POST',
    path: '/v1/internal/client-upsert',
    summary: 'Upsert clients',
    description: 'Makes the clients that are not known yet and changes those that are, all of them or none. The same e-mail address is the same client; else the same phone number, else the same name, unless one of the two contradicts. 409 when one fits several.',
    body: z.array(z.object({ name: text(), email: z.email().optional(), phone: free(40).optional() })).min(1).max(100),
    response: z.array(shape),
    operation: 'MikroopsUpsertClients',
    toVariables: ({ body }) => ({ input: { customers: body.map(({ name, email, phone }) => ({ name, ...given({ email, phone: phone || undefined }) })) } }),
    toResponse: ({ upsertCustomers: { customers } }) => ({ data: customers.map(toClient) }),
  }),
  defineRoute({
    ...clients,
    id: 'mikroops.client.find',
    method: 'POST',
    path: '/v1/internal/client-find',
    summary: 'Find clients',
    description: 'Those who fit all that is given.',
    body: z.object({ ...named, search: free(100).optional().describe('Part of name, e-mail address, phone or account number.') }),
    list: KEPT,
    response: z.array(shape),
    operation: 'MikroopsFindClients',
    toVariables: ({ body: { ids, names, search }, ...input }) => ({ filter: given({ ids, names, search: search || undefined }), ...pageOf(input) }),
    toResponse: ({ customers }) => listAnswer(customers, toClient),
  }),
  defineRoute({
    ...clients,
    id: 'mikroops.client.delete',
    method: 'DELETE',
    path: '/v1/internal/client-delete',
    summary: 'Delete client',
    description: 'Clients without services leave, all of them or none. 404 for one who is unknown, 409 for one who has a service, or a name of several.',
    body: z.object(named).refine(({ ids, names }) => Boolean(ids?.length || names?.length), { path: ['names'], message: 'names or ids must name a client.' }),
    operation: 'MikroopsDeleteClients',
    toVariables: ({ body }) => ({ input: given(body) }),
    toResponse: ({ closeCustomers: { customers } }) => ({ data: { deleted: customers.map(({ id, name }) => ({ id, name })) } }),
  }),
];
