import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { conflict, invalidField, notFound, validationError, type DomainError, type ErrorDetail } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { Routers } from '../router/router.ts';
import * as store from './credentials.store.ts';
import type { SealPppCredentialsInput } from './credentials.type.ts';

/** PPP credentials as they are kept. The password opens with `credentialsContext` only. */
export interface PppCredentials {
  id: string;
  tenantId: string;
  routerId: string;
  username: string;
  passwordSealed: string;
  /** Keyed hash under the same context: tells whether a router has this password without showing it. */
  passwordFingerprint: string;
  createdAt: Date;
}

export interface Credentials {
  /**
   * Seals a password; idempotent on `id`. For a service: what is absent stays, and `unchanged` when nothing would differ.
   * @throws VALIDATION_ERROR naming `credentials.username`, `credentials.password` or `routerId`; NOT_FOUND for the router
   * or the service; CONFLICT when the id stands for other credentials.
   */
  seal(principal: Principal, input: SealPppCredentialsInput): Promise<{ credentials: PppCredentials; unchanged: boolean }>;
}

/** What a sealed PPP password is bound to. */
export const credentialsContext = ({ tenantId, id }: Pick<PppCredentials, 'tenantId' | 'id'>) => `tenant:${tenantId}:ppp-credentials:${id}`;

/** Credentials that no service uses by then belong to an onboarding that never got to its first step. */
const UNUSED_FOR_MS = 7 * 24 * 3_600_000;

/**
 * RouterOS stores bytes and every tool reads them in another encoding; quotes and backslashes break scripts on the router,
 * a comma ends a name in the list of a traffic monitor, `<` and `>` enclose names of interfaces.
 */
const USERNAME = /^(?!\*)[!#-&(-+\-./0-;=?-[\]-~]{1,63}$/;
const PASSWORD = /^[\x20-\x7e]{1,127}$/;

export const isStorableUsername = (username: string): boolean => USERNAME.test(username);
export const isStorablePassword = (password: string): boolean => PASSWORD.test(password);

/** @throws VALIDATION_ERROR with every field that is wrong. */
export function checkCredentials({ username, password }: { username: string; password: string }): void {
  const wrong: ErrorDetail[] = [];
  if (!isStorableUsername(username)) {
    wrong.push({
      field: 'credentials.username',
      code: 'INVALID_FORMAT',
      message: 'credentials.username must have 1 to 63 printable ASCII characters without spaces, quotes, commas, backslashes and angle brackets, and must not begin with an asterisk.',
    });
  }
  if (!isStorablePassword(password)) {
    wrong.push({ field: 'credentials.password', code: 'INVALID_FORMAT', message: 'credentials.password must have 1 to 127 printable ASCII characters.' });
  }
  if (wrong.length > 0) throw validationError(wrong);
}

export function usernameTaken(): DomainError {
  return invalidField('credentials.username', 'TAKEN', 'credentials.username is used by another service on this router.');
}

export function makeCredentials({ db, clock, secretBox, routers }: Pick<SubgraphKit, 'db' | 'clock' | 'secretBox'> & { routers: Routers }): Credentials {
  /** What the service logs in with now. @throws NOT_FOUND */
  const presentOf = async (tenantId: string, serviceId: string): Promise<PppCredentials> => {
    const credentials = isUuid(serviceId) ? await db.read(tenantId, (tx) => store.ofService(tx, serviceId)) : undefined;
    if (!credentials) throw notFound('access of a service', serviceId);
    return credentials;
  };

  return {
    async seal(principal, { id: givenId, routerId: givenRouter, serviceId, ...given }) {
      const tenantId = tenantOf(principal);
      const id = givenId.toLowerCase();
      const present = serviceId == null ? undefined : await presentOf(tenantId, serviceId);
      const username = given.username ?? present?.username ?? '';
      const password = given.password ?? (present ? secretBox.open(present.passwordSealed, credentialsContext(present)) : '');
      checkCredentials({ username, password });
      if (present && present.id !== id && present.username === username && secretBox.matches(password, present.passwordFingerprint, credentialsContext(present))) return { credentials: present, unchanged: true };
      const router = await routers.meant(principal, present?.routerId ?? givenRouter);
      const context = credentialsContext({ tenantId, id });
      const now = clock.now();
      const sealed: PppCredentials = {
        id,
        tenantId,
        routerId: router.id,
        username,
        passwordSealed: secretBox.seal(password, context),
        passwordFingerprint: secretBox.fingerprint(password, context),
        createdAt: now,
      };
      const other = (): DomainError => conflict('This id stands for other credentials.', [{ field: 'id', code: 'TAKEN', message: 'id stands for other credentials: mint a new one.' }]);
      try {
        return await db.write(tenantId, async (tx) => {
          const [earlier, taken] = await Promise.all([store.byId(tx, id), store.isTaken(tx, { ...sealed, ...(serviceId == null ? {} : { serviceId }) })]);
          if (earlier) {
            const same = earlier.routerId === router.id && earlier.username === username && secretBox.matches(password, earlier.passwordFingerprint, context);
            if (!same) throw other();
            return { credentials: earlier, unchanged: false };
          }
          if (taken) throw usernameTaken();
          await store.removeUnused(tx, new Date(now.getTime() - UNUSED_FOR_MS));
          await store.insert(tx, sealed);
          return { credentials: sealed, unchanged: false };
        });
      } catch (error) {
        throw isUniqueViolation(error, 'ppp_credentials_pkey') ? other() : error;
      }
    },
  };
}
