import type { RouterStatusValue } from './router-status.ts';

/** Announced when a router begins or ceases to answer; never for a router of which nothing changed. */
export const routerReachability = (tenantId: string, routerId: string, status: RouterStatusValue) => ({
  type: status.reachable ? 'network.router.reachable' : 'network.router.unreachable',
  tenantId,
  subject: routerId,
  payload: { id: routerId, reason: status.reason, reasonCode: status.reasonCode, version: status.version, identity: status.identity, observedAt: status.observedAt?.toISOString() ?? null },
});
