import type { Alert } from './alert.ts';

const payloadOf = ({ id, kind, routerId, details, raisedAt, clearedAt }: Alert) => ({ id, kind, routerId, message: details.message, count: details.count, raisedAt: raisedAt.toISOString(), clearedAt: clearedAt?.toISOString() ?? null });

/** Announced once, when something is found that people are to look at. */
export const alertRaised = (alert: Alert) => ({ type: 'network.alert.raised', tenantId: alert.tenantId, subject: alert.id, payload: payloadOf(alert) });

/** Announced once, when it is found to be over. */
export const alertCleared = (alert: Alert) => ({ type: 'network.alert.cleared', tenantId: alert.tenantId, subject: alert.id, payload: payloadOf(alert) });
