import type { DesiredProfile, DesiredSecret } from '../routeros/ppp.ts';
import type { Access, PppProfile } from './access.ts';
import { DesiredAccess } from './access.type.ts';

/**
 * What a router is to hold for an access, row by row. Whoever writes these rows and whoever compares them with a router's
 * takes them from here, so that the two cannot come to differ. For an access that is REMOVED there is no row.
 */

/** The PPP secret, but for its password, which is opened only where it is written. */
export function desiredSecret(access: Pick<Access, 'tenantId' | 'serviceId' | 'username' | 'appliedFingerprint' | 'desired' | 'staticAddress' | 'callerId' | 'secretService'> & { profile: Pick<PppProfile, 'name'> }): Omit<DesiredSecret, 'password'> {
  return {
    name: access.username,
    owner: { tenant: access.tenantId, id: access.serviceId },
    appliedPasswordHash: access.appliedFingerprint ?? '',
    service: access.secretService ?? 'pppoe',
    profile: access.profile.name,
    remoteAddress: access.staticAddress,
    callerId: access.callerId,
    disabled: access.desired !== DesiredAccess.ENABLED,
  };
}

/** The PPP profile of a plan on one router. */
export function desiredProfile({ tenantId, planId, planCode, name, rateLimit, localAddress, remotePool }: PppProfile): DesiredProfile {
  return { name, owner: { tenant: tenantId, id: planId }, rateLimit, localAddress, remoteAddress: remotePool, text: planCode };
}
