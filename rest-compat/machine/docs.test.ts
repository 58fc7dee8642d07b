import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestRest, PLANNED, type TestRest } from '../testing/rest-app.ts';

interface Parameter {
  name: string;
  in: string;
}
interface Described {
  summary: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: { required?: string[]; properties: Record<string, unknown> } }> };
  responses: Record<string, unknown>;
  security: unknown[];
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
}

let rest: TestRest;
beforeAll(async () => {
  rest = await makeTestRest({});
});
afterAll(() => rest.close());

const get = (url: string) => rest.app.inject({ method: 'GET', url });

describe('/openapi.json', () => {
  it('describes a route from the schemas that check it', async () => {
    const document = (await get('/openapi.json')).json<Document>();
    expect(document.openapi).toMatch(/^3\.0\./);
    const { put, delete: remove } = document.paths['/v1/internal/mikrotik/{id}']!;
    expect(put!.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).toEqual(['path id', 'header X-Tenant-ID']);
    expect(remove!.requestBody).toBeUndefined();
    const create = document.paths['/v1/internal/mikrotik']!.post!;
    expect(create.requestBody!.content['application/json']!.schema.required).toEqual(['name', 'host', 'api_username', 'api_password']);
    expect(Object.keys(create.responses)).toEqual(['201', 'default']);
    expect(create.security).toEqual([{ bearer: [] }]);
    expect(document.paths['/v1/auth/login']!.post!.security).toEqual([]);
    expect(document.paths['/v1/internal/tenant/list']!.get!.parameters.map(({ name }) => name)).toEqual(['status', 'is_active', 'search', 'limit', 'offset']);
  });

  it('is nothing that OpenAPI 3.0 does not know', async () => {
    const text = (await get('/openapi.json')).body;
    for (const keyword of ['"$schema"', '"const":', '"exclusiveMinimum":0', '"prefixItems"', '"type":["']) expect(text).not.toContain(keyword);
  });

  it('shows what is documented and not served yet', async () => {
    const document = (await get('/openapi.json')).json<Document>();
    expect(document.paths[PLANNED]!.get!.responses).toHaveProperty('501');
  });

  it('is there per dialect as well', async () => {
    const document = (await get('/openapi/mikroops.json')).json<Document & { info: { title: string } }>();
    expect(document.info.title).toBe('MikroOps');
  });
});

describe('the API pages', () => {
  it.each(['/docs', '/redoc'])('%s needs nothing from elsewhere, and no script in the page', async (path) => {
    const page = await get(path);
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).not.toMatch(/https?:\/\//);
    expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    for (const [, address] of page.body.matchAll(/(?:src|href)="((?!data:)[^"]+)"/g)) {
      const asset = await get(`/${address}`);
      expect([address, asset.statusCode]).toEqual([address, 200]);
      expect(asset.body.length).toBeGreaterThan(10);
    }
  });

  it('serves ReDoc as it was taken from its package', () => {
    const folder = join(import.meta.dirname, '..', 'vendor', 'redoc');
    const sum = createHash('sha256').update(readFileSync(join(folder, 'redoc.standalone.js'))).digest('hex');
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(sum);
  });
});
