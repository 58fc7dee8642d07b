import { inject } from 'vitest';
import { makePrincipal } from '#kernel/access/principal.ts';
import { makeTokens } from '#kernel/access/tokens.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { makeClient, type Client } from './client.ts';
import type { Mode } from './product.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `tests/support/global-products.ts` hands out the products that test files share. */
    sharedProducts: string;
  }
}

/** A product that other test files use at the same time: not to be killed, its clock not to be moved; each file in tenants of its own. */
export interface SharedProduct {
  url: string;
  /** Where REST is served. */
  restUrl: string;
}

/** Of the shared products, so that tests can sign tokens themselves. */
export const SHARED_SECRET = 'a-secret-that-the-tests-and-their-product-know';

/** The running product of this mode; the first who asks waits for its start. Eight processes apart cost a minute of CPU: a test that does not disturb them takes these. */
export async function sharedProduct(mode: Mode): Promise<SharedProduct> {
  const response = await fetch(`${inject('sharedProducts')}/${mode}`);
  if (!response.ok) throw new Error(`There is no shared product (${mode}): ${await response.text()}`);
  return (await response.json()) as SharedProduct;
}

/** A new tenant on a shared product, and somebody who may do everything in it. */
export async function openTenant({ url }: SharedProduct): Promise<{ tenantId: string; client: Client }> {
  const tokens = makeTokens({ secret: SHARED_SECRET });
  const as = async (principal: Parameters<typeof makePrincipal>[0]) => makeClient(url, { authorization: `Bearer ${await tokens.signAccess(makePrincipal(principal), 3600)}` });
  const slug = `tenant-${uuidv7().slice(-12)}`;
  const superAdmin = await as({ kind: 'user', id: uuidv7(), superAdmin: true });
  const { createTenant } = await superAdmin.ask<{ createTenant: { tenant: { id: string } } }>('mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }', { input: { slug, name: slug, currency: 'USD' } });
  const tenantId = createTenant.tenant.id;
  return { tenantId, client: await as({ kind: 'user', id: uuidv7(), tenantId, permissions: ['*'] }) };
}
