import { createHash, randomUUID } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { makePrincipal } from '#kernel/access/principal.ts';
import { invalidField } from '#kernel/errors.ts';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { deadRefreshToken, tooManyLogins, wrongCredentials } from '../errors.ts';
import type { Tenant } from '../tenant/tenant.ts';
import * as tenantStore from '../tenant/tenant.store.ts';
import type { Passwords } from '../user/passwords.ts';
import type { Membership, Self, User } from '../user/user.ts';
import * as userStore from '../user/user.store.ts';
import * as store from './session.store.ts';
import type { LoginInput } from './session.type.ts';

/** Why a login has ended. */
export type EndReason = 'LOGOUT' | 'REUSE' | 'PASSWORD' | 'REMOVED';

export interface Login {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshExpiresIn: number;
  user: Self;
  tenant: Tenant | null;
}

export interface Sessions {
  /** @throws UNAUTHENTICATED, RATE_LIMITED, VALIDATION_ERROR naming `tenant` */
  login(input: LoginInput): Promise<Login>;
  /** @throws UNAUTHENTICATED */
  refresh(refreshToken: string): Promise<Login>;
  logout(refreshToken: string): Promise<void>;
}

export const ACCESS_TTL_SECONDS = 900;
export const REFRESH_TTL_SECONDS = 30 * 86_400;
const FAILURES_SECONDS = 300;
const FAILURES_MAX = 10;
/** A sandbox is there to be tried out, by tests too. */
const FAILURES_MAX_SANDBOX = 1000;

export function makeSessions({ db, clock, tokens, config, log, passwords }: Pick<SubgraphKit, 'db' | 'clock' | 'tokens' | 'config' | 'log'> & { passwords: Passwords }): Sessions {
  const attempts = new RateLimiterMemory({ points: config.sandbox ? FAILURES_MAX_SANDBOX : FAILURES_MAX, duration: FAILURES_SECONDS });

  /** Counted before the password is looked at, so that many guesses at once are no way around it. */
  async function count(name: string): Promise<void> {
    try {
      await attempts.consume(name);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      log.warn({ login: name }, 'A login was refused: too many failures under this name');
      throw tooManyLogins(Math.ceil(refusal.msBeforeNext / 1000));
    }
  }

  async function issue(user: User, memberships: Membership[], tenant: Tenant | null, sessionId: string, refreshToken: string): Promise<Login> {
    const role = memberships.find((membership) => membership.tenant.id === tenant?.id)?.role;
    const principal = makePrincipal({ kind: 'user', id: user.id, tenantId: tenant?.id ?? null, permissions: role?.permissions ?? [], superAdmin: user.superAdmin, sessionId });
    return {
      accessToken: await tokens.signAccess(principal, ACCESS_TTL_SECONDS),
      refreshToken,
      expiresIn: ACCESS_TTL_SECONDS,
      refreshExpiresIn: REFRESH_TTL_SECONDS,
      user: { ...user, memberships, tenantId: tenant?.id ?? null },
      tenant,
    };
  }

  return {
    async login({ username, email, password, tenant: idOrSlug }) {
      const name = (username ?? email)?.trim().toLowerCase();
      if (!name) throw invalidField('username', 'REQUIRED', 'Give a username or an email.');
      await count(name);
      const found = await db.system((tx) => userStore.byLogin(tx, username ? { username: name } : { email: name }));
      const right = await passwords.verify(found?.passwordHash ?? null, password);
      if (!found || !right || !found.user.active) {
        log.warn({ login: name, userId: found?.user.id, reason: !found ? 'unknown' : right ? 'inactive' : 'password' }, 'A login failed');
        throw wrongCredentials();
      }
      await attempts.delete(name);
      const { user } = found;
      const now = clock.now();
      const token = newToken(now);
      const { memberships, tenant, sessionId } = await db.system(async (tx) => {
        const belongsTo = (await userStore.membershipsOf(tx, [user.id])).get(user.id) ?? [];
        const wanted = idOrSlug && user.superAdmin ? await tenantStore.find(tx, idOrSlug) : undefined;
        const chosen = chooseTenant(user, belongsTo, idOrSlug ?? null, wanted);
        const session = { id: uuidv7(), userId: user.id, tenantId: chosen?.id ?? null, createdAt: now };
        await store.insert(tx, session);
        await store.addToken(tx, session.id, token);
        return { memberships: belongsTo, tenant: chosen, sessionId: session.id };
      });
      log.info({ userId: user.id, tenantId: tenant?.id, sessionId }, 'A user logged in');
      return issue(user, memberships, tenant, sessionId, token.plain);
    },

    async refresh(refreshToken) {
      const now = clock.now();
      const next = newToken(now);
      // The transaction must commit also when the answer is no: a reused token ends the login for good.
      const outcome = await db.system(async (tx) => {
        const presented = await store.lockToken(tx, hashOf(refreshToken));
        if (!presented || presented.session.endedAt || presented.expiresAt <= now) return undefined;
        const { session } = presented;
        if (presented.usedAt) {
          // Two hold this token, and one of them stole it. Which one cannot be told: neither goes on.
          await store.end(tx, session.id, now, 'REUSE');
          log.warn({ userId: session.userId, sessionId: session.id }, 'A refresh token was used twice: the login was ended');
          return undefined;
        }
        const [user] = await userStore.byIds(tx, [session.userId]);
        const memberships = (await userStore.membershipsOf(tx, [session.userId])).get(session.userId) ?? [];
        const tenant = session.tenantId ? ((await tenantStore.find(tx, session.tenantId)) ?? null) : null;
        const stillThere = session.tenantId === null || (tenant?.active && (user?.superAdmin || memberships.some((membership) => membership.tenant.id === tenant.id)));
        if (!user?.active || !stillThere) {
          await store.end(tx, session.id, now, 'REMOVED');
          return undefined;
        }
        await store.rotate(tx, session.id, hashOf(refreshToken), next, now);
        return { user, memberships, tenant, sessionId: session.id };
      });
      if (!outcome) throw deadRefreshToken();
      return issue(outcome.user, outcome.memberships, outcome.tenant, outcome.sessionId, next.plain);
    },

    async logout(refreshToken) {
      await db.system(async (tx) => {
        const presented = await store.lockToken(tx, hashOf(refreshToken));
        if (presented && !presented.session.endedAt) await store.end(tx, presented.session.id, clock.now(), 'LOGOUT');
      });
    },
  };
}

/**
 * The tenant that a login acts in. Without a wish: a member's only tenant; none for a super admin, and for whoever belongs
 * to none yet. The tenants a user belongs to are not listed: the answer may be read by somebody over his shoulder.
 */
export function chooseTenant(user: Pick<User, 'superAdmin'>, memberships: Membership[], idOrSlug: string | null, found: Tenant | undefined): Tenant | null {
  const open = memberships.map(({ tenant }) => tenant).filter(({ active }) => active);
  if (idOrSlug !== null) {
    const wish = idOrSlug.toLowerCase();
    const tenant = open.find(({ id, slug }) => id === wish || slug.toLowerCase() === wish) ?? (user.superAdmin && found?.active ? found : undefined);
    if (!tenant) throw invalidField('tenant', 'UNKNOWN', 'tenant must be one that you belong to.');
    return tenant;
  }
  if (user.superAdmin) return null;
  if (open.length > 1) throw invalidField('tenant', 'REQUIRED', 'You belong to several tenants: name one as tenant.');
  if (open.length === 0 && memberships.length > 0) throw invalidField('tenant', 'INACTIVE', 'Your tenant has been switched off.');
  return open[0] ?? null;
}

function newToken(now: Date): store.NewToken {
  const plain = randomUUID();
  return { plain, hash: hashOf(plain), createdAt: now, expiresAt: new Date(now.getTime() + REFRESH_TTL_SECONDS * 1000) };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token.toLowerCase()).digest('hex');
}
