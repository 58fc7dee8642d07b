import { z } from 'zod';
import type { MikroopsUserFieldsFragment } from '#schema/operations/graphql.ts';

export const userShape = z.object({
  id: z.uuid(),
  username: z.string(),
  email: z.string(),
  fullname: z.string(),
  phone: z.string(),
  user_role: z.string().describe('`super_admin`, or the role in the tenant (`admin`, `operator`, `viewer`, …); `user` without a tenant.'),
  role_id: z.uuid().nullable(),
  tenant_id: z.uuid().nullable(),
  is_active: z.boolean(),
  created_at: z.iso.datetime(),
});

export const toUser = (user: MikroopsUserFieldsFragment): z.input<typeof userShape> => ({
  id: user.id,
  username: user.username,
  email: user.email,
  fullname: user.fullName,
  phone: user.phone ?? '',
  user_role: user.superAdmin ? 'super_admin' : (user.role?.code ?? 'user'),
  role_id: user.role?.id ?? null,
  tenant_id: user.tenant?.id ?? null,
  is_active: user.active,
  created_at: user.createdAt,
});
