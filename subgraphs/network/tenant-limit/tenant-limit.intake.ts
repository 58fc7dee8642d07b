import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as store from './tenant-limit.store.ts';

/** Hears from identity how many routers a tenant may have. */
export function hearTenantLimits({ bus, clock, log }: Pick<SubgraphKit, 'bus' | 'clock' | 'log'>): void {
  bus.consume({
    consumer: 'tenant-limits',
    types: ['identity.tenant.created', 'identity.tenant.updated'],
    from: 'earliest',
    async handle({ id, tenantId, payload: { maxRouters = null } }, tx) {
      if (maxRouters !== null && (typeof maxRouters !== 'number' || !Number.isInteger(maxRouters) || maxRouters < 0)) {
        log.warn({ event: id, tenantId }, 'A tenant came with a limit of routers that is no number; the one before stays');
        return;
      }
      await store.keep(tx, { tenantId, maxRouters, updatedAt: clock.now() });
    },
  });
}
