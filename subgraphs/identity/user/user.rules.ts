import { can } from '#kernel/access/principal.ts';
import { allow, authenticated, globalPermission, permission, rule, type Rule, type RuleMap } from '#kernel/access/shield.ts';
import { forbidden, invalidField, unauthenticated } from '#kernel/errors.ts';

/** As `permission`, but a super admin may do without a tenant: then all users are meant. */
function permissionHereOrEverywhere(name: string): Rule {
  return rule((_parent, _args, { principal }) => {
    if (principal.kind === 'anonymous') return unauthenticated();
    if (!can(principal, name)) return forbidden(`This needs the permission ${name}.`);
    if (principal.tenantId === null && !principal.superAdmin) return invalidField('X-Tenant-ID', 'REQUIRED', 'Name the tenant you act in with the X-Tenant-ID header: its UUID or its slug.');
    return true;
  });
}

const read = permissionHereOrEverywhere('user:read');
const write = permissionHereOrEverywhere('user:write');

export const userRules = {
  Query: { me: authenticated, user: read, users: read },
  Mutation: {
    createUser: write,
    updateUser: write,
    deleteUser: write,
    assignRole: permission('user:write'),
    assignUserToTenant: globalPermission('tenant:write'),
    // Whether it is open is a setting of the installation and of the tenant.
    register: allow,
  },
} satisfies RuleMap;

/** Who may see a user to whom another subgraph leads. */
export const userEntityRule = read;
