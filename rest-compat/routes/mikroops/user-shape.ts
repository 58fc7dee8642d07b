import { z } from 'zod';

interface RoleFields {
  id: string;
  name: string;
}

export interface UserFields {
  id: string;
  username: string;
  email: string;
  fullName: string;
  phone: string | null;
  superAdmin: boolean;
  active: boolean;
  /** In the tenant one acts in. */
  role: RoleFields | null;
  memberships: Array<{ tenant: { id: string }; role: RoleFields; primary: boolean }>;
  createdAt: string;
}

export const userShape = z.object({
  id: z.uuid(),
  username: z.string(),
  email: z.string(),
  fullname: z.string(),
  phone: z.string(),
  user_role: z.string().describe('`super_admin`, or the role in the tenant (`admin`, `viewer`, …); `user` without a tenant.'),
  role_id: z.uuid().nullable(),
  tenant_id: z.uuid().nullable(),
  is_active: z.boolean(),
  created_at: z.iso.datetime(),
});

/** One tenant and one role, where the graph has several memberships: those of the tenant one acts in, else of the user's main one. */
export function toUser(user: UserFields): z.input<typeof userShape> {
  const { memberships, role: here } = user;
  const home = memberships.find(({ role }) => here !== null && role.id === here.id) ?? memberships.find(({ primary }) => primary) ?? memberships[0];
  const role = here ?? home?.role;
  return {
    id: user.id,
    username: user.username,
    email: user.email,
    fullname: user.fullName,
    phone: user.phone ?? '',
    user_role: user.superAdmin ? 'super_admin' : (role?.name ?? 'user'),
    role_id: role?.id ?? null,
    tenant_id: user.superAdmin ? null : (home?.tenant.id ?? null),
    is_active: user.active,
    created_at: user.createdAt,
  };
}
