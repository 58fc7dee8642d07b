import { uuidv7 } from '#kernel/ids.ts';
import type { Role } from './role.ts';

/** The role of whoever is given none. */
export const LOWEST_ROLE = 'viewer';

export interface BuiltInRole extends Pick<Role, 'code' | 'name' | 'description' | 'permissions'> {
  /** Means the role in every tenant; each tenant's own copy has an id of its own beside it. */
  id: string;
}

/** The roles that every tenant has. The technician's id is the one of the documented examples. */
export const BUILT_IN_ROLES: readonly BuiltInRole[] = [
  { id: '00000000-0000-4000-8000-000000000105', code: 'admin', name: 'Administrator', description: 'May do everything within the tenant.', permissions: ['*'] },
  {
    id: '00000000-0000-4000-8000-000000000106',
    code: 'operator',
    name: 'Operator',
    description: 'Looks after customers and their services, and sees plans and routers.',
    permissions: ['tenant:read', 'customer:*', 'plan:read', 'service:*', 'router:read', 'queue:read', 'session:*', 'run:*'],
  },
  {
    id: '00000000-0000-4000-8000-000000000104',
    code: 'technician',
    name: 'Technician',
    description: 'Looks after subscribers and routers.',
    permissions: ['customer:read', 'plan:read', 'queue:read', 'router:read', 'run:read', 'service:read', 'session:read', 'session:write', 'tenant:read'],
  },
  {
    id: '00000000-0000-4000-8000-000000000107',
    code: LOWEST_ROLE,
    name: 'Viewer',
    description: 'May look at customers, plans, services and the network, and change nothing.',
    permissions: ['tenant:read', 'customer:read', 'plan:read', 'service:read', 'router:read', 'queue:read', 'session:read', 'run:read'],
  },
];

/** The built-in roles as a new tenant gets them. */
export function builtInRoles(now: Date): Role[] {
  return BUILT_IN_ROLES.map(({ code, name, description, permissions }) => ({ id: uuidv7(), code, name, description, permissions, builtIn: true, createdAt: now, updatedAt: now }));
}

/** The code of the built-in role that an id means in every tenant. */
export function builtInCode(id: string): string | undefined {
  return BUILT_IN_ROLES.find((role) => role.id === id.toLowerCase())?.code;
}
