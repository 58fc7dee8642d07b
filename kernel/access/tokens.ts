import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { errors, exportJWK, jwtVerify, SignJWT, type JWK, type JWTPayload } from 'jose';
import { unauthenticated } from '#kernel/errors.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import { fromClaims, makePrincipal, toClaims, type Principal, type PrincipalClaims } from './principal.ts';

/**
 * Three kinds of signed token, each with a key of its own, so that one kind can never be passed off as another:
 * - `access`: what a user holds after a login (issuer `headend/identity`, audience `headend`);
 * - `service`: what ops and REST apart show the gateway (issuer `headend/<service>`, audience `headend`);
 * - `internal`: what the gateway shows a subgraph apart (issuer `headend/gateway`, audience = the subgraph's name).
 * All keys are Ed25519 and derived from the one secret of the installation (docs/decisions/0001-one-installation-secret.md).
 */
export interface Tokens {
  signAccess(principal: Principal, ttlSeconds: number): Promise<string>;
  /** The principal of an access or a service token. Throws UNAUTHENTICATED for anything else. */
  verifyAccess(token: string): Promise<Principal>;
  signService(claims: ServiceClaims, ttlSeconds?: number): Promise<string>;
  signInternal(principal: Principal, audience: string, ttlSeconds?: number): Promise<string>;
  /** Throws UNAUTHENTICATED unless the gateway signed this token for this audience. */
  verifyInternal(token: string, audience: string): Promise<Principal>;
  /** The public access key, for whoever else wants to verify access tokens. */
  jwks(): Promise<{ keys: JWK[] }>;
}

/** What a service says of itself when it calls the supergraph. */
export interface ServiceClaims {
  service: string;
  tenantId: string | null;
  onBehalfOf: string | null;
  runId: string | null;
  permissions: Iterable<string>;
}

const AUDIENCE = 'headend';
const INTERNAL_TTL_SECONDS = 120;
const SERVICE_TTL_SECONDS = 300;

export function makeTokens({ secret, clock = systemClock }: { secret: string; clock?: Clock }): Tokens {
  const access = deriveKeyPair(secret, 'access');
  const service = deriveKeyPair(secret, 'service');
  const internal = deriveKeyPair(secret, 'internal');

  const sign = (payload: JWTPayload, pair: KeyPair, issuer: string, audience: string, ttlSeconds: number) => {
    const now = Math.floor(clock.now().getTime() / 1000);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'EdDSA', kid: pair.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + ttlSeconds)
      .sign(pair.privateKey);
  };

  const verify = async (token: string, byKid: Map<string, KeyPair>, audience: string): Promise<JWTPayload> => {
    try {
      const { payload } = await jwtVerify(
        token,
        (header) => {
          const pair = byKid.get(header.kid ?? '');
          if (!pair) throw new errors.JWSSignatureVerificationFailed();
          return pair.publicKey;
        },
        { audience, algorithms: ['EdDSA'], currentDate: clock.now(), requiredClaims: ['exp', 'iss'] },
      );
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated('The token has expired: refresh it, or log in again.');
      if (error instanceof errors.JOSEError) throw unauthenticated('The token is not valid.');
      throw error;
    }
  };

  const publicKeys = new Map([access, service].map((pair) => [pair.kid, pair]));
  const internalKeys = new Map([[internal.kid, internal]]);

  return {
    signAccess: (principal, ttlSeconds) => sign({ sub: principal.id ?? undefined, principal: toClaims(principal) }, access, 'headend/identity', AUDIENCE, ttlSeconds),

    async verifyAccess(token) {
      const payload = await verify(token, publicKeys, AUDIENCE);
      return principalOf(payload);
    },

    signService({ service: name, tenantId, onBehalfOf, runId, permissions }, ttlSeconds = SERVICE_TTL_SECONDS) {
      const principal = makePrincipal({ kind: 'service', id: name, tenantId, onBehalfOf, runId, permissions });
      return sign({ sub: name, principal: toClaims(principal) }, service, `headend/${name}`, AUDIENCE, ttlSeconds);
    },

    signInternal: (principal, audience, ttlSeconds = INTERNAL_TTL_SECONDS) =>
      sign({ sub: principal.id ?? undefined, principal: toClaims(principal) }, internal, 'headend/gateway', audience, ttlSeconds),

    async verifyInternal(token, audience) {
      const payload = await verify(token, internalKeys, audience);
      return fromClaims(payload.principal as PrincipalClaims);
    },

    async jwks() {
      const key = await exportJWK(access.publicKey);
      return { keys: [{ ...key, kid: access.kid, use: 'sig', alg: 'EdDSA' }] };
    },
  };
}

/** A client's own token ends when its `exp` says so, whatever the claims inside say. */
function principalOf(payload: JWTPayload): Principal {
  return { ...fromClaims(payload.principal as PrincipalClaims), expiresAt: payload.exp ?? null };
}

interface KeyPair {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** PKCS #8 wrapping of a raw Ed25519 seed (RFC 8410 §7): Node takes no raw private keys. */
const PKCS8_ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

function deriveKeyPair(secret: string, purpose: string): KeyPair {
  const seed = Buffer.from(hkdfSync('sha256', secret, 'headend', `token:${purpose}`, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  // The key id names the purpose and changes with the secret; it gives nothing of the key away.
  const fingerprint = Buffer.from(hkdfSync('sha256', secret, 'headend', `kid:${purpose}`, 6)).toString('base64url');
  return { kid: `${purpose}-${fingerprint}`, privateKey, publicKey };
}
