import { z } from 'zod';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, deleted, free, given, idParam, KEPT, pageOf, text, type List } from './shared.ts';
import { toUser, userShape, type UserFields } from './user-shape.ts';

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

const fields = { fullName: 'fullname', role: 'user_role', roleId: 'role_id', active: 'is_active', userId: 'id', tenantId: 'tenant_id', primary: 'is_primary' };

const toInput = ({ username, email, password, fullname, phone, user_role, role_id, is_active }: z.output<typeof changes>) =>
  given({ username, email, password, fullName: fullname, phone, role: user_role, roleId: role_id, active: is_active });

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
    operation: 'CreateUser',
    toVariables: ({ body: sent }) => ({ input: toInput(sent) }),
    toResponse: ({ createUser }: { createUser: { user: UserFields } }) => ({ data: toUser(createUser.user) }),
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
    operation: 'Users',
    toVariables: ({ query, ...input }) => ({ filter: given({ search: query.search || undefined }), ...pageOf(input) }),
    toResponse: ({ users: list }: { users: List<UserFields> }) => ({ data: { users: list.nodes.map(toUser), total: list.totalCount }, total: list.totalCount }),
  }),
  defineRoute({
    ...users,
    id: 'mikroops.users.get',
    method: 'GET',
    path: '/v1/internal/users/:id',
    summary: 'Get user',
    params: idParam,
    response: userShape,
    operation: 'User',
    toVariables: ({ params }) => ({ id: params.id }),
    toResponse: ({ user }: { user: UserFields }) => ({ data: toUser(user) }),
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
    operation: 'UpdateUser',
    toVariables: ({ params, body: sent }) => ({ input: { id: params.id, ...toInput(sent) } }),
    toResponse: ({ updateUser }: { updateUser: { user: UserFields } }) => ({ data: toUser(updateUser.user) }),
  }),
  defineRoute({
    ...users,
    id: 'mikroops.users.delete',
    method: 'DELETE',
    path: '/v1/internal/users/:id',
    summary: 'Delete user',
    params: idParam,
    operation: 'DeleteUser',
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    toResponse: (_data: object, { params }) => deleted(params.id),
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
    operation: 'AssignRole',
    toVariables: ({ params, body: { role_id } }) => ({ input: { userId: params.id, roleId: role_id } }),
    toResponse: ({ assignRole }: { assignRole: { user: UserFields } }) => ({ data: toUser(assignRole.user) }),
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
    operation: 'AssignUserToTenant',
    toVariables: ({ params, body: { tenant_id, is_primary } }) => ({ input: { userId: params.id, tenantId: tenant_id, primary: is_primary } }),
    toResponse: ({ assignUserToTenant }: { assignUserToTenant: { user: UserFields } }) => ({ data: toUser(assignUserToTenant.user) }),
  }),
];
