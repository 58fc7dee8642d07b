import { forgetKey, takeKey } from '#kernel/db/idempotency.ts';
import { DomainError } from '#kernel/errors.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { idempotencyKeys } from '../tables.ts';

/** What is made under an idempotency key. */
export interface KeyedWork {
  tenantId: string;
  /** The mutation's own: the same key means something else in another one. */
  operation: string;
  key: string | null | undefined;
  /** What was asked for, without secrets. */
  input: object;
}

/**
 * Idempotency keys of what is made on a router, which no transaction can hold together with the row that remembers the key: the key
 * is remembered first, and whoever comes with it again looks whether the router has done it.
 */
export interface DirectKeys {
  /**
   * `again`: the key was taken before, by work that may have been done. Work that is refused lets its key go, so that it may be corrected.
   * @throws CONFLICT for a key that was used with another input, and whatever the work throws
   */
  once<T>(work: KeyedWork, make: (again: boolean) => Promise<T>): Promise<T>;
}

export function makeDirectKeys({ db, clock }: Pick<SubgraphKit, 'db' | 'clock'>): DirectKeys {
  return {
    async once(work, make) {
      if (work.key == null) return make(false);
      const request = { ...work, key: work.key, now: clock.now() };
      const again = !(await db.write(work.tenantId, (tx) => takeKey(tx, idempotencyKeys, request)));
      try {
        return await make(again);
      } catch (error) {
        if (!again && isRefusal(error)) await db.write(work.tenantId, (tx) => forgetKey(tx, idempotencyKeys, request));
        throw error;
      }
    },
  };
}

/** Said no, by us or by the router: nothing was made. */
function isRefusal(error: unknown): boolean {
  return error instanceof RouterOsError ? !error.retryable && !error.outcomeUnknown : error instanceof DomainError && error.code !== 'UNAVAILABLE';
}
