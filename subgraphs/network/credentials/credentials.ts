import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { conflict, invalidField, validationError, type DomainError, type ErrorDetail } from '#kernel/errors.ts';
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
   * Seals a password; idempotent on `id`.
   * @throws VALIDATION_ERROR naming `credentials.username`, `credentials.password` or `routerId`; NOT_FOUND for the router;
   * CONFLICT when the id stands for other credentials.
   */
  seal(principal: Principal, input: SealPppCredentialsInput): Promise<PppCredentials>;
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

/** @throws VALIDATION_ERROR with every field that is wrong. */
export function checkCredentials({ username, password }: { username: string; password: string }): void {
  const wrong: ErrorDetail[] = [];
  if (!USERNAME.test(username)) {
    wrong.push({
      field: 'credentials.username',
      code: 'INVALID_FORMAT',
      message: 'credentials.username must have 1 to 63 printable ASCII characters without spaces, quotes, commas, backslashes and angle brackets, and must not begin with an asterisk.',
    });
  }
  if (!PASSWORD.test(password)) {
    wrong.push({ field: 'credentials.password', code: 'INVALID_FORMAT', message: 'credentials.password must have 1 to 127 printable ASCII characters.' });
  }
  if (wrong.length > 0) throw validationError(wrong);
}

export function usernameTaken(): DomainError {
  return invalidField('credentials.username', 'TAKEN', 'credentials.username is used by another service on this router.');
}

export function makeCredentials({ db, clock, secretBox, routers }: Pick<SubgraphKit, 'db' | 'clock' | 'secretBox'> & { routers: Routers }): Credentials {
  return {
    async seal(principal, { id: givenId, routerId, username, password }) {
      const tenantId = tenantOf(principal);
      const id = givenId.toLowerCase();
      checkCredentials({ username, password });
      const router = await routers.meant(principal, routerId);
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
          const [earlier, taken] = await Promise.all([store.byId(tx, id), store.isTaken(tx, sealed)]);
          if (earlier) {
            const same = earlier.routerId === router.id && earlier.username === username && secretBox.matches(password, earlier.passwordFingerprint, context);
            if (!same) throw other();
            return earlier;
          }
          if (taken) throw usernameTaken();
          await store.removeUnused(tx, new Date(now.getTime() - UNUSED_FOR_MS));
          await store.insert(tx, sealed);
          return sealed;
        });
      } catch (error) {
        throw isUniqueViolation(error, 'ppp_credentials_pkey') ? other() : error;
      }
    },
  };
}
