import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as store from './customer-services.store.ts';

/** Hears from services which customers have services that have not ended. */
export function hearCustomerServices({ bus, log }: Pick<SubgraphKit, 'bus' | 'log'>): void {
  bus.consume({
    consumer: 'customer-services',
    types: ['services.service.created', 'services.service.withdrawn', 'services.service.terminated'],
    from: 'earliest',
    async handle({ id, type, tenantId, payload: { serviceId, customerId } }, tx) {
      if (!isText(serviceId) || !isText(customerId)) return log.warn({ event: id, tenantId }, 'A service came without ids; it does not count for its customer');
      if (type === 'services.service.created') await store.keep(tx, { tenantId, serviceId, customerId });
      else await store.forget(tx, serviceId);
    },
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
