import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { once } from '#kernel/db/idempotency.ts';
import { invalidField, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { assertMayGrant } from '../role/role.ts';
import { idempotencyKeys } from '../tables.ts';
import * as store from './api-key.store.ts';
import type { ApiKeyPrincipal, CreateApiKeyInput, RevokeApiKeyInput } from './api-key.type.ts';

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  permissions: string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

export interface ApiKeys {
  list(principal: Principal, query: store.ApiKeyQuery): Promise<ConnectionValue<ApiKey>>;
  /** The key itself is in the answer and nowhere else; the same caller, `idempotencyKey` and input get it again. @throws CONFLICT */
  create(principal: Principal, input: CreateApiKeyInput): Promise<{ apiKey: ApiKey; key: string }>;
  /** Idempotent. @throws NOT_FOUND */
  revoke(principal: Principal, input: RevokeApiKeyInput): Promise<ApiKey>;
  /** For the gateway: whom the key stands for now; null when it is not good. */
  principalOf(key: string): Promise<ApiKeyPrincipal | null>;
}

const PREFIX_LENGTH = 11;

export function makeApiKeys({ db, clock, secretBox }: Pick<SubgraphKit, 'db' | 'clock' | 'secretBox'>): ApiKeys {
  return {
    list: (principal, query) => store.list(db, tenantOf(principal), query),

    async create(principal, { idempotencyKey, ...input }) {
      const { name, permissions, expiresAt } = input;
      assertMayGrant(principal, permissions);
      const now = clock.now();
      if (expiresAt && expiresAt <= now) throw invalidField('expiresAt', 'OUT_OF_RANGE', 'expiresAt must lie in the future.');
      const tenantId = tenantOf(principal);
      // Nothing of a key is kept that could show it again, so one that may be asked for again is derived from what its caller has.
      const keyOf = (id: string) => `hd_${idempotencyKey == null ? randomBytes(24).toString('base64url') : secretBox.fingerprint(idempotencyKey, `tenant:${tenantId}:api-key:${id}`)}`;
      const id = uuidv7();
      const key = keyOf(id);
      const apiKey: ApiKey = { id, name: name.trim(), prefix: key.slice(0, PREFIX_LENGTH), permissions: [...new Set(permissions)].sort(), createdAt: now, expiresAt: expiresAt ?? null, revokedAt: null };
      const made = await db.write(tenantId, (tx) =>
        once(
          tx,
          idempotencyKeys,
          { tenantId, operation: 'createApiKey', key: idempotencyKey, input: { ...input, by: principal.id }, now },
          async () => {
            await store.insert(tx, tenantId, apiKey, hashOfKey(key));
            return apiKey;
          },
          async (earlier) => (await store.lock(tx, earlier)) ?? unknownKey(earlier),
        ),
      );
      return { apiKey: made, key: made.id === id ? key : keyOf(made.id) };
    },

    revoke: (principal, { id }) =>
      db.write(tenantOf(principal), async (tx) => {
        const apiKey = await store.lock(tx, id);
        if (!apiKey) return unknownKey(id);
        if (apiKey.revokedAt) return apiKey;
        const revoked = { ...apiKey, revokedAt: clock.now() };
        await store.revoke(tx, revoked);
        return revoked;
      }),

    async principalOf(key) {
      const found = await db.system((tx) => store.byHash(tx, hashOfKey(key)));
      const now = clock.now();
      if (!found || found.revokedAt || (found.expiresAt && found.expiresAt <= now)) return null;
      return { id: found.id, tenantId: found.tenantId, permissions: found.permissions, superAdmin: false };
    },
  };
}

function unknownKey(id: string): never {
  throw notFound('API key', id);
}

/** Plain SHA-256: a key has 192 random bits, so there is nothing to guess, and it is looked up at every request. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
