import type { Principal } from '#kernel/access/principal.ts';
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

/** Somebody has seen a PPP password: who and why; never the password. */
export const passwordRevealed = (access: Access, { kind, id, onBehalfOf }: Principal, reason: string) => ({
  type: 'network.access.passwordRevealed',
  tenantId: access.tenantId,
  subject: access.serviceId,
  payload: { serviceId: access.serviceId, username: access.username, by: { kind, id, onBehalfOf }, reason },
});
