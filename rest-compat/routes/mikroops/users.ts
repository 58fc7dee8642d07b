import { z } from 'zod';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, inverted, KEPT, pageOf, renamed, text } from './shared.ts';
import { toUser, userShape } from './user-shape.ts';

const section = 'User Management';
const users = { ...base, section } as const;

const body = z.object({
  username: text(),
  email: z.email(),
  password: z.string().min(1).max(1000),
  fullname: free().optional(),
  phone: free(50).optional(),
  user_role: text(60).optional().describe('Code of a role of the tenant: `admin`, `operator`, `viewer`, …'),
  role_id: z.uuid().optional().describe('Another role of the tenant, by id.'),
});

const changes = body.partial().extend({ is_active: z.boolean().optional() });

/** Ours and the graph's. */
const names = { fullname: 'fullName', user_role: 'role', role_id: 'roleId', is_active: 'active' } as const;
const fields = { ...inverted(names), userId: 'id', tenantId: 'tenant_id', primary: 'is_primary' };

export const userRoutes: readonly Route[] = [
  defineRoute({
    ...users,
    id: 'mikroops.users.create',
    method: 'POST',
    path: '/v1/internal/users',
    summary: 'Create user',
    status: 201,
    body,
    response: userShape,
    fields,
    operation: 'MikroopsCreateUser',
    toVariables: ({ body: sent }) => ({ input: renamed(sent, names) }),
    toResponse: ({ createUser }) => ({ data: toUser(createUser.user) }),
  }),
  defineRoute({
    ...users,
    id: 'mikroops.users.list',
    method: 'GET',
    path: '/v1/internal/users/list',
    summary: 'List users',
    tenant: { query: 'tenant_id' },
    query: z.object({ tenant_id: text(100).optional().describe('Super admins: the tenant, in place of X-Tenant-ID.'), search: free(100).optional() }),
    list: KEPT,
    response: z.object({ users: z.array(userShape), total: z.int() }),
    operation: 'MikroopsUsers',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ users: list }) => ({ data: { users: list.nodes.map(toUser), total: list.totalCount }, total: list.totalCount }),
  }),
  defineRoute({
    ...users,
    id: 'mikroops.users.get',
    method: 'GET',
    path: '/v1/internal/users/:id',
    summary: 'Get user',
    params: idParam,
    response: userShape,
    operation: 'MikroopsUser',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ user }) => ({ data: toUser(user) }),
  }),
  defineRoute({
    ...users,
    id: 'mikroops.users.update',
    method: 'PUT',
    path: '/v1/internal/users/:id',
    summary: 'Update user',
    description: 'What is not sent stays as it is.',
    params: idParam,
    body: changes,
    response: userShape,
    fields,
    operation: 'MikroopsUpdateUser',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...renamed(sent, names) } }),
    toResponse: ({ updateUser }) => ({ data: toUser(updateUser.user) }),
  }),
  defineRoute({
    ...users,
    id: 'mikroops.users.delete',
    method: 'DELETE',
    path: '/v1/internal/users/:id',
    summary: 'Delete user',
    params: idParam,
    operation: 'MikroopsDeleteUser',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data, { params }) => deleted(params.id),
  }),
  defineRoute({
    ...users,
    id: 'mikroops.users.assign-role',
    method: 'POST',
    path: '/v1/internal/users/:id/assign-role',
    summary: 'Assign role',
    params: idParam,
    body: z.object({ role_id: z.uuid() }),
    response: userShape,
    fields,
    operation: 'MikroopsAssignRole',
    toVariables: ({ params, body: { role_id } }) => ({ input: { userId: params.id, roleId: role_id } }),
    toResponse: ({ assignRole }) => ({ data: toUser(assignRole.user) }),
  }),
  defineRoute({
    ...users,
    id: 'mikroops.users.assign-tenant',
    method: 'POST',
    path: '/v1/internal/users/:id/assign-tenant',
    summary: 'Assign to tenant',
    description: 'Super admins only.',
    params: idParam,
    body: z.object({ tenant_id: text(100), is_primary: z.boolean().optional() }),
    response: userShape,
    fields,
    operation: 'MikroopsAssignUserToTenant',
    toVariables: ({ params, body: { tenant_id, is_primary } }) => ({ input: { userId: params.id, tenantId: tenant_id, primary: is_primary } }),
    toResponse: ({ assignUserToTenant }) => ({ data: toUser(assignUserToTenant.user) }),
  }),
];
