import type { Principal } from '#kernel/access/principal.ts';

/** Who gave a router a new callback secret; the secret is not in it. */
export const callbackSecretRotated = (tenantId: string, routerId: string, principal: Pick<Principal, 'kind' | 'id' | 'onBehalfOf'>) => ({
  type: 'network.router.callback_secret_rotated',
  tenantId,
  subject: routerId,
  payload: { id: routerId, by: { kind: principal.kind, id: principal.id, onBehalfOf: principal.onBehalfOf } },
});
