import type { FastifyInstance } from 'fastify';

const ALLOWED_HEADERS = 'content-type, authorization, x-api-key, x-tenant-id, x-request-id, apollo-require-preflight, apollographql-client-name, apollographql-client-version';
const EXPOSED_HEADERS = 'x-request-id, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset';

/**
 * Lets browser frontends of other origins call. Every origin is safe to allow because nothing is granted by cookies: a
 * page can use only credentials that it holds itself. `origins` narrows it.
 */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  const any = origins.includes('*');
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin !== undefined && (any || origins.includes(origin))) {
      void reply.header('access-control-allow-origin', any ? '*' : origin).header('access-control-expose-headers', EXPOSED_HEADERS);
      if (!any) void reply.header('vary', 'Origin');
      if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
        void reply
          .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
          .header('access-control-allow-headers', ALLOWED_HEADERS)
          .header('access-control-max-age', '86400')
          .code(204)
          .send();
        return;
      }
    }
    done();
  });
}
