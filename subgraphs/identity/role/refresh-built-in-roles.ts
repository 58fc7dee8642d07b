import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { BUILT_IN_ROLES, builtInRoles } from './built-in-roles.ts';
import * as store from './role.store.ts';

/**
 * Gives tenants of an older release the built-in roles as they are now: missing ones are made, rights follow. A role of their own
 * under the same code stays as it is. Safe to repeat, and from two processes at once.
 */
export async function refreshBuiltInRoles({ db, clock, log }: Pick<SubgraphKit, 'db' | 'clock' | 'log'>): Promise<void> {
  const now = clock.now();
  const made = await db.system(async (tx) => {
    for (const role of BUILT_IN_ROLES) await store.refreshBuiltIn(tx, role, now);
    const known = await store.codesByTenant(tx);
    const missing = [...known].flatMap(([tenantId, codes]) => builtInRoles(now).filter(({ code }) => !codes.has(code)).map((role) => ({ ...role, tenantId })));
    if (missing.length > 0) await store.insertMissing(tx, missing);
    return missing.length;
  });
  if (made > 0) log.info({ roles: made }, 'Built-in roles were added to tenants of an older release');
}
