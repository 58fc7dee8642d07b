import { invalidField } from '#kernel/errors.ts';
import type { Principal } from './principal.ts';

/**
 * The tenant that a request acts in. The `permission` rule of the root field has made sure that there is one; this only
 * turns what it checked into a type.
 */
export function tenantOf(principal: Pick<Principal, 'tenantId'>): string {
  if (principal.tenantId === null) throw invalidField('X-Tenant-ID', 'REQUIRED', 'Name the tenant you act in with the X-Tenant-ID header: its UUID or its slug.');
  return principal.tenantId;
}
