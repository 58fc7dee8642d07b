import type { Access } from './access.ts';

/** The router has what is desired, proven by a read-back. */
export const accessApplied = (access: Access) => ({
  type: 'network.access.applied',
  tenantId: access.tenantId,
  subject: access.serviceId,
  payload: {
    serviceId: access.serviceId,
    routerId: access.routerId,
    username: access.username,
    desired: access.desired,
    acknowledgedAt: access.acknowledgedAt?.toISOString() ?? null,
    lagMs: access.lagMs,
  },
});
