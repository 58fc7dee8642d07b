import { describe, expect, it } from 'vitest';
import { makePrincipal } from './principal.ts';
import { makeTokens } from './tokens.ts';

const secret = 'a-secret-that-is-long-enough-for-a-test';
const user = makePrincipal({ kind: 'user', id: 'u1', tenantId: 't1', permissions: ['customer:read'] });

describe('tokens', () => {
  it('gives back the principal that was signed, with the end of the token', async () => {
    const tokens = makeTokens({ secret, clock: { now: () => new Date('2026-01-01T00:00:00Z') } });
    const principal = await tokens.verifyAccess(await tokens.signAccess(user, 900));
    expect(principal).toMatchObject({ kind: 'user', id: 'u1', tenantId: 't1', expiresAt: Date.parse('2026-01-01T00:15:00Z') / 1000 });
    expect(principal.permissions.has('customer:read')).toBe(true);
  });

  it('refuses a token after its end, with a message that says so', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const tokens = makeTokens({ secret, clock: { now: () => now } });
    const token = await tokens.signAccess(user, 900);
    now = new Date('2026-01-01T00:15:01Z');
    await expect(tokens.verifyAccess(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringContaining('expired') });
  });

  it('never takes one kind of token for another', async () => {
    const tokens = makeTokens({ secret });
    await expect(tokens.verifyInternal(await tokens.signAccess(user, 60), 'headend')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(tokens.verifyAccess(await tokens.signInternal(user, 'headend'))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(tokens.verifyInternal(await tokens.signInternal(user, 'network'), 'identity')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('refuses tokens of another installation and tokens that were changed', async () => {
    const tokens = makeTokens({ secret });
    const foreign = await makeTokens({ secret: 'another-secret-of-another-installation' }).signAccess(user, 60);
    await expect(tokens.verifyAccess(foreign)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const [header, , signature] = (await tokens.signAccess(user, 60)).split('.');
    const forged = Buffer.from(JSON.stringify({ principal: { ...user, superAdmin: true }, exp: 9e9 })).toString('base64url');
    await expect(tokens.verifyAccess([header, forged, signature].join('.'))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(tokens.verifyAccess('rubbish')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('names a service, the run it acts in and whom it acts for', async () => {
    const tokens = makeTokens({ secret });
    const token = await tokens.signService({ service: 'ops', tenantId: 't1', onBehalfOf: 'u1', runId: 'r1', permissions: ['internal:saga'] });
    expect(await tokens.verifyAccess(token)).toMatchObject({ kind: 'service', id: 'ops', tenantId: 't1', onBehalfOf: 'u1', runId: 'r1' });
  });
});
