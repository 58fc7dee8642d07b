import type { Principal } from '#kernel/access/principal.ts';
import type { LiveSession } from '../routeros/live-sessions.ts';

export interface SessionAnnouncement {
  action: 'UP' | 'DOWN';
  tenantId: string;
  routerId: string;
  session: LiveSession;
}

/** About the service when the secret is ours, else about the router. */
export const sessionChanged = ({ action, tenantId, routerId, session }: SessionAnnouncement, serviceId: string | null) => ({
  type: action === 'UP' ? 'network.session.up' : 'network.session.down',
  tenantId,
  subject: serviceId ?? routerId,
  at: session.observedAt.toISOString(),
  payload: {
    routerId,
    serviceId,
    name: session.name,
    address: session.address,
    callerId: session.callerId,
    sessionId: session.sessionId,
    startedAt: session.startedAt.toISOString(),
    source: session.source,
  },
});

/** Somebody is about to cut the sessions of a PPP user: who. Announced before the router is told, so that it is on record whatever becomes of it. */
export const disconnectRequested = ({ tenantId, routerId, name }: { tenantId: string; routerId: string; name: string }, serviceId: string | null, { kind, id, onBehalfOf }: Principal) => ({
  type: 'network.session.disconnectRequested',
  tenantId,
  subject: serviceId ?? routerId,
  payload: { routerId, serviceId, name, by: { kind, id, onBehalfOf } },
});
