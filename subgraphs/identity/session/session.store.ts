import type { Tx } from '#kernel/db/database.ts';
import { and, eq, isNull, lte } from '#kernel/db/drizzle.ts';
import { refreshTokens, sessions } from '../tables.ts';
import type { EndReason } from './session.ts';

/** All of it as the system: a login is looked up before anybody is known. */
export interface NewToken {
  /** Handed to the client, never stored. */
  plain: string;
  hash: string;
  createdAt: Date;
  expiresAt: Date;
}

export async function insert(tx: Tx, session: { id: string; userId: string; tenantId: string | null; createdAt: Date }): Promise<void> {
  await tx.insert(sessions).values(session);
}

export async function addToken(tx: Tx, sessionId: string, { hash, createdAt, expiresAt }: NewToken): Promise<void> {
  await tx.insert(refreshTokens).values({ hash, sessionId, createdAt, expiresAt });
}

/** A token with its login. Of two who present it at once, the second waits for the first and then finds it used. */
export async function lockToken(tx: Tx, hash: string): Promise<{ usedAt: Date | null; expiresAt: Date; session: typeof sessions.$inferSelect } | undefined> {
  const [token] = await tx.select().from(refreshTokens).where(eq(refreshTokens.hash, hash)).for('update');
  if (!token) return undefined;
  const [session] = await tx.select().from(sessions).where(eq(sessions.id, token.sessionId));
  return { usedAt: token.usedAt, expiresAt: token.expiresAt, session: session! };
}

/** Used ones stay until they would have ended anyway: that is how a stolen one is noticed. */
export async function rotate(tx: Tx, sessionId: string, usedHash: string, next: NewToken, now: Date): Promise<void> {
  await tx.update(refreshTokens).set({ usedAt: now }).where(eq(refreshTokens.hash, usedHash));
  await tx.delete(refreshTokens).where(and(eq(refreshTokens.sessionId, sessionId), lte(refreshTokens.expiresAt, now)));
  await addToken(tx, sessionId, next);
}

export async function end(tx: Tx, sessionId: string, at: Date, reason: EndReason): Promise<void> {
  await tx.update(sessions).set({ endedAt: at, endReason: reason }).where(eq(sessions.id, sessionId));
}

/** Everywhere, or in one tenant. */
export async function endAllOfUser(tx: Tx, userId: string, at: Date, reason: EndReason, tenantId?: string): Promise<void> {
  await tx
    .update(sessions)
    .set({ endedAt: at, endReason: reason })
    .where(and(eq(sessions.userId, userId), isNull(sessions.endedAt), tenantId ? eq(sessions.tenantId, tenantId) : undefined));
}

export async function endAllOfTenant(tx: Tx, tenantId: string, at: Date, reason: EndReason): Promise<void> {
  await tx
    .update(sessions)
    .set({ endedAt: at, endReason: reason })
    .where(and(eq(sessions.tenantId, tenantId), isNull(sessions.endedAt)));
}
