import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Catalogue } from './catalogue.ts';
import { openApiOf } from './openapi.ts';

/** Nothing from elsewhere, no script in the page itself. ReDoc writes styles and searches in a worker made of a blob. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

interface Asset {
  type: string;
  read: () => Buffer | string;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** `/openapi.json`, `/openapi/<dialect>.json`, Swagger UI at `/docs`, ReDoc at `/redoc`: all of it served from here. */
export async function addDocs(app: FastifyInstance, catalogue: Catalogue): Promise<void> {
  const whole = JSON.stringify(openApiOf(catalogue));
  const documents = new Map(catalogue.dialects.map(({ name }) => [name, JSON.stringify(openApiOf(catalogue, name))]));
  const urls = [{ name: 'all dialects', url: 'openapi.json' }, ...catalogue.dialects.map(({ name, title }) => ({ name: title, url: `openapi/${name}.json` }))];

  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const file = (...path: string[]) => () => readFileSync(join(...path));
  const assets: Record<string, Asset> = {
    '/docs/swagger-ui.css': { type: 'text/css; charset=utf-8', read: file(swagger, 'swagger-ui.css') },
    '/docs/swagger-ui-bundle.js': { type: JAVASCRIPT, read: file(swagger, 'swagger-ui-bundle.js') },
    '/docs/swagger-ui-standalone-preset.js': { type: JAVASCRIPT, read: file(swagger, 'swagger-ui-standalone-preset.js') },
    '/docs/start.js': { type: JAVASCRIPT, read: () => swaggerStart(urls) },
    '/redoc/redoc.standalone.js': { type: JAVASCRIPT, read: file(import.meta.dirname, '..', 'vendor', 'redoc', 'redoc.standalone.js') },
    '/redoc/start.js': { type: JAVASCRIPT, read: () => REDOC_START },
  };

  await app.register(async (scope) => {
    scope.get('/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(whole));
    for (const [name, document] of documents) scope.get(`/openapi/${name}.json`, (_request, reply) => reply.type('application/json; charset=utf-8').send(document));
    for (const [path, { type, read }] of Object.entries(assets)) {
      let content: Buffer | string | undefined;
      scope.get(path, (_request, reply) => reply.type(type).header('cache-control', 'public, max-age=3600').header('x-content-type-options', 'nosniff').send((content ??= read())));
    }
    const answer = (page: string) => (_request: FastifyRequest, reply: FastifyReply) => reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(page);
    scope.get('/docs', answer(html('REST · Swagger UI', '<link rel="stylesheet" href="docs/swagger-ui.css">', '<div id="swagger-ui"></div>', ['docs/swagger-ui-bundle.js', 'docs/swagger-ui-standalone-preset.js', 'docs/start.js'])));
    scope.get('/redoc', answer(html('REST · ReDoc', '<style>body { margin: 0 }</style>', '<div id="redoc"></div>', ['redoc/redoc.standalone.js', 'redoc/start.js'])));
  });
}

/** Relative addresses, so that the page works behind a path prefix as well. */
function html(title: string, head: string, body: string, scripts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Headend ${title}</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
${body}
${scripts.map((src) => `<script src="${src}"></script>`).join('\n')}
</body>
</html>
`;
}

function swaggerStart(urls: ReadonlyArray<{ name: string; url: string }>): string {
  return `window.ui = SwaggerUIBundle({
  urls: ${JSON.stringify(urls)},
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
});
`;
}

const REDOC_START = `Redoc.init('openapi.json', { nativeScrollbars: true, expandResponses: 'all' }, document.getElementById('redoc'));
`;
