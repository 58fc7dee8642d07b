import { z } from 'zod';
import type { MikroopsRefreshMutation } from '#schema/operations/graphql.ts';
import { defineRoute, type Route } from '../../machine/route.ts';
import { base, free, text } from './shared.ts';
import { toUser, userShape } from './user-shape.ts';

const section = 'Authentication';
const open = { ...base, section, auth: 'none', tenant: 'none' } as const;

const tokenShape = {
  access_token: z.string(),
  refresh_token: z.string().describe('Good once: a refresh gives a new one.'),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds.'),
  refresh_expires_in: z.int().describe('Seconds.'),
};

const toTokens = ({ accessToken, refreshToken, expiresIn, refreshExpiresIn }: MikroopsRefreshMutation['refresh']) => ({
  access_token: accessToken,
  refresh_token: refreshToken,
  token_type: 'Bearer',
  expires_in: expiresIn,
  refresh_expires_in: refreshExpiresIn,
});

const refreshBody = z.object({ refresh_token: text() });

export const authRoutes: readonly Route[] = [
  defineRoute({
    ...open,
    id: 'mikroops.auth.login',
    method: 'POST',
    path: '/v1/auth/login',
    summary: 'Login by user name or e-mail',
    body: z
      .object({ username: text().optional().describe('Optional if email is given.'), email: text().optional().describe('Optional if username is given.'), password: z.string().min(1).max(1000) })
      .refine(({ username, email }) => username !== undefined || email !== undefined, { path: ['username'], error: 'username or email is required' }),
    response: z.object({ ...tokenShape, user: userShape }),
    operation: 'MikroopsLogin',
    // The user name, where both are given: the document has both in its example, and they name one user.
    toVariables: ({ body: { username, email, password } }) => ({ input: username === undefined ? { email, password } : { username, password } }),
    toResponse: ({ login }) => ({ data: { ...toTokens(login), user: toUser(login.user) } }),
  }),
  defineRoute({
    ...open,
    id: 'mikroops.auth.refresh',
    method: 'POST',
    path: '/v1/auth/refresh',
    summary: 'Refresh token',
    description: 'The refresh token is replaced each time. Using an old one again ends the session it belongs to.',
    body: refreshBody,
    response: z.object({ ...tokenShape, rotation: z.literal(true) }),
    fields: { refreshToken: 'refresh_token' },
    operation: 'MikroopsRefresh',
    toVariables: ({ body }) => ({ input: { refreshToken: body.refresh_token } }),
    toResponse: ({ refresh }) => ({ data: { ...toTokens(refresh), rotation: true } }),
  }),
  defineRoute({
    ...open,
    id: 'mikroops.auth.logout',
    method: 'POST',
    path: '/v1/auth/logout',
    summary: 'Logout',
    body: refreshBody,
    response: z.object({ message: z.string() }),
    fields: { refreshToken: 'refresh_token' },
    operation: 'MikroopsLogout',
    toVariables: ({ body }) => ({ input: { refreshToken: body.refresh_token } }),
    toResponse: () => ({ data: { message: 'logged out successfully' } }),
  }),
  defineRoute({
    ...base,
    section,
    tenant: 'none',
    id: 'mikroops.auth.profile',
    method: 'GET',
    path: '/v1/auth/profile',
    summary: 'Get profile',
    response: userShape,
    operation: 'MikroopsProfile',
    toResponse: ({ me }) => ({ data: toUser(me) }),
  }),
  defineRoute({
    ...open,
    id: 'mikroops.auth.register',
    method: 'POST',
    path: '/v1/auth/register',
    summary: 'Register',
    description: 'Makes a user who belongs to no tenant yet. Only where the installation allows it: the sandbox does.',
    status: 201,
    body: z.object({ username: text(), email: z.email(), password: z.string().min(1).max(1000), fullname: free().optional(), phone: free(50).optional() }),
    response: userShape,
    fields: { fullName: 'fullname' },
    operation: 'MikroopsRegister',
    toVariables: ({ body: { fullname, ...rest } }) => ({ input: { ...rest, fullName: fullname } }),
    toResponse: ({ register }) => ({ data: toUser(register.user) }),
  }),
];
