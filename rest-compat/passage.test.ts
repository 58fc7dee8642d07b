import type { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { makeTokens } from '#kernel/access/tokens.ts';
import { systemClock } from '#kernel/clock.ts';
import { forbidden, notFound, unauthenticated } from '#kernel/errors.ts';
import type { Executable } from '#kernel/subgraph/subgraph.ts';
import { OTHER_TENANT, TENANT } from './testing/rest-app.ts';
import { makePassage } from './passage.ts';

const tokens = makeTokens({ secret: 'x'.repeat(40) });
const user = makePrincipal({ kind: 'user', id: 'u', tenantId: TENANT, permissions: ['customer:read'], sessionId: 's' });
const admin = makePrincipal({ kind: 'user', id: 'a', superAdmin: true });

/** An error as it comes from another process: JSON. */
const overHttp = (error: GraphQLError) => JSON.parse(JSON.stringify(error)) as GraphQLError;

/** A graph that knows two tenants, by id and by short name. */
function passage() {
  const asked: string[] = [];
  const ask = (async ({ query, variables, principal }: Parameters<Executable['execute']>[0]) => {
    if (principal.kind === 'apiKey') {
      asked.push(query);
      return (await made.headersOf(principal))['x-api-key'] === 'good_key' ? { data: { __typename: 'Query' } } : { errors: [overHttp(unauthenticated('The API key is not valid.'))] };
    }
    const id = { one: TENANT, two: OTHER_TENANT }[variables!.id as string] ?? (variables!.id as string);
    asked.push(id);
    if (!principal.superAdmin && id !== principal.tenantId) return { errors: [forbidden()], data: { tenant: null } };
    if (id !== TENANT && id !== OTHER_TENANT) return { errors: [notFound('tenant', id)], data: { tenant: null } };
    return { data: { tenant: { id } } };
  }) as unknown as Executable['execute'];
  const made = makePassage({ tokens, clock: systemClock, ask });
  return { asked, ...made };
}

const shownBy = ({ authorization }: Record<string, string>) => tokens.verifyAccess(authorization!.replace('Bearer ', ''));
const bearer = async (principal: typeof user, ttl = 900) => `Bearer ${await tokens.signAccess(principal, ttl)}`;

describe('the passage of credentials to the gateway', () => {
  it('hands on the very token of the client', async () => {
    const { principalOf, headersOf, asked } = passage();
    const authorization = await bearer(user);
    const principal = await principalOf({ authorization });
    expect(principal).toMatchObject({ id: 'u', tenantId: TENANT, sessionId: 's' });
    expect(await headersOf(principal)).toEqual({ authorization });
    expect(asked).toEqual([]);
  });

  it('signs for a super admin in another tenant, named by id or short name', async () => {
    const { principalOf, headersOf } = passage();
    const authorization = await bearer(admin);
    for (const [name, tenantId] of [[TENANT, TENANT], ['two', OTHER_TENANT]] as const) {
      const principal = await principalOf({ authorization, 'x-tenant-id': name });
      expect(await shownBy(await headersOf(principal))).toMatchObject({ id: 'a', superAdmin: true, tenantId });
    }
  });

  it('never signs beyond the end of the client\'s own token', async () => {
    const { principalOf, headersOf } = passage();
    const principal = await principalOf({ authorization: await bearer(admin, 5), 'x-tenant-id': TENANT });
    const { expiresAt } = await shownBy(await headersOf(principal));
    expect(expiresAt! - Date.now() / 1000).toBeLessThanOrEqual(5);
  });

  it('lets nobody else into another tenant, but takes the short name of one\'s own', async () => {
    const { principalOf } = passage();
    const authorization = await bearer(user);
    expect(await principalOf({ authorization, 'x-tenant-id': 'one' })).toMatchObject({ tenantId: TENANT });
    await expect(principalOf({ authorization, 'x-tenant-id': 'two' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('says which tenant does not exist', async () => {
    const { principalOf } = passage();
    await expect(principalOf({ authorization: await bearer(admin), 'x-tenant-id': 'three' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses what is no token, and shows nobody as nobody', async () => {
    const { principalOf, headersOf } = passage();
    await expect(principalOf({ authorization: 'Bearer nonsense' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(principalOf({ authorization: 'Basic abc' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const shown = await shownBy(await headersOf(await principalOf({})));
    expect(shown).toMatchObject({ kind: 'service', id: 'rest', tenantId: null });
    expect(shown.permissions.size).toBe(0);
  });

  it('hands on the very API key of the client, and asks the gateway once whether it is good', async () => {
    const { principalOf, headersOf, asked } = passage();
    const principal = await principalOf({ 'x-api-key': 'good_key', 'x-tenant-id': 'one' });
    expect(principal).toMatchObject({ kind: 'apiKey' });
    expect(JSON.stringify(principal)).not.toContain('good_key');
    expect(await headersOf(principal)).toEqual({ 'x-api-key': 'good_key', 'x-tenant-id': 'one' });
    expect(await principalOf({ 'x-api-key': 'good_key', 'x-tenant-id': 'one' })).toBe(principal);
    expect(asked).toEqual(['{ __typename }']);
    await expect(principalOf({ 'x-api-key': 'bad_key' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('shows REST itself with exactly its own rights', async () => {
    const { headersOf } = passage();
    const shown = await shownBy(await headersOf(makePrincipal({ kind: 'service', id: 'rest', permissions: ['internal:callbacks'] })));
    expect(shown).toMatchObject({ kind: 'service', id: 'rest' });
    expect([...shown.permissions]).toEqual(['internal:callbacks']);
  });
});
